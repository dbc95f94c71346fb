"""The tables of `gongkai.db`: what each is, and what each field holds, in both languages.

The site and the downloads describe themselves from here: `create` writes these words
into the table `description`. Ids are derived from content, so two builds of one
archive agree.
"""

from collections.abc import Iterator
from functools import cache

import sqlite_utils

from pipelines import registers
from pipelines.schema import (
    coverage,
    crawls,
    forms,
    history,
    indicators,
    judgements,
    publishers,
    reports,
)
from pipelines.schema.definition import INTEGER, REAL, TEXT, F, TableDef

VERSION = 4
"""Written into `PRAGMA user_version`; `pipelines/migrations.py` leads from each to the next."""


_PYTHON_TYPES = {TEXT: str, INTEGER: int, REAL: float}

_DESCRIPTION = (
    TableDef(
        "description",
        "说明",
        "This description of every table and field.",
        ("table", "field"),
        (
            F("table", TEXT, "表", "Table"),
            F("field", TEXT, "字段", "Field; empty for the table itself"),
            F("zh", TEXT, "中文说明", "In Chinese"),
            F("en", TEXT, "英文说明", "In English"),
        ),
    ),
)

TABLES = (
    *publishers.TABLES,
    *crawls.TABLES,
    *forms.TABLES,
    *reports.TABLES,
    *judgements.TABLES,
    *indicators.TABLES,
    *history.TABLES,
    *coverage.TABLES,
    *_DESCRIPTION,
)

SEARCHED = {"section": ("heading", "text"), "report": ("title", "agency")}
"""What the full-text index `<table>_fts` of a table holds; its rowid is the table's `search_id`.

The indexes are contentless and hold the text as `pipelines.search.spaced` gives it, so
nothing is stored twice. `search_id` is a field of its own because VACUUM, which makes
every publication, may renumber the rowids that such an index would otherwise rely on.
"""

LABEL_FIELDS = {
    "division": "name",
    "agency": "name",
    "portal": "title",
    "report": "title",
    "source": "url",
    "form": "name",
    "form_item": "label",
    "cell_state": "name",
    "check_definition": "zh",
    "indicator_definition": "zh",
    "capture": "url",
}
"""The field by which Datasette shows a row that another table refers to."""


def descriptions() -> Iterator[tuple[str, str, str, str]]:
    """Yield (table, field, zh, en) for every table (field empty) and every field."""
    for table in TABLES:
        yield table.name, "", table.zh, table.en
        for column in table.fields:
            yield table.name, column.name, column.zh, column.en


def create(db: sqlite_utils.Database) -> None:
    """Make all tables, indexes, full-text indexes and registers in an empty database."""
    made: set[str] = set()
    late: list[tuple[str, str, str, str]] = []
    for table in TABLES:
        made.add(table.name)
        late += _create_table(db, table, made)
    db.add_foreign_keys(late)
    for table in TABLES:
        index(db, table)
    for name in SEARCHED:
        create_search(db, name)
    fill(db)
    db.execute(f"PRAGMA user_version = {VERSION}")


def fill(db: sqlite_utils.Database) -> None:
    """Write all registers anew; rows of other tables go on referring to the same ids."""
    for name in ("description", "form_table", "form_cell", "form_label", "indicator_term", "indicator_break"):
        db.execute(f"DELETE FROM [{name}]")
    for name, rows in {**registers.registers(), "description": descriptions()}.items():
        db.conn.executemany(insert(name, "REPLACE"), rows)


def index(db: sqlite_utils.Database, table: TableDef) -> None:
    """Make the further indexes that a table declares, where they are missing."""
    for columns in table.indexes:
        db.table(table.name).create_index(columns, if_not_exists=True)


def create_search(db: sqlite_utils.Database, name: str) -> None:
    """Make the full-text index of a table (see `SEARCHED`)."""
    columns = ", ".join(SEARCHED[name])
    db.execute(f"CREATE VIRTUAL TABLE [{name}_fts] USING FTS5 ({columns}, content='')")


def _create_table(
    db: sqlite_utils.Database, table: TableDef, made: set[str]
) -> list[tuple[str, str, str, str]]:
    """Make one table; return the foreign keys to tables that are not there yet."""
    keys = [(table.name, column.name, column.refers, "id") for column in table.fields if column.refers]
    sql = db.create_table_sql(
        table.name,
        {column.name: _PYTHON_TYPES[column.type] for column in table.fields},
        pk=table.key if len(table.key) > 1 else table.key[0],
        foreign_keys=[key for key in keys if key[2] in made],
        not_null=table.key,
    )
    if table.without_rowid:
        sql = f"{sql.strip().rstrip(';')} WITHOUT ROWID"
    db.execute(sql)
    return [key for key in keys if key[2] not in made]


def table(name: str) -> TableDef:
    """Return the table of this name."""
    return next(each for each in TABLES if each.name == name)


@cache
def insert(name: str, verb: str = "INSERT", fields: tuple[str, ...] = ()) -> str:
    """Return the statement that writes the named fields of a row, or all in their order.

    The fields are named because in a migrated database they may stand in another order.
    """
    names = [f"[{name}]" for name in fields or [field.name for field in table(name).fields]]
    return f"{verb} INTO [{name}] ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
