"""The synthetic archive: the real schema, whole, deterministic, and what the program itself would have written."""

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from archive.publish import DATABASE, newest
from archive.tables import key_of, table_names
from pipelines import changes, comparisons, covering, reports, schema
from pipelines.checks import CHECKS, check
from pipelines.consecutive import RULES
from pipelines.load import Loader
from pipelines.read import EXTRACTOR
from pipelines.reading import Cell, Place
from pipelines.search import phrases
from tests.bench.synthetic.country import LAST_YEAR, MARK, publishers
from tests.bench.synthetic.publishing import publish_synthetic
from tests.bench.synthetic.runs import TODAY
from tests.bench.synthetic.writing import write

REPORTS, SEED = 200, 1
BETWEEN = {*(rule.code for rule in RULES), "hierarchy_sum", "sources_disagree"}
"""Checks in which several reports or sources take part."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a synthetic archive; tests only read it."""
    folder = tmp_path_factory.mktemp("synthetic")
    write(folder, REPORTS, SEED)
    return folder


@pytest.fixture
def db(data: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{(data / DATABASE).as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def digest(db: sqlite3.Connection) -> str:
    """Return a digest of all rows of all tables, those of the full-text indexes left out."""
    found = hashlib.sha256()
    for table in table_names(db):
        key = ", ".join(f'"{name}"' for name in key_of(db, table))
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY {key}'):
            found.update(repr((table, row)).encode())
    return found.hexdigest()


def test_it_has_as_many_reports_as_were_asked_for(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT count(*) FROM report").fetchone() == (REPORTS,)
    (last,) = db.execute("SELECT max(year) FROM report").fetchone()
    assert last == LAST_YEAR


def test_its_schema_is_the_one_that_load_makes(db: sqlite3.Connection, tmp_path: Path) -> None:
    sql = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%!_fts!_%' ESCAPE '!' ORDER BY 1, 2"
    with Loader(tmp_path / "empty.db", EXTRACTOR) as loader:
        assert db.execute(sql).fetchall() == loader.db.execute(sql).fetchall()
        version = loader.db.execute("PRAGMA user_version").fetchone()
    assert db.execute("PRAGMA user_version").fetchone() == version == (schema.VERSION,)


def test_no_table_is_empty_and_no_reference_leads_nowhere(db: sqlite3.Connection) -> None:
    counts = {
        each.name: db.execute(f"SELECT count(*) FROM [{each.name}]").fetchone()[0] for each in schema.TABLES
    }
    assert [name for name, count in counts.items() if not count] == []
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_it_has_the_shape_of_the_real_thing(db: sqlite3.Connection) -> None:
    def distinct(sql: str) -> set[object]:
        return {value for (value,) in db.execute(sql)}

    assert distinct("SELECT DISTINCT level FROM agency") == {"province", "city", "county", "township"}
    assert distinct("SELECT DISTINCT kind FROM agency") >= {"government", "department", "township"}
    assert distinct("SELECT DISTINCT form FROM revision") == {"form_2019", "form_2021", "annex_2014", "prose"}
    assert distinct("SELECT DISTINCT state FROM cell") == {1, 2, 3, 4}
    assert distinct("SELECT DISTINCT kind FROM change") >= {"edited", "moved", "removed"}
    assert distinct("SELECT DISTINCT state FROM coverage") >= {"on_time", "late", "not_found", "date_unknown"}
    zeros, numbers = db.execute("SELECT sum(value = 0), count(value) FROM cell").fetchone()
    assert zeros / numbers > 0.6
    (wrong,) = db.execute(
        "SELECT count(DISTINCT r.id) FROM report r JOIN finding f ON f.revision = r.revision AND f.severity = 'error'"
    ).fetchone()
    assert 0.02 < wrong / REPORTS < 0.2


def test_nothing_in_it_can_be_taken_for_a_real_office(db: sqlite3.Connection) -> None:
    agencies = [name for (name,) in db.execute("SELECT name FROM agency")]
    assert [name for name in agencies if MARK not in name] == []
    hosts = db.execute(
        "SELECT home, title FROM portal UNION SELECT url, title FROM source JOIN report USING (id)"
    )
    for url, title in hosts:
        assert url.split("/")[2].endswith(".gongkai.example"), url
        assert MARK in title
    assert db.execute("SELECT min(specimen) FROM portal").fetchone() == (1,)


def test_the_checks_find_in_its_cells_what_it_says_they_find(data: Path) -> None:
    of_cells = [each.id for each in CHECKS if each.id not in BETWEEN]
    marks = ", ".join("?" * len(of_cells))
    db = sqlite_utils.Database(data / DATABASE)
    revisions = db.execute(
        """SELECT v.id, v.form, r.year, a.name FROM revision v JOIN source s ON s.id = v.source
        JOIN report r ON r.id = s.report JOIN agency a ON a.id = r.agency ORDER BY v.id"""
    ).fetchall()
    told = 0
    for revision, form, year, name in revisions:
        stored = changes.stored(db, revision).cells
        cells = [Cell(*key, each.value, each.state, each.text, Place()) for key, each in stored.items()]
        said = db.execute(
            f"""SELECT [check], severity, pass, [table], row, column, expected, found FROM finding
            WHERE revision = ? AND [check] IN ({marks})""",
            (revision, *of_cells),
        ).fetchall()
        assert Counter(map(tuple, check(cells, form=form, year=year, agency=name))) == Counter(said)
        told += len(said)
    db.close()
    assert told > 10


@pytest.mark.slow
def test_the_program_itself_would_have_written_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, REPORTS, SEED)
    with Loader(path, EXTRACTOR) as loader, loader.transaction():
        before = digest(loader.db.conn)
        for report, agency, year in loader.db.execute(
            "SELECT id, agency, year FROM report ORDER BY id"
        ).fetchall():
            reports.refresh(loader.db, report)
            comparisons.rewrite(loader.db, agency, year)
        covering.write(loader.db, TODAY.date())
        assert digest(loader.db.conn) == before


def test_its_texts_are_found(db: sqlite3.Connection) -> None:
    for key, text in db.execute(
        "SELECT search_id, text FROM section WHERE number = 1 ORDER BY 1 LIMIT 20"
    ).fetchall():
        (words,) = re.findall("[一-鿿]{6}", text)[-1:]
        found = db.execute("SELECT rowid FROM section_fts WHERE section_fts MATCH ?", (phrases(words),))
        assert (key,) in found.fetchall()
    for key, name in db.execute(
        "SELECT r.search_id, a.name FROM report r JOIN agency a ON a.id = r.agency LIMIT 20"
    ):
        found = db.execute("SELECT rowid FROM report_fts WHERE report_fts MATCH ?", (phrases(name),))
        assert (key,) in found.fetchall()


@pytest.mark.slow
def test_equal_arguments_give_equal_rows_and_another_seed_others(data: Path, tmp_path: Path) -> None:
    digests = []
    for folder in (data, tmp_path / "again", tmp_path / "other"):
        if folder != data:
            write(folder, REPORTS, SEED if folder.name == "again" else SEED + 1)
        with closing(sqlite3.connect(folder / DATABASE)) as db:
            digests.append(digest(db))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.slow
def test_more_reports_than_the_country_has_agencies_for_is_one_clear_error() -> None:
    with pytest.raises(ValueError, match="the country has not enough agencies"):
        list(publishers(10_000_000, SEED))


@pytest.mark.slow
def test_it_is_published_with_and_without_its_downloads(data: Path, tmp_path: Path) -> None:
    for downloads in (False, True):
        folder = tmp_path / str(downloads)
        folder.mkdir()
        (folder / DATABASE).write_bytes((data / DATABASE).read_bytes())
        made = publish_synthetic(folder, TODAY, downloads=downloads)
        assert newest(folder / "public") == made
        assert bool(list(made.glob("files/*.csv*")) or list(made.glob("files/**/*.csv*"))) == downloads
        with closing(sqlite3.connect(made / DATABASE)) as db:
            assert db.execute("SELECT reports FROM publication").fetchone()[0] > REPORTS * 0.9
            assert db.execute("SELECT count(*) FROM masked").fetchone()[0] > 0
