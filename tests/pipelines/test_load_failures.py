"""A database that cannot be written gives one clear error, and holds what it held before."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sample_readings import capture, report

from pipelines import schema
from pipelines.dump import dump_canonical
from pipelines.errors import LoadError, NewerDatabase
from pipelines.load import Loader

LOAD_MANY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from sample_readings import capture, report
from pipelines.load import Loader
with Loader(Path(sys.argv[1]), "1") as loader:
    for number in range(int(sys.argv[3])):
        loader.load_reading(capture(number), report(number))
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
"""


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    path.write_bytes(b"minutes of a meeting, surely no database" * 50)
    before = path.read_bytes()
    with pytest.raises(LoadError, match=r"gongkai\.db.*not a database"):
        Loader(path, "1")
    assert path.read_bytes() == before


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(LoadError, match=r"gongkai\.db"):
        Loader(tmp_path / "data" / "gongkai.db", "1")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LoadError, match=r"gongkai\.db"):
        Loader(tmp_path / "gongkai.db", "1")


def test_a_database_held_by_another_loader_is_refused_after_the_timeout(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    with Loader(path, "1", timeout=0.1) as loader:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(LoadError, match="locked"):
                loader.load_reading(capture(1), report(1))
            with pytest.raises(LoadError, match="locked"):
                Loader(path, "1", timeout=0.1)
        finally:
            other.close()
        assert loader.load_reading(capture(1), report(1)).reports == 1


def test_a_full_disk_takes_nothing_half(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    with Loader(path, "1") as loader:
        loader.load_reading(capture(0), report(0))
        before = list(dump_canonical(path))
        pages = loader.db.execute("PRAGMA page_count").fetchone()[0]
        loader.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(LoadError, match="full"):
            list(loader.load_readings((capture(number), report(number)) for number in range(1, 30)))
        assert list(dump_canonical(path)) == before
        loader.db.execute(f"PRAGMA max_page_count = {pages + 10_000}")
        loader.load_reading(capture(1), report(1))
    assert len(list(dump_canonical(path))) > len(before)


def test_a_reading_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    wrong = report(1).cells[-1]._replace(state="no such state")
    with Loader(path, "1") as loader:
        loader.load_reading(capture(1), report(1))
        before = list(dump_canonical(path))
        with pytest.raises(KeyError):
            loader.load_reading(capture(1), replace(report(1), cells=(*report(1).cells[:-1], wrong)))
        assert list(dump_canonical(path)) == before


def test_a_database_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    with Loader(path, "1") as loader:
        loader.load_reading(capture(1), report(1))
        loader.db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(NewerDatabase, match=rf"gongkai\.db.*version {schema.VERSION + 1}"):
        Loader(path, "1")


@pytest.mark.slow
def test_a_loader_that_is_killed_and_run_again_gives_the_same_database(tmp_path: Path) -> None:
    documents = 60
    done = tmp_path / "done.db"
    killed = tmp_path / "killed.db"
    assert run(done, documents).wait(120) == 0
    chance = random.Random(2)
    for _ in range(4):
        loader = run(killed, documents)
        assert loader.stdout is not None
        for _ in range(chance.randrange(1, 25)):
            loader.stdout.readline()
        time.sleep(chance.random() / 100)
        loader.send_signal(signal.SIGKILL)
        assert loader.wait(60) == -signal.SIGKILL
        loader.stdout.close()
        with Loader(killed, "1") as reopened:
            whole = reopened.db.execute("SELECT count(*) FROM cell GROUP BY revision").fetchall()
            assert {cells for (cells,) in whole} == {200}
            assert reopened.db.execute("PRAGMA foreign_key_check").fetchall() == []
            assert reopened.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    loader = run(killed, documents)
    loader.communicate(timeout=120)
    assert loader.returncode == 0
    assert list(dump_canonical(killed)) == list(dump_canonical(done))


def run(path: Path, documents: int) -> "subprocess.Popen[str]":
    arguments = [str(path), str(Path(__file__).parent), str(documents)]
    output = subprocess.DEVNULL if path.stem == "done" else subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", LOAD_MANY, *arguments], stdout=output, text=True)
