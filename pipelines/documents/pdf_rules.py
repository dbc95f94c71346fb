"""The rules of a PDF page, put together from what is drawn.

A rule is drawn as a line, as a thin filled rectangle, or as the edge of a box; one rule may be
many pieces, and borders of one column lie a point or two apart from row to row.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from pipelines.errors import LimitExceeded

NEAR = 3.0
"""Points within which rules are one rule, and meet: thinner than any column of text."""

THICKEST = 3.0
"""Points across a filled box that is a rule and no background."""

LONGEST_GAP = 4.0
SHORTEST = 5.0
"""Points between two pieces of one rule, and along it: less is a dot of one that runs crosswise."""

MOST_PIECES = 100_000
MOST_RULES = 3_000
"""Pieces of rules on one page, and rules when the pieces that touch are one."""

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points, from the upper left corner of the page as it is read."""


class Rule(NamedTuple):
    """A straight rule: where it lies, and from where to where it runs (points)."""

    at: float
    start: float
    stop: float

    def covers(self, place: float) -> bool:
        """Tell whether the rule runs past a place."""
        return self.start <= place <= self.stop


class Rules(NamedTuple):
    """The rules of a page, or of one table on it."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


def rules_of(boxes: Iterable[tuple[Box, bool]]) -> Rules:
    """Return the rules that boxes draw.

    Args:
        boxes: each box (x0, top, x1, bottom), and whether its edges are stroked.

    Raises:
        LimitExceeded: There are more than any page of a report has.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    for (x0, top, x1, bottom), stroked in boxes:
        if bottom - top <= THICKEST:
            across.append(Rule((top + bottom) / 2, x0, x1))
        if x1 - x0 <= THICKEST:
            down.append(Rule((x0 + x1) / 2, top, bottom))
        if stroked and bottom - top > THICKEST and x1 - x0 > THICKEST:
            across += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
            down += [Rule(x0, top, bottom), Rule(x1, top, bottom)]
        if len(across) + len(down) > MOST_PIECES:
            raise LimitExceeded(f"a page has more than {MOST_PIECES} pieces of rules")
    rules = Rules(tuple(_merged(across)), tuple(_merged(down)))
    if len(rules.across) + len(rules.down) > MOST_RULES:
        raise LimitExceeded(f"a page has more than {MOST_RULES} rules")
    return rules


def _merged(rules: list[Rule]) -> Iterator[Rule]:
    """Yield rules that lie together as one where they touch."""
    return (rule for rule in _joined(rules) if rule.stop - rule.start >= SHORTEST)


def _joined(rules: list[Rule]) -> Iterator[Rule]:
    for at, members in _clusters(rules):
        start = stop = None
        for rule in sorted(members, key=lambda rule: rule.start):
            if start is None or stop is None:
                start, stop = rule.start, rule.stop
            elif rule.start <= stop + LONGEST_GAP:
                stop = max(stop, rule.stop)
            else:
                yield Rule(at, start, stop)
                start, stop = rule.start, rule.stop
        if start is not None and stop is not None:
            yield Rule(at, start, stop)


def _clusters(rules: list[Rule]) -> Iterator[tuple[float, list[Rule]]]:
    """Yield (place, rules) for rules that lie within `NEAR` of the first of them."""
    members: list[Rule] = []
    for rule in sorted(rules):
        if members and rule.at - members[0].at > NEAR:
            yield sum(one.at for one in members) / len(members), members
            members = []
        members.append(rule)
    if members:
        yield sum(one.at for one in members) / len(members), members


def drawn_boxes(page: Any) -> Iterator[tuple[Box, bool]]:
    """Yield what `rules_of` takes for all lines, boxes and paths of a pdfplumber page."""
    for line in page.lines:
        yield _box(line), False
    for box in page.rects:
        yield _box(box), bool(box["stroke"])
    for curve in page.curves:
        for (x0, y0), (x1, y1) in pairwise(curve["pts"]):
            yield (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), False


def _box(drawn: Mapping[str, Any]) -> Box:
    return drawn["x0"], drawn["top"], drawn["x1"], drawn["bottom"]
