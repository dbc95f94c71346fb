"""How a run's files are named, and where they lie below the archive's `warc` folder."""

import re
from pathlib import Path

from archive import warc
from archive.errors import BadRecord

_NAME = re.compile(r"(?P<portal>[a-z0-9_]+)-(?P<run>\d{8}T\d{6}Z)-(?P<serial>\d{5})\.warc\.gz(\.open)?")


def parse_name(path: Path) -> tuple[str, str, int]:
    """Return portal, run and serial that a file's name tells.

    Raises:
        BadRecord: The file is not named as the archive names its files.
    """
    match = _NAME.fullmatch(path.name)
    if not match:
        raise BadRecord(f"{path.name} is not a name of the archive's files")
    return match["portal"], match["run"], int(match["serial"])


def interrupted(folder: Path, portal: str) -> str | None:
    """Return the newest run of a portal that was started and not ended, or None."""
    opened = (folder / portal).glob(f"{portal}-*.warc.gz{warc.OPEN}")
    left = sorted(path for path in opened if not is_overtaken(path))
    return parse_name(left[-1])[1] if left else None


def is_overtaken(path: Path) -> bool:
    """Tell whether an open file stands beside the same one sealed: a copy from before, as backups bring back.

    It is never continued: sealing it would replace what was archived since.
    """
    return path.name.endswith(warc.OPEN) and path.with_name(path.name.removesuffix(warc.OPEN)).exists()


def names(folder: Path, portal: str) -> set[str]:
    """Return the names of all runs of a portal that the archive holds."""
    found = (_NAME.fullmatch(path.name) for path in (folder / portal).glob("*"))
    return {match["run"] for match in found if match and match["portal"] == portal}


def files_of(folder: Path, portal: str, run: str) -> list[Path]:
    """Return a run's files in order, sealed and open ones."""
    found = (folder / portal).glob(f"{portal}-{run}-*.warc.gz*")
    # The serials have one width, and a file sorts before the same file still open.
    return sorted(path for path in found if _NAME.fullmatch(path.name) and not is_overtaken(path))


def find_file(folder: Path, file: str) -> Path:
    """Return where a file of the archive lies now, sealed or still open.

    Raises:
        BadRecord: It is not there.
    """
    portal, _, _ = parse_name(Path(file))
    for path in (folder / portal / file, folder / portal / (file + warc.OPEN)):
        if path.exists():
            return path
    raise BadRecord(f"{file} is not in the archive")
