"""The slots of one aligned line, read into cells."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from pipelines.documents import GridCell
from pipelines.headings import Columns
from pipelines.numbers import read_value
from pipelines.reading import BLANK, UNREADABLE, Cell, Problem
from pipelines.recognise import Line


class Target(NamedTuple):
    """Which cell of the form a column of the line is for; `heading_unit` is printed above it."""

    table: str
    row: str
    column: str
    money: bool = False
    heading_unit: str = ""
    signed: bool = False


def read_cells(
    line: Line, columns: Columns, start: int, targets: Mapping[str, Target]
) -> tuple[tuple[Cell, ...], tuple[Problem, ...]]:
    """Read the cells of a line whose values begin in slot `start`.

    Args:
        line: the aligned line.
        columns: the headings in force.
        start: the slot that stands under the first heading.
        targets: column name -> cell of the form, for every name in `columns.at`.

    Returns:
        The cells, and what was printed there and is no single number.
    """
    shift = start - columns.start
    slots = {name: [line.slots[column + shift] for column in at] for name, at in columns.at.items()}
    wide = any(cell.columns > 1 for each in slots.values() for cell in each)
    owners = _owners(slots, line.slots[start : columns.stop + shift]) if wide else Counter()
    cells: list[Cell] = []
    problems: list[Problem] = []
    for name, target in targets.items():
        filled = list({id(cell): cell for cell in slots[name] if cell.text}.values())
        merged = any(cell.rows > 1 or owners[id(cell)] > 1 for cell in filled)
        cell, problem = _read(target, filled, slots[name][0], refused=merged or len(filled) > 1)
        cells.append(cell)
        if problem:
            problems.append(problem)
    return tuple(cells), tuple(problems)


def _owners(slots: Mapping[str, list[GridCell]], run: tuple[GridCell, ...]) -> Counter[int]:
    """Count by its id the columns of the form that each cell stands in, and the slots of no known heading."""
    owners = Counter(key for each in slots.values() for key in set(map(id, each)))
    named = Counter(id(cell) for each in slots.values() for cell in each)
    return owners + (Counter(map(id, run)) - named)


def _read(
    target: Target, filled: list[GridCell], first: GridCell, *, refused: bool
) -> tuple[Cell, Problem | None]:
    key = (target.table, target.row, target.column)
    if not filled:
        return Cell(*key, None, BLANK, "", first.place), None
    text, place = " ".join(cell.text for cell in filled), filled[0].place
    if refused:
        detail = f"{text!r} stands over more than one cell of the form"
        return Cell(*key, None, UNREADABLE, text, place), Problem("unattributed_number", detail, *key, place)
    state, value = read_value(
        text, money=target.money, heading_unit=target.heading_unit, signed=target.signed
    )
    if state == BLANK:
        text = ""
    problem = Problem("bad_number", f"{text!r} is no number", *key, place) if state == UNREADABLE else None
    return Cell(*key, value, state, text, place), problem
