"""How much room there is on a disk, and how much of it something takes that is about to begin."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

NAMED = "GONGKAI_ROOM"
"""Names the megabytes that a crawl leaves free; 0 has the disk not watched by anything."""


@dataclass(frozen=True, slots=True)
class Space:
    """The disk of a folder: its free bytes, those of all of it, those that are needed, and by what."""

    folder: Path
    free: int
    total: int
    needed: int
    need: str

    @property
    def short(self) -> bool:
        """Tell whether less is free than is needed."""
        return self.free < self.needed

    def __str__(self) -> str:
        told = f"{size(self.free)} of {size(self.total)} are free on the disk of {self.folder}"
        return f"{told}, and {self.need} {size(self.needed)}"


def measure(folder: Path, needed: int, need: str) -> Space:
    """Return how the disk of a folder is, which need not be there yet.

    Args:
        folder: The folder.
        needed: Bytes that are to be free.
        need: What needs them, in words that go before their number.

    Raises:
        OSError: It cannot be known.
    """
    disk = shutil.disk_usage(nearest(folder))
    return Space(folder, disk.free, disk.total, needed, need)


def is_watched() -> bool:
    """Tell whether the operator wants to be kept from filling the disk."""
    return os.environ.get(NAMED, "") != "0"


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    >>> size(520_000_000), size(4_200_000_000)
    ('520 MB', '4.2 GB')
    """
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
