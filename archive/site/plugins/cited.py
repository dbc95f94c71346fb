"""Answers for what a citation names: `/version/<version>/<table>.csv`, the rows that were published then.

An address keeps its answer whatever is published later, but for what is withheld or masked since.
"""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
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

EVERY = 10_000
"""Steps of SQLite, some milliseconds, between two looks at the clock."""

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
    reading = _Reading(_connect(datasette), request.url_vars["ending"])
    try:
        # The first rows before the answer begins: until then it can be said what is wrong.
        await asyncio.to_thread(reading.begin, request)
    except (CiteError, sqlite3.OperationalError) as error:
        reading.db.close()
        return _refused(error)
    if request.method == "HEAD":
        reading.db.close()
        return Response(content_type=reading.content_type)

    async def send(writer: Any) -> None:
        left = asyncio.create_task(_left(request))
        with closing(reading.db):
            try:
                text: str | None = reading.head()
                while text is not None and not left.done():
                    await writer.write(text)
                    text = await asyncio.to_thread(reading.more)
            finally:
                left.cancel()

    return AsgiStream(send, content_type=reading.content_type)


async def _left(request: Request) -> None:
    """Return when nobody waits for the answer any more."""
    while (await request.receive())["type"] != "http.disconnect":
        continue


@dataclass(slots=True)
class _Reading:
    """Rows that are being read, in threads of their own, one after another."""

    db: sqlite3.Connection
    ending: str
    end: float = 0.0
    found: sqlite3.Cursor | None = None
    names: Sequence[str] = ()
    batch: Sequence[Any] = ()

    @property
    def content_type(self) -> str:
        return _TYPES[self.ending]

    def begin(self, request: Request) -> None:
        """Ask for the rows, and read the first.

        Raises:
            CiteError: There is no such version, table or field.
            sqlite3.OperationalError: It takes too long.
        """
        self.db.set_progress_handler(lambda: time.monotonic() > self.end, EVERY)
        self.end = time.monotonic() + PATIENCE
        table, asked = request.url_vars["table"], {name: request.args[name] for name in request.args}
        number = cited.version(self.db, request.url_vars["version"])["number"]
        query = cited.select(self.db, table, number, tuple(asked)) + cited.order(self.db, table)
        self.found = self.db.execute(query, asked)
        self.names = [name for name, *_ in self.found.description]
        self.batch = self.found.fetchmany(BATCH)

    def head(self) -> str:
        return csv_line(tuple(self.names)) if self.ending == "csv" else ""

    def more(self) -> str | None:
        """Return the rows that were read, as they are written, and read more; None at the end."""
        if not self.batch or self.found is None:
            return None
        csv = self.ending == "csv"
        text = "".join(csv_line(row) if csv else json_line(self.names, row) for row in self.batch)
        self.end = time.monotonic() + PATIENCE
        self.batch = self.found.fetchmany(BATCH)
        return text


def _refused(error: Exception) -> Response:
    missing = isinstance(error, CiteError)
    said = str(error) if missing else "that takes too long: ask for fewer rows, by their fields"
    return Response.json({"ok": False, "error": said}, status=404 if missing else 503)


def _url(datasette: Datasette, request: Request, *parts: str) -> str:
    path = "/".join(quote(part, safe="") for part in ("version", *parts))
    return str(datasette.absolute_url(request, datasette.urls.path(f"/{path}")))
