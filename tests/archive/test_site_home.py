"""The home page: the map of coverage, what is new, how to cite."""

import doctest
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from archive.publish import publish
from archive.site import coverage_map
from pipelines.load import Loader
from tests import sample_archive, sample_history
from tests.browsing import get, page, words
from tests.sample_archive import EXTRACTOR, Sample

NOW = datetime(2026, 11, 24, tzinfo=UTC)

PROVINCES = [(str(number), f"第{number}省", "province", None) for number in range(1, 5)]
BELOW = [("11", "甲市", "city", "1"), ("12", "乙市", "city", "1"), ("13", "丙市", "city", "1")]
COUNTIES = [("111", "子县", "county", "11"), ("112", "丑县", "county", "11")]


def built(
    folder: Path,
    divisions: list[tuple[str, str, str, str | None]],
    coverage: list[tuple[str | None, int, str]],
) -> Path:
    """Return a publication of no report, in which each division's one agency has states by year."""
    database = sample_archive.load(folder / "gongkai.db", ())
    with closing(sqlite3.connect(database)) as db, db:
        db.executemany("INSERT INTO division (id, name, level, parent) VALUES (?, ?, ?, ?)", divisions)
        for number, (division, year, state) in enumerate(coverage):
            agency, report = f"a{number}", f"r{number}"
            db.execute(
                "INSERT INTO agency (id, name, division) VALUES (?, ?, ?)",
                (agency, f"样本局{number}", division),
            )
            held = state in ("late", "on_time", "no_deadline", "date_unknown")
            if held:
                db.execute("INSERT INTO report (id, agency, year) VALUES (?, ?, ?)", (report, agency, year))
            db.execute(
                "INSERT INTO coverage (agency, year, state, report) VALUES (?, ?, ?, ?)",
                (agency, year, state, report if held else None),
            )
    return publish(database, folder / "public", now=NOW)


def lines(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return the cells of the map by the names of its lines, as a screen reader says them."""
    return {
        words(row.th): [words(_heard(cell)) for cell in row.select("td")]
        for row in soup.select(".map tr")
        if row.td
    }


def _heard(cell: Tag) -> Tag:
    for hidden in cell.select("[aria-hidden]"):
        hidden.extract()
    return cell


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(coverage_map).failed == 0


def test_the_map_tells_what_is_held_by_province_and_year_in_both_languages(tmp_path: Path) -> None:
    states = [("1", 2022, "late"), ("12", 2022, "on_time"), ("13", 2022, "not_found"), ("1", 2021, "blocked")]
    states += [("2", 2022, "not_due_yet"), ("3", 2021, "no_deadline"), (None, 2021, "not_searched")]
    folder = built(tmp_path, PROVINCES + BELOW, states)
    zh, en = page(folder, "/zh/"), page(folder, "/en/")
    assert [words(each) for each in en.select(".map thead th")] == ["Division", "2022", "2021"]
    links = [str(link["href"]) for link in en.select(".map td a")]
    assert "/en/coverage?division=1&year=2022" in links and "/en/coverage?year=2021" in links
    assert "/en/coverage?division=-&year=2021" in links
    assert {str(cell["class"][0]) for cell in en.select(".map td[class]")} == {
        "most",
        "none",
        "not_due",
        "all",
        "empty",
        "some",
    }
    assert lines(en) == {
        "第1省": ["2 of 3", "0 of 1"],
        "第2省": ["not due yet", "none known"],
        "第3省": ["none known", "1 of 1"],
        "Division unknown": ["none known", "0 of 1"],
        "All": ["2 of 3", "1 of 3"],
    }
    assert lines(zh)["第1省"] == ["2 份，应有 3", "0 份，应有 1"] and "合计" in lines(zh)


def test_where_there_are_few_provinces_the_map_shows_what_is_below(tmp_path: Path) -> None:
    states = [
        ("1", 2022, "late"),
        ("11", 2022, "on_time"),
        ("111", 2022, "not_found"),
        ("12", 2022, "late"),
        ("2", 2022, "late"),
    ]
    folder = built(tmp_path, PROVINCES + BELOW + COUNTIES, states)
    assert lines(page(folder, "/en/")) == {
        "第1省 itself": ["1 of 1"],
        "甲市": ["1 of 2"],
        "乙市": ["1 of 1"],
        "第2省": ["1 of 1"],
        "All": ["4 of 5"],
    }


def test_the_map_goes_down_to_counties_where_there_is_but_one_city(tmp_path: Path) -> None:
    states = [("11", 2022, "on_time"), ("111", 2022, "not_found"), ("112", 2022, "late")]
    folder = built(tmp_path, PROVINCES + BELOW + COUNTIES, states)
    assert lines(page(folder, "/zh/")) == {
        "甲市 本级": ["1 份，应有 1"],
        "子县": ["0 份，应有 1"],
        "丑县": ["1 份，应有 1"],
        "合计": ["2 份，应有 3"],
    }


def test_specimens_stand_in_the_map_by_themselves(tmp_path: Path) -> None:
    folder = publish(sample_history.load(tmp_path / "gongkai.db"), tmp_path / "public", now=NOW)
    assert list(lines(page(folder, "/en/"))) == ["样本市门户"]


def test_every_page_of_the_map_answers(tmp_path: Path) -> None:
    folder = publish(sample_history.load(tmp_path / "gongkai.db"), tmp_path / "public", now=NOW)
    links = [str(link["href"]) for link in page(folder, "/en/").select(".map td a, .mapped .more a")]
    assert links and {answer.status_code for answer in get(folder, *links)} == {200}


def test_newest_reports_and_changes_are_there_in_one_language(tmp_path: Path) -> None:
    folder = publish(sample_history.load(tmp_path / "gongkai.db"), tmp_path / "public", now=NOW)
    zh, en = page(folder, "/zh/"), page(folder, "/en/")
    assert len(en.select(".listing:not(.changes-listed) > li")) == 4
    changes = [words(each) for each in en.select(".changes-listed .facts")]
    assert any("edited" in each and "seen 2023-04-01" in each for each in changes)
    assert "内容被修改" in words(zh.select_one(".changes-listed")) and "edited" not in words(zh.main)
    assert all(each.find(lang="zh-Hans") for each in en.select(".listing > li > a"))
    assert "报告" not in words(en.select_one(".opening")) and "Reports" not in words(zh.main)


def test_a_citation_names_the_version_in_both_languages(published: Path) -> None:
    for language, first in (("zh", "zh-Hans"), ("en", "en")):
        soup = page(published, f"/{language}/")
        citations = soup.select(".citing .cite")
        assert citations[0]["lang"] == first and {str(each["lang"]) for each in citations} == {
            "zh-Hans",
            "en",
        }
        for each in citations:
            for part in ("20261124T201555Z", "2026-11-24", "http://localhost/", "ODC-By 1.0"):
                assert part in words(each)
        assert soup.select(f".citing a[href='/{language}/downloads']")


def test_the_data_has_what_the_page_shows(published: Path) -> None:
    (answer,) = get(published, "/home.json")
    told = answer.json()
    assert set(told) == {"publication", "coverage", "newest", "changes"}
    assert told["publication"]["reports"] == 3 == len(told["newest"])
    assert told["newest"][0]["errors"] == 3
    assert json.dumps(told["coverage"]["years"]) == "[]"


def test_an_empty_archive_has_a_home_page_in_both_languages(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db", ())
    with closing(sqlite3.connect(database)) as db, db:
        # A crawl was made, and nothing was found.
        db.execute("INSERT INTO run (id) VALUES ('yangben/20261124T000000Z')")
    folder = publish(database, tmp_path / "public", now=NOW)
    en = page(folder, "/en/")
    assert "There are no reports yet" in words(en) and "No change has been seen yet" in words(en)
    assert not en.select(".map")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_and_titles_are_escaped(tmp_path: Path, language: str) -> None:
    hostile = sample_archive.HOSTILE
    database = sample_archive.load(tmp_path / "gongkai.db")
    with Loader(database, EXTRACTOR) as loader:
        sample = Sample("样本局", 2022, hostile, "http://specimen.localhost/h", sections=(hostile,))
        loader.load_reading(sample_archive.capture(sample), sample_archive.reading(sample))
        loader.cover(NOW.date())
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE division SET name = ?", (hostile,))
        db.execute("UPDATE agency SET name = ? || name", (hostile,))
    folder = publish(database, tmp_path / "public", now=NOW)
    for answer in get(
        folder, f"/{language}/", f"/{language}/search?q=script", f"/{language}/search?division=990100"
    ):
        assert hostile not in answer.text and "&lt;script&gt;" in answer.text
