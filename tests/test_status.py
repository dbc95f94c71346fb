"""`gongkai status`: a line a portal, an exit code that a schedule can act on."""

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import gongkai
from crawler import doctor
from tests import sample_archive, sample_runs
from tests.sample_runs import NOW, tell

Said = tuple[int, str, str]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Said]:
    monkeypatch.setattr("archive.clock.now", lambda: NOW)
    # None that comes with the program, whatever is checked by now.
    monkeypatch.setattr("crawler.registry.REGISTRY", tmp_path / "none")

    def run(*arguments: object) -> Said:
        code = gongkai.exit_code(["status", "--data", str(tmp_path), *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("ok", 0),
        ("unchanged", 0),
        ("moved", 0),
        ("", 0),
        *((bad, 1) for bad in ("empty", "shrunken", "blocked", "failed", "gone")),
    ],
)
def test_the_exit_code_says_whether_somebody_must_look(
    tmp_path: Path, call: Callable[..., Said], outcome: str, code: int
) -> None:
    tell(tmp_path, "p", 1, outcome)
    got, output, _ = call()
    assert got == code
    assert output.splitlines()[1].split()[:2] == [outcome or "interrupted", "p"]


def test_an_overdue_portal_is_one_to_look_at(tmp_path: Path, call: Callable[..., Said]) -> None:
    tell(tmp_path, "p", 36)
    code, output, _ = call()
    assert code == 1
    assert output.splitlines()[1].startswith("overdue")
    assert output.splitlines()[-1] == "portals  1 overdue"


def test_the_worst_stand_first_each_on_one_line(tmp_path: Path, call: Callable[..., Said]) -> None:
    for portal, outcome in (("a", "ok"), ("b", "shrunken"), ("c", "gone"), ("d", "blocked")):
        tell(tmp_path, portal, 1, outcome)
    code, output, _ = call()
    head, *lines, last = output.splitlines()
    assert head.split()[:3] == ["state", "portal", "report"]
    assert [line.split()[0] for line in lines] == ["gone", "blocked", "shrunken", "ok"]
    assert last == "portals  1 gone, 1 blocked, 1 shrunken, 1 ok"
    assert code == 1
    code, output, _ = call("a")
    assert (code, len(output.splitlines())) == (0, 3)


def test_a_portal_that_is_declared_and_was_never_crawled_is_told(
    tmp_path: Path, call: Callable[..., Said]
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[x1]\ntitle = "样例"\ndivision = "990300"\nhome = "http://a.example/"\nhosts = ["a.example"]\nseen = "t"\n'
    )
    code, output, _ = call("--portals", own)
    assert (code, output.splitlines()[1].split()[:2]) == (0, ["never", "x1"])
    assert call("--portals", own, "x1")[0] == 0
    code, _, errors = call("nowhere")
    assert (code, "'nowhere'" in errors) == (2, True)


def test_a_folder_without_an_archive_does_not_look_healthy(tmp_path: Path, call: Callable[..., Said]) -> None:
    assert call() == call("--json") == (3, "", f"gongkai: no archive in {tmp_path}\n")
    none = tmp_path / "mistyped"
    own = declare(tmp_path, "pp")
    assert call("--portals", own, "--data", none) == (3, "", f"gongkai: no archive in {none}\n")
    assert not none.exists()


def declare(folder: Path, *names: str) -> Path:
    own = folder / "own.toml"
    own.write_text(
        "".join(
            f'[{name}]\ntitle = "样例"\ndivision = "990300"\nhome = "http://{name}.example/"\n'
            f'hosts = ["{name}.example"]\nseen = "t"\n'
            for name in names
        )
    )
    return own


def test_what_is_declared_no_more_is_not_judged_and_stands_last(
    tmp_path: Path, call: Callable[..., Said]
) -> None:
    for name, days, outcome in (("old", 400, "ok"), ("bad", 90, "blocked"), ("pp", 1, "ok")):
        tell(tmp_path, name, days, outcome)
    own = declare(tmp_path, "pp")
    code, output, _ = call("--portals", own)
    assert (code, output.splitlines()[-1]) == (0, "portals  1 ok, 2 undeclared")
    assert [line.split()[:2] for line in output.splitlines()[2:-1]] == [
        ["undeclared", "bad"],
        ["undeclared", "old"],
    ]
    told = [json.loads(line) for line in call("--portals", own, "--json")[1].splitlines()]
    assert [(each["state"], each["bad"], each["outcome"], each["overdue_since"]) for each in told[1:]] == [
        ("undeclared", False, "blocked", None),
        ("undeclared", False, "ok", None),
    ]
    tell(tmp_path, "pp", 0.5, "failed")
    assert call("--portals", own)[0] == 1


def test_where_nothing_of_the_archive_is_declared_a_file_was_forgotten(
    tmp_path: Path, call: Callable[..., Said]
) -> None:
    tell(tmp_path, "old", 400)
    assert call()[0] == 1
    assert call("--portals", declare(tmp_path, "new"))[1].splitlines()[-1] == "portals  1 overdue, 1 never"


def test_programs_read_one_object_a_line(tmp_path: Path, call: Callable[..., Said]) -> None:
    tell(tmp_path, "p", 40)
    tell(tmp_path, "q", 2, "blocked", reason="403")
    code, output, _ = call("--json")
    overdue, blocked = map(json.loads, output.splitlines())
    assert code == 1
    assert blocked == {
        "portal": "q",
        "title": "q市人民政府",
        "state": "blocked",
        "bad": True,
        "since": sample_runs.time(2, 2),
        "reason": "403",
        "outcome": "blocked",
        "overdue_since": None,
        "newest_report": {"year": None, "published_on": None},
        "newest_entry": None,
        "last_good_capture": sample_runs.time(2, 1),
        "last_attempt": sample_runs.time(2),
    }
    assert (overdue["state"], overdue["outcome"]) == ("overdue", "ok")
    assert overdue["overdue_since"] == sample_runs.time(5, 2)


def test_a_hostile_title_stays_on_its_line_and_out_of_the_terminal(
    tmp_path: Path, call: Callable[..., Said]
) -> None:
    tell(
        tmp_path,
        "p",
        1,
        "failed",
        title="\x1b[2J\n\u202e" + "市" * 100,
        reason="a\r\nok  p\x9b31m" + "x" * 500,
    )
    _, output, _ = call()
    assert len(output.splitlines()) == 3
    assert not set("\x1b\r\x9b\u202e") & set(output)
    assert len(output.splitlines()[1]) < 300
    assert len(call("--json")[1].splitlines()) == 1


def test_a_damaged_index_is_a_failure_and_no_health(tmp_path: Path, call: Callable[..., Said]) -> None:
    (tmp_path / "captures.db").write_bytes(b"no database" * 100)
    code, output, errors = call()
    assert (code, output) == (3, "")
    assert "captures.db" in errors


def lose_cells(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        some = "SELECT revision, item FROM cell ORDER BY 1, 2 LIMIT 4"
        db.execute(f"DELETE FROM cell WHERE (revision, item) IN ({some})")


def test_a_publication_that_the_gate_has_stopped_is_one_to_look_at_until_one_is_made(
    tmp_path: Path, call: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(tmp_path, "p", 1)
    sample_archive.load(tmp_path / "gongkai.db")
    publish = ["publish", "--data", str(tmp_path)]
    assert gongkai.exit_code(publish) == 0
    code, output, _ = call()
    *_, summary, published = output.splitlines()
    assert (code, summary, published) == (
        0,
        "portals  1 ok",
        "published  20261124T200000Z, 2026-11-24T20:00:00Z",
    )
    lose_cells(tmp_path / "gongkai.db")
    for hours in (1, 2):
        monkeypatch.setattr("archive.clock.now", lambda hours=hours: NOW + timedelta(hours=hours))
        assert gongkai.exit_code(publish) == 1
    code, output, _ = call()
    assert (code, published in output.splitlines()) == (1, True)
    assert "stopped  since 2026-11-24T21:00:00Z, and what is served is as it was" in output.splitlines()
    assert "cells that were published and are no more, in reports that stay: 4" in output
    told = json.loads(call("--json")[1].splitlines()[-1])
    assert (told["publication"], told["published_at"]) == ("20261124T200000Z", "2026-11-24T20:00:00Z")
    assert (told["stopped_since"], "cells" in told["reasons"][0]) == ("2026-11-24T21:00:00Z", True)
    assert call("p")[0] == 0, "it is asked for the portal alone"
    assert doctor._publication(tmp_path).state == doctor.ERROR
    assert gongkai.exit_code([*publish, "--accept", "it is right"]) == 0
    code, output, _ = call()
    assert (code, output.splitlines()[-1]) == (0, "published  20261124T220000Z, 2026-11-24T22:00:00Z")
    assert doctor._publication(tmp_path).state == doctor.OK


DEAD = """
[dead]
title = "样例市"
division = "990300"
home = "http://127.0.0.1:9/"
hosts = ["127.0.0.1:9"]
seen = "2026-11-24, test"
local = true
delay = 0
"""

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_a_crawl_gives_notice_of_what_it_found_and_only_once(tmp_path: Path) -> None:
    portals, data, taken = tmp_path / "own.toml", tmp_path / "data", tmp_path / "taken"
    portals.write_text(DEAD)
    keep = f"import sys; open({str(taken)!r}, 'a').write(sys.stdin.read())"

    def run(*arguments: str, notify: str) -> subprocess.CompletedProcess[str]:
        given = ["--data", str(data), "--portals", str(portals), "dead"]
        return subprocess.run(
            [sys.executable, "-m", "gongkai", *arguments, *given],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "GONGKAI_NOTIFY": notify},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    broken = run("crawl", notify="/no/such/command")
    assert broken.returncode == 1, broken.stderr
    assert "/no/such/command" in broken.stderr
    assert "published" in broken.stdout, "a notice that fails breaks nothing"
    for _ in range(2):
        assert run("crawl", notify=shlex.join([sys.executable, "-c", keep])).returncode == 1
    (notice,) = map(json.loads, taken.read_text().splitlines())
    assert (notice["portal"], notice["title"], notice["now"]) == ("dead", "样例市", "failed")
    told = run("status", "--json", notify="")
    assert (told.returncode, json.loads(told.stdout)["state"]) == (1, "failed")
