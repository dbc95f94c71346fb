"""The index of captures and runs, `captures.db`: derived from the WARC files, rebuilt when lost.

It answers what a crawl must know (which pages are already here), holds the queue of captures
that wait to be read, and lists everything `load` copies into the database.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from archive import captures, disk, index_rows, logs, run_files, runs, warc
from archive.captures import Capture, Context
from archive.errors import BadRecord, UnknownCapture
from archive.exchanges import Answer
from archive.index_file import TABLES, IndexFile, Row, Step
from archive.index_rows import DOCUMENTS as DOCUMENTS
from archive.index_rows import REPORTED as REPORTED
from archive.index_rows import is_document as is_document
from archive.known import (
    GAPS,
    GOOD,
    INCOMPLETE,
    KNOWN,
    RELISTED,
    UNLISTED,
    Before,
    Look,
    before,
    looks,
)
from archive.repair import Damage

BATCH = 1000
"""Statements to a transaction while a file is read: other processes wait no longer than that."""

logger = logging.getLogger(__name__)


class Index:
    """The index of one data folder. Use as a context manager.

    A file that is found damaged, at whatever moment, is built anew from the WARC files.

    Args:
        data: The data folder; `captures.db` and `warc/` lie in it.

    Raises:
        OSError: The folder cannot be read or written, here and in all methods.
    """

    def __init__(self, data: Path) -> None:
        self.warc = data / "warc"
        disk.make_folder(self.warc)
        self._file = IndexFile(data, self.catch_up)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._file.close()

    def catch_up(self, portal: str = "*") -> list[str]:
        """Read every file the index does not know whole; return what is wrong with damaged ones.

        After a crash these are the open files, after the loss of `captures.db` all of them.
        Damage is read around, and told each time until it is mended. Who may write nothing has to do with
        what the index knows by then.

        Args:
            portal: Name of the portal whose files are looked at; by default all are.
        """
        if self._file.only_read:
            return []
        known = dict(self._file.query("SELECT name, size FROM file"))
        damages: list[str] = []
        for path in sorted(self.warc.glob(f"{portal}/*.warc.gz*")):
            found: list[str] = []
            try:
                if known.get(path.name) != path.stat().st_size:
                    found = self._absorb(path)
            except FileNotFoundError:
                # Sealed by another process since it was listed: the next look finds it.
                continue
            except BadRecord as error:
                found = [str(error)]
            with logs.about(path.parent.name):
                for damage in found:
                    logger.error("%s", damage)
            damages += found
        return damages

    def _absorb(self, path: Path) -> list[str]:
        """Read a file. A crash in the middle leaves one that is not known, and is read again."""
        is_open = path.name.endswith(warc.OPEN)
        # What the database is loaded with must outlive the machine.
        end = disk.sync_file(path) if is_open else path.stat().st_size
        damages: list[Damage] = []
        steps = _steps(path, end, damages)
        while batch := list(islice(steps, BATCH)):
            self._file.write(batch)
        if is_open:
            # Its torn tail is being written by another process, or cut back by its next start.
            return [item.detail for item in damages if item.offset + item.length < end]
        if not damages:
            self.know_file(path)
        return [item.detail for item in damages]

    def know_file(self, path: Path) -> None:
        """Note that a sealed file is wholly in the index."""
        self._file.write([("REPLACE INTO file VALUES (?, ?)", (path.name, path.stat().st_size))])

    def add(self, found: Iterable[Capture]) -> None:
        """Add captures whose records are on the disk; documents wait to be read from then on."""
        self._file.write(index_rows.add(found))

    def add_event(self, portal: str, run: str, event: runs.Event) -> None:
        """Add what a run's file tells of the run itself."""
        self._file.write(index_rows.tell(f"{portal}/{run}", event))

    def known_documents(self, portal: str, run: str) -> dict[str, Look]:
        """Return the reports and their parts that runs of a portal before `run` archived, by address.

        What was asked for by POST is not among them: the page that brings it asks for it again.
        """
        rows = self._file.rows(
            """SELECT url, status, judged, location, fetched_at, context FROM capture
            WHERE portal = ? AND run < ? AND role IN (?, ?, ?) AND method = 'GET'
            ORDER BY fetched_at, run, offset""",
            (portal, f"{portal}/{run}", *REPORTED),
        )
        return looks(rows, self._incomplete(portal, run))

    def _incomplete(self, portal: str, run: str) -> dict[str, str]:
        """Return when runs last left a page without something that it brings, by the page's address."""
        rows = self._file.query(
            """SELECT url, max(ended_at) FROM skip JOIN run ON run.id = skip.run
            WHERE portal = ? AND run.id < ? AND skip.reason = ? GROUP BY url""",
            (portal, f"{portal}/{run}", INCOMPLETE),
        )
        return dict(rows)

    def skipped(self, portal: str, run: str, reason: str = "") -> set[str]:
        """Return the addresses that runs of a portal before `run` left, for that reason if one is given."""
        rows = self._file.query(
            """SELECT DISTINCT url FROM skip JOIN run ON run.id = skip.run
            WHERE portal = ? AND run.id < ? AND ? IN ('', skip.reason)""",
            (portal, f"{portal}/{run}", reason),
        )
        return {url for (url,) in rows}

    def listed(self, portal: str, run: str) -> dict[str, bool]:
        """Return whether lists named a report when an ordinary run before `run` last told, by address."""
        rows = self._file.query(
            """SELECT url, skip.reason, max(run) FROM skip JOIN run ON run.id = skip.run
            WHERE portal = ? AND run.id < ? AND walk <> ? AND skip.reason IN (?, ?, ?) GROUP BY url""",
            (portal, f"{portal}/{run}", GAPS, KNOWN, UNLISTED, RELISTED),
        )
        return {url: reason != UNLISTED for url, reason, _ in rows}

    def columns(self, portal: str) -> tuple[str, ...]:
        """Return the columns that the newest good run of a portal read, those it only tried left out."""
        rows = self._file.query(
            """SELECT DISTINCT json_extract(context, '$.column') FROM capture
            WHERE role = ? AND status IN (200, 304) AND run =
            (SELECT max(id) FROM run WHERE portal = ? AND outcome IN (?, ?, ?) AND walk <> ?) ORDER BY 1""",
            (captures.LIST, portal, *GOOD, GAPS),
        )
        return tuple(column for (column,) in rows if column)

    def before(self, portal: str) -> Before | None:
        """Return the newest good run of a portal that walked whole lists, or None."""
        return before(
            self._file.rows(
                "SELECT * FROM run WHERE portal = ? AND ended_at IS NOT NULL ORDER BY id DESC", (portal,)
            )
        )

    def run_times(self) -> list[Row]:
        """Return all runs: portal, started_at, ended_at, outcome and walk of each."""
        return self._file.rows(
            "SELECT portal, started_at, ended_at, outcome, walk FROM run WHERE started_at IS NOT NULL"
        )

    def ended(self, portal: str) -> int:
        """Return how many runs of a portal have ended."""
        sql = "SELECT count(*) FROM run WHERE portal = ? AND ended_at IS NOT NULL"
        ((count,),) = self._file.query(sql, (portal,))
        return int(count)

    def keys(self, portal: str) -> set[tuple[str, str, str]]:
        """Return address, time and digest of each capture of a portal: what is here already."""
        rows = self._file.query("SELECT url, fetched_at, digest FROM capture WHERE portal = ?", (portal,))
        return {(url, fetched_at, digest) for url, fetched_at, digest in rows}

    def pending(self) -> list[str]:
        """Return the ids of captures that wait to be read, in the order of their addresses."""
        rows = self._file.query(
            "SELECT capture FROM pending JOIN capture ON capture.id = pending.capture ORDER BY url, id"
        )
        return [identity for (identity,) in rows]

    def documents(self) -> list[str]:
        """Return the ids of all captures that are read as documents, in the order of their addresses."""
        return self._whole(DOCUMENTS)

    def lists(self) -> list[str]:
        """Return the ids of all captures of lists, in the order of their addresses."""
        return self._whole((captures.LIST,))

    def _whole(self, roles: tuple[str, ...]) -> list[str]:
        rows = self._file.query(
            f"""SELECT id FROM capture WHERE role IN ({", ".join("?" * len(roles))}) AND status = 200
            AND judged = '' AND refers_to = '' ORDER BY url, id""",
            roles,
        )
        return [identity for (identity,) in rows]

    def addresses(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        """Return portal and address of captures."""
        wanted = set(ids)
        rows = self._file.query("SELECT id, portal, url FROM capture")
        return {(portal, url) for identity, portal, url in rows if identity in wanted}

    def done(self, ids: Iterable[str]) -> None:
        """Take captures off the queue: they are in the database."""
        self._file.write(("DELETE FROM pending WHERE capture = ?", (item,)) for item in ids)

    def capture(self, identity: str) -> Capture:
        """Return a capture with its body, read from its WARC file.

        Raises:
            UnknownCapture: There is no such capture.
            TornRecord, BadRecord: The file is damaged or gone, or what the capture repeats is.
        """
        row = next(iter(self._file.rows("SELECT * FROM capture WHERE id = ?", (identity,))), None)
        if row is None:
            raise UnknownCapture(f"no capture {identity} is in the index")
        context = _context(row)
        found = runs.read_capture(self.warc, row["file"], row["offset"], row["method"], context)
        if found.id != identity:
            raise BadRecord(f"{row['file']}: the record at {row['offset']} is not the one that is indexed")
        if found.refers_to:
            # It points at bytes, never at another revisit (`repeatable`).
            repeated = self._repeated(found)
            found = replace(found, body=repeated.body, digest=repeated.digest)
        return found

    def _repeated(self, revisit: Capture) -> Capture:
        try:
            return self.capture(revisit.refers_to)
        except UnknownCapture:
            raise BadRecord(f"{revisit.file}: what the record at {revisit.offset} repeats is gone") from None

    def repeatable(self, portal: str, run: str) -> dict[str, str]:
        """Return the newest whole, sealed capture of each page that runs before `run` archived.

        Returns:
            Ids of captures by address: what a new answer may be the same as.
        """
        rows = self._file.query(
            """SELECT url, id FROM capture JOIN file ON file.name = capture.file
            WHERE portal = ? AND run < ? AND method = 'GET' AND status = 200 AND refers_to = ''
            AND judged = '' ORDER BY fetched_at, offset""",
            (portal, f"{portal}/{run}"),
        )
        return dict(rows)

    def rebuild(self) -> None:
        """Forget everything and read all files again; damaged captures are then unknown."""
        self._file.write((f"DELETE FROM {table}", ()) for table in TABLES)
        self.catch_up()

    def rows(self, table: str) -> Iterator[Row]:
        """Yield all rows of `run`, `skip`, `asked` or `capture`, in a fixed order."""
        if table not in ("run", "skip", "asked", "capture"):
            raise ValueError(table)
        return self._file.stream(f"SELECT * FROM {table} ORDER BY 1, 2")


def _steps(path: Path, end: int, damages: list[Damage]) -> Iterator[Step]:
    """Yield what a file's records, up to `end`, say to the index; damage goes into the list."""
    portal, run, _ = run_files.parse_name(path)
    for item in runs.read_file(path, end):
        if isinstance(item, Answer):
            yield from index_rows.add([item.capture])
        elif isinstance(item, runs.Event):
            yield from index_rows.tell(f"{portal}/{run}", item)
        else:
            damages.append(item)


def _context(row: Row) -> Context:
    try:
        return Context(**json.loads(row["context"]))
    except (ValueError, TypeError) as error:
        raise BadRecord(f"captures.db: the row of {row['id']} is damaged: {error}") from error
