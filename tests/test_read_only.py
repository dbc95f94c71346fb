"""A folder in which nothing may be written is read as it is: by a user who only watches, in a container that serves."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import reading, runs
from archive.captures import DETAIL, Context
from archive.exchanges import Exchange
from archive.index import Index
from crawler import doctor
from crawler.doctor import ERROR, OK, WARNING, Check
from pipelines import schema
from tests import sample_archive

ROOT = Path(__file__).parent.parent
DATE = "2026-11-20T00:00:00Z"
VERDICT = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}

NAMESPACE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
MOUNTED = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && ! touch {0}/x 2>/dev/null && exec {1}"
COMMANDS = """
import json, sys
import gongkai
for command in json.loads(sys.argv[1]):
    print("==", command[0], gongkai.exit_code(command), flush=True)
"""
OWN = """
[pp]
title = "样例市"
division = "990300"
home = "http://pp.example/"
hosts = ["pp.example"]
seen = "t"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of a whole archive of which nobody has a file open."""
    folder = tmp_path / "data"
    folder.mkdir()
    sample_archive.load(folder / "gongkai.db")
    writer = runs.RunWriter(folder / "warc", "pp", "20261120T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": {}})
    page = Context(role=DETAIL, portal="pp")
    writer.store(Exchange("http://pp.example/", "GET", (), b"", 200, "", (), b"a page", DATE, "1", page))
    writer.tell(runs.ENDED, DATE, VERDICT)
    writer.seal()
    with Index(folder) as index:
        index.catch_up()
    with closing(sqlite3.connect(folder / "gongkai.db")) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    assert not list(folder.glob("*-wal"))
    return folder


def is_mounted() -> bool:
    try:
        done = subprocess.run([*NAMESPACE, "true"], stderr=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not is_mounted(), reason="rights do not bind root, and nothing may be mounted here")
def test_what_only_reads_reads_a_folder_that_cannot_be_written(data: Path) -> None:
    own = data.parent / "own.toml"
    own.write_text(OWN)
    with Index(data) as index:
        (capture,) = index.documents()
    portals = ("--portals", str(own))
    commands = [
        ["status", *portals],
        ["show", capture],
        ["crawl", "--due", "--dry-run", *portals],
        ["doctor", *portals],
    ]
    told = json.dumps([[*command, "--data", str(data)] for command in commands])
    program = shlex.join([sys.executable, "-c", COMMANDS, told])
    done = subprocess.run(
        [*NAMESPACE, "sh", "-c", MOUNTED.format(shlex.quote(str(data)), program)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "GONGKAI_CONTACT": "me@example.org"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    codes = dict(line.split()[1:] for line in lines if line.startswith("=="))
    # The portal will be overdue one day.
    assert (codes["show"], codes["crawl"], codes["status"] in "01") == ("0", "0", True)
    assert "a page" in lines
    checks = dict(line[9:].split(": ", 1) for line in lines if line[:8].strip() in (OK, WARNING, ERROR))
    assert checks["database"].startswith("whole")
    assert checks["index"] == "whole"
    assert "cannot be written" in checks["data"]


@pytest.mark.parametrize(
    ("log", "writable", "alone"),
    [(False, True, False), (True, True, False), (True, False, False), (False, False, True)],
)
def test_a_database_is_taken_for_unchanging_only_where_nobody_can_have_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: bool, writable: bool, alone: bool
) -> None:
    (tmp_path / "a.db").touch()
    if log:
        (tmp_path / "a.db-wal").touch()
    monkeypatch.setattr(os, "access", lambda folder, how: writable)
    assert reading.uri(tmp_path / "a.db").endswith("?mode=ro&immutable=1" if alone else "?mode=ro")


def looked(data: Path) -> dict[str, Check]:
    return {check.name: check for check in doctor.examine(data, [], "", datetime.now(UTC), schema.VERSION)}


def test_what_cannot_be_opened_is_not_called_damaged(data: Path) -> None:
    for name in ("gongkai.db", "captures.db"):
        (data / name).unlink()
        (data / name).mkdir()
    found = looked(data)
    assert (found["database"].state, found["index"].state) == (ERROR, WARNING)
    assert found["database"].remedy == found["index"].remedy == doctor.UNREAD
    (data / "gongkai.db").rmdir()
    (data / "gongkai.db").write_bytes(b"no database at all" * 99)
    assert "move it away" in looked(data)["database"].remedy
