"""Tables of PDF pages: which text stands in which cell, and how a table goes on over pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.documents.grids import Span
from pipelines.documents.pdf_lattices import Lattice, Slot
from pipelines.documents.pdf_rules import NEAR, Box
from pipelines.documents.pdf_text import Glyph, TextLine, cell_text, is_page_number, lines_of

CUT = 0.5
"""Character sizes between the end of a table that is cut and the line of text that is cut off."""

TOUCH = 0.05
"""Character sizes between two characters that are drawn as one text."""

_DIGITS = frozenset("0123456789０１２３４５６７８９.,，．")


@dataclass(slots=True)
class PrintedPage:
    """What one page holds, in the direction in which it is read.

    `shown` turns a box back to where it stands on the page, on which text may run sideways.
    """

    number: int
    height: float
    glyphs: list[Glyph]
    lattices: list[Lattice]
    is_scan: bool
    shown: Callable[[Box], Box]

    def place(self, box: Box) -> Box:
        """Return where a box stands on the page as it is shown, to a tenth of a point."""
        x0, top, x1, bottom = (round(value, 1) for value in self.shown(box))
        return x0, top, x1, bottom


def hang_over(page: PrintedPage) -> None:
    """Let the last table keep a line of text that the page's end cuts off from its rules."""
    if page.lattices and page.lattices[-1].open_bottom:
        x0, _, x1, bottom = page.lattices[-1].box
        lines = [line for line in running_lines(page) if line.box[1] < bottom + CUT * line.glyphs[0].size]
        ends = [
            line.box[3] for line in lines if x0 < line.box[0] and line.box[2] < x1 and line.box[3] > bottom
        ]
        overhang = max(ends, default=bottom) - bottom
        page.lattices[-1] = replace(page.lattices[-1], overhang=overhang)


def share_columns(pages: list[PrintedPage]) -> None:
    """Give the parts of a table that goes on over pages the columns of all its parts."""
    parts: list[PrintedPage] = []
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        parts.append(page)
        if following is None or not _goes_on(page, following):
            _unite(parts)
            parts = []
        elif len(page.lattices) > 1:  # another table has begun below the one that came to its end
            _unite(parts)
            parts = [page]


def _unite(parts: list[PrintedPage]) -> None:
    """Give one table's parts, the last of each page and then the first, the same columns."""
    if len(parts) < 2:
        return
    places = [(page, -1 if page is parts[0] else 0) for page in parts]
    xs: tuple[float, ...] = ()
    for page, which in places:
        xs = _union(xs, page.lattices[which].xs)
    for page, which in places:
        own = page.lattices[which].xs
        shared = tuple(next((mine for mine in own if _is_same(mine, x)), x) for x in xs)
        page.lattices[which] = replace(page.lattices[which], xs=shared)


def _goes_on(before: PrintedPage, after: PrintedPage) -> bool:
    """Tell whether the last table of a page goes on as the first of the next one."""
    if not before.lattices or not after.lattices:
        return False
    last, first = before.lattices[-1].box, after.lattices[0].box
    if not _is_same(last[0], first[0]):
        return False
    below = any(line.box[1] > last[3] for line in running_lines(before))
    above = any(line.box[3] < first[1] for line in running_lines(after))
    return not (below or above)


def _union(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted([*one, *(x for x in other if not any(_is_same(x, mine) for mine in one))]))


def _is_same(one: float, other: float) -> bool:
    """Tell whether two places of two pages are too near for text between them."""
    return abs(one - other) <= 2 * NEAR


def running_lines(page: PrintedPage) -> list[TextLine]:
    """Return the lines outside of tables, without the page's number."""
    outside = [glyph for glyph in page.glyphs if table_of(page, glyph) is None]
    return [line for line in lines_of(outside) if not is_page_number(line, page.height)]


def table_of(page: PrintedPage, glyph: Glyph) -> int | None:
    """Return the smallest table that a character stands in, by its number on the page."""
    x, y = (glyph.x0 + glyph.x1) / 2, glyph.middle
    around = [
        ((box[2] - box[0]) * (box[3] - box[1]), number)
        for number, box in enumerate(lattice.box for lattice in page.lattices)
        if box[0] <= x < box[2] and box[1] <= y < box[3]
    ]
    return min(around)[1] if around else None


def inside_of(page: PrintedPage) -> list[list[Glyph]]:
    """Return the characters that stand in each of the page's tables, or go on from a number in them."""
    inside: list[list[Glyph]] = [[] for _ in page.lattices]
    tables = [{table_of(page, glyph)} for glyph in page.glyphs]
    for (one, first), (other, second) in pairwise(zip(page.glyphs, tables, strict=True)):
        if first != second and _is_one_number(one, other):
            second |= first
            first |= second
    for glyph, numbers in zip(page.glyphs, tables, strict=True):
        for number in numbers:
            if number is not None:
                inside[number].append(glyph)
    return inside


def _is_one_number(one: Glyph, other: Glyph) -> bool:
    """Tell whether two characters, one drawn after the other, are of one printed number."""
    if not (one.text in _DIGITS and other.text in _DIGITS):
        return False
    return abs(other.x0 - one.x1) < TOUCH * one.size and abs(other.middle - one.middle) < TOUCH * one.size


def rows_of(lattice: Lattice, glyphs: Iterable[Glyph], page: PrintedPage) -> Iterator[list[Span]]:
    """Yield the cells of a table row by row, each where it begins."""
    regions = lattice.regions()
    texts = _texts(lattice, regions, glyphs)
    ends = {first: slot for slot, first in sorted(regions.items())}  # the last slot of each cell
    ragged, last = lattice.ragged(), len(lattice.xs) - 2
    slivers = {row for row in range(1, len(lattice.ys) - 1) if _is_sliver(row, ends, texts, last + 1)}
    for row in range(len(lattice.ys) - 1):
        if row in slivers:
            continue
        cells: list[Span] = []
        firsts = _starting(regions, row)
        if row in ragged and firsts and ends[firsts[-1]][1] == last and firsts[-1] not in texts:
            firsts.pop()  # the row ends before the others: there is no cell
        for first in firsts:
            rows = sum(each not in slivers for each in range(first[0], ends[first][0] + 1))
            cells.append(_cell(lattice, first, ends[first], texts.get(first, ""), page, rows))
        yield cells


def _is_sliver(row: int, ends: dict[Slot, Slot], texts: dict[Slot, str], columns: int) -> bool:
    """Tell whether a row is only where the rules of two cells miss each other.

    Most cells go on through it from above; what begins in it is blank and ends in it.
    """
    starting = [(first, end) for first, end in ends.items() if first[0] == row]
    width = sum(end[1] - first[1] + 1 for first, end in starting)
    return 2 * width < columns and all(first not in texts and end[0] == row for first, end in starting)


def _texts(lattice: Lattice, regions: dict[Slot, Slot], glyphs: Iterable[Glyph]) -> dict[Slot, str]:
    """Return the text of each cell that has one, by its first slot.

    A number that runs over a rule is one that is too wide for its cell, or two: both cells say so
    by holding both parts on lines of their own.
    """
    found: dict[Slot | None, list[Glyph]] = {}
    over: set[tuple[Slot | None, Slot | None]] = set()
    last: tuple[Slot | None, Glyph] | None = None
    for glyph in glyphs:
        slot = lattice.slot((glyph.x0 + glyph.x1) / 2, glyph.middle)
        first = regions[slot] if slot else None
        found.setdefault(first, []).append(glyph)
        if last and last[0] != first and _is_one_number(last[1], glyph):
            over.add((last[0], first))
        last = first, glyph
    texts = {first: cell_text(each) for first, each in found.items()}
    parted = {first: "\n".join(texts[each] for each in pair) for pair in over for first in pair}
    return {first: text for first, text in (texts | parted).items() if first is not None}


def _starting(regions: dict[Slot, Slot], row: int) -> list[Slot]:
    return sorted({first for first in regions.values() if first[0] == row})


def _cell(lattice: Lattice, first: Slot, last: Slot, text: str, page: PrintedPage, rows: int) -> Span:
    bottom = lattice.ys[last[0] + 1] if last[0] < len(lattice.ys) - 2 else lattice.box[3]
    box = lattice.xs[first[1]], lattice.ys[first[0]], lattice.xs[last[1] + 1], bottom
    return Span(text, rows, last[1] - first[1] + 1, page=page.number, box=page.place(box))
