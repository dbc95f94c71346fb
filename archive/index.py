"""The index of captures and runs, `captures.db`: derived from the WARC files, rebuilt when lost.

It answers what a crawl must know (which pages are already here), holds the queue of captures
that wait to be read, and lists everything `load` copies into the database.
"""

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

from archive import captures, locks, runs, warc
from archive.captures import Capture, Context
from archive.errors import BadRecord
from archive.exchanges import Answer
from archive.known import FULL, Before, Look, before, looks

VERSION = 4
"""Of the tables below; an index of another version is built anew from the WARC files."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, size INTEGER);
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, portal TEXT, started_at TEXT, ended_at TEXT, outcome TEXT, reason TEXT,
    listed INTEGER, requests INTEGER, captures INTEGER, bytes INTEGER,
    walk TEXT, lists TEXT, interruptions INTEGER DEFAULT 0, declaration TEXT);
CREATE TABLE IF NOT EXISTS skip (run TEXT, url TEXT, text TEXT, reason TEXT, PRIMARY KEY (run, url));
CREATE TABLE IF NOT EXISTS asked (
    run TEXT, host TEXT, requests INTEGER, bytes INTEGER, failures INTEGER, PRIMARY KEY (run, host));
CREATE TABLE IF NOT EXISTS capture (
    id TEXT PRIMARY KEY, run TEXT, portal TEXT, role TEXT, url TEXT, method TEXT, status INTEGER,
    content_type TEXT, fetched_at TEXT, digest TEXT, size INTEGER, file TEXT, offset INTEGER,
    length INTEGER, refers_to TEXT, judged TEXT, link_text TEXT, listed_on TEXT, location TEXT,
    context TEXT);
CREATE INDEX IF NOT EXISTS capture_portal ON capture (portal, role, status);
CREATE TABLE IF NOT EXISTS pending (capture TEXT PRIMARY KEY);
"""

logger = logging.getLogger(__name__)

DOCUMENTS = (captures.DETAIL, captures.ATTACHMENT)
"""Roles of captures that are read as documents."""

Row = dict[str, Any]


class Index:
    """The index of one data folder. Use as a context manager.

    Args:
        data: The data folder; `captures.db` and `warc/` lie in it.

    Raises:
        OSError: The folder cannot be written.
    """

    def __init__(self, data: Path) -> None:
        self.warc = data / "warc"
        self.warc.mkdir(parents=True, exist_ok=True)
        self._path = data / "captures.db"
        # Two first starts at once: one must not take the other's half-made tables for foreign.
        with locks.hold(data, "index", wait=60):
            self._db = _open(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def catch_up(self) -> list[str]:
        """Read every file the index does not know whole; return what is wrong with damaged ones.

        After a crash these are the open files, after the loss of `captures.db` all of them.
        Damage is read around, and told each time until it is mended.
        """
        known = dict(self._db.execute("SELECT name, size FROM file"))
        damages: list[str] = []
        for path in sorted(self.warc.glob("*/*.warc.gz*")):
            try:
                if known.get(path.name) != path.stat().st_size:
                    damages += self._absorb(path)
            except FileNotFoundError:
                # Sealed by another process since it was listed: the next look finds it.
                continue
            except BadRecord as error:
                damages.append(str(error))
        for damage in damages:
            logger.error("%s", damage)
        return damages

    def _absorb(self, path: Path) -> list[str]:
        portal, run, _ = runs.parse_name(path)
        damages = []
        with self._db:
            for item in runs.read_file(path):
                if isinstance(item, Answer):
                    self._add_capture(item.capture)
                    if is_document(item.capture):
                        self._enqueue(item.capture.id)
                elif isinstance(item, runs.Event):
                    self._add_event(portal, f"{portal}/{run}", item)
                else:
                    damages.append(item)
            if path.name.endswith(warc.OPEN):
                # Its torn tail is being written by another process, or cut back by its next start.
                return [item.detail for item in damages if item.offset + item.length < path.stat().st_size]
            if not damages:
                self._know_file(path)
        return [item.detail for item in damages]

    def know_file(self, path: Path) -> None:
        """Note that a sealed file is wholly in the index."""
        with self._db:
            self._know_file(path)

    def _know_file(self, path: Path) -> None:
        self._db.execute("REPLACE INTO file VALUES (?, ?)", (path.name, path.stat().st_size))

    def add(self, answers: Iterable[Capture]) -> None:
        """Add captures whose records are on the disk; documents wait to be read from now on."""
        with self._db:
            for capture in answers:
                self._add_capture(capture)
                if is_document(capture):
                    self._enqueue(capture.id)

    def add_event(self, portal: str, run: str, event: runs.Event) -> None:
        """Add what a run's file tells of the run itself."""
        with self._db:
            self._add_event(portal, f"{portal}/{run}", event)

    def _add_capture(self, capture: Capture) -> None:
        row = _row(capture)
        marks = ", ".join("?" * len(row))
        self._db.execute(
            f"INSERT OR IGNORE INTO capture ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )

    def _enqueue(self, identity: str) -> None:
        # The queue need not be exact: what is queued twice is read once more with the same result.
        self._db.execute("INSERT OR IGNORE INTO pending VALUES (?)", (identity,))

    def _add_event(self, portal: str, run: str, event: runs.Event) -> None:
        if event.kind == runs.STARTED:
            declaration = json.dumps(event.value["portal"], ensure_ascii=False, sort_keys=True)
            self._db.execute(
                "INSERT OR IGNORE INTO run (id, portal, started_at, declaration) VALUES (?, ?, ?, ?)",
                (run, portal, event.date, declaration),
            )
        elif event.kind == runs.CONTINUED:
            self._db.execute(
                "UPDATE run SET interruptions = max(interruptions, ?) WHERE id = ?",
                (event.value["interruptions"], run),
            )
        elif event.kind == runs.ENDED:
            self._end_run(run, event)

    def _end_run(self, run: str, event: runs.Event) -> None:
        value = event.value
        self._db.execute(
            """UPDATE run SET ended_at = :date, outcome = :outcome, reason = :reason, listed = :listed,
            requests = :requests, captures = :captures, bytes = :bytes, walk = :walk, lists = :lists
            WHERE id = :run""",
            {
                "run": run,
                "date": event.date,
                "walk": value.get("walk", FULL),
                "lists": json.dumps(value.get("lists", [])),
                **{key: value[key] for key in runs.ENDED_FIELDS},
            },
        )
        self._db.executemany(
            "REPLACE INTO skip VALUES (?, ?, ?, ?)",
            [(run, skip["url"], skip["text"], skip["reason"]) for skip in value["skips"]],
        )
        self._db.executemany(
            "REPLACE INTO asked VALUES (?, ?, ?, ?, ?)",
            [(run, a["host"], a["requests"], a["bytes"], a["failures"]) for a in value["asked"]],
        )

    def known_documents(self, portal: str, run: str) -> dict[str, Look]:
        """Return the documents that runs of a portal before `run` archived, by address."""
        rows = self._rows(
            """SELECT url, status, judged, location, fetched_at, context FROM capture
            WHERE portal = ? AND run < ? AND role IN (?, ?) ORDER BY fetched_at, run, offset""",
            (portal, f"{portal}/{run}", *DOCUMENTS),
        )
        return looks(rows)

    def skipped(self, portal: str, run: str) -> set[str]:
        """Return the addresses that runs of a portal before `run` saw and did not follow."""
        rows = self._db.execute(
            "SELECT DISTINCT url FROM skip JOIN run ON run.id = skip.run WHERE portal = ? AND run.id < ?",
            (portal, f"{portal}/{run}"),
        )
        return {url for (url,) in rows}

    def columns(self, portal: str) -> tuple[str, ...]:
        """Return the columns that the newest ended run of a portal read."""
        rows = self._db.execute(
            """SELECT DISTINCT json_extract(context, '$.column') FROM capture
            WHERE role = ? AND status IN (200, 304) AND run =
            (SELECT max(id) FROM run WHERE portal = ? AND outcome IN ('ok', 'unchanged')) ORDER BY 1""",
            (captures.LIST, portal),
        )
        return tuple(column for (column,) in rows if column)

    def before(self, portal: str) -> Before | None:
        """Return the newest good run of a portal that walked whole lists, or None."""
        return before(
            self._rows(
                "SELECT * FROM run WHERE portal = ? AND ended_at IS NOT NULL ORDER BY id DESC", (portal,)
            )
        )

    def pending(self) -> list[str]:
        """Return the ids of captures that wait to be read, in the order of their addresses."""
        rows = self._db.execute(
            "SELECT capture FROM pending JOIN capture ON capture.id = pending.capture ORDER BY url, id"
        )
        return [identity for (identity,) in rows]

    def documents(self) -> list[str]:
        """Return the ids of all captures that are read as documents, in the order of their addresses."""
        rows = self._db.execute(
            """SELECT id FROM capture WHERE role IN (?, ?) AND status = 200 AND judged = '' AND refers_to = ''
            ORDER BY url, id""",
            DOCUMENTS,
        )
        return [identity for (identity,) in rows]

    def done(self, ids: Iterable[str]) -> None:
        """Take captures off the queue: they are in the database."""
        with self._db:
            self._db.executemany("DELETE FROM pending WHERE capture = ?", [(item,) for item in ids])

    def capture(self, identity: str) -> Capture:
        """Return a capture with its body, read from its WARC file.

        Raises:
            KeyError: There is no such capture.
            TornRecord, BadRecord: The file is damaged or gone.
        """
        row = next(self._rows("SELECT * FROM capture WHERE id = ?", (identity,)), None)
        if row is None:
            raise KeyError(identity)
        context = Context(**json.loads(row["context"]))
        found = runs.read_capture(self.warc, row["file"], row["offset"], row["method"], context)
        if found.id != identity:
            raise BadRecord(f"{row['file']}: the record at {row['offset']} is not the one that is indexed")
        if found.refers_to:
            # It points at bytes, never at another revisit (`repeatable`).
            repeated = self.capture(found.refers_to)
            found = replace(found, body=repeated.body, digest=repeated.digest)
        return found

    def repeatable(self, portal: str, run: str) -> dict[str, str]:
        """Return the newest whole, sealed capture of each page that runs before `run` archived.

        Returns:
            Ids of captures by address: what a new answer may be the same as.
        """
        rows = self._db.execute(
            """SELECT url, id FROM capture JOIN file ON file.name = capture.file
            WHERE portal = ? AND run < ? AND method = 'GET' AND status = 200 AND refers_to = ''
            AND judged = '' ORDER BY fetched_at, offset""",
            (portal, f"{portal}/{run}"),
        )
        return dict(rows.fetchall())

    def rebuild(self) -> None:
        """Forget everything and read all files again; damaged captures are then unknown."""
        with self._db:
            for table in ("file", "run", "skip", "asked", "capture", "pending"):
                self._db.execute(f"DELETE FROM {table}")
        self.catch_up()

    def rows(self, table: str) -> Iterator[Row]:
        """Yield all rows of `run`, `skip`, `asked` or `capture`, in a fixed order."""
        if table not in ("run", "skip", "asked", "capture"):
            raise ValueError(table)
        return self._rows(f"SELECT * FROM {table} ORDER BY 1, 2", ())

    def _rows(self, sql: str, values: tuple[Any, ...]) -> Iterator[Row]:
        with closing(self._db.execute(sql, values)) as cursor:
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))


def is_document(capture: Capture) -> bool:
    """Tell whether a capture is one that `pipelines` read: a document, and no repeated one."""
    whole = capture.status == 200 and not capture.judged and not capture.refers_to
    return whole and capture.context.role in DOCUMENTS


def _location(capture: Capture) -> str:
    """Return where a redirect leads, or an empty string."""
    location = capture.header("location") if 300 <= capture.status < 400 else ""
    try:
        return urljoin(capture.url, location).partition("#")[0] if location else ""
    except ValueError:
        return ""


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connect(path)
    except sqlite3.OperationalError as error:
        raise OSError(f"{path}: {error}") from error
    except sqlite3.DatabaseError:
        # No database any more, or another version's: it is derived, so it is made anew.
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if tables and version != VERSION:
            raise sqlite3.DatabaseError(f"index of version {version}")
        db.executescript(_SCHEMA)
        db.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _row(capture: Capture) -> Mapping[str, Any]:
    context = {key: value for key, value in asdict(capture.context).items() if value}
    return {
        "id": capture.id,
        "run": capture.run,
        "portal": capture.run.partition("/")[0],
        "role": capture.context.role,
        "url": capture.url,
        "method": capture.method,
        "status": capture.status,
        "content_type": capture.header("content-type"),
        "fetched_at": capture.fetched_at,
        "digest": capture.digest,
        "size": len(capture.body),
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "refers_to": capture.refers_to,
        "judged": capture.judged,
        "link_text": capture.context.link_text,
        "listed_on": capture.context.listed_on,
        "location": _location(capture),
        "context": json.dumps(context, ensure_ascii=False, sort_keys=True),
    }
