"""WARC 1.1 files: write, read, cut back, seal. The only module that knows the format.

One gzip member per record, so any record can be read by its offset alone. A file being
written is called `*.open`; it is sealed by renaming and never changed again.

Source: ISO 28500:2017 (WARC 1.1); RFC 1952 (gzip members).
"""

import base64
import hashlib
import json
import os
import re
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archive import disk
from archive.errors import BadRecord, TornRecord

LEVEL = 6
"""zlib level: 9 costs twice the time for two percent of the bytes."""

OPEN = ".open"
_READ = 1 << 16
_BREAK = re.compile(r"[\r\n]+[ \t]*")
_HEAD_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record: named header fields and the block they describe.

    `offset` and `length` are those of the gzip member in its file, in bytes.
    """

    type: str
    headers: tuple[tuple[str, str], ...]
    block: bytes
    offset: int = 0
    length: int = 0

    def header(self, name: str) -> str:
        """Return the first value of a WARC header, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def id(self) -> str:
        """Return the record's UUID as 32 hexadecimal digits."""
        return bare_id(self.header("WARC-Record-ID"))

    def json(self) -> dict[str, Any]:
        """Return the block of one of our metadata records.

        Raises:
            BadRecord: The block is not a JSON object.
        """
        try:
            value = json.loads(self.block)
        except ValueError as error:
            raise BadRecord(f"record {self.id}: metadata is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise BadRecord(f"record {self.id}: metadata is not a JSON object")
        return value


def new_id() -> str:
    """Return a fresh record id: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def urn(record_id: str) -> str:
    """Return a record id as it stands in a header.

    >>> urn("00000000000040008000000000000000")
    '<urn:uuid:00000000-0000-4000-8000-000000000000>'
    """
    return f"<urn:uuid:{uuid.UUID(record_id)}>"


def bare_id(value: str) -> str:
    """Return a record id without its wrapping: the reverse of `urn`."""
    return value.removeprefix("<urn:uuid:").removesuffix(">").replace("-", "")


def digest(data: bytes) -> str:
    """Return a digest as WARC headers write it: algorithm and base 32."""
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode("ascii")


def record(kind: str, record_id: str, date: str, block: bytes, headers: Mapping[str, str]) -> Record:
    """Return a record with the headers that every record has, and `headers` after them."""
    fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": urn(record_id),
        "WARC-Date": date,
        **headers,
        "WARC-Block-Digest": digest(block),
        "Content-Length": str(len(block)),
    }
    return Record(kind, tuple(fields.items()), block)


def metadata(record_id: str, date: str, value: Mapping[str, Any], headers: Mapping[str, str]) -> Record:
    """Return a metadata record whose block is `value` as JSON."""
    block = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    return record("metadata", record_id, date, block, {**headers, "Content-Type": "application/json"})


def member(item: Record) -> bytes:
    """Return a record as one gzip member."""
    lines = ["WARC/1.1", *(f"{name}: {one_line(value)}" for name, value in item.headers), "", ""]
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    head = "\r\n".join(lines).encode()
    return b"".join((packer.compress(head), packer.compress(item.block + b"\r\n\r\n"), packer.flush()))


def one_line(value: str) -> str:
    """Return a header's value without the line breaks that would end it."""
    return _BREAK.sub(" ", value)


class Writer:
    """Appends records to `<path>.open`; `seal` renames it to `path`.

    Every `write` reaches the operating system before it returns, so a killed process loses
    nothing written; `sync` makes it outlive the machine, and may be called by another thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.open_path = path.with_name(path.name + OPEN)
        self._file: BinaryIO = self.open_path.open("ab", buffering=0)
        disk.sync_folder(path.parent)
        self.size = self._file.tell()

    def write(self, records: Sequence[Record]) -> list[tuple[int, int]]:
        """Append records; as `append`."""
        return self.append([member(item) for item in records])

    def append(self, members: Sequence[bytes]) -> list[tuple[int, int]]:
        """Append packed records with one write; return the offset and length of each member.

        Raises:
            OSError: The disk is full or failing. What was half written is cut off again, so
                the file still ends with a whole record.
        """
        start = self.size
        try:
            self._write_all(b"".join(members))
        except OSError:
            self._file.truncate(start)
            raise
        places = []
        for data in members:
            places.append((self.size, len(data)))
            self.size += len(data)
        return places

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) or 0 :]

    def sync(self) -> None:
        """Return when everything written so far is on the disk."""
        os.fdatasync(self._file.fileno())

    def seal(self) -> Path:
        """Close the file and give it its final name.

        Raises:
            BadRecord: A sealed file of that name is there already.
        """
        self.sync()
        self._file.close()
        if self.path.exists():
            raise BadRecord(f"{self.path.name} is sealed already: {self.open_path.name} beside it is left")
        self.open_path.rename(self.path)
        disk.sync_folder(self.path.parent)
        return self.path

    def close(self) -> None:
        """Close without sealing: the next start continues the file."""
        self._file.close()


def read(path: Path, offset: int = 0) -> Iterator[Record]:
    """Yield the records of a file from `offset` on, each verified against its length and digest.

    Raises:
        TornRecord: The file ends inside a record. All records before it were yielded.
        BadRecord: A record is damaged.
    """
    with path.open("rb") as file:
        file.seek(offset)
        ahead = b""
        while True:
            data, length, ahead = _unzip_member(file, ahead, f"{path.name}: the record at {offset}")
            if not length:
                return
            yield _parse(data, path, offset, length)
            offset += length


def read_at(path: Path, offset: int) -> Record:
    """Return the record whose member begins at `offset`.

    Raises:
        TornRecord, BadRecord: as `read`; also when the file ends before `offset`.
    """
    for item in read(path, offset):
        return item
    raise BadRecord(f"{path.name}: no record at {offset}")


def _unzip_member(file: BinaryIO, ahead: bytes, where: str) -> tuple[bytes, int, bytes]:
    """Return the next member's data, its length in the file, and the bytes read beyond it."""
    unpacker = zlib.decompressobj(31)
    parts: list[bytes] = []
    taken = 0
    while not unpacker.eof:
        raw = ahead or file.read(_READ)
        ahead = b""
        if not raw:
            if not taken:
                return b"", 0, b""
            raise TornRecord(f"{where} is cut")
        taken += len(raw)
        try:
            parts.append(unpacker.decompress(raw))
        except zlib.error as error:
            raise BadRecord(f"{where} is damaged: {error}") from error
    rest = unpacker.unused_data
    return b"".join(parts), taken - len(rest), rest


def _parse(data: bytes, path: Path, offset: int, length: int) -> Record:
    where = f"{path.name}: the record at {offset}"
    head, separator, rest = data.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", errors="replace").split("\r\n")
    if not separator or len(head) > _HEAD_LIMIT or not lines[0].startswith("WARC/1."):
        raise BadRecord(f"{where} is no WARC record")
    pairs = [line.partition(":") for line in lines[1:]]
    headers = tuple((name.strip(" \t"), value.strip(" \t")) for name, _, value in pairs)
    found = Record("", headers, b"")
    declared = found.header("Content-Length")
    if not declared.isdecimal() or len(rest) != int(declared) + 4 or not rest.endswith(b"\r\n\r\n"):
        raise BadRecord(f"{where} is not as long as it says")
    block = rest[:-4]
    if found.header("WARC-Block-Digest") not in ("", digest(block)):
        raise BadRecord(f"{where} does not match its digest")
    return Record(found.header("WARC-Type"), headers, block, offset, length)
