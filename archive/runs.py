"""A run on the shelf: one crawl of one portal, as WARC files that explain themselves.

The first record after each file's `warcinfo` tells what the run is (`run_started`, with the
portal's declaration), the last what came of it (`run_ended`, with outcome, links not followed
and what was asked of each host). Between them stand exchanges: request, response, and a
metadata record with the request's fingerprint and the crawl's context; or, for a request that
got no answer, one metadata record (`request_failed`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive import warc
from archive.captures import Capture, Context
from archive.errors import BadRecord

FILE_LIMIT = 1_000_000_000
"""Bytes after which a run's next file begins: the size that web archives' tools expect."""

STARTED, CONTINUED, ENDED = "run_started", "run_continued", "run_ended"
EXCHANGE, FAILED = "exchange", "request_failed"

_NAME = re.compile(r"(?P<portal>[a-z0-9_]+)-(?P<run>\d{8}T\d{6}Z)-(?P<serial>\d{5})\.warc\.gz(\.open)?")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they passed the wire (de-chunked, not decoded).

    `reason` is the status line's phrase; `truncated` is a value of WARC-Truncated or empty.
    """

    url: str
    method: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    date: str
    fingerprint: str
    context: Context
    address: str = ""
    truncated: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture read back, with the fingerprint of its request and whether it was cut short."""

    capture: Capture
    fingerprint: str
    truncated: str


@dataclass(frozen=True, slots=True)
class Event:
    """Anything else a run's file tells: `kind` is one of the constants above."""

    kind: str
    date: str
    value: Mapping[str, Any] = field(default_factory=dict)


class RunWriter:
    """Writes one run's records to `<folder>/<portal>/`, file after file.

    Args:
        folder: The archive's `warc` folder.
        portal, run: Names of the portal and the run; they make the file's name.
        info: Fields of each file's `warcinfo` record.
    """

    def __init__(self, folder: Path, portal: str, run: str, info: Mapping[str, str]) -> None:
        self.portal, self.run, self._info = portal, run, dict(info)
        self._folder = folder / portal
        self._folder.mkdir(parents=True, exist_ok=True)
        opened = sorted(self._folder.glob(f"{portal}-{run}-*.warc.gz{warc.OPEN}"))
        self._serial = _serial(opened[-1]) if opened else 0
        self._file = self._open()

    def _open(self) -> warc.Writer:
        name = f"{self.portal}-{self.run}-{self._serial:05d}.warc.gz"
        file = warc.Writer(self._folder / name)
        if not file.size:
            lines = "".join(f"{key}: {value}\r\n" for key, value in self._info.items())
            date = self._info["date"]
            head = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
            file.write([warc.record("warcinfo", warc.new_id(), date, lines.encode(), head)])
        return file

    def tell(self, kind: str, date: str, value: Mapping[str, Any]) -> None:
        """Append an event of the run itself, or a failed request."""
        head = {"WARC-Target-URI": f"urn:gongkai:{kind}"}
        self._file.write([warc.metadata(warc.new_id(), date, {"kind": kind, **value}, head)])

    def store(self, exchange: Exchange) -> Capture:
        """Append an exchange; return its capture, body included.

        Raises:
            OSError: The disk is full or failing; the file is as it was before.
        """
        self._turn()
        response_id = warc.new_id()
        records = _records(exchange, response_id)
        offset, length = self._file.write(records)[1]
        return Capture(
            id=response_id,
            url=exchange.url,
            method=exchange.method,
            status=exchange.status,
            headers=exchange.headers,
            body=exchange.body,
            fetched_at=exchange.date,
            digest=hashlib.sha256(exchange.body).hexdigest(),
            run=f"{self.portal}/{self.run}",
            file=self._file.path.name,
            offset=offset,
            length=length,
            context=exchange.context,
        )

    def _turn(self) -> None:
        if self._file.size < FILE_LIMIT:
            return
        full = self._file
        self._serial += 1
        # The next file is opened before this one is sealed: a run without an open file is over.
        self._file = self._open()
        full.seal()

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        self._file.sync()

    def seal(self) -> Path:
        """Seal the last file, as the run is over; return it."""
        return self._file.seal()

    def close(self) -> None:
        """Leave the last file open for the next start to continue."""
        self._file.close()


def _records(exchange: Exchange, response_id: str) -> list[warc.Record]:
    asked = f"{exchange.method} {_request_target(exchange.url)} HTTP/1.1"
    request = _http(asked, exchange.request_headers, exchange.request_body)
    response = _http(
        f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), exchange.headers, exchange.body
    )
    target = {"WARC-Target-URI": exchange.url}
    described = {
        **target,
        "Content-Type": "application/http;msgtype=response",
        "WARC-Payload-Digest": warc.digest(exchange.body),
        **({"WARC-IP-Address": exchange.address} if exchange.address else {}),
        **({"WARC-Truncated": exchange.truncated} if exchange.truncated else {}),
    }
    belongs = {**target, "WARC-Concurrent-To": warc.urn(response_id)}
    context = {key: value for key, value in asdict(exchange.context).items() if value}
    known = {"kind": EXCHANGE, "fingerprint": exchange.fingerprint, "context": context}
    return [
        warc.record(
            "request",
            warc.new_id(),
            exchange.date,
            request,
            {**belongs, "Content-Type": "application/http;msgtype=request"},
        ),
        warc.record("response", response_id, exchange.date, response, described),
        warc.metadata(
            warc.new_id(), exchange.date, known, {**target, "WARC-Refers-To": warc.urn(response_id)}
        ),
    ]


def _http(first: str, headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {' '.join(value.splitlines())}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace") + body


def _request_target(url: str) -> str:
    _, _, rest = url.partition("://")
    _host, slash, path = rest.partition("/")
    return slash + path if slash else "/"


def read_file(path: Path) -> Iterator[Answer | Event]:
    """Yield what a run's file tells, in order, each record verified.

    Raises:
        TornRecord: The file ends inside a record (an open file after a crash).
        BadRecord: A record is damaged.
    """
    request_method, waiting = "GET", None
    for item in warc.read(path):
        if item.type == "request":
            request_method = item.block.partition(b" ")[0].decode("ascii", errors="replace")
        elif item.type == "response":
            waiting = item
        elif item.type == "metadata":
            value = item.json()
            if value.get("kind") == EXCHANGE and waiting is not None:
                yield _answer(path, waiting, request_method, value)
                waiting = None
            else:
                yield Event(str(value.get("kind")), item.header("WARC-Date"), value)


def _answer(path: Path, response: warc.Record, method: str, known: Mapping[str, Any]) -> Answer:
    capture = parse_response(path, response, method, Context(**known["context"]))
    return Answer(capture, str(known["fingerprint"]), response.header("WARC-Truncated"))


def parse_response(path: Path, response: warc.Record, method: str, context: Context) -> Capture:
    """Return the capture that a response record holds.

    Raises:
        BadRecord: The block is no HTTP response.
    """
    head, separator, body = response.block.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = lines[0].split(" ")[1:2]
    if not separator or not status or not status[0].isdecimal():
        raise BadRecord(f"{path.name}: the record at {response.offset} holds no HTTP response")
    pairs = [line.partition(":") for line in lines[1:]]
    portal, run, _ = parse_name(path)
    return Capture(
        id=response.id,
        url=response.header("WARC-Target-URI"),
        method=method,
        status=int(status[0]),
        headers=tuple((name.strip(), value.strip()) for name, _, value in pairs),
        body=body,
        fetched_at=response.header("WARC-Date"),
        digest=hashlib.sha256(body).hexdigest(),
        run=f"{portal}/{run}",
        file=path.name.removesuffix(warc.OPEN),
        offset=response.offset,
        length=response.length,
        context=context,
    )


def parse_name(path: Path) -> tuple[str, str, int]:
    """Return portal, run and serial that a file's name tells.

    Raises:
        BadRecord: The file is not named as the archive names its files.
    """
    match = _NAME.fullmatch(path.name)
    if not match:
        raise BadRecord(f"{path.name} is not a name of the archive's files")
    return match["portal"], match["run"], int(match["serial"])


def _serial(path: Path) -> int:
    return parse_name(path)[2]


def interrupted(folder: Path, portal: str) -> str | None:
    """Return the newest run of a portal that was started and not ended, or None."""
    opened = sorted((folder / portal).glob(f"{portal}-*.warc.gz{warc.OPEN}"))
    return parse_name(opened[-1])[1] if opened else None


def files_of(folder: Path, portal: str, run: str) -> list[Path]:
    """Return a run's files in order, sealed and open ones."""
    found = (folder / portal).glob(f"{portal}-{run}-*.warc.gz*")
    return sorted((path for path in found if _NAME.fullmatch(path.name)), key=_serial)


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
