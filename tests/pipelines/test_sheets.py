"""Workbooks: what a sheet prints is read, and what is not shown is never taken for something else."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from archive.captures import Capture
from pipelines.documents import Document, Paragraph, read_document
from pipelines.documents.number_formats import printed
from pipelines.read import read_capture
from tests.pipelines.office_files import saved, sheet_report
from tests.pipelines.template import Habits, keys_of

Fill = Callable[[Worksheet], None]


def workbook(*fills: Fill) -> bytes:
    book = openpyxl.Workbook()
    for number, fill in enumerate(fills):
        fill(book.create_sheet() if number else book.worksheets[0])
    return saved(book)


def read(*fills: Fill) -> Document:
    return read_document(Capture(body=workbook(*fills)))


def rows(*lines: tuple[object, ...]) -> Fill:
    def fill(sheet: Worksheet) -> None:
        for line in lines:
            sheet.append(line)

    return fill


def texts(document: Document) -> list[list[list[str]]]:
    return [[[slot.text for slot in row] for row in grid.rows] for grid in document.grids]


def as_xls(body: bytes, folder: Path, *, kind: str = "xls") -> bytes:
    """Return a workbook as LibreOffice writes it anew."""
    (folder / "book.xlsx").write_bytes(body)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"book.{kind}").read_bytes()


@pytest.mark.parametrize("form", ["form_2019", "form_2021"])
@pytest.mark.parametrize("sheets", [False, True])
@pytest.mark.parametrize("habits", [Habits(), Habits(results_label=False), Habits(spare=True)])
def test_every_cell_of_a_report_is_read(form: str, sheets: bool, habits: Habits) -> None:
    wanted = {key: str(number) for number, key in enumerate(keys_of(form, habits), 1000)}
    reading = read_capture(Capture(body=sheet_report(form, wanted, habits, sheets=sheets)))
    assert {cell.key: cell.text for cell in reading.cells} == wanted
    assert (reading.agency, reading.form, reading.is_report) == ("某某市样本局", form, True)
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]
    assert reading.problems == ()


def test_a_part_of_a_table_whose_last_column_is_blank_is_as_wide_as_the_rest() -> None:
    def fill(sheet: Worksheet) -> None:
        rows((None, "自然人", "总计"), ("甲", 1, 2), ("二、样本",), ("乙", 3))(sheet)
        sheet.merge_cells("A3:C3")

    assert texts(read(fill)) == [[["", "自然人", "总计"], ["甲", "1", "2"]], [["乙", "3", ""]]]


def test_rows_left_blank_are_blank_cells_and_no_headings() -> None:
    form = "form_2021"
    wanted = {key: "" if key[1] in ("carried_in", "carried_out") else "5" for key in keys_of(form)}
    reading = read_capture(Capture(body=sheet_report(form, wanted)))
    assert {cell.key: cell.text for cell in reading.cells} == wanted
    assert [section.heading[:4] for section in reading.sections][3] == "四、政府"


def test_a_blank_form_ends_in_its_blank_row() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("行政复议", None, "行政诉讼"), ("结果维持", "总计", "结果维持"))(sheet)
        sheet["A3"].border = Border(left=Side("thin"))

    assert texts(read(fill)) == [
        [["行政复议", "", "行政诉讼"], ["结果维持", "总计", "结果维持"], ["", "", ""]]
    ]


def test_lines_over_the_whole_table_are_text_and_captions_stay_in_it() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(
            ("题",),
            ("二、某某",),
            ("甲", "乙"),
            ("某某项",),
            ("丙", "丁"),
            ("三、某某",),
            ("戊", "己"),
            ("注",),
        )(sheet)
        for row in (1, 2, 4, 6, 8):
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)

    read_ = read(fill)
    kinds = [
        block.text if isinstance(block, Paragraph) else "grid"
        for block in read_.blocks
        if not hasattr(block, "level")
    ]
    assert kinds == ["题", "二、某某", "grid", "三、某某", "grid", "注"]
    assert texts(read_) == [[["甲", "乙"], ["某某项", "某某项"], ["丙", "丁"]], [["戊", "己"]]]
    last = read_.grids[1].rows[0][1].place
    assert (last.table, last.row, last.column, last.line) == (2, 1, 2, 7)


def test_a_text_merged_over_rows_is_text_and_a_value_beside_one_is_no_text() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("文",), (), (), ("甲", "乙"), ("丙", 1), (None, 2))(sheet)
        sheet.merge_cells("A1:B3")
        sheet.merge_cells("A5:A6")

    read_ = read(fill)
    assert [block.text for block in read_.lines] == ["文"]
    assert texts(read_) == [[["甲", "乙"], ["丙", "1"], ["丙", "2"]]]


def test_a_label_alone_in_its_row_stays_in_its_table() -> None:
    assert texts(read(rows(("甲", 1), ("四、结转",), ("乙", 2), ("五、结转",)))) == [
        [["甲", "1"], ["四、结转", ""], ["乙", "2"], ["五、结转", ""]]
    ]


def test_labels_alone_in_rows_on_end_stay_in_their_table() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("甲", 1), ("乙",), ("丙",), ("三、某某",), ("丁", 2))(sheet)
        sheet.merge_cells("A4:B4")

    assert texts(read(fill)) == [[["甲", "1"], ["乙", ""], ["丙", ""]], [["丁", "2"]]]


def test_a_label_beside_merged_blank_cells_is_no_text() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("甲",), ("某某项",), ("乙", 1, 2, 3))(sheet)
        sheet.merge_cells("B1:D1")
        sheet.merge_cells("A2:D2")

    assert texts(read(fill)) == [[["甲", "", "", ""]], [["乙", "1", "2", "3"]]]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.0, "#,##0", "1234567"),
        (12.345, "0.00", "12.35"),
        (12.3, "0.0#", "12.3"),
        (5000, '0"元"', "5000元"),
        (5000, '[$¥-804]#,##0.00', "¥5000.00"),
        (-18, "0;[Red]0", "-18"),
        (0.155, "0%", "16%"),
        (123456, '0!.0,"万"', '123456 [0!.0,"万"]'),
        (44927, "yyyy/m/d", "2023-01-01"),
        (44927.5, 'yyyy"年"m"月"d"日"', "2023-01-01 12:00"),
        (1e300, "yyyy", f"{int(1e300):d}"[:1] + "0" * 300 + " (date)"),
        (1e20, "General", "1" + "0" * 20),
        (1e-9, "General", "0.000000001"),
        (3, "# ?/?", "3"),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_its_format_has_it(value: float, code: str, text: str) -> None:
    assert printed(value, code) == text


def odd(sheet: Worksheet) -> None:
    rows(("数", 12.0, True, "#REF!", "=1/0", "a\n b"), ("元", 5000, "　", None, 0.25, "1"))(sheet)
    sheet["D1"].data_type = "e"
    sheet["B2"].number_format = '0"元"'
    sheet["E2"].number_format = "0%"


def test_errors_and_formulas_never_computed_are_not_blank() -> None:
    assert texts(read(odd)) == [
        [["数", "12", "TRUE", "#REF!", "=1/0", "a\nb"], ["元", "5000元", "", "", "25%", "1"]]
    ]


def test_what_is_hidden_is_not_printed() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("x", "标", None, 2), (1, 3, 4, 5), (7, 8, 9, 0))(sheet)
        sheet.merge_cells("B1:C1")
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    assert texts(read(fill)) == [[["x", "标", "2"], ["7", "9", "0"]]]


def test_a_hidden_sheet_that_holds_a_table_is_a_problem() -> None:
    def hidden(sheet: Worksheet) -> None:
        rows(("a", 1))(sheet)
        sheet.sheet_state = "veryHidden"

    def list_of_words(sheet: Worksheet) -> None:
        rows(("a",), ("b",))(sheet)
        sheet.sheet_state = "hidden"

    read_ = read(rows(("c", 2)), hidden, list_of_words)
    assert texts(read_) == [[["c", "2"]]]
    assert [problem.detail for problem in read_.problems] == [
        "the hidden sheet 'Sheet1' holds a table, which is not read"
    ]
