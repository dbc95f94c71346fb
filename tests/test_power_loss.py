"""Power loss takes at most what was not synced, and nothing that anything else refers to."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.repair import salvage
from archive.verify import verify
from archive.warc import Record
from tests import power
from tests.bench import chain
from tests.test_kills import ROOT, dump, finish

pytestmark = pytest.mark.slow

DOCUMENTS = 100


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, bytes]]:
    """Serve a chain; yield its portals file and the dump of an undisturbed crawl."""
    folder = tmp_path_factory.mktemp("power")
    with chain.process(DOCUMENTS, 0.005, folder) as toml:
        finish(folder / "undisturbed", toml)
        yield toml, dump(folder / "undisturbed")


def start(log: Path, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.power", str(log), *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def stored(data: Path) -> set[str]:
    return {
        item.id
        for path in data.glob("warc/*/*")
        for item in salvage(path)
        if isinstance(item, Record) and item.type in ("response", "revisit")
    }


def referred(data: Path, database: str) -> set[str]:
    """Return the ids of the captures that a database knows."""
    if not (data / database).exists():
        return set()
    with closing(sqlite3.connect(data / database)) as db:
        found = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'capture'").fetchone()
        return {identity for (identity,) in db.execute("SELECT id FROM capture")} if found[0] else set()


def wait_for_records(data: Path, size: int) -> None:
    until = time.monotonic() + 60
    while sum(path.stat().st_size for path in data.glob("warc/*/*")) < size:
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.mark.parametrize("tail", ["cut", "zeros", "garbage"])
def test_a_crawl_goes_on_after_power_loss_and_ends_as_if_there_had_been_none(
    tmp_path: Path, portal: tuple[Path, bytes], tail: str
) -> None:
    toml, undisturbed = portal
    data, log, chance = tmp_path / "data", tmp_path / "synced", random.Random(tail)
    lost = 0
    for share in (0.2, 0.7):
        with start(log, "crawl", "--data", data, "--portals", toml) as process:
            wait_for_records(data, int(share * DOCUMENTS * 1400) + chance.randrange(5000))
            process.kill()
        indexed = referred(data, "captures.db")
        lost += power.lose(data, log, tail, chance)
        assert indexed <= stored(data), "the index knew of a record that was not on the disk"
    assert lost > 0, "or nothing is shown"
    finish(data, toml)
    assert verify(data).faults == []
    assert dump(data) == undisturbed


def test_the_database_is_never_loaded_with_what_power_loss_can_take(
    tmp_path: Path, portal: tuple[Path, bytes]
) -> None:
    toml, undisturbed = portal
    data, log, chance = tmp_path / "data", tmp_path / "synced", random.Random(1)
    with start(log, "crawl", "--data", data, "--portals", toml) as crawl:
        wait_for_records(data, 60_000)
        # The crawl stands still amid its unsynced records while another command loads them.
        os.kill(crawl.pid, signal.SIGSTOP)
        with start(log, "extract", "--pending", "--data", data) as load:
            _, errors = load.communicate(timeout=120)
            assert load.returncode in (0, 1), errors.decode()
        crawl.kill()
    loaded = referred(data, "gongkai.db")
    assert len(loaded) > 10
    power.lose(data, log, "cut", chance)
    assert loaded <= stored(data)
    finish(data, toml)
    assert verify(data).faults == []
    assert dump(data) == undisturbed
