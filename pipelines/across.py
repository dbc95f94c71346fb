"""Tables whose rows stand side by side: one line of values under groups of headings (table four)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.align import find_start, leading_labels
from pipelines.cells import Target, read_cells
from pipelines.forms import Row, form_named, table_of
from pipelines.headings import Columns, Headings, column_name, headings, place_columns, trusted
from pipelines.labels import stems
from pipelines.lines import Found, column_problems, describe
from pipelines.numbers import read_value
from pipelines.reading import PLACEHOLDER, Problem
from pipelines.recognise import Line, Segment


@dataclass(frozen=True, slots=True)
class Groups:
    """What such a table prints.

    Attributes:
        table: its code.
        rows: of the form; each is a group of columns.
        groups: wordings of the rows (stem -> code).
        headings: wordings of the columns within a group (stem -> code).
        targets: `row/column` -> cell of the form.
    """

    table: str
    rows: tuple[Row, ...]
    groups: Mapping[str, str]
    headings: Mapping[str, str]
    targets: Mapping[str, Target]

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, table: str, form: str) -> "Groups":
        """Return the groups of a table in the form of this code."""
        (block,) = table_of(form_named(form), table).blocks
        pairs = [(row.code, column.code) for row in block.rows for column in block.columns]
        return cls(
            table,
            block.rows,
            stems((row.code, row.printed) for row in block.rows),
            stems((column.code, column.printed) for column in block.columns),
            {f"{row}/{column}": Target(table, row, column) for row, column in pairs},
        )


def read_across(segment: Segment, groups: Groups) -> tuple[list[Found], list[Problem]]:
    """Read the segment's line of values into one `Found` for each group."""
    columns = _columns(headings(segment.heading), groups)
    found: list[Found] = []
    problems: list[Problem] = []
    below = segment.continued
    for line in segment.lines:
        if below and _is_lone_word(line):
            continue
        below = below or line.has_values
        start = find_start(line, columns, leading_labels(line), lambda *_: False) if columns.at else None
        if start is not None and (line.has_values or not found):
            found.extend(_read_line(line, columns, start, groups))
        elif line.has_values:
            detail = f"the numbers cannot be told apart: {describe(line)}"
            problems.append(Problem("unattributed_number", detail, groups.table, place=line.printed[0].place))
    if found or problems:
        first = segment.heading[0].printed[0].place
        problems.extend(column_problems(groups.table, list(groups.targets), columns, first))
    return found, problems


def _is_lone_word(line: Line) -> bool:
    """Tell whether a line holds one placeholder alone: below a table it is a sentence (六、其他…: 无。)."""
    return len(line.printed) == 1 and read_value(line.printed[0].text)[0] == PLACEHOLDER


def _columns(printed: Headings, groups: Groups) -> Columns:
    """Place the columns: each heading belongs to the last group printed above or left of it.

    Where a name is claimed twice a group has lost its own heading, and none can be told.
    """
    rows: list[str | None] = []
    for column in range(printed.width):
        named = [known for known in groups.groups if known in printed.path(column)]
        last = rows[-1] if rows else None
        rows.append(groups.groups[max(named, key=len)] if named else last)

    def name_of(column: int) -> str | None:
        name = column_name(printed, column, groups.headings)
        return f"{rows[column]}/{name}" if name and rows[column] else None

    placed = trusted(place_columns(printed, name_of), tuple(groups.targets))
    return replace(placed, at={}) if placed.twice else placed


def _read_line(line: Line, columns: Columns, start: int, groups: Groups) -> list[Found]:
    targets = {name: target for name, target in groups.targets.items() if name in columns.at}
    cells, problems = read_cells(line, columns, start, targets)
    place = line.slots[start].place
    return [
        Found(
            groups.table,
            row.code,
            row.labels[-1],
            True,
            tuple(cell for cell in cells if cell.row == row.code),
            tuple(problem for problem in problems if problem.row == row.code),
            place,
        )
        for row in groups.rows
    ]
