"""One crawl: portals are asked, what they bring is read and published, and somebody is told how it went."""

import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import click

from archive import clock, logs, unfinished
from archive.commands import FINE, LOOK
from archive.notify import notify
from crawler import room
from crawler.crawl import crawl
from crawler.errors import NoRoom, PortalError
from crawler.live import Live, closing
from crawler.loader import spider_for
from crawler.portal import Portal, require_contact
from crawler.registry import read_registry
from crawler.spider import PortalSpider
from crawler.watch import BUSY, INTERRUPTED, SETTLED, Result
from gongkai.output import FAILED, goes_on_unheard
from pipelines.commands import load_now, needs_look
from pipelines.publish_command import publish_now


@goes_on_unheard
def run(
    portals: Sequence[Portal],
    data: Path,
    *,
    accept: str = "",
    findings_count: bool = True,
    spider_of: Callable[[Portal], type[PortalSpider]] = spider_for,
    seconds: float | None = None,
    settled: Sequence[str] = SETTLED,
) -> int:
    """Ask portals, read and publish what they bring; return the code to exit with.

    Args:
        portals: The portals.
        data: The data folder.
        accept: Why lists that have shrunk are taken as they are now; empty if they are not.
        findings_count: Whether findings in the reports are something to look at.
        spider_of: Which spider a portal is walked with.
        seconds: Time after which asking ends; what it was too short for is continued by the next start.
        settled: Outcomes with which a portal needs no looking at.

    Raises:
        NoRoom: There is too little room on the disk to begin, or there was while it crawled.
        KeyboardInterrupt: It was interrupted; nothing is lost.
    """
    contact = os.environ.get("GONGKAI_CONTACT", "")
    require_contact(portals, contact)
    logs.begin(data)
    require_room(data)
    unfinished.begin(data)
    began, watch = time.monotonic(), room.Watch(data)
    with Live(sys.stdout, len(portals)).shown() as watcher:
        results = crawl(portals, data, contact, watcher, accept, spider_of, seconds, watch)
    for line in closing(results, len(portals), settled):
        click.echo(line)
    if {result.outcome for result in results} == {BUSY} and BUSY in settled:
        # Whoever has them reads and publishes what they bring.
        return FINE
    in_time = seconds is None or time.monotonic() - began < seconds
    if in_time and watch.found is None and _stopped(results, portals):
        raise KeyboardInterrupt
    # Before anything else can fail: who waits for a notice must not wait in vain.
    give_notice(data)
    code = read_and_publish(data, results, settled, findings_count=findings_count)
    if watch.found is not None:
        raise NoRoom(f"the crawl was ended: {watch.found}: {room.REMEDY}; the next start goes on from here")
    return code


def require_room(data: Path) -> None:
    """Have a crawl begin only where there is room for it, once what a killed publication left is removed.

    Raises:
        NoRoom: There is not.
    """
    unfinished.clear(data)
    room.require(data)


def give_notice(data: Path) -> None:
    """Tell the operator's command, if there is one, which portals have turned bad or well again."""
    command = os.environ.get("GONGKAI_NOTIFY", "")
    if command:
        logs.begin(data)
        notify(data, command, clock.now(), _declared())


def _declared() -> Collection[str] | None:
    """Return the names of the portals that the command is told of; None if that cannot be known."""
    context = click.get_current_context(silent=True)
    try:
        return read_registry(context.params.get("files", ())) if context else None
    except PortalError:
        return None


def _stopped(results: Sequence[Result], portals: Sequence[Portal]) -> bool:
    return len(results) < len(portals) or any(result.outcome == INTERRUPTED for result in results)


def read_and_publish(
    data: Path, results: Sequence[Result], settled: Sequence[str], *, findings_count: bool
) -> int:
    """Read what waits and publish; return the code to exit with."""
    tally = load_now(data)
    code = publish_now(data)
    if code != FINE:
        # The gate has stopped it, of which nobody was told yet.
        give_notice(data)
    if any(result.archive_failed for result in results):
        return FAILED
    # What the time was too short for is continued by the next start.
    bad = any(result.outcome not in (*settled, INTERRUPTED) for result in results)
    return LOOK if bad or (findings_count and needs_look(tally)) else code
