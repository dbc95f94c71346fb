"""A clock that lies long before what was crawled stops a crawl, and one that was set back a little does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from crawler import clock_check
from crawler.errors import WrongClock
from tests.sample_runs import NOW, tell

OWN = """
[{}]
title = "样例市"
division = "990300"
home = "http://127.0.0.1:9/"
hosts = ["127.0.0.1:9"]
seen = "t"
local = true
"""

Said = tuple[int, str, str]


@pytest.fixture
def crawl(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """Return what runs `crawl` at a time, over one portal that was crawled a day before NOW."""
    own = tmp_path / "own.toml"
    own.write_text(OWN.format("pp"))
    tell(tmp_path, "pp", 1)
    monkeypatch.setenv("GONGKAI_ROOM", "0")

    def run(at: datetime, *arguments: str) -> Said:
        monkeypatch.setattr("archive.clock.now", lambda: at)
        words = ["crawl", "--data", str(tmp_path), "--portals", str(own), *arguments]
        return gongkai.exit_code(words), *capsys.readouterr()

    return run


@pytest.mark.parametrize("arguments", [(), ("--due",), ("--due", "--dry-run"), ("--gaps",), ("pp",)])
def test_no_crawl_begins_years_before_what_was_crawled(
    tmp_path: Path, crawl: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GONGKAI_NOTIFY", f"touch {tmp_path / 'told'}")
    code, output, errors = crawl(datetime(2020, 1, 1, tzinfo=NOW.tzinfo), *arguments)
    assert (code, output) == (3, "")
    assert "it is 2020-01-01 00:00 UTC, and the run pp/20261123T200000Z began 2026-11-23" in errors
    assert not list(tmp_path.glob("warc/pp/*"))
    assert not (tmp_path / "told").exists(), "what is overdue would have been told well"


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(hours=23)])
def test_a_small_step_back_stops_nothing(crawl: Callable[..., Said], back: timedelta) -> None:
    assert crawl(NOW - timedelta(days=1) - back, "--due", "--dry-run")[0] == 0


def test_what_was_imported_proves_nothing(tmp_path: Path) -> None:
    tell(tmp_path, "q", -3000, "imported")
    clock_check.require(tmp_path, NOW)
    tell(tmp_path, "q", -2999)
    with pytest.raises(WrongClock, match="q/2035"):
        clock_check.require(tmp_path, NOW)


def test_a_day_that_a_wrong_clock_has_brought_can_be_told(tmp_path: Path, crawl: Callable[..., Said]) -> None:
    tell(tmp_path, "ahead", -3000)
    code, _, errors = crawl(NOW, "--due", "--dry-run")
    day = f"{NOW + timedelta(days=3000):%Y-%m-%d}"
    assert (code, f"echo {day} >> {tmp_path}/wrong-days" in errors) == (3, True)
    (tmp_path / clock_check.WRONG_DAYS).write_text(f"{day}\n")
    assert crawl(NOW, "--due", "--dry-run")[0] == 0
    assert crawl(NOW - timedelta(days=9), "--due", "--dry-run")[0] == 3


@pytest.mark.parametrize("content", [None, b"", b"no database" * 99])
def test_an_index_that_is_gone_or_damaged_stops_nothing(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "captures.db").write_bytes(content)
    clock_check.require(tmp_path, NOW)
