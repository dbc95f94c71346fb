"""PDF files: tables by their rules, cells over pages, and text in reading order."""

import random
import subprocess
from dataclasses import replace
from itertools import chain, cycle
from pathlib import Path

import pytest

from archive.captures import Capture
from pipelines.documents import Document, Paragraph, read_document
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.pdf_files import pdf, pdf_of, strip_of
from tests.pipelines.pdf_files import printed as drawn
from tests.pipelines.pdf_strips import Look, Strip, table
from tests.pipelines.template import Key, keys_of, page

FORMS = ("form_2019", "form_2021")
PLAIN = Look()
SMALL = replace(PLAIN, page=(420.0, 595.0), size=8.0)

LOOKS = {
    "lines": PLAIN,
    "thin boxes for rules": replace(PLAIN, rules="rects"),
    "double rules": replace(PLAIN, rules="double"),
    "borders that differ from row to row": replace(PLAIN, wobble=1.5),
    "digits drawn one by one": replace(PLAIN, runs=True),
    "no rule where a page ends": replace(PLAIN, closed=False),
    "rows cut by a page's end": replace(PLAIN, whole_rows=False),
    "rows cut, without a rule": replace(PLAIN, whole_rows=False, closed=False),
    "large type": replace(PLAIN, size=12.0),
    "small pages": replace(SMALL, size=6.5),
    "small pages, rows cut": replace(SMALL, size=6.5, closed=False, whole_rows=False),
    "pages of a few lines": replace(PLAIN, page=(500.0, 320.0), size=8.0, closed=False),
    "pages of a few lines, rows cut": replace(PLAIN, page=(500.0, 320.0), size=8.0, whole_rows=False),
    "turned by 90": replace(PLAIN, turned=90),
    "turned by 180": replace(PLAIN, turned=180),
    "turned by 270": replace(PLAIN, turned=270),
    "text drawn sideways": replace(PLAIN, sideways=True),
}


def read(body: bytes) -> Reading:
    return read_capture(Capture(body=body))


def document(body: bytes) -> Document:
    return read_document(Capture(body=body))


def printed(form: str) -> dict[Key, str]:
    """Give every cell a number, a placeholder or nothing, the same ones each time."""
    chosen = random.Random(form)
    others = ("0", "7", "23", "4567", "", "/", "—")
    return {key: chosen.choice(others) for key in keys_of(form)}


def texts(reading: Reading) -> dict[Key, str]:
    return {cell.key: cell.text for cell in reading.cells}


@pytest.mark.parametrize(
    ("form", "look"),
    [*zip(cycle(FORMS), LOOKS.values(), strict=False), (FORMS[1], PLAIN)],
    ids=[*LOOKS, "again"],
)
def test_every_cell_is_read_however_the_pages_are_drawn(form: str, look: Look) -> None:
    wanted = printed(form)
    reading = read(pdf(form, wanted, look))
    assert texts(reading) == wanted
    assert (reading.form, reading.problems) == (form, ())
    assert reading.agency == "某某市样本局"
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]


def test_a_cell_knows_its_page_and_its_box() -> None:
    reading = read(pdf("form_2021", printed("form_2021")))
    first, last = reading.cells[0].place, reading.cells[-1].place
    assert (first.page, first.table, first.row, first.column) == (1, 1, 3, 2)
    assert first.box and first.box[0] < first.box[2] < 595 and first.box[1] < first.box[3] < 842
    assert (last.page or 0) > 1 and (last.table or 0) > 2


def test_text_between_tables_becomes_paragraphs_joined_over_lines_and_pages() -> None:
    long = "本局认真落实各项要求，" * 200 + "全年公开信息15条。"
    blocks = document(
        pdf_of(["一、总体情况", long, "（一）主动公开。样本。", "二、主动公开政府信息情况"])
    ).blocks
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "一、总体情况",
        long,
        "（一）主动公开。样本。",
        "二、主动公开政府信息情况",
    ]
    assert [block.place.page for block in blocks] == [1, 1, 2, 2]


def test_the_number_of_a_page_below_a_cut_table_is_no_text() -> None:
    body = pdf("form_2019", printed("form_2019"), replace(PLAIN, whole_rows=False, closed=False))
    read_ = document(body)
    cells = (cell.text for grid in read_.grids for cell in chain(*grid.rows))
    assert not [text for text in (*cells, *(line.text for line in read_.lines)) if "— 2 —" in text]


def test_two_numbers_in_one_cell_are_not_joined() -> None:
    wanted = printed("form_2021") | {("requests", "received_new", "business"): "2    1"}
    reading = read(pdf("form_2021", wanted))
    assert [problem.kind for problem in reading.problems] == ["bad_number"]
    (cell,) = (cell for cell in reading.cells if cell.key == ("requests", "received_new", "business"))
    assert cell.value is None


def test_text_that_a_pages_end_cuts_off_from_its_rules_stays_in_its_cell() -> None:
    strip = Strip()
    table(strip, [[("甲", 1, 1), ("乙", 1, 1)], [("丙", 1, 1), ("12", 1, 1)]], PLAIN)
    last = max(y for _, y, _, _ in strip.texts)
    rules = [rule for rule in strip.rules if min(rule[1], rule[3]) < last]  # none below the last line
    strip.rules = [
        (x0, y0, x1, min(y1, last - 5)) if x0 == x1 else (x0, y0, x1, y1) for x0, y0, x1, y1 in rules
    ]
    (grid,) = document(drawn(strip)).grids
    assert [[cell.text for cell in row] for row in grid.rows] == [["甲", "乙"], ["丙", "12"]]


@pytest.mark.parametrize("kept", ["none", "across"])
@pytest.mark.parametrize(("number", "code"), [("二", "disclosure"), ("三", "requests"), ("四", "review")])
def test_a_table_without_its_rules_among_others_is_a_problem(number: str, code: str, kept: str) -> None:
    wanted = printed("form_2021")
    strip = strip_of("form_2021", wanted)
    headings = [
        y for _, y, _, text in strip.texts if text[:4] in ("二、主动", "三、收到", "四、政府", "五、存在")
    ]
    top, below = headings["二三四".index(number) :][:2]
    strip.rules = [
        (x0, y0, x1, y1)
        for x0, y0, x1, y1 in strip.rules
        if not top < y0 < below or (kept == "across" and y0 == y1)
    ]
    reading = read(drawn(strip))
    assert {cell.table for cell in reading.cells} == {"disclosure", "requests", "review"} - {code}
    assert all(cell.text == wanted[cell.key] for cell in reading.cells)
    assert (code, "no_tables") in {(problem.table, problem.kind) for problem in reading.problems}


def test_a_document_of_tables_without_rules_is_a_problem() -> None:
    reading = read(pdf("form_2021", printed("form_2021"), replace(PLAIN, rules="none")))
    assert not reading.cells
    assert "no_tables" in {problem.kind for problem in reading.problems}


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    "style",
    ["", "table{border-collapse:separate;border-spacing:2px}", "td{border:3px double}"],
)
def test_what_a_browser_prints_is_read(style: str, tmp_path: Path) -> None:
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        pytest.skip(f"{chromium} is not there: apt-get install chromium")
    wanted = printed("form_2021")
    borders = f"<style>table{{border-collapse:collapse}} td{{border:1px solid}} {style}</style></head>"
    source, target = tmp_path / "report.html", tmp_path / "report.pdf"
    source.write_text(page("form_2021", wanted).replace("</head>", f'<meta charset="utf-8">{borders}'))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command = [chromium, *options, f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    reading = read(target.read_bytes())
    assert (texts(reading), reading.problems) == (wanted, ())
