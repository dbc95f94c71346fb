"""What stands in a document at a place, found with other tools than those that read it.

lxml's XPath for pages, pdfplumber's crop for PDF, openpyxl for workbooks, python-docx for Word, and
the lines of a text. Where a place says one thing twice (a path and a line, a cell's path and its row),
both must lead to the same cell.
"""

import csv
import json
import re
from collections.abc import Callable
from email import message_from_bytes
from functools import lru_cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pdfplumber
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from pipelines.reading import Place

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_MEMBER = re.compile(r"'((?:[^']|'')*)'(?: |$)")
_SHEET_CELL = re.compile(r"'((?:[^']|'')*)'!([A-Z]+)(\d+)")


def show(kind: str, body: bytes, place: Place) -> str:
    """Return the text that a document of this kind has at the place."""
    return SHOWN[kind](body, place)


def _html(body: bytes, place: Place) -> str:
    markup: Any = body
    assert place.path is not None
    *held, path = place.path.split(" ")
    for number, step in enumerate(held):
        element = None if step == "$" else _one(_page(markup).xpath(step))
        markup = _markup_in(body.decode() if element is None else element)
        if number == 0 and element is not None:
            assert place.line is not None
            assert re.search(rb"<(script|iframe|textarea|template)\b", _source_line(body, place.line))
    cell = _one(_page(markup).xpath(path))
    if not held:
        assert place.line is not None
        assert re.search(rb"<t[dh]\b", _source_line(body, place.line), re.IGNORECASE)
    assert _slot(cell) == (place.row, place.column)
    return "".join(cell.itertext())


@lru_cache(maxsize=4)
def _page(markup: bytes | str) -> etree._Element:
    return etree.HTML(markup)


def _one(found: list[Any]) -> Any:
    (one,) = found
    return one


def _source_line(body: bytes, number: int) -> bytes:
    return body.split(b"\n")[number - 1]


def _markup_in(held: Any) -> str:
    """Return the markup that a script, an attribute, a field or JSON holds."""
    text = held if isinstance(held, str) else "".join(held.itertext())
    if isinstance(held, str) and not text.lstrip().startswith("{"):
        return text
    if isinstance(held, str) or held.tag == "script":
        (text,) = (json.loads(one) for one in _STRING.findall(text) if "<td" in one)
    return text


def _slot(cell: etree._Element) -> tuple[int, int]:
    """Return row and column of a cell, from 1, in the innermost table around it, spans expanded."""
    table = next(cell.iterancestors("table"))
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows, 1):
        column = 1
        for each in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            if each is cell:
                return number, column
            high, wide = int(each.get("rowspan", 1)), int(each.get("colspan", 1))
            taken.update((number + down, column + right) for down in range(high) for right in range(wide))
    raise AssertionError("the cell stands in no row")


def _mhtml(body: bytes, place: Place) -> str:
    page = next(part for part in message_from_bytes(body).walk() if part.get_content_type() == "text/html")
    payload = page.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return _html(re.sub(rb"charset=[\w-]+>", b"charset=utf-8>", payload), place)


def _zip(body: bytes, place: Place) -> str:
    member = _MEMBER.match(place.path or "")
    assert member and place.path and place.table
    name, path = member[1].replace("''", "'"), place.path[member.end() :] or None
    with ZipFile(BytesIO(body)) as file:
        inner = {each.filename: file.read(each) for each in file.infolist()}
    before = sum(inner[each].count(b"<table") for each in inner if each < name)
    kind, table = name.rpartition(".")[2], place.table - before
    return show(kind, inner[name], place._replace(path=path, table=table))


def _lines(body: bytes) -> list[str]:
    return body.decode().replace("\r\n", "\n").split("\n")


def _text(body: bytes, place: Place) -> str:
    assert place.line and place.column
    return _lines(body)[place.line - 1].split("\t")[place.column - 1]


def _markdown(body: bytes, place: Place) -> str:
    assert place.line and place.column
    return _lines(body)[place.line - 1].split("|")[place.column]


def _csv(body: bytes, place: Place) -> str:
    assert place.line and place.column
    (fields,) = csv.reader([_lines(body)[place.line - 1]])
    return fields[place.column - 1]


@lru_cache(maxsize=4)
def _word(body: bytes) -> list[Any]:
    return [table for table in docx.Document(BytesIO(body)).tables if len(table._tbl.xpath(".//w:tc")) > 1]


def _docx(body: bytes, place: Place) -> str:
    assert place.table and place.row and place.column and place.path is None
    row = _word(body)[place.table - 1].rows[place.row - 1]
    return str(row.cells[place.column - 1 - row.grid_cols_before].text)


@lru_cache(maxsize=4)
def _book(body: bytes) -> Any:
    return load_workbook(BytesIO(body), data_only=True)


def _xlsx(body: bytes, place: Place) -> str:
    found = _SHEET_CELL.fullmatch(place.path or "")
    assert found
    assert int(found[3]) == place.line
    sheet = _book(body)[found[1].replace("''", "'")]
    reference = f"{found[2]}{found[3]}"
    for merged in sheet.merged_cells.ranges:
        if reference in merged:
            left, top, *_ = range_boundaries(str(merged))
            assert (sheet[reference].column, sheet[reference].row) == (left, top)
    value = sheet[reference].value
    return "" if value is None else str(value)


@lru_cache(maxsize=2)
def _pages(body: bytes) -> list[Any]:
    return list(pdfplumber.open(BytesIO(body)).pages)


def _pdf(body: bytes, place: Place) -> str:
    assert place.page and place.box
    x0, top, x1, bottom = place.box
    page = _pages(body)[place.page - 1]
    page.crop(place.box)  # raises an error where the box is not on the page
    # Of the line above or below the box of a character may reach in, but not its middle.
    shown = page.filter(
        lambda drawn: (
            x0 < (drawn["x0"] + drawn["x1"]) / 2 < x1 and top < (drawn["top"] + drawn["bottom"]) / 2 < bottom
        )
    )
    if all(char["upright"] for char in shown.chars):
        return str(shown.extract_text())
    return "".join(char["text"] for char in shown.chars)  # in the order in which they are drawn


SHOWN: dict[str, Callable[[bytes, Place], str]] = {
    "html": _html,
    "json": _html,
    "mhtml": _mhtml,
    "zip": _zip,
    "text": _text,
    "markdown": _markdown,
    "csv": _csv,
    "docx": _docx,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
