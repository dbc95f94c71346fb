"""How much of the disk a crawl leaves free: it does not begin without that, and ends where it comes to it.

What is left then is what it takes to read, load and publish what came: nothing is lost, and the next start
goes on.
"""

import os
from pathlib import Path

from archive import room
from archive.room import NAMED as NAMED
from archive.room import Space
from archive.room import nearest as nearest
from archive.room import size as size
from crawler.errors import BadRoom, NoRoom

FLOOR = 500_000_000
"""Bytes that are left free in any case: what is on its way from many portals, logs, other programs."""

COPIES = 3
"""How many times the database must fit in besides: a publication's copy of it, the downloads, which take
about as much in a large archive, and what a load adds."""

REMEDY = f"free some, move the data folder, or say with {NAMED} how many megabytes are enough"


def look(data: Path) -> Space:
    """Return how the disk of a data folder is.

    Raises:
        BadRoom: The environment says something that is no number of megabytes.
        OSError: It cannot be known.
    """
    return room.measure(data, _needed(data), "a crawl leaves")


def _needed(data: Path) -> int:
    said = os.environ.get(NAMED, "")
    if said:
        if not (said.isascii() and said.isdecimal()):
            raise BadRoom(f"{NAMED} is {said!r}, which is no number of megabytes")
        return int(said) * 1_000_000
    database = data / "gongkai.db"
    return FLOOR + COPIES * (database.stat().st_size if database.exists() else 0)


def require(data: Path) -> None:
    """Have a crawl begin only where there is room for it.

    Raises:
        NoRoom: There is not.
        BadRoom, OSError: As `look`.
    """
    space = look(data)
    if space.short:
        raise NoRoom(f"no crawl is begun: {space}: {REMEDY}")


class Watch:
    """Tells again and again, when it is called, whether a crawl has to end; `found` is how it was then."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.found: Space | None = None

    def __call__(self) -> bool:
        """Look at the disk."""
        try:
            space = look(self._data)
        except OSError:
            # Whatever is wrong with it, the next record that is written meets it.
            return False
        if space.short:
            self.found = space
        return space.short
