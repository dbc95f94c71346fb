"""Reading around damage, and mending what a crash left open."""

import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import warc
from archive.errors import BadRecord

_MEMBER = b"\x1f\x8b\x08"
_ENOUGH = 1 << 16

UNFINISHED = ("request", "response", "revisit")
"""Types of the records that a metadata record follows, which makes them one exchange."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a WARC file that holds no whole record: from `offset`, `length` bytes."""

    offset: int
    length: int
    detail: str


def salvage(path: Path, end: int | None = None) -> Iterator[warc.Record | Damage]:
    """Yield every whole record of a file, each verified, and every damaged stretch between.

    With `end` only what lies before that byte is looked at.
    """
    size = path.stat().st_size if end is None else end
    offset = 0
    while offset < size:
        try:
            for item in warc.read(path, offset):
                if item.offset + item.length > size:
                    return
                yield item
                offset = item.offset + item.length
        except BadRecord as error:
            if offset == size:
                return
            found = find_record(path, offset + 1)
            after = size if found is None else min(found, size)
            yield Damage(offset, after - offset, str(error))
            offset = after


def find_record(path: Path, offset: int) -> int | None:
    """Return where the next gzip member that holds a WARC record begins, or None.

    Only the member's beginning is looked at: it may be damaged further on.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_MEMBER, offset)
        while at >= 0:
            try:
                if zlib.decompressobj(31).decompress(data[at : at + _ENOUGH], 8).startswith(b"WARC/1."):
                    return at
            except zlib.error:
                pass
            at = data.find(_MEMBER, at + 1)
    return None


def cut_back(path: Path) -> int:
    """Cut a torn tail off a file that is still open; return the number of bytes cut.

    Readers lose everything that follows a torn record, so this comes before any append.
    After power loss the tail may be zeros or garbage rather than short. An exchange whose last
    record is missing was never synced: what there is of it goes too. Damage that whole records
    follow is left as it is.
    """
    end, size = 0, path.stat().st_size
    for item in salvage(path):
        if isinstance(item, warc.Record) and item.type not in UNFINISHED:
            end = item.offset + item.length
    if end < size:
        os.truncate(path, end)
    return size - end
