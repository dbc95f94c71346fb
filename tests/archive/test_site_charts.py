"""How charts are drawn: pure, from a chart to markup."""

import doctest
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive.site.charts import bars, frame, lines, pictures, scale, svg
from archive.site.charts.scale import NARROW, WIDE, Size, nice
from archive.site.charts.svg import escaped, width, wrapped
from archive.site.charts.told import told
from archive.site.series import (
    APPROXIMATE,
    AS_PRINTED,
    ASSUMED_ZERO,
    BARS,
    BLANK,
    EXACT,
    LINES,
    NONE,
    NOT_IN_FORM,
    UNREADABLE,
    Chart,
    Point,
    Series,
    Year,
)
from archive.site.series.breaks import Joins, Reason, broken
from archive.site.words import LANGUAGES, Words

ZH, EN = map(Words, LANGUAGES)
FORMS = ("annex_2014", "form_2019", "form_2021")
FIRST = 2015


def point(value: float | str | None, at: int, enough: int | None = None) -> Point:
    """Return a point of a value, of an assumed zero for `(0)`, or of none for a basis."""
    if value == "(0)":
        return Point(FIRST + at, 0.0, ASSUMED_ZERO)
    if isinstance(value, str):
        return Point(FIRST + at, None, value)
    return Point(FIRST + at, value, AS_PRINTED, enough=enough)


def series(code: str, values: Sequence[float | str | None], unit: str = "件") -> Series:
    points = tuple(point(value, at) for at, value in enumerate(values))
    return Series(code, code, code, code, code, unit, points)


def chart(kind: str, *told: Series, total: Series | None = None, forms: Sequence[str] = ()) -> Chart:
    years = tuple(
        Year(FIRST + at, "a", "甲局", f"a-{at}", forms[at] if forms else "form_2021")
        for at, _ in enumerate(told[0].points)
    )
    steps = {(code.code, *step): reason for code in told for step, reason in REASONS[code.code].items()}
    return broken(Chart("outcomes", kind, False, years, told, total), Joins(FORMS, steps), {}, {})


class _Reasons(dict[str, dict[tuple[str, str], Reason]]):
    """What the tests say of a series; any other goes on exactly."""

    def __missing__(self, code: str) -> dict[tuple[str, str], Reason]:
        return {step: Reason(EXACT, "", "") for step in pairwise(FORMS)}


REASONS = _Reasons(
    rough={
        ("annex_2014", "form_2019"): Reason(APPROXIMATE, "另一通知", "another notice"),
        ("form_2019", "form_2021"): Reason(EXACT, "", ""),
    },
    cut={
        ("annex_2014", "form_2019"): Reason(EXACT, "", ""),
        ("form_2019", "form_2021"): Reason(NONE, "单位不同", "another unit"),
    },
)


def drawn(told: Chart, size: Size = WIDE, t: Words = EN) -> etree._Element:
    picture = svg.Picture(hints=True)
    pictures.draw(picture, told, size, t)
    return etree.fromstring(f"<svg>{picture}</svg>")


def numbers(element: etree._Element, *names: str) -> list[float]:
    return [float(str(element.get(name))) for name in names]


def test_examples_in_the_code_hold() -> None:
    for module in (scale, svg, frame, lines):
        assert doctest.testmod(module).failed == 0


@settings(deadline=None)
@given(st.floats(1e-6, 1e9), st.sampled_from([0, 1]))
def test_the_axis_is_round_and_reaches_over_all(most: float, least: float) -> None:
    ticks = nice(most, least)
    assert ticks[0] == 0 and 2 <= len(ticks) <= 6
    assert ticks[-1] >= most * (1 - 1e-9)
    assert len(ticks) == 2 or ticks[-2] < most
    steps = {round(b - a, 9) for a, b in pairwise(ticks)}
    assert max(steps) - min(steps) <= 1e-6 * ticks[-1]
    assert least == 0 or all(tick == int(tick) for tick in ticks)


VALUES = st.lists(
    st.one_of(st.integers(0, 99_999).map(float), st.sampled_from(["(0)", UNREADABLE, NOT_IN_FORM])),
    min_size=2,
    max_size=18,
)


@settings(deadline=None)
@given(VALUES, st.sampled_from([WIDE, NARROW]))
def test_a_line_has_a_mark_at_the_height_of_each_number_and_none_elsewhere(
    values: list[float | str], size: Size
) -> None:
    told = chart(LINES, series("received_new", values))
    root = drawn(told, size)
    (zero, *_, top) = _ticks(root)
    marks = root.xpath("//circle[contains(@class, 'mark') and title]")
    shown = [(FIRST + at, value) for at, value in enumerate(values) if isinstance(value, float)]
    assert len(marks) == len(shown)
    for (year, value), mark in zip(shown, marks, strict=True):
        assert mark.xpath("string(title)") == f"{year} · received_new {value:,.0f}"
        (y,) = numbers(mark, "cy")
        assert abs(y - _height(zero, top, value)) < 0.2


def _ticks(root: etree._Element) -> list[tuple[float, float]]:
    """Return the numbers of the axis with their heights."""
    rules = [float(str(line.get("y1"))) for line in root.xpath("//line[@class='grid' or @class='axis']")]
    texts = [float(text.text.replace(",", "")) for text in root.xpath("//text[@class='tick']")]
    return list(zip(texts, rules, strict=True))


def _height(zero: tuple[float, float], top: tuple[float, float], value: float) -> float:
    return zero[1] + (top[1] - zero[1]) * value / top[0]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9999).map(float), min_size=3, max_size=3), min_size=2, max_size=18))
def test_the_parts_of_a_bar_are_as_high_as_their_numbers_and_stand_on_each_other(
    years: list[list[float]],
) -> None:
    parts = [series(code, [year[at] for year in years]) for at, code in enumerate("abc")]
    total = series("result_total", [sum(year) for year in years])
    root = drawn(chart(BARS, *parts, total=total))
    (zero, *_, top) = _ticks(root)
    found = {
        part.xpath("string(title)"): part for part in root.xpath("//rect[title][contains(@class, 'part')]")
    }
    assert len(found) == sum(value > 0 for year in years for value in year)
    for at, year in enumerate(years):
        below = 0.0
        for code, value in zip("abc", year, strict=True):
            if value:
                y, high = numbers(found[f"{FIRST + at} · {code} {value:,.0f}"], "y", "height")
                assert abs(y + high - _height(zero, top, below)) < 0.2
                assert abs(y - _height(zero, top, below + value)) < 0.2
            below += value


def test_a_gap_cuts_the_line_and_its_year_is_hatched() -> None:
    root = drawn(chart(LINES, series("received_new", [1.0, 2.0, UNREADABLE, "(0)", 3.0, 4.0])))
    ways = [way.get("d").count("L") for way in root.xpath("//path[@class='line c1']")]
    assert ways == [1, 1]
    assert len(root.xpath("//rect[@class='void']")) == 2
    said = [text.xpath("string()") for text in root.xpath("//rect[@class='void']/title")]
    assert said[0].startswith("2017 · nothing to draw")


def test_a_picture_begins_a_year_before_the_first_that_is_drawn() -> None:
    values = [NOT_IN_FORM, NOT_IN_FORM, NOT_IN_FORM, 1.0, 2.0, UNREADABLE]
    forms = ["annex_2014"] * 3 + ["form_2019"] * 3
    told_of = chart(BARS, series("rough", values), series("a", values), forms=forms)
    shown = told_of.cropped()
    assert [year.year for year in shown.years] == [2017, 2018, 2019, 2020]
    assert shown.stacks == (None, (1.0, 1.0), (2.0, 2.0), None)
    assert shown.notes == told_of.notes and shown.cropped() == shown
    root = etree.fromstring(str(pictures.inline(told_of, "x", EN)).partition("</svg>")[0] + "</svg>")
    assert [year.text for year in root.xpath("//text[@class='year']")] == ["2017", "2018", "2019", "2020"]


@settings(deadline=None)
@given(st.lists(st.integers(0, 99_999).map(float), min_size=2, max_size=18), st.sampled_from([WIDE, NARROW]))
@example([90_000.0, 50_000.0] * 9, NARROW)
def test_totals_on_bars_touch_neither_each_other_nor_a_bar_beside(values: list[float], size: Size) -> None:
    root = drawn(chart(BARS, series("a", values), series("b", [0.0] * len(values))), size)
    boxes = [
        numbers(part, "x", "y", "width") for part in root.xpath("//rect[title][contains(@class, 'part')]")
    ]
    found = [
        (*numbers(text, "x", "y"), width(text.text, size.letters - 1) / 2)
        for text in root.xpath("//text[@class='total']")
    ]
    assert f"{values[-1]:,.0f}" in [text.text for text in root.xpath("//text[@class='total']")] or any(
        value > values[-1] for value in values
    )
    for (x, _, half), (other, _, room) in pairwise(sorted(found)):
        assert other - x >= half + room
    for x, y, half in found:
        assert x + half <= size.width + 0.1
        for left, top, wide in boxes:
            apart = x + half <= left or x - half >= left + wide
            assert apart or top >= y + 4


def test_a_rough_join_is_dotted_and_a_break_is_marked() -> None:
    forms = ["annex_2014", "annex_2014", "form_2019", "form_2019"]
    root = drawn(chart(LINES, series("rough", [1.0, 2.0, 3.0, 4.0]), forms=forms))
    assert len(root.xpath("//path[@class='line c1 rough']")) == 1
    (rift,) = root.xpath("//line[contains(@class, 'rift')]")
    assert rift.get("class") == "rift approximate"
    assert rift.xpath("string(title)") == "another notice"
    (label,) = root.xpath("//text[@class='riftname']")
    assert label.text == "1 roughly comparable"
    both = chart(
        LINES, series("rough", [1.0, 2.0]), series("cut", [1.0, 2.0]), forms=["annex_2014", "form_2021"]
    )
    (mixed,) = drawn(both).xpath("//line[contains(@class, 'rift')]")
    assert mixed.get("class") == "rift approximate"
    third = root.xpath("//circle[title]")[2]
    before, after = root.xpath("//circle[title]")[1], third
    assert numbers(before, "cx")[0] < numbers(rift, "x1")[0] < numbers(after, "cx")[0]


def test_where_nothing_compares_the_line_is_cut_and_the_break_is_drawn() -> None:
    forms = ["form_2019", "form_2019", "form_2021", "form_2021"]
    told_of = chart(LINES, series("cut", [1.0, 2.0, 30.0, 40.0]), forms=forms)
    assert told_of.series[0].joined == ("", EXACT, NONE, EXACT)
    root = drawn(told_of, t=ZH)
    assert [way.get("d").count("L") for way in root.xpath("//path[@class='line c1']")] == [1, 1]
    assert not root.xpath("//path[contains(@class, 'rough')]")
    (rift,) = root.xpath("//line[contains(@class, 'rift')]")
    assert rift.get("class") == "rift none"
    assert root.xpath("string(//text[@class='riftname'])") == "1 不可比"
    assert told(told_of, ZH)[0].text == "2017 年起表式更换，前后不可比。单位不同"


def test_from_the_annex_to_the_form_of_2021_the_worst_step_counts() -> None:
    joins = Joins(
        FORMS, {("x", *step): reason for code in ("rough",) for step, reason in REASONS[code].items()}
    )
    (reason,) = joins.reasons("x", "annex_2014", "form_2021")
    assert reason == joins.reasons("x", "form_2021", "annex_2014")[0]
    assert reason.comparability == APPROXIMATE
    assert joins.reasons("unheard_of", "annex_2014", "form_2019")[0].comparability == NONE
    assert joins.reasons("x", "form_2019", "form_2019")[0].comparability == EXACT
    joins = Joins(FORMS, {("x", *step): reason for step, reason in REASONS["cut"].items()})
    assert joins.reasons("x", "annex_2014", "form_2021") == (Reason(NONE, "单位不同", "another unit"),)


@pytest.mark.parametrize(
    ("parts", "total", "stack"),
    [
        ((3.0, 2.0), 5.0, (3.0, 2.0)),
        ((3.0, 2.0), 6.0, (3.0, 2.0)),  # as printed: that they do not add up is told, not hidden
        ((3.0, BLANK), 3.0, (3.0, 0.0)),
        ((3.0, "(0)"), 3.0, (3.0, 0.0)),
        ((3.0, BLANK), 4.0, None),
        ((3.0, BLANK), "(0)", (3.0, 0.0)),
        ((BLANK, BLANK), "(0)", None),
        ((0.0, BLANK), "(0)", None),
        ((BLANK, BLANK), 0.0, (0.0, 0.0)),
        ((3.0, UNREADABLE), 3.0, None),
        ((3.0, NOT_IN_FORM), 3.0, (3.0, 0.0)),
        ((3.0, NOT_IN_FORM), NOT_IN_FORM, None),
        ((NOT_IN_FORM, NOT_IN_FORM), 3.0, None),
    ],
)
def test_a_bar_is_drawn_where_its_parts_are_known(
    parts: tuple[float | str, ...], total: float | str, stack: tuple[float, ...] | None
) -> None:
    told = chart(
        BARS, *(series(str(at), [part]) for at, part in enumerate(parts)), total=series("t", [total])
    )
    assert told.stacks == (stack,)


def test_a_total_that_the_parts_do_not_make_up_is_marked() -> None:
    told_of = chart(BARS, series("a", [3.0, 4.0]), series("b", [2.0, 1.0]), total=series("t", [9.0, 5.0]))
    root = drawn(told_of)
    (line,) = root.xpath("//line[@class='printed']")
    assert line.xpath("string(title)") == "2015 · t 9"
    assert [text.text for text in root.xpath("//text[@class='total']")] == ["5", "9"]
    assert "do not add up to" in told(told_of, EN)[-1].text


def test_what_rests_on_few_cases_or_blanks_is_hollow_and_told() -> None:
    few = replace(series("a", [1.0, 2.0]), points=(point(1.0, 0, enough=0), point(2.0, 1, enough=1)))
    told_of = chart(LINES, few)
    hollow = [each.get("class") for each in drawn(told_of).xpath("//circle[title]")]
    assert hollow == ["mark c1 hollow", "mark c1"]
    assert "few cases" in told(told_of, EN)[0].text
    assumed = replace(few, points=(Point(2015, 4.0, ASSUMED_ZERO), point(2.0, 1)))
    assert "blank" in told(chart(LINES, assumed), EN)[0].text


@settings(deadline=None)
@given(st.integers(1, 18), st.sampled_from([WIDE, NARROW]))
def test_years_do_not_touch_and_the_last_is_written(count: int, size: Size) -> None:
    values = [float(at) for at in range(count)]
    root = drawn(chart(LINES, series("a", values), series("b", values)), size)
    years = root.xpath("//text[@class='year']")
    places = [numbers(year, "x")[0] for year in years]
    assert str(years[-1].text) == str(FIRST + count - 1)
    assert all(b - a > width("2024", size.letters) for a, b in pairwise(places))
    assert all(0 <= place <= size.width for place in places)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
@example([1.0] * 6)
def test_names_beside_lines_do_not_touch(ends: list[float]) -> None:
    told = chart(LINES, *(series(f"rate {at}", [0.0, end * 100]) for at, end in enumerate(ends)))
    root = drawn(told)
    tops = sorted(
        (numbers(name, "y")[0], len(name)) for name in root.xpath("//text[contains(@class, 'name c')]")
    )
    assert len(tops) == len(ends)
    for (y, said), (below, _) in pairwise(tops):
        assert below - y >= lines.LINE * said - 0.2
    # Names of lines that end at the top begin no higher than the labels of breaks.
    assert tops[0][0] >= 0


@settings(deadline=None)
@given(st.text(max_size=60), st.floats(20, 300))
def test_a_wrapped_text_loses_nothing_but_spaces(text: str, room: float) -> None:
    found = wrapped(text, 12, room)
    squeezed = "".join(svg.legal(text).split())
    assert "".join("".join(found).split()) == squeezed


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_markup_that_is_xml_and_says_the_same(text: str) -> None:
    root = etree.fromstring(f"<a b='{escaped(text)}'>{escaped(text)}</a>")
    # A parser makes one line end of each, and spaces of those in an attribute.
    ends = re.compile("\r\n?")
    assert (root.text or "") == ends.sub("\n", svg.legal(text))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_is_drawn_outside_the_picture(size: Size) -> None:
    values = [float(10**at) for at in range(5)]
    forms = ["annex_2014", "form_2019", "form_2019", "form_2021", "form_2021"]
    told = chart(BARS, series("rough", values), series("cut", values), total=series("t", values), forms=forms)
    picture = svg.Picture()
    high = pictures.draw(picture, told, size, EN)
    root = etree.fromstring(f"<svg>{picture}</svg>")
    for each in root.xpath("//rect[not(ancestor::defs)]"):
        x, y, wide, tall = numbers(each, "x", "y", "width", "height")
        assert x >= 0 and y >= 0 and x + wide <= size.width and y + tall <= high
    for text in root.xpath("//text"):
        x, y = numbers(text, "x", "y")
        assert 0 <= x <= size.width and 0 < y < high


def test_the_style_of_a_file_needs_nothing_else() -> None:
    style = pictures.style()
    assert ".chart .c1 { color: #" in style
    assert not re.search(r"var\(|url\(|@|<|&", style)
    assert bars.PARTIAL not in (1, 3)
