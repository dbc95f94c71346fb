"""The pages of agencies: their series over the years, with gaps as gaps and breaks as breaks."""

import base64
import csv
import hashlib
import json
import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from lxml import etree

from archive.publish import DATABASE
from archive.site.series.plan import CHARTS, PLANS
from archive.site.series.spreadsheet import COLUMNS, MARK
from archive.site.words import LANGUAGES
from archive.withholding import SIGN
from tests.browsing import get, page, words
from tests.sample_archive import HOSTILE
from tests.sample_series import MERGED, NEW, OLD, SPLIT, STRANGE, ZERO, agency

SVG = {"s": "http://www.w3.org/2000/svg"}


def identity(folder: Path, name: str = NEW) -> str:
    return agency(folder / DATABASE, name)


def told(folder: Path, name: str = NEW) -> dict[str, Any]:
    (answer,) = get(folder, f"/agency/{identity(folder, name)}.json")
    return dict(json.loads(answer.text))


@pytest.fixture(scope="module")
def data(over_years: Path) -> dict[str, Any]:
    return told(over_years)


@pytest.fixture(scope="module")
def charts(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {chart["code"]: chart for chart in data["charts"]}


@pytest.fixture(scope="module")
def soup(over_years: Path) -> BeautifulSoup:
    return page(over_years, f"/en/agency/{identity(over_years)}")


def points(chart: dict[str, Any], code: str) -> dict[int, dict[str, Any]]:
    series = next(each for each in [*chart["series"], chart["total"]] if each["code"] == code)
    return {point["year"]: point for point in series["points"]}


def bases(chart: dict[str, Any], code: str) -> dict[int, str]:
    return {year: point["basis"] for year, point in points(chart, code).items()}


def test_the_axis_has_every_year_from_the_first_report_to_the_last(charts: dict[str, Any]) -> None:
    assert tuple(charts) == CHARTS
    for chart in charts.values():
        assert [year["year"] for year in chart["years"]] == list(range(2015, 2026))
        assert [year["report"] is None for year in chart["years"]] == [n == 2017 for n in range(2015, 2026)]


def test_a_year_without_a_number_says_why_and_is_no_zero(charts: dict[str, Any]) -> None:
    assert bases(charts["requests"], "carried_in") == {
        2015: "not_in_form",
        2016: "no_tables",
        2017: "no_report",
        2018: "not_in_form",
        2019: "as_printed",
        2020: "as_printed",
        2021: "as_printed",
        2022: "as_printed",
        2023: "withheld",
        2024: "unreadable",
        2025: "as_printed",
    }
    empty = [point for point in points(charts["requests"], "carried_in").values() if point["value"] is None]
    assert len(empty) == 6


def test_every_point_is_a_row_of_the_database(over_years: Path, charts: dict[str, Any]) -> None:
    compared = 0
    with closing(sqlite3.connect(over_years / DATABASE)) as db:
        for chart in charts.values():
            for series in [*chart["series"], *([chart["total"]] if chart["total"] else [])]:
                for year, point in zip(chart["years"], series["points"], strict=True):
                    assert year["year"] == point["year"]
                    compared += bool(_same_as_row(db, year["report"], series["code"], point))
    assert compared > 200


def _same_as_row(db: sqlite3.Connection, report: str | None, code: str, point: dict[str, Any]) -> bool:
    row, _, column = code.partition(".")
    if column:
        sql = """SELECT cell.value, cell_state.name, cell.item FROM report
        JOIN cell ON cell.revision = report.revision JOIN form_item ON form_item.id = cell.item
        JOIN cell_state ON cell_state.id = cell.state
        WHERE report.id = ? AND "table" = 'requests' AND row = ? AND "column" = ?"""
        found = db.execute(sql, (report, row, column)).fetchone()
        if found:
            state = point["basis"].replace("as_printed", "number")
            assert (point["value"], state, point["item"]) == found
    else:
        sql = "SELECT value, basis, n, enough FROM indicator WHERE report = ? AND indicator = ?"
        found = db.execute(sql, (report, code)).fetchone()
        if found:
            assert (point["value"], point["basis"], point["n"], point["enough"]) == found
    if not found:
        assert point["value"] is None
    return found is not None


def test_a_blank_that_nobody_printed_is_a_gap_and_not_a_zero(charts: dict[str, Any]) -> None:
    blank = points(charts["requests"], "received_new")[2020]
    assert (blank["value"], blank["basis"]) == (0, "assumed_zero")
    received = next(each for each in charts["requests"]["series"] if each["code"] == "received_new")
    years = [year["year"] for year in charts["requests"]["years"]]
    assert received["joined"][years.index(2020)] == received["joined"][years.index(2021)] == ""
    assert charts["applicants"]["stacks"][years.index(2020)] is None
    assert charts["outcomes"]["stacks"][years.index(2020)] is None


def test_forms_join_exactly_roughly_or_not_at_all(charts: dict[str, Any]) -> None:
    received = next(each for each in charts["requests"]["series"] if each["code"] == "received_new")
    joined = dict(zip(range(2015, 2026), received["joined"], strict=True))
    assert joined == {
        2015: "",
        2016: "",
        2017: "",
        2018: "",
        2019: "approximate",
        2020: "",
        2021: "",
        2022: "exact",
        2023: "",
        2024: "",
        2025: "exact",
    }
    notes = {(note["year"], note["kind"], note["comparability"]) for note in charts["requests"]["notes"]}
    assert notes == {(2019, "form", "approximate"), (2019, "form", "none"), (2021, "renamed", "exact")}
    none = next(note for note in charts["requests"]["notes"] if note["comparability"] == "none")
    assert none["series"] == ["carried_in"]
    assert none["zh"] == "2014至2018年的统计表没有可以对应的项目。"


def test_a_renamed_agency_goes_on_and_the_old_name_ends(over_years: Path, data: dict[str, Any]) -> None:
    old, new = identity(over_years, OLD), identity(over_years, NEW)
    assert [year["agency"] for year in data["charts"][0]["years"]] == [old] * 6 + [new] * 5
    assert [row["name"] for row in data["agency"]["before"]] == [OLD]
    before = told(over_years, OLD)
    assert [row["name"] for row in before["agency"]["after"]] == [NEW]
    assert {year["agency"] for year in before["charts"][0]["years"]} == {old}
    assert max(year["year"] for year in before["charts"][0]["years"]) == 2020


def test_after_a_merger_another_series_begins(over_years: Path) -> None:
    merged = told(over_years, MERGED)
    assert [(row["name"], row["kind"]) for row in merged["agency"]["before"]] == [(SPLIT, "merged")]
    assert min(year["year"] for year in merged["charts"][0]["years"]) == 2019
    soup = page(over_years, f"/zh/agency/{identity(over_years, MERGED)}")
    assert "数列不接续" in words(soup.select_one(".about"))


def test_half_a_bar_is_not_drawn(charts: dict[str, Any]) -> None:
    def stacks(code: str) -> dict[int, list[float] | None]:
        years = [year["year"] for year in charts[code]["years"]]
        return dict(zip(years, charts[code]["stacks"], strict=True))

    outcomes, reviews, applicants = stacks("outcomes"), stacks("reviews"), stacks("applicants")
    # The annex knows two of the six parts, and no total.
    assert outcomes[2018] is None
    assert outcomes[2019] == [31, 5, 6, 12, 3, 3]
    # It knows all reviews but those pending: they stand for the whole where they make up the total.
    assert reviews[2018] == [2, 1, 0, 0] and reviews[2015] is None
    assert applicants[2022] == [70, 0, 0, 0, 5, 0]
    assert applicants[2024] == [20, 0, 0, 0, 0, 0]
    assert applicants[2023] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_agency_is(over_years: Path, language: str) -> None:
    soup = page(over_years, f"/{language}/agency/{identity(over_years)}")
    about = words(soup.select_one(".about"))
    said = {"zh": ("部门", "更名", "2021 年度起", "载有其报告"), "en": ("Department", "renamed", "from 2021")}
    for text in (*said[language], OLD, "样本市门户"):
        assert text in about
    rows = [words(row) for row in soup.select("table.reports tbody tr")]
    assert len(rows) == 5
    assert SIGN in rows[2] and rows[2].startswith("2023")
    assert words(soup.h1) == NEW


def test_an_english_page_says_where_it_is_chinese(soup: BeautifulSoup) -> None:
    assert soup.main is not None
    for text in soup.main.find_all(string=re.compile("[\u4e00-\u9fff]")):
        tagged = text.find_parent(lang=True)
        assert tagged is not None and tagged["lang"] == "zh-Hans", text


def test_the_page_of_the_old_name_tells_of_the_year_without_a_report(over_years: Path) -> None:
    soup = page(over_years, f"/en/agency/{identity(over_years, OLD)}")
    (gap,) = soup.select("table.reports tr.gaps")
    assert words(gap).startswith("2017") and "not searched" in words(gap) and "due 2018-03-31" in words(gap)


def cells(figure: Tag) -> dict[tuple[str, str], str]:
    """Return what each field of a figure's table says, by year and heading."""
    headings = [words(each) for each in figure.select("thead th")][1:]
    found = {}
    for row in figure.select("tbody tr"):
        year = words(row.th).split()[0]
        for heading, cell in zip(headings, row.select("td"), strict=False):
            found[year, heading] = words(cell)
    return found


def test_every_number_in_a_chart_is_in_its_table(soup: BeautifulSoup) -> None:
    compared = 0
    for figure in soup.select(".figure"):
        table = cells(figure)
        for hint in figure.select("svg.wide .mark title, svg.wide .part title, svg.wide .printed title"):
            year, _, rest = words(hint).partition(" · ")
            name, _, value = rest.rpartition(" ")
            assert table[year, name].split()[0] == value, (year, name)
            compared += 1
        for total in figure.select("svg .total"):
            last = list(dict.fromkeys(heading for _, heading in table))[-2]
            assert words(total).rstrip("*") in {table[key] for key in table if key[1] == last}
            compared += 1
    assert compared > 60


def test_every_year_and_number_leads_to_its_report(over_years: Path, soup: BeautifulSoup) -> None:
    for figure in soup.select(".figure"):
        for row in figure.select("tbody tr"):
            links = {str(link["href"]).partition("#")[0] for link in row.select("a")}
            year = words(row.th).split()[0]
            assert len(links) == (year != "2017")
            assert all(link.endswith(f"-{year}") for link in links)
            assert len(row.select("td:not(.of):not([colspan])")) == len(row.select("td > a"))
    paths = {str(link["href"]) for link in soup.select(".figure a[href*='/report/']")}
    assert any("#item-" in path for path in paths) and any("#indicators" in path for path in paths)
    assert {answer.status_code for answer in get(over_years, *sorted(paths)[:3])} == {200}


def test_what_is_missing_stands_in_the_table_in_words(soup: BeautifulSoup) -> None:
    figures = {str(each["id"]): each for each in soup.select(".figure h3")}
    table = cells(figures["chart-requests"].parent)  # type: ignore[arg-type]
    carried = "Carried in from the year before"
    assert table["2017", "Received in the year"] == "not searched since it was due"
    assert table["2020", "Received in the year"] == "(0)"
    assert table["2018", carried] == "not asked"
    assert table["2016", carried] == "no tables"
    assert table["2024", carried] == "not legible"
    assert table["2023", carried] == "■■■ (withheld)"
    rates = cells(figures["chart-rates"].parent)  # type: ignore[arg-type]
    assert rates["2025", "Refusal rate"] == "25.0% n = 12 · few cases"
    assert rates["2019", "Refusal rate"] == "10.0% n = 60"
    outcomes = cells(figures["chart-outcomes"].parent)  # type: ignore[arg-type]
    assert outcomes["2022", "Refused, all grounds"] == "(0)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_breaks_are_told_below_the_chart_in_the_readers_language(over_years: Path, language: str) -> None:
    soup = page(over_years, f"/{language}/agency/{identity(over_years)}")
    notes = [words(each) for each in soup.select("#chart-requests ~ .told li")]
    assert [note[0] for note in notes[:3]] == ["1", "2", "3"]
    said = {
        "zh": ("上年结转申请数前后不可比", "只大致可比", "机关更名", "斜线底"),
        "en": ("not comparable (Carried in from", "roughly comparable (Received", "Another name", "Hatched"),
    }
    for note, text in zip(notes, said[language], strict=False):
        assert text in note
    labels = [words(each) for each in soup.select("#chart-requests ~ svg.wide .riftname")]
    assert labels == [
        {"zh": "1 不可比 · 2 大致可比", "en": "1 not comparable · 2 roughly comparable"}[language],
        {"zh": "3 更名", "en": "3 renamed"}[language],
    ]
    assert [words(each) for each in soup.select("#chart-requests ~ svg.narrow .riftname")] == ["1–2", "3"]


def test_charts_are_xml_without_scripts_or_styles_and_are_named(over_years: Path) -> None:
    (answer,) = get(over_years, f"/zh/agency/{identity(over_years)}")
    pictures = re.findall(r"<svg class=\"chart.*?</svg>", answer.text, re.DOTALL)
    assert len(pictures) == 2 * len(CHARTS)
    for picture in pictures:
        root = etree.fromstring(picture)
        assert root.get("role") == "img"
        assert not root.xpath(
            "//script | //style | //@style | //@*[starts-with(name(), 'on')] | //image | //a"
        )
        assert all(str(fill).startswith(("currentColor", "url(#")) for fill in root.xpath("//@fill"))
        named = str(root.get("aria-labelledby")).split()
        assert [root.xpath(f"string(//*[@id='{each}'])") != "" for each in named] == [True, True]
    soup = BeautifulSoup(answer.text, "lxml")
    ids = [str(each["id"]) for each in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    for each in soup.select("svg [fill^='url(#']"):
        assert str(each["fill"])[5:-1] in ids
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_can_be_taken_as_a_picture_of_its_own(over_years: Path, language: str, chart: str) -> None:
    address = f"/agency/{identity(over_years)}/{chart}.svg"
    (answer,) = get(over_years, f"/{language}{address}")
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert over_years.name in answer.headers["content-disposition"]
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{SVG['s']}}}svg" and root.get("width") and root.get("viewBox")
    (style,) = root.xpath("//s:style/text()", namespaces=SVG)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and policy.endswith(f"style-src 'sha256-{digest}'")
    assert "var(" not in style and "@" not in style and "url(" not in style
    assert not root.xpath("//s:script | //@style | //@*[contains(., 'http')]", namespaces=SVG)
    said = " ".join(root.xpath("//s:text//text()", namespaces=SVG))
    for text in (NEW, over_years.name, f"/{language}/agency/{identity(over_years)}", "ODC-By 1.0"):
        assert text in said.replace(" ", "") or text in said
    assert answer.content == get(over_years, f"/{language}{address}")[0].content


def test_a_picture_speaks_the_language_that_it_is_asked_in(over_years: Path) -> None:
    address = f"/agency/{identity(over_years)}/reviews.svg"
    chinese, english, led = get(over_years, f"/zh{address}", f"/en{address}", address)
    assert "行政复议" in chinese.text and "Administrative reviews" not in chinese.text
    assert "Administrative reviews" in english.text and "行政复议" not in english.text
    assert led.text == chinese.text


@pytest.mark.parametrize("chart", CHARTS)
def test_the_spreadsheet_holds_what_the_table_shows(
    over_years: Path, charts: dict[str, Any], chart: str
) -> None:
    (answer,) = get(over_years, f"/agency/{identity(over_years)}/{chart}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(MARK.encode())
    rows = list(csv.DictReader(answer.text.removeprefix(MARK).splitlines()))
    assert tuple(rows[0]) == COLUMNS
    told = charts[chart]
    series = [*told["series"], *([told["total"]] if told["total"] else [])]
    assert len(rows) == len(series) * len(told["years"])
    by = {(int(row["year"]), row["series"]): row for row in rows}
    for each in series:
        for year, point in zip(told["years"], each["points"], strict=True):
            row = by[year["year"], each["code"]]
            value = float(row["value"]) if row["value"] else None
            assert (value, row["basis"]) == (point["value"], point["basis"])
            assert (row["report"] or None, row["agency"]) == (year["report"], year["agency"])
            assert (row["zh"], row["version"]) == (each["zh"], over_years.name)
    if chart == "applicants":
        named = by[2021, "received_new.natural_person"]
        assert (named["zh"], named["en"]) == (
            "本年新收申请，自然人",
            "Requests received from natural persons",
        )


def test_each_field_of_the_spreadsheet_is_described(soup: BeautifulSoup) -> None:
    described = [words(each) for each in soup.select(".fields dt")]
    assert tuple(described) == COLUMNS


def test_a_chart_of_zeros_is_told_and_not_drawn(over_years: Path) -> None:
    soup = page(over_years, f"/en/agency/{identity(over_years, ZERO)}")
    assert soup.select("svg.chart") == []
    assert "Zero in every year" in words(soup.select_one("#chart-requests ~ .none"))
    assert soup.select("a[href$='.svg']") == [] and len(soup.select("a[href$='.csv']")) == 5
    (missing,) = get(over_years, f"/zh/agency/{identity(over_years, ZERO)}/requests.svg")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_a_hostile_name_is_shown_and_does_nothing(over_years: Path) -> None:
    strange = identity(over_years, STRANGE)
    for answer in get(over_years, *(f"/{language}/agency/{strange}" for language in LANGUAGES)):
        assert HOSTILE not in answer.text and HOSTILE in unescape(answer.text)
        assert words(BeautifulSoup(answer.text, "lxml").h1) == STRANGE
    (answer,) = get(over_years, f"/en/agency/{strange}/requests.svg")
    root = etree.fromstring(answer.content)
    assert not root.xpath("//s:script", namespaces=SVG)
    assert STRANGE in str(root.xpath("string(s:title)", namespaces=SVG))
    (answer,) = get(over_years, f"/agency/{strange}/requests.csv")
    assert "<" not in answer.text and '"' not in answer.text


@pytest.mark.parametrize("name", ["x", quote("公开", safe=""), quote("' OR 1=1 --", safe=""), "%00", "%FF"])
def test_an_unknown_agency_is_not_there(over_years: Path, name: str) -> None:
    paths = (f"/zh/agency/{name}", f"/en/agency/{name}", f"/agency/{name}.json")
    answers = get(over_years, *paths, f"/agency/{name}/requests.csv", f"/en/agency/{name}/requests.svg")
    assert [(answer.status_code, answer.headers["cache-control"]) for answer in answers] == [
        (404, "no-store")
    ] * 5
    assert "没有这个机关" in answers[0].text and "No such agency" in answers[1].text


def test_an_unknown_chart_is_not_there(over_years: Path) -> None:
    own = identity(over_years)
    paths = (f"/agency/{own}/departments.csv", f"/agency/{own}/none.csv", f"/zh/agency/{own}/none.svg")
    assert {answer.status_code for answer in get(over_years, *paths)} == {404}


def test_files_are_not_sent_again(over_years: Path) -> None:
    (answer,) = get(over_years, f"/agency/{identity(over_years)}/requests.csv")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert over_years.name in answer.headers["etag"]


def test_an_agency_whose_reports_have_no_tables_says_so(published: Path) -> None:
    with closing(sqlite3.connect(published / DATABASE)) as db:
        (hall,) = db.execute("SELECT agency FROM report WHERE year = 2021").fetchone()
    soup = page(published, f"/en/agency/{hall}")
    assert "no numbers that could be a series" in words(soup.select_one("#series ~ .none"))
    assert soup.select(".figure") == []


def test_plans_ask_for_indicators_that_there_are(over_years: Path) -> None:
    with closing(sqlite3.connect(over_years / DATABASE)) as db:
        known = {code for (code,) in db.execute("SELECT id FROM indicator_definition")}
    for plan in PLANS:
        assert {f"{code}_share" if plan.cells else code for code in plan.parts} <= known
        assert plan.total is None or plan.total in known
