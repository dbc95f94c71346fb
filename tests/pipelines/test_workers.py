"""One bad document costs one problem, and no worker outlives its parent."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.captures import Capture
from pipelines import workers
from pipelines.workers import read_all

pytestmark = pytest.mark.slow

# Takes the place of pipelines.worker: does what the body says instead of reading it.
STUB = """
import os, signal, sys, time
from pipelines import worker
from pipelines.reading import Reading
def read_capture(capture):
    order = capture.body.decode()
    if order == "hang":
        time.sleep(600)
    if order == "spin":
        while True: pass
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "eat":
        return bytearray(1 << 34)
    if order == "fault":
        raise ZeroDivisionError("ours")
    return Reading(title=order)
worker.read_capture = read_capture
worker.main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "stubbed.py"
    package.write_text(STUB)
    real = subprocess.Popen

    def popen(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        return real(
            [command[0], str(package), *command[4:]],
            **{**options, "env": {**os.environ, "PYTHONPATH": str(workers._ROOT)}},
        )  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(workers.subprocess, "Popen", popen)


def orders(*bodies: str) -> list[Capture]:
    return [Capture(id=str(number), body=body.encode()) for number, body in enumerate(bodies)]


def test_documents_come_back_in_their_order(stub: None) -> None:
    wanted = orders(*(str(number) for number in range(40)))
    got = list(read_all(wanted, processes=3))
    assert [capture for capture, _ in got] == wanted
    assert [reading.title for _, reading in got] == [str(number) for number in range(40)]


@pytest.mark.parametrize(
    ("bad", "kind", "word"),
    [
        ("hang", "limit_exceeded", "2 seconds"),
        ("spin", "limit_exceeded", "2 seconds"),
        ("die", "unreadable_document", "status -9"),
        ("eat", "limit_exceeded", "memory"),
        ("fault", "unreadable_document", "ZeroDivisionError"),
    ],
)
def test_a_bad_document_is_one_problem_and_the_others_are_read(
    stub: None, bad: str, kind: str, word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    got = [reading for _, reading in read_all(orders("a", bad, "b", "c"), processes=2, seconds=2)]
    assert [reading.title for reading in got] == ["a", "", "b", "c"]
    (problem,) = got[1].problems
    assert problem.kind == kind
    assert word in problem.detail
    assert ("ZeroDivisionError" in capfd.readouterr().err) == (bad == "fault")


def test_the_input_is_taken_only_as_it_is_needed(stub: None) -> None:
    taken = 0

    def endless() -> Iterator[Capture]:
        nonlocal taken
        while True:
            taken += 1
            yield Capture(id=str(taken), body=b"x")

    reading = read_all(endless(), processes=2)
    for _ in range(5):
        next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert taken <= 5 + 2 * workers.WINDOW


def alive(session: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"marked={session}".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_workers_are_gone_when_their_parent_is_killed() -> None:
    program = (
        "from archive.captures import Capture\nfrom pipelines.workers import read_all\nimport time\n"
        "def slow():\n    yield from [Capture(body=b'<p>x')] * 2\n    print('ready', flush=True)\n    time.sleep(60)\n    yield Capture()\n"
        "for _ in read_all(slow(), processes=2): pass\n"
    )
    mark = os.getpid()
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "marked": str(mark)}
    )
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.readline() == b"ready\n"
        assert len(alive(mark)) >= 2
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    until = time.monotonic() + 10
    while alive(mark) and time.monotonic() < until:
        time.sleep(0.05)
    assert alive(mark) == []


PACKED = """
import pipelines.workers
from archive.captures import Capture
assert pipelines.workers.__file__.startswith({egg!r})
if __name__ == "__main__":
    ((_, reading),) = pipelines.workers.read_all([Capture(id="a", body=b"<p>x</p>")], processes=1)
    print(reading.problems or reading.reason)
"""


def test_a_program_in_an_egg_reads_too(tmp_path: Path) -> None:
    egg = tmp_path / "gongkai.egg"
    root = Path(__file__).parent.parent.parent
    with zipfile.ZipFile(egg, "w") as file:
        for room in ("archive", "pipelines"):
            for path in (root / room).rglob("*.py"):
                file.write(path, path.relative_to(root))
    done = subprocess.run(
        [sys.executable, "-P", "-c", PACKED.format(egg=str(egg))],
        env={**os.environ, "PYTHONPATH": str(egg)}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "fault" not in done.stdout
    assert done.stdout.strip()
