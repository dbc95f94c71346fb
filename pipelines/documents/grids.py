"""Spans expanded: cells as a format gives them become a grid."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.documents.blocks import Grid, GridCell
from pipelines.errors import LimitExceeded
from pipelines.reading import Place

WIDEST = 200
"""Columns a cell may span; the widest statutory table has 15."""

LARGEST = 400_000
"""Slots of one expanded grid."""


@dataclass(frozen=True, slots=True)
class Span:
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
    for number, row in enumerate(marked):
        line = list(_place(row, number, len(marked) - number, table, hanging))
        slots += len(line)
        if slots > LARGEST:
            raise LimitExceeded(f"table {table} has more than {LARGEST} cells, spans expanded")
        expanded.append(tuple(line))
    return Grid(tuple(expanded), flows)


def _place(
    row: tuple[Span, ...], number: int, left: int, table: int, hanging: dict[int, tuple[GridCell, int]]
) -> Iterator[GridCell]:
    """Yield the slots of one row, and keep in `hanging` what reaches below it."""
    column = 0
    reach = max(hanging, default=-1)
    for span in row:
        while column in hanging:
            yield _lower(hanging, column)
            column += 1
        columns = min(max(span.columns, 1), WIDEST)
        rows = min(span.rows, left) if span.rows > 0 else left
        place = Place(span.page, table, number + 1, column + 1, span.path, span.box, span.line)
        cell = GridCell(span.text, place, rows, columns)
        for _ in range(columns):
            if column in hanging:  # the two overlap: the later one is seen, the other goes on below
                _lower(hanging, column)
            if rows > 1:
                hanging[column] = (cell, rows - 1)
            yield cell
            column += 1
    while column <= reach:  # a short row under a cell that hangs further right leaves gaps
        gap = GridCell("", Place(table=table, row=number + 1, column=column + 1))
        yield _lower(hanging, column) if column in hanging else gap
        column += 1


def _lower(hanging: dict[int, tuple[GridCell, int]], column: int) -> GridCell:
    cell, rows = hanging.pop(column)
    if rows > 1:
        hanging[column] = (cell, rows - 1)
    return cell
