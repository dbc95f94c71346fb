"""The rows of a version that is cited, from the newest publication: what was published, unless withheld.

A field that the version did not have is NULL in its rows; fields that the newest has no more come last.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.errors import CiteError
from archive.tables import FROM, PAST, TO, has_table, key_of, past_names, types_of

Row = dict[str, Any]


def versions(db: sqlite3.Connection) -> list[Row]:
    """Return the rows of `publication_version`, the newest first: all versions that can be cited."""
    if not has_table(db, "publication_version"):
        return []
    found = db.execute("SELECT * FROM publication_version ORDER BY number DESC")
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def version(db: sqlite3.Connection, name: str = "") -> Row:
    """Return the row of a version by its name; of the newest without one.

    Raises:
        CiteError: Its rows are not kept here.
    """
    known = versions(db)
    for row in known:
        if name in ("", row["version"]):
            return row
    kept = f"from {known[-1]['version']} to {known[0]['version']}" if known else "none"
    raise CiteError(f"there is no version {name!r}; here are the rows of {kept}")


def withheld_since(db: sqlite3.Connection, cited: Row) -> int:
    """Return how many originals are withheld that were not when a version was made: its rows lack theirs."""
    if not has_table(db, "withheld"):
        return 0
    query = f"SELECT count(*) FROM main.withheld WHERE lifted_at IS NULL AND {FROM} > ?"
    return int(db.execute(query, (cited["number"],)).fetchone()[0])


def tables(db: sqlite3.Connection) -> list[str]:
    """Return the names of the tables whose rows have versions, also of those that are no more."""
    return [name.removeprefix(PAST) for name in past_names(db)]


def fields(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the fields of a table in any version, those of today first.

    Raises:
        CiteError: There is no such table.
    """
    if table not in tables(db):
        raise CiteError(f"there is no table {table!r} with versions; there are {', '.join(tables(db))}")
    return list(dict.fromkeys([*types_of(db, table), *_past_fields(db, table)]))


def select(db: sqlite3.Connection, table: str, number: int, where: Sequence[str] = ()) -> str:
    """Return the query for a table's rows in a version.

    Args:
        db: A publication's database.
        table: One of `tables`.
        number: The number of the version.
        where: Fields that have the values of the parameters `:<field>`.

    Raises:
        CiteError: There is no such table or field.
    """
    wanted = fields(db, table)
    for name in where:
        if name not in wanted:
            raise CiteError(f"there is no field {name!r} in {table}; there are {', '.join(wanted)}")
    arms = (
        (table, types_of(db, table), f"{FROM} <= {number}"),
        (PAST + table, _past_fields(db, table), f"{FROM} <= {number} AND {TO} > {number}"),
    )
    queries = []
    for name, held, then in arms:
        names = ", ".join(f'"{each}"' if each in held else f'NULL AS "{each}"' for each in wanted)
        asked = "".join(f' AND "{each}" = :{each}' if each in held else " AND 0" for each in where)
        queries.append(f'SELECT {names} FROM main."{name}" WHERE {then}{asked}')
    # A table that is no more has past rows only.
    return " UNION ALL ".join(queries if arms[0][1] else queries[1:])


def order(db: sqlite3.Connection, table: str) -> str:
    """Return what puts the rows that `select` gives into the order of the key, if the table has one."""
    key = [name for name in key_of(db, PAST + table) if name not in (FROM, "rowid")]
    return " ORDER BY " + ", ".join(f'"{name}"' for name in key) if key else ""


def _past_fields(db: sqlite3.Connection, table: str) -> list[str]:
    return [name for name in types_of(db, PAST + table) if name != TO]


def opened(database: Path, name: str = "") -> sqlite3.Connection:
    """Open a publication's database, read-only, so that its tables give the rows of a version.

    Any query that was written for that version finds what it found then.

    Raises:
        CiteError: Its rows are not kept here.
    """
    db = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        number = version(db, name)["number"]
        for table in tables(db):
            db.execute(f'CREATE TEMP VIEW "{table}" AS {select(db, table, number)}')
    except BaseException:
        db.close()
        raise
    return db
