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
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from archive import warc
from archive.captures import Capture, Context
from archive.errors import BadRecord
from archive.exchanges import EXCHANGE, Answer, Exchange, answer, parse_response, records
from archive.repair import Damage, salvage

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

_NAME = re.compile(r"(?P<portal>[a-z0-9_]+)-(?P<run>\d{8}T\d{6}Z)-(?P<serial>\d{5})\.warc\.gz(\.open)?")


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


def read_file(path: Path) -> Iterator[Answer | Event | Damage]:
    """Yield what a run's file tells, in order, each record verified, and what of it is damaged.

    Raises:
        BadRecord: The file is not one of the archive's.
    """
    portal, run, _ = parse_name(path)
    request_method, waiting = "GET", None
    for item in salvage(path):
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


def names(folder: Path, portal: str) -> set[str]:
    """Return the names of all runs of a portal that the archive holds."""
    found = (_NAME.fullmatch(path.name) for path in (folder / portal).glob("*"))
    return {match["run"] for match in found if match and match["portal"] == portal}


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
