"""The canonical dump: what two databases must have in common to count as equal.

Runs are left out, and with them all that only tells when and into which file something was
fetched. Two crawls of the same pages, in two folders, one of them interrupted, dump alike.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pipelines import schema
from pipelines.errors import LoadError
from pipelines.schema.definition import TableDef

_OF_RUNS = ("run", "skip", "listing", "reextraction", "reread")
_OF_TIME = {
    "report": ("gone_since",),
    "source": ("first_seen", "last_seen", "gone_since", "looked_at", "looks"),
    "revision": ("capture", "first_seen", "last_seen"),
    "rendering": ("capture", "first_seen", "last_seen"),
    "change": ("first_seen", "last_seen"),
    "withheld": ("capture",),
    "coverage": ("searched_at", "zh", "en"),
}

_CAPTURES = """
    SELECT DISTINCT portal, role, url, method, status, digest, reading, reading_reason FROM capture c
    WHERE (status BETWEEN 200 AND 399 OR status IN (404, 410)) AND status <> 304
    AND (reading IS NOT NULL OR NOT EXISTS (SELECT 1 FROM capture r WHERE r.reading IS NOT NULL
        AND r.url = c.url AND r.digest = c.digest AND r.portal IS c.portal
        AND (r.role, r.method, r.status) = (c.role, c.method, c.status)))
    ORDER BY url, method, digest, portal, role, status, reading, reading_reason
"""
"""A page that was unchanged (304) is the page it was; an answer that is asked again (429, 5xx)
belongs to its run; of one page fetched twice the fetch that was read speaks for both."""

_PROBLEMS = """
    SELECT p.id, c.portal, c.url, c.digest, p.revision, p.kind, p.[table], p.[row], p.[column], p.detail,
        p.place, p.report
    FROM problem p LEFT JOIN capture c ON c.id = p.capture ORDER BY p.id
"""


def dump_canonical(path: Path) -> Iterator[str]:
    """Yield a database as JSON Lines, `{"<table>": {"<field>": value, …}}`, sorted by table and key.

    A capture stands for its content: `portal`, `url` and `digest` instead of its id.

    Raises:
        LoadError: There is no database of this version.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            _check_version(db, path)
            for table in schema.TABLES:
                if table.name not in _OF_RUNS:
                    yield from _dump_table(db, table)
    except sqlite3.DatabaseError as error:
        raise LoadError(f"{path}: {error}") from error


def _check_version(db: sqlite3.Connection, path: Path) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found != schema.VERSION:
        raise LoadError(f"{path}: database version {found!r}, not {schema.VERSION!r}")


def _dump_table(db: sqlite3.Connection, table: TableDef) -> Iterator[str]:
    cursor = db.execute(_query(table))
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield json.dumps({table.name: _named(names, row)}, ensure_ascii=False, separators=(",", ":"))


def _query(table: TableDef) -> str:
    if table.name == "capture":
        return _CAPTURES
    if table.name == "problem":
        return _PROBLEMS
    left_out = _OF_TIME.get(table.name, ())
    fields = ", ".join(f"[{field.name}]" for field in table.fields if field.name not in left_out)
    return f"SELECT {fields} FROM [{table.name}] ORDER BY {', '.join(f'[{name}]' for name in table.key)}"


def _named(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))
