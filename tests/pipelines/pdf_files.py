"""PDF files of reports, drawn by reportlab: every rule and every character where the test wants it.

The whole report is laid out on one endless strip, which is then cut into pages.
"""

import io
from collections.abc import Iterator

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tests.pipelines.pdf_strips import FONT, MARGIN, Look, Strip, paragraph, table
from tests.pipelines.template import Box, Habits, Texts, disclosure_rows, requests_rows, review_rows

YEARS = {"form_2019": 2020, "form_2021": 2022}
PLAIN, NO_HABITS = Look(), Habits()


def pdf(form: str, texts: Texts, look: Look = PLAIN, habits: Habits = NO_HABITS) -> bytes:
    """Return a whole report of 某某市样本局 as a PDF file."""
    return printed(strip_of(form, texts, look, habits), look)


def strip_of(form: str, texts: Texts, look: Look = PLAIN, habits: Habits = NO_HABITS) -> Strip:
    """Return a whole report before it is cut into pages."""
    strip = Strip()
    for text, rows in _parts(form, texts, habits):
        paragraph(strip, text, look)
        if rows:
            table(strip, rows, look)
    return strip


def pdf_of(paragraphs: list[str], rows: list[list[Box]] | None = None, look: Look = PLAIN) -> bytes:
    """Return a PDF file of these paragraphs and a table below them."""
    strip = Strip()
    for text in paragraphs:
        paragraph(strip, text, look)
    if rows:
        table(strip, rows, look)
    return printed(strip, look)


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


def printed(strip: Strip, look: Look = PLAIN) -> bytes:
    """Return the strip on pages, each with its number below."""
    body = io.BytesIO()
    width, height = look.page
    size = (height, width) if look.turned in (90, 270) or look.sideways else (width, height)
    # Of a page that is turned reportlab turns the size too.
    canvas = Canvas(body, pagesize=(width, height) if look.turned else size, invariant=True)
    canvas.setTitle("样本")
    for number, part in enumerate(_cut(strip, height - 2 * MARGIN), start=1):
        _turn(canvas, look, size)
        _page(canvas, strip, look, part)
        canvas.setFont(FONT, look.size)
        canvas.drawString(width / 2 - 12, MARGIN / 2, look.number.format(number))
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
    elif look.rules == "dots":
        for step in range(int(x1 - x0 + y0 - y1) // 2):
            x, y = (x0 + 2 * step, y0) if y0 == y1 else (x0, y0 - 2 * step)
            canvas.rect(x - 0.4, y - 0.4, 0.8, 0.8, stroke=0, fill=1)
    elif look.rules == "double":
        for away in (-0.8, 0.8):
            moved = (away, 0) if x0 == x1 else (0, away)
            canvas.line(x0 + moved[0], y0 + moved[1], x1 + moved[0], y1 + moved[1])
