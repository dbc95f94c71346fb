"""Whatever a report's tables look like, each number is read into its own cell or refused."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.captures import Capture
from pipelines.read import read_capture
from pipelines.reading import Reading
from tests.pipelines.template import (
    Box,
    Habits,
    Key,
    keys_of,
    page,
    requests_rows,
    review_rows,
    table_html,
)

FORMS = ("form_2019", "form_2021")
PLAIN = Habits()
HABITS = {
    "plain": PLAIN,
    "no end tags": Habits(end_tags=False),
    "pasted from Word": Habits(word=True),
    "one table": Habits(one_table=True),
    "nested": Habits(nested=True),
    "broken labels": Habits(broken=True),
    "no label of results": Habits(results_label=False),
    "a spare cell a line": Habits(spare=True),
    "page break": Habits(split=9),
}


def read(html: str) -> Reading:
    return read_capture(Capture(body=html.encode()))


def numbered(form: str, habits: Habits = PLAIN) -> dict[Key, str]:
    """Give every cell a number of its own, so that no two can be mistaken."""
    return {key: str(1000 + index) for index, key in enumerate(keys_of(form, habits))}


def values(reading: Reading) -> dict[Key, float | None]:
    return {cell.key: cell.value for cell in reading.cells}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("habits", HABITS.values(), ids=HABITS)
def test_every_cell_is_read_however_the_tables_are_marked_up(form: str, habits: Habits) -> None:
    texts = numbered(form, habits)
    reading = read(page(form, texts, habits))
    assert values(reading) == {key: int(text) for key, text in texts.items()}
    assert reading.form == form
    assert reading.problems == ()
    assert [section.number for section in reading.sections] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("lines", range(1, 26))
def test_a_page_break_after_any_line_of_table_three_loses_nothing(lines: int) -> None:
    texts = numbered("form_2021")
    reading = read(page("form_2021", texts, Habits(split=lines)))
    assert values(reading) == {key: int(text) for key, text in texts.items()}


TEXTS = st.one_of(
    st.integers(0, 10**7).map(str),
    st.integers(1000, 10**7).map(lambda number: f"{number:,}"),
    st.integers(0, 999).map(lambda number: f"{number}件"),
    st.sampled_from(["", "\u3000", "\xa0\xa0", "/", "—", "无", "０", "１２"]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), form=st.sampled_from(FORMS), habits=st.sampled_from([*HABITS.values()]))
def test_any_values_come_back_from_their_own_cells(data: st.DataObject, form: str, habits: Habits) -> None:
    keys = keys_of(form, habits)
    printed = data.draw(st.lists(TEXTS, min_size=len(keys), max_size=len(keys)))
    money = {"amount_wan"}
    texts = {
        key: text.rstrip("件") if key[2] in money else text for key, text in zip(keys, printed, strict=True)
    }
    reading = read(page(form, texts, habits))
    assert {cell.key: meaning(cell.text) for cell in reading.cells} == {
        key: meaning(text) for key, text in texts.items()
    }
    assert {cell.key: cell.value for cell in reading.cells} == {
        key: meaning(text)[1] for key, text in texts.items()
    }


def meaning(text: str) -> tuple[str, int | None]:
    bare = text.strip().replace(",", "").rstrip("件")
    if not bare:
        return "blank", None
    return ("number", int(bare)) if bare.isdecimal() else ("placeholder", None)


def test_a_later_report_with_the_one_row_layout_has_186_cells() -> None:
    habits = Habits(other_form="form_2019")
    texts = numbered("form_2021", habits)
    reading = read(page("form_2021", texts, habits))
    assert reading.form == "form_2021"
    assert len(reading.cells) == 186
    assert values(reading)["requests", "other_handling", "total"] == int(
        texts["requests", "other_handling", "total"]
    )
    assert reading.problems == ()


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


def test_a_blank_form_gives_blanks_not_zeros() -> None:
    texts = dict.fromkeys(keys_of("form_2021"), "\u3000")
    reading = read(page("form_2021", texts).replace("某某市样本局2022年", ""))
    assert len(reading.cells) == 200
    assert {(cell.state, cell.value) for cell in reading.cells} == {("blank", None)}
    assert not reading.is_report


def test_money_is_in_wan_whatever_unit_is_printed() -> None:
    texts = numbered("form_2019") | {("disclosure", "procurement", "amount_wan"): "487,917元"}
    assert values(read(page("form_2019", texts)))["disclosure", "procurement", "amount_wan"] == 48.7917
    in_yuan = page("form_2019", numbered("form_2019") | {("disclosure", "procurement", "amount_wan"): "5000"})
    reading = read(in_yuan.replace("采购总金额", "采购总金额（元）"))
    assert values(reading)["disclosure", "procurement", "amount_wan"] == 0.5
    cell = next(cell for cell in reading.cells if cell.column == "amount_wan")
    assert cell.text == "5000"


def test_the_place_of_a_cell_leads_to_its_element() -> None:
    from lxml import html

    markup = page("form_2021", numbered("form_2021"), Habits(nested=True))
    tree = html.document_fromstring(markup)
    for cell in read(markup).cells:
        assert cell.place.path is not None
        (element,) = tree.xpath(cell.place.path)
        assert element.text_content() == cell.text


def test_each_cell_is_given_once() -> None:
    reading = read(page("form_2021", numbered("form_2021")) * 2)
    assert len({cell.key for cell in reading.cells}) == len(reading.cells) == 200


def test_habits_can_be_mixed() -> None:
    habits = replace(HABITS["pasted from Word"], nested=True, end_tags=False, results_label=False)
    texts = numbered("form_2021", habits)
    assert values(read(page("form_2021", texts, habits))) == {key: int(text) for key, text in texts.items()}


@pytest.mark.parametrize(
    ("habits", "hanging", "blank"),
    [
        (PLAIN, "natural_person", "total"),
        (HABITS["no label of results"], "research_institute", "natural_person"),
    ],
    ids=["a line too wide", "a line as wide as the heading by accident"],
)
def test_a_number_that_hangs_into_the_next_line_moves_none_of_its_numbers(
    habits: Habits, hanging: str, blank: str
) -> None:
    texts = numbered("form_2021", habits) | {("requests", "refused_law_prohibited", blank): ""}
    above = texts["requests", "refused_state_secret", hanging]
    markup = page("form_2021", texts, habits).replace(f'rowspan="1">{above}<', f'rowspan="2">{above}<')
    found = values(read(markup))
    assert [key for key, value in found.items() if value not in (None, int(texts[key] or -1))] == []


CELL = re.compile(r"<td colspan=\"\d+\" rowspan=\"\d+\">[^<]*</td>")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    form=st.sampled_from(FORMS),
    habits=st.sampled_from(
        [PLAIN, HABITS["one table"], HABITS["a spare cell a line"], HABITS["no label of results"]]
    ),
    where=st.floats(0, 1, exclude_max=True),
    damage=st.sampled_from(
        ["lost", "empty before", "empty after", "emptied", "wider", "higher", "no row", "renamed"]
    ),
)
def test_one_damaged_cell_never_puts_a_number_into_the_wrong_place(
    form: str, habits: Habits, where: float, damage: str
) -> None:
    texts = numbered(form, habits)
    markup = page(form, texts, habits)
    cells = [*CELL.finditer(markup)]
    cell = cells[int(where * len(cells))]
    printed = {
        "lost": "",
        "empty before": f"<td></td>{cell[0]}",
        "empty after": f"{cell[0]}<td></td>",
        "emptied": "<td></td>",
        "wider": re.sub(r'colspan="\d+"', 'colspan="4"', cell[0]),
        "higher": re.sub(r'rowspan="\d+"', 'rowspan="5"', cell[0]),
        "no row": f"</tr><tr>{cell[0]}",
        "renamed": re.sub(">[^<]*<", ">样本<", cell[0]),
    }[damage]
    reading = read(markup[: cell.start()] + printed + markup[cell.end() :])
    wrong = [one for one in reading.cells if one.value is not None and one.value != int(texts[one.key])]
    assert wrong == []


def test_a_line_of_values_below_its_blank_upper_half_is_read() -> None:
    texts = numbered("form_2019")
    *heading, line = review_rows(texts)
    blank = [("", columns, high) for _, columns, high in line]
    halves = table_html([*heading, blank], PLAIN) + table_html([line], PLAIN)
    whole = table_html(review_rows(texts), PLAIN)
    reading = read(page("form_2019", texts).replace(whole, halves))
    assert values(reading) == {key: int(text) for key, text in texts.items()}
