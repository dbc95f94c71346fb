"""The search: what is found, in which order, what it is narrowed by, and what its pages say."""

import doctest
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from archive import pairs, search_words
from archive.publish import DATABASE, publish
from archive.site import filters, hits, searching
from tests import sample_archive
from tests.browsing import get, page, words
from tests.sample_archive import HOSTILE, Sample

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def sample(agency: str, year: int, published: str | None, text: str, **more: object) -> Sample:
    """Return a report of an agency; its address is its own."""
    title = f"{agency}{year}年政府信息公开工作年度报告"
    made = Sample(agency, year, title, f"http://specimen.localhost/{agency}/{year}", published, cells=False)
    return replace(made, sections=(text,), **more)  # type: ignore[arg-type]


REPORTS = (
    sample("吉林省样本水利厅", 2021, "2022-01-20", "全省推进河长制。"),
    sample("长春市样本水利局", 2021, "2022-03-20", "推进河长制，公开目录。", form="form_2019"),
    sample("长春市样本水利局", 2022, "2023-01-20", "污水治理。"),
    sample("长春市朝阳区样本教育局", 2022, "2023-02-10", "落实水利工程安全，GDP增长5%，2022年完成。"),
    sample("长春市朝阳区样本教育局", 2021, None, "招生入学公示，开放校园。", form="prose"),
    sample("北京市朝阳区样本教育局", 2022, "2023-01-10", "义务教育。"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search")
    database = sample_archive.load(path / "gongkai.db", REPORTS)
    return publish(database, path / "public", now=NOW)


def titles(soup: BeautifulSoup) -> list[str]:
    """Return who reports on what, of the results in their order."""
    return [each.get_text().split("年政府")[0] for each in soup.select(".results > li > a")]


def found(folder: Path, address: str) -> list[str]:
    return titles(page(folder, f"/zh{address}"))


@pytest.mark.parametrize("module", [pairs, search_words, filters, hits])
def test_the_examples_in_the_docstrings_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("水利", 4),
        ("河长制", 2),
        ("长 制", 2),
        ("治", 1),
        ("公开 目录", 1),
        ("公示，开放", 1),
        ("示放", 0),
        ("开公", 0),
        ("GDP", 1),
        ("gdp增长", 1),
        ("2022年", 3),
        ("2022年完", 1),
        ("2022", 3),
        ("202", 0),
        ("长春市 水利局", 2),
        ("省样本水利厅2021", 1),
    ],
)
def test_a_run_of_characters_is_found_however_long(folder: Path, query: str, count: int) -> None:
    soup = page(folder, f"/zh/search?q={quote(query)}")
    assert len(soup.select(".results > li")) == count


def test_titles_and_agencies_come_first_then_the_newest(folder: Path) -> None:
    assert found(folder, "/search?q=水利") == [
        "长春市样本水利局2022",
        "长春市样本水利局2021",
        "吉林省样本水利厅2021",
        "长春市朝阳区样本教育局2022",
    ]


def test_reports_without_a_date_come_last(folder: Path) -> None:
    assert found(folder, "/search?q=公开")[-1] == "长春市朝阳区样本教育局2021"


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("year=2022", 3),
        ("level=city", 2),
        ("level=county&year=2022", 2),
        ("division=220000", 5),
        ("division=220100", 4),
        ("division=220104", 2),
        ("division=110000", 1),
        ("form=prose", 1),
        ("form=form_2019&year=2021", 1),
        ("status=late", 2),
        ("status=on_time", 3),
        ("q=水利&division=220100&year=2022", 2),
        ("q=水利&division=110000", 0),
        ("year=2022&year=2021", 3),
    ],
)
def test_reports_are_narrowed_by_what_is_chosen(folder: Path, address: str, count: int) -> None:
    assert len(found(folder, f"/search?{address}")) == count


def test_empty_choices_lead_to_the_address_that_is_shared(folder: Path) -> None:
    form = "/zh/search?q=+水利+&year=2022&level=&division=&form=&status=&page=1"
    (answer,) = get(folder, form)
    assert str(answer.url).partition("/zh/")[2] == "search?q=%E6%B0%B4%E5%88%A9&year=2022"
    assert answer.history[0].status_code == 302
    (data, bare) = get(folder, "/search.json?q=水利&year=", "/zh/search?q=&year=")
    assert data.status_code == 200 and data.history == [] and data.json()["search"]["found"] == 4
    assert bare.url.query == b""


def test_what_is_chosen_can_be_taken_back(folder: Path) -> None:
    soup = page(folder, "/en/search?q=水利&year=2022&division=220100")
    links = {words(each): str(each["href"]) for each in soup.select(".chosen a")}
    assert links == {
        "Remove Year 2022 ×": "/en/search?q=%E6%B0%B4%E5%88%A9&division=220100",
        "Remove Division 长春市 ×": "/en/search?q=%E6%B0%B4%E5%88%A9&year=2022",
    }
    chosen = {
        str(each.parent["name"]): words(each) for each in soup.select("option[selected]") if each.parent
    }
    assert chosen == {"year": "2022 (2)", "division": "长春市 (2)"}


def options(soup: BeautifulSoup, field: str) -> list[str]:
    return [words(each) for each in soup.select(f"select[name={field}] option[value]:not([value=''])")]


def test_choices_say_how_many_reports_they_leave(folder: Path) -> None:
    everything = page(folder, "/zh/search")
    assert options(everything, "year") == ["2022 (3)", "2021 (3)"]
    assert options(everything, "level") == ["省级 (1)", "市级 (2)", "县级 (3)"]
    assert options(everything, "division") == ["北京市 (1)", "吉林省 (5)"]
    assert options(everything, "form") == ["只有文字 (1)", "2019 年格式 (1)", "2021 年格式 (4)"]
    assert options(everything, "status") == ["按期 (3)", "逾期 (2)", "发布日期不详 (1)"]
    narrowed = page(folder, "/zh/search?q=水利&year=2022")
    assert options(narrowed, "year") == ["2022 (2)", "2021"]
    assert options(narrowed, "level") == ["省级 (0)", "市级 (1)", "县级 (1)"]
    assert options(narrowed, "division") == ["北京市 (0)", "吉林省 (2)"]


def test_divisions_are_chosen_step_by_step(folder: Path) -> None:
    assert options(page(folder, "/zh/search?division=220000"), "division") == ["吉林省 (5)", "长春市 (4)"]
    assert options(page(folder, "/zh/search?division=220100"), "division") == [
        "吉林省",
        "长春市 (4)",
        "朝阳区 (2)",
    ]
    # Below a county is nothing more: those beside it are offered.
    assert options(page(folder, "/zh/search?division=220104"), "division") == [
        "吉林省",
        "长春市",
        "朝阳区 (2)",
    ]
    top = page(folder, "/zh/search?division=220000").select("option[value='220100']")[0]
    assert top.get_text().startswith("　")


def test_divisions_and_agencies_of_the_name_lead_to_their_pages(folder: Path) -> None:
    soup = page(folder, "/en/search?q=朝阳区")
    named = {words(each): str(each.a["href"]) for each in soup.select(".named li") if each.a}
    assert list(named)[:2] == ["朝阳区 长春市 2 reports", "朝阳区 北京市 1 report"]
    assert named["朝阳区 长春市 2 reports"] == "/en/division/220104"
    agencies = [address for name, address in named.items() if "教育局" in name]
    assert len(agencies) == 2 and all(each.startswith("/en/agency/") for each in agencies)


@pytest.mark.parametrize(
    ("address", "divisions"),
    [
        ("q=长春市", ["长春市"]),
        ("q=长春", ["长春市"]),
        ("q=长春市朝阳区", ["朝阳区"]),
        ("q=朝阳区&division=110000", ["朝阳区"]),
        ("q=长春市&page=2", ["长春市"]),
        ("q=吉林", ["吉林省"]),
        ("q=不存在", []),
        ("division=220000", []),
    ],
)
def test_a_division_is_found_by_its_own_name_or_with_those_above(
    folder: Path, address: str, divisions: list[str]
) -> None:
    (answer,) = get(folder, f"/search.json?{address}")
    named = answer.json()["search"]["named"].get("division", [])
    assert [row["name"] for row in named] == divisions


def test_nothing_found_is_said_and_less_is_offered(folder: Path) -> None:
    soup = page(folder, "/zh/search?q=水利 河长制&year=2022")
    assert "没有找到含“ 水利 河长制 ”且符合所选条件的报告" in words(soup.select_one("[role=status]"))
    offered = {words(each): str(each.a["href"]) for each in soup.select(".wider li") if each.a}
    assert list(offered) == [
        "不限报告年度（现为2022） 2 份报告",
        "只找“水利” 2 份报告",
        "不用检索词，只按所选条件 3 份报告",
    ]
    counts = [len(found(folder, address.removeprefix("/zh"))) for address in offered.values()]
    assert counts == [2, 2, 3]
    english = page(folder, "/en/search?q=水利 义务&year=2021&level=city&form=prose")
    assert [words(each) for each in english.select(".wider li")] == [
        "for “水利” only, whatever is chosen 4 reports",
        "for “义务” only, whatever is chosen 1 report",
    ]
    assert "even one character" in words(page(folder, "/en/search?q=不存在"))


def test_a_value_that_nothing_has_finds_nothing_and_is_shown(folder: Path) -> None:
    for field in filters.FILTERS:
        soup = page(folder, f"/en/search?{field}={quote(HOSTILE)}")
        assert not soup.select(".results") and soup.select_one("[role=status]")
        assert HOSTILE in words(soup.select_one(".chosen"))
        (selected,) = soup.select("option[selected]")
        assert selected["value"] == HOSTILE


@pytest.mark.parametrize("number", ["0", "-1", "999999", "9999999", "x", "１", "1e3", "\ud800"])
def test_a_page_that_is_not_there_is_the_nearest(folder: Path, number: str) -> None:
    address = f"/zh/search?q=水利&page={quote(number, errors='surrogatepass')}"
    assert len(page(folder, address).select(".results > li")) == 4


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "query",
    [
        HOSTILE,
        '"水利',
        "水利*",
        "facts:x",
        "year=32303232",
        "-",
        "😀 水利",
        "水\0利",
        "NEAR(水 利)",
        "水" * 5000,
        "水 " * 200,
        "\ud800",
        "{words}",
    ],
)
def test_whatever_is_typed_is_a_word_or_nothing(folder: Path, language: str, query: str) -> None:
    quoted = quote(query, errors="surrogatepass")
    for answer in get(folder, f"/{language}/search?q={quoted}", f"/{language}/search?q={quoted}&year=2022"):
        assert answer.status_code == 200
        assert HOSTILE not in answer.text
        if query == HOSTILE:
            assert HOSTILE in unescape(answer.text)


def test_words_of_filters_cannot_be_typed(folder: Path) -> None:
    assert found(folder, f"/search?q={quote(search_words.fact('year', 2022))}") == []


def test_the_page_speaks_one_language(folder: Path) -> None:
    zh, en = (page(folder, f"/{language}/search?q=水利&level=city") for language in ("zh", "en"))
    assert "找到 2 份报告" in words(zh.select_one(".found")) and "2 reports found" in words(
        en.select_one(".found")
    )
    assert "report" not in words(zh.main).lower() and "年度 " not in words(en.select_one(".choices"))
    assert all(each.find_parent(lang="zh-Hans") for each in en.select(".results mark"))
    assert en.select_one("h1") and words(en.h1) == "Search"


def test_the_data_has_what_the_page_shows(folder: Path) -> None:
    told = get(folder, "/search.json?q=水利&year=2022")[0].json()
    assert told["query"] == "水利" and told["ready"]
    search = told["search"]
    assert (search["chosen"], search["number"], search["found"], search["more"]) == (
        {"year": "2022"},
        1,
        2,
        False,
    )
    assert search["results"][0]["row"]["agency_name"] == "长春市样本水利局"
    assert search["results"][1]["passages"][0]["pieces"][1] == {"text": "水利", "hit": True}
    assert search["options"]["year"][0] == {"value": "2022", "name": "", "reports": 2, "depth": 0}
    assert get(folder, "/search.json")[0].json()["search"]["found"] == 0


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a publication of 120 reports of which 47 are of water bureaus, and 30 others tell of water."""
    path = tmp_path_factory.mktemp("many")
    reports = [
        sample(
            f"样本{number}{'水利' if number < 47 else '教育'}局",
            2022,
            f"2023-01-{number % 28 + 1:02}",
            "水利" if number % 2 else "学校",
        )
        for number in range(107)
    ]
    return publish(sample_archive.load(path / "gongkai.db", tuple(reports)), path / "public", now=NOW)


def test_pages_hold_every_report_once_across_the_two_ranks(many: Path) -> None:
    seen = []
    for number in (1, 2, 3, 4):
        soup = page(many, f"/zh/search?q=水利&page={number}")
        assert "77" in words(soup.select_one(".found"))
        seen += titles(soup)
    assert len(seen) == len(set(seen)) == 77
    assert all("水利局" in each for each in seen[:47]) and all("教育局" in each for each in seen[47:])
    assert [words(each) for each in soup.select(".paging ol li")] == ["第 1", "第 2", "第 3", "第 4"]
    assert soup.select_one(".paging [aria-current=page]") and not soup.select_one(".paging [rel=next]")
    assert soup.select_one("ol.results[start='61']")


def test_pages_are_linked_by_number(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SIZE", 5)
    soup = page(many, "/en/search?q=水利&page=8")
    assert [words(each) for each in soup.select(".paging ol li")] == [
        "Page 1",
        "…",
        "Page 6",
        "Page 7",
        "Page 8",
        "Page 9",
        "Page 10",
        "…",
        "Page 16",
    ]
    assert words(soup.select_one(".paging [rel=prev]")) == "Previous"
    assert soup.select(".paging [rel=next]")[0]["href"] == "/en/search?q=%E6%B0%B4%E5%88%A9&page=9"


def test_what_is_very_frequent_is_not_counted_to_its_end(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "MOST", 50)
    monkeypatch.setattr(hits, "FEW", 30)
    soup = page(many, "/en/search?q=水利&page=99")
    assert "More than 50 reports found" in words(soup.select_one(".found"))
    assert len(soup.select(".results > li")) == 10
    assert options(soup, "year") == ["2022"]


def test_a_search_that_takes_too_long_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS found, :asked, :most FROM n --{index}"
    monkeypatch.setattr(hits, "COUNT", slow)
    (answer,) = get(folder, "/en/search?q=水利")
    assert answer.status_code == 503 and "too long" in answer.text


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """Yield a publication as the program made it before it had summaries."""
    folder = publish(sample_archive.load(tmp_path / "gongkai.db", REPORTS), tmp_path / "public", now=NOW)
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        names = "SELECT name FROM sqlite_master WHERE name GLOB 'site_*' AND sql GLOB 'CREATE {}TABLE*'"
        for kind in ("VIRTUAL ", ""):
            for (name,) in db.execute(names.format(kind)).fetchall():
                db.execute(f"DROP TABLE {name}")
    yield folder


def test_an_earlier_programs_publication_has_its_pages_but_no_search(old: Path) -> None:
    search, data, home = get(old, "/en/search?q=水利", "/search.json?q=水利", "/en/")
    assert search.status_code == data.status_code == 503
    assert "earlier program" in search.text and "earlier program" in home.text
    assert data.json() == {"query": "水利", "ready": False, "search": None}
    assert home.status_code == 200


def test_a_division_within_itself_is_no_endless_way(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db", REPORTS)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE division SET parent = '220104' WHERE id = '220000'")
    folder = publish(database, tmp_path / "public", now=NOW)
    for address in ("/zh/search?division=220104", "/zh/search?q=水利", "/zh/"):
        assert get(folder, address)[0].status_code == 200
