"""The characters of a PDF page put together: into lines, into the texts of cells, into paragraphs.

A PDF holds glyphs and places, no words. A gap of a third of a character is a space; a gap that is
wider than a character parts what may be two numbers, so in a cell it is a line of its own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines.documents.tables import collapse

Box = tuple[float, float, float, float]

SPACE, PART = 0.3, 1.2
"""Gaps, in character sizes, that are a space, and that part two texts."""

SAME_LINE = 0.5
"""Share of a character's size by which the middles of one line's characters may differ."""

SMALLER, RAISED, OVER = 0.05, 0.2, 0.28
"""Shares of a digit's size by which the next one may be smaller, raised, and at least moves on.

The digits of one number are alike: what differs is the mark of a note, what does not move on is
drawn over another text.
"""

TWICE = 0.25
"""Share of its size by which a character drawn twice, to look bold, is moved."""

_PAGE_NUMBER = re.compile(
    r"[-—–―~·]\s*\d{1,3}\s*[-—–―~·]|第\s*\d{1,3}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3}|\d{1,3}"
)
_DASHED = re.compile(r"[-—–―]\s*\d{1,3}\s*[-—–―]")
_NEW = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|"
    r"附件|第[一二三四五六]部分|注[：:]"
)
_MARGIN = 0.12
"""Share of a page's height, above and below, in which page numbers stand."""


class Glyph(NamedTuple):
    """One character (or ligature) as it is read: its text, its box and its size (points)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def size(self) -> float:
        """Return the height of the character's box."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Return where the character stands between top and bottom."""
        return (self.top + self.bottom) / 2


class TextLine(NamedTuple):
    """One line of characters, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def box(self) -> Box:
        """Return the line's outline."""
        tops, bottoms = [glyph.top for glyph in self.glyphs], [glyph.bottom for glyph in self.glyphs]
        return self.glyphs[0].x0, min(tops), max(glyph.x1 for glyph in self.glyphs), max(bottoms)

    @property
    def size(self) -> float:
        """Return the size of its last character."""
        return self.glyphs[-1].size

    def text(self, apart: str = " ") -> str:
        """Return the line's text; `apart` is put where a gap is wider than a character."""
        return "".join(_spaced(self.glyphs, apart))


def _spaced(glyphs: tuple[Glyph, ...], apart: str) -> Iterator[str]:
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None:
            gap = glyph.x0 - last.x1
            size = max(min(last.size, glyph.size), 1.0)
            if gap > PART * size or _is_severed(last, glyph):
                yield apart
            elif gap > SPACE * size:
                yield " "
        yield glyph.text
        if not glyph.text.isspace():
            last = glyph


def _is_severed(one: Glyph, other: Glyph) -> bool:
    """Tell whether two digits that follow each other cannot be digits of one number."""
    if not (one.text.isdecimal() and other.text.isdecimal()):
        return False
    size = max(one.size, other.size)
    differ = abs(one.size - other.size) > SMALLER * size or abs(one.middle - other.middle) > RAISED * size
    return differ or other.x0 - one.x0 < OVER * size


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Return the lines that characters make, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        last = rows[-1][-1] if rows else None
        if last is None or glyph.middle - last.middle > SAME_LINE * min(last.size, glyph.size):
            rows.append([])
        rows[-1].append(glyph)
    lines = (_once(sorted(row, key=lambda glyph: glyph.x0)) for row in rows)
    return [TextLine(line) for line in lines if any(not glyph.text.isspace() for glyph in line)]


def _once(row: list[Glyph]) -> tuple[Glyph, ...]:
    """Return a row without what is drawn a second time on the same place."""
    kept: list[Glyph] = []
    for glyph in row:
        near = (one for one in kept[-3:] if one.text == glyph.text)
        if not any(abs(one.x0 - glyph.x0) < TWICE * max(glyph.size, 1.0) / 2 for one in near):
            kept.append(glyph)
    return tuple(kept)


def cell_text(glyphs: Iterable[Glyph]) -> str:
    """Return the text of a cell, one line for each line of characters and for each part of it."""
    lines = (line.text(apart="\n") for line in lines_of(glyphs))
    parts = (collapse(part) for line in lines for part in line.split("\n"))
    return "\n".join(part for part in parts if part)


def is_page_number(line: TextLine, height: float) -> bool:
    """Tell whether a line is a page's number: in its margin, or set between dashes anywhere."""
    text = line.text().strip()
    _, top, _, bottom = line.box
    in_margin = bottom < _MARGIN * height or top > (1 - _MARGIN) * height
    return bool(_DASHED.fullmatch(text) or (in_margin and _PAGE_NUMBER.fullmatch(text)))


class Column(NamedTuple):
    """From where to where running text is set on a page (points)."""

    left: float
    right: float


class Lines(NamedTuple):
    """The lines of one paragraph.

    Attributes:
        begins: it begins where a paragraph does: indented, or with the mark of a heading.
        ends: it ends where a paragraph does: before the right edge.
    """

    text: str
    box: Box
    begins: bool
    ends: bool


def column_of(boxes: list[Box]) -> Column:
    """Return the column that the lines and tables of a page fill."""
    return Column(min((box[0] for box in boxes), default=0.0), max((box[2] for box in boxes), default=0.0))


def paragraphs(lines: list[TextLine], column: Column) -> Iterator[Lines]:
    """Yield the paragraphs that lines make: a line that reaches the right edge goes on in the next."""
    open_: list[TextLine] = []
    for line in lines:
        if open_ and not _goes_on(open_[-1], line, column):
            yield _paragraph(open_, column)
            open_ = []
        open_.append(line)
    if open_:
        yield _paragraph(open_, column)


def _goes_on(line: TextLine, following: TextLine, column: Column) -> bool:
    if _ends(line, column) or _begins(following, column):
        return False
    return following.box[1] - line.box[3] < 2 * line.size


def _ends(line: TextLine, column: Column) -> bool:
    return line.box[2] <= column.right - 2 * line.size


def _begins(line: TextLine, column: Column) -> bool:
    return line.box[0] >= column.left + line.size or bool(_NEW.match(line.text().lstrip()))


def _paragraph(lines: list[TextLine], column: Column) -> Lines:
    boxes = [line.box for line in lines]
    text = collapse("".join(line.text() for line in lines))
    x0, tops, x1, bottoms = zip(*boxes, strict=True)
    box = (min(x0), min(tops), max(x1), max(bottoms))
    return Lines(text, box, _begins(lines[0], column), _ends(lines[-1], column))
