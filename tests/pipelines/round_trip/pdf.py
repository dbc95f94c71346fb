"""A report as a PDF: cells between rules of several kinds, at places that are nearly right."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.pipelines.round_trip.quirks import Table, placed, width
from tests.pipelines.round_trip.reports import HEADINGS, Report
from tests.pipelines.template import Box

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
MARGIN, PAD = 40.0, 3.0

Rule = Callable[[Canvas, float, float, float, float], None]


def _lines(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.lines([(x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0)])


def _box(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    canvas.rect(x0, y0, x1 - x0, y1 - y0)


def _bars(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw rules as Word does: filled rectangles half a point thick."""
    for x, y, wide, high in (
        (x0, y0, x1 - x0, 0.5),
        (x0, y1, x1 - x0, 0.5),
        (x0, y0, 0.5, y1 - y0),
        (x1, y0, 0.5, y1 - y0),
    ):
        canvas.rect(x, y, wide, high, stroke=0, fill=1)


@dataclass(frozen=True, slots=True)
class Style:
    """How one document is set; `off` is how far rules may stand from where they should, in points."""

    rule: Rule
    size: float
    off: float
    rotated: bool

    @classmethod
    def draw(cls, random: Random) -> "Style":
        rule = random.choice((_lines, _box, _bars))
        return cls(rule, random.uniform(7, 12), random.choice((0.0, 0.0, 0.8)), random.random() < 0.2)


def pdf(report: Report, random: Random) -> bytes:
    """Print a PDF; each part of a broken table begins a page, and pages are as large as needed."""
    style = Style.draw(random)
    tables = dict(_set(report, style, random))
    wide = max(595.0, *(one.xs[-1] + 2 * MARGIN for one in tables.values()))
    high = max(842.0, *(one.ys[-1] + 2 * MARGIN + 60 for one in tables.values()))
    stream = BytesIO()
    page = _Page(Canvas(stream, pagesize=(wide, high)), style, high)  # reportlab turns the size with a page
    before: object = ""
    for part in report.parts:
        if isinstance(part, str):
            page.paragraph(part)
        else:
            page.table(tables[id(part)], random, fresh=not isinstance(before, str) or before.startswith("—"))
        before = part
    page.canvas.save()
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class _Set:
    """A table with the places of its columns and rows, from its upper left corner."""

    rows: list[list[tuple[int, Box]]]
    xs: list[float]
    ys: list[float]


def _set(report: Report, style: Style, random: Random) -> Iterator[tuple[int, _Set]]:
    """Yield the id of each table with how it is set; the parts of one table have the same columns."""
    parts: list[Table] = []
    for part in [*report.parts, HEADINGS[-1]]:
        if not isinstance(part, str):
            parts.append(part)
        elif part in HEADINGS:
            xs = _columns(parts, style.size, random)
            yield from (
                (id(rows), _Set(placed(rows), xs[: width(rows) + 1], _rows(rows, xs, style.size)))
                for rows in parts
            )
            parts = []


def _columns(parts: list[Table], size: float, random: Random) -> list[float]:
    wide = [0.0] * max(map(width, parts), default=0)
    for column, (text, span, _) in (box for rows in parts for row in placed(rows) for box in row):
        need = max((_width(token, size) for token in _tokens(text)), default=0) + 2 * PAD
        need = max(need, size * min(len(text), 6)) / span
        wide[column : column + span] = [max(need, one) for one in wide[column : column + span]]
    return [0.0, *accumulate(one + random.uniform(4, 12) for one in wide)]


def _rows(rows: Table, xs: list[float], size: float) -> list[float]:
    high = [size * 2.0] * len(rows)
    for number, row in enumerate(placed(rows)):
        for column, (text, span, lines) in row:
            need = (
                (len(wrapped(text, xs[column + span] - xs[column] - 2 * PAD, size)) + 1) * size * 1.3 / lines
            )
            high[number : number + lines] = [max(need, one) for one in high[number : number + lines]]
    return [0.0, *accumulate(high)]


class _Page:
    """Puts parts on pages from the top down."""

    def __init__(self, canvas: Canvas, style: Style, high: float) -> None:
        self.canvas, self.style, self._high = canvas, style, high
        self._begin()

    def _begin(self) -> None:
        self._y = self._high - MARGIN
        self.canvas.setFont(FONT, self.style.size)
        self.canvas.setLineWidth(0.5)
        if self.style.rotated:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, self._high, 0)

    def _need(self, high: float) -> None:
        if self._y - high < MARGIN:
            self.canvas.showPage()
            self._begin()

    def paragraph(self, text: str) -> None:
        self._need(2 * self.style.size)
        self.canvas.drawString(MARGIN, self._y - self.style.size, text)
        self._y -= 2 * self.style.size

    def table(self, table: _Set, random: Random, *, fresh: bool) -> None:
        """Draw a table, on a new page if it is `fresh` or does not fit."""
        self._need(self._high if fresh else table.ys[-1])
        for number, row in enumerate(table.rows):
            for column, (text, span, high) in row:
                x0, x1 = (
                    MARGIN + table.xs[at] + random.uniform(0, self.style.off)
                    for at in (column, column + span)
                )
                y1, y0 = (
                    self._y - table.ys[at] + random.uniform(0, self.style.off)
                    for at in (number, number + high)
                )
                self.style.rule(self.canvas, x0, y0, x1, y1)
                self._cell(text, (x0, y0, x1, y1), random)
        self._y -= table.ys[-1] + self.style.size

    def _cell(self, text: str, box: tuple[float, float, float, float], random: Random) -> None:
        """Write a text into the middle of its cell, a line at times in two runs."""
        x0, y0, x1, y1 = box
        size = self.style.size
        lines = wrapped(text, x1 - x0 - 2 * PAD, size)
        y = (y0 + y1) / 2 + len(lines) * size * 0.65 - size
        for line in lines:
            x = (x0 + x1 - _width(line, size)) / 2
            at = random.randint(0, len(line)) if random.random() < 0.3 else 0
            self.canvas.drawString(x, y, line[:at])
            self.canvas.drawString(x + _width(line[:at], size), y, line[at:])
            y -= size * 1.3


def wrapped(text: str, room: float, size: float) -> list[str]:
    """Return the lines of a text in a cell: broken anywhere but in a number."""
    lines: list[str] = []
    for paragraph in text.replace("\xa0", " ").split("\n"):
        lines.append("")
        for token in _tokens(paragraph):
            if lines[-1] and _width(lines[-1] + token, size) > room:
                lines.append("")
            lines[-1] += token
    return [line for line in lines if line.strip()]


def _tokens(text: str) -> list[str]:
    return re.findall(r"[+\-－]?[\d.,．，]+|[^\d]", text.replace("\n", ""))


def _width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))
