"""A disk that fills up ends in one clear line; nothing stored is lost, and the next start goes on."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.verify import verify
from tests.test_demo import dump, free_ports

pytestmark = pytest.mark.slow

GONGKAI = str(Path(sys.executable).with_name("gongkai"))


def crawl(data: Path, port: int, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GONGKAI, "crawl", "--data", str(data)],
        # Not watched: here it is to be full.
        env={**os.environ, "GONGKAI_SPECIMEN_PORT": str(port), "GONGKAI_ROOM": "0"},
        capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit,
    )  # fmt: skip


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, port: int) -> list[str]:
    data = tmp_path_factory.mktemp("undisturbed")
    assert crawl(data, port).returncode == 1, "the specimens have errors planted in them"
    return dump(data)


def mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=64k"):
        pytest.skip("only root may mount a file system; a limit on the size of files is tried instead")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def assert_told(done: subprocess.CompletedProcess[str], data: Path, *words: str) -> None:
    told = done.stdout + done.stderr
    assert done.returncode == 3, told
    assert "Traceback" not in told
    assert any(word in told for word in words), told
    assert {fault.kind for fault in verify(data).faults} <= {"not_sealed", "no_index"}


PLACES = {
    260: ("No space left on device", "captures.db: database or disk is full"),
    1400: ("gongkai.db: database or disk is full", "No space left on device"),
    7400: ("could not be published",),
}
"""KiB of the disk, and what of the archive no longer fits: which write meets it first is a matter of bytes."""


@pytest.mark.parametrize("size", PLACES)
def test_a_full_disk_is_told_and_once_enlarged_the_crawl_goes_on(
    small_disk: Path, port: int, undisturbed: list[str], size: int
) -> None:
    assert mount(small_disk, f"remount,size={size}k")
    data = small_disk / "data"
    assert_told(crawl(data, port), data, *PLACES[size])
    assert mount(small_disk, "remount,size=64m")
    done = crawl(data, port)
    # Where only the publication failed, the reports with their planted errors were read before.
    assert done.returncode == (0 if size == max(PLACES) else 1), done.stdout + done.stderr
    assert verify(data).faults == []
    assert dump(data) == undisturbed


def test_a_file_that_may_not_grow_is_told_and_goes_on_where_it_may(
    tmp_path: Path, port: int, undisturbed: list[str]
) -> None:
    limit = 60_000
    done = crawl(tmp_path, port, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert_told(done, tmp_path, "File too large", "captures.db")
    assert crawl(tmp_path, port).returncode == 1
    assert verify(tmp_path).faults == []
    assert dump(tmp_path) == undisturbed
