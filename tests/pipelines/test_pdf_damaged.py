"""PDF files that cannot be read: pictures, locked, damaged, or more than any report draws."""

import random

import pytest

from pipelines.documents import pdf_pages
from tests.pipelines.pdf_bytes import locked, pages, scan, squeezed, written
from tests.pipelines.pdf_files import pdf
from tests.pipelines.test_pdf import document, printed, read, texts


def test_a_scan_says_that_it_is_pictures_and_of_how_many_pages() -> None:
    (problem,) = read(scan(pages=3)).problems
    assert problem.kind == "unreadable_document"
    assert "3 pages are pictures" in problem.detail


def test_a_picture_of_a_page_among_pages_of_text_is_a_problem_with_its_page() -> None:
    body = scan(pages=1, before=["一、总体情况", "样本。"])
    (problem,) = document(body).problems
    assert (problem.kind, problem.place and problem.place.page) == ("unreadable_document", 2)


TOO_MUCH = {
    "pages": ("MOST_PAGES", 9, pages(10)),
    "characters": ("MOST_GLYPHS", 999, squeezed(b"BT /F 9 Tf 9 9 Td (" + b"a" * 1000 + b") Tj ET")),
    "rules": ("MOST_POINTS", 999, squeezed(b"1 1 m 5 5 l S\n" * 500)),
    "a path": ("MOST_POINTS", 999, squeezed(b"1 1 m\n" + b"5 5 l\n" * 999 + b"S")),
    "instructions": ("MOST_DRAWN", 2_999, squeezed(b"q Q\n" * 500)),
    "forms": ("MOST_DRAWN", 9_999, squeezed(b"/X Do\n" * 9)),
}


@pytest.mark.parametrize(("limit", "most", "body"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_any_report_draws_is_refused(
    limit: str, most: int, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_pages, limit, 2 * most)
    assert "limit_exceeded" not in [problem.kind for problem in read(body).problems]
    monkeypatch.setattr(pdf_pages, limit, most)
    (problem,) = read(body).problems
    assert problem.kind == "limit_exceeded"


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body", [pages(2_000), squeezed(b"1 1 m 5 5 l S\n" * 60_000), squeezed(b"q Q\n" * 5_000_000)]
)
def test_what_would_take_minutes_is_refused_in_seconds(body: bytes) -> None:
    (problem,) = read(body).problems
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
