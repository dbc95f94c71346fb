"""Which printed lines belong to a statutory table, and under which headings they stand.

A grid is cut into segments: a heading (one or more lines) and the lines below it, up to the
next heading. One grid may hold several tables, and one table several grids.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.documents import Grid, GridCell
from pipelines.labels import stem
from pipelines.numbers import is_value
from pipelines.wordings import ACROSS, ANY_MARK, EITHER, GROUP_MARKS, GROUPS, MARKS, ROWS, STACKED, Label

LONGEST_LABEL = 160
"""Characters of a cell that may be a label; longer ones hold narrative."""


class Line:
    """One row of a grid.

    Attributes:
        slots: its cells, each in every slot that it covers.
        row: counted from 0.
        printed: the cells that hold text, each once, from left to right.
        first_value: the slot of the first number or placeholder; the number of slots where there is none.
    """

    __slots__ = ("first_value", "printed", "row", "slots")

    def __init__(self, slots: tuple[GridCell, ...], row: int) -> None:
        self.slots = slots
        self.row = row
        self.printed = tuple({id(cell): cell for cell in slots if cell.text}.values())
        values = (at for at, cell in enumerate(slots) if cell.text and is_value(cell.text))
        self.first_value = next(values, len(slots))

    @property
    def has_values(self) -> bool:
        """Tell whether a number or a placeholder stands in the line."""
        return self.first_value < len(self.slots)


@dataclass(slots=True)
class Segment:
    """A heading and the lines below it.

    Attributes:
        loose: whether the grid is (`Grid.loose`).
        continued: the heading, or its beginning, stood in the grid before.
        closed: no more lines can belong to the heading: there were others below it.
    """

    table: str
    heading: list[Line]
    loose: bool = False
    lines: list[Line] = field(default_factory=list)
    continued: bool = False
    closed: bool = False


def segments(grids: tuple[Grid, ...]) -> Iterator[tuple[int, Segment]]:
    """Yield the segments of statutory tables with the index of their grid, in reading order."""
    before: Segment | None = None
    for index, grid in enumerate(grids):
        here = _cut(grid, before)
        for segment in here:
            yield index, segment
        before = here[-1] if here else None


def _cut(grid: Grid, before: Segment | None) -> list[Segment]:
    found: list[Segment] = []
    if before is not None:
        closed = before.closed or bool(before.lines)
        found.append(Segment(before.table, [*before.heading], grid.loose, continued=True, closed=closed))
    for number, slots in enumerate(grid.rows):
        line = Line(slots, number)
        table = heading_of(line)
        last = found[-1] if found else None
        if table and not (last and _grows(last, table)):
            found.append(Segment(table, [line], grid.loose))
        elif last and (table or _is_heading_still(last, line)):
            last.heading.append(line)
        elif last:
            last.lines.append(line)
    return [segment for segment in found if segment.lines or not segment.continued]


def heading_of(line: Line) -> str | None:
    """Return the table whose headings stand in the line, if any."""
    if line.has_values:
        return None
    return _named_table([stem(cell.text) for cell in line.printed if len(cell.text) <= LONGEST_LABEL])


def _named_table(labels: list[Label]) -> str | None:
    if ANY_MARK.isdisjoint(labels):
        return None
    for code, marks in MARKS.items():
        marked = sum(label in marks for label in labels)
        if code not in ACROSS:
            if marked:
                return code
        elif marked > 2 or len({GROUP_MARKS[code].get(label) for label in labels} - {None}) > 1:
            return code
    return None


def _grows(segment: Segment, table: str) -> bool:
    """Tell whether one more heading line of this table belongs to the segment's heading."""
    return table not in STACKED and table == segment.table and not segment.lines and not segment.closed


def _is_heading_still(segment: Segment, line: Line) -> bool:
    """Tell whether a line without any known heading still belongs to the heading above it."""
    if segment.closed or segment.lines or segment.table in STACKED or line.has_values:
        return False
    if segment.table in ACROSS:
        return bool(line.printed)
    first = [stem(cell.text) for cell in line.printed[:2]]
    return bool(first) and not any(
        label in ROWS[segment.table] or label in GROUPS[segment.table] for label in first if label != EITHER
    )
