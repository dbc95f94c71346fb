"""A crawl does not begin on a disk that is nearly full, and ends in time on one that gets so."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter, namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

import gongkai
from archive.publish import versions
from archive.verify import verify
from archive.wanted import Wanted
from crawler import room
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer, column, page
from tests.test_full_disk import mount, small_disk  # noqa: F401 - a fixture

ROOT = Path(__file__).parent.parent
PAGES = 30
Usage = namedtuple("Usage", "total used free")


def bulky() -> dict[str, Answer]:
    """Return a portal whose pages take half a megabyte each, however they are packed."""
    chance = random.Random(1)
    names = [f"{number}.html" for number in range(PAGES)]
    bodies = (page(f"<!--{chance.randbytes(500_000).hex()}-->") for _ in names)
    pages = {f"/nb/{name}": (200, HTML, body) for name, body in zip(names, bodies, strict=True)}
    return {"/": HOME, "/nb/": (200, HTML, column(*names)), **pages}


TINY: dict[str, Answer] = {
    "/": HOME,
    "/nb/": (200, HTML, column("1.html")),
    "/nb/1.html": (200, HTML, page("x")),
}


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "GONGKAI_CONTACT": "", "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "gongkai", *map(str, arguments)]
    return subprocess.run(
        command, env=known, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )


def dump(data: Path) -> str:
    return run("dump", "--canonical", "--data", data).stdout


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Have the disk say that so many bytes are free."""
    left = [0]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, left[0]))
    monkeypatch.delenv("GONGKAI_ROOM", raising=False)
    yield left


def test_what_is_left_free_grows_with_the_database(tmp_path: Path, free: list[int]) -> None:
    assert room.look(tmp_path / "not" / "there").needed == room.FLOOR
    (tmp_path / "gongkai.db").write_bytes(bytes(1_000_000))
    needed = room.FLOOR + 3_000_000
    for left, short in ((needed - 1, True), (needed, False)):
        free[0] = left
        assert room.look(tmp_path).short is short
        assert room.Watch(tmp_path)() is short


@pytest.mark.parametrize("how", [(), ("--due",), ("--gaps",)])
def test_no_crawl_begins_where_there_is_no_room(
    tmp_path: Path,
    free: list[int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    how: tuple[str, ...],
) -> None:
    wanted = Wanted(frozenset({("甲", 2020)}), {}, {}, frozenset())
    monkeypatch.setattr("gongkai.crawl_command.gaps", lambda _: {"tiny": wanted})
    free[0] = 499_000_000
    left = tmp_path / "data" / "public" / ".draft"
    left.mkdir(parents=True)
    with bad_portals.serve(tmp_path, {"tiny": TINY}) as (file, handlers):
        arguments = ["crawl", *how, "--portals", str(file), "--data", str(tmp_path / "data")]
        assert gongkai.exit_code(arguments) == 3
        said = capsys.readouterr().err
        assert handlers["tiny"].asked == []
    assert said.count("\n") == 1
    assert "no crawl is begun: 499 MB of 1,000.0 GB are free on the disk of" in said
    assert "a crawl leaves 500 MB: free some, move the data folder, or say with GONGKAI_ROOM" in said
    assert list(tmp_path.glob("data/warc/*")) == []
    assert not left.exists(), "what a killed publication left takes room"


def test_what_is_no_number_of_megabytes_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("1GB", "-1", "１"):
        monkeypatch.setenv("GONGKAI_ROOM", wrong)
        with bad_portals.serve(tmp_path, {"tiny": TINY}) as (file, _):
            arguments = ["crawl", "tiny", "--portals", str(file), "--data", str(tmp_path / "data")]
            assert gongkai.exit_code(arguments) == 3
        assert "no number of megabytes" in capsys.readouterr().err


@pytest.mark.slow
def test_a_disk_that_fills_up_meanwhile_ends_the_crawl_in_time_and_the_next_goes_on(
    small_disk: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert mount(small_disk, "remount,size=48m")
    data = small_disk / "data"
    with bad_portals.serve(tmp_path, {"tiny": TINY, "bulky": bulky()}) as (file, handlers):
        file.write_text(
            re.sub(r"(\[bulky\].*?)delay = 0\n", r"\1delay = 0.2\n", file.read_text(), flags=re.S)
        )
        arguments = ("crawl", "--portals", file, "--data")
        done = run(*arguments, data, GONGKAI_ROOM="40")
        assert done.returncode == 3, done.stdout + done.stderr
        assert "crawled     bulky: interrupted" in done.stdout
        assert re.search(r"^gongkai: the crawl was ended: [34]\d MB of 50 MB are free", done.stderr, re.M), (
            done.stderr
        )
        assert "the next start goes on from here" in done.stderr
        # What came is read and published, and nobody is asked again before there is room.
        assert len(versions(data / "public")) == 1
        assert "/nb/1.html" in dump(data)
        asked = sum(len(handler.asked) for handler in handlers.values())
        again = run(*arguments, data, GONGKAI_ROOM="40")
        assert (again.returncode, sum(len(handler.asked) for handler in handlers.values())) == (3, asked)
        assert {fault.kind for fault in verify(data).faults} == {"not_sealed"}
        assert mount(small_disk, "remount,size=256m")
        assert run(*arguments, data, GONGKAI_ROOM="40").returncode == 1
        times = Counter(path for path in handlers["bulky"].asked if re.search(r"\d\.html", path))
        assert len(times) == PAGES
        assert sum(times.values()) - PAGES <= 4, "only what was in flight is asked twice"
        assert verify(data).faults == []
        assert run(*arguments, tmp_path / "undisturbed").returncode == 1
    assert dump(data) == dump(tmp_path / "undisturbed")
