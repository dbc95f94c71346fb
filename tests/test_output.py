"""What a command says, and what becomes of it where nobody listens, or somebody wants it to end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from tests.archive.test_notify import TAKE, python
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, column, page
from tests.sample_runs import NOW, tell
from tests.test_commands import GONGKAI

TINY = {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page("x"))}
SHUT = {"/": (403, HTML, b"no")}


@contextmanager
def nobody() -> Iterator[int]:
    """Open a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    try:
        yield write
    finally:
        os.close(write)


@contextmanager
def full() -> Iterator[int]:
    """Open a file on a disk without room."""
    number = os.open("/dev/full", os.O_WRONLY)
    try:
        yield number
    finally:
        os.close(number)


DEAF = """
import socket
import click
import gongkai
@gongkai.cli.command()
def tell():
    ours, theirs = socket.socketpair()
    theirs.close()
    try:
        ours.send(b"x")
    except BrokenPipeError:
        click.echo("goes on")
gongkai.main()
"""


def test_who_does_not_listen_ends_no_command() -> None:
    command = [sys.executable, "-c", DEAF, "tell"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "goes on\n"), done.stderr


def test_a_command_whose_lines_nobody_reads_any_more_ends_without_a_word(tmp_path: Path) -> None:
    tell(tmp_path, "p", 1)
    with nobody() as write:
        command = [GONGKAI, "doctor", "--data", str(tmp_path)]
        done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_pipe_that_breaks_elsewhere_is_no_silent_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise BrokenPipeError(32, "a worker does not listen")

    (tmp_path / "warc").mkdir()
    monkeypatch.setattr("pipelines.publish_command.publish_now", breaks)
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 3
    assert capfd.readouterr().err == "gongkai: [Errno 32] a worker does not listen\n"


@pytest.mark.slow
@pytest.mark.parametrize(("output", "code"), [(nobody, 141), (full, 3)])
def test_a_crawl_whose_lines_go_nowhere_is_read_and_published_and_its_code_says_so(
    tmp_path: Path, output: type, code: int
) -> None:
    data = tmp_path / "data"
    with bad_portals.serve(tmp_path, {"tiny": TINY}) as (file, _), output() as number:
        command = [GONGKAI, "crawl", "--portals", str(file), "--data", str(data)]
        assert subprocess.run(command, stdout=subprocess.DEVNULL, timeout=60, check=False).returncode == 1
        shutil.rmtree(data / "public")
        # Nothing is new now, and nothing needs a look.
        done = subprocess.run(command, stdout=number, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (code, b"")
    assert len([*data.glob("public/*/gongkai.db")]) == 1
    assert not (data / "unfinished").exists()


@pytest.mark.slow
def test_what_needs_a_look_is_told_also_where_nobody_reads_on(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    environment = {**os.environ, "GONGKAI_NOTIFY": python(TAKE.format(taken=str(taken)))}
    with bad_portals.serve(tmp_path, {"shut": SHUT}) as (file, _), nobody() as number:
        command = [GONGKAI, "crawl", "--portals", str(file), "--data", str(tmp_path / "data")]
        done = subprocess.run(command, stdout=number, env=environment, timeout=60, check=False)
    assert done.returncode == 1
    assert json.loads(taken.read_text())["now"] == "blocked"


@pytest.mark.parametrize(
    ("how", "code"), [({"GONGKAI_ROOM": "999999999"}, 3), ({"portals": "no [toml"}, 3), ({}, 0)]
)
def test_notice_is_given_also_by_a_command_that_crawls_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: dict[str, str], code: int
) -> None:
    data, taken, portals = tmp_path / "data", tmp_path / "taken", tmp_path / "portals.toml"
    portals.write_text(how.pop("portals", bad_portals.declare("shut", 9)))
    quarter_of_an_hour = (NOW - datetime.now(UTC)) / timedelta(days=1) + 0.01
    tell(data, "shut", quarter_of_an_hour, "failed", captured=False)
    monkeypatch.setenv("GONGKAI_NOTIFY", python(TAKE.format(taken=str(taken))))
    for name, value in how.items():
        monkeypatch.setenv(name, value)
    assert gongkai.exit_code(["crawl", "--due", "--portals", str(portals), "--data", str(data)]) == code
    assert json.loads(taken.read_text())["now"] == "failed"


READS_FOR_EVER = """
import sys, time
import gongkai, gongkai.crawling
def load_now(data):
    (data / "reads").touch()
    time.sleep(60)
gongkai.crawling.load_now = load_now
gongkai.main()
"""


@pytest.mark.slow
def test_a_crawl_that_is_told_to_end_while_it_reads_ends_as_one_that_asks(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with bad_portals.serve(tmp_path, {"tiny": TINY}) as (file, _):
        command = [sys.executable, "-c", READS_FOR_EVER, "crawl", "--portals", str(file), "--data", str(data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            until = time.monotonic() + 60
            while not (data / "reads").exists():
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors.strip()) == (130, "")
    (log,) = (data / "logs").iterdir()
    messages = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    assert messages[-2:] == ["the command was told to end", "the command ends"]
    assert (data / "unfinished").exists(), "the next one goes on"
