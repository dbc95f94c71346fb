"""How the tables of a publication are divided into files, and what each field of a file is.

What belongs to a report is divided by the year reported on, and cells by form too: last year's
reports seldom change, so their files stay as they are from one version to the next. Past rows are
divided by the year of the version that ended them: when the year is over their files stay for ever,
and who wants the rows of a version needs none from before it. Every row of a table is in exactly one
of its parts.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.tables import PAST, TO, table_names

STRING, INTEGER, NUMBER = "string", "integer", "number"
_TYPES = {"INTEGER": INTEGER, "FLOAT": NUMBER, "REAL": NUMBER}


@dataclass(frozen=True, slots=True)
class _Division:
    """How a table `t` is divided: `by` its own rows or what they belong to, along the indexes.

    `on` ties its rows to what they belong to; `back` leads from any row to its year, if it has one.
    """

    year: str
    by: str = ""
    on: str = ""
    back: str = ""


_BY_ITSELF = _Division("t.year")
_BY_REPORT = _Division("r.year", "report r", "t.report = r.id", " LEFT JOIN report r ON r.id = t.report")
_BY_SOURCE = _Division(
    "r.year",
    "report r JOIN source s ON s.report = r.id",
    "t.source = s.id",
    " LEFT JOIN source s ON s.id = t.source LEFT JOIN report r ON r.id = s.report",
)
_BY_CHANGE = _Division(
    "r.year",
    "report r JOIN change c ON c.report = r.id",
    "t.change = c.id",
    " LEFT JOIN change c ON c.id = t.change LEFT JOIN report r ON r.id = c.report",
)
_BY_REVISION = _Division(
    "r.year",
    "report r JOIN source s ON s.report = r.id JOIN revision v ON v.source = s.id",
    "t.revision = v.id",
    " LEFT JOIN revision v ON v.id = t.revision LEFT JOIN source s ON s.id = v.source"
    " LEFT JOIN report r ON r.id = s.report",
)

_DIVIDED = {
    **dict.fromkeys(("report", "coverage"), _BY_ITSELF),
    **dict.fromkeys(("source", "indicator", "change"), _BY_REPORT),
    **dict.fromkeys(("revision", "rendering"), _BY_SOURCE),
    "changed": _BY_CHANGE,
    **dict.fromkeys(("cell", "section", "finding", "grid", "published_date"), _BY_REVISION),
}
"""Tables that are divided by year; all others are one part."""

_WIDE = {
    "cell": (
        ("report", STRING, "年度报告", "Report", "r.id"),
        (
            "agency_name",
            STRING,
            "机关全称",
            "Full official name of the agency",
            "(SELECT name FROM agency WHERE id = r.agency)",
        ),
        ("year", INTEGER, "报告年度", "Year reported on", "r.year"),
        ("form", STRING, "表式", "Form of table three", "v.form"),
        (
            "current",
            INTEGER,
            "是否当前版本",
            "1 if it is of the report's current revision",
            "r.revision IS v.id",
        ),
        ("table", STRING, "表", "Table code", 'i."table"'),
        ("row", STRING, "行", "Row code", "i.row"),
        ("column", STRING, "列", "Column code", "i.column"),
        ("label", STRING, "指标项名称", "Table, row and column in words", "i.label"),
        ("unit", STRING, "单位", "Unit", "i.unit"),
        (
            "state_name",
            STRING,
            "状态名称",
            "State in a word: number, blank, placeholder, unreadable",
            "(SELECT name FROM cell_state WHERE id = t.state)",
        ),
    )
}
"""Fields that a table's files have before its own, so that a row can be read by itself."""

_WIDE_JOIN = {"cell": " LEFT JOIN form_item i ON i.id = t.item"}
_BY_FORM = ("cell",)
NONE = "none"
"""What stands in a part's name for a year or form that is not known."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table's files; `sql` is where it comes from, `refers` the table its values are keys of."""

    name: str
    type: str
    zh: str
    en: str
    sql: str
    refers: str | None = None
    in_key: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its description, fields and key."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Return the names of the key's fields; none where the table has no key."""
        return tuple(field.name for field in self.fields if field.in_key)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a table: its year and form, if it is divided by them, and the query for its rows."""

    table: Table
    year: int | str | None
    form: str | None
    query: str
    values: tuple[int | str | None, ...]

    @property
    def stem(self) -> str:
        """Return the name of its files without their endings."""
        words = [str(word) for word in (self.table.name, self.year, self.form) if word is not None]
        return "-".join(re.sub(r"[^A-Za-z0-9_]", "_", word) for word in words)

    def rows(self, db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
        """Yield its rows, one at a time, in the order of the key."""
        yield from db.execute(self.query, self.values)


def tables(db: sqlite3.Connection) -> list[Table]:
    """Return all tables in the order of their names; a search index is none, it follows from them.

    Of past rows there is a table in the database for each of the others, and here where it has any.
    """
    return [
        _table(db, name)
        for name in table_names(db)
        if not name.startswith(PAST) or db.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
    ]


def _table(db: sqlite3.Connection, name: str) -> Table:
    words = {
        field: (zh, en)
        for field, zh, en in db.execute('SELECT field, zh, en FROM description WHERE "table" = ?', (name,))
    }
    keys = db.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?)', (name,)).fetchall()
    refers = dict(keys)
    own = [
        Field(
            field,
            _TYPES.get(type_.upper(), STRING),
            *words.get(field, ("", "")),
            # Values of several types, where a field's type has changed, are told as text.
            f't."{field}"' if type_ else f'CAST(t."{field}" AS TEXT)',
            refers.get(field),
            bool(pk),
        )
        for field, type_, pk in db.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,))
    ]
    wide = [Field(*each) for each in _WIDE.get(name, ())]
    return Table(name, *words.get("", ("", "")), tuple(wide + own))


def parts(db: sqlite3.Connection, table: Table) -> Iterator[Part]:
    """Yield the parts of a table; an undivided table is one part."""
    name = f'"{table.name}"'
    fields = ", ".join(f'{field.sql} AS "{field.name}"' for field in table.fields)
    order = ", ".join(f't."{key}"' for key in table.key) or "t.rowid"
    select = f"SELECT {fields} FROM {{}}{_WIDE_JOIN.get(table.name, '')} WHERE {{}} ORDER BY {order}"
    if table.name.startswith(PAST):
        yield from _ended(db, table, select)
        return
    division = _DIVIDED.get(table.name)
    # An empty table is one file too: that there is nothing in it is told by the file, not by its lack.
    if division is None or not db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone():
        yield Part(table, None, None, select.format(f"{name} t{division.back if division else ''}", "1"), ())
        return
    by_form = table.name in _BY_FORM
    # CROSS: from the year's reports to their rows, not through all rows once for each year.
    found = f"{division.by} CROSS JOIN {name} t ON {division.on}" if division.by else f"{name} t"
    for year, form in _years(db, name, division, by_form):
        where = f"{division.year} = ?" + (" AND v.form IS ?" if by_form else "")
        values = (year, form) if by_form else (year,)
        yield Part(table, year, (form or NONE) if by_form else None, select.format(found, where), values)
    anywhere, where = f"{name} t{division.back}", f"{division.year} IS NULL"
    if db.execute(f"SELECT 1 FROM {anywhere} WHERE {where} LIMIT 1").fetchone():
        yield Part(table, NONE, NONE if by_form else None, select.format(anywhere, where), ())


def _ended(db: sqlite3.Connection, table: Table, select: str) -> Iterator[Part]:
    """Yield the parts of a table of past rows; the year of a version is how its name begins."""
    name, within = f'"{table.name}"', "SELECT number FROM publication_version WHERE substr(version, 1, 4) = ?"
    years = db.execute("SELECT DISTINCT substr(version, 1, 4) FROM publication_version ORDER BY 1").fetchall()
    for (year,) in years:
        where = f"t.{TO} IN ({within})"
        if db.execute(f"SELECT 1 FROM {name} t WHERE {where} LIMIT 1", (year,)).fetchone():
            yield Part(table, int(year), None, select.format(f"{name} t", where), (year,))


def _years(
    db: sqlite3.Connection, name: str, division: _Division, by_form: bool
) -> list[tuple[int, str | None]]:
    """Return the years (and forms) of which there are rows."""
    held = f"EXISTS (SELECT 1 FROM {name} t WHERE {division.on})" if division.by else "1"
    where_from = division.by or f"{name} t"
    query = (
        f"SELECT DISTINCT {division.year}, {'v.form' if by_form else 'NULL'} FROM {where_from}"
        f" WHERE {division.year} IS NOT NULL AND {held} ORDER BY 1, 2"
    )
    return db.execute(query).fetchall()
