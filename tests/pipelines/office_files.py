"""Office documents written by the tests: Word by its own XML or python-docx, Excel by openpyxl."""

import io
import struct
from collections.abc import Iterable, Mapping
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
from docx.document import Document as WordDocument
from openpyxl.worksheet.worksheet import Worksheet

from tests.pipelines.template import Box, Habits, Texts, disclosure_rows, requests_rows, review_rows

PLAIN = Habits()
YEARS = {"form_2019": 2020, "form_2021": 2022}
NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Return a compressed ZIP file."""
    body = io.BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return body.getvalue()


def members_of(body: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def word(body: str, styles: str = "", numbering: str = "") -> bytes:
    """Return a Word document with this XML in its body."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())

    def part(tag: str, inner: str) -> str:
        return f"<w:{tag} {names}>{inner}</w:{tag}>"

    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
            "word/styles.xml": part("styles", styles),
            "word/numbering.xml": part("numbering", numbering),
        }
    )


def saved(document: WordDocument | openpyxl.Workbook) -> bytes:
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def boxes_at(rows: Iterable[list[Box]]) -> Iterable[tuple[int, int, Box]]:
    """Yield (row, column, box), both from 0, where each box begins once spans are expanded."""
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(rows):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            yield row, column, box
            _, columns, high = box
            taken |= {(row + y, column + x) for y in range(high) for x in range(columns)}


def add_word_table(document: WordDocument, rows: list[list[Box]]) -> None:
    """Write a table; rows keep their own length."""
    placed = list(boxes_at(rows))
    width = max(column + box[1] for _, column, box in placed)
    table = document.add_table(len(rows), width)
    slots = [list(row.cells) for row in table.rows]
    spare = {(row, column) for row in range(len(rows)) for column in range(width)}
    for row, column, (text, columns, high) in placed:
        last = slots[min(row + high, len(rows)) - 1][column + columns - 1]
        slots[row][column].merge(last).text = text
        spare -= {(row + y, column + x) for y in range(high) for x in range(columns)}
    for row, column in spare:
        element = slots[row][column]._tc
        element.getparent().remove(element)


def tables(form: str, texts: Texts, habits: Habits = PLAIN) -> dict[int, list[list[Box]]]:
    """Return the three tables by the number of the section they stand in."""
    return {2: disclosure_rows(form, texts), 3: requests_rows(form, texts, habits), 4: review_rows(texts)}


def word_report(form: str, texts: Texts, habits: Habits = PLAIN) -> bytes:
    """Return a report of 某某市样本局 on 2020 or 2022, written by python-docx."""
    document = docx.Document()
    document.add_heading(f"某某市样本局{YEARS[form]}年政府信息公开工作年度报告", 0)
    for number, heading in enumerate(HEADINGS, 1):
        document.add_heading(heading, 1)
        if number in (2, 3, 4):
            add_word_table(document, tables(form, texts, habits)[number])
        else:
            document.add_paragraph("样本。")
    return saved(document)


def add_sheet_table(sheet: Worksheet, rows: list[list[Box]], first: int) -> int:
    """Write a table from row `first` (from 1) on; return the row below it."""
    for row, column, (text, columns, high) in boxes_at(rows):
        y, x = first + row, column + 1
        number = text.isascii() and text.isdecimal()
        sheet.cell(y, x, int(text) if number and str(int(text)) == text else text or None)
        if columns > 1 or high > 1:
            sheet.merge_cells(start_row=y, start_column=x, end_row=y + high - 1, end_column=x + columns - 1)
    return first + len(rows)


def sheet_report(form: str, texts: Texts, habits: Habits = PLAIN, *, sheets: bool = False) -> bytes:
    """Return a report of 某某市样本局 as a workbook: one sheet, or one for each section."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    row = _line(sheet, 1, f"某某市样本局{YEARS[form]}年政府信息公开工作年度报告")
    for number, heading in enumerate(HEADINGS, 1):
        if sheets and number > 1:
            sheet, row = book.create_sheet(), 1
        row = _line(sheet, row, heading)
        if number in (2, 3, 4):
            row = add_sheet_table(sheet, tables(form, texts, habits)[number], row)
        else:
            row = _line(sheet, row, "样本。")
    return saved(book)


def _line(sheet: Worksheet, row: int, text: str) -> int:
    sheet.cell(row, 1, text)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=15)
    return row + 1


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE file ([MS-CFB]) with these streams at its top, each padded to 4096 bytes or more."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    entries, data, fat = [], b"", [0xFFFFFFFD, *range(2, 4), end]
    for number, (name, content) in enumerate(padded.items(), 1):
        sectors = -(-len(content) // 512)
        entries.append(
            _entry(name, 2, number + 1 if number < len(padded) else none, none, len(fat), len(content))
        )
        fat += [*range(len(fat) + 1, len(fat) + sectors), end]
        data += content.ljust(sectors * 512, b"\0")
    directory = (_entry("Root Entry", 5, none, 1, end, 0) + b"".join(entries)).ljust(3 * 512, b"\0")
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, end, 0, end, 0)  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    return header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + directory + data


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", raw, len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child, start, size)


def biff(*records: tuple[int, bytes]) -> bytes:
    """Return the records of a workbook's stream ([MS-XLS]), between the marks of its begin and end."""
    marked = ((0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), *records, (0x0A, b""))
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in marked)
