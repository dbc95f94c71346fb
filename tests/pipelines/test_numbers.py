"""A printed cell is a number, blank, a placeholder, or unreadable; nothing in between."""

import doctest

import pytest

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
        ("0.00", 0),
        ("1．5", 1.5),
        ("１，０２４", 1024),
        ("1\u2009024", 1024),
        ("1\u200b7", 17),
        ("〇", 0),
        ("减少2项", -2),
        ("↓2", -2),
        ("下降 3", -3),
        ("新增3", 3),
        ("共22件", 22),
        ("30人次", 30),
        ("22①", 22),
        ("22（①）", 22),
        ("22[1]", 22),
        ("22*", 22),
        ("22〔其中修订16件〕", 22),
        ("22（其中修订16件（含3件））（见附件）", 22),
        ("22（件）", 22),
        ("22件（单位：件）", 22),
    ],
)
def test_numbers_are_read_as_they_are_meant(text: str, value: float) -> None:
    assert read_value(text) == ("number", value)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0\xa0\xa0", "\u200b", "\ufeff \u2060"])
def test_white_space_is_blank(text: str) -> None:
    assert read_value(text) == ("blank", None)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "／",
        "\\",
        "＼",
        "—",
        "——",
        "— —",
        "-",
        "--",
        "－－",
        "无",
        "不适用",
        "不适\n用",
        "无。",
        "*",
        "持平",
        "无变化",
    ],
)
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
        "2²",
        "2₁",
        "٣",
        "१२",
        "𝟙",
        "①",
        "Ⅲ",
        "二十三",
        "○",
        "007",
        "00",
        "0,024",
        "0 024",
        "1  024",
        "1\t024",
        "1\n024",
        "1\r\n024",
        "-\n2",
        "48.\n7917",
        "1. 5",
        "1,0245",
        "1,024 567",
        "1.024,5",
        "12345678901234567",
        "约22",
        "22余",
        "22件左右",
        "22%",
        "2万",
        "2.5万件",
        "22（23）",
        "22（1.5万）",
        "22（-2）",
        "22（万）",
        "22（百件）",
        "22（其中修订16件",
        "（其中修订16件）22",
        "22（其中修订1\n6件）",
        "¥22",
        "1e3",
        "(18)",
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
        ("8040（元）", "", 0.804),
        ("8040（单位：元）", "万元", 0.804),
        ("8040元（其中办证费40元）", "", 0.804),
        ("3千元", "", 0.3),
        ("3", "百万元", 300),
        ("0.123456", "元", 0.0000123456),
    ],
)
def test_money_is_in_wan(text: str, heading: str, value: float) -> None:
    assert read_value(text, money=True, heading_unit=heading) == ("number", value)


@pytest.mark.parametrize(
    "text", ["3件", "3万", "3美元", "¥3", "8040（其中办证费40元）", "3（万件）", "3（十万元）"]
)
def test_what_is_not_certainly_an_amount_in_yuan_is_no_money(text: str) -> None:
    assert read_value(text, money=True) == ("unreadable", None)


@pytest.mark.parametrize(
    "heading", ["采购总金额（百元）", "采购总金额（万美元）", "采购总金额（单位：十万元）"]
)
def test_money_under_a_heading_of_an_unknown_unit_is_unreadable(heading: str) -> None:
    unit = numbers.money_unit(heading)
    assert read_value("3", money=True, heading_unit=unit) == ("unreadable", None)
    assert read_value("3元", money=True, heading_unit=unit) == ("number", 0.0003)


@pytest.mark.parametrize("text", ["增3", "新增3件", "+3", "↑3", "减少2", "↓2"])
def test_a_change_in_a_column_of_counts_says_not_how_much_there_is(text: str) -> None:
    assert read_value(text, signed=False) == ("unreadable", None)
    assert read_value(text)[0] == "number"


def test_a_minus_in_a_column_of_counts_is_read_as_printed() -> None:
    assert read_value("-4", signed=False) == ("number", -4)
