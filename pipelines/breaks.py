"""Rows that a page's end cuts in two: half of the label, or of the cells, stands on the next page."""

from itertools import pairwise

from pipelines.align import Match, leading_labels, match_label
from pipelines.documents import GridCell
from pipelines.labels import stem
from pipelines.numbers import has_digit, is_value
from pipelines.recognise import GROUPS, ROWS, Line, Segment


def rejoin(parts: list[Segment]) -> None:
    """Put rows together that are cut between a segment and the one that continues it.

    Only where it is certain: the two halves of a label are a label of the form to the letter, and
    no cell of the row has numbers in both halves. Else the row is taken out, and so is one whose
    numbers may go on in a line with no label of its own: the half of a number is another number.
    """
    for before, after in pairwise(parts):
        if not (after.continued and after.table in ROWS and before.lines and after.lines):
            continue
        upper, lower, table = before.lines[-1], after.lines[0], after.table
        found = _match(lower, table)
        if _is_exact(found):
            continue
        whole = _joined(upper, lower, table) if _has_own_label(lower, table) else None
        if whole:
            del before.lines[-1], after.lines[0]
            if not _both_have_numbers(upper, lower):
                before.lines.append(whole)
        elif found is None and _goes_on(upper, lower, table):
            before.lines.pop()


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
    """Tell whether numbers of a row may stand in the line below it."""
    match = _match(upper, table)
    if match is None or not any(has_digit(cell.text) for cell in lower.printed):
        return False
    return not match.exact or not _has_own_label(lower, table)


def _has_own_label(line: Line, table: str) -> bool:
    """Tell whether a label stands in the line that is not that of a group."""
    return any(stem(cell.text) not in GROUPS[table] for cell in leading_labels(line))


def _cell(upper: GridCell, lower: GridCell) -> GridCell:
    return upper._replace(text=f"{upper.text}\n{lower.text}".strip("\n"))


def _match(line: Line, table: str) -> Match | None:
    return match_label(leading_labels(line), ROWS[table])


def _is_exact(match: Match | None) -> bool:
    return match is not None and match.exact
