"""What a command that was killed has left to be done, and how the next one knows of it.

Whoever begins something that only a publication ends says so by a file, and a publication takes it away,
under the loader's lock as what is loaded. Should two be at work, and one publish what the other has loaded,
the other says so again before it loads more.
"""

from contextlib import suppress
from pathlib import Path

from archive import disk, run_files, runs, warc
from archive.errors import ArchiveError, LockHeld
from archive.index import Index
from archive.locks import LOADER, hold, portal_lock
from archive.versions import clear_leftovers

FILE = "unfinished"


def begin(data: Path) -> None:
    """Note that something is begun that only a publication ends.

    Raises:
        OSError: It cannot be written.
    """
    if not (data / FILE).exists():
        disk.make_folder(data)
        (data / FILE).touch()
        disk.sync_folder(data)


def end(data: Path) -> None:
    """Note that all that was begun is published."""
    (data / FILE).unlink(missing_ok=True)


def clear(data: Path) -> None:
    """Remove what a killed publication left half made, which takes the room that the next one needs.

    Where another command loads or publishes nothing is removed: it may be what that one is making.

    Raises:
        OSError: It cannot be removed.
    """
    if (data / "public").is_dir():
        with suppress(LockHeld), hold(data, LOADER):
            clear_leftovers(data / "public")


def is_left(data: Path) -> bool:
    """Tell whether something was begun and not published, or archived and not read.

    Raises:
        OSError: The index cannot be read.
    """
    if (data / FILE).exists():
        return True
    with Index(data) as index:
        return bool(index.pending())


def seal_ended(data: Path) -> list[Path]:
    """Seal the files of runs that had ended when they were killed; return the files as they are now.

    A run that had not ended is left to be continued, and so is one that a process is writing.

    Raises:
        OSError: The archive cannot be written.
    """
    sealed: list[Path] = []
    for folder in sorted({path.parent for path in (data / "warc").glob(f"*/*{warc.OPEN}")}):
        try:
            with hold(data, portal_lock(folder.name)):
                sealed += _seal(folder.parent, folder.name)
        except (LockHeld, ArchiveError):
            continue
    return sealed


def _seal(folder: Path, portal: str) -> list[Path]:
    run = run_files.interrupted(folder, portal)
    files = run_files.files_of(folder, portal, run) if run else []
    told = (item for path in files for item in runs.read_file(path))
    if not any(isinstance(item, runs.Event) and item.kind == runs.ENDED for item in told):
        return []
    opened = [path for path in files if path.name.endswith(warc.OPEN)]
    return [warc.Writer(path.with_name(path.name.removesuffix(warc.OPEN))).seal() for path in opened]
