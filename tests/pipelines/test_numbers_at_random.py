"""Numbers printed at random in all the ways that are met: each is read as it was meant."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipelines.numbers import read_value


@given(st.text(max_size=80))
def test_any_text_has_a_state_and_only_numbers_have_a_value(text: str) -> None:
    state, value = read_value(text)
    assert (value is not None) == (state == "number")


@given(st.integers(-(10**12), 10**12))
def test_every_whole_number_survives_printing(number: int) -> None:
    assert read_value(str(number)) == read_value(f"{number:,}") == ("number", number)


WIDE = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
SPACES = st.sampled_from(["", " ", "\u3000", "\xa0", "\u200b", "\ufeff "])
NOTES = st.sampled_from(["", "（其中修订16件）", "(含自然失效29件)", " 〔见附件2〕", "①"])


@given(
    number=st.integers(0, 10**12),
    separator=st.sampled_from(["", ",", "，", " ", "\xa0", "\u202f"]),
    wide=st.booleans(),
    before=SPACES,
    after=SPACES,
    unit=st.sampled_from(["", "件", " 项", "人次"]),
    note=NOTES,
    zeros=st.sampled_from(["", ".0", ".00"]),
)
def test_a_count_is_read_however_it_is_printed(
    number: int, separator: str, wide: bool, before: str, after: str, unit: str, note: str, zeros: str
) -> None:
    digits = f"{number:,}{zeros}"
    printed = (digits.translate(WIDE) if wide else digits).replace(",", separator).replace("，", separator)
    assert read_value(f"{before}{printed}{unit}{note}{after}") == ("number", number)


@given(
    number=st.integers(0, 10**9),
    word=st.sampled_from([("增", 1), ("增加", 1), ("+", 1), ("↑", 1), ("减", -1), ("减少", -1), ("-", -1)]),
    space=st.sampled_from(["", " ", "\xa0"]),
)
def test_a_change_is_read_with_its_sign(number: int, word: tuple[str, int], space: str) -> None:
    assert read_value(f"{word[0]}{space}{number}") == ("number", word[1] * number)


@given(
    amount=st.decimals(0, 10**8, places=4),
    unit=st.sampled_from([("元", 10_000), ("千元", 10), ("万元", 1), ("亿元", "0.0001")]),
    above=st.booleans(),
)
def test_an_amount_is_worth_what_it_says(amount: Decimal, unit: tuple[str, str], above: bool) -> None:
    printed = f"{amount:,f}{'' if above else unit[0]}"
    read = read_value(printed, money=True, heading_unit=unit[0] if above else "")
    assert read == ("number", float(amount / Decimal(unit[1])))


@given(
    st.integers(0, 999), st.integers(0, 999), st.sampled_from(["\n", "  ", "\t", "、", "；", "/", "-", "~"])
)
def test_two_numbers_in_a_cell_are_never_one(one: int, other: int, between: str) -> None:
    assert read_value(f"{one}{between}{other}") == ("unreadable", None)


@given(st.text(alphabet="0123456789,. ，．０１²٣①-+()（）元万件共约余\n\t", max_size=12))
def test_a_value_has_exactly_the_digits_that_are_printed(text: str) -> None:
    state, value = read_value(text)
    if state == "number":
        bare = re.sub(r"(?s)[(（].*|[^0-9.]", "", text.translate(str.maketrans("０１．", "01.")))
        assert abs(Decimal(str(value))) == Decimal(bare)
