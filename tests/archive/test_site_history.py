"""The site tells what became of a report: its changes, its sources, its coverage and its indicators."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from archive.publish import DATABASE, publish
from archive.site.history import Cut, cut
from archive.site.indicators import percent
from pipelines.forms import form_cells, form_named
from pipelines.schema import TABLES
from tests import sample_archive, sample_history
from tests.browsing import get, page, words
from tests.sample_archive import HOSTILE
from tests.sample_history import SITE

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NEW_TABLES = (
    "change", "changed", "coverage", "agency_portal", "listed_agency", "indicator", "indicator_definition",
    "indicator_term", "indicator_break", "source",
)  # fmt: skip


def publish_into(folder: Path) -> Path:
    return publish(sample_history.load(folder / "gongkai.db"), folder / "public", now=NOW)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_into(tmp_path_factory.mktemp("told"))


def path_of(folder: Path, year: int, agency: str = "样本市展示局", language: str = "zh") -> str:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        sql = "SELECT r.id FROM report r JOIN agency a ON a.id = r.agency WHERE (a.name, r.year) = (?, ?)"
        return f"/{language}/report/{db.execute(sql, (agency, year)).fetchone()[0]}"


@pytest.fixture(scope="module")
def edited(told: Path) -> BeautifulSoup:
    return page(told, path_of(told, 2022))


@pytest.fixture(scope="module")
def edited_en(told: Path) -> BeautifulSoup:
    return page(told, path_of(told, 2022, language="en"))


def part(soup: BeautifulSoup, name: str) -> Tag:
    (found,) = [item for item in soup.select(".parts li") if name in words(item.select_one(".what"))]
    return found


def indicator(soup: BeautifulSoup, name: str) -> list[str]:
    """Return what the line of an indicator says: name and definition, value, ground."""
    lines = soup.select("table.indicators tr:has(> .amount)")
    (line,) = [line for line in lines if words(line.select_one("th")).startswith(f"{name} ")]
    return [words(cell) for cell in line.select("th, td")]


def test_changes_come_newest_first_with_their_dates_and_addresses(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    gone, edit = [words(item) for item in edited.select(".changes > li")]
    assert gone.startswith("报告已从该地址消失 首次见于 2025-03-02 此前内容最后见于 2023-02-20")
    assert f"样本市门户 {SITE}/copy/2022.html" in gone
    assert f"HTTP 302，原件 2025-03-02 04:05:06 UTC ，转向 {SITE}/" in gone
    assert edit.startswith("内容被修改 首次见于 2023-04-01 此前内容最后见于 2023-02-15")
    assert f"样本市门户 {SITE}/2022.html" in edit
    gone, edit = [words(item) for item in edited_en.select(".changes > li")]
    assert gone.startswith("gone from its address First seen 2025-03-02")
    assert edit.startswith("edited First seen 2023-04-01 State before last seen 2023-02-15")


def test_a_changed_cell_is_named_in_the_readers_language_and_leads_to_both_originals(
    told: Path, edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    names = (
        (edited, "申请办理／一、本年新收政府信息公开申请数量／自然人"),
        (edited_en, "Requests / I. Requests newly received in the year / Natural persons"),
    )
    for soup, name in names:
        cell = part(soup, name)
        assert words(cell) == f"{name} 41 → 14"
        assert [words(tag) for tag in cell.select("del, ins")] == ["41", "14"]
        before, after = [str(link["href"]) for link in cell.select("a")]
        for href, text in ((before, "41"), (after, "14")):
            row = re.search(r"/capture/(\w+)\?cell=(\d+),(\d+)$", href)
            assert row is not None
            with closing(sqlite3.connect(told / DATABASE)) as db:
                sql = """SELECT v.capture, c.value FROM cell c JOIN revision v ON v.id = c.revision
                    WHERE (c.revision, c.item) = (?, ?)"""
                capture, value = db.execute(sql, (row[2], row[3])).fetchone()
            assert (capture, value) == (row[1], float(text))


def test_cells_without_a_number_are_told_in_words(edited: BeautifulSoup, edited_en: BeautifulSoup) -> None:
    assert words(part(edited, "上年结转")).endswith("0 → 空白")
    assert words(part(edited, "主动公开／规章")).endswith("0 → 约三件 未读出")
    assert words(part(edited_en, "carried over from the year before")).endswith("0 → blank")
    assert words(part(edited_en, "Proactive disclosure / Rules")).endswith("0 → 约三件 not read")


def test_changed_titles_dates_and_sections_show_what_differs(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    for soup, title, date in ((edited, "标题", "发布日期"), (edited_en, "Title", "Date of publication")):
        assert [words(tag) for tag in part(soup, title).select("del, ins")] == [HOSTILE]
        dates = part(soup, date).select("del, ins")
        assert [words(tag) for tag in dates] == ["2023-02-14", "2023-01-20"]
        assert words(part(soup, "一、总体情况").select_one("del")).startswith("41件")
        assert words(part(soup, "五、存在的主要问题及改进情况").select_one("del")) == "人手不足。"


def test_a_change_leads_to_versions_and_captures(told: Path, edited: BeautifulSoup) -> None:
    paths = [str(link["href"]) for link in edited.select(".changes .proofs a[href^='/']")]
    versions = [path for path in paths if "?revision=" in path]
    assert len(versions) == 3
    assert sum(path.startswith("/zh/capture/") for path in paths) == 4
    rows = [path for path in paths if path.startswith("/gongkai/change/")]
    assert len(rows) == 2
    assert {answer.status_code for answer in get(told, *versions, *rows)} == {200}


def test_many_changed_parts_are_folded_after_the_first(tmp_path: Path) -> None:
    keys = [cell.key for cell in form_cells(form_named("form_2021"))][:12]
    after = replace(
        sample_history.EDITED,
        values={**sample_history.FEW, **dict.fromkeys(keys, "77")},
        fetched_at="2024-01-01T00:00:00Z",
    )
    path = sample_archive.load(tmp_path / "gongkai.db", (sample_history.EDITED, after))
    folder = publish(path, tmp_path / "public", now=NOW)
    soup = page(folder, path_of(folder, 2022))
    assert len(soup.select(".parts li")) == len(keys)
    assert len(soup.select(".changes details .parts li")) == 4
    assert words(soup.select_one(".changes summary")) == "其余 4 处"


def test_a_source_that_is_gone_bears_a_dated_tombstone(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    there, gone = edited.select(".source")
    assert not there.select(".tombstone")
    assert f"地址 {SITE}/copy/2022.html 2025-03-02 起已从该地址消失；此处为最后内容。" in words(gone)
    assert "Gone from this address since 2025-03-02" in words(edited_en.select(".source")[1])
    assert not edited.select("article > .tombstone")


def test_a_source_has_all_its_versions_under_one_address(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    there, gone = edited.select(".source")
    assert words(there).count(f"{SITE}/2022.html") == 1
    assert (words(there).count("SHA-256"), words(gone).count("SHA-256")) == (2, 1)
    # What is shown stands open, the proofs of the others are folded.
    assert [len(each.select("details[open]")) for each in (there, gone)] == [1, 0]
    assert "查看 2 次，最近 2025-03-02" in words(gone)
    assert "Looks 2 times, the last on 2025-03-02" in words(edited_en.select(".source")[1])


def test_a_source_that_moved_leads_to_the_new_address(told: Path) -> None:
    moved = page(told, path_of(told, 2021))
    (stone,) = moved.select(".tombstone")
    assert words(stone).startswith("2023-06-01 起已移至新地址")
    assert stone.select_one(f"a[href='{SITE}/new/2021.html']")
    (change,) = moved.select(".changes > li")
    assert words(change).startswith("移至新地址")
    assert f"{SITE}/2021.html → {SITE}/new/2021.html" in words(change)
    english = page(told, path_of(told, 2021, language="en"))
    assert "Moved to another address since 2023-06-01" in words(english.select_one(".tombstone"))


def test_a_report_that_is_gone_everywhere_says_so_at_the_top(told: Path) -> None:
    gone = page(told, path_of(told, 2020))
    assert "2025-03-09 起，这份报告已从所有已知地址消失" in words(gone.select_one("article > .tombstone"))
    assert "HTTP 404" in words(gone.select_one(".changes .proofs"))
    english = page(told, path_of(told, 2020, language="en")).select_one("article > .tombstone")
    assert "Since 2025-03-09 this report is gone from every address" in words(english)


def test_a_report_whose_place_was_taken_says_so(told: Path) -> None:
    taken = page(told, path_of(told, 2022, "样本市体育馆"))
    assert "2024-05-06 起该地址现为其他内容" in words(taken.select_one(".source .tombstone"))
    assert taken.select_one("article > .tombstone")
    assert "该地址现为其他内容" in words(taken.select_one("dl.about"))
    english = page(told, path_of(told, 2022, "样本市体育馆", "en"))
    assert "Something else stands at this address" in words(english.select_one(".source .tombstone"))


def test_coverage_is_told_with_its_basis_and_dates(
    told: Path, edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    line = words(edited.select_one(".coverage"))
    assert line.startswith("已公布，日期不足以判断是否按期")
    assert "列表 2023-02-20 ， 页面 2023-01-20 ， 页面 2023-02-14" in line
    assert "第四十九条第一款" in words(edited.select_one("dl.about"))
    assert "2023-02-14 无法判断是否按期" in words(edited.select_one("dl.about"))
    about = words(edited_en.select_one("dl.about"))
    assert "published; its dates do not tell whether in time" in about
    assert "Regulations of 2019, art. 49, para. 1" in about and "Dates differ: list 2023-02-20" in about
    late = words(page(told, path_of(told, 2020)).select_one("dl.about"))
    assert "逾期 14 天" in late and "2025-03-09 起已从网站消失" in late and "日期不一" not in late
    unread = words(page(told, path_of(told, 2022, "样本市体育馆")).select_one("dl.about"))
    assert "统计表无法读出" in unread and "条例未为此类机关规定期限" in unread and "法定期限 无" in unread


def test_corrections_stand_beside_the_reading_with_their_authors(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    withdrawn, stands = edited.select(".corrections > li")
    assert "本年新收政府信息公开申请数量" in words(stands)
    assert "读出 14 更正为 15" in words(stands)
    assert "李明， 2026-11-20 ：原件印的是 15<script>" in words(stands)
    assert "已撤回" not in words(stands)
    assert "更正为 空白" in words(withdrawn)
    assert "已撤回：王芳， 2026-11-22 ：原件是 15" in words(withdrawn)
    withdrawn, stands = edited_en.select(".corrections > li")
    assert "Requests / I. Requests newly received in the year / Total read as 14 corrected to 15" in words(
        stands
    )
    assert "corrected to blank" in words(withdrawn) and "Withdrawn" in words(withdrawn)
    assert edited.select("script") == []


def test_rates_stand_as_per_cent_with_their_cases(told: Path) -> None:
    name, value, ground = indicator(page(told, path_of(told, 2021)), "公开率（含部分公开）")
    assert "予以公开与部分公开之和 ÷ 办理结果总计" in name
    assert (value, ground) == ("6.3% 20 / 320", "n = 320 按原文")
    english = page(told, path_of(told, 2021, language="en"))
    name, value, ground = indicator(english, "Disclosure rate, in full or in part")
    assert "Granted in full or in part ÷ All results" in name
    assert (value, ground) == ("6.3% 20 / 320", "n = 320 as printed")


def test_too_few_cases_blanks_and_lacking_values_are_marked(
    edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    assert indicator(edited, "不予公开率")[1:] == ["23.1% 3 / 13", "n = 13 不足 30 按原文"]
    assert indicator(edited, "受理总量")[1:] == ["14 件", "空白按 0 计"]
    assert indicator(edited, "诉讼结果纠正率")[1:] == ["— 0 / 0", "n = 0 不足 30 分母为 0"]
    assert indicator(edited, "零申请")[1] == "否"
    assert indicator(edited_en, "Workload")[1:] == ["14 items", "blanks as 0"]
    assert indicator(edited_en, "Refusal rate")[1:] == ["23.1% 3 / 13", "n = 13 under 30 as printed"]
    assert indicator(edited_en, "No request at all")[1] == "no"


def test_what_a_reader_wants_first_is_shown_and_the_rest_folded(
    told: Path, edited: BeautifulSoup, edited_en: BeautifulSoup
) -> None:
    (first,) = [table for table in edited.select("table.indicators") if not table.find_parent("details")]
    assert [words(each) for each in first.select(".group")] == ["申请的办理", "复议与诉讼", "报告本身"]
    assert len(first.select("td.amount")) == 10
    folded = edited.select("details.more-indicators")
    assert [words(each.summary).split()[0] for each in folded] == ["其他比率与数量", "比重"]
    assert not any(each.has_attr("open") for each in folded)
    # The levels are cells of the tables, and stand in the series of the agency.
    with closing(sqlite3.connect(told / DATABASE)) as db:
        report = path_of(told, 2022).rpartition("/")[2]
        sql = """SELECT count(*) FROM indicator i JOIN indicator_definition d ON d.id = i.indicator
            WHERE report = ? AND kind != 'level'"""
        (count,) = db.execute(sql, (report,)).fetchone()
    assert len(edited.select("table.indicators td.amount")) == count
    assert [words(each) for each in edited_en.select("table.indicators .group")] == [
        "Requests", "Reviews and suits", "The report itself",
    ]  # fmt: skip


def test_the_home_page_has_the_newest_changes(told: Path) -> None:
    listed = page(told, "/").select(".changes-listed li")
    assert len(listed) == 5
    dates = [str(each.select("time")[0]["datetime"])[:10] for each in listed]
    assert dates == ["2025-03-09", "2025-03-02", "2024-05-06", "2023-06-01", "2023-04-01"]
    assert "报告已从该地址消失" in words(listed[0])
    link = str(listed[-1].select("a")[0]["href"])
    assert page(told, link.partition("#")[0]).find(id=link.partition("#")[2])


def test_where_nothing_happened_nothing_is_told(published: Path) -> None:
    report = page(published, f"/report/{sample_archive.report_id(published / DATABASE, 2022)}")
    assert not report.select(".changes, .tombstone, .coverage, #corrections")
    assert "未见发布后的修改" in words(report.select_one("#changes").find_parent("section"))
    assert not page(published, "/").select(".changes-listed")
    prose = page(published, f"/report/{sample_archive.report_id(published / DATABASE, 2021)}")
    assert not prose.select("#indicators")


def test_what_was_changed_is_escaped_everywhere(told: Path) -> None:
    with closing(sqlite3.connect(told / DATABASE)) as db:
        (change,) = db.execute("SELECT id FROM change WHERE kind = 'edited'").fetchone()
    tables = (f"/gongkai/{name}" for name in ("change", "changed", f"change/{change}", f"changed/{change},1"))
    for answer in get(told, path_of(told, 2022), "/", *tables):
        assert answer.status_code == 200
        for text in (HOSTILE, "<i>政府", "<b>报告"):
            assert text not in answer.text
            assert text in unescape(answer.text)
    (answer,) = get(told, path_of(told, 2022, "样本市体育馆"))
    assert "javascript:alert(1)" in answer.text
    assert not re.search(r"""href=["']?\s*javascript:""", answer.text)


def test_every_link_of_these_pages_answers_and_every_place_exists(told: Path) -> None:
    for year, agency in ((2022, "样本市展示局"), (2021, "样本市展示局"), (2022, "样本市体育馆")):
        soup = page(told, path_of(told, year, agency))
        assert not soup.select("script, iframe, img, [onclick], [style]")
        for link in soup.select("a[href^='#']"):
            assert soup.find(id=str(link["href"])[1:]), link
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids))
        paths = {str(link["href"]) for link in soup.select("main a[href^='/']")}
        elsewhere = tuple(f"/zh/{name}/" for name in ("agency", "division", "capture"))
        paths = {path for path in paths if not path.startswith(elsewhere)}
        # One of each kind of row is enough.
        asked = {re.sub(r"[^/=]+$", "", path): path for path in sorted(paths)}.values()
        assert {answer.status_code for answer in get(told, *asked)} == {200}


def test_the_new_tables_open_and_describe_themselves(told: Path) -> None:
    answers = get(told, *(f"/gongkai/{name}" for name in NEW_TABLES))
    for name, answer in zip(NEW_TABLES, answers, strict=True):
        soup = BeautifulSoup(answer.text, "lxml")
        (table,) = [each for each in TABLES if each.name == name]
        assert answer.status_code == 200, name
        assert not soup.select(".message-error"), name
        assert table.zh in words(soup.h1) and table.en in words(soup)
        for field in table.fields:
            assert f"{field.zh} · {field.en}" in words(soup), (name, field.name)


def test_rows_of_the_new_tables_are_named_where_others_refer_to_them(told: Path) -> None:
    named = {
        "change": ("样本市展示局2020年政府信息公开工作年度报告", f"{SITE}/2020.html"),
        "changed": ("内容被修改：标题", "申请办理／一、本年新收政府信息公开申请数量／自然人"),
        "coverage": ("样本市展示局", "样本市展示局2021年政府信息公开工作年度报告"),
        "indicator": ("空白格数", "样本市展示局2020年政府信息公开工作年度报告"),
        "source": (f"{SITE}/new/2021.html", "样本市门户"),
    }
    for name, labels in named.items():
        links = " ".join(words(link) for link in page(told, f"/gongkai/{name}").select("td a"))
        for label in labels:
            assert label in links, (name, label)


def test_changes_are_shown_newest_first_in_their_table_too(told: Path) -> None:
    rows = page(told, "/gongkai/change").select("td.col-first_seen")
    assert [words(row) for row in rows] == sorted((words(row) for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("before", "after", "differ"),
    [
        ("收到申请140件。", "收到申请14件。", ("140", "14")),
        ("同样", "同样", ("", "")),
        ("甲乙", "甲新乙", ("", "新")),
        ("11", "111", ("11", "111")),
        ("abc", "x", ("abc", "x")),
    ],
)
def test_texts_are_cut_where_they_differ_and_never_inside_a_number(
    before: str, after: str, differ: tuple[str, str]
) -> None:
    cuts = cut(before, after)
    assert tuple(each.differs for each in cuts) == differ
    assert ["".join(each) for each in cuts] == [before, after]
    assert cut("a", "b") == (Cut("", "a", ""), Cut("", "b", ""))


def test_per_cents_are_rounded_as_people_do() -> None:
    assert [percent(value) for value in (0, 1, 1 / 16, 2 / 3, 1e-7, 0.9996)] == [
        "0.0%", "100.0%", "6.3%", "66.7%", "0.0%", "100.0%",
    ]  # fmt: skip
