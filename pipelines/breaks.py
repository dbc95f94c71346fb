"""Rows that a page's end cuts in two: half of the label, or of the cells, stands on the next page."""

from itertools import pairwise

from pipelines.align import Match, leading_labels, match_label
from pipelines.documents import GridCell
from pipelines.numbers import has_digit
from pipelines.recognise import ROWS, Line, Segment


def rejoin(parts: list[Segment]) -> None:
    """Put rows together that are cut between a segment and the one that continues it.

    Only where it is certain: the two halves of a label are a label of the form to the letter, which
    neither is alone, and no cell of the row has numbers in both halves.
    """
    for before, after in pairwise(parts):
        if not (after.continued and after.table in ROWS and before.lines and after.lines):
            continue
        whole = _whole(before.lines[-1], after.lines[0], after.table)
        if whole is not None:
            before.lines[-1] = whole
            after.lines.pop(0)


def _whole(upper: Line, lower: Line, table: str) -> Line | None:
    if len(upper.slots) != len(lower.slots) or _match(lower, table) or _is_exact(_match(upper, table)):
        return None
    pairs = list(zip(upper.slots, lower.slots, strict=True))
    if any(has_digit(one.text) and has_digit(other.text) for one, other in pairs):
        return None
    # A cell that spans stands in several slots and must stay one object.
    joined = {(id(one), id(other)): _cell(one, other) for one, other in pairs}
    line = Line(tuple(joined[id(one), id(other)] for one, other in pairs), upper.row)
    return line if _is_exact(_match(line, table)) else None


def _cell(upper: GridCell, lower: GridCell) -> GridCell:
    return upper._replace(text=f"{upper.text}\n{lower.text}".strip("\n"))


def _match(line: Line, table: str) -> Match | None:
    return match_label(leading_labels(line), ROWS[table])


def _is_exact(match: Match | None) -> bool:
    return match is not None and match.exact
