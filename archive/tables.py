"""Which tables a database has, and which of them hold rows that are kept from version to version.

A search index is no table, for it follows from them, and so do summaries.
"""

import sqlite3

DERIVED = "site_"
"""How the names begin of tables that are made of the others for the site's pages (`summary`)."""

PAST = "past_"
"""What the name of a table of past rows begins with; then comes the name of their table (`past`)."""

FROM, TO = "from_version", "to_version"
"""Number of the version since which a row stands just so, and of the one that does not show it any more."""

OWN = ("description", "masked", "publication", "publication_change", "publication_version")
"""Tables that tell of a publication itself: rows of theirs have no versions."""


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


def content_names(db: sqlite3.Connection, schema: str = "main") -> list[str]:
    """Return the names of the tables whose rows have versions, in their order."""
    return [name for name in table_names(db, schema) if name not in OWN and not name.startswith(PAST)]


def past_names(db: sqlite3.Connection, schema: str = "main") -> list[str]:
    """Return the names of the tables of past rows, in their order."""
    return [name for name in table_names(db, schema) if name.startswith(PAST)]


def key_of(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the fields of a table's key; `rowid` where it declares none."""
    found = db.execute("SELECT name FROM pragma_table_info(?, 'main') WHERE pk ORDER BY pk", (table,))
    return [name for (name,) in found] or ["rowid"]


def types_of(db: sqlite3.Connection, table: str, schema: str = "main") -> dict[str, str]:
    """Return the types of a table's fields by their names, in their order; none where there is no table."""
    found = db.execute("SELECT name, upper(type) FROM pragma_table_info(?, ?) ORDER BY cid", (table, schema))
    return dict(found.fetchall())
