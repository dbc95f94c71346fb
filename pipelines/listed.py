"""Lists of indicators (the annex of 2014 to 2018): printed lines aligned with those of the form.

Labels repeat from section to section and vary from place to place, so lines are matched by
wording, section and order together; what is not clearly one row is no row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.cells import Target, read_cells
from pipelines.documents import Grid
from pipelines.entries import Entry, entries
from pipelines.forms import Table
from pipelines.headings import Columns
from pipelines.lines import Found, describe
from pipelines.list_lines import Indicator, indicators, wording
from pipelines.monotone import align
from pipelines.reading import Problem

NEAR = 0.6
"""What a match that is nearly right is worth of an exact one."""

_SHARE = 4
"""A list is the form's where at least one row in so many is there to the letter."""

_LONGEST = 1_000
"""Entries of a list; the longest form has under 100."""


@dataclass(slots=True)
class Listed:
    """The rows of a list, what could not be read, and the indexes of the grids that hold it."""

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    grids: set[int] = field(default_factory=set)


def read_listed(grids: Iterable[tuple[int, Grid]], table: Table) -> Listed:
    """Read a list of indicators from the grids of a document; it may be broken over several."""
    lines = indicators(table)
    names = {stem: stem for line in lines for stem in line.stems}
    grids = list(grids)
    texts = {cell.text for _, grid in grids for row in grid.rows for cell in row}
    if not any(wording(text) in names for text in texts):
        return Listed()  # as nearly every document
    printed = [(index, strip) for index, grid in grids for strip in entries(grid, names)]
    known = {entry.stem for _, strip in printed for entry in strip if entry.exact}
    if len(known) * _SHARE < len(lines):
        return Listed()
    held = [(index, strip) for index, strip in printed if sum(entry.exact for entry in strip) > 1]
    listed = Listed(grids={index for index, _ in held})
    for part in _lists([entry for _, strip in held for entry in strip], lines[0]):
        _read(part[:_LONGEST], lines, table, listed)
    return listed


def _lists(printed: list[Entry], first: Indicator) -> Iterator[list[Entry]]:
    """Cut entries where the list begins anew."""
    starts = [number for number, entry in enumerate(printed) if entry.exact and entry.stem in first.stems]
    for start, stop in zip([0, *starts[1:]], [*starts[1:], len(printed)], strict=True):
        yield printed[start:stop]


def _read(printed: list[Entry], lines: tuple[Indicator, ...], table: Table, listed: Listed) -> None:
    def weight(number: int, line: int) -> float:
        entry = printed[number]
        return 0.0 if entry.stem not in lines[line].stems else 1.0 if entry.exact else NEAR

    pairs = align(len(printed), len(lines), weight)
    for number, entry in enumerate(printed):
        indicator = lines[pairs[number]] if number in pairs else None
        _take(entry, indicator, table, listed)


def _take(entry: Entry, indicator: Indicator | None, table: Table, listed: Listed) -> None:
    """Read an entry into a row, or say what it prints where it is none."""
    row = indicator.row if indicator else None
    column = table.blocks[0].columns[0].code
    place = (entry.labels or entry.line.printed or entry.line.slots)[0].place
    if row is not None and entry.value is not None and _fits(entry, row.unit):
        target = Target(table.code, row.code, column, row.unit == "万元", _money(entry.unit))
        columns = Columns(
            {column: (entry.value,)}, (), (), entry.value, entry.value + 1, len(entry.line.slots)
        )
        cells, problems = read_cells(entry.line, columns, entry.value, {column: target})
        listed.found.append(Found(table.code, row.code, entry.label, entry.exact, cells, problems, place))
    elif entry.has_number and (entry.labels or entry.value is not None):
        kind = "unattributed_number" if row else "unknown_row"
        detail = "the year's number cannot be told apart" if row else "no row of the form for certain"
        code = row.code if row else None
        listed.problems.append(
            Problem(kind, f"{detail}: {describe(entry.line)}", table.code, code, None, place)
        )


def _fits(entry: Entry, unit: str) -> bool:
    """Tell whether the printed unit is of the kind the row has: money, or a count."""
    return not entry.unit.strip("—-–/ ") or ("元" in entry.unit) == (unit == "万元")


def _money(unit: str) -> str:
    return unit.strip("()（） ") if "元" in unit else ""
