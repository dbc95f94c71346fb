"""The log: entries of whole commands, each of its portal and run, whatever portals, disks and kills do to it."""

import json
import logging
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import log_lines, logs
from archive.log_lines import Entries, Lines, ordered
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, column, page

ROOT = Path(__file__).parent.parent
GONGKAI = [sys.executable, "-m", "gongkai"]
BODY = "只在正文里的话"
SECRETIVE = "https://hooks.example.org/t0ken-of-ours"

slow = pytest.mark.slow

Entry = dict[str, Any]


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "GONGKAI_CONTACT": "", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        list(map(str, command)), env=known, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )


def entries(folder: Path) -> list[Entry]:
    """Return all entries, each of which is a line that holds nothing but printable characters."""
    found = []
    for path in ordered(folder.iterdir()):
        lines = path.read_text().split("\n")
        assert lines.pop() == ""
        assert all(line.isprintable() for line in lines)
        found += [json.loads(line) for line in lines]
    return found


def record(message: str, **extra: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": message, "levelno": logging.ERROR, "levelname": "ERROR", **extra})
    made.name = "archive.x"
    return made


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    handler = Lines(tmp_path / "logs")
    handler.setFormatter(Entries("crawl", {"t0ken": "$SECRET"}))
    with closing(handler):
        yield handler


TINY = {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page(BODY))}


@slow
def test_a_crawl_tells_of_each_run_its_beginning_and_end_with_outcome_and_counts(tmp_path: Path) -> None:
    data = tmp_path / "data"
    portals = {"fine": TINY, "shut": {"/": (403, HTML, BODY.encode())}}
    with bad_portals.serve(tmp_path, portals) as (file, _):
        command = [*GONGKAI, "crawl", "--data", data, "--portals", file, "fine", "shut"]
        done = run(*command, GONGKAI_NOTIFY=f"/bin/false '{SECRETIVE}'", GONGKAI_CONTACT="me@example.org")
    told = entries(data / "logs")
    assert {(each["command"], isinstance(each["pid"], int)) for each in told} == {("crawl", True)}
    assert [each["message"] for each in (told[0], told[-1])] == ["the command begins", "the command ends"]
    assert told[-1]["code"] == done.returncode == 1
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["time"]) for each in told)
    for name, outcome, level, captures in (("fine", "ok", "info", 4), ("shut", "blocked", "warning", 2)):
        of = [each for each in told if each.get("portal") == name and each["logger"] == "crawler.notes"]
        assert [each["message"] for each in of] == ["the run begins", "the run ends"]
        assert {each["run"] for each in of} == {
            f"{name}/{next((data / 'warc' / name).iterdir()).name[len(name) + 1 : len(name) + 17]}"
        }
        assert (of[1]["outcome"], of[1]["level"], of[1]["counts"]["captures"]) == (outcome, level, captures)
    assert "documents are read and loaded" in {each["message"] for each in told}
    assert any(each["message"] == "shut: no notice was given" for each in told)
    written = json.dumps(told, ensure_ascii=False)
    assert [text for text in (BODY, "me@example.org", SECRETIVE) if text in written] == []
    assert "the run" not in done.stdout + done.stderr, "people are told in words of their own"
    assert "{" not in done.stderr


PRIVATE = """
import socket
import gongkai
found = socket.gethostbyname
private = lambda name: "10.0.0." + name.partition(".")[0][1:]
socket.gethostbyname = lambda name: private(name) if name.endswith(".example") else found(name)
gongkai.main()
"""
"""Runs a command for which each name that ends in .example leads to a private address."""


def declared(name: str, host: str) -> str:
    return (
        f'[{name}]\ntitle = "样例市{name}（样本）"\ndivision = "990300"\nhome = "http://{host}/"\n'
        f'hosts = ["{host}"]\ncolumns = []\nseen = "2026-11-24, test"\ndelay = 1\n'
    )


@slow
def test_what_goes_wrong_at_once_on_many_portals_is_told_of_each(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "many.toml"
    names = [f"p{number}" for number in range(1, 13)]
    refusing = [f"{name}_refusing" for name in names]
    tables = [declared(name, f"{name}.example") for name in names]
    tables += [
        bad_portals.declare(name, 9).replace("127.0.0.1", f"127.0.7.{at}")
        for at, name in enumerate(refusing, 1)
    ]
    file.write_text("\n".join(tables))
    command = ["crawl", "--data", data, "--portals", file, *names, *refusing]
    done = run(
        sys.executable, "-c", PRIVATE, *command, GONGKAI_CONTACT="me@example.org", GONGKAI_LOCKS=str(tmp_path)
    )
    told = [
        each
        for each in entries(data / "logs")
        if re.search(r"\.example|127\.0\.7\.", each["message"] + each.get("url", ""))
    ]
    of: dict[str, set[str]] = {}
    for each in told:
        text = each["message"] + each.get("url", "")
        own = {f"p{number}" for number in re.findall(r"\bp(\d+)\.example", text)}
        own |= {f"p{number}_refusing" for number in re.findall(r"127\.0\.7\.(\d+)", text)}
        assert {each.get("portal")} == own, each
        assert each["run"].startswith(f"{each['portal']}/"), each
        of.setdefault(each["portal"], set()).add(each["logger"].partition(".")[0])
    assert set(of) == {*names, *refusing}, done.stderr
    assert all("crawler" in of[name] for name in names), "the refusal comes from a thread's answer"


@slow
def test_a_fault_of_a_worker_is_told_with_its_traceback_and_its_portal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "sitecustomize.py").write_text(
        "import pipelines.read\ndef fail(_): raise RuntimeError('nothing\\nworks')\npipelines.read.read_capture = fail\n"
    )
    with bad_portals.serve(tmp_path, {"fine": TINY}) as (file, _):
        path = f"{tmp_path}{os.pathsep}{ROOT}"
        done = run(*GONGKAI, "crawl", "--data", data, "--portals", file, "fine", PYTHONPATH=path)
    told, *_ = [each for each in entries(data / "logs") if each["logger"] == "pipelines.worker"]
    assert (told["portal"], told["error"], told["level"]) == ("fine", "RuntimeError", "error")
    assert told["run"].startswith("fine/")
    assert told["traceback"].endswith("RuntimeError: nothing\nworks")
    assert told["command"] == "crawl"
    assert "a fault of ours while reading" in done.stderr


@slow
def test_what_ends_a_command_is_told_with_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "gongkai.db").write_bytes(b"")
    (tmp_path / "journal.jsonl").write_bytes(b"\x1b[2J another hand\n{}\n")
    done = run(*GONGKAI, "publish", "--data", tmp_path)
    assert done.returncode == 3
    *_, failed, ended = entries(tmp_path / "logs")
    assert (failed["level"], failed["error"], ended["code"]) == ("error", "JournalDamaged", 3)
    assert "is no entry" in failed["reason"]
    assert "Traceback" in failed["traceback"]
    assert "Traceback" not in done.stderr


def folder_of(tmp_path: Path) -> str:
    return str(tmp_path / "elsewhere")


@slow
@pytest.mark.parametrize("where", ["off", "stderr", folder_of])
def test_entries_can_be_left_out_or_sent_elsewhere(
    tmp_path: Path, where: str | Callable[[Path], str]
) -> None:
    data = tmp_path / "data"
    value = where if isinstance(where, str) else where(tmp_path)
    with bad_portals.serve(tmp_path, {"fine": TINY}) as (file, _):
        done = run(*GONGKAI, "crawl", "--data", data, "--portals", file, "fine", GONGKAI_LOG=value)
    assert "crawled     fine: ok" in done.stdout
    assert not (data / "logs").exists()
    if where == "off":
        assert done.stderr == ""
    elif where == "stderr":
        told = [json.loads(line) for line in done.stderr.splitlines()]
        assert told[-1]["message"] == "the command ends"
    else:
        assert entries(Path(value))[-1]["message"] == "the command ends"


@slow
def test_a_command_that_only_reads_writes_nothing(tmp_path: Path) -> None:
    for command in (
        ("status",),
        ("doctor",),
        ("crawl", "--due", "--dry-run", "--portals", ROOT / "tests/none.toml"),
    ):
        run(*GONGKAI, *command, "--data", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_portal_cannot_write_a_line_of_its_own(lines: Lines) -> None:
    hostile = '\n{"level": "info"}\r\x1b[2J\x9b1m\u2028\u202e\x85\x00\udc80新乡' + "\U000e0001"
    lines.emit(record(hostile, entry={"reason": hostile, "counts": {"captures": 1}}))
    (told,) = entries(lines.folder)
    assert told["message"] == told["reason"] == hostile
    assert "新乡" in next(lines.folder.iterdir()).read_text()


def test_long_texts_are_cut_and_secrets_are_not_written(lines: Lines) -> None:
    try:
        raise ValueError("x" * 100_000 + " t0ken end")
    except ValueError:
        lines.emit(record("http://me:pass@a.example/?t0ken " + "y" * 100_000, exc_info=sys.exc_info()))
    (told,) = entries(lines.folder)
    assert told["message"].startswith("http://a.example/?$SECRET yyy")
    assert len(told["message"]) == log_lines.MOST_TEXT + 1
    assert told["traceback"].endswith("xx $SECRET end")
    assert len(told["traceback"]) == log_lines.MOST_TRACE


def test_what_a_killed_writer_left_of_a_line_is_cut_away_by_the_next(lines: Lines) -> None:
    lines.emit(record("first"))
    (path,) = lines.folder.iterdir()
    for left in ('{"message": "sec', "x" * (log_lines.MOST_TRACE * 7), "\0" * 5000):
        with path.open("a") as file:
            file.write(left)
        lines.emit(record("next"))
        assert entries(lines.folder)[-1]["message"] == "next"
    assert len(entries(lines.folder)) == 4
    path.write_text('{"mess')
    lines.emit(record("only"))
    assert [each["message"] for each in entries(lines.folder)] == ["only"]


def test_a_full_disk_costs_entries_and_nothing_else(lines: Lines) -> None:
    lines.emit(record("before"))
    (path,) = lines.folder.iterdir()
    before, (_, hard) = (
        resource.getrlimit(resource.RLIMIT_FSIZE)[0],
        resource.getrlimit(resource.RLIMIT_FSIZE),
    )
    for room in (0, 1, 60):
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, hard))
        try:
            lines.emit(record("no room"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
        assert [each["message"] for each in entries(lines.folder)] == ["before"]
    lines.emit(record("after"))
    assert [each["message"] for each in entries(lines.folder)] == ["before", "after"]
    assert lines.lost == 3
    lines.emit(logging.makeLogRecord({"msg": "%d", "args": ("x",), "levelname": "ERROR"}))
    assert lines.lost == 4


def test_a_stopped_process_that_is_writing_delays_nobody(lines: Lines) -> None:
    lines.emit(record("before"))
    (path,) = lines.folder.iterdir()
    with path.open("a") as file:
        assert log_lines.locks.take(file)
        began = time.monotonic()
        lines.emit(record("meanwhile"))
        assert time.monotonic() - began < 1
    lines.emit(record("after"))
    assert [each["message"] for each in entries(lines.folder)] == ["before", "after"]


def test_a_full_file_is_followed_by_another_and_the_oldest_go(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_lines, "MOST_BYTES", 200)
    monkeypatch.setattr(log_lines, "MOST_FILES", 3)
    (lines.folder).mkdir()
    (lines.folder / "notes.txt").write_text("an operator's own")
    for number in range(40):
        lines.emit(record(f"{number:02}", created=1_800_000_000 + number * 20_000, levelname="INFO"))
    assert len(list(lines.folder.iterdir())) == 4
    told = [each["message"] for each in entries(lines.folder)]
    assert told == [f"{number:02}" for number in range(40 - len(told), 40)]
    assert any(".2." in path.name for path in lines.folder.iterdir())


WRITER = """
import logging, sys
from pathlib import Path
from archive.log_lines import Entries, Lines
handler = Lines(Path(sys.argv[1]))
handler.setFormatter(Entries("crawl", {}))
text = "新" * 1900
while True:
    handler.emit(logging.makeLogRecord({"msg": "m", "levelname": "ERROR", "entry": {str(n): text for n in range(9)}}))
"""


@slow
def test_many_writers_that_are_killed_leave_whole_lines(tmp_path: Path) -> None:
    for _ in range(4):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "logs")], cwd=ROOT)
            for _ in range(3)
        ]
        time.sleep(1.0)
        for each in writers:
            each.send_signal(signal.SIGKILL)
            each.wait()
    handler = Lines(tmp_path / "logs")
    handler.setFormatter(Entries("crawl", {}))
    handler.emit(record("last"))
    assert len(entries(tmp_path / "logs")) > 100


def test_without_install_nothing_is_begun(tmp_path: Path) -> None:
    before = list(logging.root.handlers)
    logs.begin(tmp_path)
    logs.end(0)
    assert logging.root.handlers == before
    assert list(tmp_path.iterdir()) == []
    assert logs.for_children() == {}
