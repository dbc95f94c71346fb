"""How much of the disk a crawl leaves free: it does not begin without that, and ends where it comes to it.

What is left then is what it takes to read, load and publish what came: nothing is lost, and the next start
goes on.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import BadRoom, NoRoom

NAMED = "GONGKAI_ROOM"
"""Names the megabytes that are to be left free; 0 has the disk not watched."""

FLOOR = 500_000_000
"""Bytes that are left free in any case: what is on its way from many portals, logs, other programs."""

COPIES = 3
"""How many times the database must fit in besides: a publication's copy of it, the downloads, which take
about as much in a large archive, and what a load adds."""

REMEDY = f"free some, move the data folder, or say with {NAMED} how many megabytes are enough"


@dataclass(frozen=True, slots=True)
class Space:
    """The disk of a folder: its free bytes, those of all of it, and those that a crawl leaves free."""

    folder: Path
    free: int
    total: int
    needed: int

    @property
    def short(self) -> bool:
        """Tell whether less is free than a crawl leaves."""
        return self.free < self.needed

    def __str__(self) -> str:
        told = f"{size(self.free)} of {size(self.total)} are free on the disk of {self.folder}"
        return f"{told}, and a crawl leaves {size(self.needed)}"


def look(data: Path) -> Space:
    """Return how the disk of a data folder is.

    Raises:
        BadRoom: The environment says something that is no number of megabytes.
        OSError: It cannot be known.
    """
    disk = shutil.disk_usage(nearest(data))
    return Space(data, disk.free, disk.total, _needed(data))


def _needed(data: Path) -> int:
    said = os.environ.get(NAMED, "")
    if said:
        if not (said.isascii() and said.isdecimal()):
            raise BadRoom(f"{NAMED} is {said!r}, which is no number of megabytes")
        return int(said) * 1_000_000
    database = data / "gongkai.db"
    return FLOOR + COPIES * (database.stat().st_size if database.exists() else 0)


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


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


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    >>> size(520_000_000), size(4_200_000_000)
    ('520 MB', '4.2 GB')
    """
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
