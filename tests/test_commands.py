"""Bad input to the command line: one clear message, the right exit code, and nothing lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.crawler import bad_portals

GONGKAI = str(Path(sys.executable).with_name("gongkai"))


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GONGKAI, *map(str, arguments)],
        env={**os.environ, "GONGKAI_CONTACT": "", **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_help_names_every_command_and_ends_in_an_example() -> None:
    listed = run("--help").stdout.partition("Commands:")[2].split("\n")
    commands = [line.split()[0] for line in listed if line.startswith("  ") and line.strip()]
    assert {"demo", "crawl", "extract", "serve", "dump", "publish", "portals", "verify"} == set(commands)
    for command in commands:
        assert f"    gongkai {command}" in run(command, "--help").stdout.replace(
            "example.org gongkai", "    gongkai"
        )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("crawl", "--data", "/dev/null/x"), 3, "/dev/null/x"),
        (("demo", "--no-serve", "--data", "/proc/nowhere"), 3, "/proc/nowhere"),
        (("crawl", "nowhere", "--data", "{tmp}"), 2, "'nowhere'"),
        (("crawl", "--colour"), 2, "--colour"),
        (("extract",), 2, "give files"),
        (("extract", "/no/such/file.html"), 2, "/no/such/file.html"),
        (("dump", "--canonical", "--data", "{tmp}"), 3, "gongkai.db"),
        (("serve", "--data", "{tmp}"), 3, "nothing is published"),
        (("crawl", "--portals", "{tmp}/bad.toml", "--data", "{tmp}"), 3, "'division'"),
        (("crawl", "--portals", "{tmp}/public.toml", "--data", "{tmp}"), 3, "GONGKAI_CONTACT"),
    ],
)
def test_a_wrong_call_is_one_line_and_its_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    good = '[x1]\ntitle = "样例"\ndivision = "990300"\nhome = "http://a.example/"\nhosts = ["a.example"]\nseen = "t"\n'
    (tmp_path / "public.toml").write_text(good)
    (tmp_path / "bad.toml").write_text(good.replace("990300", "9903"))
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_portals_that_misbehave_get_their_outcome_and_touch_no_other(tmp_path: Path) -> None:
    with bad_portals.serve(tmp_path) as (portals, asked):
        done = run("crawl", "--portals", portals, "--data", tmp_path / "data")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(tmp_path / "data" / "gongkai.db")) as db:
        outcomes = dict(db.execute("SELECT portal, outcome FROM run"))
        reasons = dict(db.execute("SELECT portal, reason FROM run"))
        read = {
            str(url).rpartition("/")[2]: reading
            for url, reading in db.execute("SELECT url, reading FROM capture WHERE role = 'detail'")
        }
        problems = db.execute("SELECT kind FROM problem").fetchall()
    assert outcomes == {
        "column_gone": "gone",
        "column_moved": "moved",
        "forbidding": "failed",
        "robots_broken": "failed",
        "shielded": "blocked",
        "empty_column": "empty",
        "leading_away": "failed",
        "looping": "failed",
        "odd_documents": "failed",
        "silent": "failed",
    }
    assert all(reasons.values())
    assert "robots" in reasons["forbidding"]
    assert asked["forbidding"] == ["/robots.txt"]
    assert set(asked["robots_broken"]) == {"/robots.txt"}
    assert read["empty.html"] == read["binary.html"] == "unreadable"
    assert len([kind for (kind,) in problems if kind == "unreadable_document"]) >= 2
    assert "text.html" in read
    assert "x.html" in reasons["odd_documents"]
