"""Answers for what a citation names: `/version/<version>/<table>.csv`, the rows that were published then.

An address keeps its answer whatever is published later, but for what is withheld or masked since.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import AsgiStream, Request, Response

from archive import cited
from archive.errors import CiteError
from archive.formats import csv_line, json_line

BATCH = 1000
"""Rows that are read, and sent, at once."""

PATIENCE = 20.0
"""Seconds in which the next of them must be found: a look through millions of rows takes a few."""

_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Answer these addresses before Datasette does."""
    return [
        (r"^/version/?$", versions),
        (r"^/version/(?P<version>[^/.]+)/?$", version),
        (r"^/version/(?P<version>[^/.]+)/(?P<table>[^/.]+)\.(?P<ending>csv|jsonl)$", rows),
    ]


def _connect(datasette: Datasette) -> sqlite3.Connection:
    path = Path(datasette.get_database().path).absolute()
    # Each batch may be read by another thread, never two at once.
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


async def versions(datasette: Datasette, request: Request) -> Response:
    """Return all versions that can be cited, the newest first."""
    with closing(_connect(datasette)) as db:
        known = cited.versions(db)
    return Response.json([{**row, "url": _url(datasette, request, row["version"])} for row in known])


async def version(datasette: Datasette, request: Request) -> Response:
    """Return what a version was, and where and by which query each table's rows of then are found."""
    with closing(_connect(datasette)) as db:
        try:
            row = cited.version(db, request.url_vars["version"])
        except CiteError as error:
            return _refused(error)
        tables = [
            {
                "table": table,
                "csv": _url(datasette, request, row["version"], f"{table}.csv"),
                "jsonl": _url(datasette, request, row["version"], f"{table}.jsonl"),
                "sql": cited.select(db, table, row["number"]) + cited.order(db, table),
            }
            for table in cited.tables(db)
        ]
        return Response.json({**row, "withheld_since": cited.withheld_since(db, row), "tables": tables})


async def rows(datasette: Datasette, request: Request) -> Response | AsgiStream:
    """Return the rows of a table in a version, all or those asked for; whole or broken off."""
    reading = None
    try:
        reading = _reading(datasette, request)
        first = await reading.batch()
    except (CiteError, sqlite3.OperationalError) as error:
        if reading:
            reading.db.close()
        return _refused(error)
    if request.method == "HEAD":
        reading.db.close()
        return Response(content_type=reading.content_type)

    async def send(writer: Any) -> None:
        with closing(reading.db):
            left = asyncio.create_task(_left(request))
            try:
                await writer.write(reading.head())
                batch = first
                while batch and not left.done():
                    await writer.write(reading.lines(batch))
                    batch = await reading.batch()
            finally:
                left.cancel()

    return AsgiStream(send, content_type=reading.content_type)


async def _left(request: Request) -> None:
    """Return when nobody waits for the answer any more."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


@dataclass(slots=True)
class _Reading:
    """Rows that are being read: their connection, their cursor, and how they are written."""

    db: sqlite3.Connection
    found: sqlite3.Cursor
    ending: str
    names: Sequence[str] = field(init=False)
    end: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.names = [name for name, *_ in self.found.description]
        self.db.set_progress_handler(lambda: time.monotonic() > self.end, 10_000)

    @property
    def content_type(self) -> str:
        return _TYPES[self.ending]

    async def batch(self) -> list[Any]:
        self.end = time.monotonic() + PATIENCE
        return await asyncio.to_thread(self.found.fetchmany, BATCH)

    def head(self) -> str:
        return csv_line(tuple(self.names)) if self.ending == "csv" else ""

    def lines(self, batch: Sequence[Any]) -> str:
        csv = self.ending == "csv"
        return "".join(csv_line(row) if csv else json_line(self.names, row) for row in batch)


def _reading(datasette: Datasette, request: Request) -> _Reading:
    table, asked = request.url_vars["table"], {name: request.args[name] for name in request.args}
    db = _connect(datasette)
    try:
        number = cited.version(db, request.url_vars["version"])["number"]
        query = cited.select(db, table, number, tuple(asked)) + cited.order(db, table)
        return _Reading(db, db.execute(query, asked), request.url_vars["ending"])
    except BaseException:
        db.close()
        raise


def _refused(error: Exception) -> Response:
    missing = isinstance(error, CiteError)
    said = str(error) if missing else "that takes too long: ask for fewer rows, by their fields"
    return Response.json({"ok": False, "error": said}, status=404 if missing else 503)


def _url(datasette: Datasette, request: Request, *parts: str) -> str:
    path = "/".join(quote(part, safe="") for part in ("version", *parts))
    return str(datasette.absolute_url(request, datasette.urls.path(f"/{path}")))
