"""Runs of portals as the index knows them, without a crawl."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import runs
from archive.captures import Capture, Context
from archive.index import Index
from archive.known import FULL

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


def time(days_ago: float, minutes: float = 0) -> str:
    """Return a time before NOW as WARC files write it."""
    return f"{NOW - timedelta(days=days_ago, minutes=-minutes):%Y-%m-%dT%H:%M:%SZ}"


def tell(
    data: Path,
    portal: str,
    days_ago: float,
    outcome: str = "ok",
    *,
    reason: str = "",
    walk: str = FULL,
    title: str = "",
    captured: bool = True,
    listed_on: str = "",
) -> None:
    """Add a run to the index; without an outcome, one that has not ended."""
    run = f"{NOW - timedelta(days=days_ago):%Y%m%dT%H%M%SZ}"
    declaration = {"portal": {"title": title or f"{portal}市人民政府"}}
    ended = dict.fromkeys(runs.ENDED_FIELDS, 0) | {
        "outcome": outcome,
        "reason": reason or f"it was {outcome}",
    }
    more = {"walk": walk, "lists": [], "skips": [], "asked": []}
    with Index(data) as index:
        index.add_event(portal, run, runs.Event(runs.STARTED, time(days_ago), declaration))
        if captured:
            index.add([_page(portal, run, time(days_ago, 1), listed_on)])
        if outcome:
            index.add_event(portal, run, runs.Event(runs.ENDED, time(days_ago, 2), {**ended, **more}))


def _page(portal: str, run: str, at: str, listed_on: str) -> Capture:
    return Capture(
        id=f"{portal}/{run}",
        url=f"http://{portal}.example/a",
        body=b"",
        digest="",
        fetched_at=at,
        run=f"{portal}/{run}",
        file="",
        offset=0,
        length=0,
        context=Context(role="detail", portal=portal, listed_on=listed_on),
    )
