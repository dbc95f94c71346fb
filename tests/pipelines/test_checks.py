"""Each check finds the fault it is for, in both passes, and nothing in a report that adds up."""

import pytest

from pipelines.checks import CHECKS, check
from pipelines.forms import FORM_2019, FORM_2021, Form, form_cells
from pipelines.reading import (
    AS_PRINTED,
    ASSUMED_ZERO,
    BLANK,
    NUMBER,
    PLACEHOLDER,
    UNREADABLE,
    Cell,
    Finding,
    Place,
)

Key = tuple[str, str, str]


def zeros(form: Form) -> dict[Key, Cell]:
    return {cell.key: Cell(*cell.key, 0, NUMBER, "0", Place()) for cell in form_cells(form)}


def put(cells: dict[Key, Cell], key: Key, value: float | None, state: str = NUMBER) -> None:
    cells[key] = cells[key]._replace(value=value, state=state)


def balanced(form: Form) -> dict[Key, Cell]:
    """Return a report in which two people asked, one was granted, one waits."""
    cells = zeros(form)
    for row, count in (("received_new", 2), ("granted_full", 1), ("result_total", 1), ("carried_out", 1)):
        put(cells, ("requests", row, "natural_person"), count)
        put(cells, ("requests", row, "total"), count)
    put(cells, ("review", "review", "upheld"), 3)
    put(cells, ("review", "review", "total"), 3)
    return cells


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.code)
def test_a_report_that_adds_up_has_no_findings(form: Form) -> None:
    assert check(balanced(form).values()) == ()


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        (("requests", "carried_in", "business"), 1, {"requests_balance", "applicants_sum"}),
        (("requests", "refused_deliberative", "natural_person"), 1, {"results_sum", "applicants_sum"}),
        (("requests", "unable_unclear", "total"), 1, {"results_sum", "applicants_sum"}),
        (("review", "suit_direct", "total"), 1, {"review_sum"}),
        (("review", "review", "total"), 0, {"review_sum"}),
        (("disclosure", "penalty", "decisions"), 1.5, {"value_range"}),
        (("disclosure", "penalty", "decisions"), -1, {"value_range"}),
        (("disclosure", "fees", "amount_wan"), -0.01, {"value_range"}),
        (("disclosure", "fees", "amount_wan"), 0.0001, set()),
    ],
)
def test_each_fault_is_found(key: Key, value: float, found: set[str]) -> None:
    cells = balanced(FORM_2021)
    put(cells, key, value)
    findings = check(cells.values())
    assert {finding.check for finding in findings} == found
    assert {finding.pass_ for finding in findings} <= {AS_PRINTED}


def test_a_change_may_be_negative() -> None:
    cells = balanced(FORM_2019)
    put(cells, ("disclosure", "licensing", "items_change"), -18)
    assert check(cells.values()) == ()


def test_a_finding_says_what_was_expected_and_what_is_printed() -> None:
    cells = balanced(FORM_2021)
    put(cells, ("review", "review", "total"), 0)
    (finding,) = check(cells.values())
    assert (finding.row, finding.column, finding.expected, finding.found) == ("review", "total", 3, 0)


@pytest.mark.parametrize("state", [BLANK, PLACEHOLDER])
def test_a_blank_is_tried_as_zero_and_said_to_be(state: str) -> None:
    cells = balanced(FORM_2021)
    put(cells, ("requests", "received_new", "business"), None, state)
    assert check(cells.values()) == ()
    put(cells, ("requests", "received_new", "total"), None, state)
    findings = check(cells.values())
    assert {finding.pass_ for finding in findings} == {ASSUMED_ZERO}
    assert {finding.check for finding in findings} == {"requests_balance", "applicants_sum"}


def test_an_unreadable_number_makes_its_rules_untestable() -> None:
    cells = balanced(FORM_2021)
    put(cells, ("review", "review", "total"), None, UNREADABLE)
    assert check(cells.values()) == ()


def test_a_missing_row_makes_no_finding_of_its_own() -> None:
    cells = {key: cell for key, cell in balanced(FORM_2021).items() if key[1] != "carried_in"}
    assert {finding.check for finding in check(cells.values())} == set()


def test_numbers_are_added_exactly() -> None:
    cells = balanced(FORM_2021)
    for column, tenths in (("natural_person", 0.1), ("business", 0.2), ("total", 0.3)):
        put(cells, ("requests", "granted_partial", column), tenths)
    assert "applicants_sum" not in {finding.check for finding in check(cells.values())}


@pytest.mark.parametrize("rule", CHECKS, ids=lambda rule: rule.id)
def test_a_check_says_in_both_languages_what_it_checks(rule: object) -> None:
    assert rule.zh.endswith("。")  # type: ignore[attr-defined]
    assert rule.en.endswith(".")  # type: ignore[attr-defined]


def keys(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None, float | None, float | None]]:
    return [(one.check, one.severity, one.table, one.expected, one.found) for one in findings]


@pytest.mark.parametrize(
    ("form", "year", "found"),
    [
        (FORM_2019, 2019, []),
        (FORM_2019, 2020, []),
        (FORM_2019, 2023, [("superseded_form", "warning", None, 2021, 2019)]),
        (FORM_2021, 2021, []),
        (FORM_2021, 2020, []),
        (FORM_2019, None, []),
    ],
)
def test_a_whole_form_that_was_no_longer_in_force_is_a_warning(
    form: Form, year: int | None, found: list[object]
) -> None:
    assert keys(check(balanced(form).values(), form=form.code, year=year)) == found


def test_a_table_of_an_older_layout_is_a_notice() -> None:
    parts = ("other_no_correction", "other_fee_unpaid", "other_misc")
    cells = {key: cell for key, cell in balanced(FORM_2021).items() if key[1] not in parts}
    cells |= {key: cell for key, cell in zeros(FORM_2019).items() if key[1] == "other_handling"}
    findings = check(cells.values(), form="form_2021", year=2022)
    assert keys(findings) == [("superseded_form", "notice", "requests", 2021, 2019)]


@pytest.mark.parametrize(
    ("agency", "text", "value", "suspect"),
    [
        ("某某县样本镇人民政府", "8040", 8040, True),
        ("某某市样本街道办事处", "1,000", 1000, True),
        ("某某市样本局", "8040", 8040, True),
        ("某某县样本镇人民政府", "999", 999, False),
        ("某某县样本镇人民政府", "8040.25", 8040.25, False),
        ("某某县样本镇人民政府", "8040万元", 8040, False),
        ("某某市人民政府", "8040", 8040, False),
        ("某某省样本厅", "8040", 8040, False),
        ("某某省样本局", "8040", 8040, False),
        ("某某市人民政府", "48791700", 48791700, True),
    ],
)
def test_a_sum_that_is_too_large_for_the_body_has_a_suspect_unit(
    agency: str, text: str, value: float, suspect: bool
) -> None:
    cells = balanced(FORM_2019)
    key = ("disclosure", "procurement", "amount_wan")
    cells[key] = cells[key]._replace(text=text, value=value)
    findings = check(cells.values(), agency=agency)
    assert keys(findings) == ([("unit_suspect", "warning", "disclosure", None, value)] if suspect else [])
