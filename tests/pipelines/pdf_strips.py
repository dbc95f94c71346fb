"""A report laid out on one endless strip: where each text and each rule stands before pages cut it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.pipelines.template import Box

FONT = "STSong-Light"  # part of every PDF viewer: nothing is embedded
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

MARGIN = 60.0
PAD = 3.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is drawn.

    Attributes:
        size: of the characters, points.
        page: width and height, points.
        rules: lines, rects (thin filled ones), dots, double, or none at all.
        closed: a page's end closes the table, and the next page begins it with a rule.
        wobble: points by which borders differ from row to row.
        turned: /Rotate of the pages.
        sideways: the text itself is drawn sideways, on pages as high as wide ones are wide.
        runs: each character is drawn by itself.
        whole_rows: a page ends between rows only.
        number: how the number of a page is printed below it.
    """

    size: float = 9.0
    page: tuple[float, float] = A4
    rules: str = "lines"
    closed: bool = True
    wobble: float = 0.0
    turned: int = 0
    sideways: bool = False
    runs: bool = False
    whole_rows: bool = True
    number: str = "— {} —"


@dataclass(slots=True)
class Strip:
    """What is drawn, from the top (0) downward: text, rules, and where a page may end."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    y: float = 0.0


def paragraph(strip: Strip, text: str, look: Look) -> None:
    size = look.size + 3
    for line in wrapped(text, look.page[0] - 2 * MARGIN, size):
        strip.texts.append((MARGIN, strip.y + size, size, line))
        strip.y += 1.5 * size
        strip.ends.append(strip.y)


def wrapped(text: str, width: float, size: float) -> Iterator[str]:
    """Yield a text in lines; a cell one character wide has one character a line."""
    line = ""
    for character in text:
        if character == "\n" or (line and pdfmetrics.stringWidth(line + character, FONT, size) > width):
            yield line
            line = ""
        line += character.strip("\n")
    yield line


def table(strip: Strip, rows: list[list[Box]], look: Look, widths: list[float] | None = None) -> None:
    """Draw a table: columns of labels twice as wide as those of numbers, rows as high as their text."""
    cells = list(_slots(rows))
    count = max(column + columns for _, column, _, columns, _ in cells)
    widths = widths or ([2.0, 3.0, 9.0, *[3.0] * 7] if count == 10 else [1.0] * count)
    unit = (look.page[0] - 2 * MARGIN) / sum(widths)
    xs = [MARGIN + unit * sum(widths[:index]) for index in range(count + 1)]
    ys = _heights(cells, len(rows), xs, strip.y, look)
    for row, column, high, columns, text in cells:
        nudge = look.wobble * (row % 2)
        x0, x1 = xs[column] + nudge * (column > 0), xs[column + columns] + nudge * (column + columns < count)
        top, bottom = ys[row], ys[row + high]
        lines = list(wrapped(text, x1 - x0 - 2 * PAD, look.size))
        y = (top + bottom - len(lines) * look.size * 1.2) / 2
        for line in lines:
            y += look.size * 1.2
            strip.texts.append((x0 + PAD, y - look.size * 0.2, look.size, line))
        strip.rules += [
            (x0, top, x1, top),
            (x0, bottom, x1, bottom),
            (x0, top, x0, bottom),
            (x1, top, x1, bottom),
        ]
    strip.ends += ys if look.whole_rows else _between_lines(strip, ys, look.size)
    strip.y = ys[-1] + look.size


def _between_lines(strip: Strip, ys: list[float], size: float) -> list[float]:
    """Return where a page may end inside rows: nowhere through a line of text."""
    bases = [base for _, base, _, _ in strip.texts if ys[0] < base <= ys[-1]]
    places = [ys[0] + step for step in range(int(ys[-1] - ys[0]) + 1)]
    return [y for y in places if not any(base - size < y < base + size / 4 for base in bases)]


def _slots(rows: list[list[Box]]) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield (row, column, rows, columns, text) of each cell."""
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows):
        column = 0
        for text, columns, high in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(high) for right in range(columns)}
            yield row, column, high, columns, text


def _heights(
    cells: list[tuple[int, int, int, int, str]], rows: int, xs: list[float], top: float, look: Look
) -> list[float]:
    """Return where the rows begin and end, from `top` downward: a row is as high as its longest text."""
    ys = [top] + [0.0] * rows
    for row in range(rows):
        ys[row + 1] = ys[row] + look.size * 1.2 + 2 * PAD
        for first, column, high, columns, text in cells:
            if first + high == row + 1:
                width = xs[column + columns] - xs[column] - 2 * PAD
                lines = len(list(wrapped(text, width, look.size)))
                ys[row + 1] = max(ys[row + 1], ys[first] + lines * look.size * 1.2 + 2 * PAD)
    return ys
