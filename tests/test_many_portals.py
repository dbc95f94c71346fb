"""Many portals in one command: each gets its outcome, none touches another, all can be stopped."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.locks import hold, portal_lock
from crawler.crawl import AT_ONCE
from tests.many_portals import PLAIN, RESTING, SILENT, SLOW, name
from tests.screen import Screen
from tests.test_demo import query

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
GONGKAI = str(Path(sys.executable).with_name("gongkai"))

FAULTY = """
import gongkai
from crawler.guard import Guard
from crawler.spider import PortalSpider

def break_for(cls, place, portal_of, word):
    kept = cls.__dict__[place]
    def broken(self, *given, **named):
        if portal_of(self, *given, **named) == word:
            raise RuntimeError(f"{place} is broken")
        return getattr(kept, "__func__", kept)(self, *given, **named)
    setattr(cls, place, classmethod(broken) if isinstance(kept, classmethod) else broken)

break_for(PortalSpider, "from_crawler", lambda cls, crawler: cls.name, "p0001")
break_for(Guard, "from_crawler", lambda cls, crawler: crawler.spider.name, "p0002")
break_for(Guard, "process_request", lambda self, request: self._portal.name, "p0003")
gongkai.main()
"""


@contextmanager
def portals(folder: Path, number: int, manner: str) -> Iterator[Path]:
    """Serve portals; yield the file that declares them."""
    file = folder / "many.toml"
    command = [sys.executable, "-m", "tests.many_portals", str(number), manner, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            assert server.stdout.readline() == "ready\n"
            yield file
        finally:
            server.kill()


def outcomes(output: str) -> dict[str, str]:
    return dict(re.findall(r"^crawled +(\w+): (\w+): ", output, re.MULTILINE))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    folder = tmp_path_factory.mktemp("faulty")
    data = folder / "data"
    (data / "warc" / name(5)).mkdir(parents=True)
    (data / "warc" / name(4)).write_text("a file where a folder is needed")
    (data / "warc" / name(5) / f"{name(5)}-20260101T000000Z-00000.warc.gz.open").write_bytes(
        b"\x1f\x8bx" * 999
    )
    with portals(folder, 20, PLAIN) as file, hold(data, portal_lock(name(6))):
        return subprocess.run(
            [sys.executable, "-c", FAULTY, "crawl", "--portals", str(file), "--data", str(data)],
            capture_output=True, text=True, timeout=240, check=False, cwd=ROOT,
        )  # fmt: skip


def test_whatever_goes_wrong_with_one_portal_touches_no_other(
    faulty: subprocess.CompletedProcess[str],
) -> None:
    said = outcomes(faulty.stdout)
    bad = {key: said.pop(name(key)) for key in (1, 2, 3, 4, 6)}
    assert bad == {1: "failed", 2: "failed", 3: "failed", 4: "failed", 6: "busy"}, (
        faulty.stdout + faulty.stderr
    )
    assert said == {name(number): "ok" for number in range(20) if number not in bad}


def test_each_fault_is_told_with_its_reason_and_a_failing_archive_is_the_commands_failure(
    faulty: subprocess.CompletedProcess[str],
) -> None:
    assert faulty.returncode == 3, faulty.stderr
    reasons = dict(re.findall(r"^look at +(\w+): \w+: (.*)$", faulty.stdout, re.MULTILINE))
    assert set(reasons) == {name(number) for number in (1, 2, 3, 4, 6)}
    assert "from_crawler is broken" in reasons[name(1)]
    assert "from_crawler is broken" in reasons[name(2)]
    assert "process_request is broken" in reasons[name(3)]
    assert "the archive cannot be written" in reasons[name(4)]
    assert f"process {os.getpid()}, " in reasons[name(6)]
    assert "outcomes    15 ok, 4 failed, 1 busy" in faulty.stdout
    assert "published" in faulty.stdout


def start(file: Path, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [GONGKAI, "crawl", "--portals", str(file), "--data", str(data)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while not reached():
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.1)
    time.sleep(0.5)


def end(process: subprocess.Popen[str], *numbers: int) -> tuple[float, str, str]:
    """Send signals; return the seconds until the process has ended, and what it said."""
    began = time.monotonic()
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.3)
    output, errors = process.communicate(timeout=60)
    return time.monotonic() - began, output, errors


@pytest.mark.parametrize("manner", [SILENT, RESTING])
def test_a_signal_ends_many_portals_within_seconds_and_the_next_start_goes_on(
    tmp_path: Path, manner: str
) -> None:
    data = tmp_path / "data"
    waiting = 6

    def begun() -> bool:
        return sum(path.stat().st_size > 1500 for path in data.glob("warc/*/*.open")) == AT_ONCE

    def continued() -> bool:
        return query(data, "captures.db", "SELECT sum(interruptions) FROM run") == [(AT_ONCE,)]

    with portals(tmp_path, AT_ONCE + waiting, manner) as file:
        with start(file, data) as process:
            wait_until(begun, process)
            seconds, output, errors = end(process, signal.SIGTERM)
        assert (process.returncode, errors.strip()) == (130, "")
        assert seconds < 10
        assert Counter(outcomes(output).values()) == {"interrupted": AT_ONCE}
        assert f"{AT_ONCE} portals in the middle, {waiting} not begun" in output
        with start(file, data) as process:
            wait_until(continued, process)
            seconds, _, _ = end(process, signal.SIGINT, signal.SIGINT)
        # The second one may come when all has been left and only the process is still there.
        assert process.returncode in (130, -signal.SIGINT)
        assert seconds < 2, "a second Ctrl-C waits for nothing"
    assert query(data, "captures.db", "SELECT count(*) FROM run") == [(AT_ONCE,)]


def test_on_a_terminal_a_table_shows_the_crawl_and_leaves_nothing_behind(tmp_path: Path) -> None:
    number, width, height = 20, 100, 16
    screen, seen = Screen(width, height), set()
    with portals(tmp_path, number, SLOW) as file:
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(TERM="xterm", COLUMNS=str(width), LINES=str(height))
            os.execv(GONGKAI, [GONGKAI, "crawl", "--portals", str(file), "--data", str(tmp_path / "data")])
        while select.select([terminal], [], [], 120)[0]:
            try:
                text = os.read(terminal, 65536).decode()
            except OSError:
                break
            screen.feed(text)
            seen.update(screen.lines)
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, 1)
    assert any(
        re.match(r"p00\d\d  样例p00.* (starting|lists|reports \d/2) +\d+ asked", line) for line in seen
    )
    assert any(re.match(r"\d+ of 20 portals done, \d+ running; \d+ reports found", line) for line in seen)
    assert any(line.startswith("... and") for line in seen)
    left = screen.lines
    assert [line.split()[0] for line in left[:number]] == ["crawled"] * number
    assert left[number] == "outcomes    20 ok"
    assert not any("asked" in line or "portals done" in line for line in left)


@pytest.mark.soak
def test_memory_does_not_grow_with_the_portals_that_have_ended(tmp_path: Path) -> None:
    peaks = []
    for number in (100, 400):
        folder = tmp_path / str(number)
        folder.mkdir()
        with portals(folder, number, PLAIN) as file, start(file, folder / "data") as process:
            output, status, usage = _finish(process)
        assert os.waitstatus_to_exitcode(status) in (0, 1)
        assert Counter(outcomes(output).values()) == {"ok": number}
        peaks.append(usage // 1024)
    assert peaks[1] < 350, "megabytes"
    assert peaks[1] - peaks[0] < 40, peaks


def _finish(process: subprocess.Popen[str]) -> tuple[str, int, int]:
    """Return a process' output, its status and its peak of memory in kilobytes."""
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return output, status, usage.ru_maxrss
