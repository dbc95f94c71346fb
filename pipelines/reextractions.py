"""Documents read anew: what differs is written down with the reason, in the transaction that replaces it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import sqlite_utils

from archive.captures import Capture
from pipelines import journal, schema
from pipelines.journal import REEXTRACTION, Entry
from pipelines.reading import Reading
from pipelines.rereading import Comparison, divergences

BESIDE = "beside a new capture of the same address, so that both are read alike"
ANEW = "all documents were read anew"


class Reextraction:
    """One re-extraction: begun when the first document comes, and told of in the journal at its end.

    Args:
        db: The database, inside whose transactions `note` is called.
        known: Ids of the captures that were read before; others are no re-extraction.
        extractor: Version that reads them now.
        now: When it begins, UTC.
        reason: Why it is done.
    """

    def __init__(
        self, db: sqlite_utils.Database, known: set[str], extractor: str, now: datetime, reason: str
    ) -> None:
        self._db, self._known, self._extractor, self._reason = db, known, extractor, reason
        self._id = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        self._extractors: set[str] = set()
        self._written = 0
        self.comparison = Comparison()

    def note(self, capture: Capture, reading: Reading) -> None:
        """Write down where a document that was read before is read otherwise now."""
        if capture.id not in self._known:
            return
        before = self._db.execute("SELECT extractor FROM capture WHERE id = ?", (capture.id,)).fetchone()
        self._extractors |= {before[0]} if before and before[0] else set()
        found = divergences(self._db, capture, reading)
        self.comparison.add(capture, found)
        if found:
            self._write_row()
        for each in found:
            self._written += 1
            row = (self._id, self._written, capture.id, each.report, each.cause, each.item)
            self._db.execute(schema.insert("reread"), (*row, each.before, each.after))

    def _write_row(self) -> None:
        told = self.comparison
        self._db.execute(
            schema.insert("reextraction", "REPLACE"),
            (
                *(self._id, " ".join(sorted(self._extractors)), self._extractor, self._reason),
                *(told.documents, told.differing, sum(told.counts.values())),
            ),
        )

    def finish(self, data: Path) -> None:
        """Write what came of it into the journal, if anything was read otherwise, or by another version."""
        told = self.comparison
        if not told.differing and self._extractors <= {self._extractor}:
            return
        entry = {
            "kind": REEXTRACTION,
            "at": self._id,
            "extractors": sorted(self._extractors),
            "extractor": self._extractor,
            "reason": self._reason,
            "documents": told.documents,
            "differing": told.differing,
            "differences": dict(sorted(told.counts.items())),
        }
        journal.append(data, entry)
        self._write_row()


def write(db: sqlite_utils.Database, entries: Iterable[Entry]) -> None:
    """Write those entries of the journal that are re-extractions; what is there already stays."""
    for entry in entries:
        if entry["kind"] == REEXTRACTION:
            counts = entry["documents"], entry["differing"], sum(entry["differences"].values())
            names = entry["at"], " ".join(entry["extractors"]), entry["extractor"], entry["reason"]
            db.execute(schema.insert("reextraction", "INSERT OR IGNORE"), (*names, *counts))


def take_over(db: sqlite_utils.Database, rows: Iterable[tuple[object, ...]]) -> None:
    """Write what a publication tells was read otherwise, of captures and re-extractions that are here."""
    for row in rows:
        known = db.execute(
            "SELECT 1 FROM capture, reextraction x WHERE x.id = ? AND capture.id = ?", (row[0], row[2])
        ).fetchone()
        if known:
            db.execute(schema.insert("reread", "INSERT OR IGNORE"), row)
