"""A row, a column or a number that could be read in two ways is not read."""

import pytest

from pipelines.reading import Reading
from tests.pipelines.template import (
    Box,
    Habits,
    page,
    requests_rows,
    review_rows,
    table_html,
)
from tests.pipelines.test_extract import PLAIN, numbered, read, values


def requests_page(rows: list[list[Box]]) -> Reading:
    """Return the reading of a page with this table three and the other two as they should be."""
    texts = numbered("form_2019")
    whole = page("form_2019", texts)
    return read(
        whole.replace(
            table_html(requests_rows("form_2019", texts, Habits()), Habits()), table_html(rows, Habits())
        )
    )


def rows_2019() -> list[list[Box]]:
    return requests_rows("form_2019", numbered("form_2019"), Habits())


def test_a_table_with_one_row_too_many_gives_one_problem_and_every_other_cell() -> None:
    rows = rows_2019()
    rows.insert(5, [("新增的一行", 3, 1), *[(str(number), 1, 1) for number in range(7)]])
    reading = requests_page(rows)
    assert values(reading) == {key: int(text) for key, text in numbered("form_2019").items()}
    (problem,) = reading.problems
    assert (problem.kind, problem.table) == ("unknown_row", "requests")
    assert "新增的一行" in problem.detail
    assert problem.place.row == 6


def test_a_row_that_is_not_printed_is_missing_and_its_numbers_are_nowhere() -> None:
    rows = rows_2019()
    del rows[-1]
    reading = requests_page(rows)
    assert [(problem.kind, problem.row) for problem in reading.problems] == [("missing_row", "carried_out")]
    assert len(reading.cells) == 198 - 7


def test_a_heading_that_fits_nothing_is_a_problem_and_its_column_is_left_out() -> None:
    rows = rows_2019()
    rows[2][1] = ("外星机构", 1, 1)
    reading = requests_page(rows)
    kinds = {(problem.kind, problem.column) for problem in reading.problems}
    assert kinds == {("unknown_column", None), ("unknown_column", "research_institute")}
    assert len(reading.cells) == 198 - 23
    assert values(reading)["requests", "carried_out", "total"] == int(
        numbered("form_2019")["requests", "carried_out", "total"]
    )


def test_headings_in_another_order_are_not_trusted() -> None:
    rows = rows_2019()
    rows[2] = [("科研机构", 1, 1), ("商业企业", 1, 1), *rows[2][2:]]
    reading = requests_page(rows)
    assert not any(cell.table == "requests" for cell in reading.cells)
    assert {problem.kind for problem in reading.problems} == {"unknown_column", "no_tables"}


@pytest.mark.parametrize("row", [4, 5, 7, 24])
def test_an_empty_cell_too_many_in_a_full_line_moves_no_number(row: int) -> None:
    rows = rows_2019()
    rows[row].insert(len(rows[row]) - 7, ("", 1, 1))
    assert values(requests_page(rows)) == {key: int(text) for key, text in numbered("form_2019").items()}


def test_a_line_that_allows_two_readings_is_refused() -> None:
    rows = rows_2019()
    rows[-1].insert(1, ("", 1, 1))
    rows[-1][-1] = ("", 1, 1)
    reading = requests_page(rows)
    assert not any(cell.row == "carried_out" for cell in reading.cells)
    assert ("unattributed_number", "carried_out") in {
        (problem.kind, problem.row) for problem in reading.problems
    }


def test_a_row_printed_twice_with_different_numbers_is_refused() -> None:
    rows = rows_2019()
    rows.append([("四、结转下年度继续办理", 3, 1), *[("7", 1, 1)] * 7])
    reading = requests_page(rows)
    assert not any(cell.row == "carried_out" for cell in reading.cells)
    assert "unattributed_number" in {problem.kind for problem in reading.problems}


def test_a_number_over_two_columns_belongs_to_none() -> None:
    rows = rows_2019()
    rows[3][1:3] = [("12", 2, 1)]
    reading = requests_page(rows)
    merged = [
        cell
        for cell in reading.cells
        if cell.key[1:] in (("received_new", "natural_person"), ("received_new", "business"))
    ]
    assert [cell.state for cell in merged] == ["unreadable", "unreadable"]
    assert {problem.kind for problem in reading.problems} == {"unattributed_number"}


def test_a_word_instead_of_a_number_is_unreadable_and_named() -> None:
    rows = rows_2019()
    rows[3][2] = ("见附件", 1, 1)
    reading = requests_page(rows)
    (problem,) = reading.problems
    assert (problem.kind, problem.row, problem.column) == ("bad_number", "received_new", "business")
    assert values(reading)["requests", "received_new", "total"] == int(
        numbered("form_2019")["requests", "received_new", "total"]
    )


@pytest.mark.parametrize(
    ("right", "printed"),
    [
        ("2.其他法律行政法规禁止公开", "2.其他法律行政止公开"),
        ("2.其他法律行政法规禁止公开", "2、其他法律法规禁止公开"),
        ("5.属于三类内部事务信息", "5.属于三类内容事务信息"),
        ("4.保护第三方合法权益", "4．保护第三 方合法权益"),
        (
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            "(二)部分公开（区分处理的，不计其他情况）",
        ),
        ("（七）总计", "（七） 总  计"),
    ],
)
def test_misprinted_labels_are_known(right: str, printed: str) -> None:
    rows = [[(printed if text == right else text, *spans) for text, *spans in row] for row in rows_2019()]
    reading = requests_page(rows)  # type: ignore[arg-type]
    assert values(reading) == {key: int(text) for key, text in numbered("form_2019").items()}
    assert reading.problems == ()


def test_headings_of_table_four_whose_groups_are_lost_name_nothing() -> None:
    texts = numbered("form_2021")
    rows = review_rows(texts)
    ends = rows[2][:3] + rows[2][4:]  # the line of the groups is lost, and one heading
    whole = page("form_2021", texts)
    table = table_html(rows, PLAIN)
    reading = read(whole.replace(table, table_html([rows[0], ends, rows[3]], PLAIN)))
    assert {cell.table for cell in reading.cells} == {"disclosure", "requests"}
    assert ("unattributed_number", "review") in {(one.kind, one.table) for one in reading.problems}
