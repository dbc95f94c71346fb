"""The one path into the database: captures that wait are read, checked and loaded."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from archive import locks
from archive.captures import LIST, Capture
from archive.errors import ArchiveError, UnknownCapture
from archive.index import Index
from pipelines.load import Loader
from pipelines.read import EXTRACTOR
from pipelines.reading import ERROR, Problem, Reading
from pipelines.workers import read_all

logger = logging.getLogger(__name__)

WAIT = 600.0
"""Seconds to wait for another loader: what it reads is then done, the rest is ours."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Tally:
    """What one pass over the queue did."""

    documents: int = 0
    reports: int = 0
    cells: int = 0
    findings: int = 0
    error_findings: int = 0
    problems: int = 0

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
    data: Path, today: date, *, everything: bool = False, progress: Progress | None = None
) -> Tally:
    """Read and load what waits in a data folder; with `everything`, all documents anew.

    Doing it twice, or being killed in the middle and doing it again, gives the same database.

    Args:
        data: The data folder.
        today: The day for which it is said which reports are due and found.
        everything: Read every document again, not only those that wait.
        progress: Called with the number of documents done and of all.

    Raises:
        LockHeld: Another loader did not end in time.
        OSError, LoadError: The database cannot be written.
    """
    tally = Tally()
    database = data / "gongkai.db"
    with locks.hold(data, locks.LOADER, WAIT), Index(data) as index, Loader(database, EXTRACTOR) as loader:
        tally.problems += len(index.catch_up())
        _load_runs(index, loader)
        loaded = loader.loaded(EXTRACTOR)
        wanted = _wanted(index, loaded, everything=everything)
        # An edit is told only between two readings of one extractor: what stood there before is read anew.
        wanted += sorted(loader.read_otherwise(index.addresses(wanted)) - set(wanted))
        documents = len(wanted)
        readings = _Readings(index, loaded, tally, lambda: progress and progress(tally.documents, documents))
        # Lists are no documents: they tell which agencies there are.
        wanted += [identity for identity in index.lists() if everything or identity not in loaded]
        lacking: list[str] = []
        for capture, reading, _rows in loader.load_readings(readings.of(wanted)):
            index.done([capture.id])
            if any(problem.kind == "no_tables" and problem.table is None for problem in reading.problems):
                lacking.append(capture.id)
        # A page whose attachment holds its tables lacks nothing, whichever of the two was read first.
        tally.problems -= sum(map(loader.answered, lacking))
        loader.cover(today)
    return tally


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
