"""Indicators are what a hand would work out from the cells, and say what they rest on."""

import json
from pathlib import Path

import pytest
from golden_indicators import (
    ADDED_ROW_2022,
    AS_PRINTED_IN_ADDED_ROW,
    ONE_ROW_OTHER_2022,
    TABBED_TEXT_2020,
    Figures,
)

from pipelines.forms import FORM_2019, FORM_2021, FORM_KEYS, Form, Key
from pipelines.indicators import DEFINITIONS
from pipelines.indicators.plans import _known
from pipelines.indicators.values import Cells, Value, values
from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE

REPORTS = Path(__file__).parent.parent / "reports"
RATIOS = {each.id for each in DEFINITIONS if each.denominator}


def golden(name: str) -> dict[str, Value]:
    """Return the indicators of a golden report, which came five days late."""
    read = json.loads((REPORTS / name / "expected.json").read_text(encoding="utf-8"))
    cells = {
        (cell["table"], cell["row"], cell["column"]): (cell["state"], cell["value"]) for cell in read["cells"]
    }
    return {value.indicator: value for value in values(cells, read["form"], due=True, days_late=5)}


def zeros(form: Form, **printed: float | str | None) -> dict[Key, tuple[str, float | None]]:
    """Return a report with 0 in every cell but those given: `row__column`, a value or a state."""
    cells: dict[Key, tuple[str, float | None]] = dict.fromkeys(FORM_KEYS[form.code], (NUMBER, 0))
    for name, value in printed.items():
        row, _, column = name.partition("__")
        key = next(key for key in cells if key[1:] == (row, column or "total"))
        cells[key] = (value, None) if isinstance(value, str) else (NUMBER, value)
    return cells


def of(cells: Cells, indicator: str, form: Form = FORM_2021) -> Value:
    return next(value for value in values(cells, form.code) if value.indicator == indicator)


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("tabbed_text_2020", TABBED_TEXT_2020),
        ("added_row_2022", ADDED_ROW_2022),
        ("one_row_other_2022", ONE_ROW_OTHER_2022),
    ],
)
def test_every_indicator_of_a_golden_report_is_what_a_hand_worked_out(name: str, by_hand: Figures) -> None:
    found = golden(name)
    assert set(found) == {*by_hand, "days_late"}
    assert list(found) == [each.id for each in DEFINITIONS if each.id in found]
    assert found["days_late"].value == 5
    for indicator, figure in by_hand.items():
        value = found[indicator]
        if isinstance(figure, tuple):
            numerator, denominator, expected = figure
            assert (value.numerator, value.denominator, value.n) == (numerator, denominator, denominator)
            assert value.value == (expected if expected is None else pytest.approx(expected, abs=5e-7))
        elif indicator != "zero_requests":
            assert (value.value, value.numerator, value.denominator, value.n) == (figure, figure, None, None)
        assert (indicator in RATIOS) == isinstance(figure, tuple), indicator


def test_every_indicator_of_a_golden_report_says_what_it_rests_on() -> None:
    assert {each.indicator for each in golden("added_row_2022").values() if each.basis == "as_printed"} == {
        *AS_PRINTED_IN_ADDED_ROW,
        "days_late",
    }
    assert {each.basis for each in golden("added_row_2022").values()} == {"as_printed", "assumed_zero"}
    for name in ("tabbed_text_2020", "one_row_other_2022"):
        for indicator, value in golden(name).items():
            assert value.basis == ("no_cases" if value.value is None else "as_printed"), indicator


def test_the_report_without_requests_is_flagged() -> None:
    assert of(zeros(FORM_2021), "zero_requests")[1:3] == (1, 0)
    assert of(zeros(FORM_2021, carried_in=2), "zero_requests")[1:3] == (0, 2)


@pytest.mark.parametrize("state", [BLANK, PLACEHOLDER])
def test_what_is_not_printed_counts_as_0_and_says_so(state: str) -> None:
    cells = zeros(FORM_2021, granted_full=state, granted_partial=6, result_total=40)
    rate = of(cells, "disclosure_rate")
    assert (rate.value, rate.numerator, rate.basis) == (0.15, 6, "assumed_zero")
    assert of(cells, "refusal_rate").basis == "as_printed"
    assert of(cells, f"{state}_cells").value == 1


def test_without_cases_there_is_no_rate() -> None:
    rate = of(zeros(FORM_2021), "disclosure_rate")
    assert rate == Value("disclosure_rate", None, 0, 0, 0, 0, "no_cases")


def test_a_total_that_is_not_printed_is_no_proof_that_there_were_no_cases() -> None:
    rate = of(zeros(FORM_2021, received_new=500, result_total=BLANK, granted_full=300), "disclosure_rate")
    assert rate == Value("disclosure_rate", None, 300, 0, 0, 0, "not_printed")


def test_more_pending_than_there_are_is_a_contradiction_and_no_rate() -> None:
    cells = zeros(FORM_2021, review__corrected=1, review__pending=3, review__total=2)
    rate = of(cells, "review_correction_rate")
    assert rate == Value("review_correction_rate", None, 1, -1, -1, 0, "contradiction")


def test_an_operand_that_cannot_be_read_leaves_no_value() -> None:
    cells = zeros(FORM_2021, granted_full=UNREADABLE, result_total=40)
    rate = Value("disclosure_rate", None, None, 40, 40, 1, "unreadable")
    assert of(cells, "disclosure_rate") == rate
    assert of(cells, "granted_full") == Value("granted_full", None, None, None, None, None, "unreadable")
    assert of(cells, "refusal_rate").value == 0
    del cells[("requests", "granted_full", "total")]
    assert of(cells, "disclosure_rate") == rate


def test_a_golden_report_with_an_unreadable_cell_has_all_that_does_not_need_it() -> None:
    found = golden("workbook_2020")
    without = {each.indicator for each in found.values() if each.basis == "unreadable"}
    assert without == {"carried_out", "carry_over_rate"}
    assert found["carry_over_rate"].denominator == 14  # 8 + 6


def test_a_table_that_was_not_found_leaves_its_indicators_without_a_value() -> None:
    found = golden("pdf_two_years_2020")
    without = {each for each, value in found.items() if value.basis == "unreadable"}
    assert {each for each in found if each.startswith(("review", "suit"))} == without
    assert len(without) == 5 + 20


def test_an_indicator_of_two_tables_needs_both_in_a_form_it_knows() -> None:
    known = {each.id for each, _ in _known((("review", "form_2021"), ("requests", "form_new")))}
    assert {"review_total", "suit_correction_rate"} <= known
    assert not known & {"review_rate", "suit_rate", "received_new"}


@pytest.mark.parametrize(("cases", "enough"), [(29, 0), (30, 1)])
def test_a_rate_says_whether_there_are_cases_enough(cases: int, enough: int) -> None:
    cells = zeros(FORM_2021, result_total=cases, received_new=cases)
    for rate in ("disclosure_rate", "natural_person_share"):
        assert (of(cells, rate).n, of(cells, rate).enough) == (cases, enough)
    assert of(cells, "received_new").enough is None
    assert of(cells, "quality_score").enough is None


def test_other_handling_is_one_row_or_the_sum_of_three() -> None:
    one = zeros(FORM_2019, other_handling=9)
    three = zeros(FORM_2021, other_no_correction=4, other_fee_unpaid=3, other_misc=2)
    for form in (FORM_2019, FORM_2021):  # what the table prints decides, not what the report says it is
        assert (
            of({**one, ("requests", "other_handling", "total"): (NUMBER, 9)}, "other_handling", form).value
            == 9
        )
    assert of(three, "other_handling").value == 9
    assert not [each for each in values(one, FORM_2019.code) if each.indicator == "other_misc"]


def test_sums_are_exact() -> None:
    cells = zeros(FORM_2021, normative_documents__made=0.3, normative_documents__repealed=0.1)
    assert of(cells, "normative_documents_net_change").value == 0.2
    assert of(zeros(FORM_2021, fees__amount_wan=48.7917), "fees_amount").value == 48.7917


def test_of_the_annex_come_only_the_series_that_go_on_roughly() -> None:
    found = golden("annex_2016")
    assert {each: value.value for each, value in found.items()} == {
        "days_late": 5,
        "blank_cells": 3,
        "placeholder_cells": 4,
        "received_new": 0,
        "granted_full": 1206,  # 1206 + 0
        "granted_partial": 1206,
        "refused_state_secret": 13,
        "refused_law_prohibited": 0,
        "refused_security_stability": 0,
        "refused_third_party": 1,  # blank + 1
        "unable_not_held": 15,  # 2 + 13
        "review_upheld": 1206,
        "review_corrected": 2,
        "review_other": 310,
        "review_total": 0,
        "suit_upheld": 0,
        "suit_corrected": 1206,
        "suit_other": 1206,
        "suit_total": 0,
    }
    assert found["refused_third_party"].basis == "assumed_zero"


def test_a_report_in_prose_has_only_its_date() -> None:
    assert values({}, "prose") == ()
    late = values({}, "prose", due=True, days_late=3)
    assert late == (Value("days_late", 3, 3, None, None, None, "as_printed"),)
    unknown = values({}, "prose", due=True)
    assert unknown == (Value("days_late", None, None, None, None, None, "unreadable"),)


def test_identities_that_fail_lower_the_score_and_those_with_blanks_do_not() -> None:
    assert of(zeros(FORM_2021), "quality_score")[1:4] == (1, 42, 42)  # 7 + 7 + 25 + 3
    # 总计 of what was received is neither the sum of the applicants nor what was decided
    assert of(zeros(FORM_2021, received_new=1), "quality_score")[2:4] == (40, 42)
    assert of(zeros(FORM_2021, received_new=BLANK), "quality_score")[2:4] == (40, 40)
    nothing = dict.fromkeys(FORM_KEYS["form_2021"], (BLANK, None))
    assert of(nothing, "quality_score")[1:] == (None, 0, 0, 0, None, "not_printed")
