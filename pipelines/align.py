"""Printed lines aligned with a form: which row a line is, and which slot is which column.

Labels give the rows, headings the columns. Where a line is not as wide as its heading, its
values are looked for as one unbroken run; a line that could be read in two ways is not read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipelines.documents import GridCell
from pipelines.headings import Columns
from pipelines.labels import exact, near
from pipelines.numbers import is_value
from pipelines.recognise import LONGEST_LABEL, Line


@dataclass(frozen=True, slots=True)
class Match:
    """The row that label cells name; `exact` where no character of the label differs."""

    row: str
    exact: bool
    labels: tuple[GridCell, ...]


def match_label(cells: tuple[GridCell, ...], names: Mapping[str, str]) -> Match | None:
    """Match label cells, outermost first, with row wordings (stem -> row).

    The innermost label names the row; where it is broken over cells, the cells before it are
    joined to it. An outer label alone never does: that would give its rows to their group.
    """
    texts = [cell.text for cell in cells if len(cell.text) <= LONGEST_LABEL]
    joined = ["".join(texts[start:]) for start in range(len(texts) - 1, -1, -1)][:3]
    for label in joined:
        row = exact(label, names)
        if row:
            return Match(row, True, cells)
    for label in joined:
        row = near(label, names)
        if row:
            return Match(row, False, cells)
    return None


def leading_labels(line: Line, stop: int | None = None) -> tuple[GridCell, ...]:
    """Return the cells before the first value, or before the slot `stop`, that hold text."""
    before = line.slots[: line.first_value if stop is None else min(stop, line.first_value)]
    return tuple({id(cell): cell for cell in before if cell.text}.values())


AGREEING = 3
"""Lines of one unusual width that must agree on where values begin, where one has blanks."""


def find_start(
    line: Line, columns: Columns, labels: tuple[GridCell, ...], built_so: Callable[[int, int], bool]
) -> int | None:
    """Return the slot at which the line's values begin, or None when that cannot be told.

    A line as wide as its heading stands under it, unless it could also begin where others as wide
    have to: cells were left out of those, and their lines filled up. In any other line every slot
    of the run must be filled: a blank could be a cell too many or too few. Only where several lines
    are of that width and leave no choice is one with blanks taken to be built like them.
    Under a heading that has lost a column at one end no line stands anywhere else.

    Args:
        line: a line of a table.
        columns: the headings in force.
        labels: the cells that are the line's label; values come after them.
        built_so: (slots of a line, start) -> whether other lines show that lines of that width
            begin there.
    """
    start = _start(line, columns, labels, built_so)
    return None if start is None or _is_divided_otherwise(line, columns, start) else start


def _start(
    line: Line, columns: Columns, labels: tuple[GridCell, ...], built_so: Callable[[int, int], bool]
) -> int | None:
    length = columns.stop - columns.start
    starts = _starts(line, length, labels)
    if not starts:
        return None
    if columns.start in starts and len(line.slots) == columns.width:
        moved = any(built_so(columns.width, other) for other in starts if other != columns.start)
        return None if moved or _hangs(line, columns) else columns.start
    if columns.is_short:
        return None
    start = starts[-1]
    run = line.slots[start : start + length]
    if len(starts) > 1:
        return None if any(cell.text for cell in line.slots[starts[0] : starts[-1] + length]) else start
    if not all(cell.starts_in(line.row) for cell in run):
        return None  # what hangs down from the line above has moved this line's own cells
    filled = all(cell.text for cell in run)
    return start if filled or built_so(len(line.slots), start) else None


def _is_divided_otherwise(line: Line, columns: Columns, start: int) -> bool:
    """Tell whether the borders of the line's cells are not those of its headings.

    Then two texts stand under one heading, or a line in the same grid stands beside its headings
    though these are several slots wide.
    """
    shift = start - columns.start
    under = ([line.slots[column + shift] for column in at] for at in columns.spanning)
    two = any(len({id(cell) for cell in slots if cell.text}) > 1 for slots in under)
    return two or (shift != 0 and columns.is_wide and len(line.slots) == columns.width)


def _hangs(line: Line, columns: Columns) -> bool:
    """Tell whether a number from the line above reaches into this line's run."""
    run = line.slots[columns.start : columns.stop]
    return any(cell.rows > 1 and cell.text and not cell.starts_in(line.row) for cell in run)


def only_start(line: Line, columns: Columns, labels: tuple[GridCell, ...]) -> int | None:
    """Return the only slot at which the line's values may begin, if there is but one."""
    starts = _starts(line, columns.stop - columns.start, labels)
    return starts[0] if len(starts) == 1 else None


def stands_under(line: Line, columns: Columns, labels: tuple[GridCell, ...]) -> bool:
    """Tell whether the line stands exactly under its headings, though a word stands for a number.

    A word in the first slot with nothing in the last is more likely a label, and the values one
    slot further right.
    """
    if len(line.slots) != columns.width or columns.start not in _starts(
        line, columns.stop - columns.start, labels
    ):
        return False
    first, last = line.slots[columns.start], line.slots[columns.stop - 1]
    return not first.text or is_value(first.text) or bool(last.text)


def _starts(line: Line, length: int, labels: tuple[GridCell, ...]) -> range:
    """Return the slots at which a run of values may begin: behind the labels, and holding every value."""
    slots, first = line.slots, line.first_value
    marks = {id(cell) for cell in labels}
    labelled = next((index for index in range(first - 1, -1, -1) if id(slots[index]) in marks), -1)
    last = next((index for index in range(len(slots) - 1, -1, -1) if slots[index].text), 0)
    while last and slots[last - 1] is slots[last]:
        last -= 1  # a last cell that spans further than its heading still begins in the run
    lowest = max(labelled + 1, last + 1 - length)
    highest = min(first, len(slots) - length)
    return range(lowest, highest + 1)
