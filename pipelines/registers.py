"""The registers in the database: what the numbers in all other tables mean.

Forms, items, checks and indicators are written here from the code that reads by them, so that the
site explains a cell or a finding from rows and never from this room.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.checks import CHECKS
from pipelines.forms import ENGLISH, FORMS, ITEMS, form_cells
from pipelines.indicators import DEFINITIONS
from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE

Values = tuple[Any, ...]

STATES = {NUMBER: 1, BLANK: 2, PLACEHOLDER: 3, UNREADABLE: 4}
"""Ids of the cell states. `number` is 1, which SQLite stores in no byte at all."""

STATE_NAMES = {number: name for name, number in STATES.items()}

_NUMERALS = "一二三四五六"
"""What the headings of the six sections begin with."""

_MEANINGS = {
    NUMBER: "印有数字，包括 0 | A number is printed; 0 is one",
    BLANK: "空白，不等于 0 | Nothing is printed, which is not 0",
    PLACEHOLDER: "印有“/”“—”“无”等符号 | A sign such as /, — or 无 is printed instead of a number",
    UNREADABLE: "印有内容但不是数字 | Something is printed that is no number",
}


def registers() -> dict[str, Iterable[Values]]:
    """Return the rows of each register, their values in the order of the table's fields."""
    return {
        "cell_state": ((STATES[name], name, meaning) for name, meaning in _MEANINGS.items()),
        "form": ((f.code, f.name, f.first_year, f.last_year, f.source) for f in FORMS),
        "form_item": ((i.id, i.label, i.label_en, *key, i.unit, i.comparability) for key, i in ITEMS.items()),
        "form_table": _form_tables(),
        "form_cell": _form_cells(),
        "form_label": ENGLISH.items(),
        "check_definition": ((c.id, c.number, c.severity, c.zh, c.en) for c in CHECKS),
        "indicator_definition": _definitions(),
        "indicator_term": (
            (each.id, operand.form, part, ITEMS[operand.key].id, operand.factor)
            for each in DEFINITIONS
            for part, operand in each.terms()
        ),
        "indicator_break": ((each.id, *join) for each in DEFINITIONS for join in each.joins),
    }


def _form_tables() -> Iterator[Values]:
    for form in FORMS:
        for table in form.tables:
            section = _NUMERALS.find(table.heading[0]) + 1 or None
            yield form.code, table.code, section, table.heading, table.corner, int(table.across)


def _form_cells() -> Iterator[Values]:
    for form in FORMS:
        for cell in form_cells(form):
            yield (
                form.code,
                ITEMS[cell.key].id,
                cell.block_order,
                cell.block.caption,
                cell.row_order,
                cell.column_order,
                json.dumps(cell.row.labels, ensure_ascii=False),
                json.dumps(cell.column.labels, ensure_ascii=False),
            )


def _definitions() -> Iterator[Values]:
    for each in DEFINITIONS:
        below = each.denominator or (None, None)
        ratio = (each.numerator.zh, each.numerator.en, below[0], below[1])
        notes = (each.note_zh or None, each.note_en or None)
        yield each.id, each.zh, each.en, each.kind, each.unit or None, *ratio, each.minimum, *notes
