"""A host is asked one thing at a time, with its pauses, whoever asks: portals, processes, starts."""

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from archive import locks
from crawler import manners
from crawler.gate import Gate, HostTired, Stopping
from crawler.portal import Portal

HOST = "127.0.0.1:9"
ROOT = Path(__file__).parent.parent.parent


def portal(name: str = "p", **values: object) -> Portal:
    declared = {
        "title": "样例",
        "division": "990300",
        "home": f"http://{HOST}/",
        "hosts": (HOST,),
        "seen": "t",
    }
    return Portal(name=name, **{**declared, "local": True, "delay": 0.0, **values})  # type: ignore[arg-type]


def gate(folder: Path, stopping: Callable[[], bool] = lambda: False, **values: object) -> Gate:
    return Gate(portal(**values), folder, stopping)


def request(path: str = "") -> Request:
    return Request(f"http://{HOST}/{path}")


async def ask(through: Gate, times: list[tuple[float, float]], takes: float = 0.05) -> None:
    async with through.turn(request()):
        began = time.monotonic()
        await asyncio.sleep(takes)
        times.append((began, time.monotonic()))


def run(work: Callable[[], Awaitable[None]]) -> None:
    Gate._hosts.clear()
    asyncio.run(work())  # type: ignore[arg-type]


def gaps(times: list[tuple[float, float]]) -> list[float]:
    times = sorted(times)
    return [later[0] - earlier[1] for earlier, later in pairwise(times)]


def test_portals_of_one_process_take_turns_at_a_shared_host(tmp_path: Path) -> None:
    times: list[tuple[float, float]] = []

    async def work() -> None:
        gates = [gate(tmp_path, name=f"p{number}", delay=0.2) for number in range(3)]
        await asyncio.gather(*(ask(each, times) for each in gates for _ in range(2)))

    run(work)
    assert len(times) == 6
    assert min(gaps(times)) >= 0.2
    assert max(gaps(times)) <= 0.2 * (1 + manners.JITTER) + 0.3
    assert len({round(gap, 3) for gap in gaps(times)}) > 1, "the pauses keep no rhythm"


@pytest.mark.slow
def test_processes_take_turns_and_the_pause_outlives_a_killed_one(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import asyncio, sys, time
        from pathlib import Path
        from tests.crawler.test_gate import gate, request
        async def main():
            through = gate(Path(sys.argv[1]), delay=1.0)
            async with through.turn(request()):
                print("asking", flush=True)
                await asyncio.sleep(60)
        asyncio.run(main())
        """)
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "asking\n"
    began = time.monotonic()
    times: list[tuple[float, float]] = []

    async def work() -> None:
        asking = asyncio.create_task(ask(gate(tmp_path, delay=1.0), times))
        await asyncio.sleep(0.4)
        assert not times, "the other process is still asking"
        other.kill()
        await asyncio.wait_for(asking, 10)

    run(work)
    other.wait()
    other.stdout.close()
    assert times[0][0] - began >= 0.9, "the killed process had asked just now"


def test_both_schemes_and_a_shared_host_of_public_portals_have_one_turn(tmp_path: Path) -> None:
    async def work() -> None:
        one = gate(tmp_path, local=False, hosts=("gov.example",), delay=1.0)
        other = gate(tmp_path, local=False, hosts=("a.gov.example",), delay=1.0)
        hosts = {
            each._host(Request(url))
            for each in (one, other)
            for url in ("http://a.gov.example/", "https://A.gov.example:443/x", "http://a.gov.example./")
        }
        assert len(hosts) == 1

    run(work)


def test_a_rest_holds_for_other_portals_and_later_starts(tmp_path: Path) -> None:
    async def work() -> None:
        gate(tmp_path).rest(request(), 0.5)
        began = time.monotonic()
        await ask(gate(tmp_path, name="other"), times := [])
        assert times[0][0] - began >= 0.4
        gate(tmp_path).rest(request(), 86_400 * 365)
        Gate._hosts.clear()
        with pytest.raises(HostTired, match="asks to be left alone for 86"):
            await ask(gate(tmp_path, name="later"), [])

    run(work)


def test_a_longer_rest_is_not_shortened_by_the_pause_after_the_answer(tmp_path: Path) -> None:
    async def work() -> None:
        through = gate(tmp_path, delay=0.1)
        async with through.turn(request()):
            through.rest(request(), 300)
        left = locks.path(tmp_path, HOST).stat().st_mtime - time.time()
        assert 290 < left <= 300

    run(work)


def test_a_clock_that_was_set_back_stops_no_crawl(tmp_path: Path) -> None:
    async def work() -> None:
        file = locks.path(tmp_path, HOST)
        file.touch()
        os.utime(file, (0, time.time() + 10 * 86_400))
        await asyncio.wait_for(ask(gate(tmp_path, delay=0.1), times := []), 5)
        assert times

    run(work)


def test_who_waits_goes_home_when_the_crawl_is_stopped(tmp_path: Path) -> None:
    async def work() -> None:
        stopped = False
        through = gate(tmp_path, lambda: stopped)
        through.rest(request(), 300)
        waiting = asyncio.create_task(ask(through, []))
        await asyncio.sleep(0.2)
        stopped = True
        with pytest.raises(Stopping):
            await asyncio.wait_for(waiting, 2)

    run(work)


def test_crawl_delay_is_kept_and_has_an_end(tmp_path: Path) -> None:
    async def work() -> None:
        through = gate(tmp_path)
        through.slow_down(request(), 0.3)
        times: list[tuple[float, float]] = []
        for _ in range(2):
            await ask(through, times, takes=0.0)
        assert gaps(times)[0] >= 0.3
        through.slow_down(request(), 1e9)
        assert through._host(request()).crawl_delay == manners.LONGEST_DELAY

    run(work)


@pytest.mark.parametrize(
    ("status", "header", "tried", "seconds"),
    [(200, "5", 0, 0), (503, "5", 3, 5), (429, None, 0, 20), (429, None, 2, 80), (503, "soon", 1, 40)],
)
def test_a_tired_host_rests_as_it_asks_or_longer_each_time(
    status: int, header: str | None, tried: int, seconds: float
) -> None:
    asked = Request(f"http://{HOST}/", meta={"retry_times": tried})
    answer = Response(asked.url, status=status, headers={"Retry-After": header} if header else {})
    assert manners.rest_after(asked, answer, manners.first_rest(2.0)) == seconds


def test_a_lock_file_that_is_swept_away_costs_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        through, file = gate(tmp_path, delay=0.2), locks.path(tmp_path, HOST)
        for _ in range(2):
            async with through.turn(request()):
                file.unlink()
                through.rest(request(), 0.1)
        await ask(through, times := [])
        assert times
        assert through._host(request()).file is None, "the lock is left"
        assert file.exists()

    run(work)


def test_who_waited_at_a_lock_file_that_was_swept_away_goes_on_at_the_new_one(tmp_path: Path) -> None:
    async def work() -> None:
        file = locks.path(tmp_path, HOST)
        with file.open("a") as held:
            assert locks.take(held)
            waiting = asyncio.create_task(ask(gate(tmp_path), times := []))
            await asyncio.sleep(0.2)
            assert not times
            file.unlink()
            await asyncio.wait_for(waiting, 5)

    run(work)


def test_a_failed_request_leaves_the_lock(tmp_path: Path) -> None:
    async def work() -> None:
        through = gate(tmp_path, delay=0.1)
        with pytest.raises(OSError, match="refused"):
            async with through.turn(request()):
                raise OSError("refused")
        await asyncio.wait_for(ask(through, times := []), 5)
        assert times

    run(work)
