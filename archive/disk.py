"""What outlives the machine: files and folders put onto the disk."""

import os
from pathlib import Path


def sync_file(path: Path) -> int:
    """Put a file onto the disk; return how many of its bytes are there by then."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        os.fdatasync(file.fileno())
    return size


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that they outlive the machine."""
    missing = [folder, *(above for above in folder.parents if not above.exists())]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def sync_folder(folder: Path) -> None:
    """Return when the folder's own entries (new and renamed files) are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, text: str) -> None:
    """Put a text in a file's place, whole and on the disk: whoever reads it finds the one or the other.

    Raises:
        OSError: It cannot be written; the file is as it was.
    """
    fresh = path.with_name(f".{path.name}")
    fresh.write_text(text, "utf-8")
    sync_file(fresh)
    fresh.replace(path)
    sync_folder(path.parent)
