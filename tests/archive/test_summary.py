"""What is counted for the site's pages follows from what is published, and is nothing to be downloaded or compared."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import summary
from archive.pairs import paired, phrase
from archive.publish import DATABASE, publish
from archive.search_words import NAMES, TITLES, WORDS
from archive.site import metadata
from archive.site.phrase import phrases
from archive.tables import DERIVED, table_names
from tests import sample_archive
from tests.published_files import reseal
from tests.sample_archive import Sample

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
NUMBER = "13812345678"
SECRET = "绝密之言"
TOLD = Sample(
    "样本市测试局",
    2022,
    f"样本市测试局2022年年度报告{NUMBER}",
    "http://specimen.localhost/told.html",
    sections=(f"来电{NUMBER}。",),
)
WITHHELD = replace(
    TOLD,
    year=2021,
    title=f"{SECRET}2021年年度报告",
    url="http://specimen.localhost/2021.html",
    sections=(SECRET,),
)


def write(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        for statement in statements:
            db.execute(statement)


def asked(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return db.execute(query).fetchall()


def holding(folder: Path, index: str, words: str) -> int:
    """Return how many rows of an index hold a word."""
    (word,) = phrases(words)
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        found = db.execute(f"SELECT count(*) FROM {index} WHERE {index} MATCH ?", (phrase(word),))
        return int(found.fetchone()[0])


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return sample_archive.load(tmp_path / "gongkai.db")


def test_reports_are_numbered_from_the_newest_with_their_errors_counted_once(published: Path) -> None:
    found = asked(
        published, "SELECT number, year, level, form, status, errors FROM site_report ORDER BY number"
    )
    assert found == [
        (1, 2022, "specimen", "form_2021", "late", 3),
        (2, 2020, "specimen", "form_2019", "on_time", 0),
        (3, 2021, "specimen", "prose", "no_deadline", 0),
    ]


def test_every_summary_and_field_is_described_but_not_among_the_archives_tables(published: Path) -> None:
    described = metadata(published / DATABASE)["databases"]["gongkai"]["tables"]
    for table in summary.TABLES:
        assert described[table.name]["description"]
        assert set(described[table.name]["columns"]) == {name for name, *_ in table.fields}
        assert all(zh and en for _, _, zh, en in table.fields)
    with closing(sqlite3.connect(published / DATABASE)) as db:
        assert [name for name in table_names(db) if name.startswith(DERIVED)] == []


def test_summaries_are_no_files_to_download(published: Path) -> None:
    assert [path.name for path in (published / "files").iterdir() if path.name.startswith(DERIVED)] == []
    assert DERIVED not in (published / "datapackage.json").read_text(encoding="utf-8").replace(
        "description", ""
    )


def test_coverage_is_counted_for_each_division_with_and_without_what_is_below(
    tmp_path: Path, database: Path
) -> None:
    write(
        database,
        "INSERT INTO division (id, name, level, parent) VALUES"
        " ('1', '甲省', 'province', NULL), ('11', '乙市', 'city', '1'), ('111', '丙县', 'county', '11')",
        "INSERT INTO agency (id, name, division) VALUES"
        " ('a', '甲', '1'), ('b', '乙', '11'), ('c', '丙', '111'), ('d', '丁', NULL), ('e', '戊', 'unheard of')",
        "DELETE FROM coverage",
        "INSERT INTO coverage (agency, year, state, report) SELECT 'a', 2021, 'late', id FROM report LIMIT 1",
        "INSERT INTO coverage (agency, year, state, report) VALUES ('b', 2021, 'not_found', NULL),"
        " ('b', 2022, 'not_due_yet', NULL), ('c', 2021, 'unreadable', NULL), ('d', 2021, 'blocked', NULL),"
        " ('e', 2021, 'not_searched', NULL)",
    )
    folder = publish(database, tmp_path / "public", now=NOW)
    found = asked(folder, "SELECT division, year, part, expected, held FROM site_coverage ORDER BY 1, 2, 3")
    assert found == [
        ("", 2021, "own", 2, 0),
        ("", 2021, "whole", 2, 0),
        ("1", 2021, "own", 1, 1),
        ("1", 2021, "whole", 3, 1),
        ("1", 2022, "whole", 0, 0),
        ("11", 2021, "own", 1, 0),
        ("11", 2021, "whole", 2, 0),
        ("11", 2022, "own", 0, 0),
        ("11", 2022, "whole", 0, 0),
        ("111", 2021, "own", 1, 0),
        ("111", 2021, "whole", 1, 0),
    ]
    states = ", ".join(summary.STATES)
    ((*counted,),) = asked(
        folder, f"SELECT {states} FROM site_coverage WHERE (division, year, part) = ('1', 2021, 'whole')"
    )
    assert {name for name, count in zip(summary.STATES, counted, strict=True) if count} == {
        "late",
        "not_found",
        "unreadable",
    }


def test_the_indexes_hold_titles_agencies_and_sections_of_current_revisions_only(
    tmp_path: Path, database: Path
) -> None:
    sample_archive.load(
        database,
        (replace(sample_archive.REPORTS[1], sections=("后来改写。",), fetched_at="2026-03-02T03:04:05Z"),),
    )
    folder = publish(database, tmp_path / "public", now=NOW)
    assert (
        holding(folder, WORDS, "体育"),
        holding(folder, TITLES, "体育"),
        holding(folder, NAMES, "体育"),
    ) == (2, 1, 1)
    assert (holding(folder, WORDS, "改写"), holding(folder, WORDS, "公开总体")) == (1, 0)


def test_what_is_masked_or_withheld_is_in_no_summary_and_no_index(tmp_path: Path, database: Path) -> None:
    sample_archive.load(database, (TOLD, WITHHELD))
    whole = publish(database, tmp_path / "before", now=NOW)
    assert holding(whole, WORDS, SECRET) == holding(whole, TITLES, SECRET) == 1
    digest = sample_archive.capture(WITHHELD).digest
    write(
        database,
        f"INSERT INTO withheld (id, digest, reason, author, made_at) VALUES ('w', '{digest}', '甲', '乙', '2026')",
    )
    folder = publish(database, tmp_path / "public", now=NOW)
    for index in (WORDS, TITLES, NAMES):
        assert holding(folder, index, SECRET) == holding(folder, index, NUMBER) == 0
    assert holding(folder, WORDS, "手机号码") == 1
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        for table in summary.TABLES:
            text = repr(db.execute(f"SELECT * FROM {table.name}").fetchall())
            assert SECRET not in text and NUMBER not in text
    body = (folder / DATABASE).read_bytes()
    for text in (NUMBER, SECRET, paired(SECRET), paired(SECRET).replace(" ", "")):
        assert text.encode() not in body


def test_fewer_rows_in_a_summary_are_no_loss(tmp_path: Path, database: Path) -> None:
    public = tmp_path / "public"
    first = publish(database, public, now=NOW)
    # As if the first version had counted hundreds of reports more.
    write(
        first / DATABASE,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
        " INSERT INTO site_report (number, report) SELECT i + 100, i FROM n",
    )
    reseal(first)
    write(database, "UPDATE portal SET title = '又一个样本门户'")
    assert publish(database, public, now=LATER) != first


def test_a_version_without_its_summaries_is_published_anew(tmp_path: Path, database: Path) -> None:
    public = tmp_path / "public"
    first = publish(database, public, now=NOW)
    assert publish(database, public, now=LATER) == first
    write(first / DATABASE, "DROP TABLE site_count")
    reseal(first)
    second = publish(database, public, now=LATER)
    assert second != first
    contents = [asked(folder, "SELECT content FROM publication") for folder in (first, second)]
    assert contents[0] == contents[1]
    assert publish(database, public, now=LATER + timedelta(days=1)) == second
    write(second / DATABASE, f"DROP TABLE {NAMES}")
    reseal(second)
    assert publish(database, public, now=LATER + timedelta(days=2)) != second


def test_a_database_of_the_first_version_is_published_without_summaries(
    tmp_path: Path, database: Path
) -> None:
    write(database, "ALTER TABLE division_name RENAME COLUMN from_year TO since")
    public = tmp_path / "public"
    first = publish(database, public, now=NOW)
    assert asked(first, "SELECT count(*) FROM sqlite_master WHERE name GLOB 'site_*'") == [(0,)]
    assert publish(database, public, now=LATER) == first
