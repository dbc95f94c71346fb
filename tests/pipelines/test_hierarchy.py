"""A government's summary is not below what it sums up, where it says what it sums up."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from test_consecutive import Pairs, all_of_them, at, findings, load, reading

from pipelines.consecutive import Report, Value
from pipelines.duties import DEPARTMENT, GOVERNMENT, TOWNSHIP, ZONE
from pipelines.forms import Key
from pipelines.hierarchy import KEYS, LOWER, Part, hierarchy_sum, scope
from pipelines.reading import AS_PRINTED, ASSUMED_ZERO, BLANK, NOTICE, NUMBER, UNREADABLE, Reading, Section

OFFICES = {DEPARTMENT, GOVERNMENT, ZONE}
EVERYTHING = OFFICES | {TOWNSHIP, LOWER}
RECEIVED: Key = ("requests", "received_new", "total")
WHOLE = "本报告所列数据为全市汇总数据。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本报告所列数据为全市汇总数据。", EVERYTHING),
        ("本报告中所列数据由各县（市、区）、市政府各部门数据汇总而成。", OFFICES | {LOWER}),
        ("本年度报告由各部门、各乡镇、街道年度报告汇编形成。", OFFICES | {TOWNSHIP}),
        ("推进公开。以上数据包括全县各单位。", EVERYTHING),
        ("上述统计数据涵盖各镇、街道。", {TOWNSHIP}),
        ("统计范围：全区各行政机关。", set()),
        ("统计范围包括区政府各工作部门。", OFFICES),
        ("本报告所列数据为市本级数据。", set()),
        ("本报告数据为市本级数据，由各部门汇总。", set()),
        ("本报告中的统计数据仅为本机关数据。", set()),
        ("本报告数据汇总各部门情况，不含各县区。", set()),
        ("全市各级行政机关主动公开政府信息12000条。", set()),
        ("市政府办公室定期汇总各部门公开数据，编制本年度报告。", set()),
        ("指导各部门做好本年度报告数据汇总。", set()),
        ("本年度报告中所列数据的统计期限自1月1日起至12月31日止。", set()),
        ("健全市级机制，本报告数据汇总完毕。", set()),
        ("本报告期内，汇总全市数据。", set()),
        ("本报告数据由各市直单位汇总。", OFFICES),
        ("", set()),
    ],
)
def test_what_a_summary_covers_is_known_only_where_it_says_so(text: str, expected: set[str]) -> None:
    assert scope(text) == expected


def test_one_sentence_that_says_it_is_of_the_own_offices_makes_all_others_doubtful() -> None:
    assert scope(f"{WHOLE}本报告数据为市本级数据。") == frozenset()


def of(name: str, value: float | None, state: str = NUMBER, kind: str = DEPARTMENT) -> Part:
    return Part(name, kind, Report(f"{name}-2022", 2022, {RECEIVED: Value(value, state)}))


def found(own: Part, *parts: Part) -> list[tuple[object, ...]]:
    compared = hierarchy_sum(own.name, own.report, parts)
    return [(*each.finding, each.arithmetic, each.against) for each in compared]


def test_a_summary_below_a_part_is_found_with_the_greatest_of_them() -> None:
    parts = of("样例市甲局", 13), of("样例市乙局", 15), of("样例市丙局", 12)
    assert found(of("样例市人民政府", 12), *parts) == [
        (
            "hierarchy_sum",
            NOTICE,
            AS_PRINTED,
            *RECEIVED,
            15,
            12,
            "样例市乙局 2022: 15; 样例市人民政府 2022: 12",
            "样例市乙局-2022",
        )
    ]


@pytest.mark.parametrize(
    ("own", "part", "pass_"),
    [
        ((15, NUMBER), (15, NUMBER), None),
        ((None, BLANK), (3, NUMBER), ASSUMED_ZERO),
        ((None, BLANK), (None, BLANK), None),
        ((0, NUMBER), (None, BLANK), None),
        ((None, UNREADABLE), (3, NUMBER), None),
        ((0, NUMBER), (None, UNREADABLE), None),
    ],
)
def test_blanks_and_what_cannot_be_read(
    own: tuple[float | None, str], part: tuple[float | None, str], pass_: str | None
) -> None:
    rows = found(of("样例市人民政府", *own), of("样例市甲局", *part))
    assert [row[2] for row in rows] == ([pass_] if pass_ else [])


def test_only_totals_are_compared() -> None:
    assert {column for _, _, column in KEYS} == {"total"}


# In the database.

NAMES = (
    "新乡市人民政府",
    "新乡市样本局",
    "新乡市牧野区人民政府",
    "国家税务总局新乡市税务局",
    "新乡市牧野区样本局",
)


def summary(text: str, received: int = 12) -> Reading:
    return replace(
        reading(2022, {RECEIVED: received}, NAMES[0]), sections=(Section(1, "一、总体情况", text),)
    )


def family(text: str = WHOLE) -> Pairs:
    parts = [(at(n), reading(2022, {RECEIVED: 10 + n}, name)) for n, name in enumerate(NAMES[1:], 1)]
    other = (at(8), reading(2021, {RECEIVED: 99}, NAMES[1]))
    return [(at(0), summary(text)), *parts, other]


def test_departments_and_lower_governments_are_compared_and_national_systems_are_not(tmp_path: Path) -> None:
    load(tmp_path / "gongkai.db", family())
    assert findings(tmp_path / "gongkai.db") == []
    load(tmp_path / "gongkai.db", [(at(0, "edited", "2024-06-01T00:00:00Z"), summary(WHOLE, 11))])
    ((check, name, year, expected, own, _, other, other_year),) = findings(tmp_path / "gongkai.db")
    assert (check, name, year, expected, own) == ("hierarchy_sum", NAMES[0], 2022, 12, 11)
    assert (other, other_year) == (NAMES[2], 2022)


def test_of_a_summary_that_does_not_say_what_it_covers_nothing_is_found(tmp_path: Path) -> None:
    load(tmp_path / "gongkai.db", [(at(0), summary("推进政府信息公开。", 0)), *family()[1:]])
    assert findings(tmp_path / "gongkai.db") == []


def test_what_is_found_follows_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(0), summary(WHOLE, 0)), *family()[1:]])
    assert [row[3] for row in findings(path)] == [12]
    load(path, [(at(2), replace(reading(2022, {}, NAMES[2]), is_report=False))])
    assert [row[3] for row in findings(path)] == [11]
    load(path, [(at(1), replace(reading(2022, {}, NAMES[1]), is_report=False))])
    assert all_of_them(path) == 0


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    pairs = [*family(), (at(0, "edited", "2024-06-01T00:00:00Z"), summary(WHOLE, 5))]
    dumps = []
    for seed in range(8):
        random.Random(seed).shuffle(pairs)
        dumps.append(load(tmp_path / f"{seed}.db", pairs))
    assert all(dump == dumps[0] for dump in dumps)
    assert len(findings(tmp_path / "0.db")) == 1
