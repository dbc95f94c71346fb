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
    Habits,
    Key,
    keys_of,
    page,
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
