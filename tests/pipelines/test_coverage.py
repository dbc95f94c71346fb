"""Every agency and every year: what was published, when, and how that is known."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from planted_country import (
    NEW,
    OPEN,
    PORTALS,
    SHUT,
    TIRED,
    TODAY,
    Fate,
    agencies,
    captures,
    deal,
    reading,
    skips,
)
from sample_readings import capture, report

from archive.captures import LIST, Capture, Context
from pipelines.agency_lists import agencies_in
from pipelines.coverage import Search, cover
from pipelines.dump import dump_canonical
from pipelines.duties import timeliness
from pipelines.load import Loader
from pipelines.pending import load_pending
from pipelines.reading import Dated, Reading
from tests.running import rows

SEEDS = (1, 2, 3)


def load(path: Path, fates: list[Fate], today: date = TODAY) -> None:
    """Load a country as a crawl's index and its readings bring it."""
    found = [(fate, capture) for fate in fates for capture in captures(fate)]
    portals = [
        {"id": each.name, "title": f"{each.place}人民政府", "division": each.division, "specimen": 1}
        for each in PORTALS
    ]
    runs = [
        {
            "id": f"{each.name}/{number}",
            "portal": each.name,
            "ended_at": f"{day}T09:00:00Z",
            "outcome": outcome,
        }
        for each in PORTALS
        for number, (day, outcome) in enumerate(each.runs, 1)
    ]
    lists = [
        {"run": run["id"], "url": url, "reports": 10, "entries": 12}
        for run in runs
        if run["outcome"] in ("ok", "unchanged")
        for each in PORTALS
        if each.name == run["portal"]
        for url in each.lists
    ]
    answers = [
        {
            "id": one.id, "portal": one.context.portal, "run": one.run, "role": "detail", "url": one.url,
            "method": "GET", "status": one.status, "judged": one.judged, "digest": one.digest,
            "fetched_at": one.fetched_at, "link_text": one.context.link_text,
        }
        for _, one in found
    ]  # fmt: skip
    with Loader(path, "5") as loader:
        loader.load_runs(portals, runs, [each for fate in fates for each in skips(fate)], answers, lists)
        readings = ((one, reading(fate)) for fate, one in found)
        list(loader.load_readings([(one, read) for one, read in readings if read]))
        loader.load_readings([])
        for portal in PORTALS:
            named = tuple(each.name for each in agencies() if each.portal is portal)
            page = Capture(
                id=portal.name, url=portal.lists[0], context=Context(role=LIST, portal=portal.name)
            )
            loader.load_reading(page, Reading(agencies=named))
        loader.cover(today)
        assert loader.db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_planted_country_is_covered_as_it_was_planted(seed: int, tmp_path: Path) -> None:
    fates = deal(seed)
    load(tmp_path / "gongkai.db", fates)
    sql = "SELECT a.name, c.year, c.state FROM coverage c JOIN agency a ON a.id = c.agency"
    found = {(name, year): state for name, year, state in rows(tmp_path / "gongkai.db", sql)}
    planted = {(fate.agency.name, fate.year): fate.state() for fate in fates}
    assert {key: found.get(key) for key in planted} == planted
    assert len(found) == len(planted) == 40 * 6


def test_every_state_is_planted() -> None:
    states = Counter(fate.state() for seed in SEEDS for fate in deal(seed))
    assert set(states) == {
        "on_time", "late", "date_unknown", "no_deadline", "not_due_yet", "not_found", "blocked", "unreadable",
        "not_searched",
    }  # fmt: skip


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fate]]:
    path, fates = tmp_path_factory.mktemp("country") / "gongkai.db", deal(SEEDS[0])
    load(path, fates)
    return path, fates


def coverage(path: Path, fate: Fate) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        sql = "SELECT c.* FROM coverage c JOIN agency a ON a.id = c.agency WHERE (a.name, c.year) = (?, ?)"
        return dict(db.execute(sql, (fate.agency.name, fate.year)).fetchone())


def test_what_was_not_found_says_where_it_was_searched_and_when(country: tuple[Path, list[Fate]]) -> None:
    path, fates = country
    missing = [fate for fate in fates if fate.state() == "not_found"]
    assert {fate.agency.portal for fate in missing} >= {OPEN, SHUT, TIRED}
    for fate in missing:
        row, portal = coverage(path, fate), fate.agency.portal
        assert str(row["searched"]).split("\n") == sorted(portal.lists)
        assert row["searched_at"] == f"{portal.searched}T09:00:00Z"
        assert f"截至 {portal.searched} 未找到；检索了 2 个列表：{portal.lists[0]}" in str(row["zh"])
        assert f"not found as of {portal.searched}; 2 lists were searched: {portal.lists[0]}" in str(
            row["en"]
        )
        assert ("链接无法取得（404）" in str(row["zh"])) == (fate.what == "dead")
        assert ("链接指向其他网站" in str(row["zh"])) == (fate.what == "elsewhere")


def test_where_nobody_could_search_nothing_is_called_missing(country: tuple[Path, list[Fate]]) -> None:
    path, fates = country
    for fate in (fate for fate in fates if fate.agency.portal is NEW):
        assert coverage(path, fate)["state"] != "not_found"
        assert coverage(path, fate)["searched"] == ""


def test_late_reports_tell_their_days_and_dates_that_differ_are_all_kept(
    country: tuple[Path, list[Fate]],
) -> None:
    path, fates = country
    late = [fate for fate in fates if fate.state() == "late"]
    assert late
    for fate in late:
        row = coverage(path, fate)
        assert row["days_late"] == fate.days
        assert f"逾期 {fate.days} 天" in str(row["zh"])
    for fate in (fate for fate in fates if fate.what == "dates_differ"):
        assert str(coverage(path, fate)["dates"]).startswith("address 20")
        assert "; page 20" in str(coverage(path, fate)["dates"])
    assert all(coverage(path, fate)["dates"] is None for fate in fates if fate.what == "in_time")


def test_the_legal_date_names_its_article_and_townships_have_none(country: tuple[Path, list[Fate]]) -> None:
    path, fates = country
    articles = {"government": "第四十九条第二款", "department": "第四十九条第一款", "township": "未"}
    for fate in fates:
        row, due = coverage(path, fate), fate.agency.due(fate.year)
        assert row["due_on"] == (due.isoformat() if due else None)
        assert articles[fate.agency.kind] in str(row["basis"])


def test_covering_again_changes_nothing_and_time_changes_what_is_due(tmp_path: Path) -> None:
    fates, path = deal(1), tmp_path / "gongkai.db"
    load(path, fates)
    before = list(dump_canonical(path))
    load(path, fates)
    assert list(dump_canonical(path)) == before
    with Loader(path, "5") as loader:
        loader.cover(date(2025, 4, 1))
    states = {state for (state,) in rows(path, "SELECT DISTINCT state FROM coverage")}
    assert "not_due_yet" not in states
    assert rows(path, "SELECT max(year) FROM coverage") == [(2024,)]


@pytest.mark.parametrize(
    ("dates", "first_seen", "status", "days"),
    [
        ([("meta", "2022-01-31")], None, "on_time", 0),
        ([("meta", "2022-02-01")], None, "late", 1),
        ([("page", "2022-02-03"), ("list", "2022-02-02")], None, "late", 2),
        ([("address", "2022-03-01")], None, "date_unknown", None),
        ([("address", "2022-01-15")], None, "on_time", 0),
        ([("signature", "2022-01-15")], None, "date_unknown", None),
        ([("meta", "2022-02-10"), ("signature", "2022-01-15")], None, "date_unknown", None),
        ([("meta", "2022-01-10"), ("address", "2022-05-15")], None, "on_time", 0),
        ([("meta", "2022-02-10")], "2022-01-31T15:59:59Z", "on_time", 0),
        # In China it is the first of February.
        ([("meta", "2022-02-10")], "2022-01-31T16:00:00Z", "late", 10),
        ([("meta", "2027-02-10")], None, "date_unknown", None),
        ([("meta", "2021-05-01"), ("page", "2022-02-04")], None, "late", 4),
        ([], None, "date_unknown", None),
    ],
)
def test_a_late_date_is_proof_only_where_nothing_speaks_against_it(
    dates: list[tuple[str, str]], first_seen: str | None, status: str, days: int | None
) -> None:
    told = timeliness("department", 2021, [Dated(*each) for each in dates], first_seen)
    assert (told.status, told.days_late) == (status, days)


@pytest.mark.parametrize(
    ("ended", "state", "said"),
    [
        ("2026-01-31T15:59:59Z", "not_searched", "not searched since"),
        ("2026-01-31T16:00:00Z", "not_found", "not found as of 2026-02-01"),
    ],
)
def test_a_search_counts_as_one_after_the_date_once_that_has_passed_in_china(
    ended: str, state: str, said: str
) -> None:
    search = Search("p", "unchanged", ended, ended, ("http://p/nb/",))
    found = cover("department", 2025, date(2026, 2, 1), None, [], [search])
    assert found.state == state
    assert said in found.en


def test_a_load_on_the_eve_of_a_date_knows_which_day_it_is_in_china(tmp_path: Path) -> None:
    load(tmp_path / "gongkai.db", deal(1))
    states = "SELECT count(*) FROM coverage WHERE state = 'not_due_yet' AND due_on = '2025-01-31'"
    counts = []
    for now in (datetime(2025, 1, 31, 15, 59, tzinfo=UTC), datetime(2025, 1, 31, 16, 0, tzinfo=UTC)):
        load_pending(tmp_path, now)
        counts.append(rows(tmp_path / "gongkai.db", states)[0][0])
    assert counts[0] > 0
    assert counts[1] == 0


def test_a_date_that_is_edited_afterwards_makes_no_report_timely() -> None:
    late, early = [Dated("meta", "2022-02-14")], [Dated("meta", "2022-01-20")]
    assert timeliness("department", 2021, late).status == "late"
    assert timeliness("department", 2021, late, edited=early).status == "date_unknown"
    assert timeliness("department", 2021, early, edited=late).status == "on_time"


def test_a_copy_on_another_places_portal_is_no_place_to_look_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    copy = replace(capture(1), context=Context(role="detail", portal="open", division="990200"))
    with Loader(path, "5") as loader:
        portal = {"id": "open", "title": "甲原市人民政府", "division": "990200", "specimen": 1}
        loader.load_runs([portal], [], [], [])
        loader.load_reading(copy, replace(report(1), agency="新乡市体育局", year=2020))
        loader.cover(TODAY)
    sql = (
        "SELECT c.year, a.name FROM coverage c JOIN agency a ON a.id = c.agency WHERE a.name = '新乡市体育局'"
    )
    assert rows(path, sql) == [(2020, "新乡市体育局")]


def test_a_year_is_not_due_on_its_last_day_and_is_on_the_next() -> None:
    assert cover("department", 2024, date(2025, 1, 31), None, [], []).state == "not_due_yet"
    assert cover("department", 2024, date(2025, 2, 1), None, [], []).state == "not_searched"
    assert cover("township", 2024, date(2024, 12, 31), None, [], []).state == "not_due_yet"


def test_agencies_side_by_side_are_a_list_and_a_stray_link_is_none() -> None:
    page = """<ul><li><a href="/c/1/">甲原市财政局</a><li><a href="/c/2/">甲原市教育局</a>
    <li><a href="/c/3/">东镇人民政府</a><li><a href="http://other.invalid/">乙原市水利局</a><li><a href="/">首页</a></ul>
    <select><option>请选择<option>甲原市民政局<option>甲原市司法局<option>甲原市统计局</select>
    <p><a href="/d/">甲原市档案局</a></p><footer><a href="/x/">甲原市人民政府</a></footer>"""
    for markup in (page, f"<p></html>{page}", page.replace("<select>", "</html><select>")):
        assert agencies_in(Capture(url="http://open.invalid/nb/", body=markup.encode())) == (
            "甲原市财政局", "甲原市教育局", "东镇人民政府", "甲原市民政局", "甲原市司法局", "甲原市统计局",
        )  # fmt: skip
    assert (
        agencies_in(Capture(url="http://h/", body=b"\x1f\x8bbroken", headers=(("Content-Encoding", "gzip"),)))
        == ()
    )
