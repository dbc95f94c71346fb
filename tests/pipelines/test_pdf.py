"""PDF files: tables by their rules, cells over pages, text in reading order, and what cannot be read."""

import random
import subprocess
import zlib
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from archive.captures import Capture
from pipelines.documents import Document, Paragraph, read_document
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.pdf_files import Look, locked, pdf, pdf_of, scan
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


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
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


def test_a_table_without_rules_is_a_problem_and_never_silence() -> None:
    reading = read(pdf("form_2021", printed("form_2021"), replace(PLAIN, rules="none")))
    assert not reading.cells
    assert "no_tables" in {problem.kind for problem in reading.problems}


def test_a_scan_says_that_it_is_pictures_and_of_how_many_pages() -> None:
    (problem,) = read(scan(pages=3)).problems
    assert problem.kind == "unreadable_document"
    assert "3 pages are pictures" in problem.detail


def test_a_picture_of_a_page_among_pages_of_text_is_a_problem_with_its_page() -> None:
    body = scan(pages=1, before=["一、总体情况", "样本。"])
    (problem,) = document(body).problems
    assert (problem.kind, problem.place and problem.place.page) == ("unreadable_document", 2)


def pages(count: int, content: bytes = b"", stream: bytes = b"") -> bytes:
    """Return a file of `count` pages that draw `content`, written out object by object."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(count))
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    form = b"/XObject<</X 3 0 R>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s%s>>>>" % (
        font,
        form,
    )
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream"
    drawn = b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), stream, content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        form,
        drawn,
    ]
    return written([*objects, *[page] * count])


def written(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (count, table, count, len(body))


def squeezed(content: bytes) -> bytes:
    return pages(1, zlib.compress(content, 9), b"/Filter/FlateDecode")


TOO_MUCH = {
    "pages": lambda: pages(2_000),
    "characters": lambda: squeezed(b"BT /F 9 Tf 9 9 Td (" + b"a" * 500_000 + b") Tj ET"),
    "rules": lambda: squeezed(b"1 1 m 5 5 l S\n" * 60_000),
    "a path": lambda: squeezed(b"1 1 m\n" + b"5 5 l\n" * 200_000 + b"S"),
    "instructions": lambda: squeezed(b"q Q\n" * 5_000_000),
    "forms": lambda: squeezed(b"/X Do\n" * 50_000),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("drawn", TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_any_report_draws_is_refused_soon(drawn) -> None:  # type: ignore[no-untyped-def]
    (problem,) = read(drawn()).problems
    assert problem.kind == "limit_exceeded"


DAMAGED = {
    "pages that hold themselves": written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Pages/Kids[2 0 R]>>",
        ]
    ),
    "a page without a size": written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R>>",
        ]
    ),
    "objects that refer to one another": written([b"2 0 R", b"1 0 R"]),
    "no catalog": written([b"<</A 1>>"]),
    "nothing but the first line": b"%PDF-1.4\n",
    "noise": b"%PDF-1.4\n" + random.Random(1).randbytes(20_000),
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_one_problem_and_no_fault_of_ours(body: bytes) -> None:
    (problem,) = read(body).problems
    assert problem.kind == "unreadable_document"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_cut_file_gives_no_wrong_number(share: float) -> None:
    wanted = printed("form_2021")
    body = pdf("form_2021", wanted)
    reading = read(body[: int(len(body) * share)])
    assert reading.problems
    assert all(cell.text == wanted[cell.key] for cell in reading.cells)


def test_a_file_that_asks_for_a_password_says_so_and_an_empty_password_opens() -> None:
    (problem,) = read(locked("secret")).problems
    assert problem.kind == "encrypted"
    assert [line.text for line in document(locked("")).lines] == ["2022"]


def test_characters_that_the_file_does_not_name_are_a_problem_and_no_number() -> None:
    body = pdf("form_2021", printed("form_2021")).replace(b"/Ordering (GB1)", b"/Ordering (XX1)")
    reading = read(body)
    assert not reading.cells
    assert {problem.place.page for problem in reading.problems if problem.place} >= {1, 2}


def test_bytes_before_the_first_line_do_no_harm() -> None:
    wanted = printed("form_2021")
    assert texts(read(b"\r\njunk\r\n" * 50 + pdf("form_2021", wanted))) == wanted


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
