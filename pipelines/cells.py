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

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the codes of table, row and column."""
        return self[:3]


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
    run = line.slots[start : columns.stop + shift]
    shared = _shared(columns, run) if any(cell.columns > 1 for cell in run) else frozenset()
    cells: list[Cell] = []
    problems: list[Problem] = []
    for name, target in targets.items():
        slots = [line.slots[column + shift] for column in columns.at[name]]
        filled = [cell for cell in slots if cell.text]
        if not filled:
            cells.append(Cell(target.table, target.row, target.column, None, BLANK, "", slots[0].text_place))
            continue
        if len(filled) > 1:
            filled = list({id(cell): cell for cell in filled}.values())
        merged = len(filled) > 1 or filled[0].rows > 1 or id(filled[0]) in shared
        cell, problem = _refuse(target, filled) if merged else _read(target, filled[0])
        cells.append(cell)
        if problem:
            problems.append(problem)
    return tuple(cells), tuple(problems)


def _shared(columns: Columns, run: tuple[GridCell, ...]) -> frozenset[int]:
    """Return the ids of the cells that stand under more than one column of the form, or one unknown too."""
    slots = [[run[column - columns.start] for column in at] for at in columns.at.values()]
    owners = Counter(key for each in slots for key in set(map(id, each)))
    named = Counter(id(cell) for each in slots for cell in each)
    owners += Counter(map(id, run)) - named
    return frozenset(key for key, count in owners.items() if count > 1)


def _read(target: Target, printed: GridCell) -> tuple[Cell, Problem | None]:
    text, place = printed.text, printed.text_place
    state, value = read_value(
        text, money=target.money, heading_unit=target.heading_unit, signed=target.signed
    )
    if state == UNREADABLE:
        problem = Problem("bad_number", f"{text!r} is no number", *target.key, place)
        return Cell(*target.key, None, UNREADABLE, text, place), problem
    return Cell(
        target.table, target.row, target.column, value, state, "" if state == BLANK else text, place
    ), None


def _refuse(target: Target, filled: list[GridCell]) -> tuple[Cell, Problem]:
    text, place = " ".join(cell.text for cell in filled), filled[0].text_place
    detail = f"{text!r} stands over more than one cell of the form"
    problem = Problem("unattributed_number", detail, *target.key, place)
    return Cell(*target.key, None, UNREADABLE, text, place), problem
