"""Which tables a database has: a search index is none, for it follows from them, and so do summaries."""

import sqlite3

DERIVED = "site_"
"""How the names begin of tables that are made of the others for the site's pages (`summary`)."""


def has_table(db: sqlite3.Connection, table: str, schema: str = "main") -> bool:
    """Tell whether a database has a table, which one of an earlier version may lack."""
    found = db.execute(f"SELECT 1 FROM {schema}.sqlite_master WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


def table_names(db: sqlite3.Connection, schema: str = "main") -> list[str]:
    """Return the names of all tables, in their order."""
    found = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = ? AND type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name",
        (schema,),
    )
    return [name for (name,) in found if not name.startswith(DERIVED)]


def fields_of(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the names of a table's fields, in their order; none where there is no such table."""
    return [
        name for (name,) in db.execute("SELECT name FROM pragma_table_info(?, 'main') ORDER BY cid", (table,))
    ]


def key_of(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the fields of a table's key; `rowid` where it declares none."""
    found = db.execute("SELECT name FROM pragma_table_info(?, 'main') WHERE pk ORDER BY pk", (table,))
    return [name for (name,) in found] or ["rowid"]
