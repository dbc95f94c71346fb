"""The pages that list: coverage, changes, quality, runs, politeness."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.crawl_summary import host_of
from archive.publish import DATABASE, publish
from pipelines.load import Loader
from tests import sample_archive, sample_history
from tests.browsing import get, page, words

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PAGES = ("/coverage", "/changes", "/quality", "/runs", "/politeness")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    return publish(sample_history.load(folder / "gongkai.db"), folder / "public", now=NOW)


def ask(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return db.execute(sql, values).fetchall()


@pytest.mark.parametrize("path", PAGES)
def test_each_is_there_in_both_languages_and_as_data_and_escapes_what_it_shows(told: Path, path: str) -> None:
    zh, en, data = get(told, f"/zh{path}", f"/en{path}", f"{path}.json")
    assert {each.status_code for each in (zh, en, data)} == {200}
    assert zh.text != en.text and isinstance(data.json(), dict)
    for answer in (zh, en):
        assert sample_archive.HOSTILE not in answer.text
        assert 'href="javascript:' not in answer.text


def test_coverage_counts_what_is_held_and_leads_to_the_agencies(told: Path) -> None:
    soup = page(told, "/en/coverage")
    (link,) = soup.select("#divisions ~ .scroll tbody th a")
    agencies = page(told, str(link["href"]))
    names = [words(each) for each in agencies.select("#agencies ~ .scroll tbody th")]
    assert sorted(names) == ["样本市体育馆", "样本市展示局"]
    states = dict(
        ask(
            told,
            "SELECT year, state FROM coverage c JOIN agency a ON a.id = c.agency WHERE name = ?",
            names[0],
        )
    )
    shown = [words(each) for each in agencies.select("#agencies ~ .scroll tbody tr")[0].select("td")]
    assert len(shown) == len(states)
    for year, text in zip(sorted(states), shown, strict=True):
        assert text == str(states[year]).replace("_", " "), year


def test_what_is_in_one_state_is_listed_with_the_reason(told: Path) -> None:
    (expected,) = ask(told, "SELECT count(*) FROM coverage WHERE state = 'not_searched'")[0]
    for division in ("", "&division=990100"):
        soup = page(told, f"/zh/coverage?state=not_searched{division}")
        assert len(soup.select("#listed ~ .scroll tbody tr")) == expected
    one_year = page(told, "/zh/coverage?state=not_searched&year=2025")
    assert len(one_year.select("#listed ~ .scroll tbody tr")) == 2
    assert "没有这样的机关" in words(page(told, "/zh/coverage?state=blocked").select_one("main"))
    assert "没有这样的机关" in words(page(told, "/zh/coverage?state=late&division=-").select_one("main"))


@pytest.mark.parametrize("path", ["/zh/coverage?division=nope", "/coverage.json?division=%00"])
def test_a_division_that_is_not_there_is_not_found(told: Path, path: str) -> None:
    assert get(told, path)[0].status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "year=999999&state=x&after=-1",
        "state=late&after=99999999999999999999",
        "state=late&year=abc&division=-",
        "before=~",
        "before=2026~99999999999999999999999",
        "kind=%3Cscript%3E",
        "page=0",
        "page=999999",
        "after=" + quote("'; DROP TABLE report"),
    ],
)
def test_nothing_that_is_asked_breaks_a_page(told: Path, query: str) -> None:
    for answer in get(told, *(f"/en{path}?{query}" for path in PAGES)):
        assert answer.status_code == 200
        assert "<script>" not in answer.text


def test_agencies_come_page_by_page(told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.site.coverings.SIZE", 1)
    monkeypatch.setattr("archive.site.views.coverage.SIZE", 1)
    path, seen = "/en/coverage?division=990100", []
    for _ in range(2):
        soup = page(told, path)
        seen += [words(each) for each in soup.select("#agencies ~ .scroll tbody th")]
        path = str((soup.select_one("a[rel='next']") or {}).get("href", ""))
    assert (sorted(seen), path) == (["样本市体育馆", "样本市展示局"], "")


def test_changes_come_newest_first_by_kind_and_page_by_page(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [row for (row,) in ask(told, "SELECT id FROM change ORDER BY first_seen DESC, id DESC")]
    assert len(every) == 5
    monkeypatch.setattr("archive.site.views.changes.SIZE", 2)
    path, seen = "/zh/changes", []
    while path:
        soup = page(told, path)
        links = [str(link["href"]) for link in soup.select(".changes-listed li > a")]
        seen += [int(link.rpartition("#change-")[2]) for link in links]
        path = str((soup.select_one("a[rel='next']") or {}).get("href", ""))
    assert seen == every
    moved = page(told, "/en/changes?kind=moved").select(".changes-listed li")
    assert len(moved) == 1 and "moved to another address" in words(moved[0])


def test_quality_counts_reports_that_fail_each_check(published: Path) -> None:
    soup = page(published, "/en/quality")
    rows = {
        words(row.th).split()[0]: [words(each) for each in row.select("td")]
        for row in soup.select("#checks ~ .scroll tbody tr")
    }
    assert rows["K1"][:2] == ["0", "1"] and rows["K2"][:2] == ["1", "1"] and rows["K3"][:2] == ["1", "0"]
    years = {
        words(row.th): [words(each) for each in row.select("td")]
        for row in soup.select("#years ~ .scroll tbody tr")
    }
    assert years["2022"][:5] == ["1", "1", "0 0.0%", "1", "1"]
    assert years["2021"][:4] == ["1", "0", "0", "0"]
    (worst,) = soup.select(".listing > li")
    assert "3 findings" in words(worst)
    (problem,) = soup.select("#unread ~ .scroll tbody tr")
    assert words(problem) == "Row that the form does not know 1 1"


OUTCOMES = {"a": ("ok", "unchanged"), "b": ("ok", "empty"), "c": ("failed",), "d": ("blocked", "ok")}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled")
    runs = [
        {"id": f"{name}/{day}", "portal": name, "started_at": f"2026-03-0{day}T01:02:03Z", "outcome": outcome}
        | {"requests": 3, "captures": 2, "bytes": 1000, "reason": f"it was {outcome}"}
        for name, outcomes in OUTCOMES.items()
        for day, outcome in enumerate(outcomes, 1)
    ]
    portals = [{"id": name, "title": f"样本{name}门户", "specimen": 1} for name in OUTCOMES]
    skips = [{"run": "d/2", "url": f"http://d.localhost/{n}", "reason": "robots"} for n in range(2)]
    robots = {
        "id": "0" * 32,
        "portal": "d",
        "run": "d/2",
        "role": "robots",
        "url": "http://d.localhost/robots.txt",
    }
    robots |= {"fetched_at": "2026-03-02T01:02:03Z", "status": 200, "digest": "0", "size": 10}
    with Loader(folder / "gongkai.db", sample_archive.EXTRACTOR) as loader:
        loader.load_runs(portals, runs, skips, [robots])
    return publish(folder / "gongkai.db", folder / "public", now=NOW)


def test_portals_that_fare_badly_come_first(crawled: Path) -> None:
    soup = page(crawled, "/en/runs")
    rows = [
        [words(each) for each in row.select("th, td")] for row in soup.select("#portals ~ .scroll tbody tr")
    ]
    assert [row[0][2] for row in rows] == ["c", "b", "a", "d"]
    assert [row[3] for row in rows] == ["never", "2026-03-01", "2026-03-02", "2026-03-02"]
    assert rows[0][1] == "failed it was failed"
    assert len(soup.select("#runs ~ .scroll tbody tr")) == 7
    for row in rows:
        (found,) = ask(
            crawled,
            "SELECT count(*), max(started_at) FROM run WHERE portal = (SELECT id FROM portal WHERE title = ?)",
            row[0].removesuffix(" Specimen"),
        )
        assert (row[6], row[2]) == (str(found[0]), str(found[1])[:10])


def test_what_robots_txt_forbids_is_told(crawled: Path) -> None:
    (row,) = page(crawled, "/zh/politeness").select("#hosts ~ .scroll tbody tr")
    assert "2 个链接依其规定未访问" in words(row)
    assert row.select_one(f"a[href='/zh/capture/{'0' * 32}']")


def test_hosts_are_counted_from_what_was_archived(told: Path) -> None:
    (row,) = page(told, "/en/politeness").select("#hosts ~ .scroll tbody tr")
    count, days = ask(
        told,
        "SELECT count(*), count(DISTINCT substr(fetched_at, 1, 10)) FROM capture WHERE url LIKE 'http://specimen.localhost/%'",
    )[0]
    shown = [words(each) for each in row.select("th, td")]
    assert (shown[0], shown[2], shown[4]) == ("specimen.localhost", str(count), str(days))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://a.example/x", "a.example"),
        ("HTTPS://user:pass@A.example:8443/", "a.example:8443"),
        ("javascript:alert(1)", ""),
        ("http://[broken", ""),
        (None, ""),
    ],
)
def test_a_host_is_told_without_what_is_nobodys_business(url: str | None, host: str) -> None:
    assert host_of(url) == host
