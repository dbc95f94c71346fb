"""The one path into the database: captures that wait are read, checked and loaded."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from archive import locks, logs, unfinished
from archive.captures import LIST, Capture
from archive.clock import china_day
from archive.errors import ArchiveError, UnknownCapture
from archive.index import Index
from pipelines import journal
from pipelines.load import Loader
from pipelines.read import EXTRACTOR
from pipelines.reading import ERROR, Problem, Reading
from pipelines.reextractions import ANEW, BESIDE
from pipelines.rereading import Comparison, Divergence, divergences
from pipelines.workers import read_all

logger = logging.getLogger(__name__)

WAIT = 600.0
"""Seconds to wait for another loader: what it reads is then done, the rest is ours."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Tally:
    """What one pass over the queue did; `anew` is what was read before and is read otherwise now.

    `changes` are those not known before: when first seen, address, in words (zh, en).
    """

    documents: int = 0
    reports: int = 0
    cells: int = 0
    findings: int = 0
    error_findings: int = 0
    problems: int = 0
    anew: Comparison = field(default_factory=Comparison)
    changes: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Count one document."""
        self.documents += 1
        self.reports += reading.is_report
        # A notice that carries the blank form has cells too; they are no report's.
        self.cells += len(reading.cells) if reading.is_report else 0
        self.findings += len(reading.findings)
        self.error_findings += sum(finding.severity == ERROR for finding in reading.findings)
        self.problems += len(reading.problems)


def load_pending(
    data: Path,
    now: datetime,
    *,
    everything: bool = False,
    reason: str = ANEW,
    progress: Progress | None = None,
) -> Tally:
    """Read and load what waits in a data folder; with `everything`, all documents anew.

    Doing it twice, or being killed in the middle and doing it again, gives the same database.

    Args:
        data: The data folder.
        now: The time: on its day in China it is said which reports are due and found.
        everything: Read every document again, not only those that wait.
        reason: Why everything is read again.
        progress: Called with the number of documents done and of all.

    Raises:
        LockHeld: Another loader did not end in time.
        JournalDamaged: What people decided cannot be read.
        OSError, LoadError: The database cannot be written.
    """
    tally = Tally()
    with locks.hold(data, locks.LOADER, WAIT), Index(data) as index, _loader(data) as loader:
        unfinished.begin(data)
        tally.problems += len(index.catch_up())
        known = loader.changes_known()
        _load_runs(index, loader)
        loader.tell(journal.read(data))
        loaded = loader.loaded(EXTRACTOR)
        wanted = _wanted(index, loaded, everything=everything)
        # An edit is told only between two readings of one extractor: what stood there before is read anew.
        if wanted:
            wanted += sorted(loader.read_otherwise(index.addresses(wanted)) - set(wanted))
        documents = len(wanted)
        readings = _Readings(index, loaded, tally, lambda: progress and progress(tally.documents, documents))
        # Lists are no documents: they tell which agencies there are.
        wanted += [identity for identity in index.lists() if everything or identity not in loaded]
        anew = loader.reextraction(now, reason if everything else BESIDE)
        lacking: list[str] = []
        for capture, reading, _rows in loader.load_readings(readings.of(wanted), anew.note):
            index.done([capture.id])
            if any(problem.kind == "no_tables" and problem.table is None for problem in reading.problems):
                lacking.append(capture.id)
        # A page whose attachment holds its tables lacks nothing, whichever of the two was read first.
        tally.problems -= sum(map(loader.answered, lacking))
        loader.finish(anew, data)
        loader.cover(china_day(now))
        tally.changes = loader.changes_since(known)
    tally.anew = anew.comparison
    return tally


def compare_all(
    data: Path, progress: Progress | None = None
) -> Iterator[tuple[Capture, tuple[Divergence, ...]]]:
    """Read all documents and yield where each is read otherwise than the database holds; write nothing.

    Args:
        data: The data folder.
        progress: Called with the number of documents done and of all.

    Raises:
        LockHeld: A loader did not end in time.
        OSError, LoadError: The database cannot be read.
    """
    with locks.hold(data, locks.LOADER, WAIT), Index(data) as index, _loader(data) as loader:
        index.catch_up()
        wanted, tally = index.documents(), Tally()
        tick = lambda: progress and progress(tally.documents, len(wanted))  # noqa: E731
        for capture, reading in _Readings(index, loader.loaded(EXTRACTOR), tally, tick).of(wanted):
            yield capture, divergences(loader.db, capture, reading)


def _loader(data: Path) -> Loader:
    return Loader(data / "gongkai.db", EXTRACTOR)


def _wanted(index: Index, loaded: set[str], *, everything: bool) -> list[str]:
    if everything:
        return index.documents()
    waiting = index.pending()
    index.done(identity for identity in waiting if identity in loaded)
    return [identity for identity in waiting if identity not in loaded]


@dataclass(frozen=True, slots=True)
class _Readings:
    """Reads captures of the index, counting as it goes."""

    index: Index
    loaded: set[str]
    tally: Tally
    tick: Callable[[], None]

    def of(self, wanted: list[str]) -> Iterator[tuple[Capture, Reading]]:
        """Yield each wanted capture with its reading."""
        damaged: list[tuple[Capture, Reading]] = []
        for capture, reading in chain(read_all(self._stored(wanted, damaged)), damaged):
            if capture.context.role != LIST:
                self.tally.add(reading)
                self.tick()
            if capture.id in self.loaded and not capture.url:
                # What was read before the record was damaged stays in the database.
                continue
            yield capture, reading

    def _stored(self, wanted: list[str], damaged: list[tuple[Capture, Reading]]) -> Iterator[Capture]:
        for identity in wanted:
            try:
                yield self.index.capture(identity)
            except UnknownCapture:
                # Forgotten since by a repair: the next crawl asks for it again.
                continue
            except ArchiveError as error:
                ((portal, _url),) = self.index.addresses({identity}) or {("", "")}
                with logs.about(portal):
                    logger.error("capture %s: %s", identity, error)
                problem = Problem("unreadable_document", f"the stored record cannot be read: {error}")
                damaged.append((Capture(id=identity), Reading(problems=(problem,))))


def _load_runs(index: Index, loader: Loader) -> None:
    runs = list(index.rows("run"))
    portals: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        declared = json.loads(run["declaration"])
        portals[run["portal"]] = {
            "id": run["portal"],
            "title": declared["title"],
            "division": declared["division"],
            "home": declared["home"],
            "platform": declared["platform"],
            "specimen": int(declared["local"]),
        }
    lists = ({"run": run["id"], **each} for run in runs for each in json.loads(run["lists"] or "[]"))
    captures = (
        row | {"referer": json.loads(row["context"]).get("referer", "")} for row in index.rows("capture")
    )
    loader.load_runs(portals.values(), runs, index.rows("skip"), captures, lists)
