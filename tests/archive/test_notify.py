"""Notices: each turn is told once, and nothing that goes wrong with telling stops a crawl."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time as clock
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive import stopped
from archive.locks import hold
from archive.notify import TOLD, notify
from tests.sample_runs import NOW, tell, time

ROOT = Path(__file__).parent.parent.parent
HOSTILE = "$(touch pwned) `id`; rm -rf / \" ' \x1b[2J\n\u202e<script>\ud800"

Tell = Callable[..., list[object]]

TAKE = """
import sys
with open({taken!r}, "a") as file:
    file.write(sys.stdin.read())
"""


def python(code: str) -> str:
    """Return a command as GONGKAI_NOTIFY names it."""
    return shlex.join([sys.executable, "-c", code])


@pytest.fixture
def told(tmp_path: Path) -> Tell:
    """Return what tells what has turned, and returns what the command was given."""
    taken = tmp_path / "taken"

    def run(known: list[str] | None = None) -> list[object]:
        taken.write_text("")
        notify(tmp_path, python(TAKE.format(taken=str(taken))), NOW, known)
        return [json.loads(line) for line in taken.read_text().splitlines()]

    return run


def test_a_portal_that_turns_bad_is_told_once_and_once_when_it_is_well_again(
    tmp_path: Path, told: Tell
) -> None:
    tell(tmp_path, "p", 9)
    tell(tmp_path, "other", 9)
    assert told() == []
    tell(tmp_path, "p", 8, "blocked", reason="403")
    bad = {"portal": "p", "title": "p市人民政府", "was": "ok", "now": "blocked", "reason": "403"}
    assert told() == [{**bad, "since": time(8, 2), "at": "2026-11-24T20:00:00Z"}]
    assert told() == []
    tell(tmp_path, "p", 7, "failed")
    assert told() == []
    tell(tmp_path, "p", 6, "unchanged", reason="fine")
    well = {"portal": "p", "title": "p市人民政府", "was": "blocked", "now": "unchanged", "reason": "fine"}
    assert told() == [{**well, "since": time(6, 2), "at": "2026-11-24T20:00:00Z"}]
    assert told() == []
    tell(tmp_path, "p", 5, "failed")
    assert [notice["now"] for notice in told()] == ["failed"]  # type: ignore[index]


def test_a_portal_that_was_bad_from_the_first_is_told(tmp_path: Path, told: Tell) -> None:
    tell(tmp_path, "p", 1, "failed")
    assert [(each["was"], each["now"]) for each in told()] == [("never", "failed")]  # type: ignore[index]


def test_a_portal_that_nobody_crawls_any_more_is_told_by_the_crawl_of_another(
    tmp_path: Path, told: Tell
) -> None:
    tell(tmp_path, "left", 40)
    tell(tmp_path, "p", 1)
    assert [(each["portal"], each["now"]) for each in told()] == [("left", "overdue")]  # type: ignore[index]


def test_a_portal_that_is_declared_no_more_is_nobodys_news(tmp_path: Path, told: Tell) -> None:
    tell(tmp_path, "left", 40)
    tell(tmp_path, "p", 1)
    assert told(["p"]) == []
    assert [each["now"] for each in told()] == ["overdue"]  # type: ignore[index]
    assert told(["p"]) == [], "nor that it is not overdue any more"
    assert told(["left", "p"]) == [], "it was told"


def test_a_stopped_publication_is_told_once_and_once_when_one_is_made(tmp_path: Path, told: Tell) -> None:
    stopped.note(tmp_path, ["cells are no more: 4", "  one"], NOW - timedelta(hours=1))
    notice = {"portal": "", "title": "", "was": "published", "now": "stopped"}
    notice |= {"since": "2026-11-24T19:00:00Z", "at": "2026-11-24T20:00:00Z"}
    assert told() == [{**notice, "reason": "cells are no more: 4; one"}]
    assert told() == []
    stopped.clear(tmp_path)
    notice |= {"was": "stopped", "now": "published", "since": "", "reason": ""}
    assert (told(), told()) == ([notice], [])


def test_a_hostile_title_is_data_and_nothing_else(tmp_path: Path, told: Tell) -> None:
    tell(
        tmp_path, "p", 1, "failed", title=HOSTILE.replace("\ud800", ""), reason=HOSTILE.replace("\ud800", "")
    )
    (notice,) = told()
    assert notice["title"] == HOSTILE.replace("\ud800", "")  # type: ignore[index]
    assert not (ROOT / "pwned").exists() and not Path("pwned").exists()


def test_no_shell_reads_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tell(tmp_path, "p", 1, "failed")
    notify(tmp_path, f"/bin/echo x; touch {tmp_path}/pwned", NOW)
    assert not (tmp_path / "pwned").exists()


def test_many_changes_come_in_one_call(tmp_path: Path, told: Tell) -> None:
    for number in range(20):
        tell(tmp_path, f"p{number:02}", 1, "failed")
    assert len(told()) == 20
    (tmp_path / TOLD).unlink()
    tell(tmp_path, "p20", 1, "failed")
    (everything,) = told()
    assert [each["portal"] for each in everything] == [f"p{number:02}" for number in range(21)]  # type: ignore[attr-defined]
    assert told() == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("/no/such/command --now", "/no/such/command"),
        (python("raise SystemExit(7)"), "ended with 7: it said nothing"),
        (python("raise SystemExit('no route\\x1b[2J')"), "ended with 1: no route\ufffd[2J"),
        ('unclosed "quote', "No closing quotation"),
        ("''", "no notice was given"),
        ("a\0b", "no notice was given"),
    ],
)
def test_a_command_that_fails_is_said_and_asked_again_by_the_next_crawl(
    tmp_path: Path, told: Tell, capsys: pytest.CaptureFixture[str], command: str, message: str
) -> None:
    tell(tmp_path, "p", 1, "failed")
    notify(tmp_path, command, NOW)
    errors = capsys.readouterr().err
    assert message in errors and len(errors.splitlines()) == 1
    assert not (tmp_path / TOLD).exists()
    assert len(told()) == 1


def test_a_command_that_hangs_is_ended_with_all_it_started_and_not_asked_again(
    tmp_path: Path, told: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    for portal in ("p", "q", "r"):
        tell(tmp_path, portal, 1, "failed")
    child = f"open({str(tmp_path / 'child')!r}, 'w').write(str(__import__('os').getpid()))"
    start = [sys.executable, "-c", f"{child}; __import__('time').sleep(60)"]
    began = clock.monotonic()
    notify(tmp_path, python(f"import subprocess; subprocess.run({start!r})"), NOW, limit=1.5)
    assert clock.monotonic() - began < 8
    assert "longer than 1.5 seconds" in capsys.readouterr().err
    pid = int((tmp_path / "child").read_text())
    assert until(lambda: not alive(pid))
    assert len(told()) == 3


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(seen: Callable[[], object], seconds: float = 20.0) -> bool:
    end = clock.monotonic() + seconds
    while clock.monotonic() < end:
        if seen():
            return True
        clock.sleep(0.05)
    return False


def test_a_command_that_reads_nothing_has_taken_it(tmp_path: Path, told: Tell) -> None:
    tell(tmp_path, "p", 1, "failed", reason="x" * 1_000_000)
    notify(tmp_path, "/bin/true", NOW)
    assert told() == []


def test_without_a_command_nothing_is_told_and_nothing_remembered(tmp_path: Path, told: Tell) -> None:
    tell(tmp_path, "p", 1, "failed")
    notify(tmp_path, "  ", NOW)
    assert len(told()) == 1


PROGRAM = """
import sys
from pathlib import Path
from archive.notify import notify
from tests.sample_runs import NOW
notify(Path(sys.argv[1]), sys.argv[2], NOW)
"""


@pytest.mark.slow
def test_what_was_told_before_a_kill_is_not_told_again(tmp_path: Path, told: Tell) -> None:
    for portal in ("p", "q", "r"):
        tell(tmp_path, portal, 1, "failed")
    taken = tmp_path / "taken"
    # The second call hangs, and all is killed in it.
    code = f"""
import json, sys, time
notice = json.load(sys.stdin)
open({str(taken)!r}, "a").write(notice["portal"])
time.sleep(0 if notice["portal"] == "p" else 60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), python(code)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert until(lambda: taken.exists() and taken.read_text() == "pq")
    (child,) = map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split())
    process.kill()
    process.wait()
    os.kill(child, signal.SIGKILL)
    assert [each["portal"] for each in told()] == ["q", "r"]  # type: ignore[index]


def test_two_crawls_that_end_together_do_not_tell_twice(
    tmp_path: Path, told: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(tmp_path, "p", 1, "failed")
    with hold(tmp_path, "notify"):
        notify(tmp_path, "/bin/true", NOW, limit=0.1)
    assert "another command holds" in capsys.readouterr().err
    assert len(told()) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"p": 3}', '{"p": {}}', "{", '"x"', "\xff"])
def test_a_damaged_memory_tells_once_more_and_is_mended(
    tmp_path: Path, told: Tell, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    tell(tmp_path, "p", 1, "failed")
    (tmp_path / TOLD).write_text(text, encoding="latin-1")
    assert len(told()) == 1
    assert "is damaged" in capsys.readouterr().err
    assert told() == []


def test_a_damaged_archive_is_said_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "captures.db").write_bytes(b"no database" * 100)
    notify(tmp_path, "/bin/true", NOW)
    assert "captures.db" in capsys.readouterr().err
