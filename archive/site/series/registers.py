"""What a publication says of its indicators: names, forms, and how these compare. Read once, for it stays."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from datasette.database import Database

from archive.site.series import NONE
from archive.site.series.breaks import ORDER, Joins, Reason
from archive.site.series.plan import PLANS
from archive.site.statute import Row

DEFINED = "SELECT id, zh, en, unit, numerator_zh, numerator_en FROM indicator_definition"

BREAKS = "SELECT indicator, from_form, to_form, comparability, zh, en FROM indicator_break"

FORMS = """
SELECT id FROM form
WHERE id IN (SELECT from_form FROM indicator_break UNION SELECT to_form FROM indicator_break)
ORDER BY first_year, id
"""
"""The forms with tables, the oldest first."""

COLUMNS = """
SELECT form_cell.form, form_item.id AS item, form_item."column" AS "column"
FROM form_item JOIN form_cell ON form_cell.item = form_item.id
WHERE form_item."table" = :table AND form_item.row = :row
ORDER BY form_cell.form, form_item.id
"""


@dataclass(frozen=True, slots=True)
class Registers:
    """What is the same for all agencies.

    Attributes:
        names: definitions of indicators, by their codes.
        joins: how forms compare.
        columns: for a row of cells that a chart shows, the cells that each form has.
    """

    names: Mapping[str, Row]
    joins: Joins
    columns: Mapping[tuple[str, str], tuple[Row, ...]]


def registers(db: Database) -> Registers:
    """Return what the publication that is served says."""
    return _registers(Path(str(db.path)))


@lru_cache(maxsize=4)
def _registers(database: Path) -> Registers:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        steps = {
            (row["indicator"], row["from_form"], row["to_form"]): Reason(
                row["comparability"] if row["comparability"] in ORDER else NONE,
                row["zh"] or "",
                row["en"] or "",
            )
            for row in db.execute(BREAKS)
        }
        return Registers(
            {row["id"]: dict(row) for row in db.execute(DEFINED)},
            Joins(tuple(row["id"] for row in db.execute(FORMS)), steps),
            {
                plan.cells: tuple(
                    dict(row)
                    for row in db.execute(COLUMNS, dict(zip(("table", "row"), plan.cells, strict=True)))
                )
                for plan in PLANS
                if plan.cells
            },
        )
