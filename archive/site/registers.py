"""What the registers of a publication say: the forms as they are printed, items, states, checks, indicators.

They are the same for every report and as long as the publication is served: they are read once.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from datasette.database import Database

from archive.site.queries import at_once, found
from archive.site.statute import Row, Table, layout
from archive.tables import has_table

CELLS = """
SELECT form_cell.*, form_item."table", form_item.row, form_item.column, form_item.unit
FROM form_cell JOIN form_item ON form_item.id = form_cell.item
ORDER BY form_cell.form, min(form_cell.item) OVER (PARTITION BY form_cell.form, form_item."table"),
         block, row_order, column_order
"""

# Definitions are written in the order in which they are to be shown; only their rowids tell it.
INDICATORS = "SELECT * FROM indicator_definition ORDER BY rowid"
TERMS = "SELECT indicator, form, item FROM indicator_term WHERE part = 'numerator' ORDER BY item"

LABELS = "SELECT label, en FROM form_label"


@dataclass(frozen=True, slots=True)
class Registers:
    """All registers, by their keys.

    Attributes:
        items: rows of `form_item`.
        tables: the statutory tables of all forms, by form and table, in the order of the items.
        states: names of the states of cells.
        indicators: their definitions, in the order in which they are to be shown.
        english: what the texts printed on the forms say in English.
        terms: per indicator and form the items that its numerator adds up.
    """

    forms: Mapping[str, Row]
    items: Mapping[int, Row]
    tables: Mapping[tuple[str, str], Table]
    states: Mapping[int, str]
    checks: Mapping[str, Row]
    indicators: Mapping[str, Row]
    english: Mapping[str, str]
    terms: Mapping[str, Mapping[str, tuple[int, ...]]]


_KNOWN: WeakKeyDictionary[Database, Registers] = WeakKeyDictionary()


async def registers(db: Database) -> Registers:
    """Return the registers of the publication that is served."""
    if db not in _KNOWN:
        _KNOWN[db] = await at_once(db, read)
    return _KNOWN[db]


def read(conn: sqlite3.Connection) -> Registers:
    """Read all registers."""
    terms: dict[str, dict[str, tuple[int, ...]]] = defaultdict(lambda: defaultdict(tuple))
    for row in found(conn, TERMS):
        terms[row["indicator"]][row["form"]] += (row["item"],)
    # A publication that an earlier version of the program made has no English.
    labels = found(conn, LABELS) if has_table(conn, "form_label") else []
    english = {row["label"]: row["en"] for row in labels}
    return Registers(
        forms={row["id"]: row for row in found(conn, "SELECT * FROM form")},
        items={row["id"]: row for row in found(conn, "SELECT * FROM form_item")},
        tables=_tables(conn, english),
        states={row["id"]: row["name"] for row in found(conn, "SELECT * FROM cell_state")},
        checks={row["id"]: row for row in found(conn, "SELECT * FROM check_definition")},
        indicators={row["id"]: row for row in found(conn, INDICATORS)},
        english=english,
        terms=terms,
    )


def _tables(conn: sqlite3.Connection, english: Mapping[str, str]) -> dict[tuple[str, str], Table]:
    about = {(row["form"], row["table"]): row for row in found(conn, "SELECT * FROM form_table")}
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found(conn, CELLS):
        rows[row["form"], row["table"]].append(row)
    return {key: layout(group, about.get(key), english) for key, group in rows.items()}
