"""A run that finds its own open file goes on with all that is whole in it, and with its tally."""

import asyncio
import random
import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import runs, warc
from archive.captures import DETAIL, Context
from archive.exchanges import Exchange
from archive.index import Index
from archive.verify import verify
from crawler.facts import Asked
from crawler.portal import Portal, read_portals
from crawler.run import Run

DATE = "2026-01-31T00:00:00Z"
DOCUMENTS = 5
INFO = {"software": "gongkai"}
VERDICT = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}


def exchange(number: int) -> Exchange:
    body = f"<p>第{number}页".encode() * 20
    context = Context(role=DETAIL, portal="pp")
    return Exchange(
        f"http://127.0.0.1:9/{number}", "GET", (), b"", 200, "", (), body, DATE, str(number), context
    )


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    toml = tmp_path / "portal.toml"
    toml.write_text(
        '[pp]\ntitle = "样例市（样本）"\ndivision = "990100"\nhome = "http://127.0.0.1:9/"\n'
        'hosts = ["127.0.0.1:9"]\nseen = "2026-11-24, test"\nlocal = true\ndelay = 0\n'
    )
    return next(iter(read_portals(toml)))


@pytest.fixture
def interrupted(tmp_path: Path, portal: Portal) -> Path:
    """Return the open file of a run that was interrupted, as its index knew it."""
    data = tmp_path / "interrupted"
    writer = runs.RunWriter(data / "warc", "pp", "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": portal.declaration()})
    for number in range(DOCUMENTS):
        writer.store(exchange(number))
    writer.close()
    with Index(data) as index:
        index.catch_up()
    return next((data / "warc" / "pp").iterdir())


def resume(data: Path, portal: Portal) -> tuple[set[str], int]:
    """Continue a run and ask for what it lacks; return what it had, and how often it was interrupted."""

    async def go_on() -> tuple[set[str], int]:
        run = Run(data, portal, INFO)
        had = set(run.answers)
        for number in range(DOCUMENTS):
            if str(number) not in had:
                await run.store(exchange(number))
        await run.end(VERDICT)
        return had, run.continued

    return asyncio.run(go_on())


def urls(data: Path) -> list[str]:
    with Index(data) as index:
        return sorted(index.capture(identity).url for identity in index.pending())


def test_a_run_cut_anywhere_is_continued_and_ends_whole(
    tmp_path: Path, portal: Portal, interrupted: Path
) -> None:
    data, whole = interrupted.parents[2], interrupted.read_bytes()
    records = list(warc.read(interrupted))
    ends = [item.offset + item.length for item in records if item.type == "metadata"][1:]
    chance = random.Random(1)
    last = range(records[-1].offset, len(whole))
    cuts = [ends[0] + 1, *chance.sample(last, 6), *chance.sample(range(ends[0], ends[-2]), 6)]
    for cut in cuts:
        copy = tmp_path / f"cut{cut}"
        shutil.copytree(data, copy)
        (copy / "warc" / "pp" / interrupted.name).write_bytes(whole[:cut])
        kept = {str(number) for number, end in enumerate(ends) if end <= cut}
        assert resume(copy, portal) == (kept, 1), cut
        # The index was ahead of the file, as after power loss; a repair brings it back.
        assert {fault.kind for fault in verify(copy).faults} <= {"lost"}
        (copy / "captures.db").unlink()
        with Index(copy) as index:
            assert index.catch_up() == []
        assert urls(copy) == [exchange(number).url for number in range(DOCUMENTS)]
        assert verify(copy).faults == []


def test_a_bit_flipped_in_an_open_run_costs_one_page_which_is_asked_again(
    tmp_path: Path, portal: Portal, interrupted: Path
) -> None:
    data, whole = interrupted.parents[2], interrupted.read_bytes()
    responses = [item for item in warc.read(interrupted) if item.type == "response"]
    chance = random.Random(2)
    for number, item in enumerate(responses[:-1]):
        copy = tmp_path / f"flipped{number}"
        shutil.copytree(data, copy)
        flipped = bytearray(whole)
        flipped[item.offset + chance.randrange(item.length)] ^= 1 << chance.randrange(8)
        (copy / "warc" / "pp" / interrupted.name).write_bytes(flipped)
        had, _ = resume(copy, portal)
        told = {fault.kind for fault in verify(copy).faults}
        if had == {str(other) for other in range(DOCUMENTS)}:
            assert told == set(), "a bit of the gzip header that says nothing"
            continue
        assert had == {str(other) for other in range(DOCUMENTS)} - {str(number)}
        assert "damaged" in told
        assert urls_whole(copy) == [exchange(other).url for other in range(DOCUMENTS)]


def urls_whole(data: Path) -> list[str]:
    """Return the addresses of what can be read from the files alone."""
    (data / "captures.db").unlink()
    with Index(data) as index:
        index.catch_up()
    return urls(data)


def test_a_cut_answer_and_a_refusal_are_not_recalled(tmp_path: Path, portal: Portal) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "pp", "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": portal.declaration()})
    for number, change in enumerate(
        [{"status": 503}, {"status": 404}, {"truncated": "disconnect", "judged": "cut"}, {"status": 429}]
    ):
        writer.store(replace(exchange(number), **change))
    writer.close()
    had, continued = resume(tmp_path, portal)
    assert (had, continued) == ({"1"}, 1)


def test_a_run_that_is_left_while_its_records_are_synced_waits_for_them(
    tmp_path: Path, portal: Portal
) -> None:
    going = threading.Event()

    async def leave() -> None:
        run = Run(tmp_path, portal, INFO)
        synced = run._writer.sync

        def sync_slowly() -> None:
            assert going.wait(20)
            synced()

        run._writer.sync = sync_slowly  # type: ignore[method-assign]
        await run.store(exchange(1))
        underway = asyncio.create_task(run.sync())
        await asyncio.sleep(0.05)
        leaving = asyncio.create_task(run.leave())
        await asyncio.sleep(0.05)
        assert not leaving.done()
        going.set()
        await asyncio.gather(underway, leaving)

    asyncio.run(leave())
    with closing(sqlite3.connect(tmp_path / "captures.db")) as db:
        assert db.execute("SELECT url FROM capture").fetchall() == [(exchange(1).url,)]


def test_what_was_asked_before_an_interruption_counts_for_the_run(tmp_path: Path, portal: Portal) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "pp", "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": portal.declaration()})
    stored = [writer.store(exchange(1)), writer.store(replace(exchange(2), status=503))]
    failed = {"url": "http://127.0.0.1:9/3", "reason": "timeout", "fingerprint": "f"}
    writer.tell(runs.FAILED, DATE, failed)
    writer.close()
    run = Run(tmp_path, portal, INFO)
    run.abandon()
    assert run.continued == 1
    size = sum(len(capture.body) for capture in stored)
    assert run.tally.asked == {"127.0.0.1:9": Asked(requests=3, bytes=size, failures=1)}
    assert run.tally.captures == 2
