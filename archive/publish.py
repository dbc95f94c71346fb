"""A publication: `public/<version>/gongkai.db`, an immutable snapshot of the working database.

A version is made whole in a hidden folder beside the others and swapped in by one rename, so
whoever looks into `public/` sees complete versions only, the newest being the one to serve.
A version is named by its time, `20261124T201555Z`, so names sort as they were made.
"""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import disk
from archive.errors import PublishError

DATABASE = "gongkai.db"
KEEP = 5
"""Versions kept. The server moves to a new version within seconds, but a reader may be in the
middle of a download of the old one, and the last few say what was changed when."""

STAMP = "%Y%m%dT%H%M%SZ"
DRAFT = ".draft"
VERSION = re.compile(r"\d{8}T\d{6}Z")
LEFTOVER = re.compile(rf"\.draft|\.{VERSION.pattern}")

FIELDS = (
    ("version", "TEXT PRIMARY KEY", "版本", "Version: the time it was made", None),
    ("made_at", "TEXT", "生成时间（UTC）", "Made at, UTC", None),
    ("content", "TEXT", "内容摘要", "SHA-256 over all rows of all tables, in key order", None),
    ("reports", "INTEGER", "年度报告数", "Reports", "SELECT count(*) FROM report"),
    (
        "agencies",
        "INTEGER",
        "有报告的行政机关数",
        "Agencies with reports",
        "SELECT count(DISTINCT agency) FROM report",
    ),
    ("first_year", "INTEGER", "最早报告年度", "First year reported on", "SELECT min(year) FROM report"),
    ("last_year", "INTEGER", "最近报告年度", "Last year reported on", "SELECT max(year) FROM report"),
    ("cells", "INTEGER", "单元格数", "Cells", "SELECT count(*) FROM cell"),
    ("findings", "INTEGER", "检查发现数", "Findings", "SELECT count(*) FROM finding"),
    ("problems", "INTEGER", "读取问题数", "Problems", "SELECT count(*) FROM problem"),
    ("captures", "INTEGER", "存档数", "Captures", "SELECT count(*) FROM capture"),
    (
        "specimens",
        "INTEGER",
        "样本网站数",
        "Portals that are specimens",
        "SELECT count(*) FROM portal WHERE specimen = 1",
    ),
)
"""The fields of `publication`: name, type, description zh and en, and the query that fills it.
They are counted once here, so that the home page never counts."""


def versions(public: Path) -> list[Path]:
    """Return the folders of all complete versions in `public`, newest first."""
    if not public.is_dir():
        return []
    folders = (folder for folder in public.iterdir() if VERSION.fullmatch(folder.name))
    return sorted((f for f in folders if (f / DATABASE).is_file()), reverse=True)


def newest(public: Path) -> Path | None:
    """Return the folder of the newest complete version in `public`, or None."""
    return next(iter(versions(public)), None)


def publish(database: Path, public: Path, *, now: datetime) -> Path:
    """Publish a snapshot of the working database.

    Only one process at a time may publish into a folder (the caller holds the loader's lock):
    whatever a killed one left half made is cleared here.

    Args:
        database: The working database; it is only read.
        public: The folder of versions; made if it is not there.
        now: Time of the publication, with its zone.

    Returns:
        The folder of the new version, or of the newest one if nothing has changed since.

    Raises:
        PublishError: The database is missing or unreadable, or `public` cannot be written.
    """
    if not database.is_file():
        raise PublishError(f"there is no database at {database}")
    try:
        public.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(public)
        draft = public / DRAFT
        draft.mkdir()
        content = _snapshot(database, draft / DATABASE)
        last = newest(public)
        if last is not None and content == _content_of(last / DATABASE):
            shutil.rmtree(draft)
            return last
        version = _next_version(last, now)
        _finish(draft / DATABASE, version, content)
        disk.sync_file(draft / DATABASE)
        disk.sync_folder(draft)
        folder = draft.rename(public / version)
        disk.sync_folder(public)
        _retire(public)
    except (OSError, sqlite3.Error) as error:
        raise PublishError(f"{database} could not be published into {public}: {error}") from error
    return folder


def _clear_leftovers(public: Path) -> None:
    for folder in public.iterdir():
        if LEFTOVER.fullmatch(folder.name):
            shutil.rmtree(folder)


def _snapshot(database: Path, target: Path) -> str:
    """Write the snapshot and return the digest of its content."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        return _content(copy)


def _content(db: sqlite3.Connection) -> str:
    """Return a digest of all rows in key order; two equal databases have equal digests."""
    digest = hashlib.sha256()
    for table, key in _tables(db):
        digest.update(f"{table}\n".encode())
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY {key}'):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _tables(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield (table, its key as SQL) for ordinary tables: a search index follows from them."""
    listed = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    for (name,) in listed:
        keys = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (name,))
        yield name, ", ".join(f'"{key}"' for (key,) in keys) or "rowid"


def _content_of(database: Path) -> str | None:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT content FROM publication").fetchone()
    return str(row[0]) if row else None


def _next_version(last: Path | None, now: datetime) -> str:
    """Return the name for `now`, or the second after `last` if the clock is not past it."""
    version = f"{now.astimezone(UTC):{STAMP}}"
    if last is None or version > last.name:
        return version
    return f"{datetime.strptime(last.name, STAMP) + timedelta(seconds=1):{STAMP}}"


def _finish(snapshot: Path, version: str, content: str) -> None:
    """Write the publication's own row and what makes the snapshot quick to read."""
    made_at = f"{datetime.strptime(version, STAMP):%Y-%m-%dT%H:%M:%SZ}"
    columns = ", ".join(f"{name} {type_}" for name, type_, *_ in FIELDS)
    with closing(sqlite3.connect(snapshot)) as db, db:
        db.execute("PRAGMA journal_mode = DELETE")
        counts = [db.execute(query).fetchone()[0] for *_, query in FIELDS if query]
        db.execute(f"CREATE TABLE publication ({columns})")
        marks = ", ".join("?" * len(FIELDS))
        db.execute(f"INSERT INTO publication VALUES ({marks})", (version, made_at, content, *counts))
        described = [("publication", name, zh, en) for name, _, zh, en, _ in FIELDS]
        described.append(("publication", "", "本次发布", "This publication: one immutable snapshot."))
        db.executemany(
            'INSERT OR REPLACE INTO description ("table", field, zh, en) VALUES (?, ?, ?, ?)', described
        )
        db.execute("ANALYZE")


def _retire(public: Path) -> None:
    """Remove all but the newest versions, each hidden first, so that none is ever seen half."""
    for folder in versions(public)[KEEP:]:
        shutil.rmtree(folder.rename(public / f".{folder.name}"))
