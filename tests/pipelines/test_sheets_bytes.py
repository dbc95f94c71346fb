"""Workbooks as bytes: parts that no program wrote, hostile ones, and the binary format."""

import struct
import time
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from archive.captures import Capture
from pipelines.documents import read_document
from pipelines.errors import Encrypted, LimitExceeded, UnreadableDocument
from pipelines.read import read_capture
from tests.pipelines.office_files import biff, members_of, ole, sheet_report, zipped
from tests.pipelines.template import keys_of
from tests.pipelines.test_sheets import as_xls, odd, rows, texts, workbook


def sheet_xml(data: str) -> bytes:
    body = members_of(workbook(rows(("a", 1))))
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return zipped({**body, "xl/worksheets/sheet1.xml": f"<worksheet {names}>{data}</worksheet>"})


def test_merged_cells_are_one_and_what_they_cover_is_kept() -> None:
    data = (
        "<sheetData><row><c><v>5</v></c><c><v>1</v></c></row><row><c><v>6</v></c><c><v>2</v></c></row></sheetData>"
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    )
    (grid,) = read_document(Capture(body=sheet_xml(data))).grids
    assert grid.rows[0][0] is grid.rows[1][0]
    assert [[slot.text for slot in row] for row in grid.rows] == [["5\n6", "1"], ["5\n6", "2"]]


def test_cells_without_references_follow_each_other() -> None:
    data = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    assert texts(read_document(Capture(body=sheet_xml(data)))) == [[["1", "2"], ["3", ""]]]


def test_raised_and_struck_out_characters_stay_apart() -> None:
    data = (
        '<sheetData><row><c t="inlineStr"><is><r><t>12</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
        "<rPh><t>9</t></rPh></is></c><c><v>2</v></c></row></sheetData>"
    )
    assert texts(read_document(Capture(body=sheet_xml(data)))) == [[["12 1", "2"]]]


FAR = '<sheetData><row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData>'
MERGES = "".join(f'<mergeCell ref="A{n}:CV{n + 1000}"/>' for n in range(1000, 0, -1))
HOSTILE = {
    "cells far apart": FAR,
    "many merged over each other": f'<sheetData><row><c r="CV2000"><v>1</v></c></row></sheetData><mergeCells>{MERGES}</mergeCells>',
    "many attributes": "<sheetData " + "a='' " * 8_100_000 + "/>",
    "entities": "",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_refused_in_a_moment(name: str) -> None:
    body = sheet_xml(HOSTILE[name])
    if name == "entities":
        body = zipped({**members_of(body), "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "1">]><x/>'})
    began = time.process_time()
    with pytest.raises(LimitExceeded):
        read_document(Capture(body=body))
    assert time.process_time() - began < 5


def test_a_million_blank_cells_cost_seconds() -> None:
    row = "<row>" + '<c s="1"/>' * 1000 + "</row>"
    body = sheet_xml(f"<sheetData><row><c><v>1</v></c><c><v>2</v></c></row>{row * 1000}</sheetData>")
    began = time.process_time()
    assert texts(read_document(Capture(body=body))) == [[["1", "2"], ["", ""]]]
    assert time.process_time() - began < 10


@pytest.mark.parametrize("data", ["<sheetData><row>", '<sheetData><row><c r="7B"/></row></sheetData>', '<sheetData><row><c t="s"><v>99</v></c></row></sheetData>'])  # fmt: skip
def test_a_damaged_sheet_is_unreadable(data: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_document(Capture(body=sheet_xml(data)))


def xls(*cells: tuple[int, int], globals_: tuple[tuple[int, bytes], ...] = ()) -> bytes:
    """Return a binary workbook of one sheet with the number 1 in these cells."""
    numbers = [(0x203, struct.pack("<HHHd", row, column, 0, 1.0)) for row, column in cells]
    name = struct.pack("<BBB", 0, 1, 0) + b"S"
    start = len(biff(*globals_, (0x85, bytes(5) + name)))
    book = biff(*globals_, (0x85, struct.pack("<IB", start, 0) + name))
    return ole({"Workbook": book + biff(*numbers)})


def test_a_binary_workbook_is_read_and_one_of_far_off_cells_refused() -> None:
    assert texts(read_document(Capture(body=xls((0, 0), (0, 1), (1, 1))))) == [[["1", "1"], ["", "1"]]]
    began = time.process_time()
    with pytest.raises(LimitExceeded):
        read_document(Capture(body=xls((0, 0), (65535, 255))))
    assert time.process_time() - began < 1


def test_a_binary_workbook_under_a_password_says_so() -> None:
    with pytest.raises(Encrypted):
        read_document(Capture(body=xls((0, 0), globals_=((0x2F, bytes(6)),))))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xls", "xlsx"])
def test_a_workbook_written_by_libreoffice_reads_the_same(kind: str, tmp_path: Path) -> None:
    wanted = {key: str(number) for number, key in enumerate(keys_of("form_2021"), 1000)}
    body = as_xls(sheet_report("form_2021", wanted), tmp_path, kind=kind)
    reading = read_capture(Capture(body=body))
    assert {cell.key: cell.text for cell in reading.cells} == wanted
    assert reading.is_report and not reading.problems


@pytest.mark.slow
def test_a_binary_workbook_prints_formats_and_errors_and_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    def hidden(sheet: Worksheet) -> None:
        rows(("x", 1), ("y", 2), ("z", 3))(sheet)
        sheet.row_dimensions[2].hidden = True

    def unseen(sheet: Worksheet) -> None:
        rows(("a", 1))(sheet)
        sheet.sheet_state = "hidden"

    body = as_xls(workbook(odd, hidden, unseen), tmp_path)
    read_ = read_document(Capture(body=body))
    assert texts(read_)[0] == [
        ["数", "12", "TRUE", "#REF!", "#DIV/0!", "a\nb"],
        ["元", "5000元", "", "", "25%", "1"],
    ]
    assert texts(read_)[1] == [["x", "1"], ["z", "3"]]
    assert len(read_.problems) == 1
    for cut in (600, len(body) // 2, len(body) - 600):
        with pytest.raises((UnreadableDocument, Encrypted)):
            read_document(Capture(body=body[:cut]))
