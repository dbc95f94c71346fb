"""Asking the publication's database: rows as dicts, and what every page shows of the publication."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from datasette.database import Database
from datasette.utils import sqlite_timelimit

PUBLICATION = "SELECT * FROM publication"

T = TypeVar("T")


async def rows(db: Database, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    return [dict(row) for row in (await db.execute(sql, values)).rows]


async def publication(db: Database) -> dict[str, Any]:
    """Return the publication's own row, with its counts."""
    return (await rows(db, PUBLICATION))[0]


async def at_once(db: Database, ask: Callable[[sqlite3.Connection], T]) -> T:
    """Return what a function asks by many queries, in one thread and the time that one query has.

    A way to the thread and back costs more than a query that an index answers.
    """
    limit = db.ds.setting("sql_time_limit_ms")

    def within(conn: sqlite3.Connection) -> T:
        with sqlite_timelimit(conn, limit):
            return ask(conn)

    answer: T = await db.execute_fn(within)
    return answer


def found(conn: sqlite3.Connection, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts, on a connection that is at hand."""
    return [dict(row) for row in conn.execute(sql, values)]
