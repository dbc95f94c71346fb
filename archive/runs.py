"""A run on the shelf: one crawl of one portal, as WARC files that explain themselves.

The first record after each file's `warcinfo` tells what the run is (`run_started`, with the
portal's declaration), so that each file can be understood alone; the run's last record tells
what came of it (`run_ended`, with outcome, links not followed and what was asked of each
host). Between them stand exchanges: request, response, and a
metadata record with the request's fingerprint and the crawl's context; or, for a request that
got no answer, one metadata record (`request_failed`).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from archive import disk, warc
from archive.captures import Capture, Context
from archive.errors import BadRecord
from archive.exchanges import EXCHANGE, Answer, Exchange, answer, parse_response, records
from archive.repair import Damage, salvage
from archive.run_files import files_of, find_file, is_overtaken, parse_name

FILE_LIMIT = 1_000_000_000
"""Bytes after which a run's next file begins: the size that web archives' tools expect."""

STARTED, CONTINUED, ENDED = "run_started", "run_continued", "run_ended"
FAILED = "request_failed"

ENDED_FIELDS = ("outcome", "reason", "listed", "requests", "captures", "bytes")
"""What a run's end tells besides `skips` and `asked`; newer ones also tell `walk` and `lists`."""

_REQUIRED: Mapping[str, set[str]] = {
    STARTED: {"portal"},
    CONTINUED: {"interruptions"},
    ENDED: {*ENDED_FIELDS, "skips", "asked"},
}


@dataclass(frozen=True, slots=True)
class Event:
    """Anything else a run's file tells: `kind` is one of the constants above."""

    kind: str
    date: str
    value: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Packed:
    """An exchange, compressed and ready to be appended: the members of its records."""

    exchange: Exchange
    response_id: str
    digest: str
    members: tuple[bytes, ...]


def pack(exchange: Exchange) -> Packed:
    """Compress an exchange's records: the part of storing that takes time and no file."""
    response_id, repeated = warc.new_id(), exchange.repeats
    digest = repeated.digest if repeated else hashlib.sha256(exchange.body).hexdigest()
    members = tuple(warc.member(item) for item in records(exchange, response_id))
    return Packed(exchange, response_id, digest, members)


class RunWriter:
    """Writes one run's records to `<folder>/<portal>/`, file after file.

    One thread appends; `sync` may be called by another meanwhile.

    Args:
        folder: The archive's `warc` folder.
        portal, run: Names of the portal and the run; they make the file's name.
        info: Fields of each file's `warcinfo` record.
    """

    def __init__(self, folder: Path, portal: str, run: str, info: Mapping[str, str]) -> None:
        self.portal, self.run, self._info = portal, run, dict(info)
        self._turning = Lock()
        self._folder = folder / portal
        disk.make_folder(self._folder)
        self._started = _find_start(files_of(folder, portal, run))
        found = self._folder.glob(f"{portal}-{run}-*.warc.gz{warc.OPEN}")
        opened = sorted(path for path in found if not is_overtaken(path))
        self._serial = parse_name(opened[-1])[2] if opened else 0
        self._file = self._open()
        for full in opened[:-1]:
            # Killed between opening a file and sealing the one before it.
            warc.Writer(full.with_name(full.name.removesuffix(warc.OPEN))).seal()

    def _open(self) -> warc.Writer:
        name = f"{self.portal}-{self.run}-{self._serial:05d}.warc.gz"
        file = warc.Writer(self._folder / name)
        if not file.size:
            lines = "".join(f"{key}: {value}\r\n" for key, value in self._info.items())
            date = self._info["date"]
            head = {"WARC-Filename": name, "Content-Type": "application/warc-fields"}
            opening = [warc.record("warcinfo", warc.new_id(), date, lines.encode(), head)]
            file.write([*opening, *([_told(self._started)] if self._started else [])])
        return file

    def tell(self, kind: str, date: str, value: Mapping[str, Any]) -> None:
        """Append an event of the run itself, or a failed request."""
        event = Event(kind, date, value)
        if kind == STARTED:
            self._started = event
        self._file.write([_told(event)])

    def store(self, exchange: Exchange) -> Capture:
        """Append an exchange; as `append`."""
        return self.append(pack(exchange))

    def append(self, packed: Packed) -> Capture:
        """Append a packed exchange; return its capture, body included unless it is a revisit.

        Raises:
            OSError: The disk is full or failing; the file is as it was before.
        """
        if self._file.size >= FILE_LIMIT:
            self._turn()
        exchange, repeated = packed.exchange, packed.exchange.repeats
        offset, length = self._file.append(packed.members)[1]
        return Capture(
            id=packed.response_id,
            url=exchange.url,
            method=exchange.method,
            status=exchange.status,
            headers=exchange.headers,
            body=b"" if repeated else exchange.body,
            fetched_at=exchange.date,
            digest=packed.digest,
            refers_to=repeated.id if repeated else "",
            judged=exchange.judged,
            run=f"{self.portal}/{self.run}",
            file=self._file.path.name,
            offset=offset,
            length=length,
            context=exchange.context,
        )

    def _turn(self) -> None:
        with self._turning:
            full = self._file
            self._serial += 1
            # The next file is opened before this one is sealed: a run without an open file is over.
            self._file = self._open()
            full.seal()

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        with self._turning:
            self._file.sync()

    def seal(self) -> Path:
        """Seal the last file, as the run is over; return it."""
        return self._file.seal()

    def close(self) -> None:
        """Leave the last file open for the next start to continue."""
        self._file.close()


def _told(event: Event) -> warc.Record:
    head = {"WARC-Target-URI": f"urn:gongkai:{event.kind}"}
    return warc.metadata(warc.new_id(), event.date, {**event.value, "kind": event.kind}, head)


def _find_start(files: Iterable[Path]) -> Event | None:
    """Return what the files of a run tell of its start; each tells it at its beginning."""
    told = (item for path in files for item in read_file(path))
    return next((item for item in told if isinstance(item, Event) and item.kind == STARTED), None)


def read_file(path: Path, end: int | None = None) -> Iterator[Answer | Event | Damage]:
    """Yield what a run's file tells, in order, each record verified, and what of it is damaged.

    With `end` only what lies before that byte is looked at.

    Raises:
        BadRecord: The file is not one of the archive's.
    """
    return read_records(path, salvage(path, end))


def read_records(path: Path, items: Iterable[warc.Record | Damage]) -> Iterator[Answer | Event | Damage]:
    """Yield what the records of a run's file tell; as `read_file`, with the records at hand."""
    portal, run, _ = parse_name(path)
    request_method, waiting = "GET", None
    for item in items:
        if isinstance(item, Damage):
            yield item
        elif item.type == "request":
            request_method = item.block.partition(b" ")[0].decode("ascii", errors="replace")
        elif item.type in ("response", "revisit"):
            waiting = item
        elif item.type == "metadata":
            told: Answer | Event | Damage | None
            try:
                told = _tell_metadata(item, waiting, request_method, f"{portal}/{run}", path)
            except BadRecord as error:
                told = Damage(item.offset, item.length, f"{path.name}: {error}")
            if told is not None:
                yield told


def _tell_metadata(
    item: warc.Record, response: warc.Record | None, method: str, run: str, path: Path
) -> Answer | Event | None:
    value = item.json()
    kind = value.get("kind")
    if kind == EXCHANGE:
        # Where one of the two is damaged, the other must not pair with a stranger.
        if response is None or item.header("WARC-Refers-To") != response.header("WARC-Record-ID"):
            return None
        return answer(response, method, value, run, path.name.removesuffix(warc.OPEN))
    if not isinstance(kind, str) or not _REQUIRED.get(kind, set()) <= value.keys():
        raise BadRecord(f"the metadata of record {item.id} at {item.offset} is not ours")
    return Event(kind, item.header("WARC-Date"), value)


def read_capture(folder: Path, file: str, offset: int, method: str, context: Context) -> Capture:
    """Return a capture from its place in the archive, verified.

    Args:
        folder: The archive's `warc` folder.
        file: Name of the file, as sealed.
        offset: Where its response record begins.
        method: Method of its request, which stands in another record.
        context: What the crawl knew, which stands in another record too.

    Raises:
        TornRecord, BadRecord: The file is damaged or gone.
    """
    path = find_file(folder, file)
    portal, run, _ = parse_name(path)
    return parse_response(warc.read_at(path, offset), method, context, f"{portal}/{run}", file)
