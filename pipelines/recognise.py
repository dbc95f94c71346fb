"""Which printed lines belong to a statutory table, and under which headings they stand.

A grid is cut into segments: a heading (one or more lines) and the lines below it, up to the
next heading. One grid may hold several tables, and one table several grids.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.documents import Grid, GridCell
from pipelines.forms import FORMS
from pipelines.labels import stem, stems
from pipelines.numbers import is_value

DISCLOSURE, REQUESTS, REVIEW = "disclosure", "requests", "review"

LONGEST_LABEL = 160
"""Characters of a cell that may be a label; longer ones hold narrative."""


def row_wordings(table: str) -> dict[str, str]:
    """Return stem -> row code for the rows of this table in all forms."""
    tables = (form_table for form in FORMS for form_table in form.tables if form_table.code == table)
    return stems((row.code, row.printed) for one in tables for block in one.blocks for row in block.rows)


def column_wordings(table: str) -> dict[str, str]:
    """Return stem -> column code for the headings of this table in all forms."""
    tables = (form_table for form in FORMS for form_table in form.tables if form_table.code == table)
    return stems((column.code, column.printed) for one in tables for b in one.blocks for column in b.columns)


def _outer_labels(table: str) -> frozenset[str]:
    """Return the stems of labels that group rows or columns."""
    blocks = [block for form in FORMS for one in form.tables if one.code == table for block in one.blocks]
    captions = {text for block in blocks for text in (block.caption, *block.variants) if text}
    rows = {label for block in blocks for row in block.rows for label in row.labels[:-1]}
    columns = {label for block in blocks for column in block.columns for label in column.labels[:-1]}
    return frozenset(stem(label) for label in captions | rows | columns)


ROWS = {table: row_wordings(table) for table in (DISCLOSURE, REQUESTS, REVIEW)}
COLUMNS = {table: column_wordings(table) for table in (DISCLOSURE, REQUESTS, REVIEW)}
GROUPS = {table: _outer_labels(table) for table in (DISCLOSURE, REQUESTS, REVIEW)}

_APPLICANTS = {stem(label) for label in ("申请人情况", "自然人", "法人或其他组织")}
_OUTCOMES = frozenset(COLUMNS[REVIEW]) - {stem("总计")}
_REVIEWS, _SUITS = {stem("行政复议"), stem("行政法复议")}, {stem("行政诉讼")}


@dataclass(frozen=True)
class Line:
    """One row of a grid; `row` counts from 0."""

    slots: tuple[GridCell, ...]
    row: int

    @cached_property
    def printed(self) -> tuple[GridCell, ...]:
        """The cells that hold text, each once, from left to right."""
        return tuple({id(cell): cell for cell in self.slots if cell.text}.values())

    @cached_property
    def has_values(self) -> bool:
        """Whether a number or a placeholder stands in the line."""
        return any(is_value(cell.text) for cell in self.printed)


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


def _named_table(labels: list[str]) -> str | None:
    if any(label in COLUMNS[DISCLOSURE] for label in labels):
        return DISCLOSURE
    if any(label in _APPLICANTS for label in labels):
        return REQUESTS
    outcomes = sum(label in _OUTCOMES for label in labels)
    if outcomes > 2 or (_REVIEWS.intersection(labels) and _SUITS.intersection(labels)):
        return REVIEW
    return None


def _grows(segment: Segment, table: str) -> bool:
    """Tell whether one more heading line of this table belongs to the segment's heading."""
    return table != DISCLOSURE and table == segment.table and not segment.lines and not segment.closed


def _is_heading_still(segment: Segment, line: Line) -> bool:
    """Tell whether a line without any known heading still belongs to the heading above it."""
    if segment.closed or segment.lines or segment.table == DISCLOSURE or line.has_values:
        return False
    if segment.table == REVIEW:
        return bool(line.printed)
    first = [stem(cell.text) for cell in line.printed[:2]]
    return bool(first) and not any(
        label in ROWS[REQUESTS] or label in GROUPS[REQUESTS] for label in first if label != stem("其他")
    )
