"""The bytes of a capture, by the row of a database that says where they lie; each read is proved.

Bytes are looked for in the archive's WARC folder alone, whatever the database calls a file.
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from archive import run_files, runs, warc
from archive.captures import Capture, Context
from archive.errors import BadRecord, OriginalRefused

ABSENT, DAMAGED, TOO_LARGE = "absent", "damaged", "too_large"
"""Why bytes cannot be had (`OriginalRefused.why`)."""

RECORD_LIMIT = 80 * 1024 * 1024
"""Bytes of a stored body that is read; the largest report seen has 30 MB."""

REQUEST_WITHIN = 4 * 1024 * 1024
"""Bytes of a WARC file in which the request of a response is looked for."""

Row = Mapping[str, Any]
"""A row of `capture`."""


def read(folder: Path, row: Row) -> Capture:
    """Return the capture of a row, proved: its record, its id, its length, and its body's digest.

    A revisit's body is that of another capture (`refers_to`), and empty here.

    Raises:
        OriginalRefused: The file is not in the folder, the record is damaged, or too large.
    """
    find(folder, row)
    if max(row["size"] or 0, row["length"] or 0) > RECORD_LIMIT:
        raise OriginalRefused(TOO_LARGE, f"{row['id']} has more than {RECORD_LIMIT} bytes")
    found = _read(folder, row)
    if (found.id, found.length) != (row["id"], row["length"]):
        raise OriginalRefused(DAMAGED, f"{row['file']}: another record stands at {row['offset']}")
    if not found.refers_to and hashlib.sha256(found.body).hexdigest() != row["digest"]:
        raise OriginalRefused(DAMAGED, f"{row['file']}: the body at {row['offset']} has another digest")
    return found


def _read(folder: Path, row: Row) -> Capture:
    method = row["method"] or "GET"
    try:
        try:
            return runs.read_capture(folder, row["file"], row["offset"], method, Context())
        except FileNotFoundError:
            # Sealed, which is a rename, since it was found.
            return runs.read_capture(folder, row["file"], row["offset"], method, Context())
    except (BadRecord, OSError) as error:
        raise OriginalRefused(DAMAGED, str(error)) from error


def find(folder: Path, row: Row) -> Path:
    """Return the WARC file of a row, sealed or open.

    Raises:
        OriginalRefused: It is not in the folder.
    """
    file = str(row["file"] or "")
    try:
        if Path(file).name != file or row["offset"] is None:
            raise BadRecord(f"{file!r} is no name of a file")
        path = run_files.find_file(folder, file)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BadRecord(f"{file} leads out of the folder")
    except (BadRecord, OSError, ValueError) as error:
        raise OriginalRefused(ABSENT, f"{row['id']}: {error}") from error
    return path


def members(folder: Path, row: Row, start: int) -> tuple[bytes, ...]:
    """Return the gzip members that make sense alone: warcinfo, request and response, as they are stored.

    The metadata record behind them is left out: what the crawl knew is told by the publication, masked. Of
    the others, one that is damaged or not found is left out too.

    Args:
        folder: The archive's `warc` folder.
        row: Of the capture; `read` has proved it.
        start: Where the record before the request may begin: the end of the response before, or 0.
    """
    path = find(folder, row)
    with path.open("rb") as file:
        places = [(row["offset"], row["length"])]
        with suppress(BadRecord):
            request = _request(path, start, row)
            places[:0] = [(request.offset, request.length)] if request else []
        with suppress(BadRecord):
            first = next(warc.read(path), None)
            places[:0] = [(first.offset, first.length)] if first and first.type == "warcinfo" else []
        return tuple(_at(file, *place) for place in places)


def _request(path: Path, start: int, row: Row) -> warc.Record | None:
    """Return the record just before a response if it is its request."""
    if row["offset"] - start > REQUEST_WITHIN:
        return None
    for item in warc.read(path, start):
        if item.offset + item.length >= row["offset"]:
            asked = item.type == "request" and item.header("WARC-Concurrent-To") == warc.urn(row["id"])
            return item if asked and item.offset + item.length == row["offset"] else None
    return None


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
