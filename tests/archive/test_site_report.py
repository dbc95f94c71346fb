"""The page of a report: its tables as printed, in one language a page, each cell with its link; its data."""

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag

from archive.publish import DATABASE, publish
from archive.site.places import in_words, path
from pipelines.load import Loader
from pipelines.reading import Cell, Place
from tests import sample_archive, sample_history
from tests.browsing import get, page, words

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CHINESE = re.compile(r"[一-鿿]")


def address(folder: Path, year: int, language: str = "zh") -> str:
    return f"/{language}/report/{sample_archive.report_id(folder / DATABASE, year)}"


def data(folder: Path, year: int, query: str = "") -> dict[str, Any]:
    (answer,) = get(folder, f"{address(folder, year)[3:]}.json{query}")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def ask(folder: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return db.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def chinese(published: Path) -> BeautifulSoup:
    return page(published, address(published, 2022))


@pytest.fixture(scope="module")
def english(published: Path) -> BeautifulSoup:
    return page(published, address(published, 2022, "en"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a publication in which the report on 2022 has three revisions."""
    folder = tmp_path_factory.mktemp("told")
    return publish(sample_history.load(folder / "gongkai.db"), folder / "public", now=NOW)


def said(soup: BeautifulSoup) -> str:
    """Return what our own words on a page say: its texts, titles and labels but for quoted Chinese."""
    main = BeautifulSoup(str(soup.select_one("main")), "lxml")
    attributes = [str(tag[name]) for name in ("title", "aria-label") for tag in main.select(f"[{name}]")]
    for quoted in main.select("[lang='zh-Hans']"):
        attributes += [words(gloss) for gloss in quoted.select("[lang='en']")]
        quoted.decompose()
    return " ".join([words(main), *attributes])


def test_an_english_page_speaks_english_and_marks_what_is_chinese(english: BeautifulSoup, told: Path) -> None:
    for soup in (english, page(told, address(told, 2022, "en"))):
        rest = CHINESE.findall(said(soup))
        assert rest == []
    assert (
        words(english.select_one(".subtitle"))
        == "Annual report on government information disclosure for 2022"
    )


def test_a_chinese_page_speaks_chinese(chinese: BeautifulSoup) -> None:
    assert chinese.select("main [lang='en']") == []
    for text in ("as printed", "expected", "Refused", "items", "None"):
        assert text not in said(chinese)


def test_every_printed_label_has_its_english_beside_it(english: BeautifulSoup) -> None:
    labels = english.select("table.form th, table.form .corner")
    assert len(labels) > 70
    for label in labels:
        if words(label):
            assert label.select_one(".gloss[lang='en']"), words(label)
    rows = [words(label) for label in english.select("table.requests th[scope='row']")]
    assert "4.保护第三方合法权益 4. Protects the lawful rights and interests of a third party" in rows
    assert words(english.select_one("#table-review")).endswith(
        "Administrative reviews and suits over disclosure"
    )
    assert "Unit: items, unless noted" in words(english.select_one("table.disclosure caption"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_cell_leads_to_its_place_in_the_stored_original(published: Path, language: str) -> None:
    soup = page(published, address(published, 2022, language))
    ((revision, capture),) = ask(
        published,
        "SELECT r.revision, v.capture FROM report r JOIN revision v ON v.id = r.revision WHERE year = 2022",
    )
    cells = soup.select("table.form td[id^='item-']")
    assert len(cells) == 200
    for cell in cells:
        item = str(cell["id"]).removeprefix("item-")
        (link,) = cell.select("a[title]")
        assert link["href"] == f"/{language}/capture/{capture}?cell={revision},{item}"


def test_a_cells_title_names_it_and_its_place_in_the_readers_language(
    chinese: BeautifulSoup, english: BeautifulSoup
) -> None:
    titles = [str(soup.select("td[id^='item-'] > a[title]")[0]["title"]) for soup in (chinese, english)]
    assert titles == [
        "主动公开／规章／本年制发件数；表格 2，第 1 行，第 3 列，原文第 11 行",
        "Proactive disclosure / Rules / Issued in the year; table 2, row 1, column 3, line 11 of the source",
    ]


def test_a_report_shows_values_as_printed(chinese: BeautifulSoup, english: BeautifulSoup) -> None:
    for soup, unit, blank in ((chinese, "万元", "空白"), (english, "× 10,000 yuan", "blank")):
        texts = {words(link) for link in soup.select("table.form td > a")}
        assert {f"48.7917 {unit}", "1204"} <= texts
        assert [words(cell) for cell in soup.select("td.placeholder a")] == ["/"]
        assert [words(cell) for cell in soup.select("td.unreadable a")] == ["约三件"]
        assert [words(cell) for cell in soup.select("td.blank a")] == [blank]


def test_a_cell_that_the_report_lacks_is_shown_as_lacking(tmp_path: Path) -> None:
    read = sample_archive.reading(sample_archive.REPORTS[0])
    cells = tuple(cell for cell in read.cells if cell.key != ("review", "review", "upheld"))
    with Loader(tmp_path / "gongkai.db", sample_archive.EXTRACTOR) as loader:
        loader.load_reading(sample_archive.capture(sample_archive.REPORTS[0]), replace(read, cells=cells))
    folder = publish(tmp_path / "gongkai.db", tmp_path / "public", now=NOW)
    (cell,) = page(folder, address(folder, 2022, "en")).select("td.absent")
    assert words(cell) == "none" and not cell.select("a")
    assert cell["title"] == "Reviews and suits / Administrative review / Upheld; the report has no such cell"
    absent = [cell for table in data(folder, 2022)["tables"] for cell in table["cells"] if not cell["state"]]
    assert [(cell["row"], cell["column"], cell["text"]) for cell in absent] == [("review", "upheld", None)]


def test_the_head_tells_what_a_report_comes_to(chinese: BeautifulSoup, english: BeautifulSoup) -> None:
    figures = [words(each) for each in chinese.select(".key-figures > div")]
    assert figures == [
        "本年新收申请 18",
        "公开或部分公开 12 占 14 件结果的 85.7%",
        "不予公开 0 占 14 件结果的 0.0%",
        "无法提供 0 占 14 件结果的 0.0%",
        "行政复议 2",
        "行政诉讼 0",
    ]
    assert "Granted, in full or in part 12 85.7% of 14 outcomes" in words(english.select_one(".key-figures"))
    (received,) = chinese.select(".key-figures > div:first-child a")
    target = chinese.find(id=str(received["href"])[1:])
    assert isinstance(target, Tag) and target.name == "td" and words(target.select_one("a")) == "18"


def test_the_head_tells_dates_and_lateness_in_one_language(
    chinese: BeautifulSoup, english: BeautifulSoup
) -> None:
    for soup, texts in (
        (chinese, ("2023-02-14 逾期 14 天", "法定期限 2023-01-31", "3 项不符", "1 处未能读出", "未见修改")),
        (english, ("2023-02-14 14 days late", "Due by law 2023-01-31", "3 findings", "1 problem in reading")),
    ):
        about = words(soup.select_one("dl.about"))
        for text in texts:
            assert text in about
        assert soup.select_one("dl.about a[href='http://specimen.localhost/2022.html']")


def test_a_report_leads_to_its_agency_division_and_other_years(
    published: Path, chinese: BeautifulSoup
) -> None:
    ((agency, division),) = ask(
        published, "SELECT a.id, a.division FROM report r JOIN agency a ON a.id = r.agency WHERE year = 2022"
    )
    links = [str(link["href"]) for link in chinese.select(".crumbs a")]
    assert links[-2:] == [f"/zh/division/{quote(division, safe='')}", f"/zh/agency/{agency}"]
    (before,) = chinese.select(".years-of-agency a")
    assert (words(before), before["rel"]) == ("2020", ["prev"])
    (after,) = page(published, str(before["href"])).select(".years-of-agency a")
    assert (words(after), after["rel"]) == ("2022", ["next"])
    assert words(chinese.select_one(".years-of-agency [aria-current='page']")) == "2022"


def test_the_contents_lead_to_every_part_and_places_exist(
    chinese: BeautifulSoup, english: BeautifulSoup
) -> None:
    for soup in (chinese, english):
        for link in soup.select("a[href^='#']"):
            assert soup.find(id=str(link["href"])[1:]), link
        listed = [str(link["href"])[1:] for link in soup.select(".contents > ol > li > a")]
        headed = [str(heading["id"]) for heading in soup.select(".parts-of-report h2")]
        assert listed == headed
        assert {"tables", "findings", "problems", "indicators", "changes", "text", "sources", "cite"} == set(
            headed
        )
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len(set(ids))


def test_findings_are_explained_and_their_cells_marked(
    chinese: BeautifulSoup, english: BeautifulSoup
) -> None:
    findings = [words(item) for item in chinese.select(".findings li")]
    assert len(findings) == 3
    assert "K2" in findings[0] and "（七）总计" in findings[0]
    assert "应为 12" in findings[0] and "实为 14" in findings[0]
    assert "按原文" in findings[0] and "空白按 0 计" in findings[0]
    assert "按原文" not in findings[2] and "空白按 0 计" in findings[2]
    assert {words(sup) for sup in chinese.select("table.form sup")} == {"1", "2", "3"}
    # The whole column of K1, of which one cell is concerned as printed too; and the one of K3.
    assert len(chinese.select("td.concerned")) == 26
    assert len(chinese.select("td.concerned.assumed")) == 24
    first, *_, last = [words(item) for item in english.select(".findings li")]
    assert "Requests / (7) Total / Natural persons" in first and "expected 12 found 14" in first
    assert "III. Requests received and handled · Natural persons" in last
    assert english.select_one("sup a[aria-label='See finding 1']")


def test_a_finding_between_years_shows_its_arithmetic_and_leads_to_the_other_report(tmp_path: Path) -> None:
    in_force, made = ("disclosure", "rules", "in_force"), ("disclosure", "rules", "made")
    printed = {2021: {in_force: "10"}, 2022: {in_force: "12", made: "3"}}
    samples = (
        sample_archive.Sample("样本市展示局", year, "年度报告", f"http://localhost/{year}", values=values)
        for year, values in printed.items()
    )
    path = sample_archive.load(tmp_path / "gongkai.db", tuple(samples))
    folder = publish(path, tmp_path / "public", now=NOW)
    (finding,) = page(folder, address(folder, 2022)).select(".findings li")
    assert "应为 13" in words(finding) and "实为 12" in words(finding)
    assert "2021: 10; 2022: 10 + 3 − 0 = 13 ≠ 12" in words(finding)
    (other,) = finding.select(".arithmetic a")
    assert words(other) == "样本市展示局 2021"
    assert get(folder, str(other["href"]))[0].status_code == 200


def test_a_report_names_its_original_and_how_to_cite_it(published: Path, chinese: BeautifulSoup) -> None:
    source = words(chinese.select_one(".source"))
    for text in ("specimen-1-00000.warc.gz", "1234", "567", "SHA-256", "2026-01-02 03:04:05 UTC"):
        assert text in source
    assert chinese.select_one(".source a[href='http://specimen.localhost/2022.html']")
    ((digest,),) = ask(
        published, "SELECT digest FROM revision v JOIN report r ON r.revision = v.id WHERE year = 2022"
    )
    cited = words(chinese.select_one(".cite"))
    for text in (
        published.name,
        f"http://localhost{address(published, 2022)[3:]}",
        digest,
        "2026-01-02 存档",
    ):
        assert text in cited


def test_problems_and_sections_are_there(chinese: BeautifulSoup, english: BeautifulSoup) -> None:
    assert words(chinese.select_one(".problems li")).startswith(
        "表式中没有的行：“（八）样本”不是表中的行 表格 2"
    )
    assert words(english.select_one(".problems li")).startswith("Row that the form does not know: “（八）")
    assert len(chinese.select(".text h3")) == 6
    assert "办理体育类咨询" in words(chinese.select_one(".text"))


def test_table_three_of_each_form_is_printed(published: Path) -> None:
    old = page(published, address(published, 2020))
    assert len(old.select("table.requests tbody tr")) == 3 + 23
    assert len(old.select("table.form td > a")) == 198


def test_cells_of_another_form_are_listed_with_their_values(tmp_path: Path) -> None:
    sample = sample_archive.REPORTS[0]
    read = sample_archive.reading(sample)
    more = (("natural_person", 3.0, "number", "3"), ("total", None, "blank", ""))
    cells = tuple(Cell("requests", "other_handling", column, *rest, Place()) for column, *rest in more)
    with Loader(tmp_path / "gongkai.db", sample_archive.EXTRACTOR) as loader:
        loader.load_reading(sample_archive.capture(sample), replace(read, cells=(*read.cells, *cells)))
    folder = publish(tmp_path / "gongkai.db", tmp_path / "public", now=NOW)
    for language, wanted in (
        ("zh", ["申请办理／（六）其他处理／自然人： 3 件", "申请办理／（六）其他处理／总计： 空白"]),
        ("en", ["Requests / (6) Other handling / Natural persons: 3 items",
                "Requests / (6) Other handling / Total: blank"]),
    ):  # fmt: skip
        soup = page(folder, address(folder, 2022, language))
        assert [words(item) for item in soup.select(".stray li")] == wanted
    assert [(cell["row"], cell["state"]) for cell in data(folder, 2022)["stray"]] == [
        ("other_handling", "number"), ("other_handling", "blank"),
    ]  # fmt: skip


def test_a_report_without_tables_says_so(published: Path) -> None:
    for language, text in (("zh", "无统计表"), ("en", "no tables")):
        prose = page(published, address(published, 2021, language))
        assert not prose.select("table.form, #tables, .key-figures")
        assert text in words(prose.select_one("dl.about"))


def test_the_data_of_a_report_has_its_cells_findings_and_versions(published: Path) -> None:
    told = data(published, 2022)
    assert list(told) == [
        "report", "revision", "figures", "tables", "stray", "findings", "problems", "corrections", "withheld",
        "indicators", "coverage", "changes", "changes_counted", "revisions", "sources", "sections", "years",
    ]  # fmt: skip
    assert (told["report"]["year"], told["report"]["agency_name"]) == (2022, "样本市展示局")
    assert told["revision"]["current"] and told["revision"]["id"] == told["report"]["revision"]
    assert [(table["table"], table["form"], len(table["cells"])) for table in told["tables"]] == [
        ("disclosure", "form_2021", 10), ("requests", "form_2021", 175), ("review", "form_2021", 15),
    ]  # fmt: skip
    cells = {
        (cell["table"], cell["row"], cell["column"]): cell
        for table in told["tables"]
        for cell in table["cells"]
    }
    assert cells["disclosure", "fees", "amount_wan"] == {
        "item": 205, "table": "disclosure", "row": "fees", "column": "amount_wan",
        "label": "主动公开／行政事业性收费／本年收费金额",
        "label_en": "Proactive disclosure / Administrative charges / Amount charged in the year",
        "unit": "万元", "value": 48.7917, "state": "number", "text": "48.7917",
        "place": cells["disclosure", "fees", "amount_wan"]["place"],
    }  # fmt: skip
    states = [cells["requests", *key] for key in (("carried_in", "natural_person"), ("other_misc", "total"))]
    assert [(cell["value"], cell["state"], cell["text"]) for cell in states] == [
        (None, "blank", ""), (None, "placeholder", "/"),
    ]  # fmt: skip
    first = told["findings"][0]
    assert (first["number"], first["check"], first["passes"]) == (
        1,
        "results_sum",
        ["as_printed", "assumed_zero"],
    )
    assert (
        first["items"] == [first["pinned"]] == [cells["requests", "result_total", "natural_person"]["item"]]
    )
    assert told["figures"][1]["share"] == pytest.approx(12 / 14)
    assert {row["kind"] for row in told["indicators"]} >= {"rate", "share", "level"}
    assert [section["number"] for section in told["sections"]] == [1, 2, 3, 4, 5, 6]
    assert [row["year"] for row in told["years"]] == [2020, 2022]


def test_every_version_of_a_report_can_be_opened(told: Path) -> None:
    current = page(told, address(told, 2022))
    opened = [str(link["href"]) for link in current.select(".timeline a[href*='?revision=']")]
    assert len(opened) == 2 and len(current.select(".timeline li.shown")) == 1
    assert not current.select(".notice")
    before = next(
        page(told, href) for href in opened if "02-15" in words(page(told, href).select_one(".notice"))
    )
    notice = before.select_one(".notice")
    assert words(notice) == "这不是现行版本，而是 2023-02-15 见到的版本。 看现行版本"
    assert notice is not None and str(notice.select("a")[0]["href"]) == address(told, 2022)
    received = before.select_one("#table-requests ~ .scroll td[id^='item-'] a")
    assert (words(received), words(current.select_one("#table-requests ~ .scroll td[id^='item-'] a"))) == (
        "41",
        "14",
    )
    assert "本年收到申请41件" in words(before.select_one(".text"))
    # What is computed is computed from the current version.
    assert not before.select(".key-figures, #indicators")
    english = page(told, opened[0].replace("/zh/", "/en/"))
    assert "This is not the current version" in words(english.select_one(".notice"))


def test_an_older_version_has_its_own_links_and_data(told: Path) -> None:
    old = next(row for row in data(told, 2022)["revisions"] if row["first_seen"].startswith("2023-02-15"))
    soup = page(told, f"{address(told, 2022)}?revision={old['id']}")
    for link in soup.select("td[id^='item-'] > a[title]"):
        assert str(link["href"]).startswith(f"/zh/capture/{old['capture']}?cell={old['id']},")
    assert f"?revision={old['id']}" in words(soup.select_one(".cite"))
    shown = data(told, 2022, f"?revision={old['id']}")
    assert (shown["revision"]["id"], shown["revision"]["current"]) == (old["id"], False)
    assert shown["indicators"] == shown["figures"] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "wanted", ["1", "0", "-1", "x", "9" * 40, "１", "²", "1;", "%00", "<b>", "' OR 1=1 --"]
)
def test_an_unknown_version_is_not_found(told: Path, language: str, wanted: str) -> None:
    (answer,) = get(told, f"{address(told, 2022, language)}?revision={quote(wanted)}")
    assert answer.status_code == 404
    soup = BeautifulSoup(answer.text, "lxml")
    assert words(soup.h1) == {"zh": "没有这个版本", "en": "No such version"}[language]
    assert not soup.select("main b")
    assert [link["href"] for link in soup.select("main a")] == [address(told, 2022, language)]


def test_a_version_of_another_report_is_not_found(told: Path) -> None:
    other = data(told, 2021)["report"]["revision"]
    page_, as_data = get(told, *(f"{address(told, 2022)[start:]}?revision={other}" for start in (0, 3)))
    (answer,) = get(told, f"{address(told, 2022)[3:]}.json?revision={other}")
    assert (page_.status_code, as_data.status_code, answer.status_code) == (404, 404, 404)
    assert answer.json()["revision"] == str(other)


@pytest.mark.parametrize(
    "name", ["x", quote("公开", safe=""), quote("' OR 1=1 --", safe=""), "%00", "%FF", "x" * 3000]
)
def test_an_unknown_report_is_not_found(published: Path, name: str) -> None:
    for path_, text in ((f"/report/{name}", "没有这份报告"), (f"/en/report/{name}", "No such report")):
        (answer,) = get(published, path_)
        assert answer.status_code == 404
        assert text in answer.text
    assert get(published, f"/report/{name}.json")[0].status_code == 404


def test_what_comes_from_the_database_is_escaped_in_every_form(published: Path, told: Path) -> None:
    for folder, year in ((published, 2021), (told, 2022)):
        for answer in get(folder, address(folder, year), address(folder, year, "en")):
            assert sample_archive.HOSTILE not in answer.text
            assert sample_archive.HOSTILE in unescape(answer.text)
            assert "<script" not in answer.text and "style=" not in answer.text
            assert not re.search(r"""href=["']?\s*javascript:""", answer.text)


def test_a_cell_without_a_stored_original_leads_to_its_row(published: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(published, tmp_path / published.name))
    with closing(sqlite3.connect(folder / DATABASE)) as db, db:
        db.execute("UPDATE revision SET capture = NULL")
    soup = page(folder, address(folder, 2022))
    links = [str(link["href"]) for link in soup.select("td[id^='item-'] > a[title]")]
    assert len(links) == 200 and all(link.startswith("/gongkai/cell/") for link in links)
    assert get(folder, links[0])[0].status_code == 200
    assert not soup.select("a[href*='/capture/']")


def test_a_publication_without_english_labels_is_still_shown(published: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(published, tmp_path / published.name))
    with closing(sqlite3.connect(folder / DATABASE)) as db, db:
        db.execute("DROP TABLE form_label")
        db.execute("ALTER TABLE form_item DROP COLUMN label_en")
        db.execute("DROP TABLE withheld")
    soup = page(folder, address(folder, 2022, "en"))
    assert len(soup.select("td[id^='item-'] > a")) == 200
    assert not soup.select("table.form .gloss")
    assert str(soup.select("td[id^='item-'] > a")[0]["title"]).startswith("主动公开／规章／本年制发件数")


def test_a_row_of_cell_is_told_in_words_and_leads_to_report_and_original(published: Path, told: Path) -> None:
    ((revision, item, capture),) = ask(
        published,
        "SELECT c.revision, c.item, v.capture FROM cell c JOIN revision v ON v.id = c.revision LIMIT 1",
    )
    cell = page(published, f"/gongkai/cell/{revision},{item}")
    assert "主动公开／规章" in words(cell.select_one(".in-words"))
    said_there = words(cell.select_one(".in-words"))
    assert re.search(
        r"： 0 件 · 位置 表格 \d+，第 \d+ 行.* place: table \d+, row \d+.* · /html/body/.*/td\[\d+\]",
        said_there,
    )
    assert cell.select_one(f"a[href^='/report/'][href$='#item-{item}']")
    assert cell.select_one(f"a[href='/capture/{capture}?cell={revision},{item}']")
    old = next(row for row in data(told, 2022)["revisions"] if row["first_seen"].startswith("2023-02-15"))
    earlier = page(told, f"/gongkai/cell/{old['id']},23")
    (link,) = earlier.select("a[href^='/report/']")
    assert f"?revision={old['id']}#item-23" in str(link["href"])


def test_a_place_is_said_in_one_language() -> None:
    place = "p3t2r4c3l38b72.1,120.5,90,134.1/tr[5]"
    assert (
        in_words(place, "zh")
        == "第 3 页，表格 2，第 4 行，第 3 列，原文第 38 行，方框 72.1,120.5,90,134.1 磅"
    )
    assert in_words(place, "en") == (
        "page 3, table 2, row 4, column 3, line 38 of the source, box 72.1,120.5,90,134.1 pt"
    )
    assert (path(place), path(place, "/html/body"), path("t1r1c1"), path(None)) == (
        "…/tr[5]", "/html/body/tr[5]", "", "",
    )  # fmt: skip
    assert (path("t1r1c1.", "'表三'"), path("/html/body/p[1]")) == ("'表三'", "/html/body/p[1]")
