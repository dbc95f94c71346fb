"""Printed headings: which column of a form stands in which columns of a grid."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from pipelines.documents import GridCell
from pipelines.labels import near, stem
from pipelines.recognise import Line


@dataclass(frozen=True)
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
        return self._paths[column]

    def stems(self, column: int) -> tuple[str, ...]:
        """Return the stem of each cell above a grid column."""
        return self._stems[column]

    @cached_property
    def _stems(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(stem(cell.text) for cell in cells) for cells in self.cells)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(map("".join, self._stems))

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


@dataclass(frozen=True)
class Columns:
    """Where the columns of a form stand under printed headings.

    Attributes:
        at: column name -> grid columns (several where its heading spans).
        unknown: printed headings that name no column of the form.
        twice: names that two different headings claim; they are in `at` no more.
        start, stop: the grid columns from the first to behind the last heading, unknown ones too.
        width: grid columns of the whole heading.
        is_short: they are fewer than the columns of the form: one is lost at an end.
    """

    at: Mapping[str, tuple[int, ...]]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    start: int
    stop: int
    width: int
    is_short: bool = False

    @cached_property
    def spanning(self) -> tuple[tuple[int, ...], ...]:
        """The grid columns of each heading that stands over several."""
        return tuple(at for at in self.at.values() if len(at) > 1)

    @cached_property
    def is_wide(self) -> bool:
        """Whether there are more grid columns than headings."""
        return self.stop - self.start > len(self.at) + len(self.unknown)


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
    start, stop = (min(seen), max(seen) + 1) if seen else (0, 0)
    if len(at) == 1 and not unknown and not twice:  # its one value may span more or less than it does
        at, stop = dict.fromkeys(at, (start,)), start + 1
    return Columns(at, tuple(unknown), twice, start, stop, printed.width)


def trusted(columns: Columns, order: tuple[str, ...]) -> Columns:
    """Return the columns, or none of them where a heading too few or too many may have moved them.

    Headings must stand in the order of the form; where one is missing, its column must still
    be there, between its neighbours.

    Args:
        columns: the columns as their headings place them.
        order: all names in the order of the form.
    """
    there = [name for name in order if name in columns.at]
    firsts = [columns.at[name][0] for name in there]
    lasts = [columns.at[name][-1] for name in there]
    moved = any(first <= last for last, first in zip(lasts, firsts[1:], strict=False))
    if there and len(there) < len(order):
        ranks = [order.index(name) for name in there]
        gaps = [first - last for last, first in zip(lasts, firsts[1:], strict=False)]
        moved = moved or gaps != [after - before for before, after in pairwise(ranks)]
        moved = moved or columns.stop - 1 - lasts[-1] > len(order) - 1 - ranks[-1]
    is_short = columns.stop - columns.start < len(order)
    return replace(columns, at={} if moved else columns.at, is_short=is_short)


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
