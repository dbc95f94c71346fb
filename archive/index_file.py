"""`captures.db` as a file: its tables, how it is opened, and when it is made anew.

All it holds is derived from the WARC files, so a file that is damaged, foreign or of another
version is thrown away. It may also be deleted under the feet of whoever has it open: they go
on with what they hold, and what they write besides stands in the WARC files.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from archive import locks, reading
from archive.errors import IndexDamaged

VERSION = 5
"""Of the tables below; an index of another version is built anew from the WARC files."""

TABLES = ("file", "run", "skip", "asked", "capture", "pending")

SCHEMA = """
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

Row = dict[str, Any]
Step = tuple[str, Any]
"""One SQL statement and its values, a tuple or a mapping."""

Answer = TypeVar("Answer")


class Unusable(sqlite3.DatabaseError):
    """Raised where SQLite finds no fault and the file is not what it should be."""


class IndexFile:
    """The open file. What meets damage in it is done again on one that was built anew.

    Attributes:
        path: the file.
        only_read: this process may write nothing in the folder; there is an index, and it is read as it is.

    Args:
        data: The data folder; it exists.
        build: Fills a file that was made anew, through `write`.

    Raises:
        OSError: The file cannot be opened, read or written, here and in all methods.
    """

    def __init__(self, data: Path, build: Callable[[], object]) -> None:
        self._data, self._build = data, build
        self.path = data / "captures.db"
        # The writer's thread of a run and its main thread share the connection.
        self._lock = threading.RLock()
        self._building = False
        self.only_read = self.path.exists() and not reading.writable(data)
        if self.only_read:
            # Who may write nothing takes no lock, and reads what is there.
            self._open_to_read()
            return
        # Two first starts at once: one must not take the other's half-made tables for foreign.
        with locks.hold(data, "index", wait=60):
            self._open()

    def _open(self) -> None:
        try:
            self._db = _connect(self.path)
        except sqlite3.OperationalError as error:
            raise OSError(f"{self.path}: {error}") from error
        except sqlite3.DatabaseError:
            discard(self.path)
            self._db = _connect(self.path)
        self._inode = self.path.stat().st_ino

    def _open_to_read(self) -> None:
        try:
            self._db = open_to_read(self.path)
        except sqlite3.DatabaseError as error:
            raise OSError(f"{self.path}: {error}") from error

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def write(self, steps: Iterable[Step]) -> None:
        """Carry out statements in one transaction."""
        todo = list(steps)

        def work() -> None:
            with self._db:
                for sql, values in todo:
                    self._db.execute(sql, values)

        self._safely(work)

    def query(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._safely(lambda: self._db.execute(sql, values).fetchall())

    def rows(self, sql: str, values: Any = ()) -> list[Row]:
        """Return all rows of a query by the names of their columns."""
        return self._safely(lambda: list(_named(self._db, sql, values)))

    def stream(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a query that may be long.

        Raises:
            IndexDamaged: The file is damaged amid the rows. It has been built anew.
        """
        try:
            yield from _named(self._db, sql, ())
        except sqlite3.DatabaseError as error:
            with self._lock:
                self._make_anew(error)
            raise IndexDamaged(
                f"{self.path} was damaged and has been built anew from the WARC files: start again"
            ) from error

    def _safely(self, work: Callable[[], Answer]) -> Answer:
        with self._lock:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                self._make_anew(error)
            try:
                return work()
            except sqlite3.DatabaseError as error:
                raise OSError(f"{self.path}: {error}") from error

    def _make_anew(self, error: sqlite3.DatabaseError) -> None:
        """Build the file anew if it is damaged; raise what else was wrong with it."""
        if isinstance(error, sqlite3.ProgrammingError):
            raise error
        if self._building or self.only_read or not is_damage(error):
            raise OSError(f"{self.path}: {error}") from error
        logger.error("%s: %s; it is built anew from the WARC files", self.path, error)
        with locks.hold(self._data, "index", wait=60):
            # Another process may have done it already; while ours is open its number is taken.
            ours = self.path.exists() and self.path.stat().st_ino == self._inode
            with suppress(sqlite3.Error):
                self._db.close()
            if ours:
                discard(self.path)
            self._open()
        self._building = True
        try:
            self._build()
        finally:
            self._building = False


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error is of the file's content: not of the disk, a lock, or the program."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, Unusable) or str(error).startswith("Could not decode")
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def discard(path: Path) -> None:
    """Delete an index: first the file, so that what is left of a kill is never taken for it."""
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        # A deleted index leaves these, and another process may still have them open.
        discard(path)
    db = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        # Every running portal has the file open: at SQLite's 2 MB each, 64 of them take 100 MB more.
        db.execute("PRAGMA cache_size = -512")
        _check_version(db)
        db.executescript(SCHEMA)
        db.execute(f"PRAGMA user_version = {VERSION}")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def open_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing, not even the files beside the database.

    Raises:
        sqlite3.DatabaseError: There is no database, or none of this version.
    """
    # Without a log nobody has it open, and SQLite need not make one to read it.
    how = "mode=ro" if path.with_name(path.name + "-wal").exists() else "mode=ro&immutable=1"
    db = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)
    try:
        _check_version(db)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _check_version(db: sqlite3.Connection) -> None:
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if tables and version != VERSION:
        raise Unusable(f"index of version {version}")


def _named(db: sqlite3.Connection, sql: str, values: Any) -> Iterator[Row]:
    with closing(db.execute(sql, values)) as cursor:
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
