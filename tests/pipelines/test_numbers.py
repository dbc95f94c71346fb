"""A printed cell is a number, blank, a placeholder, or unreadable; nothing in between."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import labels, numbers, titles
from pipelines.numbers import read_value


@pytest.mark.parametrize("module", [numbers, labels, titles], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("０", 0),
        ("1,024", 1024),
        ("1，024", 1024),
        ("1\xa0024", 1024),
        ("0件", 0),
        ("３ 项", 3),
        ("+3", 3),
        ("-18", -18),
        ("－2", -2),
        ("—2", -2),
        ("减4", -4),
        ("减少2", -2),
        ("增1", 1),
        ("↑ 3", 3),
        ("22（其中修订16件）", 22),
        ("55\n（含自然失效29件）", 55),
        ("48.7917", 48.7917),
        ("零", 0),
        ("12.0", 12),
    ],
)
def test_numbers_are_read_as_they_are_meant(text: str, value: float) -> None:
    assert read_value(text) == ("number", value)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0\xa0\xa0"])
def test_white_space_is_blank(text: str) -> None:
    assert read_value(text) == ("blank", None)


@pytest.mark.parametrize("text", ["/", "／", "—", "——", "-", "无", "不适用", "*"])
def test_signs_for_nothing_are_placeholders(text: str) -> None:
    assert read_value(text) == ("placeholder", None)


@pytest.mark.parametrize(
    "text",
    [
        "2 1",
        "2\n1",
        "5\n100",
        "1,02",
        "1.2.3",
        "0 0 0",
        "12、13",
        "见附件",
        "O",
        "三",
        "1~3",
        "5万元",
        "4200006x",
    ],
)
def test_what_is_not_certainly_one_number_is_unreadable(text: str) -> None:
    assert read_value(text) == ("unreadable", None)


@pytest.mark.parametrize(
    ("text", "heading", "value"),
    [
        ("48.7917", "", 48.7917),
        ("48.7917万元", "元", 48.7917),
        ("487917元", "万元", 48.7917),
        ("487,917", "元", 48.7917),
        ("0.5亿元", "", 5000),
        ("8040", "", 8040),
    ],
)
def test_money_is_in_wan(text: str, heading: str, value: float) -> None:
    assert read_value(text, money=True, heading_unit=heading) == ("number", value)


def test_pieces_in_a_column_of_money_are_no_money() -> None:
    assert read_value("3件", money=True) == ("unreadable", None)


@given(st.text(max_size=80))
def test_any_text_has_a_state_and_only_numbers_have_a_value(text: str) -> None:
    state, value = read_value(text)
    assert (value is not None) == (state == "number")


@given(st.integers(-(10**12), 10**12))
def test_every_whole_number_survives_printing(number: int) -> None:
    assert read_value(str(number)) == read_value(f"{number:,}") == ("number", number)
