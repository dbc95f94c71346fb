"""Bytes become blocks: formats by their bytes, spans expanded, nothing joined that was apart."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines.documents import Document, Grid, Heading, Paragraph, read_document
from pipelines.documents.grids import Span, expand
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.read import read_capture
from tests.pipelines.template import keys_of, page


def document(markup: str) -> Document:
    return read_document(Capture(body=markup.encode()))


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "OLE"),
        (bytes(range(256)) * 20, "no text"),
    ],
)
def test_what_is_no_document_is_one_problem_and_no_report(body: bytes, word: str) -> None:
    reading = read_capture(Capture(url="http://specimen.invalid/a.html", body=body))
    (problem,) = reading.problems
    assert problem.kind == "unreadable_document"
    assert word in problem.detail
    assert not reading.is_report


def test_a_damaged_compressed_body_is_unreadable() -> None:
    capture = Capture(headers=(("Content-Encoding", "gzip"),), body=b"\x1f\x8b\x08\x00damaged")
    with pytest.raises(UnreadableDocument):
        read_document(capture)


def test_one_number_over_two_spans_is_one_number() -> None:
    (grid,) = document("<table><tr><td><p><span>2</span><span>1</span></p><td>x</table>").grids
    assert texts(grid) == [["21", "x"]]


def test_paragraphs_of_a_cell_are_lines() -> None:
    (grid,) = document("<table><tr><td><p>商业</p><p>企业</p><td>a<br>b</table>").grids
    assert texts(grid) == [["商业\n企业", "a\nb"]]


def test_a_table_in_a_cell_is_read_for_itself_and_one_cell_is_part_of_its_cell() -> None:
    outer = "<table><tr><td>n<td><p>before</p>{}<p>after</p></table>"
    blocks = document(outer.format("<table><tr><td>1<td>2</table>")).blocks
    assert [texts(block) for block in blocks if isinstance(block, Grid) and not block.flows] == [[["1", "2"]]]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["n", "before", "after"]
    (grid,) = document("<table><tr><td>5<table><tr><td>6</table><td>7</table>").grids
    assert texts(grid) == [["5\n6", "7"]]


def test_headings_and_their_breaks_are_one_line() -> None:
    (heading,) = document("<h1>某某市样本局<br>2020年报告</h1>").blocks
    assert heading == Heading("某某市样本局 2020年报告", 1, heading.place)  # type: ignore[union-attr]


def test_scripts_styles_and_comments_give_no_text() -> None:
    assert document("<script>1</script><style>2</style><!-- 3 --><p>4<!-- 5 -->6").lines[0].text == "46"


def test_a_table_without_an_end_tag_keeps_its_cells() -> None:
    grids = document("<table><tr><td>1<td>2</tr><p>between<table><tr><td>3<td>4</table>").grids
    assert [texts(grid) for grid in grids] == [[["1", "2"]], [["3", "4"]]]


def test_lines_with_tabs_are_tables_and_know_their_lines() -> None:
    read = document("题\n\n甲\t1\n\n---\t---\n乙\t\t2\n尾\n丙\t3")
    assert [texts(grid) for grid in read.grids] == [[["甲", "1"], ["乙", "", "2"]], [["丙", "3"]]]
    assert [row[0].place.line for grid in read.grids for row in grid.rows] == [3, 6, 8]
    assert [grid.rows[0][0].place.table for grid in read.grids] == [1, 2]


SPANS = st.builds(
    Span,
    st.sampled_from("abc"),
    st.one_of(st.integers(0, 5), st.just(999_999)),
    st.one_of(st.integers(0, 5), st.just(10**6)),
)


@settings(deadline=None)
@given(st.lists(st.lists(SPANS, max_size=5), max_size=6))
def test_expanded_spans_fill_rectangles_that_begin_at_their_origin(rows: list[list[Span]]) -> None:
    grid = expand(rows, 1)
    assert len(grid.rows) == len(rows)
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            assert cell.place.row is not None and cell.place.column is not None
            assert 0 <= number - (cell.place.row - 1) < cell.rows
            assert 0 <= column - (cell.place.column - 1) < cell.columns
    origins = {(cell.place.row, cell.place.column) for row in grid.rows for cell in row if cell.text}
    assert len(origins) == sum(map(len, rows))


def test_a_span_overlapped_from_below_still_ends_where_it_says() -> None:
    rows = [
        [Span("a", columns=2), Span("b", rows=2)],
        [Span("c"), Span("d", columns=2)],
        [Span("e")],
        [Span("f")],
    ]
    assert texts(expand(rows, 1)) == [["a", "a", "b"], ["c", "d", "d"], ["e"], ["f"]]


def test_a_span_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        document("<table>" + "<tr><td rowspan=999999 colspan=9999999>1<td>2" * 900 + "</table>")


HOSTILE = {
    "nested blocks": "<div>" * 10_000,
    "nested tables": "<table><tr><td>1<td>2" * 10_000,
    "one wide row": "<table><tr><td>自然人<tr><td>一、本年新收政府信息公开申请数量"
    + "<td>" * 30_000
    + "</table>",
    "many headings": "<table>" + "<tr><td>申请人情况<td>自然人<td>总计" * 5_000 + "</table>",
    "many near labels": "<table><tr><td>申请人情况<td>自然人"
    + "<tr><td>其他法律行政法规禁止公示<td>1" * 5_000
    + "</table>",
    "unclosed brackets": "<p>" + "（" * 200_000,
    "spaces": "<table><tr><td>" + " \n" * 300_000 + "<td>1</table>",
    "digits": "<table><tr><td>自然人<td>总计<tr><td>（七）总计<td>" + "9" * 300_000 + "<td>1</table>",
    "headings in one line": "<p>" + "一、总体情况" * 50_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_take_seconds_not_hours(markup: str) -> None:
    began = time.process_time()
    read_capture(Capture(body=markup.encode()))
    assert time.process_time() - began < 10


MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["<td>", "</td>", "</tr>", "<table>", "</table>", "<", '"', "&", "", "7"]),
    ),
    max_size=30,
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(MUTATIONS, st.floats(0, 1))
def test_damaged_pages_are_read_without_an_exception_and_no_cell_twice(
    mutations: list[tuple[float, str]], cut: float
) -> None:
    markup = page("form_2021", dict.fromkeys(keys_of("form_2021"), "5"))
    for where, what in mutations:
        at = int(where * len(markup))
        markup = markup[:at] + what + markup[at + 3 :]
    reading = read_capture(Capture(body=markup[: int((0.5 + cut / 2) * len(markup))].encode()))
    assert len({cell.key for cell in reading.cells}) == len(reading.cells)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_exception(body: bytes) -> None:
    read_capture(Capture(body=body))
