"""How an entry of the log is written: one JSON object a line, in files of one day and of a bounded size.

Any number of processes append to a day's file, and each may be killed at any moment or meet a full disk. So
a line is written in one piece under a lock, and what is left of one that is not whole is cut away by
whoever writes next: all whole lines are entries.
"""

import errno
import json
import logging
import os
import re
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Any

from archive import locks

MOST_BYTES = 10_000_000
"""Bytes after which a day's next file begins: `2026-01-31.jsonl`, `2026-01-31.2.jsonl`, ..."""

MOST_FILES = 60
"""Files that are kept, so that all take 600 MB at most: two months of days with up to 10 MB."""

MOST_TEXT, MOST_TRACE = 2_000, 16_000
"""Characters of one text of an entry, and of a traceback: what is longer is a page, or a portal's trick."""

PATIENCE = 0.05
"""Seconds to wait for another process that is writing a line; a stopped one must not stop this one."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?\.jsonl")
_TAIL = 1_000_000
_CREDENTIALS = re.compile(r"//[^/?#\s'\"@]+@")


class Entries(logging.Formatter):
    """Makes a line of a record.

    Args:
        command: The command of this process.
        secrets: Texts that no entry may hold, and what is written in their place.
    """

    def __init__(self, command: str, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self._command = command
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line, without its end."""
        entry: dict[str, Any] = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "entry", {}),
            "logger": record.name,
            "command": self._command,
            "pid": record.process,
        }
        values = {name: self._value(value) for name, value in entry.items() if value not in ("", None)}
        if record.exc_info and record.exc_info[0] is not None:
            values["error"] = record.exc_info[0].__name__
            # Its end says what went wrong and where.
            values["traceback"] = self._safe(self.formatException(record.exc_info))[-MOST_TRACE:]
        return one_line(values)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._value(each) for name, each in value.items()}
        if isinstance(value, int | float):
            return value
        text = self._safe(str(value))
        return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"

    def _safe(self, text: str) -> str:
        """Return a text without secrets."""
        for secret, name in self._secrets.items():
            text = text.replace(secret, name)
        return _CREDENTIALS.sub("//", text)


def one_line(entry: Mapping[str, Any]) -> str:
    """Return an entry as one line of JSON in which nothing moves a cursor or ends a line.

    >>> one_line({"message": "a\\n\\x9b2J新乡"})
    '{"message": "a\\\\n\\\\u009b2J新乡"}'
    """
    text = json.dumps(entry, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


class Lines(logging.Handler):
    """Writes entries to the files of a folder. What goes wrong is counted in `lost`, and stops nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            day = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%d}"
            self._write(f"{self.format(record)}\n".encode(), day)
        except Exception:  # noqa: BLE001 - a full disk or a message that cannot be formatted costs an entry only
            self.lost += 1

    def _write(self, line: bytes, day: str) -> None:
        path = _with_room(self.folder, day)
        is_new = not path.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            _take(file)
            append(file, line)
        if is_new:
            _remove_oldest(self.folder)


def append(file: FileIO, line: bytes) -> None:
    """Append a whole line or nothing; the file's lock is held.

    Raises:
        OSError: It cannot be written.
    """
    end = file.seek(0, os.SEEK_END)
    whole = _whole(file, end)
    if whole < end:
        file.truncate(whole)
    if file.write(line) != len(line):
        file.truncate(whole)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _whole(file: FileIO, end: int) -> int:
    """Return where the last whole line ends; what a killed process left behind it is no line."""
    file.seek(max(end - 1, 0))
    if end == 0 or file.read(1) == b"\n":
        return end
    start = max(end - _TAIL, 0)
    file.seek(start)
    return start + file.read(_TAIL).rfind(b"\n") + 1


def _take(file: FileIO) -> None:
    until = time.monotonic() + PATIENCE
    while not locks.take(file):
        if time.monotonic() >= until:
            raise BlockingIOError(errno.EAGAIN, "another process is writing")
        time.sleep(0.001)


def _with_room(folder: Path, day: str) -> Path:
    """Return the day's first file that has room."""
    names = (f"{day}.jsonl" if number == 1 else f"{day}.{number}.jsonl" for number in count(1))
    return next(path for path in map(folder.joinpath, names) if _size(path) < MOST_BYTES)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _remove_oldest(folder: Path) -> None:
    for path in ordered(folder.iterdir())[:-MOST_FILES]:
        path.unlink(missing_ok=True)


def ordered(paths: Iterable[Path]) -> list[Path]:
    """Return those of these files that are ours, the oldest first."""
    ours = ((_NAME.fullmatch(path.name), path) for path in paths)
    return [path for _, path in sorted(((m[1], int(m[2] or 1)), path) for m, path in ours if m)]
