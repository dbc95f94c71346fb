"""PDF files of reports, drawn by reportlab: every rule and every character where the test wants it.

The whole report is laid out on one endless strip, which is then cut into pages.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.pipelines.template import Box, Habits, Texts, disclosure_rows, requests_rows, review_rows

FONT = "STSong-Light"  # part of every PDF viewer: nothing is embedded
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

MARGIN = 60.0
PAD = 3.0
YEARS = {"form_2019": 2020, "form_2021": 2022}


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is drawn.

    Attributes:
        size: of the characters, points.
        page: width and height, points.
        rules: lines, rects (thin filled ones), double, or none at all.
        closed: a page's end closes the table, and the next page begins it with a rule.
        wobble: points by which borders differ from row to row.
        turned: /Rotate of the pages.
        sideways: the text itself is drawn sideways, on pages as high as wide ones are wide.
        runs: each character is drawn by itself.
        whole_rows: a page ends between rows only.
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


@dataclass(slots=True)
class Strip:
    """What is drawn, from the top (0) downward: text, rules, and where a page may end."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    y: float = 0.0


PLAIN, NO_HABITS = Look(), Habits()


def pdf(form: str, texts: Texts, look: Look = PLAIN, habits: Habits = NO_HABITS) -> bytes:
    """Return a whole report of 某某市样本局 as a PDF file."""
    strip = Strip()
    for text, rows in _parts(form, texts, habits):
        _paragraph(strip, text, look)
        if rows:
            table(strip, rows, look)
    return _printed(strip, look)


def pdf_of(paragraphs: list[str], rows: list[list[Box]] | None = None, look: Look = PLAIN) -> bytes:
    """Return a PDF file of these paragraphs and a table below them."""
    strip = Strip()
    for text in paragraphs:
        _paragraph(strip, text, look)
    if rows:
        table(strip, rows, look)
    return _printed(strip, look)


def scan(pages: int, before: list[str] | None = None) -> bytes:
    """Return a PDF file of pages that are grey pictures, after a page of text."""
    body = io.BytesIO()
    canvas = Canvas(body, pagesize=A4, invariant=True)
    for number, text in enumerate(before or []):
        canvas.setFont(FONT, 12)
        canvas.drawString(MARGIN, A4[1] - MARGIN - 20 * number, text)
    if before:
        canvas.showPage()
    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def locked(password: str) -> bytes:
    """Return an encrypted PDF file that says 2022."""
    body = io.BytesIO()
    canvas = Canvas(body, encrypt=StandardEncryption(password, ownerPassword="owner"))
    canvas.drawString(MARGIN, A4[1] / 2, "2022")
    canvas.save()
    return body.getvalue()


def _paragraph(strip: Strip, text: str, look: Look) -> None:
    size = look.size + 3
    for line in _wrapped(text, look.page[0] - 2 * MARGIN, size):
        strip.texts.append((MARGIN, strip.y + size, size, line))
        strip.y += 1.5 * size
        strip.ends.append(strip.y)


def _parts(form: str, texts: Texts, habits: Habits) -> Iterator[tuple[str, list[list[Box]]]]:
    yield f"某某市样本局{YEARS[form]}年政府信息公开工作年度报告", []
    yield "一、总体情况", []
    yield "本局认真落实各项要求，" * 12 + "全年公开信息15条。", []
    yield "二、主动公开政府信息情况", disclosure_rows(form, texts)
    yield "三、收到和处理政府信息公开申请情况", requests_rows(form, texts, habits)
    yield "四、政府信息公开行政复议、行政诉讼情况", review_rows(texts)
    yield "五、存在的主要问题及改进情况", []
    yield "样本。", []
    yield "六、其他需要报告的事项", []
    yield "无。", []


def _wrapped(text: str, width: float, size: float) -> Iterator[str]:
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
        lines = list(_wrapped(text, x1 - x0 - 2 * PAD, look.size))
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
                lines = len(list(_wrapped(text, width, look.size)))
                ys[row + 1] = max(ys[row + 1], ys[first] + lines * look.size * 1.2 + 2 * PAD)
    return ys


def _printed(strip: Strip, look: Look) -> bytes:
    body = io.BytesIO()
    width, height = look.page
    size = (height, width) if look.turned in (90, 270) or look.sideways else (width, height)
    canvas = Canvas(body, pagesize=size, invariant=True)
    canvas.setTitle("样本")
    for number, part in enumerate(_cut(strip, height - 2 * MARGIN), start=1):
        _turn(canvas, look, size)
        _page(canvas, strip, look, part)
        canvas.setFont(FONT, look.size)
        canvas.drawString(width / 2 - 12, MARGIN / 2, f"— {number} —")
        canvas.setPageRotation(look.turned)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def _cut(strip: Strip, most: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where the strip goes on each page: as far as it may, at most so many points."""
    top = 0.0
    while top < strip.y:
        bottom = max(end for end in (*strip.ends, strip.y) if top < end <= top + most)
        yield top, bottom
        top = bottom


def _turn(canvas: Canvas, look: Look, size: tuple[float, float]) -> None:
    """Turn what is drawn so that it stands upright after the page's own rotation, or sideways."""
    if look.turned == 90 or look.sideways:
        canvas.translate(size[0], 0)
        canvas.rotate(90)
    elif look.turned == 180:
        canvas.translate(*size)
        canvas.rotate(180)
    elif look.turned == 270:
        canvas.translate(0, size[1])
        canvas.rotate(270)


def _page(canvas: Canvas, strip: Strip, look: Look, part: tuple[float, float]) -> None:
    top, bottom = part
    base = look.page[1] - MARGIN + top
    canvas.setLineWidth(0.5)
    for x, y, size, text in strip.texts:
        if top < y <= bottom:
            canvas.setFont(FONT, size)
            _write(canvas, look, (x, base - y), size, text)
    ends = [(x0, y, x1, y) for y in part for x0, x1 in _open(strip, y)] if look.closed else []
    for x0, y0, x1, y1 in dict.fromkeys([*strip.rules, *ends]):
        first, last = max(y0, top), min(y1, bottom)
        shown = first < last or (y0 == y1 and first == last and (look.closed or y0 not in part))
        if shown:
            _rule(canvas, look, (x0, base - first, x1, base - last))


def _open(strip: Strip, y: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where the table that a page's end at `y` cuts reaches."""
    xs = [x0 for x0, y0, x1, y1 in strip.rules if x0 == x1 and y0 < y < y1]
    if xs:
        yield min(xs), max(xs)


def _write(canvas: Canvas, look: Look, at: tuple[float, float], size: float, text: str) -> None:
    x, y = at
    for run in text if look.runs else [text]:
        canvas.drawString(x, y, run)
        x += pdfmetrics.stringWidth(run, FONT, size)


def _rule(canvas: Canvas, look: Look, line: tuple[float, float, float, float]) -> None:
    x0, y0, x1, y1 = line
    if look.rules == "lines":
        canvas.line(x0, y0, x1, y1)
    elif look.rules == "rects":
        canvas.rect(x0 - 0.25, y1 - 0.25, x1 - x0 + 0.5, y0 - y1 + 0.5, stroke=0, fill=1)
    elif look.rules == "double":
        for away in (-0.8, 0.8):
            moved = (away, 0) if x0 == x1 else (0, away)
            canvas.line(x0 + moved[0], y0 + moved[1], x1 + moved[0], y1 + moved[1])
