"""A crawl that is killed at random moments and resumed loses no page (DESIGN.md, figures to reach)."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import warc
from archive.errors import TornRecord
from archive.verify import verify
from crawler import settings
from tests import killing
from tests.bench import chain

GONGKAI = str(Path(sys.executable).with_name("gongkai"))
ROOT = Path(__file__).parent.parent


def start(data: Path, toml: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [GONGKAI, "crawl", "--data", str(data), "--portals", str(toml)],
        env={**os.environ, "marked": str(data)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(data: Path, toml: Path) -> None:
    with start(data, toml) as process:
        _, errors = process.communicate(timeout=600)
        assert process.returncode in (0, 1), errors.decode()


def dump(data: Path) -> bytes:
    command = [GONGKAI, "dump", "--canonical", "--data", str(data)]
    return subprocess.run(command, capture_output=True, check=True).stdout


def held(data: Path) -> set[str]:
    """Return the ids of all whole records on the disk."""
    found = set()
    for path in data.glob("warc/*/*.warc.gz*"):
        try:
            for item in warc.read(path):
                found.add(item.id)
        except TornRecord:
            continue
    return found


def left_over(mark: Path) -> list[str]:
    """Return the processes that were started for a data folder and still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"marked={mark}".encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return found


def kinds_of_faults(data: Path) -> set[str]:
    # Killed early enough, there is no archive yet.
    return {fault.kind for fault in verify(data).faults} if (data / "warc").is_dir() else set()


def kill_and_resume(folder: Path, documents: int, kills: int, longest: float, seed: int) -> None:
    chance = random.Random(seed)
    log = folder / "asked.log"
    with chain.process(documents, 0.002, folder) as toml:
        finish(folder / "undisturbed", toml)
        log.write_text("")
        data = folder / "killed"
        kept: set[str] = set()
        for _ in range(kills):
            with start(data, toml) as process:
                time.sleep(chance.uniform(0.5, longest))
                process.kill()
            now = held(data)
            assert kept <= now, "a record that was on the disk is gone"
            kept = now
            assert kinds_of_faults(data) <= {"torn", "not_sealed", "not_indexed", "no_index"}
        finish(data, toml)
        asked = Counter(log.read_text().split())
        wanted = {chain.document_path(number) for number in range(documents)}
        assert wanted <= asked.keys()
        twice = {path: times for path, times in asked.items() if times > 1 and path in wanted}
        again = sum(times - 1 for times in twice.values())
        assert again <= kills * settings.CONCURRENT_REQUESTS, "only what was in flight is asked again"
    assert verify(data).faults == []
    assert dump(data) == dump(folder / "undisturbed")
    assert_nothing_runs(data)


def assert_nothing_runs(mark: Path) -> None:
    until = time.monotonic() + 10
    while left_over(mark) and time.monotonic() < until:
        time.sleep(0.1)
    assert left_over(mark) == []


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, bytes]]:
    """Serve a small chain; yield its portals file and the dump of an undisturbed crawl."""
    folder = tmp_path_factory.mktemp("small")
    with chain.process(40, 0.0, folder) as toml:
        finish(folder / "undisturbed", toml)
        yield toml, dump(folder / "undisturbed")


@pytest.mark.slow
@pytest.mark.parametrize("moment", killing.MOMENTS)
def test_a_kill_between_two_steps_loses_nothing(
    tmp_path: Path, small: tuple[Path, bytes], moment: str
) -> None:
    toml, undisturbed = small
    # The run's own first steps, and those in its middle.
    for nth in (1,) if "seal" in moment else (1, 12):
        arguments = ["crawl", "--data", str(tmp_path), "--portals", str(toml)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.killing", moment, str(nth), *arguments],
            cwd=ROOT, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        if nth == 1:
            assert done.returncode == -9, done.stderr.decode()
    finish(tmp_path, toml)
    assert verify(tmp_path).faults == []
    assert dump(tmp_path) == undisturbed


@pytest.mark.slow
def test_five_kills_over_three_hundred_pages_lose_nothing(tmp_path: Path) -> None:
    kill_and_resume(tmp_path, documents=300, kills=5, longest=2.5, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_fifty_kills_over_three_thousand_pages_lose_nothing(tmp_path: Path, seed: int) -> None:
    kill_and_resume(tmp_path, documents=3000, kills=10, longest=6.0, seed=seed)
