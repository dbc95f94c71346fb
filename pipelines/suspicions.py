"""Checks of what is likely wrong with a report that may still add up: its form, its units.

Source: first and last years of the forms; for the sums of money, the form's own instruction to give 万元
with decimals (保留4位小数): accounts are kept in 元, and few come out at whole ten thousands.
"""

import re
from collections.abc import Iterator

from pipelines.duties import DEPARTMENT, TOWNSHIP, kind
from pipelines.forms import FORM_KEYS, FORMS, Form, form_cells, form_in_force
from pipelines.printed import Printed
from pipelines.reading import AS_PRINTED, NOTICE, NUMBER, WARNING, Cell, Finding

SMALL, ANY = 1_000, 1_000_000
"""Whole 万元 from which a unit is suspect: for a township or a department below a province (10
million yuan), and for whichever body (10 billion yuan, as much as a large city takes in fees)."""

_MONEY = {cell.key for form in FORMS for cell in form_cells(form) if cell.column.unit == "万元"}
"""Cells whose unit may be printed nowhere; a list of indicators prints the unit of each row."""

_HIGH = re.compile(r"厅$|^国家|(?:省|自治区|^北京市|^上海市|^天津市|^重庆市)[^市州盟县区旗]*$")


def superseded_form(printed: Printed) -> Iterator[Finding]:
    """A report follows the form in force for its year, in every table."""
    due = form_in_force(printed.year) if printed.year else None
    own = next((form for form in FORMS if form.tables and form.code == printed.form), None)
    if due is None or own is None:
        return
    if own.first_year < due.first_year:
        years = (due.first_year, own.first_year)
        yield Finding("superseded_form", WARNING, AS_PRINTED, None, None, None, *years)
        return
    for table in due.tables:
        older = _older(printed, due, table.code)
        if older:
            years = (due.first_year, older.first_year)
            yield Finding("superseded_form", NOTICE, AS_PRINTED, table.code, None, None, *years)


def _older(printed: Printed, due: Form, table: str) -> Form | None:
    """Return the newest form before `due` that prints what the table has and `due` has not, if any."""
    strange = {key for key in printed.cells if key[0] == table} - FORM_KEYS[due.code]
    before = sorted(FORMS, key=lambda form: -form.first_year)
    fitting = (form for form in before if strange and strange <= FORM_KEYS[form.code])
    return next((form for form in fitting if form.first_year < due.first_year), None)


def unit_suspect(printed: Printed) -> Iterator[Finding]:
    """A sum printed without a unit is one that the body can have had in ten thousands of yuan."""
    limit = SMALL if _is_small(printed.agency or "") else ANY
    for cell in printed.cells.values():
        if _is_bare_money(cell) and cell.value is not None and cell.value >= limit and cell.value % 1 == 0:
            yield Finding("unit_suspect", WARNING, AS_PRINTED, *cell.key, None, cell.value)


def _is_small(agency: str) -> bool:
    return kind(agency) in (TOWNSHIP, DEPARTMENT) and not _HIGH.search(agency)


def _is_bare_money(cell: Cell) -> bool:
    return cell.key in _MONEY and cell.state == NUMBER and "元" not in cell.text
