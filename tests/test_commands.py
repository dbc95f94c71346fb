"""Bad input to the command line: one clear message, the right exit code, and nothing lost."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

import gongkai
from archive.errors import LockHeld
from archive.locks import hold
from crawler.loader import PortalLoader
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


Said = tuple[int, str, str]
"""A command's exit code, its output, and what it said of faults."""


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return what runs a command in this process: ten times faster, for those that do not crawl."""
    monkeypatch.setenv("GONGKAI_CONTACT", "")

    def run(*arguments: object) -> Said:
        code = gongkai.exit_code([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


def test_help_names_every_command_and_ends_in_an_example(call: Callable[..., Said]) -> None:
    listed = call("--help")[1].partition("Commands:")[2].split("\n")
    commands = [line.split()[0] for line in listed if line.startswith("  ") and line.strip()]
    wanted = {
        "demo",
        "crawl",
        "extract",
        "serve",
        "dump",
        "publish",
        "rows",
        "portals",
        "verify",
        "probe",
        "import",
        "show",
        "correction",
        "withhold",
        "status",
        "schedule",
        "doctor",
        "restore",
    }
    assert wanted == set(commands)
    for command in commands:
        assert f"    gongkai {command}" in call(command, "--help")[1].replace(
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
        (("dump", "--canonical", "--data", "{tmp}"), 3, "no archive is here"),
        (("serve", "--data", "{tmp}"), 3, "nothing is published"),
        (("crawl", "--portals", "{tmp}/bad.toml", "--data", "{tmp}"), 3, "'division'"),
        (("crawl", "--portals", "{tmp}/public.toml", "--data", "{tmp}"), 3, "GONGKAI_CONTACT"),
        (("dump", "--data", "{tmp}"), 3, "no archive is here"),
        *(
            ((name, "--portals", "x"), 2, "--portals")
            for name in ("demo", "extract", "publish", "serve", "verify", "dump")
        ),
    ],
)
def test_a_wrong_call_is_one_line_and_its_code(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str, call: Callable[..., Said]
) -> None:
    good = '[x1]\ntitle = "样例"\ndivision = "990300"\nhome = "http://a.example/"\nhosts = ["a.example"]\nseen = "t"\n'
    (tmp_path / "public.toml").write_text(good)
    (tmp_path / "bad.toml").write_text(good.replace("990300", "9903"))
    got, output, errors = call(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert got == code, output + errors
    assert message in errors


def test_a_demo_says_at_once_that_its_port_is_taken(tmp_path: Path, call: Callable[..., Said]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, output, errors = call("demo", "--port", taken.getsockname()[1], "--data", tmp_path / "data")
    assert (code, output) == (3, "")
    assert "choose another port with --port" in errors
    assert not (tmp_path / "data").exists(), "nothing was crawled in vain"


def test_every_fault_of_a_portals_file_has_its_line(tmp_path: Path, call: Callable[..., Said]) -> None:
    (tmp_path / "bad.toml").write_text('[a1]\ntitle = 3\n[b1]\ntitle = "样例"\n')
    code, _, errors = call("portals", "--portals", tmp_path / "bad.toml")
    assert code == 3
    lines = errors.splitlines()
    assert len(lines) == 9
    assert all(line.startswith(f"gongkai: {tmp_path}/bad.toml: portal '") for line in lines)


def test_where_no_portal_is_declared_the_list_says_how_to_declare_one(
    call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("crawler.registry.REGISTRY", tmp_path)
    code, output, errors = call("portals")
    assert (code, output) == (0, "")
    assert "crawler/portals/README.md" in errors
    assert "--portals" in errors


@pytest.mark.slow
def test_a_file_that_is_no_report_is_said_to_be_none_beside_its_json(tmp_path: Path) -> None:
    (tmp_path / "notice.html").write_text(
        "<title>关于召开会议的通知</title><p>各单位：现将有关事项通知如下。</p>"
    )
    done = run("extract", "--json", tmp_path / "notice.html")
    assert json.loads(done.stdout)["cells"] == []
    assert done.stderr.count("\n") == 1
    assert "notice.html: not a report: " in done.stderr


def test_scrapy_names_a_portal_that_is_not_declared(tmp_path: Path) -> None:
    done = subprocess.run(
        [Path(GONGKAI).with_name("scrapy"), "crawl", "nowhere"],
        env={**os.environ, "GONGKAI_DATA": str(tmp_path)},
        cwd=Path(__file__).parent.parent, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Spider not found: nowhere" in done.stdout + done.stderr
    with pytest.raises(KeyError, match="Spider not found: nowhere"):
        PortalLoader({}).load("nowhere")


def test_the_specimens_help_prints_its_example_as_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler.specimens", "--help"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "Example:\n    python -m crawler.specimens --data data\n" in done.stdout
    assert "\\b" not in done.stdout


def test_a_lock_says_who_holds_it(tmp_path: Path) -> None:
    with (
        hold(tmp_path, "loader"),
        pytest.raises(LockHeld, match=f"process {os.getpid()}, "),
        hold(tmp_path, "loader"),
    ):
        pass


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


@pytest.mark.parametrize(
    "command",
    [
        ("withhold", "abc", "--by", "x", "--reason", "y"),
        ("show", "abc"),
        ("publish",),
        ("verify", "--repair"),
        ("extract", "--all"),
        ("extract", "--pending"),
        ("correction", "list"),
        ("dump", "--canonical"),
        ("serve",),
        ("rows", "report"),
    ],
)
def test_a_command_that_makes_no_archive_makes_nothing_where_there_is_none(
    call: Callable[..., Said], tmp_path: Path, command: tuple[str, ...]
) -> None:
    code, out, said = call(*command, "--data", tmp_path / "mistyped")
    assert (code, out, said.count("\n")) == (3, "", 1)
    assert "mistyped: no archive is here" in said or "nothing is published in" in said
    assert list(tmp_path.iterdir()) == []
