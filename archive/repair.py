"""Mending a WARC file that a crash left open: its torn tail is cut back, nothing else is touched."""

import os
import zlib
from pathlib import Path

from archive import warc
from archive.errors import BadRecord, TornRecord

_MEMBER = b"\x1f\x8b\x08"
_ENOUGH = 1 << 16


def cut_back(path: Path) -> int:
    """Cut a torn tail off a file that is still open; return the number of bytes cut.

    Readers lose everything that follows a torn record, so this comes before any append. What
    is cut is only what was never whole; a damaged record in the middle is not touched.

    Raises:
        BadRecord: A record before the end is damaged: nothing is cut.
    """
    end = 0
    try:
        for item in warc.read(path):
            end = item.offset + item.length
    except TornRecord:
        pass
    except BadRecord:
        # After power loss the tail may be zeros or garbage rather than short.
        if _has_record_after(path, end):
            raise
    excess = path.stat().st_size - end
    if excess:
        os.truncate(path, end)
    return excess


def _has_record_after(path: Path, offset: int) -> bool:
    """Tell whether a whole record begins anywhere after `offset` + 1."""
    tail = path.read_bytes()[offset + 1 :]
    at = tail.find(_MEMBER)
    while at >= 0:
        unpacker = zlib.decompressobj(31)
        try:
            if unpacker.decompress(tail[at:], _ENOUGH).startswith(b"WARC/1."):
                return True
        except zlib.error:
            pass
        at = tail.find(_MEMBER, at + 1)
    return False
