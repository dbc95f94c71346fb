"""What a killed command left to be done is known to the next one, and what is being done is left alone."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import gongkai
from archive import runs, unfinished, warc
from archive.index import Index
from archive.locks import hold, portal_lock
from archive.publish import versions
from archive.verify import verify
from tests import sample_archive
from tests.crawler import bad_portals

INFO = {"software": "test", "date": "2026-01-31T00:00:00Z"}
DECLARED = {"title": "x", "division": "990300", "home": "http://x/", "platform": "", "local": True}
RUN = "20260131T000000Z"
ENDED = dict.fromkeys((*runs.ENDED_FIELDS, "skips", "asked"), 0) | {"outcome": "ok", "skips": [], "asked": []}


def left_open(data: Path, portal: str, *, ended: bool) -> Path:
    """Write a run whose process was killed before its file was sealed; return that file."""
    writer = runs.RunWriter(data / "warc", portal, RUN, INFO)
    writer.tell(runs.STARTED, INFO["date"], {"portal": DECLARED, "run": RUN})
    if ended:
        writer.tell(runs.ENDED, INFO["date"], ENDED)
    writer.close()
    return data / "warc" / portal / f"{portal}-{RUN}-00000.warc.gz{warc.OPEN}"


def test_only_runs_that_ended_and_that_nobody_writes_are_sealed(tmp_path: Path) -> None:
    ended, going_on, held = (
        left_open(tmp_path, name, ended=name != "going_on") for name in ("ended", "going_on", "held")
    )
    with hold(tmp_path, portal_lock("held")):
        assert unfinished.seal_ended(tmp_path) == [ended.with_suffix("")]
    assert [path.exists() for path in (ended, going_on, held)] == [False, True, True]
    assert unfinished.seal_ended(tmp_path) == [held.with_suffix("")]
    with Index(tmp_path) as index:
        index.catch_up()
    assert {fault.file for fault in verify(tmp_path).faults} == {going_on.name}


def test_what_was_begun_and_what_waits_to_be_read_is_left_until_it_is_done(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert not unfinished.is_left(data)
    unfinished.begin(data)
    unfinished.begin(data)
    assert unfinished.is_left(data)
    unfinished.end(data)
    unfinished.end(data)
    assert not unfinished.is_left(data)
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        db.execute("INSERT INTO capture (id, url) VALUES ('x', 'http://x/')")
        db.execute("INSERT INTO pending (capture) VALUES ('x')")
    assert unfinished.is_left(data)


def test_each_start_says_again_what_the_gate_has_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file = tmp_path / "data", tmp_path / "one.toml"
    file.write_text(bad_portals.declare("one", 9))
    Index(data).close()
    database = sample_archive.load(data / "gongkai.db")
    assert gongkai.exit_code(["publish", "--data", str(data)]) == 0
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        row = ("one/x", "one", now, now, json.dumps(DECLARED))
        sql = "INSERT INTO run (id, portal, started_at, ended_at, outcome, walk, declaration) VALUES (?, ?, ?, ?, 'ok', 'full', ?)"
        db.execute(sql, row)
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM cell WHERE item < 40")
    unfinished.begin(data)
    crawl = ["crawl", "--due", "--portals", str(file), "--data", str(data)]
    for _ in range(2):
        assert gongkai.exit_code(crawl) == 1
        assert "cells that were published and are no more" in capsys.readouterr().err
    assert gongkai.exit_code(["publish", "--accept", "seen", "--data", str(data)]) == 0
    capsys.readouterr()
    assert gongkai.exit_code(crawl) == 0
    assert "going on" not in capsys.readouterr().out
    assert len(versions(data / "public")) == 2
