"""Make Datasette's own search box find Chinese words, one character long and longer."""

import sqlite3

from datasette import hookimpl

from archive.site.phrase import match, phrases


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our reading of a query in the place of Datasette's, which is registered before."""
    conn.create_function("escape_fts", 1, lambda query: match(*phrases(str(query))), deterministic=True)
