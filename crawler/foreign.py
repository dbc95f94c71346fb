"""Archives that others made: responses out of WARC files, bare, gzipped or in a WACZ, and single files.

Read more leniently than ours are, and checked as strictly: a record must be as long as it says and match
its digest. Bodies come out as ours are kept: chunks joined, content encoding left.

Source: ISO 28500:2017 (WARC 1.1); RFC 9112, 7.1 (chunks); WACZ 1.1.1.
"""

import base64
import csv
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from archive.captures import CONTENT_LIMIT

WARC_ENDINGS, WACZ_ENDING = (".warc", ".warc.gz"), ".wacz"
TABLE = "addresses.csv"
"""In a folder of files: which file came from where (`url`), and when (`date`, YYYY-MM-DD)."""

INFLATED = 20_000_000_000
"""Bytes that one archive may inflate to."""

HEAD_LIMIT = 1 << 18
_PIECE = 1 << 16

Headers = tuple[tuple[str, str], ...]

_DATE = "%Y-%m-%dT%H:%M:%SZ"
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})(?:\s+(.*))?")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")


@dataclass(frozen=True, slots=True)
class Found:
    """One response: where it came from and when (UTC, as WARC headers write it), and what it was."""

    url: str
    date: str
    body: bytes
    status: int = 200
    reason: str = "OK"
    headers: Headers = ()
    record: str = ""
    truncated: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """A record that is no response to be kept, or one that cannot be read: why, in words.

    `damaged`: something is wrong with it, and somebody should look.
    """

    why: str
    damaged: bool = False


def files_in(path: Path) -> list[Path]:
    """Return the archives in a folder, in order, and its tables of addresses; or the one file."""
    if not path.is_dir():
        return [path]
    return sorted(each for each in path.rglob("*") if each.is_file() and is_archive(each))


def is_archive(path: Path) -> bool:
    """Tell whether a file is called as a WARC, a WACZ, or a table of addresses is."""
    return path.name == TABLE or path.name.lower().endswith((*WARC_ENDINGS, WACZ_ENDING))


def read(path: Path) -> Iterator[Found | Other]:
    """Yield the records of an archive, or the files that a table of addresses names.

    What is damaged is told, and what came before it is kept; the file is never changed.
    """
    try:
        if path.name == TABLE:
            yield from _read_table(path)
        elif path.name.lower().endswith(WACZ_ENDING):
            yield from _read_wacz(path)
        else:
            with path.open("rb") as file:
                yield from _read_warc(file)
    except (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        yield Other(f"{path.name}: {_words(error)}", damaged=True)


def single(path: Path, url: str, day: date) -> Found:
    """Return a file as the answer that it once was.

    Raises:
        OSError: It cannot be read.
        ValueError: It is larger than any capture may be.
    """
    if path.stat().st_size > CONTENT_LIMIT:
        raise ValueError(f"{path.name} has more than {CONTENT_LIMIT} bytes")
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Found(url, moment.strftime(_DATE), path.read_bytes())


def _read_table(path: Path) -> Iterator[Found | Other]:
    folder = path.parent.resolve()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                target = (folder / (row["file"] or "")).resolve()
                if not target.is_relative_to(folder):
                    raise ValueError("the file is not in the folder")
                yield single(target, row["url"], date.fromisoformat(row["date"]))
            except KeyError as error:
                yield Other(f"{path.name}, line {number}: there is no column {error}", damaged=True)
            except (OSError, ValueError, TypeError) as error:
                yield Other(f"{path.name}, line {number}: {_words(error)}", damaged=True)


def _read_wacz(path: Path) -> Iterator[Found | Other]:
    with zipfile.ZipFile(path) as archive:
        members = [each for each in archive.namelist() if each.lower().endswith(WARC_ENDINGS)]
        if not members:
            raise ValueError("there is no WARC in it")
        for member in members:
            with archive.open(member) as file:
                yield from _read_warc(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes, inflated where it is packed: record by record, or all in one.

    Raises:
        EOFError: The last gzip member is cut; all that it held was yielded.
        zlib.error: One is damaged.
    """
    raw = file.read(_PIECE)
    if raw[:2] != b"\x1f\x8b":
        while raw:
            yield raw
            raw = file.read(_PIECE)
        return
    unpacker = zlib.decompressobj(31)
    while raw := raw or file.read(_PIECE):
        if unpacker.eof:
            unpacker = zlib.decompressobj(31)
        yield unpacker.decompress(raw, _PIECE)
        raw = unpacker.unconsumed_tail or unpacker.unused_data.lstrip(b"\0")
    if not unpacker.eof:
        raise EOFError("it is cut in the middle of a record")


class _Stream:
    """Bytes to be read in order, up to a limit."""

    def __init__(self, file: IO[bytes]) -> None:
        self._pieces = _pieces(file)
        self._room = INFLATED
        self._ahead = b""

    def more(self) -> bool:
        """Tell whether there are more bytes.

        Raises:
            ValueError: There are more than the limit.
        """
        while not self._ahead:
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._ahead = piece
            self._room -= len(piece)
            if self._room < 0:
                raise ValueError(f"it inflates to more than {INFLATED} bytes")
        return True

    def take(self, length: int) -> bytes:
        """Return so many bytes.

        Raises:
            EOFError: There are not so many.
        """
        parts = []
        while length and self.more():
            parts.append(self._ahead[:length])
            self._ahead = self._ahead[length:]
            length -= len(parts[-1])
        if length:
            raise EOFError("it is cut in the middle of a record")
        return b"".join(parts)

    def skip(self, length: int) -> None:
        while length:
            step = min(length, 1 << 20)
            self.take(step)
            length -= step

    def line(self) -> bytes:
        """Return the bytes up to and with the next line feed, or as many as a head may have."""
        parts: list[bytes] = []
        while sum(map(len, parts)) < HEAD_LIMIT and self.more():
            at = self._ahead.find(b"\n") + 1
            parts.append(self.take(at or len(self._ahead)))
            if at:
                break
        return b"".join(parts)


def _read_warc(file: IO[bytes]) -> Iterator[Found | Other]:
    stream, number = _Stream(file), 0
    while (first := _first_line(stream)) is not None:
        if not first.startswith(b"WARC/"):
            raise ValueError(f"it is no WARC: {first[:20]!r} stands where a record should begin")
        head = _head(stream)
        length = head.get("content-length", "")
        if not length.isdecimal():
            raise ValueError("a record says no length")
        number += 1
        if int(length) > CONTENT_LIMIT + HEAD_LIMIT:
            stream.skip(int(length))
            yield Other(f"{_url(head)}: a record of more than {CONTENT_LIMIT} bytes", damaged=True)
        else:
            yield _tell(head, stream.take(int(length)))
    if not number:
        raise ValueError("it holds no record")


def _first_line(stream: _Stream) -> bytes | None:
    """Return the first line that is not empty, None at the end."""
    while stream.more():
        line = stream.line().strip()
        if line:
            return line
    return None


def _head(stream: _Stream) -> dict[str, str]:
    head: dict[str, str] = {}
    size = 0
    while line := stream.line().strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        head.setdefault(name.strip().lower(), value.strip())
        size += len(line)
        if size > HEAD_LIMIT:
            raise ValueError("the head of a record has no end")
    return head


def _url(head: Mapping[str, str]) -> str:
    return head.get("warc-target-uri", "").strip("<>")


def _tell(head: Mapping[str, str], block: bytes) -> Found | Other:
    kind = head.get("warc-type", "")
    if not _is_whole(head.get("warc-block-digest", ""), block):
        return Other(f"{_url(head)}: the record does not match its digest", damaged=True)
    if kind == "resource":
        fields: Headers = (("Content-Type", head.get("content-type", "")),)
        return _found(head, 200, "OK", fields, block)
    if kind != "response":
        return Other(f"{kind or 'nameless'} records")
    top, separator, body = block.partition(b"\r\n\r\n")
    lines = top.decode("latin-1").split("\r\n")
    status = _STATUS.match(lines[0])
    if not separator or not status:
        return Other("responses that are not HTTP")
    pairs = (line.partition(":") for line in lines[1:])
    fields = tuple((name.strip(), value.strip()) for name, _, value in pairs if name.strip())
    chunked = any("chunked" in value.lower() for name, value in fields if name.lower() == "transfer-encoding")
    kept = tuple(field for field in fields if field[0].lower() != "transfer-encoding")
    return _found(head, int(status[1]), status[2] or "", kept, _join(body) if chunked else body)


def _found(head: Mapping[str, str], status: int, reason: str, headers: Headers, body: bytes) -> Found | Other:
    if len(body) > CONTENT_LIMIT:
        return Other(f"{_url(head)}: a body of more than {CONTENT_LIMIT} bytes", damaged=True)
    try:
        moment = datetime.fromisoformat(head.get("warc-date", "").replace("Z", "+00:00"))
    except ValueError:
        return Other(f"{_url(head)}: the record has no date", damaged=True)
    return Found(
        _url(head),
        moment.astimezone(UTC).strftime(_DATE),
        body,
        status,
        reason,
        headers,
        head.get("warc-record-id", ""),
        head.get("warc-truncated", ""),
    )


def _is_whole(said: str, block: bytes) -> bool:
    """Tell whether a block matches a digest, in base 32 or 16, of a kind that is known."""
    kind, _, value = said.lower().partition(":")
    if kind not in ("sha1", "sha256", "md5") or not value:
        return True
    made = hashlib.new(kind, block, usedforsecurity=False).digest()
    return value.rstrip("=") in (base64.b32encode(made).decode().lower().rstrip("="), made.hex())


def _join(body: bytes) -> bytes:
    """Return a body without its chunks' lengths; as it is where it has none, as some programs keep it."""
    parts, at = [], 0
    while chunk := _CHUNK.match(body, at):
        size = int(chunk[1], 16)
        parts.append(body[chunk.end() : chunk.end() + size])
        at = chunk.end() + size
        if not size:
            return b"".join(parts)
        at += 2 if body[at : at + 2] == b"\r\n" else 1
    return b"".join(parts) if parts else body


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
