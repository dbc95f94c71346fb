"""Ruled tables of a PDF page: the cells between the rules.

Cells are what no rule divides: their spans follow from the rules that are missing. Not
pdfplumber's own finder: it takes backgrounds for cells, and body text between two tables for a
third one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from pipelines.documents.grids import LARGEST
from pipelines.documents.pdf_rules import NEAR, Box, Rule, Rules
from pipelines.errors import LimitExceeded

Slot = tuple[int, int]
"""Row and column of a lattice, from 0."""

_REACH = 1.01 * NEAR
"""Points between a rule and the line that it lies on: half of what separates two lines, and rounding."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """One table's rules and the lines on which its cells begin and end.

    Attributes:
        rules: those that are drawn.
        xs, ys: where columns and rows begin and end, from left to right and top to bottom.
        open_top, open_bottom: no rule is drawn above the first or below the last row.
        overhang: points below the last piece of rule at which text of the last row still stands.
    """

    rules: Rules
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    open_top: bool = False
    open_bottom: bool = False
    overhang: float = 0.0

    @property
    def box(self) -> Box:
        """Return the outline of all that stands in the table."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1] + self.overhang

    def slot(self, x: float, y: float) -> Slot | None:
        """Return (row, column) of a point, from 0, or None outside."""
        rows = (*self.ys[:-1], self.ys[-1] + self.overhang)
        row, column = bisect_right(rows, y) - 1, bisect_right(self.xs, x) - 1
        inside = 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1
        return (row, column) if inside else None

    def ragged(self) -> frozenset[int]:
        """Return the rows that no rule closes on the right, where other rows are closed."""
        last = len(self.xs) - 1
        closed = {row for line, row in _drawn(self.rules.down, self.xs, self.ys) if line == last}
        return frozenset(range(len(self.ys) - 1)) - closed if closed else frozenset()

    def regions(self) -> dict[Slot, Slot]:
        """Return the upper left slot of the cell that each slot (row, column) belongs to.

        A cell is a rectangle; where missing rules leave another shape it is cut into its rows.

        Raises:
            LimitExceeded: There are more slots than any table of a report has.
        """
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        if rows * columns > LARGEST:
            raise LimitExceeded(f"a table of a page has more than {LARGEST} cells")
        parent = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

        def root(slot: Slot) -> Slot:
            while parent[slot] != slot:
                parent[slot] = slot = parent[parent[slot]]
            return slot

        walls, floors = _drawn(self.rules.down, self.xs, self.ys), _drawn(self.rules.across, self.ys, self.xs)
        for row, column in tuple(parent):
            right, below = (row, column + 1), (row + 1, column)
            if right in parent and (column + 1, row) not in walls:
                _join(parent, root(right), root((row, column)))
            if below in parent and (row + 1, column) not in floors:
                _join(parent, root(below), root((row, column)))
        return _rectangles({slot: root(slot) for slot in parent})


def _join(parent: dict[Slot, Slot], one: Slot, other: Slot) -> None:
    first, last = min(one, other), max(one, other)
    parent[last] = first


def _drawn(rules: tuple[Rule, ...], places: tuple[float, ...], steps: tuple[float, ...]) -> set[Slot]:
    """Return (line, step) where a rule is drawn on one of the lines `places` along one of the steps."""
    middles = [(first + last) / 2 for first, last in pairwise(steps)]
    found: set[Slot] = set()
    for rule in rules:
        lines = range(bisect_left(places, rule.at - _REACH), bisect_right(places, rule.at + _REACH))
        along = range(bisect_left(middles, rule.start), bisect_right(middles, rule.stop))
        found.update((line, step) for line in lines for step in along)
    return found


def _rectangles(owner: Mapping[Slot, Slot]) -> dict[Slot, Slot]:
    members: dict[Slot, list[Slot]] = {}
    for slot, first in owner.items():
        members.setdefault(first, []).append(slot)
    found: dict[Slot, Slot] = {}
    for slots in members.values():
        rows, columns = [row for row, _ in slots], [column for _, column in slots]
        size = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
        if size == len(slots):
            found.update(dict.fromkeys(slots, (min(rows), min(columns))))
        else:
            found.update(_runs(sorted(slots)))
    return found


def _runs(slots: list[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Yield (slot, first slot of its run) for the unbroken runs in each row."""
    first = last = (-1, -1)
    for slot in slots:
        if slot != (last[0], last[1] + 1):
            first = slot
        last = slot
        yield slot, first


def lattices(rules: Rules) -> list[Lattice]:
    """Return the tables that rules make, from the top of the page to its bottom."""
    groups = _connected(rules)
    loose = set(rules.down).difference(*(group.down for group in groups))
    found = [lattice for group in groups if (lattice := _lattice(_with_sides(group, loose)))]
    return sorted(found, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _connected(rules: Rules) -> list[Rules]:
    """Return the rules in groups that meet."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for across in rules.across:
        crossing = [down for down in rules.down if _meet(across, down)]
        mine = [group for group in groups if not set(group[1]).isdisjoint(crossing)]
        merged = ([across], list(crossing))
        for group in mine:
            groups.remove(group)
            merged[0].extend(group[0])
            merged[1].extend(rule for rule in group[1] if rule not in crossing)
        groups.append(merged)
    return [Rules(tuple(sorted(across)), tuple(sorted(down))) for across, down in groups]


def _with_sides(rules: Rules, loose: set[Rule]) -> Rules:
    """Add the rules that run beside a table from its top to its bottom.

    A cell that neither begins nor ends on the page has no rule that meets its outer side.
    """
    if not rules.down:
        return rules
    top, bottom = min(rule.start for rule in rules.down), max(rule.stop for rule in rules.down)
    sides = [rule for rule in loose if abs(rule.start - top) <= NEAR and abs(rule.stop - bottom) <= NEAR]
    return rules._replace(down=tuple(sorted([*rules.down, *sides])))


def _meet(across: Rule, down: Rule) -> bool:
    return (
        across.start - NEAR <= down.at <= across.stop + NEAR
        and down.start - NEAR <= across.at <= down.stop + NEAR
    )


def _lattice(rules: Rules) -> Lattice | None:
    """Return the lattice of rules that meet; None for a frame around a single cell."""
    if not rules.down or not rules.across:
        return None
    xs, ys = _places(rules.down), _places(rules.across)
    left, right = min(rule.start for rule in rules.across), max(rule.stop for rule in rules.across)
    top, bottom = min(rule.start for rule in rules.down), max(rule.stop for rule in rules.down)
    open_top, open_bottom = top < ys[0] - NEAR, bottom > ys[-1] + NEAR
    # Outer rules are often left out: the others show how far the table reaches.
    xs = [*([left] if left < xs[0] - NEAR else []), *xs, *([right] if right > xs[-1] + NEAR else [])]
    ys = [*([top] if open_top else []), *ys, *([bottom] if open_bottom else [])]
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
        return None
    return Lattice(rules, tuple(xs), tuple(ys), open_top, open_bottom)


def _places(rules: tuple[Rule, ...]) -> list[float]:
    """Return the lines that rules lie on; rules too near one another for text between them share one."""
    groups: list[list[float]] = []
    for at in sorted({rule.at for rule in rules}):
        if groups and at - groups[-1][0] <= 2 * NEAR:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [(group[0] + group[-1]) / 2 for group in groups]
