"""Table four: one line of values under three groups of five headings."""

from pipelines.align import find_start, leading_labels
from pipelines.cells import Target, read_cells
from pipelines.forms import FORMS, table_of
from pipelines.headings import Columns, Headings, column_name, headings, place_columns, trusted
from pipelines.labels import stems
from pipelines.lines import Found, column_problems, describe
from pipelines.reading import Problem
from pipelines.recognise import REVIEW, Line, Segment

_BLOCK = table_of(FORMS[0], REVIEW).blocks[0]
_GROUPS = stems((row.code, row.printed) for row in _BLOCK.rows)
_OUTCOMES = stems((column.code, column.printed) for column in _BLOCK.columns)
_TARGETS = {f"{r.code}/{c.code}": Target(REVIEW, r.code, c.code) for r in _BLOCK.rows for c in _BLOCK.columns}


def read_review(segment: Segment) -> tuple[list[Found], list[Problem]]:
    """Read the segment's line of values into one `Found` for each of the three groups."""
    columns = _columns(headings(segment.heading))
    found: list[Found] = []
    problems: list[Problem] = []
    for line in segment.lines:
        start = find_start(line, columns, leading_labels(line), lambda *_: False) if columns.at else None
        if start is not None and (line.has_values or not found):
            found.extend(_read_line(line, columns, start))
        elif line.has_values:
            detail = f"the numbers cannot be told apart: {describe(line)}"
            problems.append(Problem("unattributed_number", detail, REVIEW, place=line.printed[0].place))
    if found or problems:
        first = segment.heading[0].printed[0].place
        problems.extend(column_problems(REVIEW, list(_TARGETS), columns, first))
    return found, problems


def _columns(printed: Headings) -> Columns:
    """Place the 15 columns: each outcome belongs to the last group printed above or left of it."""
    groups: list[str | None] = []
    for column in range(printed.width):
        named = [known for known in _GROUPS if known in printed.path(column)]
        last = groups[-1] if groups else None
        groups.append(_GROUPS[max(named, key=len)] if named else last)

    def name_of(column: int) -> str | None:
        outcome = column_name(printed, column, _OUTCOMES)
        return f"{groups[column]}/{outcome}" if outcome and groups[column] else None

    return trusted(place_columns(printed, name_of), tuple(_TARGETS))


def _read_line(line: Line, columns: Columns, start: int) -> list[Found]:
    targets = {name: target for name, target in _TARGETS.items() if name in columns.at}
    cells, problems = read_cells(line, columns, start, targets)
    place = line.slots[start].place
    return [
        Found(
            REVIEW,
            row.code,
            row.labels[-1],
            True,
            tuple(cell for cell in cells if cell.row == row.code),
            tuple(problem for problem in problems if problem.row == row.code),
            place,
        )
        for row in _BLOCK.rows
    ]
