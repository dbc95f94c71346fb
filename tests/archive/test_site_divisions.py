"""The pages of divisions: the government's own report, the departments together, all agencies."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from archive.publish import DATABASE
from archive.site.series.spreadsheet import MARK
from archive.site.words import LANGUAGES
from tests.browsing import get, page, words
from tests.sample_archive import HOSTILE
from tests.sample_series import (
    BELOW,
    DEPARTMENTS,
    DIVISION,
    GOVERNMENT,
    NEW,
    OFFICE,
    OLD,
    STRANGE,
    ZERO,
    agency,
)


@pytest.fixture(scope="module")
def data(over_years: Path) -> dict[str, Any]:
    (answer,) = get(over_years, f"/division/{DIVISION}.json")
    return dict(json.loads(answer.text))


@pytest.fixture(scope="module")
def soup(over_years: Path) -> BeautifulSoup:
    return page(over_years, f"/en/division/{DIVISION}")


def series(chart: dict[str, Any], code: str) -> dict[int, dict[str, Any]]:
    found = next(each for each in [*chart["series"], *chart["beside"]] if each["code"] == code)
    return {point["year"]: point for point in found["points"]}


def test_a_division_has_its_government_and_its_place(soup: BeautifulSoup, data: dict[str, Any]) -> None:
    assert data["division"]["government"]["name"] == GOVERNMENT
    about = words(soup.select_one(".about"))
    assert GOVERNMENT in about and DIVISION in about
    assert soup.select_one(f"a[href='/en/division/{BELOW}']")
    assert [chart["code"] for chart in data["government"]] == ["requests", "outcomes"]


def test_only_departments_are_added_up_and_it_is_told_on_how_many_reports_that_rests(
    over_years: Path, data: dict[str, Any]
) -> None:
    sums, medians = (series(data["departments"], f"received_new.{what}") for what in ("sum", "median"))
    reports, expected = (series(data["departments"], what) for what in ("reports", "expected"))
    sql = """SELECT i.value FROM agency a JOIN report r ON r.agency = a.id
    JOIN indicator i ON i.report = r.id AND i.indicator = 'received_new'
    WHERE a.division = ? AND a.kind = 'department' AND r.year = ? ORDER BY 1"""
    with closing(sqlite3.connect(over_years / DATABASE)) as db:
        for year in (2021, 2022, 2023):
            values = [value for (value,) in db.execute(sql, (DIVISION, year))]
            assert sums[year]["value"] == sum(values)
            assert (sums[year]["n"], reports[year]["value"]) == (len(values), len(values))
            assert min(values) <= medians[year]["value"] <= max(values)
    # 2021: 10 + 11 + 12 and 40 of the office and nothing of one; the government's 1000 are in none.
    assert sums[2021]["value"] == 73 and medians[2021]["value"] == 11
    assert [sums[year]["enough"] for year in (2021, 2022, 2023)] == [1, 0, 0]
    assert expected[2022]["value"] == 5


def test_too_few_reports_make_no_sum(data: dict[str, Any]) -> None:
    sums = series(data["departments"], "received_new.sum")
    assert min(sums) == 2021
    assert (sums[2024]["value"], sums[2024]["basis"]) == (None, "too_few")


def test_a_sum_that_lacks_reports_is_hatched_and_starred(soup: BeautifulSoup) -> None:
    bars = soup.select("#chart-departments ~ svg.wide .part")
    assert [str(bar["class"]) for bar in bars] == [str(["part", f"c{tone}"]) for tone in (1, 2, 2)]
    totals = {words(each) for each in soup.select("#chart-departments ~ svg.wide .total")}
    assert {each for each in totals if not each.endswith("*")} == {"73"}
    notes = " ".join(words(each) for each in soup.select("#chart-departments ~ .told li"))
    assert "not every department" in notes


def test_the_sums_can_be_taken_as_picture_and_numbers(over_years: Path, data: dict[str, Any]) -> None:
    picture, numbers = get(
        over_years, f"/en/division/{DIVISION}/departments.svg", f"/division/{DIVISION}/departments.csv"
    )
    assert etree.fromstring(picture.content).get("role") == "img"
    rows = list(csv.DictReader(numbers.text.removeprefix(MARK).splitlines()))
    assert {row["division"] for row in rows} == {DIVISION}
    told = {(int(row["year"]), row["series"]): row["value"] for row in rows}
    for year, point in series(data["departments"], "received_new.median").items():
        assert told[year, "received_new.median"] == ("" if point["value"] is None else f"{point['value']:g}")
    assert {
        answer.status_code
        for answer in get(
            over_years,
            f"/division/{DIVISION}/requests.csv",
            f"/division/{BELOW}/departments.csv",
            f"/zh/division/{BELOW}/departments.svg",
            "/division/none/departments.csv",
        )
    } == {404}


def test_the_newest_year_is_listed_with_every_agency(soup: BeautifulSoup, data: dict[str, Any]) -> None:
    rows = [words(row) for row in soup.select("table.agencies tbody tr")]
    names = [GOVERNMENT, OFFICE, *DEPARTMENTS, NEW, OLD, ZERO]
    assert len(rows) == len(names) and rows[0].startswith(GOVERNMENT)
    assert data["agencies"]["year"] == 2025
    (own,) = [row for row in rows if row.startswith(NEW)]
    assert own == f"{NEW} Department on time 12 12 75.0% n = 12 · few cases 0 0"


@pytest.mark.parametrize(
    ("asked", "year", "kind", "number"),
    [
        ("?year=2022", 2022, "", 1),
        ("?year=1", 2025, "", 1),
        ("?year=999999", 2025, "", 1),
        ("?year=x&kind=department", 2025, "department", 1),
        ("?kind=nonsense", 2025, "", 1),
        ("?kind=%27%22%3E%3Cscript%3E", 2025, "", 1),
        ("?page=0", 2025, "", 1),
        ("?page=999999", 2025, "", 1),
        ("?page=-1&year=2022&kind=government", 2022, "government", 1),
    ],
)
def test_what_is_asked_for_is_listed_and_nonsense_does_no_harm(
    over_years: Path, asked: str, year: int, kind: str, number: int
) -> None:
    (answer,) = get(over_years, f"/division/{DIVISION}.json{asked}")
    listed = answer.json()["agencies"]
    assert (listed["year"], listed["kind"], listed["number"]) == (year, kind, number)
    shown = page(over_years, f"/zh/division/{DIVISION}{asked}")
    assert len(shown.select("table.agencies tbody tr")) == listed["found"]
    current = [words(each) for each in shown.select(".chosen [aria-current]")]
    assert str(year) in current and len(current) == 2
    assert "<script" not in str(shown)


def test_a_division_below_is_counted_with_all_that_is_in_it(
    soup: BeautifulSoup, data: dict[str, Any]
) -> None:
    (below,) = data["division"]["below"]
    assert below["row"]["id"] == BELOW
    assert (below["years"]["2022"]["held"], below["years"]["2022"]["expected"]) == (1, 2)
    assert data["division"]["own"]["years"]["2022"]["held"] == 6 - 1
    cells = [words(each) for each in soup.select("table.held tbody tr")[1].select("td")]
    assert cells[3] == "1 /2"
    assert data["division"]["years"] == list(range(2020, 2026))


def test_a_hostile_name_is_only_shown(over_years: Path) -> None:
    for answer in get(over_years, *(f"/{language}/division/{BELOW}" for language in LANGUAGES)):
        assert answer.status_code == 200
        assert HOSTILE not in answer.text
        assert STRANGE in BeautifulSoup(answer.text, "lxml").get_text()


def test_agencies_stand_on_pages(over_years: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.site.divisions.SIZE", 3)
    seen: list[str] = []
    address: str | None = f"/en/division/{DIVISION}"
    while address:
        shown = page(over_years, address)
        seen += [words(link) for link in shown.select("table.agencies th > a")]
        after = shown.select_one(".paging a[rel='next']")
        address = str(after["href"]).partition("#")[0] if after else None
    assert len(seen) == len(set(seen)) == 8
    assert page(over_years, f"/en/division/{DIVISION}?page=3").select_one(".paging a[rel='prev']")


def test_a_publication_of_an_earlier_program_is_shown_as_far_as_it_goes(
    over_years: Path, tmp_path: Path
) -> None:
    folder = tmp_path / over_years.name
    shutil.copytree(over_years, folder, ignore=shutil.ignore_patterns("files"))
    with closing(sqlite3.connect(folder / DATABASE)) as db, db:
        for table in ("site_coverage", "withheld"):
            db.execute(f"DROP TABLE {table}")
    own = agency(folder / DATABASE, NEW)
    for answer in get(folder, f"/zh/division/{DIVISION}", f"/zh/agency/{own}"):
        assert answer.status_code == 200


@pytest.mark.parametrize("name", ["x", quote("公开", safe=""), quote("' OR 1=1 --", safe=""), "%00", "%FF"])
def test_an_unknown_division_is_not_there(over_years: Path, name: str) -> None:
    chinese, english, data = get(
        over_years, f"/zh/division/{name}", f"/en/division/{name}", f"/division/{name}.json"
    )
    assert [answer.status_code for answer in (chinese, english, data)] == [404] * 3
    assert "没有这个区划" in chinese.text and "No such division" in english.text


def test_a_division_without_agencies_says_so(over_years: Path, tmp_path: Path) -> None:
    folder = tmp_path / over_years.name
    shutil.copytree(over_years, folder, ignore=shutil.ignore_patterns("files"))
    with closing(sqlite3.connect(folder / DATABASE)) as db, db:
        db.execute("INSERT INTO division VALUES ('990102', NULL, NULL, ?)", (DIVISION,))
    soup = page(folder, "/en/division/990102")
    assert words(soup.h1) == "990102"
    assert "No agency of this division is known" in words(soup.select_one("#agencies ~ .none"))
