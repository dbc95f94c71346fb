"""Spans expanded: cells as a format gives them become a grid."""

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.documents.blocks import Grid, GridCell
from pipelines.errors import LimitExceeded
from pipelines.reading import Place

WIDEST = 200
"""Columns a cell may span; the widest statutory table has 15."""

LARGEST = 400_000
"""Slots of one expanded grid."""


class Span(NamedTuple):
    """One cell as marked up: text, the rows and columns it claims, and where it stands.

    `path`, `line`, `page` and `box` are those of `Place`.
    """

    text: str
    rows: int = 1
    columns: int = 1
    path: str | None = None
    line: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


def expand(rows: Iterable[Iterable[Span]], table: int, *, flows: bool = False) -> Grid:
    """Return the grid of these rows; `table` is its number in the document, from 1.

    A cell that claims more rows than there are covers the rows there are; rows keep their own
    length. A row span of 0 reaches to the end, as in HTML.

    Raises:
        LimitExceeded: The expanded grid has more than `LARGEST` slots.
    """
    marked = [tuple(row) for row in rows]
    hanging: dict[int, tuple[GridCell, int]] = {}  # column -> cell from above, rows still to cover
    expanded: list[tuple[GridCell, ...]] = []
    slots = 0
    for number, row in enumerate(marked, 1):
        line = _place(row, number, len(marked) - number + 1, table, hanging)
        slots += len(line)
        if slots > LARGEST:
            raise LimitExceeded(f"table {table} has more than {LARGEST} cells, spans expanded")
        expanded.append(tuple(line))
    return Grid(tuple(expanded), flows)


def _place(
    row: tuple[Span, ...], number: int, left: int, table: int, hanging: dict[int, tuple[GridCell, int]]
) -> list[GridCell]:
    """Return the slots of row `number` (from 1), and keep in `hanging` what reaches below it."""
    line: list[GridCell] = []
    reach = max(hanging, default=-1)
    for text, rows, columns, path, source_line, page, box in row:
        while len(line) in hanging:
            line.append(_lower(hanging, len(line)))
        place = Place(page, table, number, len(line) + 1, path, box, source_line)
        if rows == columns == 1:  # nearly all are, and cover no slot but their own
            line.append(GridCell(text, place))
            continue
        high, wide = min(rows, left) if rows > 0 else left, min(max(columns, 1), WIDEST)
        cell = GridCell(text, place, high, wide)
        for column in range(len(line), len(line) + wide):
            if column in hanging:  # the two overlap: the later one is seen, the other goes on below
                _lower(hanging, column)
            if high > 1:
                hanging[column] = (cell, high - 1)
            line.append(cell)
    for column in range(len(line), reach + 1):  # a short row under a cell that hangs further leaves gaps
        gap = GridCell("", Place(table=table, row=number, column=column + 1))
        line.append(_lower(hanging, column) if column in hanging else gap)
    return line


def _lower(hanging: dict[int, tuple[GridCell, int]], column: int) -> GridCell:
    cell, rows = hanging.pop(column)
    if rows > 1:
        hanging[column] = (cell, rows - 1)
    return cell
