"""Reports on consecutive years: what a report must carry on from the one on the year before."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sample_readings import Pairs, capture, load, report

from archive.captures import Capture, Context
from pipelines.checks import CHECKS
from pipelines.consecutive import RULES, Report, Value, compare
from pipelines.forms import FORM_KEYS, Key
from pipelines.reading import (
    AS_PRINTED,
    ASSUMED_ZERO,
    BLANK,
    NOTICE,
    NUMBER,
    PLACEHOLDER,
    UNREADABLE,
    WARNING,
    Cell,
    Place,
    Reading,
)
from tests.running import rows

IN, OUT = ("requests", "carried_in", "business"), ("requests", "carried_out", "business")
FORCE, MADE, REPEALED = (("disclosure", "rules", column) for column in ("in_force", "made", "repealed"))
ITEMS_BEFORE, CHANGE = (("disclosure", "fees", column) for column in ("items_previous", "items_change"))
TOTAL, NEW = (
    ("disclosure", "normative_documents", column) for column in ("total_disclosed", "newly_disclosed")
)
Printed = Mapping[Key, float | str]
"""A number, or the state of a cell without one."""

CITY = Context(role="detail", portal="city", portal_title="新乡市人民政府", division="410700")
LATER = "2024-06-01T00:00:00Z"
SAMPLE = "样例市样本局"


def value(printed: float | str) -> Value:
    return Value(None, printed) if isinstance(printed, str) else Value(printed, NUMBER)


def side(year: int, form: str, printed: Printed) -> Report:
    values = dict.fromkeys(FORM_KEYS[form], Value(0, NUMBER)) | {k: value(v) for k, v in printed.items()}
    return Report(f"sample-{year}", year, values)


def found(
    earlier: Printed, later: Printed, forms: tuple[str, str] = ("form_2021", "form_2021")
) -> list[tuple[object, ...]]:
    years = {"form_2019": 2019, "form_2021": 2022}
    first = years[forms[0]]
    compared = list(compare(side(first, forms[0], earlier), side(first + 1, forms[1], later)))
    assert all(each.against == f"sample-{first}" for each in compared)
    return [(*each.finding, each.arithmetic) for each in compared]


@pytest.mark.parametrize(
    ("form", "earlier", "later", "expected"),
    [
        (
            "form_2021",
            {OUT: 4},
            {IN: 3},
            ("carry_over", WARNING, AS_PRINTED, *IN, 4, 3, "2022: 4; 2023: 3"),
        ),
        (
            "form_2021",
            {FORCE: 10},
            {FORCE: 13, MADE: 3, REPEALED: 1},
            ("in_force_stock", NOTICE, AS_PRINTED, *FORCE, 12, 13, "2022: 10; 2023: 10 + 3 − 1 = 12 ≠ 13"),
        ),
        (
            "form_2019",
            {ITEMS_BEFORE: 10, CHANGE: -3},
            {ITEMS_BEFORE: 10},
            ("items_stock", NOTICE, AS_PRINTED, *ITEMS_BEFORE, 7, 10, "2019: 10 − 3 = 7; 2020: 10"),
        ),
        (
            "form_2019",
            {TOTAL: 10},
            {TOTAL: 10, NEW: 2},
            ("disclosed_stock", NOTICE, AS_PRINTED, *TOTAL, 12, 10, "2019: 10; 2020: 10 + 2 = 12 ≠ 10"),
        ),
    ],
)
def test_each_rule_finds_what_is_not_carried_on(
    form: str, earlier: Printed, later: Printed, expected: tuple[object, ...]
) -> None:
    assert found(earlier, later, (form, form)) == [expected]


@pytest.mark.parametrize(
    ("form", "earlier", "later"),
    [
        ("form_2021", {OUT: 4}, {IN: 4}),
        ("form_2021", {FORCE: 10}, {FORCE: 12, MADE: 3, REPEALED: 1}),
        ("form_2019", {ITEMS_BEFORE: 10, CHANGE: -3}, {ITEMS_BEFORE: 7}),
        ("form_2019", {TOTAL: 10}, {TOTAL: 12, NEW: 2}),
    ],
)
def test_what_is_carried_on_is_no_finding(form: str, earlier: Printed, later: Printed) -> None:
    assert found(earlier, later, (form, form)) == []


def test_numbers_are_added_exactly() -> None:
    assert found({FORCE: 0.1}, {MADE: 0.2, FORCE: 0.3}) == []


@pytest.mark.parametrize("state", [BLANK, PLACEHOLDER])
def test_a_blank_counts_as_zero_and_is_said_to(state: str) -> None:
    assert found({OUT: state}, {IN: 0}) == []
    ((*_, pass_, _, _, _, expected, printed, arithmetic),) = found({OUT: state}, {IN: 2})
    assert (pass_, expected, printed, arithmetic) == (ASSUMED_ZERO, 0, 2, "2022: (0); 2023: 2")
    ((*_, arithmetic),) = found({FORCE: 10}, {FORCE: 9, REPEALED: state})
    assert arithmetic == "2022: 10; 2023: 10 + 0 − (0) = 10 ≠ 9"
    ((*_, arithmetic),) = found({FORCE: 10}, {FORCE: state, MADE: state, REPEALED: 1})
    assert arithmetic == "2022: 10; 2023: 10 + (0) − 1 = 9 ≠ (0)"


@pytest.mark.parametrize(("earlier", "later"), [({OUT: UNREADABLE}, {IN: 2}), ({OUT: 2}, {IN: UNREADABLE})])
def test_an_unreadable_number_makes_its_rule_untestable(earlier: Printed, later: Printed) -> None:
    assert found(earlier, later) == []


def test_a_missing_row_tells_nothing() -> None:
    earlier, later = side(2022, "form_2021", {OUT: 4}), side(2023, "form_2021", {IN: 3, FORCE: 5})
    without = {key: each for key, each in earlier.values.items() if key not in (OUT, FORCE)}
    assert list(compare(replace(earlier, values=without), later)) == []


def test_requests_are_carried_through_the_change_of_form_and_stocks_are_not() -> None:
    across = ("form_2019", "form_2021")
    stocks = {TOTAL: 10, NEW: 1, ITEMS_BEFORE: 3}
    assert found(stocks, {FORCE: 99, MADE: 1}, across) == []
    assert [row[0] for row in found({OUT: 4, **stocks}, {IN: 3, FORCE: 99}, across)] == ["carry_over"]


def test_the_rules_are_published_in_order() -> None:
    numbered = [(check.number, check.id) for check in CHECKS if check.number]
    assert [number for number, _ in numbered if number != "K10"] == [f"K{n}" for n in range(1, 10)] + ["K11"]
    assert [code for number, code in numbered if number in {"K6", "K7", "K8", "K9"}] == [
        rule.code for rule in RULES
    ]


# In the database.


def findings(path: Path) -> list[tuple[object, ...]]:
    """Return check, name and year, expected, found, arithmetic, and name and year of the other report."""
    return rows(
        path,
        """SELECT f.[check], a.name, r.year, f.expected, f.found, f.arithmetic, b.name, o.year FROM finding f
        JOIN report r ON r.revision = f.revision JOIN agency a ON a.id = r.agency
        JOIN report o ON o.id = f.against JOIN agency b ON b.id = o.agency ORDER BY 2, 3, 1, f.id""",
    )


def all_of_them(path: Path) -> int:
    return len(rows(path, "SELECT 1 FROM finding WHERE against IS NOT NULL"))


def reading(year: int, printed: Printed, agency: str = SAMPLE) -> Reading:
    cells = tuple(
        Cell(*key, value(each).value, value(each).state, "", Place()) for key, each in printed.items()
    )
    return replace(report(1, year), agency=agency, cells=cells, findings=(), problems=())


def at(number: int, body: str | None = None, when: str = "2024-02-01T00:00:00Z") -> Capture:
    return replace(capture(number, body=body, at=when), context=CITY, run="city/1")


def three_years() -> Pairs:
    return [
        (at(1), reading(2021, {IN: 0, OUT: 4})),
        (at(2), reading(2022, {IN: 3, OUT: 5})),
        (at(3), reading(2023, {IN: 6, OUT: 0})),
    ]


def test_a_finding_belongs_to_the_later_report_and_names_the_earlier(tmp_path: Path) -> None:
    load(tmp_path / "gongkai.db", three_years())
    assert findings(tmp_path / "gongkai.db") == [
        ("carry_over", SAMPLE, 2022, 4, 3, "2021: 4; 2022: 3", SAMPLE, 2021),
        ("carry_over", SAMPLE, 2023, 5, 6, "2022: 5; 2023: 6", SAMPLE, 2022),
    ]


def test_a_year_between_that_is_not_there_is_not_leapt_over(tmp_path: Path) -> None:
    pairs = three_years()
    load(tmp_path / "gongkai.db", [pairs[0], pairs[2]])
    assert findings(tmp_path / "gongkai.db") == []
    load(tmp_path / "gongkai.db", [pairs[1]])
    assert len(findings(tmp_path / "gongkai.db")) == 2


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    once = load(tmp_path / "gongkai.db", three_years())
    assert load(tmp_path / "gongkai.db", three_years()) == once


def test_findings_follow_an_edit_of_either_report(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, three_years())
    load(path, [(at(2, "edited", LATER), reading(2022, {IN: 4, OUT: 5}))])
    assert [row[2:5] for row in findings(path)] == [(2023, 5, 6)]
    load(path, [(at(2, "again", "2024-07-01T00:00:00Z"), reading(2022, {IN: 4, OUT: 6}))])
    assert findings(path) == []
    assert all_of_them(path) == 0


def test_a_report_that_is_taken_out_takes_its_findings_with_it(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, three_years())
    load(path, [(at(1), replace(reading(2021, {}), is_report=False))])
    assert [row[2] for row in findings(path)] == [2023]
    load(path, [(at(2), replace(reading(2022, {}), is_report=False))])
    assert all_of_them(path) == 0


def test_a_report_of_another_year_after_all_is_compared_anew(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, three_years())
    load(path, [(at(2), reading(2020, {IN: 3, OUT: 5}))])
    assert [row[2:5] for row in findings(path)] == [(2021, 5, 0)]
    assert all_of_them(path) == 1


def test_the_current_revision_of_the_best_source_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    prose = replace(reading(2021, {}), form="prose")
    load(path, [(at(4), prose), *three_years()[1:]])
    assert [row[2] for row in findings(path)] == [2023]
    load(path, three_years()[:1])
    assert [row[2] for row in findings(path)] == [2022, 2023]


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    pairs = [
        *three_years(),
        (at(2, "edited", LATER), reading(2022, {IN: 4, OUT: 8})),
        (at(5), reading(2018, {IN: 0, OUT: 2}, "长垣县教育局")),
        (at(6), reading(2019, {IN: 1, OUT: 2}, "长垣市教育局")),
        (at(7), reading(2020, {IN: 9, OUT: 8}, "长垣市扶贫开发办公室")),
        (at(8), reading(2020, {OUT: 9}, "长垣市扶贫开发办公室")),
        (at(9), reading(2021, {IN: 1}, "长垣市乡村振兴局")),
    ]
    dumps = []
    for seed in range(8):
        random.Random(seed).shuffle(pairs)
        dumps.append(load(tmp_path / f"{seed}.db", pairs))
    assert all(dump == dumps[0] for dump in dumps)
    assert len(findings(tmp_path / "0.db")) == 3
