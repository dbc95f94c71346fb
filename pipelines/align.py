"""Printed headings and lines aligned with a form: which slot of a line stands for which column.

Headings give the columns, labels the rows. Where a line is not as wide as its heading, its
values are looked for as one unbroken run; when the line allows more than one such run with
different numbers, nothing is attributed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipelines.documents import GridCell
from pipelines.labels import exact, near, stem
from pipelines.numbers import is_value
from pipelines.recognise import LONGEST_LABEL, Line


@dataclass(frozen=True, slots=True)
class Headings:
    """What is printed above each grid column, from the outermost line to the innermost.

    Attributes:
        cells: per grid column the distinct cells above it; none where nothing is printed.
    """

    cells: tuple[tuple[GridCell, ...], ...]

    @property
    def width(self) -> int:
        """Return the number of grid columns."""
        return len(self.cells)

    def path(self, column: int) -> str:
        """Return the stems above a grid column, joined: a heading may be broken over lines."""
        return "".join(self.stems(column))

    def stems(self, column: int) -> tuple[str, ...]:
        """Return the stem of each cell above a grid column."""
        return tuple(stem(cell.text) for cell in self.cells[column])

    def printed(self, column: int) -> str:
        """Return the words above a grid column as they are printed."""
        return " ".join(cell.text for cell in self.cells[column])


def headings(lines: Iterable[Line]) -> Headings:
    """Return what the heading lines print above each grid column."""
    rows = [line.slots for line in lines]
    width = max((len(row) for row in rows), default=0)
    columns: list[tuple[GridCell, ...]] = []
    for column in range(width):
        cells: list[GridCell] = []
        for row in rows:
            cell = row[column] if column < len(row) else None
            if cell is not None and cell.text and (not cells or cells[-1] is not cell):
                cells.append(cell)
        columns.append(tuple(cells))
    return Headings(tuple(columns))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a form stand under printed headings.

    Attributes:
        at: column name -> grid columns (several where its heading spans).
        unknown: printed headings that name no column of the form.
        twice: names that two different headings claim; they are in `at` no more.
        start, stop: the grid columns from the first to behind the last heading, unknown ones too.
        width: grid columns of the whole heading.
    """

    at: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    start: int
    stop: int
    width: int


def place_columns(
    printed: Headings, name_of: Callable[[int], str | None], corner: frozenset[str] = frozenset()
) -> Columns:
    """Find the columns by their headings.

    Args:
        printed: the headings.
        name_of: names a grid column, or returns None where its heading names nothing.
        corner: stems that are printed over the labels and are no heading.
    """
    claims: dict[str, dict[int, list[int]]] = {}
    unknown: dict[str, None] = {}
    seen: list[int] = []
    for column in range(printed.width):
        name = name_of(column)
        if name:
            owner = id(printed.cells[column][-1])
            claims.setdefault(name, {}).setdefault(owner, []).append(column)
            seen.append(column)
        elif seen and printed.cells[column] and corner.isdisjoint(printed.stems(column)):
            unknown[printed.printed(column)] = None
            seen.append(column)
    at = {name: tuple(*owners.values()) for name, owners in claims.items() if len(owners) == 1}
    twice = tuple(name for name, owners in claims.items() if len(owners) > 1)
    bounds = (min(seen), max(seen) + 1) if seen else (0, 0)
    return Columns(at, tuple(unknown), twice, *bounds, printed.width)


def column_name(printed: Headings, column: int, names: Mapping[str, str]) -> str | None:
    """Name a grid column by its innermost heading, whole or broken over lines, or nearly so.

    `names` maps stems to names.
    """
    cells = printed.cells[column]
    if not cells:
        return None
    path = printed.path(column)
    whole = [known for known in names if path.endswith(known)]
    return names[max(whole, key=len)] if whole else near(cells[-1].text, names)


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
    found: dict[int, GridCell] = {}
    for cell in line.slots[:stop]:
        if is_value(cell.text):
            break
        if cell.text:
            found[id(cell)] = cell
    return tuple(found.values())


def find_start(line: Line, columns: Columns, labels: tuple[GridCell, ...]) -> int | None:
    """Return the slot at which the line's values begin, or None when that cannot be told.

    Args:
        line: a line of a table.
        columns: the headings in force.
        labels: the cells that are the line's label; values come after them.
    """
    length = columns.stop - columns.start
    fits = _starts(line, length, labels)
    if columns.start in fits and len(line.slots) == columns.width:
        return columns.start
    readings = {tuple(cell.text for cell in line.slots[start : start + length]) for start in fits}
    if len(readings) != 1:
        return None
    return columns.start if columns.start in fits else fits[-1]


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
    slots = line.slots
    marks = {id(cell) for cell in labels}
    labelled = [index for index, cell in enumerate(slots) if id(cell) in marks]
    values = (index for index, cell in enumerate(slots) if is_value(cell.text))
    filled = [index for index, cell in enumerate(slots) if cell.text]
    # A last cell that spans further than its heading still begins in the run.
    last = next((index for index in filled if slots[index] is slots[filled[-1]]), 0)
    lowest = max(labelled[-1] + 1 if labelled else 0, last + 1 - length)
    highest = min(next(values, len(slots)), len(slots) - length)
    return range(lowest, highest + 1)
