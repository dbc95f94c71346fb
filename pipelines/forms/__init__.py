"""The statutory forms as data: which tables, rows and columns, and what is printed for them.

The codes are published and never change; printed labels, their wording variants and
misprints stand only here. `FORMS` is in the order in which the forms were added to
this project, and only ever grows at its end, because the ids of `ITEMS` count along it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.forms import english
from pipelines.forms.annex_2014 import FORM as ANNEX_2014
from pipelines.forms.form_2019 import FORM as FORM_2019
from pipelines.forms.form_2021 import FORM as FORM_2021
from pipelines.forms.layout import APPROXIMATE, EXACT, NONE, Block, Column, Form, Row, Table

__all__ = [
    "ANNEX_2014",
    "APPROXIMATE",
    "ENGLISH",
    "EXACT",
    "FORMS",
    "FORM_2019",
    "FORM_2021",
    "FORM_KEYS",
    "ITEMS",
    "KEYS_BY_ID",
    "NONE",
    "PROSE",
    "Block",
    "Column",
    "Form",
    "FormCell",
    "Item",
    "Key",
    "Row",
    "Table",
    "form_cells",
    "form_followed",
    "form_in_force",
    "form_named",
    "forms_with",
    "table_of",
]

Key = tuple[str, str, str]
"""Codes of table, row and column."""

PROSE = Form(
    "prose", "无统计表的报告", 2008, None, "《政府信息公开条例》（2007年）第三十二条", (), english.PROSE
)
"""A report without statutory tables; its text alone is kept."""

FORMS: tuple[Form, ...] = (FORM_2019, FORM_2021, PROSE, ANNEX_2014)

ENGLISH: dict[str, str] = {
    printed: words for form in reversed(FORMS) for printed, words in form.english.items()
}
"""What printed labels say in English; a form may say so of labels that it adds."""


@dataclass(frozen=True, slots=True)
class Item:
    """One statutory cell through all forms.

    Attributes:
        id: counted from 1 along `FORMS`; never changed.
        label: table, row and column in words.
        label_en: the same in English; what has no English stays as it is printed.
        unit: 件, 项, 个, 万元, …
        comparability: whether its series continues across the forms.
    """

    id: int
    label: str
    label_en: str
    unit: str
    comparability: str


@dataclass(frozen=True, slots=True)
class FormCell:
    """Where an item stands in a form: its table, block (from 1), and orders (from 1)."""

    table: Table
    block_order: int
    block: Block
    row_order: int
    row: Row
    column_order: int
    column: Column

    @property
    def key(self) -> Key:
        """Return the codes of table, row and column."""
        return self.table.code, self.row.code, self.column.code

    @property
    def unit(self) -> str:
        """Return the unit of the row where it has one, else that of the column."""
        return self.row.unit or self.column.unit


def form_cells(form: Form) -> Iterator[FormCell]:
    """Yield every cell of a form in printed order: table, block, row, column.

    Rows are counted through the whole table, columns within their block.
    """
    for table in form.tables:
        row_order = 0
        for block_order, block in enumerate(table.blocks, 1):
            for row in block.rows:
                row_order += 1
                for column_order, column in enumerate(block.columns, 1):
                    yield FormCell(table, block_order, block, row_order, row, column_order, column)


def form_named(code: str) -> Form:
    """Return the form of this code."""
    return next(form for form in FORMS if form.code == code)


def form_in_force(year: int) -> Form | None:
    """Return the newest form with tables that reports on this year must follow, if there is one."""
    in_force = (form for form in FORMS if form.tables and form.first_year <= year <= (form.last_year or year))
    return max(in_force, key=lambda form: form.first_year, default=None)


def table_of(form: Form, code: str) -> Table:
    """Return one table of a form."""
    return next(table for table in form.tables if table.code == code)


def forms_with(table: str) -> tuple[Form, ...]:
    """Return the forms that have a table of this code."""
    return tuple(form for form in FORMS if any(one.code == table for one in form.tables))


def _items(forms: tuple[Form, ...]) -> dict[Key, Item]:
    items: dict[Key, Item] = {}
    for form in forms:
        for cell in form_cells(form):
            if cell.key not in items:
                items[cell.key] = _item(len(items) + 1, cell)
    return items


def _item(number: int, cell: FormCell) -> Item:
    words = (cell.table.name, *cell.row.labels, *cell.column.labels)
    words = tuple(word for word in words if word not in cell.table.understood)
    label, label_en = "／".join(words), " / ".join(ENGLISH.get(word, word) for word in words)
    comparability = cell.row.comparability or cell.column.comparability
    return Item(number, label, label_en, cell.unit, comparability)


ITEMS: dict[Key, Item] = _items(FORMS)
"""Every statutory cell of every form."""

KEYS_BY_ID: dict[int, Key] = {item.id: key for key, item in ITEMS.items()}
"""The codes of each item, by its id."""

FORM_KEYS: dict[str, frozenset[Key]] = {
    form.code: frozenset(cell.key for cell in form_cells(form)) for form in FORMS
}
"""The codes of every cell of each form, by the form's code."""


def form_followed(keys: Iterable[Key], table: str, first: str = "") -> str:
    """Return the code of a form that has every cell given of this table, or nothing.

    Args:
        keys: Cells of one report; those of other tables are left out.
        table: Code of the table.
        first: Code of the form that goes before the others where several have them all.
    """
    there = {key for key in keys if key[0] == table}
    codes = sorted((form.code for form in FORMS), key=lambda code: code != first)
    return next((code for code in codes if there and there <= FORM_KEYS[code]), "")
