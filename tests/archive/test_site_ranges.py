"""Ranges and conditions, and what is sent to whom: as the standard says."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.site import __main__ as child
from archive.site.downloads import File
from archive.site.ranges import CHUNK, Decision, decide, send_file

TAG = f'"{"ab" * 32}"'
DATE = "Tue, 24 Nov 2026 20:15:55 GMT"
OTHER_DATE = "Tue, 24 Nov 2026 20:15:54 GMT"
NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
FILE = File(Path("x.csv.gz"), 1000, "ab" * 32, NOW, "gongkai-x.csv.gz")
WHOLE = Decision(200, 0, 1000)

Receive = Callable[[], Awaitable[dict[str, str]]]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, WHOLE),
        ({"range": "bytes=0-99"}, Decision(206, 0, 100)),
        ({"range": "bytes=999-"}, Decision(206, 999, 1000)),
        ({"range": "bytes=0-5000"}, Decision(206, 0, 1000)),
        ({"range": "bytes=-10"}, Decision(206, 990, 1000)),
        ({"range": "bytes=-5000"}, Decision(206, 0, 1000)),
        ({"range": "BYTES = 5 - 5"}, Decision(206, 5, 6)),
        ({"range": "bytes=1000-"}, Decision(416)),
        ({"range": "bytes=-0"}, Decision(416)),
        ({"range": "bytes=5-4"}, WHOLE),
        ({"range": "bytes=0-1,5-6"}, WHOLE),
        ({"range": "bytes=-"}, WHOLE),
        ({"range": "bytes=١-٢"}, WHOLE),
        ({"range": "bytes=" + "9" * 5000 + "-"}, WHOLE),
        ({"range": "lines=0-9"}, WHOLE),
        ({"range": "bytes=0-9", "if-range": TAG}, Decision(206, 0, 10)),
        ({"range": "bytes=0-9", "if-range": f"W/{TAG}"}, WHOLE),
        ({"range": "bytes=0-9", "if-range": '"old"'}, WHOLE),
        ({"range": "bytes=0-9", "if-range": DATE}, Decision(206, 0, 10)),
        ({"range": "bytes=0-9", "if-range": OTHER_DATE}, WHOLE),
        ({"range": "bytes=0-9", "if-range": "yesterday"}, WHOLE),
        ({"range": "bytes=5000-", "if-range": '"old"'}, WHOLE),
        ({"if-none-match": TAG}, Decision(304)),
        ({"if-none-match": f'"old", W/{TAG}'}, Decision(304)),
        ({"if-none-match": "*"}, Decision(304)),
        ({"if-none-match": '"old"'}, WHOLE),
        ({"if-none-match": '"old"', "if-modified-since": DATE}, WHOLE),
        ({"if-none-match": TAG, "range": "bytes=0-9"}, Decision(304)),
        ({"if-modified-since": DATE}, Decision(304)),
        ({"if-modified-since": OTHER_DATE}, WHOLE),
        ({"if-modified-since": "Tue, 24 Nov 2026 20:15:55 -0000"}, Decision(304)),
        ({"if-modified-since": "\0"}, WHOLE),
        ({"if-match": TAG}, WHOLE),
        ({"if-match": "*"}, WHOLE),
        ({"if-match": '"old"'}, Decision(412)),
        ({"if-match": f"W/{TAG}"}, Decision(412)),
        ({"if-unmodified-since": DATE}, WHOLE),
        ({"if-unmodified-since": OTHER_DATE}, Decision(412)),
    ],
    ids=str,
)
def test_conditions_and_ranges_come_to_what_the_standard_says(
    asked: dict[str, str], wanted: Decision
) -> None:
    assert decide("GET", asked, FILE) == wanted


def test_of_a_head_a_range_means_nothing() -> None:
    assert decide("HEAD", {"range": "bytes=0-9"}, FILE) == WHOLE
    assert decide("HEAD", {"if-none-match": TAG}, FILE) == Decision(304)


def send(file: File, receive: Receive) -> list[dict[str, Any]]:
    """Return the messages of an answer to a GET for a file."""
    sent: list[dict[str, Any]] = []

    async def take(message: dict[str, Any]) -> None:
        sent.append(message)
        # A server that nobody listens to takes what it is given at once.
        await asyncio.sleep(0)

    asyncio.run(send_file({"method": "GET", "headers": []}, receive, take, file, "no-store"))
    return sent


def large(folder: Path, size: int) -> File:
    (folder / "large").write_bytes(b"x" * size)
    return replace(FILE, path=folder / "large", size=size)


def test_who_leaves_in_the_middle_is_not_read_for_any_longer(tmp_path: Path) -> None:
    async def leave() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def stay() -> dict[str, str]:
        return await asyncio.Future()

    file = large(tmp_path, 40 * CHUNK)
    assert len(send(file, stay)) == 42
    assert len(send(file, leave)) < 5


def test_a_file_that_has_become_shorter_is_broken_off_and_never_looks_whole(tmp_path: Path) -> None:
    file = large(tmp_path, 3 * CHUNK)

    async def cut() -> dict[str, str]:
        os.truncate(file.path, CHUNK)
        return await asyncio.Future()

    with pytest.raises(OSError, match="ends at"):
        send(file, cut)
    with pytest.raises(OSError, match="now has others"):
        send(file, cut)


class Wire:
    """A client's connection: how many bytes wait for it at each look, the last number from then on."""

    def __init__(self, *waiting: int) -> None:
        self.transport, self.waiting, self.aborted = self, list(waiting), False

    def get_write_buffer_size(self) -> int:
        return self.waiting.pop(0) if len(self.waiting) > 1 else self.waiting[0]

    def abort(self) -> None:
        self.aborted = True


def test_a_client_that_takes_nothing_does_not_keep_an_ending_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LOOK", 0.001)
    server = child.Server(None, 0)
    asleep, idle, slow = Wire(9, 5), Wire(0), Wire(*[9, 9, 8, 8] * 1000)
    server.server_state.connections.update({asleep, idle, slow})

    async def watch() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(server.give_up_stalled(), 0.3)

    asyncio.run(watch())
    assert (asleep.aborted, idle.aborted, slow.aborted) == (True, False, False)
