"""Asking the publication's database: rows as dicts, and what every page shows of the publication."""

from typing import Any

from datasette.database import Database

PUBLICATION = "SELECT * FROM publication"


async def rows(db: Database, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    return [dict(row) for row in (await db.execute(sql, values)).rows]


async def publication(db: Database) -> dict[str, Any]:
    """Return the publication's own row, with its counts."""
    return (await rows(db, PUBLICATION))[0]
