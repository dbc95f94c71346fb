"""Which agency goes on under another name, and which series of numbers are joined by that."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from test_consecutive import IN, OUT, Pairs, all_of_them, at, findings, load, reading, rows

from pipelines import divisions
from pipelines.reforms import MERGED, NEW_NAMES, OLD_NAMES, REFORMS, RENAMED
from pipelines.succession import COUNTY_TO_CITY, Office, may_take_part, successions

Spans = Iterable[tuple[str, int, int]]


def found(division: str | None, spans: Spans) -> list[tuple[str, str, int, str]]:
    known = divisions.by_id(division) if division else None
    offices = [Office(name, name, first, last) for name, first, last in spans]
    names = known.names if known else ()
    assert all(may_take_part(each.agency, names) for each in offices)
    return [(s.agency, s.successor, s.from_year, s.kind) for s in successions(offices, names)]


@pytest.mark.parametrize(
    ("division", "before", "after", "kind"),
    [
        (None, "样例市环境保护局", "样例市生态环境局", MERGED),
        (None, "样例市国土资源局", "样例市自然资源和规划局", MERGED),
        (None, "样例市卫生和计划生育委员会", "样例市卫生健康委员会", MERGED),
        (None, "样例市教育局", "样例市教育体育局", MERGED),
        (None, "样例市扶贫开发办公室", "样例市乡村振兴局", RENAMED),
        (None, "样例市商务委员会", "样例市商务局", RENAMED),
        ("410700", "新乡市国家税务局", "国家税务总局新乡市税务局", MERGED),
        ("410711", "新乡市牧野区农业局", "新乡市牧野区农业农村局", MERGED),
        ("410783", "长垣县教育局", "长垣市教育局", COUNTY_TO_CITY),
        ("410783", "长垣县样例镇人民政府", "长垣市样例镇人民政府", COUNTY_TO_CITY),
        ("410783", "长垣县环境保护局", "长垣市生态环境局", MERGED),
        ("320812", "淮安市清河区教育局", "淮安市清江浦区教育局", MERGED),
    ],
)
def test_a_successor_is_known_by_its_name(division: str | None, before: str, after: str, kind: str) -> None:
    first = 2021 if kind == RENAMED else 2019
    assert found(division, [(before, 2014, 2015), (after, first, 2024)]) == [(before, after, first, kind)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("样例市城市规划局", "样例市自然资源和规划局"),
        ("样例市环境保护局", "样例县生态环境局"),
        ("样例市环境保护局", "样例市自然资源局"),
        ("样例市生态环境局", "样例市环境保护局"),
        ("样例市教育体育局", "样例市教育局"),
    ],
)
def test_other_names_are_other_bodies(before: str, after: str) -> None:
    offices = [Office(before, before, 2012, 2017), Office(after, after, 2019, 2024)]
    assert successions(offices, ()) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [((2015, 2019), (2019, 2022)), ((2015, 2021), (2019, 2022)), ((2012, 2014), (2016, 2022))],
)
def test_the_years_must_fit(before: tuple[int, int], after: tuple[int, int]) -> None:
    assert found(None, [("样例市环境保护局", *before), ("样例市生态环境局", *after)]) == []


def test_of_districts_under_one_id_the_name_that_was_there_before_succeeds_to_none() -> None:
    names = ("广州市萝岗区教育局", "广州市黄埔区教育局")
    assert found("440112", [(names[0], 2010, 2013), (names[1], 2014, 2024)]) == []


def test_a_name_that_two_bodies_go_on_as_is_left_open() -> None:
    spans = [
        ("样例市规划局", 2014, 2017),
        ("样例市自然资源局", 2019, 2024),
        ("样例市自然资源和规划局", 2019, 2024),
    ]
    assert found(None, spans) == []


def test_an_agency_goes_on_as_the_next_in_time() -> None:
    spans = [("长垣县教育局", 2014, 2016), ("长垣市教育局", 2019, 2020), ("长垣市教育体育局", 2021, 2024)]
    assert found("410783", spans) == [
        ("长垣市教育局", "长垣市教育体育局", 2021, MERGED),
        ("长垣县教育局", "长垣市教育局", 2019, COUNTY_TO_CITY),
    ]


def test_two_that_become_one_are_a_merger_whatever_each_alone_would_be() -> None:
    spans = [
        ("样例市扶贫开发办公室", 2014, 2019),
        ("样例市扶贫开发局", 2014, 2020),
        ("样例市乡村振兴局", 2021, 2024),
    ]
    assert {kind for *_, kind in found(None, spans)} == {MERGED}


def test_reforms_say_what_they_rest_on_in_both_languages() -> None:
    assert all(reform.zh.endswith("。") and reform.en.endswith(".") for reform in REFORMS)
    assert len(set(OLD_NAMES)) == sum(len(reform.before) for reform in REFORMS)
    assert set(OLD_NAMES).isdisjoint(NEW_NAMES)


# In the database.

COUNTY = "长垣县教育局", "长垣市教育局"
RENAME = "长垣市扶贫开发办公室", "长垣市乡村振兴局"
MERGER = "长垣市教育局", "长垣市教育体育局"


def two(names: tuple[str, str], year: int) -> Pairs:
    return [(at(1), reading(year - 1, {OUT: 4}, names[0])), (at(2), reading(year, {IN: 3}, names[1]))]


def kinds(path: Path) -> list[tuple[object, ...]]:
    return rows(
        path,
        """SELECT a.name, b.name, s.from_year, s.kind FROM succession s JOIN agency a ON a.id = s.agency
        JOIN agency b ON b.id = s.successor ORDER BY 1""",
    )


@pytest.mark.parametrize(
    ("names", "year", "kind", "joined"),
    [(COUNTY, 2019, COUNTY_TO_CITY, True), (RENAME, 2021, RENAMED, True), (MERGER, 2021, MERGED, False)],
)
@pytest.mark.parametrize("forwards", [True, False])
def test_what_is_renamed_is_compared_with_its_past_and_what_is_merged_is_not(
    tmp_path: Path, names: tuple[str, str], year: int, kind: str, joined: bool, forwards: bool
) -> None:
    pairs = two(names, year)
    load(tmp_path / "gongkai.db", pairs if forwards else pairs[::-1])
    assert kinds(tmp_path / "gongkai.db") == [(*names, year, kind)]
    arithmetic = f"{year - 1}: 4; {year}: 3"
    expected = [("carry_over", names[1], year, 4, 3, arithmetic, names[0], year - 1)] if joined else []
    assert findings(tmp_path / "gongkai.db") == expected


@pytest.mark.parametrize("out", [3, 5])
def test_findings_follow_an_edit_of_the_predecessors_report(tmp_path: Path, out: int) -> None:
    path = tmp_path / "gongkai.db"
    load(path, two(COUNTY, 2019))
    load(path, [(at(1, "edited", "2024-06-01T00:00:00Z"), reading(2018, {OUT: out}, COUNTY[0]))])
    assert [row[3:5] for row in findings(path)] == ([] if out == 3 else [(5, 3)])


def test_a_succession_ends_with_the_reports_it_rests_on(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    pairs = two(COUNTY, 2019)
    load(path, pairs)
    load(path, [(pairs[0][0], replace(pairs[0][1], is_report=False))])
    assert kinds(path) == []
    assert all_of_them(path) == 0


def test_a_succession_ends_where_both_turn_out_to_report_on_one_year(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, two(COUNTY, 2019))
    load(path, [(at(3), reading(2019, {IN: 4}, COUNTY[0]))])
    assert kinds(path) == []
    assert [row[1] for row in findings(path)] == []
    assert all_of_them(path) == 0
    load(path, [(at(3), replace(reading(2019, {}), is_report=False))])
    assert len(kinds(path)) == len(findings(path)) == 1


def test_a_report_of_the_year_before_under_its_own_name_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [*two(RENAME, 2021), (at(3), reading(2020, {OUT: 3}, RENAME[1]))])
    assert findings(path) == []


def test_an_earlier_report_of_the_successor_moves_the_year_it_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(at(1), reading(2018, {OUT: 4}, COUNTY[0])), (at(2), reading(2020, {IN: 3}, COUNTY[1]))])
    assert kinds(path) == [(*COUNTY, 2020, COUNTY_TO_CITY)]
    load(path, [(at(3), reading(2019, {IN: 5}, COUNTY[1]))])
    assert kinds(path) == [(*COUNTY, 2019, COUNTY_TO_CITY)]
    assert [row[2:5] for row in findings(path)] == [(2019, 4, 5)]


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    names = (*COUNTY, *RENAME, "长垣市教育体育局", "长垣县环境保护局", "长垣市生态环境局", "长垣市教育局")
    years = (2018, 2019, 2020, 2021, 2022, 2017, 2019, 2020)
    spans = enumerate(zip(names, years, strict=True), 1)
    pairs = [(at(n), reading(year, {IN: n, OUT: n * 2}, name)) for n, (name, year) in spans]
    pairs.append((at(9), reading(2017, {OUT: 1}, "长垣县教育局")))
    dumps = []
    for seed in range(8):
        random.Random(seed).shuffle(pairs)
        dumps.append(load(tmp_path / f"{seed}.db", pairs))
    assert all(dump == dumps[0] for dump in dumps)
    assert len(kinds(tmp_path / "0.db")) == 4
    assert load(tmp_path / "0.db", pairs) == dumps[0]
