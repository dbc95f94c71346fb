"""`gongkai crawl --due` in whole processes: whose turn it is, once each, within its time, and what it says."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from archive.index import Index
from archive.locks import hold, portal_lock
from archive.wanted import Awaited, awaited
from crawler import rota
from crawler.portal import read_portals
from pipelines.load import Loader
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer
from tests.crawler.test_gaps import listed, portal, title

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "gongkai", "crawl", "--due"]
ENVIRONMENT = {**os.environ, "GONGKAI_CONTACT": "", "PYTHONPATH": str(ROOT)}

slow = pytest.mark.slow


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `crawl --due` of this tree, whatever is installed."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def crawled(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return dict(re.findall(r"^crawled +(\w+): (\w+): ", done.stdout, re.MULTILINE))


def age(data: Path, name: str, by: timedelta) -> None:
    """Let all runs of a portal have been earlier."""
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        for identity, *times in db.execute(
            "SELECT id, started_at, ended_at FROM run WHERE portal = ?", (name,)
        ).fetchall():
            earlier = [f"{datetime.fromisoformat(each) - by:%Y-%m-%dT%H:%M:%SZ}" for each in times]
            db.execute("UPDATE run SET started_at = ?, ended_at = ? WHERE id = ?", (*earlier, identity))


TINY: dict[str, Answer] = {
    "/": HOME,
    "/nb/": (200, HTML, bad_portals.column("1.html")),
    "/nb/1.html": (200, HTML, bad_portals.page("x")),
}


@dataclass
class Site:
    """Three portals, one of which refuses, and what each command asked them."""

    file: Path
    handlers: dict[str, type[bad_portals.Handler]]

    def asked(self) -> dict[str, int]:
        counts = {name: len(handler.asked) for name, handler in self.handlers.items()}
        for handler in self.handlers.values():
            handler.asked.clear()
        return {name: count for name, count in counts.items() if count}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    portals = {"one": TINY, "two": TINY, "shut": {"/": (403, HTML, b"no")}}
    with bad_portals.serve(tmp_path, portals) as (file, handlers):
        yield Site(file, handlers)


@slow
def test_at_first_all_are_due_and_at_once_again_none(site: Site, tmp_path: Path) -> None:
    data = tmp_path / "data"
    looked = run("--dry-run", "--portals", site.file, "--data", data)
    assert (looked.returncode, site.asked()) == (0, {})
    assert re.findall(r"^ +(\w+): it was never crawled \(since", looked.stdout, re.MULTILINE) == [
        "one",
        "two",
        "shut",
    ]
    first = run("--portals", site.file, "--data", data)
    assert first.returncode == 1, first.stdout + first.stderr
    assert crawled(first) == {"one": "ok", "two": "ok", "shut": "blocked"}
    assert set(site.asked()) == {"one", "two", "shut"}
    again = run("--portals", site.file, "--data", data)
    assert (again.returncode, site.asked()) == (0, {})
    due, coming = again.stdout.splitlines()
    assert due == "due         0 of 3 portals"
    assert coming.startswith("next        shut: it was blocked: asked again after 1 hours")
    assert "published" not in again.stdout


@slow
def test_one_that_failed_is_asked_after_its_rest_and_the_others_when_their_turn_comes(
    site: Site, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    arguments = "--portals", site.file, "--data", data
    run(*arguments)
    site.asked()
    age(data, "shut", timedelta(minutes=50))
    assert (run(*arguments).returncode, site.asked()) == (0, {})
    age(data, "shut", timedelta(minutes=11))
    assert crawled(run(*arguments)) == {"shut": "blocked"}
    assert set(site.asked()) == {"shut"}
    age(data, "shut", timedelta(minutes=70))
    assert (run(*arguments).returncode, site.asked()) == (0, {}), "now it rests for two hours"
    age(data, "one", timedelta(days=32))
    assert crawled(run(*arguments)) == {"one": "unchanged"}
    # The index is derived: what was crawled is known from the WARC files, with its own times.
    (data / "captures.db").unlink()
    assert (run(*arguments).returncode, set(site.asked())) == (0, {"one"})


@slow
def test_two_at_once_take_each_portal_once(tmp_path: Path) -> None:
    names = [f"tiny{number}" for number in range(12)]
    with bad_portals.serve(tmp_path, dict.fromkeys(names, TINY)) as (file, handlers):
        command = [*COMMAND, "--portals", str(file), "--data", str(tmp_path / "data")]
        both = [
            subprocess.Popen(command, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = [each.communicate(timeout=240)[0] for each in both]
    assert {name: len(handler.asked) for name, handler in handlers.items()} == dict.fromkeys(names, 4)
    # One report without its tables on each: its problem needs a look, a busy portal does not.
    assert {each.returncode for each in both} <= {0, 1}, said
    taken = re.findall(r"^crawled +(\w+): ok: ", "".join(said), re.MULTILINE)
    assert sorted(taken) == sorted(names), said
    assert "look at" not in "".join(said)


@slow
def test_a_portal_that_another_command_has_is_left_to_it_and_is_no_fault(site: Site, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with hold(data, portal_lock("one")):
        done = run("one", "--portals", site.file, "--data", data)
    assert (done.returncode, crawled(done), site.asked()) == (0, {"one": "busy"}, {})


@slow
def test_what_was_crawled_since_the_list_was_made_is_not_crawled_again(site: Site, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("one", "--portals", site.file, "--data", data)
    site.asked()
    # As if the list had been made before the run above had ended.
    stale = (
        "import collections, gongkai; from crawler import rota;"
        "rota._runs = lambda rows: collections.defaultdict(list); gongkai.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", stale, "crawl", "--due", "one", "--portals", str(site.file), "--data", str(data)],
        env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert (done.returncode, crawled(done), site.asked()) == (0, {"one": "busy"}, {}), done.stderr
    assert "another command has crawled it meanwhile" in done.stdout
    assert not list((data / "warc" / "one").glob("*.open")), "and no run of it was begun"


SLOW = {**TINY, "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 30\n")}


@slow
def test_when_the_time_is_up_the_rest_is_left_to_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with bad_portals.serve(tmp_path, {"quick": TINY, "sluggish": SLOW}) as (file, handlers):
        began = time.monotonic()
        done = run("--budget", "0.05", "--portals", file, "--data", data)
        assert time.monotonic() - began < 40
        assert crawled(done) == {"quick": "ok", "sluggish": "interrupted"}, done.stdout + done.stderr
        assert "published" in done.stdout, "what was archived in time is read and published"
        assert done.returncode in (0, 1)
        asked = len(handlers["sluggish"].asked)
        handlers["sluggish"].pages["/robots.txt"] = (200, {}, b"")
        left = run("--dry-run", "--portals", file, "--data", data)
        assert "sluggish: its last run was left in the middle" in left.stdout
        assert "quick" not in left.stdout
        assert 1 <= asked <= 2


@slow
def test_sigterm_ends_it_cleanly(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with bad_portals.serve(tmp_path, {"sluggish": SLOW}) as (file, handlers):
        process = subprocess.Popen(
            [*COMMAND, "--portals", str(file), "--data", str(data)],
            env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until = time.monotonic() + 60
        while not handlers["sluggish"].asked and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "the next start goes on from here" in output


@slow
def test_where_something_is_wanted_and_nothing_new_is_listed_a_run_for_gaps_is_made(
    tmp_path: Path,
) -> None:
    hiding = portal(
        "甲样市",
        **{
            "/zx/": listed(("e.html", title("甲样市教育局", 2020))),
            "/zx/index_1.html": listed(at=1),
            "/zx/e.html": (200, HTML, b"<title>x</title>"),
        },
    )
    with bad_portals.serve(tmp_path, {"hiding": hiding}) as (file, _):
        file.write_text(
            re.sub(
                r'home = "(.*?)"\n(.*)\ncolumns = \[\]',
                r'home = "\1"\n\2\ncolumns = ["\1nb/"]',
                file.read_text(),
            )
        )
        data = tmp_path / "data"
        arguments = "--portals", file, "--data", data
        assert crawled(run(*arguments)) == {"hiding": "ok"}
        age(data, "hiding", timedelta(days=8))
        assert crawled(run(*arguments)) == {"hiding": "unchanged"}
        # A report that coverage wants since last week, as if this were February.
        yesterday = (datetime.now(UTC) - timedelta(days=3)).date()
        with closing(sqlite3.connect(data / "gongkai.db")) as db, db:
            db.execute("UPDATE coverage SET due_on = ? WHERE state = 'not_found'", (yesterday.isoformat(),))
        done = run(*arguments)
        assert "looked for" in done.stdout, done.stdout + done.stderr
        assert (run(*arguments).stdout.splitlines()[0]) == "due         0 of 1 portal"
        with closing(sqlite3.connect(data / "captures.db")) as db:
            walks = [walk for (walk,) in db.execute("SELECT walk FROM run ORDER BY id")]
    assert walks[-1] == "gaps"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--due", "--gaps"), "--due decides how far"),
        (("--due", "--accept", "x", "one"), "--due decides how far"),
        (("--budget", "5"), "go with --due"),
        (("--dry-run",), "go with --due"),
        (("--due", "--budget", "0"), "0"),
        (("--due", "nowhere"), "'nowhere'"),
    ],
)
def test_options_that_contradict_one_another_are_refused(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai.exit_code(["crawl", "--data", str(tmp_path), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_schedule_without_confirmed_portals_needs_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.registry.REGISTRY", tmp_path)
    assert gongkai.exit_code(["crawl", "--due", "--data", str(tmp_path / "data")]) == 1
    assert "no portal is confirmed yet" in capsys.readouterr().err


def test_the_most_overdue_comes_first_then_what_was_left_and_then_what_is_new(tmp_path: Path) -> None:
    file = tmp_path / "four.toml"
    file.write_text(
        "\n".join(bad_portals.declare(name, 9) for name in ("new", "left", "late", "later", "fine"))
    )
    now = datetime(2026, 8, 20, tzinfo=UTC)
    times = {"left": (300, None), "late": (80, 80), "later": (60, 60), "fine": (2, 2)}
    data = tmp_path / "data"
    Index(data).close()
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        for name, days in times.items():
            began, ended = (
                None if each is None else f"{now - timedelta(days=each):%Y-%m-%dT%H:%M:%SZ}" for each in days
            )
            db.execute(
                "INSERT INTO run (id, portal, started_at, ended_at, outcome, walk) VALUES (?, ?, ?, ?, 'ok', 'full')",
                (f"{name}/x", name, began, ended),
            )
    due, later = rota.calls(read_portals(file), data, now)
    assert [call.portal.name for call in due] == ["late", "later", "left", "new"]
    assert [(call.portal.name, call.ended) for call in later] == [("fine", 1)]


def test_what_is_awaited_has_its_legal_date_and_nothing_else_is(tmp_path: Path) -> None:
    database = tmp_path / "gongkai.db"
    assert awaited(database) == {}
    sqlite3.connect(database).close()
    assert awaited(database) == {}, "from before coverage was known"
    database.unlink()
    with Loader(database, "test") as loader:
        loader.db.conn.execute("PRAGMA foreign_keys = OFF")
        for number, (state, due_on) in enumerate(
            [
                ("not_due_yet", "2027-01-31"),
                ("not_found", "2026-01-31"),
                ("on_time", "2026-01-31"),
                ("not_found", None),
            ]
        ):
            agency = f"a{number}"
            loader.db["agency"].insert({"id": agency, "name": agency.upper()})
            loader.db["agency_portal"].insert({"agency": agency, "portal": "p", "basis": "report"})
            loader.db["coverage"].insert({"agency": agency, "year": 2026, "state": state, "due_on": due_on})
    assert awaited(database) == {
        "p": (
            Awaited("A0", 2026, date(2027, 1, 31), is_missing=False),
            Awaited("A1", 2026, date(2026, 1, 31)),
        )
    }
