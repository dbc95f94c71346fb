"""Equality of two databases is equality of their canonical dumps."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest
from sample_readings import capture, notice, report

from archive.captures import Capture
from pipelines import schema
from pipelines.dump import dump_canonical
from pipelines.errors import LoadError
from pipelines.load import Loader
from pipelines.reading import Problem, Reading


def crawl(path: Path, run: str, at: str, numbers: Iterable[int] = range(4), *, again: int = 200) -> None:
    """Load what a crawl of four pages brings: two reports, a notice, a page that cannot be read."""
    readings = (
        report(0),
        report(1),
        notice(),
        Reading(reason="empty", problems=(Problem("unreadable_document", "empty"),)),
    )
    with Loader(path, "1") as loader:
        for number in numbers:
            taken = capture(number, at=at, run=run)
            loader.load_runs(
                [{"id": "sample", "title": "样例", "division": "990100", "specimen": 1}],
                [{"id": taken.run, "portal": "sample", "started_at": at}],
                [],
                [row(taken, "detail", 200), row(capture(90, at=at, run=run), "list", again)],
            )
            loader.load_reading(taken, readings[number])


def row(taken: Capture, role: str, status: int) -> dict[str, object]:
    return {
        "id": taken.id,
        "portal": "sample",
        "run": taken.run,
        "role": role,
        "url": taken.url,
        "method": "GET",
        "status": status,
        "fetched_at": taken.fetched_at,
        "digest": taken.digest,
    }


def test_two_crawls_of_the_same_pages_dump_alike(tmp_path: Path) -> None:
    crawl(tmp_path / "one.db", "1", "2022-02-01T00:00:00Z")
    crawl(tmp_path / "two.db", "7", "2026-11-24T00:00:00Z", (3, 1))
    crawl(tmp_path / "two.db", "7", "2026-11-25T00:00:00Z", (1, 0, 2))
    assert list(dump_canonical(tmp_path / "one.db")) == list(dump_canonical(tmp_path / "two.db"))


@pytest.mark.parametrize("again", [200, 304, 503])
def test_crawling_twice_dumps_like_crawling_once(tmp_path: Path, again: int) -> None:
    crawl(tmp_path / "gongkai.db", "1", "2022-02-01T00:00:00Z")
    once = list(dump_canonical(tmp_path / "gongkai.db"))
    crawl(tmp_path / "gongkai.db", "2", "2022-03-01T00:00:00Z", (0,), again=again)
    assert list(dump_canonical(tmp_path / "gongkai.db")) == once


def test_a_page_that_another_run_has_not_read_yet_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    crawl(path, "1", "2022-02-01T00:00:00Z")
    once = list(dump_canonical(path))
    unread = capture(0, at="2022-03-01T00:00:00Z", run="2")
    with Loader(path, "1") as loader:
        loader.load_runs([], [{"id": "sample/2", "portal": "sample"}], [], [row(unread, "detail", 200)])
    assert list(dump_canonical(path)) == once


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cell SET value = value + 1 WHERE item = 100",
        "UPDATE section SET text = text || '。'",
        "UPDATE capture SET digest = 'x' WHERE role = 'list'",
        "DELETE FROM problem WHERE revision IS NULL",
        "UPDATE finding SET found = 9",
        "UPDATE report SET status = 'late'",
    ],
)
def test_a_dump_shows_every_change_of_content(tmp_path: Path, change: str) -> None:
    path = tmp_path / "gongkai.db"
    crawl(path, "1", "2022-02-01T00:00:00Z")
    before = list(dump_canonical(path))
    db = sqlite3.connect(path)
    assert db.execute(change).rowcount > 0
    db.commit()
    db.close()
    assert list(dump_canonical(path)) != before


def test_a_dump_is_sorted_json_lines_of_every_table_but_those_of_runs(tmp_path: Path) -> None:
    crawl(tmp_path / "gongkai.db", "1", "2022-02-01T00:00:00Z")
    lines = [json.loads(line) for line in dump_canonical(tmp_path / "gongkai.db")]
    tables = list(dict.fromkeys(next(iter(line)) for line in lines))
    of_runs = {"run", "skip", "listing", "reextraction", "reread"}
    not_here = {"division_name", "file_link", "change", "changed", "succession", "listed_agency"}
    not_here |= {"agency_portal", "coverage", "correction", "withheld"}
    assert tables == [each.name for each in schema.TABLES if each.name not in of_runs | not_here]
    items = [line["form_item"]["id"] for line in lines if "form_item" in line]
    assert items == sorted(items)
    fields = {name for line in lines for row in line.values() for name in row}
    assert not fields & {"first_seen", "last_seen", "fetched_at", "file", "offset", "length", "run"}


@pytest.mark.parametrize("content", [None, b"no database at all", b""])
def test_what_is_no_database_is_refused_clearly(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "gongkai.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LoadError, match=r"gongkai\.db"):
        list(dump_canonical(path))
