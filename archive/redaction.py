"""A snapshot made fit to be published: what is withheld is taken out, and personal data masked, everywhere.

This comes before anything is derived from the snapshot, so pages, SQL, search, feeds, differences and
downloads never see what was there. Every text of every table is looked through; what is not is named here.
"""

import hashlib
import inspect
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from archive import masking, withholding
from archive.fulltext import FullText
from archive.tables import FROM, PAST, TO, has_table, key_of, table_names

KEPT = {
    "digest": "a digest has runs of digits that are none of a person's",
    "content": "a digest",
    "report": "the id of a report",
    "url": "an address must lead where it leads",
    "home": "an address",
    "location": "an address",
    "referer": "an address",
    "searched": "addresses",
    "file": "the name of a WARC file",
    "cell.place": "positions that the reader wrote, one for each of millions of cells",
}
"""Fields that are not looked through besides keys and references to them, and why."""

MASKED_FIELDS = (
    ("table", "TEXT", "表", "Table"),
    ("field", "TEXT", "字段", "Field"),
    ("key", "TEXT", "所在行", "Key of the row, its parts separated by spaces"),
    (
        "class",
        "TEXT",
        "类别",
        f"What was masked: {'; '.join(f'{k} {v}' for k, v in masking.CLASSES.items())}",
    ),
    ("spots", "INTEGER", "处数", "How many spots"),
)


def redact(db: sqlite3.Connection) -> None:
    """Withhold and mask in a snapshot, which nothing has been derived from yet."""
    db.execute("PRAGMA journal_mode = DELETE")
    index = FullText(db)
    with db:
        withholding.apply(db, index)
        _create(db)
        mask(db, index, [name for name in table_names(db) if name != "masked"])
        index.renew()


def rules() -> str:
    """Return a digest of the program text that masks and withholds: other rules have another."""
    modules = (masking, withholding, sys.modules[__name__])
    return hashlib.sha256("".join(map(inspect.getsource, modules)).encode()).hexdigest()


def mask(db: sqlite3.Connection, index: FullText, tables: Iterable[str]) -> None:
    """Mask the personal data in the texts of tables, and write down in `masked` where there was some."""
    for table in tables:
        key, fields = key_of(db, table), _fields(db, table)
        if fields:
            _mask_table(db, index, table, key, fields)


def _create(db: sqlite3.Connection) -> None:
    columns = ", ".join(f'"{name}" {type_}' for name, type_, *_ in MASKED_FIELDS)
    db.execute(f'CREATE TABLE main.masked ({columns}, PRIMARY KEY ("table", field, key, class))')
    described = [("masked", name, zh, en) for name, _, zh, en in MASKED_FIELDS]
    described.append(("masked", "", "遮盖之处", "Where personal data was masked in this publication."))
    if has_table(db, "description"):
        db.executemany(
            'INSERT OR REPLACE INTO main.description ("table", field, zh, en) VALUES (?, ?, ?, ?)', described
        )


def _fields(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the fields to be looked through: all that are not numbers, keys or `KEPT`.

    Past rows are looked through as those of their table, which may have lost a field, or be no more.
    """
    name = table.removeprefix(PAST)
    refers = {name for (name,) in db.execute('SELECT "from" FROM pragma_foreign_key_list(?)', (name,))}
    found = db.execute(
        "SELECT name FROM pragma_table_info(?, 'main')"
        " WHERE NOT pk AND upper(type) NOT IN ('INTEGER', 'REAL', 'FLOAT') ORDER BY cid",
        (table,),
    )
    fields = [field for (field,) in found if field not in refers and field not in (FROM, TO)]
    return [field for field in fields if field not in KEPT and f"{name}.{field}" not in KEPT]


def _mask_table(
    db: sqlite3.Connection, index: FullText, table: str, key: list[str], fields: list[str]
) -> None:
    where = " AND ".join(f'"{name}" IS ?' for name in key)
    for at, changed in list(_found(db, table, key, fields)):
        index.about_to_change(table, where, at)
        for field, (text, spots) in changed.items():
            db.execute(f'UPDATE main."{table}" SET "{field}" = ? WHERE {where}', (text, *at))
            name = " ".join(str(part) for part in at)
            rows = [(table, field, name, kind, count) for kind, count in sorted(spots.items())]
            db.executemany("INSERT OR REPLACE INTO main.masked VALUES (?, ?, ?, ?, ?)", rows)


Changed = dict[str, tuple[str, Counter[str]]]


def _found(
    db: sqlite3.Connection, table: str, key: list[str], fields: list[str]
) -> Iterator[tuple[tuple[object, ...], Changed]]:
    """Yield the key of each row with personal data, and its texts as they are to be."""
    names = ", ".join(f'"{name}"' for name in (*key, *fields))
    # As a blob: the length of a text ends for SQLite at its first NUL.
    long_enough = " OR ".join(f'length(CAST("{name}" AS BLOB)) >= {masking.SHORTEST}' for name in fields)
    for row in db.execute(f'SELECT {names} FROM main."{table}" WHERE {long_enough}'):
        changed: Changed = {}
        for field, text in zip(fields, row[len(key) :], strict=True):
            if isinstance(text, str):
                masked, spots = masking.mask(text)
                if spots:
                    changed[field] = masked, spots
        if changed:
            yield row[: len(key)], changed
