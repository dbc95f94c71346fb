"""From numbers to cells as an agency prints them, with the faults that agencies make."""

from collections.abc import Callable
from functools import cache
from random import Random

from pipelines.forms import Key, form_cells, form_named
from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE, Cell, Place
from pipelines.rows import plain
from tests.bench.synthetic.figures import Numbers

ZEROS = ((NUMBER, "0"),) * 7 + ((BLANK, ""),) * 2 + ((PLACEHOLDER, "/"),)
"""How agencies print nothing at all."""

LAYOUTS = 24
FAULTY = 0.11
"""Reports in which one number is wrong."""

Printed = tuple[float | None, str, str]
"""Value, state and text."""


def cells(random: Random, form: str, numbers: Numbers, habit: int) -> tuple[Cell, ...]:
    """Return the cells of a report in the form's order.

    Args:
        random: What decides which of its numbers is wrong, if one is.
        form: Code of the form.
        numbers: The number of each cell.
        habit: How the agency prints zeros, and how its portal lays tables out.
    """
    state, text = ZEROS[habit % len(ZEROS)]
    nothing: Printed = (0 if state == NUMBER else None, state, text)
    printed = {key: _number(value, habit) if value else nothing for key, value in numbers.items()}
    if numbers and random.random() < FAULTY:
        random.choice(FAULTS)(random, form, printed)
    places = layout(form, habit % LAYOUTS)
    return tuple(Cell(*key, *printed[key], places[key]) for key in printed)


def _number(value: float, habit: int) -> Printed:
    text = f"{value:,}" if value >= 1000 and habit % 13 == 0 else plain(value)
    return value, NUMBER, text


@cache
def layout(form: str, number: int) -> dict[Key, Place]:
    """Return the place of each cell in one of the ways in which portals lay a form out."""
    first, line = 1 + number % 4, 60 + 45 * (number % 7)
    of_table = {table.code: first + order for order, table in enumerate(form_named(form).tables)}
    on_page = is_paged(number)
    found = {}
    for cell in form_cells(form_named(form)):
        table, row, column = of_table[cell.key[0]], cell.row_order + 2, cell.column_order + 3
        if on_page:
            top = 90.5 + 14 * (cell.row_order % 45)
            box = (60.5 + 44 * cell.column_order, top, 98.5 + 44 * cell.column_order, top + 12)
            found[cell.key] = Place(2 + cell.row_order // 45, table, row, column, None, box)
        else:
            path = f"/html/body/div[{first}]/div[2]/table[{table}]/tbody/tr[{row}]/td[{column}]"
            found[cell.key] = Place(None, table, row, column, path, None, line + 11 * row + column)
    return found


def is_paged(number: int) -> bool:
    """Tell whether a layout is that of a PDF, as one of eight is."""
    return number % 8 == 7


def _change(random: Random, printed: dict[Key, Printed], keys: list[Key], by: int) -> None:
    there = [key for key in keys if printed[key][1] == NUMBER]
    if there:
        key = random.choice(there)
        value = (printed[key][0] or 0) + by
        printed[key] = (value, NUMBER, plain(value))


def _wrong_total(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    _change(random, printed, [key for key in printed if key[2] == "total"], random.choice((1, 1, 2, 9)))


def _wrong_result(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    rows = ("result_total", "carried_out", "received_new")
    _change(random, printed, [key for key in printed if key[1] in rows], random.choice((1, 3)))


def _not_carried_in(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    """Have the report carry in what the one before did not carry out; its own sums hold."""
    for column in ("natural_person", "total"):
        for row, by in (("carried_in", 1), ("received_new", -1)):
            _change(random, printed, [key for key in printed if key[1:] == (row, column)], by)


def _negative(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    _change(random, printed, [key for key in printed if key[1] == "carried_out"], -1)


def _unreadable(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    printed[random.choice(list(printed))] = (None, UNREADABLE, "约三件")


def _money(random: Random, form: str, printed: dict[Key, Printed]) -> None:
    for key in printed:
        if key[2] == "amount_wan":
            printed[key] = (2_400_000, NUMBER, "2400000")


FAULTS: tuple[Callable[[Random, str, dict[Key, Printed]], None], ...] = (
    *(_wrong_total,) * 4,
    *(_wrong_result,) * 4,
    *(_not_carried_in,) * 4,
    _negative,
    *(_unreadable,) * 2,
    _money,
)
