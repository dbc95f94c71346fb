"""What is withheld or masked is in no past row either, of whichever version."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import cited
from archive.masking import MASK, MOBILE
from archive.publish import DATABASE, publish, versions
from archive.tables import PAST, past_names
from archive.withholding import SIGN
from pipelines.load import Loader
from pipelines.reading import Problem
from tests import sample_archive
from tests.archive.test_gate import change
from tests.archive.test_versions import at, require_same, saved
from tests.archive.test_withholding import (
    AFTER,
    BEFORE,
    FORMS,
    NUMBER,
    SECRET,
    decide,
    load,
    shown,
    withhold_both,
)
from tests.browsing import get
from tests.published_files import reseal
from tests.running import rows
from tests.sample_archive import Sample, capture, reading

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
PROBLEM = Problem("unknown_row", f"“{SECRET}”不是表中的行", "requests")
PRINTED = {("requests", "carried_out", "total"): SECRET}
EARLY = replace(BEFORE, title=f"{BEFORE.title}{SECRET}", problems=(PROBLEM,), values=PRINTED)
LATE = replace(AFTER, title=f"{AFTER.title}{SECRET}", problems=(PROBLEM,), values=PRINTED)
TABLES = (
    "cell",
    "section",
    "revision",
    "report",
    "change",
    "changed",
    "problem",
    "correction",
    "capture",
    "skip",
)


def read(database: Path, extractor: str, *samples: Sample) -> None:
    with Loader(database, extractor) as loader:
        list(loader.load_readings((capture(sample), reading(sample)) for sample in samples))


def age(data: Path) -> Path:
    """Publish a report with the secret everywhere, edited, then read anew, its notes rewritten, then lost."""
    database = load(data, (EARLY,))
    change(database, f"UPDATE skip SET url = '{EARLY.url}', text = '{SECRET}'")
    publish(database, data / "public", now=NOW)
    read(database, sample_archive.EXTRACTOR, LATE)
    publish(database, data / "public", now=at(1))
    read(database, "2", EARLY, LATE)
    publish(database, data / "public", now=at(2), accept="read anew")
    notes = {"capture": "link_text", "skip": "text", "problem": "detail", "correction": "reason"}
    change(database, *(f"UPDATE {table} SET {field} = {field} || '旧'" for table, field in notes.items()))
    publish(database, data / "public", now=at(3))
    report = "(SELECT report FROM source WHERE url = 'http://specimen.localhost/test.html')"
    of = f"(SELECT v.id FROM revision v JOIN source s ON s.id = v.source WHERE s.report = {report})"
    change(
        database,
        "DELETE FROM changed",
        "DELETE FROM change",
        *(
            f"DELETE FROM {table} WHERE revision IN {of}"
            for table in ("cell", "section", "problem", "finding")
        ),
        f"DELETE FROM revision WHERE id IN {of}",
        f"UPDATE report SET title = '改' WHERE id = {report}",
        *(f"UPDATE {table} SET {notes[table]} = ''" for table in ("capture", "skip", "correction")),
    )
    publish(database, data / "public", now=at(4), accept="lost")
    return database


def test_what_is_withheld_later_is_forgotten_of_every_version(tmp_path: Path) -> None:
    age(tmp_path)
    public = tmp_path / "public"
    before = versions(public)[0] / DATABASE
    for table in TABLES:
        assert SECRET in str(rows(before, f"SELECT * FROM {PAST}{table}")), table
        if table not in ("cell", "section"):
            assert SECRET not in str(rows(before, f"SELECT * FROM {table}")), table
    for sample in (EARLY, LATE):
        decide(tmp_path, capture(sample).id)
    folder = publish(tmp_path / "gongkai.db", public, now=at(5))
    assert versions(public) == [folder]
    assert shown(folder, SECRET, *FORMS) == []
    assert rows(folder / DATABASE, "SELECT DISTINCT title FROM past_revision WHERE title LIKE '■%'") == [
        (SIGN,)
    ]
    asked = [f"/version/{each['version']}" for each in get(folder, "/version")[0].json()]
    files = [table["jsonl"] for answer in get(folder, *asked) for table in answer.json()["tables"]]
    for answer in get(folder, *(address.removeprefix("http://localhost") for address in files)):
        assert answer.status_code == 200
        assert SECRET not in answer.text and not any(form in answer.text for form in FORMS)


def test_a_lifted_withholding_leaves_a_hole(tmp_path: Path) -> None:
    database, public = load(tmp_path), tmp_path / "public"
    first = publish(database, public, now=NOW)
    withhold_both(tmp_path)
    publish(database, public, now=at(1))
    for sample in (BEFORE, AFTER):
        decide(tmp_path, capture(sample).id, "--lift")
    folder = publish(database, public, now=at(2))
    require_same(folder, folder.name, saved(folder / DATABASE))
    told = []
    for version in (first.name, f"{at(1):%Y%m%dT%H%M%SZ}", folder.name):
        with closing(cited.opened(folder / DATABASE, version)) as db:
            (count,) = db.execute(f"SELECT count(*) FROM section WHERE text LIKE '%{SECRET}%'").fetchone()
            told.append((count, cited.withheld_since(db, cited.version(db, version))))
    assert told == [(0, 0), (0, 0), (2, 0)]


def test_what_is_not_withheld_of_a_version_stays(tmp_path: Path) -> None:
    database, public = load(tmp_path), tmp_path / "public"
    first = publish(database, public, now=NOW)
    then = saved(first / DATABASE)
    change(
        database,
        "UPDATE section SET heading = heading || '改' WHERE text LIKE '%体育%'",
        "UPDATE portal SET title = '乙'",
    )
    publish(database, public, now=at(1))
    decide(tmp_path, capture(BEFORE).id)
    folder = publish(database, public, now=at(2))
    with closing(cited.opened(folder / DATABASE, first.name)) as db:
        assert cited.withheld_since(db, cited.version(db, first.name)) == 1
        for table in ("portal", "form_item", "source", "run"):
            fields, held = then[table]
            names = ", ".join(f'"{name}"' for name in fields)
            assert sorted(map(repr, db.execute(f"SELECT {names} FROM {table}"))) == held
        names = ", ".join(then["section"][0])
        left = [repr(row) for row in db.execute(f"SELECT {names} FROM section")]
        assert len(then["section"][1]) - len(left) == 6
        assert set(left) < set(then["section"][1])


def test_better_masking_rules_reach_past_rows_though_nothing_else_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, public = sample_archive.load(tmp_path / "gongkai.db"), tmp_path / "public"
    with monkeypatch.context() as patched:
        patched.setattr("archive.masking.mask", lambda text: (text, Counter()))
        patched.setattr("archive.redaction.rules", lambda: "old")
        change(
            database,
            "CREATE TABLE old (id INTEGER PRIMARY KEY, note TEXT)",
            f"INSERT INTO old VALUES (1, '{NUMBER}')",
        )
        change(database, f"UPDATE run SET reason = '请拨{NUMBER}', id = '{NUMBER}'")
        publish(database, public, now=NOW)
        change(database, "UPDATE run SET reason = '', id = 'specimen-1'", "DROP TABLE old")
        second = publish(database, public, now=at(1), accept="dropped")
        assert shown(second, NUMBER) != []
        assert publish(database, public, now=at(2)) == second
    folder = publish(database, public, now=at(3))
    assert folder != second
    # A key is kept as it is, there as in the tables of today.
    run = rows(folder / DATABASE, "SELECT id, reason FROM past_run WHERE to_version = 2")
    assert run == [(NUMBER, f"请拨{MASK.format(MOBILE)}")]
    assert rows(folder / DATABASE, "SELECT note FROM past_old") == [(MASK.format(MOBILE),)]
    assert publish(database, public, now=at(4)) == folder


def test_past_rows_of_a_publication_that_masked_nothing_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, public = sample_archive.load(tmp_path / "gongkai.db"), tmp_path / "public"
    with monkeypatch.context() as patched:
        patched.setattr("archive.masking.mask", lambda text: (text, Counter()))
        change(database, f"UPDATE run SET reason = '请拨{NUMBER}'")
        first = publish(database, public, now=NOW)
    with closing(sqlite3.connect(first / DATABASE)) as db, db:
        for table in [*past_names(db), "publication_version"]:
            db.execute(f"DROP TABLE {table}")
    reseal(first)
    change(database, "UPDATE run SET reason = ''")
    folder = publish(database, public, now=at(1) + timedelta(days=1))
    assert shown(folder, NUMBER) == []
    assert MASK.format(MOBILE) in str(rows(folder / DATABASE, "SELECT reason FROM past_run"))
