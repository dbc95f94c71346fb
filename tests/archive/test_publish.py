"""Publications are whole, immutable, and made only when something has changed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive.errors import PublishError
from archive.publish import DATABASE, KEEP, newest, publish, versions
from tests import sample_archive

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)


def touch(database: Path, name: str) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE portal SET title = ?", (name,))


def one(database: Path, query: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return tuple(db.execute(query).fetchone())


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return sample_archive.load(tmp_path / "gongkai.db")


def test_a_publication_is_named_by_its_time_in_utc(database: Path, tmp_path: Path) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    folder = publish(database, tmp_path / "public", now=local)
    assert folder == tmp_path / "public" / "20261124T201555Z"
    assert newest(tmp_path / "public") == folder


def test_a_publication_counts_what_it_holds(published: Path) -> None:
    row = one(
        published / DATABASE,
        "SELECT version, made_at, reports, agencies, first_year, last_year, cells, findings, problems,"
        " captures, specimens FROM publication",
    )
    assert row == ("20261124T201555Z", "2026-11-24T20:15:55Z", 3, 2, 2020, 2022, 398, 4, 1, 3, 1)


def test_a_publication_can_be_opened_immutable_and_is_analysed(published: Path) -> None:
    assert one(published / DATABASE, "PRAGMA journal_mode") == ("delete",)
    assert one(published / DATABASE, "PRAGMA integrity_check") == ("ok",)
    assert one(published / DATABASE, "SELECT count(*) > 0 FROM sqlite_stat1") == (1,)
    assert {path.name for path in published.iterdir()} == {
        DATABASE,
        "files",
        "manifest.json",
        "SHA256SUMS",
        "datapackage.json",
        "dictionary.csv",
    }


def test_every_field_of_the_publication_is_described(published: Path) -> None:
    missing = one(
        published / DATABASE,
        "SELECT count(*) FROM pragma_table_info('publication') AS field WHERE NOT EXISTS (SELECT 1"
        " FROM description WHERE \"table\" = 'publication' AND description.field = field.name)",
    )
    assert missing == (0,)


def test_nothing_new_is_published_while_nothing_changed(database: Path, tmp_path: Path) -> None:
    first = publish(database, tmp_path / "public", now=NOW)
    sample_archive.load(database)
    assert publish(database, tmp_path / "public", now=NOW + timedelta(hours=1)) == first
    touch(database, "又一个样本门户")
    second = publish(database, tmp_path / "public", now=NOW + timedelta(hours=2))
    assert [second, first] == versions(tmp_path / "public")


def test_a_clock_set_back_still_makes_the_newest_version(database: Path, tmp_path: Path) -> None:
    first = publish(database, tmp_path / "public", now=NOW)
    touch(database, "又一个样本门户")
    second = publish(database, tmp_path / "public", now=NOW - timedelta(days=400))
    assert second.name == "20261124T201556Z"
    assert newest(tmp_path / "public") == second != first


def test_only_the_last_versions_are_kept(database: Path, tmp_path: Path) -> None:
    made = []
    for number in range(KEEP + 2):
        touch(database, f"样本门户{number}")
        made.append(publish(database, tmp_path / "public", now=NOW + timedelta(minutes=number)))
    assert versions(tmp_path / "public") == made[: -KEEP - 1 : -1]
    assert len(list((tmp_path / "public").iterdir())) == KEEP


def test_what_a_killed_publish_left_is_cleared_and_never_served(database: Path, tmp_path: Path) -> None:
    public = tmp_path / "public"
    for leftover in (".draft", ".20200101T000000Z", "20300101T000000Z"):
        (public / leftover).mkdir(parents=True)
    (public / ".draft" / DATABASE).write_bytes(b"half")
    (public / ".keep").touch()
    assert newest(public) is None
    folder = publish(database, public, now=NOW)
    assert newest(public) == folder
    assert sorted(path.name for path in public.iterdir()) == [".keep", folder.name, "20300101T000000Z"]


def test_search_still_finds_its_rows_after_rows_were_replaced(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM section WHERE text = ''")
    folder = publish(database, tmp_path / "public", now=NOW)
    found = one(
        folder / DATABASE,
        "SELECT section.text FROM section_fts JOIN section ON search_id = section_fts.rowid"
        " WHERE section_fts MATCH '\"体 育\"'",
    )
    assert "体育" in str(found[0])


def test_the_working_database_may_be_written_while_it_is_published(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM cell")
        folder = publish(database, tmp_path / "public", now=NOW)
        db.rollback()
    assert one(folder / DATABASE, "SELECT cells FROM publication") == (398,)


@pytest.mark.parametrize("content", [None, b"", b"no database, but long enough to be read as a page"])
def test_a_missing_or_broken_database_is_one_clear_error(tmp_path: Path, content: bytes | None) -> None:
    database = tmp_path / "gongkai.db"
    if content is not None:
        database.write_bytes(content)
    with pytest.raises(PublishError, match=r"gongkai\.db"):
        publish(database, tmp_path / "public", now=NOW)
    assert newest(tmp_path / "public") is None


def test_a_folder_that_cannot_be_made_is_one_clear_error(database: Path, tmp_path: Path) -> None:
    (tmp_path / "public").write_text("a file is in the way")
    with pytest.raises(PublishError, match="public"):
        publish(database, tmp_path / "public", now=NOW)


@pytest.mark.slow
def test_a_publish_killed_at_any_moment_leaves_whole_versions_only(database: Path, tmp_path: Path) -> None:
    public = tmp_path / "public"
    program = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from archive.publish import publish\n"
        "publish(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime.now(UTC))"
    )
    for delay in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        touch(database, f"样本门户{delay}")
        process = subprocess.Popen([sys.executable, "-c", program, str(database), str(public)])
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        for folder in versions(public):
            assert one(folder / DATABASE, "PRAGMA integrity_check") == ("ok",)
            assert one(folder / DATABASE, "SELECT reports FROM publication") == (3,)
    folder = publish(database, public, now=datetime.now(UTC))
    assert newest(public) == folder
    assert all(not path.name.startswith(".") for path in public.iterdir())


MOMENTS = (
    "archive.publish._finish",
    "archive.gate.alarms",
    "archive.past.keep",
    "archive.edition.write_row",
    "archive.snapshot.pack",
    "archive.files._part",
    "archive.files._link",
    "archive.formats.Parquet.close",
    "archive.datapackage.write_package",
    "archive.manifest.write",
    "archive.publish._swap_in",
    "archive.publish._retire",
)
KILLED = """
import importlib, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from archive.publish import publish
database, public, moment, nth = sys.argv[1:]
module, *names, last = moment.split(".")[1:]
owner = importlib.import_module(f"archive.{module}")
for name in names:
    owner = getattr(owner, name)
step, left = getattr(owner, last), [int(nth)]
def stepped(*given, **named):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(*given, **named)
setattr(owner, last, stepped)
publish(Path(database), Path(public), now=datetime.now(UTC))
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_publish_killed_between_two_steps_leaves_the_old_version_and_the_next_is_whole(
    database: Path, tmp_path: Path, moment: str
) -> None:
    public = tmp_path / "public"
    first = publish(database, public, now=NOW)
    touch(database, "又一个样本门户")
    nth = "2" if moment.startswith("archive.f") else "1"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(database), str(public), moment, nth], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    swapped = moment == "archive.publish._retire"
    assert (newest(public) == first) is not swapped
    folder = publish(database, public, now=datetime.now(UTC))
    assert newest(public) == folder != first
    assert sorted(public.iterdir()) == [first, folder]
    for version in (first, folder):
        checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=version)
        assert checked.returncode == 0
