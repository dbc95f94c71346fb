"""What the end of a page cuts or converters fill up is put together exactly, or refused."""

import pytest

from tests.pipelines.template import Habits, page, requests_rows, review_rows, table_html
from tests.pipelines.test_extract import PLAIN, numbered, read

LOOSE = Habits(results_label=False)


def table_cell(text: str) -> str:
    return f'<td colspan="1" rowspan="1">{text}</td>'


def test_a_line_left_out_behind_a_page_break_is_named_though_the_next_page_holds_nothing_else() -> None:
    texts = {**numbered("form_2019"), ("requests", "carried_out", "natural_person"): ""}
    rows = requests_rows("form_2019", texts, Habits())
    last = [("四、结转下年度继续办理", 1, 1), *rows[-1][1:]]
    whole = page("form_2019", texts)
    reading = read(
        whole.replace(table_html(rows, PLAIN), table_html(rows[:-1], PLAIN) + table_html([last], PLAIN))
    )
    assert not any(cell.row == "carried_out" for cell in reading.cells)
    assert [(one.kind, one.row) for one in reading.problems] == [
        ("unattributed_number", "carried_out"),
        ("missing_row", "carried_out"),
    ]


@pytest.mark.parametrize("differs", [False, True])
def test_a_row_printed_again_without_a_heading_is_said_to_be_where_its_numbers_differ(differs: bool) -> None:
    texts = numbered("form_2021")
    rows = requests_rows("form_2021", texts, Habits())
    label, first, *others = next(row for row in rows if row[0][0].startswith("一、"))
    again = [label, ("7777", 1, 1) if differs else first, *others]
    whole = page("form_2021", texts)
    table = table_html(rows, PLAIN)
    reading = read(whole.replace(table, table + table_html([again], PLAIN)))
    assert {cell.key: cell.text for cell in reading.cells} == texts
    said = [(one.kind, one.row) for one in reading.problems]
    assert said == ([("unattributed_number", "received_new")] if differs else [])


@pytest.mark.parametrize("word", ["无。", "无", "—"])
@pytest.mark.parametrize("apart", [True, False])
def test_a_word_alone_below_table_four_is_no_line_of_its_values(word: str, apart: bool) -> None:
    texts = numbered("form_2021")
    rows = review_rows(texts)
    below = [[(word, 1, 1), *[("", 1, 1)] * 14]]
    table = table_html(rows, PLAIN)
    printed = table + table_html(below, PLAIN) if apart else table_html(rows + below, PLAIN)
    reading = read(page("form_2021", texts).replace(table, printed))
    assert ({cell.key: cell.text for cell in reading.cells}, reading.problems) == (texts, ())


def test_a_word_alone_below_the_headings_of_table_four_is_one_of_its_values() -> None:
    texts = dict.fromkeys(numbered("form_2021"), "") | {("review", "review", "upheld"): "无"}
    rows = review_rows(texts)
    table, empty = table_html(rows, PLAIN), [[("", 1, 1)] * 15]
    printed = table_html([*rows[:-1], *empty, rows[-1]], PLAIN)
    reading = read(page("form_2021", texts).replace(table, printed))
    assert "无" in [cell.text for cell in reading.cells] or reading.problems


@pytest.mark.parametrize(
    ("label", "rest"),
    [
        ("4.保护第三方合法权益", ""),
        ("4.保护第三方合法权益", "果"),
        ("4.保护第三方", "合法权益"),
        ("4.保", "护第三方合法权益"),
    ],
)
def test_a_number_cut_by_the_end_of_a_page_is_never_read_as_its_first_half(label: str, rest: str) -> None:
    rows = requests_rows("form_2019", numbered("form_2019"), LOOSE)
    at = next(number for number, row in enumerate(rows) if row[0][0].startswith("4.保护第三方"))
    values = rows[at][1:]
    upper = [(label, 1, 1), *((text[:2], 1, 1) for text, _, _ in values)]
    lower = [("", 1, 1), (rest, 1, 1), *((text[2:], 1, 1) for text, _, _ in values)]
    whole = page("form_2019", numbered("form_2019"), LOOSE)
    parts = table_html([*rows[:at], upper], PLAIN) + table_html([lower, *rows[at + 1 :]], PLAIN)
    reading = read(whole.replace(table_html(rows, PLAIN), parts))
    assert not any(cell.row == "refused_third_party" for cell in reading.cells)
    assert ("missing_row", "refused_third_party") in [(one.kind, one.row) for one in reading.problems]


def test_lines_that_lost_a_cell_and_were_filled_up_are_not_read_under_their_headings() -> None:
    texts = {**numbered("form_2019"), ("requests", "refused_deliberative", "natural_person"): ""}
    rows = requests_rows("form_2019", texts, LOOSE)
    filled = [[*row, ("", 1, 1)] if "1000" < row[-1][0] < "2000" else row for row in rows]
    plain_page = page("form_2019", texts, LOOSE)
    reading = read(plain_page.replace(table_html(rows, PLAIN), table_html(filled, PLAIN)))
    assert not any(cell.row == "refused_deliberative" for cell in reading.cells)
    assert ("unattributed_number", "refused_deliberative") in [
        (one.kind, one.row) for one in reading.problems
    ]


def test_the_line_of_table_four_cut_through_its_numbers_is_not_read() -> None:
    *heading, line = review_rows(numbered("form_2019"))
    upper, lower = ([(text[part], 1, 1) for text, _, _ in line] for part in (slice(2), slice(2, None)))
    whole = table_html([*heading, line], PLAIN)
    parts = table_html([*heading, upper], PLAIN) + table_html([lower], PLAIN)
    reading = read(page("form_2019", numbered("form_2019")).replace(whole, parts))
    assert not any(cell.table == "review" for cell in reading.cells)
    assert [one.kind for one in reading.problems if one.table == "review"] == ["no_tables"]


@pytest.mark.parametrize("first", [2, 3])
def test_a_line_whose_cells_are_divided_otherwise_than_its_headings_is_refused(first: int) -> None:
    texts = numbered("form_2019")
    rows = requests_rows("form_2019", texts, LOOSE)
    doubled = [[(text, 2 * columns, high) for text, columns, high in row] for row in rows]
    label, *values = doubled[3]
    blank = (("", label[1] - first, 1),) if first < label[1] else ()
    doubled[3] = [(label[0], first, 1), *blank, ("", 1, 1), *values[:-1], (values[-1][0], 1, 1)]
    whole = page("form_2019", texts, LOOSE)
    reading = read(whole.replace(table_html(rows, PLAIN), table_html(doubled, PLAIN)))
    assert not any(cell.row == "received_new" for cell in reading.cells)
    assert ("unattributed_number", "received_new") in [(one.kind, one.row) for one in reading.problems]


def test_under_a_heading_that_lost_its_first_column_no_line_is_moved_by_one() -> None:
    texts = {**numbered("form_2021"), ("requests", "carried_out", "total"): ""}
    reading = read(page("form_2021", texts).replace(">自然人<", "><", 1))
    assert not any(cell.row == "carried_out" for cell in reading.cells)
    assert ("unattributed_number", "carried_out") in [(one.kind, one.row) for one in reading.problems]


def test_a_number_over_a_column_whose_heading_is_lost_is_refused() -> None:
    texts = numbered("form_2021")
    key = ("requests", "received_new", "business")
    cells = f"{table_cell(texts[key])}{table_cell(texts['requests', 'received_new', 'research_institute'])}"
    wide = f'<td colspan="2" rowspan="1">{texts[key]}</td>'
    whole = page("form_2021", texts).replace(">科研机构<", ">？？<", 1)
    assert cells in whole
    reading = read(whole.replace(cells, wide))
    (cell,) = (cell for cell in reading.cells if cell.key == key)
    assert cell.value is None
    assert ("unattributed_number", "business") in [(one.kind, one.column) for one in reading.problems]
