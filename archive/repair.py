"""Reading around damage, and mending what a crash left open."""

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import warc
from archive.errors import BadRecord

_MEMBER = b"\x1f\x8b\x08"
_ENOUGH = 1 << 16


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a WARC file that holds no whole record: from `offset`, `length` bytes."""

    offset: int
    length: int
    detail: str


def salvage(path: Path) -> Iterator[warc.Record | Damage]:
    """Yield every whole record of a file, each verified, and every damaged stretch between."""
    size = path.stat().st_size
    offset = 0
    while offset < size:
        try:
            for item in warc.read(path, offset):
                yield item
                offset = item.offset + item.length
        except BadRecord as error:
            after = find_record(path, offset + 1)
            end = size if after is None else after
            yield Damage(offset, end - offset, str(error))
            offset = end


def find_record(path: Path, offset: int) -> int | None:
    """Return where the next gzip member that holds a WARC record begins, or None.

    Only the member's beginning is looked at: it may be damaged further on.
    """
    with path.open("rb") as file:
        file.seek(offset)
        tail = file.read()
    at = tail.find(_MEMBER)
    while at >= 0:
        try:
            if zlib.decompressobj(31).decompress(tail[at : at + _ENOUGH], 8).startswith(b"WARC/1."):
                return offset + at
        except zlib.error:
            pass
        at = tail.find(_MEMBER, at + 1)
    return None


def cut_back(path: Path) -> int:
    """Cut a torn tail off a file that is still open; return the number of bytes cut.

    Readers lose everything that follows a torn record, so this comes before any append.
    After power loss the tail may be zeros or garbage rather than short. Damage that whole
    records follow is left as it is.
    """
    end, size = 0, path.stat().st_size
    for item in salvage(path):
        if isinstance(item, warc.Record):
            end = item.offset + item.length
    if end < size:
        os.truncate(path, end)
    return size - end
