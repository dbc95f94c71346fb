"""The only way into `gongkai.db`: what was read goes in, document by document.

A *document* is one content at one address of one portal. Its rows are replaced as a whole and
in one transaction, so that loading twice changes nothing, a killed load leaves whole
documents only, and the order of loading does not matter. Of several captures of one document
the earliest speaks for it; the later ones only tell how long it stood there.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlite_utils

from archive.captures import Capture
from pipelines import corrections, covering, migrations, reextractions, replacement, reports, withholding
from pipelines.corrections import Draft
from pipelines.errors import LoadError, NewerDatabase
from pipelines.journal import Entry
from pipelines.reading import Reading
from pipelines.reextractions import Reextraction
from pipelines.replacement import Loaded

Note = Callable[[Capture, Reading], None]

BATCH = 128
"""Documents to a transaction: a loader that is killed has to load at most these again."""
CACHE = 65_536
"""KiB of the database held in memory."""


_ANSWERED = """
    SELECT count(*) FROM capture c
    JOIN problem p ON p.capture = c.id AND p.kind = 'no_tables' AND p."table" IS NULL
    JOIN report r ON r.id = p.report JOIN revision v ON v.id = r.revision AND v.form <> 'prose'
    WHERE c.portal IS ? AND (c.url, c.digest) = (?, ?)
"""


class Loader:
    """Writes a database, which is created or brought up to date first. Use as a context manager.

    Args:
        path: The database; its folder must exist.
        extractor: Version of the extractor whose readings are loaded.
        timeout: Seconds to wait for another loader.

    Raises:
        LoadError: The file is no database, cannot be written, or is held by another loader.
        NewerDatabase: A later version of this program made it.
    """

    def __init__(self, path: Path, extractor: str, timeout: float = 30) -> None:
        self.extractor = extractor
        self._path = path
        self.db = _open(path, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    def loaded(self, extractor: str) -> set[str]:
        """Return the ids of the captures that this version of the extractor has read."""
        found = self.db.execute("SELECT id FROM capture WHERE extractor = ?", (extractor,))
        return {identity for (identity,) in found}

    def read_otherwise(self, addresses: set[tuple[str, str]]) -> set[str]:
        """Return the ids of captures at these addresses (portal, url) that another extractor has read."""
        found = self.db.execute(
            "SELECT portal, url, id FROM capture WHERE extractor IS NOT NULL AND extractor <> ?",
            (self.extractor,),
        )
        return {identity for portal, url, identity in found if (portal, url) in addresses}

    def answered(self, capture: str) -> int:
        """Tell by 1 or 0 whether a document without any table lacks none: another source holds them."""
        found = self.db.execute(_ANSWERED, reports.document(self.db, capture))
        return int(found.fetchone()[0])

    def load_reading(self, capture: Capture, reading: Reading) -> Loaded:
        """Put one reading in the place of whatever the document gave before.

        A report whose agency or year is unclear gives problems only, so that no row stands
        under a wrong name.

        Raises:
            LoadError: The database is full, locked or read-only; it holds what it held before.
        """
        with self.transaction():
            return replacement.replace(self.db, capture, reading, self.extractor)

    def load_readings(
        self, readings: Iterable[tuple[Capture, Reading]], note: Note = lambda _capture, _reading: None
    ) -> Iterator[tuple[Capture, Reading, Loaded]]:
        """Load many readings, `BATCH` documents to a transaction, which is several times faster.

        Yields each reading only when its transaction has ended, so that what was yielded is on
        the disk whatever happens next.

        Args:
            readings: The captures with their readings.
            note: Is told of each, in its transaction, before it takes the place of what is there.

        Raises:
            LoadError: As for `load_reading`; the batches before are in the database.
        """
        remaining = iter(readings)
        while batch := list(islice(remaining, BATCH)):
            with self.transaction():
                loaded = []
                for each in batch:
                    note(*each)
                    loaded.append(replacement.replace(self.db, *each, self.extractor))
            for (capture, reading), counts in zip(batch, loaded, strict=True):
                yield capture, reading, counts

    def load_runs(
        self,
        portals: Iterable[Mapping[str, Any]],
        runs: Iterable[Mapping[str, Any]],
        skips: Iterable[Mapping[str, Any]],
        captures: Iterable[Mapping[str, Any]],
        listings: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """Write what the archive's index knows, one mapping for each row.

        Members named as the fields of `portal`, `run`, `skip`, `capture` and `listing` are taken, others
        left; a member that is missing or None erases nothing, nor does any erase a reading.

        Raises:
            LoadError: The database is full, locked or read-only; it holds what it held before.
        """
        with self.transaction():
            replacement.upsert(self.db, "portal", portals)
            replacement.upsert(self.db, "run", runs)
            replacement.upsert(self.db, "skip", skips)
            replacement.upsert(self.db, "capture", captures)
            replacement.upsert(self.db, "listing", listings)
            reports.widen(self.db)

    def changes_known(self) -> set[int]:
        """Return the ids of all changes."""
        return {change for (change,) in self.db.execute("SELECT id FROM change")}

    def changes_since(self, known: set[int]) -> list[tuple[str, str, str, str]]:
        """Return the changes that are not among those known: when first seen, address, and in words."""
        found = self.db.execute(
            """SELECT c.id, c.first_seen, s.url, c.zh, c.en FROM change c JOIN source s ON s.id = c.source
            ORDER BY c.first_seen, s.url, c.id"""
        )
        return [row[1:] for row in found if row[0] not in known]

    def reextraction(self, now: datetime, reason: str) -> Reextraction:
        """Return what writes down where documents that were read before are read otherwise."""
        found = self.db.execute("SELECT id FROM capture WHERE reading IS NOT NULL")
        return Reextraction(self.db, {identity for (identity,) in found}, self.extractor, now, reason)

    def finish(self, reextraction: Reextraction, data: Path) -> None:
        """Write down what came of a re-extraction.

        Raises:
            LoadError, OSError: The database or the journal cannot be written.
        """
        with self.transaction():
            reextraction.finish(data)

    def tell(self, entries: Iterable[Entry]) -> None:
        """Write what the journal says people decided; what is there already stays.

        Raises:
            LoadError: The database is full, locked or read-only; it holds what it held before.
        """
        with self.transaction():
            for entry in entries:
                corrections.write(self.db, [entry])
                withholding.write(self.db, [entry])
                reextractions.write(self.db, [entry])

    def take_over(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write what a publication tells was read otherwise by re-extractions.

        Raises:
            LoadError: The database is full, locked or read-only; it holds what it held before.
        """
        with self.transaction():
            reextractions.take_over(self.db, rows)

    def correct(self, data: Path, draft: Draft, now: str) -> str:
        """Write a person's correction; return its id.

        Raises:
            BadCorrection, LoadError, OSError: It is none, or cannot be written.
        """
        with self.transaction():
            return corrections.add(self.db, data, draft, now)

    def withdraw(self, data: Path, identity: str, author: str, reason: str, now: str) -> None:
        """Withdraw a correction.

        Raises:
            BadCorrection, LoadError, OSError: There is none, or it cannot be written.
        """
        with self.transaction():
            corrections.withdraw(self.db, data, identity, author, reason, now)

    def cover(self, today: date) -> None:
        """Write which reports were published, found and in time, as it is known on a day.

        Raises:
            LoadError: The database is full, locked or read-only; it holds what it held before.
        """
        with self.transaction():
            covering.write(self.db, today)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written in the block, or nothing of it."""
        with _clear_errors(self._path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.commit()
            except BaseException:
                self.db.rollback()
                raise


def _open(path: Path, timeout: float) -> sqlite_utils.Database:
    with _clear_errors(path):
        connection = sqlite3.connect(path, timeout=timeout)
        try:
            db = sqlite_utils.Database(connection)
            db.enable_wal()
            db.execute("PRAGMA synchronous = FULL")
            # Documents come in no order of their ids, so each batch touches pages everywhere.
            db.execute(f"PRAGMA cache_size = -{CACHE}")
            migrations.bring_up(db)
        except BaseException:
            connection.close()
            raise
    return db


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise LoadError(f"{path}: {error}") from error
    except NewerDatabase as error:
        raise NewerDatabase(f"{path}: {error}") from error
