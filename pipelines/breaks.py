"""Rows that a page's end cuts in two: half of the label, or of the cells, stands on the next page."""

from itertools import pairwise

from pipelines.align import Match, leading_labels, match_label
from pipelines.documents import GridCell
from pipelines.labels import stem
from pipelines.numbers import has_digit, is_value
from pipelines.recognise import Line, Segment
from pipelines.wordings import ACROSS, GROUPS, ROWS

_LABELS = 3
"""Cells of a line that may be its labels, outermost first."""


def rejoin(parts: list[Segment]) -> None:
    """Put rows together that are cut between a segment and the one that continues it.

    Only where it is certain: the two halves of a label are a label of the form to the letter, and
    no cell of the row has numbers in both halves. Else the row is taken out, and so is one whose
    numbers may go on in a line that names no row: the half of a number is another number.
    """
    for before, after in pairwise(parts):
        if after.continued and after.table in ROWS and before.lines and after.lines:
            upper, lower = before.lines.pop(), after.lines.pop(0)
            above, below = _settled(upper, lower, after.table)
            before.lines.extend(above)
            after.lines[:0] = below


def _settled(upper: Line, lower: Line, table: str) -> tuple[list[Line], list[Line]]:
    """Return what stays of the last line above a page's end, and of the first line below it."""
    first, second = _match(upper, table), _match(lower, table)
    if table in ACROSS:  # no label tells the halves of its one line from the line
        alike = len(upper.slots) == len(lower.slots)
        cut = alike and _has_digits(upper) and _has_digits(lower)
        return ([], []) if cut else ([upper], [lower])
    unnamed = first is None and _has_own_label(upper, table)
    whole = None
    if _has_own_label(lower, table) and (unnamed or not _is_exact(second)):
        whole = _joined(upper, lower, table)
    if whole:
        return [] if _both_have_numbers(upper, lower) else [whole], []
    if second is None and _goes_on(upper, lower, table):
        return [], [lower]
    if first is None and second and not second.exact and _goes_on(lower, upper, table):
        return [upper], []  # a label that is only near may be half of one
    return [upper], [lower]


def _joined(upper: Line, lower: Line, table: str) -> Line | None:
    """Return the row that two lines are, where their labels together are one of the form."""
    if len(upper.slots) != len(lower.slots):
        return None
    pairs = list(zip(upper.slots, lower.slots, strict=True))
    # A cell that spans stands in several slots and must stay one object.
    joined = {(id(one), id(other)): _cell(one, other) for one, other in pairs}
    line = Line(tuple(joined[id(one), id(other)] for one, other in pairs), upper.row)
    # Where a number is cut too, its two halves are no value any more.
    values = (at for at, pair in enumerate(pairs) if any(is_value(cell.text) for cell in pair))
    match = match_label(leading_labels(line, next(values, None)), ROWS[table])
    return line if _is_exact(match) else None


def _both_have_numbers(upper: Line, lower: Line) -> bool:
    pairs = zip(upper.slots, lower.slots, strict=True)
    return any(has_digit(one.text) and has_digit(other.text) for one, other in pairs)


def _goes_on(upper: Line, lower: Line, table: str) -> bool:
    """Tell whether numbers of a row may stand in the line below it, which names no row.

    A line of another width that has words of its own belongs to another table.
    """
    alike = len(upper.slots) == len(lower.slots) or not _has_own_label(lower, table)
    return alike and _has_digits(lower)


def _has_digits(line: Line) -> bool:
    return any(has_digit(cell.text) for cell in line.printed)


def _has_own_label(line: Line, table: str) -> bool:
    """Tell whether a label stands in the line that is not that of a group."""
    return any(stem(cell.text) not in GROUPS[table] for cell in leading_labels(line))


def _cell(upper: GridCell, lower: GridCell) -> GridCell:
    below = lower.place if lower.text and not upper.text else None
    return upper._replace(text=f"{upper.text}\n{lower.text}".strip("\n"), below=below)


def _match(line: Line, table: str) -> Match | None:
    """Match the label of a line; it may be followed by a number on two lines, which is no value."""
    alone = (match_label((cell,), ROWS[table]) for cell in line.printed[:_LABELS])
    return match_label(leading_labels(line), ROWS[table]) or next(filter(None, alone), None)


def _is_exact(match: Match | None) -> bool:
    return match is not None and match.exact
