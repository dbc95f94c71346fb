"""A report as a Word document and as an Excel workbook."""

from collections.abc import Iterator
from html import escape
from io import BytesIO
from random import Random

import docx as python_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from tests.pipelines.round_trip.quirks import Table, is_label, placed, width
from tests.pipelines.round_trip.reports import HEADINGS, Report

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in _SIDES)


def docx(report: Report, random: Random) -> bytes:
    """Print a Word document: merged cells, and texts over several runs and paragraphs."""
    document = python_docx.Document()
    for part in report.parts:
        if not isinstance(part, str):
            document.element.body.insert(-1, parse_xml(_word_table(part, random)))
        elif part in HEADINGS and random.random() < 0.5:
            document.add_heading(part)
        else:
            document.add_paragraph(part)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_table(rows: Table, random: Random) -> str:
    grid = "".join('<w:gridCol w:w="900"/>' for _ in range(width(rows)))
    lines = "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in _word_rows(rows, random))
    return f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>'


def _word_rows(rows: Table, random: Random) -> Iterator[list[str]]:
    """Yield each row's cells; below a cell that hangs stand cells that continue it."""
    cells: list[dict[int, str]] = [{} for _ in rows]
    for number, row in enumerate(placed(rows)):
        for column, (text, columns, high) in row:
            merge = '<w:vMerge w:val="restart"/>' if high > 1 else ""
            cells[number][column] = _word_cell(_word_text(text, random), columns, merge)
            for line in cells[number + 1 : number + high]:
                line[column] = _word_cell("<w:p/>", columns, "<w:vMerge/>")
    yield from ([line[column] for column in sorted(line)] for line in cells)


def _word_cell(content: str, columns: int, merge: str) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{columns}"/>{merge}</w:tcPr>{content}</w:tc>'


def _word_text(text: str, random: Random) -> str:
    """Return paragraphs; one in three runs ends in the middle of a word or number."""
    lines = text.split("\n")
    if random.random() < 0.5:
        return "".join(f"<w:p>{_runs(line, random)}</w:p>" for line in lines)
    return f"<w:p>{'<w:r><w:br/></w:r>'.join(_runs(line, random) for line in lines)}</w:p>"


def _runs(text: str, random: Random) -> str:
    at = random.randint(0, len(text)) if random.random() < 0.3 else 0
    return "".join(
        f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in (text[:at], text[at:]) if run
    )


def xlsx(report: Report, random: Random, corner: tuple[int, int] = (1, 1)) -> bytes:
    """Print a workbook: all on one sheet, or a new sheet for each section.

    Each sheet begins in the row and column `corner`; those before are empty.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    (line, first), sheets = corner, random.random() < 0.5
    for part in report.parts:
        if sheets and part in HEADINGS:
            sheet, line = book.create_sheet(), corner[0]
        if isinstance(part, str):
            sheet.cell(line, first, part)
        for number, row in enumerate([] if isinstance(part, str) else placed(part), line):
            for column, (text, columns, high) in row:
                sheet.cell(number, column + first, _excel_value(text, random))
                if columns * high > 1:
                    right, bottom = column + first + columns - 1, number + high - 1
                    sheet.merge_cells(None, number, column + first, bottom, right)
        line += (1 if isinstance(part, str) else len(part)) + random.randint(0, 1)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _excel_value(text: str, random: Random) -> str | int | float | None:
    """Return a bare number as one, at times; everything else is text."""
    bare = text.replace(".", "", 1)
    if is_label(text) or not (bare.isascii() and bare.isdecimal()) or random.random() < 0.3:
        return text or None
    return float(text) if "." in text else int(text)
