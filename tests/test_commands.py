"""Bad input to the command line: one clear message, the right exit code, and nothing lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
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


@dataclass(frozen=True)
class BadCrawl:
    """What came of crawling all bad portals with one command."""

    done: subprocess.CompletedProcess[str]
    handlers: dict[str, type[bad_portals.Handler]]
    data: Path

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.data / "gongkai.db")) as db:
            return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def bad_crawl(tmp_path_factory: pytest.TempPathFactory) -> BadCrawl:
    folder = tmp_path_factory.mktemp("bad")
    with bad_portals.serve(folder) as (portals, handlers):
        done = run("crawl", "--portals", portals, "--data", folder / "data")
    return BadCrawl(done, handlers, folder / "data")


@pytest.mark.slow
def test_portals_that_misbehave_get_their_outcome_and_touch_no_other(bad_crawl: BadCrawl) -> None:
    assert bad_crawl.done.returncode == 1, bad_crawl.done.stdout + bad_crawl.done.stderr
    assert "Traceback" not in bad_crawl.done.stderr
    outcomes = dict(bad_crawl.rows("SELECT portal, outcome FROM run"))
    assert outcomes == {
        "column_gone": "gone",
        "column_moved": "moved",
        "forbidding": "failed",
        "framed": "ok",
        "framed_endlessly": "failed",
        "robots_broken": "failed",
        "shielded": "blocked",
        "shielded_documents": "blocked",
        "shielded_silently": "blocked",
        "leading_home": "failed",
        "empty_column": "empty",
        "leading_away": "failed",
        "looping": "failed",
        "odd_documents": "failed",
        "silent": "failed",
        "slow": "ok",
        "tired": "ok",
        "very_tired": "failed",
    }
    reasons = dict(bad_crawl.rows("SELECT portal, reason FROM run"))
    assert all(reasons.values())
    assert "robots" in reasons["forbidding"]
    assert "led to http" in reasons["leading_home"]
    assert "challenge" in reasons["shielded_documents"]
    assert "86400" in reasons["very_tired"]
    assert "x.html" in reasons["odd_documents"]


@pytest.mark.slow
def test_a_list_in_a_frame_is_found_and_a_foreign_frame_is_a_reason(bad_crawl: BadCrawl) -> None:
    skips = bad_crawl.rows(
        "SELECT s.url, s.reason FROM skip s JOIN run r ON r.id = s.run AND portal = 'framed'"
    )
    assert skips == [("http://127.0.0.1:9/ad", "foreign_host")]
    assert "/nb/3.html" not in bad_crawl.handlers["framed_endlessly"].asked


@pytest.mark.slow
def test_robots_txt_pauses_and_refusals_are_obeyed(bad_crawl: BadCrawl) -> None:
    handlers = bad_crawl.handlers
    assert handlers["forbidding"].asked == ["/robots.txt"]
    assert set(handlers["robots_broken"].asked) == {"/robots.txt"}
    assert handlers["very_tired"].asked == ["/robots.txt", "/"], "asked to stay away, it stays away"
    gaps = [after - before for before, after in pairwise(handlers["slow"].times)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.95
    tired = handlers["tired"]
    assert tired.asked == ["/robots.txt", "/", "/nb/", "/nb/", "/nb/1.html", "/nb/1.html"]
    assert tired.times[3] - tired.times[2] >= 1.95
    assert tired.times[5] - tired.times[4] >= 0.95


@pytest.mark.slow
def test_odd_documents_are_problems_and_nothing_of_them_is_lost(bad_crawl: BadCrawl) -> None:
    rows = bad_crawl.rows(
        "SELECT url, reading FROM capture WHERE role = 'detail' AND portal = 'odd_documents'"
    )
    read = {url.rpartition("/")[2]: reading for url, reading in rows}
    assert set(read) == {"empty.html", "binary.html", "text.html", "cut.html", "x.html"}
    assert read["empty.html"] == read["binary.html"] == "unreadable"
    kinds = [kind for (kind,) in bad_crawl.rows("SELECT kind FROM problem")]
    assert kinds.count("unreadable_document") >= 2
