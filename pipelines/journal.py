"""What people decided, one line of JSON each, only ever appended to: `journal.jsonl` in the data folder.

All else in the database can be read from the archive again; what a person wrote cannot. So it is written
here first and on the disk before it counts, and the database is only told of it.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive import disk
from pipelines.errors import JournalDamaged

FILE = "journal.jsonl"

CORRECTION, WITHDRAWAL, REEXTRACTION = "correction", "withdrawal", "reextraction"
WITHHOLDING, LIFTING = "withholding", "lifting"

Entry = Mapping[str, Any]


def append(data: Path, entry: Entry) -> None:
    """Write an entry; it is on the disk when this returns.

    Raises:
        OSError: It cannot be written; the journal holds what it held before.
    """
    path = data / FILE
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    new = not path.exists()
    with path.open("ab") as file:
        size = file.tell()
        try:
            # A line that a crash cut stays as it is, and is told of when the journal is read.
            file.write(line if _ends_whole(path, size) else b"\n" + line)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    if new:
        disk.sync_folder(data)


def _ends_whole(path: Path, size: int) -> bool:
    if size == 0:
        return True
    with path.open("rb") as file:
        file.seek(size - 1)
        return file.read(1) == b"\n"


def read(data: Path) -> list[Entry]:
    """Return all entries, oldest first.

    A last line that a crash cut never counted, since it was not on the disk whole, and is left out.

    Raises:
        JournalDamaged: Any other line is no entry: the file was changed by another hand.
    """
    path = data / FILE
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    last = len(lines) - 1
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        entry = _entry(line)
        if entry is not None:
            entries.append(entry)
        elif line and number <= last and not _was_cut(line):
            raise JournalDamaged(f"{path}: line {number} is no entry: {line[:80].decode(errors='replace')!r}")
    return entries


def _entry(line: bytes) -> Entry | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and isinstance(value.get("kind"), str) else None


def _was_cut(line: bytes) -> bool:
    """Tell whether a line is the beginning of an entry whose end never came to the disk."""
    return line[:2] == b'{"'[: len(line)] and not line.rstrip().endswith(b"}")
