"""The gate: what was published must not vanish without a word, and growth must pass."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from archive import gate
from archive.errors import PublicationStopped
from archive.publish import DATABASE, publish, versions
from pipelines.load import Loader
from tests import sample_archive, sample_history
from tests.archive.test_notify import TAKE, python
from tests.sample_archive import HOSTILE, REPORTS, Sample
from tests.test_demo import free_ports

ROOT = Path(__file__).parents[2]
VERSION_0 = (ROOT / "tests/pipelines/version_0.sql").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FIRST_TWO = "(SELECT id FROM capture ORDER BY id LIMIT 2)"


def change(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        for statement in statements:
            db.execute(statement)


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return db.execute(query).fetchall()


def alarms(snapshot: Path, published: Path) -> list[gate.Alarm]:
    with gate.beside(snapshot, published) as db:
        return gate.alarms(db)


def many(table: str, fields: str, values: str, count: int) -> str:
    """Return what puts many rows into a table; `n` counts them from 1."""
    return (
        f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count})"
        f" INSERT INTO {table} ({fields}) SELECT {values} FROM c"
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return sample_archive.load(tmp_path / "gongkai.db")


@pytest.fixture
def public(database: Path, tmp_path: Path) -> Path:
    """Return a folder in which `database` is published."""
    publish(database, tmp_path / "public", now=NOW)
    return tmp_path / "public"


def stopped(database: Path, public: Path) -> str:
    """Publish what must be stopped; return why it was."""
    before = versions(public)
    with pytest.raises(PublicationStopped) as caught:
        publish(database, public, now=LATER)
    assert versions(public) == before
    assert [path.name for path in public.iterdir()] == [folder.name for folder in before]
    return str(caught.value)


def test_a_report_that_is_no_more_stops_it_and_is_named(database: Path, public: Path) -> None:
    change(database, "DELETE FROM report WHERE year = 2020")
    words = stopped(database, public)
    assert "reports that were published and are no more: 1" in words
    assert "样本市展示局 2020 样本市展示局2020年政府信息公开工作年度报告" in words


def test_a_report_that_is_gone_from_its_portal_is_still_here(database: Path, public: Path) -> None:
    change(database, "UPDATE report SET gone_since = '2026-11-24T00:00:00Z' WHERE year = 2020")
    folder = publish(database, public, now=LATER)
    (words,) = rows(folder / DATABASE, "SELECT kind, en FROM publication_change")
    assert words == (
        "gone",
        "On no portal since 2026-11-24T00:00:00Z: 样本市展示局2020年政府信息公开工作年度报告",
    )


def test_a_single_cell_that_vanished_from_a_report_that_stays_stops_it(database: Path, public: Path) -> None:
    change(
        database,
        "DELETE FROM cell WHERE value = 17 AND revision IN (SELECT revision FROM report WHERE year = 2022)",
    )
    words = stopped(database, public)
    assert words.startswith("cells that were published and are no more, in reports that stay: 1\n")
    assert "样本市展示局 2022" in words
    assert "= 17" in words


def test_a_number_that_is_read_as_none_any_more_stops_it(database: Path, public: Path) -> None:
    change(database, "UPDATE cell SET value = NULL, state = 4 WHERE value = 48.7917")
    assert "numbers that were published and are not read as numbers any more: 1" in stopped(database, public)


def test_a_version_of_a_report_that_is_lost_stops_it(tmp_path: Path) -> None:
    database = sample_history.load(tmp_path / "gongkai.db")
    publish(database, tmp_path / "public", now=NOW)
    change(
        database,
        "DELETE FROM revision WHERE id IN (SELECT before FROM change WHERE kind = 'edited')",
        "DELETE FROM cell WHERE revision NOT IN (SELECT id FROM revision)",
    )
    assert "cells that were published and are no more, in reports that stay: 200" in stopped(
        database, tmp_path / "public"
    )


def test_a_new_reader_that_reads_the_same_bytes_as_well_passes(database: Path, public: Path) -> None:
    with Loader(database, "2") as loader:
        for sample in REPORTS:
            loader.load_reading(sample_archive.capture(sample), sample_archive.reading(sample))
    assert rows(database, "SELECT DISTINCT extractor FROM revision") == [("2",)]
    assert alarms(database, versions(public)[0] / DATABASE) == []


def test_a_new_reader_that_loses_cells_is_stopped(database: Path, public: Path) -> None:
    with Loader(database, "2") as loader:
        for sample in REPORTS:
            reading = sample_archive.reading(sample)
            loader.load_reading(sample_archive.capture(sample), replace(reading, cells=reading.cells[:-3]))
    assert [(each.kind, each.count) for each in alarms(database, versions(public)[0] / DATABASE)] == [
        ("cell", 6)
    ]


def test_a_table_that_shrank_stops_it_and_a_few_rows_do_not(database: Path, tmp_path: Path) -> None:
    change(database, many("skip", "run, url", "'specimen-1', n", 1000))
    publish(database, tmp_path / "public", now=NOW)
    change(database, "DELETE FROM skip WHERE CAST(url AS INTEGER) <= 50")
    publish(database, tmp_path / "public", now=LATER)
    change(database, "DELETE FROM skip WHERE CAST(url AS INTEGER) <= 500")
    assert stopped(database, tmp_path / "public") == "table skip shrank from 950 to 500 rows"


def test_a_small_table_may_lose_what_is_noise(database: Path, tmp_path: Path) -> None:
    change(database, many("skip", "run, url", "'specimen-1', n", gate.LEAST_ROWS - 1))
    publish(database, tmp_path / "public", now=NOW)
    change(database, "DELETE FROM skip")
    publish(database, tmp_path / "public", now=LATER)


def test_a_table_that_is_not_there_any_more_stops_it(database: Path, public: Path) -> None:
    change(database, "DROP TABLE indicator_break")
    assert "table indicator_break shrank from" in stopped(database, public)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            many("problem", "id, capture, kind", "n, (SELECT min(id) FROM capture), 'no_tables'", 60),
            "problems 'no_tables' in the same documents went from 0 to 60",
        ),
        (
            many(
                "finding",
                "id, revision, [check]",
                "n, (SELECT revision FROM report WHERE year = 2022), 'review_sum'",
                60,
            ),
            "findings 'review_sum' in the same documents went from 0 to 60",
        ),
    ],
)
def test_what_is_held_of_the_same_documents_may_not_jump(
    database: Path, public: Path, statement: str, words: str
) -> None:
    change(database, statement)
    assert stopped(database, public) == words


def test_a_check_that_fell_silent_stops_it_and_overcome_problems_do_not(
    database: Path, tmp_path: Path
) -> None:
    of = "(SELECT revision FROM report WHERE year = 2022)"
    change(
        database,
        many("finding", "id, revision, [check]", f"n, {of}, 'review_sum'", 60),
        many("problem", "id, capture, kind", "n, (SELECT min(id) FROM capture), 'no_tables'", 60),
    )
    publish(database, tmp_path / "public", now=NOW)
    change(database, "DELETE FROM problem WHERE kind = 'no_tables'")
    publish(database, tmp_path / "public", now=LATER)
    change(database, "DELETE FROM finding WHERE [check] = 'review_sum'")
    assert "'review_sum' in the same documents went from 60 to 0" in stopped(database, tmp_path / "public")


def test_totals_that_jump_on_the_same_portals_stop_it(database: Path, public: Path) -> None:
    count = gate.LEAST_GROWTH["report"]
    change(
        database,
        many("report", "id, agency, year", "'r' || n, 'a' || n, 2022", count),
        many("source", "id, report, portal", "'s' || n, 'r' || n, 'specimen'", count),
    )
    words = stopped(database, public)
    assert "reports on the same portals jumped from 3 to 2003" in words
    assert "agencies on the same portals jumped from 2 to 2002" in words


def test_what_a_new_portal_brings_is_growth(database: Path, public: Path) -> None:
    count = gate.LEAST_GROWTH["report"]
    change(
        database,
        "INSERT INTO portal (id) VALUES ('new')",
        many("report", "id, agency, year", "'r' || n, 'a' || n, 2022", count),
        many("source", "id, report, portal", "'s' || n, 'r' || n, 'new'", count),
        many("revision", "id, source", "n, 's' || n", count),
        many("finding", "id, revision, [check]", "n, n, 'review_sum'", count),
        many("capture", "id, portal", "'c' || n, 'new'", count),
        many("problem", "id, capture, kind", "n, 'c' || n, 'no_tables'", count),
    )
    folder = publish(database, public, now=LATER)
    assert rows(folder / DATABASE, "SELECT reports, new_reports FROM publication") == [(2003, 2000)]


def test_accepting_publishes_and_keeps_the_reason_with_the_list(database: Path, public: Path) -> None:
    change(database, "DELETE FROM report WHERE year = 2020")
    stopped(database, public)
    folder = publish(database, public, now=LATER, accept="误收，核对过原件")
    (row,) = rows(folder / DATABASE, "SELECT accepted, vanished, previous FROM publication")
    assert row == ("误收，核对过原件", 1, versions(public)[1].name)
    kept = dict(rows(folder / DATABASE, "SELECT kind, en FROM publication_change"))
    assert kept["accepted"] == "reports that were published and are no more: 1; accepted: 误收，核对过原件"
    assert kept["vanished"].startswith("Not here any more: 样本市展示局2020年")
    change(database, "UPDATE portal SET title = '又一个'")
    third = publish(database, public, now=LATER + timedelta(hours=1))
    assert rows(third / DATABASE, "SELECT accepted, vanished FROM publication") == [(None, 0)]
    assert len(rows(third / DATABASE, "SELECT 1 FROM publication_change WHERE kind = 'accepted'")) == 1


def test_a_reason_without_alarms_is_not_kept(database: Path, public: Path) -> None:
    change(database, "UPDATE portal SET title = '又一个'")
    folder = publish(database, public, now=LATER, accept="以防万一")
    assert rows(folder / DATABASE, "SELECT accepted FROM publication") == [(None,)]


def test_the_command_lists_why_it_stops_and_ends_with_1(
    database: Path, public: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        database,
        "DELETE FROM cell WHERE revision IN (SELECT revision FROM report WHERE year = 2020)",
        "DELETE FROM report WHERE year = 2021",
    )
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "published" not in said.out
    assert f"stopped       样本市体育馆 2021 {HOSTILE}样本市体育馆年报" in said.err
    assert "stopped     cells that were published and are no more, in reports that stay: 198" in said.err
    assert "stopped       and 193 more" in said.err
    assert 'gongkai publish --accept "why"' in said.err
    assert len(versions(public)) == 1
    assert gongkai.exit_code(["publish", "--data", str(tmp_path), "--accept", "试"]) == 0
    assert len(versions(public)) == 2


def test_control_characters_of_a_title_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = Sample("样本市展示局", 2022, "年报\x1b[2J\n假行", "http://specimen.localhost/2022.html")
    database = sample_archive.load(tmp_path / "gongkai.db", (bad,))
    publish(database, tmp_path / "public", now=NOW)
    change(database, "DELETE FROM report")
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 1
    assert "stopped       样本市展示局 2022 年报\ufffd[2J 假行\n" in capsys.readouterr().err


def test_a_changelog_tells_the_agencies_doing_from_ours(tmp_path: Path) -> None:
    database = tmp_path / "gongkai.db"
    first = (sample_history.EDITED, sample_history.MOVED)
    sample_archive.load(database, first)
    publish(database, tmp_path / "public", now=NOW)
    sample_archive.load(database, (sample_history.AFTER, sample_history.REPLACED))
    report = rows(database, "SELECT id FROM report WHERE year = 2021")[0][0]
    item = rows(database, "SELECT min(id) FROM form_item")[0][0]
    change(
        database,
        "INSERT INTO reextraction (id, reason) VALUES ('2026-11-24T20:16:00Z', '新的提取程序')",
        many(
            "reread",
            "reextraction, number, report, cause, item",
            f"'2026-11-24T20:16:00Z', n, '{report}', 'cell_value', CASE WHEN n < 3 THEN {item} END",
            3,
        ),
    )
    folder = publish(database, tmp_path / "public", now=LATER)
    counts = "new_reports, revised, gone, reread, vanished, cells_revised, cells_reread"
    assert rows(folder / DATABASE, f"SELECT {counts} FROM publication") == [(1, 1, 0, 1, 0, 3, 2)]
    told = rows(folder / DATABASE, "SELECT kind, cells, zh, en FROM publication_change ORDER BY number")
    assert [kind for kind, *_ in told] == ["new_report", "revised", "reread"]
    assert told[2][1:] == (
        2,
        "重新提取（新的提取程序），读出不同 3 处，非机关所改",
        "Read anew (新的提取程序): 3 differences, none of them the agency's doing",
    )


def test_a_publication_of_the_first_database_version_is_compared_too(tmp_path: Path) -> None:
    database = tmp_path / "gongkai.db"
    with closing(sqlite3.connect(database)) as db:
        db.executescript(VERSION_0)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("PRAGMA user_version = 0")
    publish(database, tmp_path / "public", now=NOW)
    with Loader(database, "1"):
        pass
    folder = publish(database, tmp_path / "public", now=LATER)
    assert rows(folder / DATABASE, "PRAGMA user_version") != [(0,)]
    change(database, "DELETE FROM report")
    assert "reports that were published and are no more" in stopped(database, tmp_path / "public")


@pytest.mark.slow
def test_a_crawl_whose_publication_is_stopped_says_so_and_leaves_the_old_one(tmp_path: Path) -> None:
    def crawl() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gongkai", "crawl", "--data", str(tmp_path)],
            env={
                **os.environ,
                "GONGKAI_SPECIMEN_PORT": str(port),
                "PYTHONPATH": str(ROOT),
                "GONGKAI_NOTIFY": python(TAKE.format(taken=str(taken))),
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    port, taken = free_ports(), tmp_path / "taken"
    crawl()
    published = versions(tmp_path / "public")
    assert len(published) == 1
    assert crawl().returncode == 0
    published = versions(tmp_path / "public")
    change(tmp_path / "gongkai.db", "DELETE FROM report WHERE id = (SELECT min(id) FROM report)")
    done = crawl()
    assert done.returncode == 1
    assert "stopped     reports that were published and are no more: 1" in done.stderr
    assert versions(tmp_path / "public") == published
    notice = json.loads(taken.read_text())
    assert (notice["portal"], notice["was"], notice["now"]) == ("", "published", "stopped")
    assert "reports that were published and are no more: 1" in notice["reason"]
