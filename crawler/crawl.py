"""Crawls any number of portals in one process, one host never twice at once."""

import asyncio
import importlib
import logging
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import logs
from archive.errors import ArchiveError, LockHeld
from archive.index import Index
from crawler import notes
from crawler import settings as project
from crawler.loader import spider_for
from crawler.portal import Portal
from crawler.results import interrupted, result, state, unwritable
from crawler.spider import PortalSpider
from crawler.watch import BUSY, Result, Watcher

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Portals crawled at the same time; each asks its hosts one thing at a time.

Measured with local portals of five pages on two cores: one process makes about 60 requests a
second, the portals' starts and ends with them, while 64 portals may be asked 26 times a second (a
pause of 2.5 seconds each): a second process would wait as the first does. Memory and files grow
with the portals that run, not with those that have ended: 16 at once take 160 MB and 100 files, 64
take 195 MB and 380, 128 take 300 MB and over 1,024 files, which is the usual limit. Of 900 portals
the last 600 took no memory more.
"""

TICK = 0.5
"""Seconds between two looks at what the portals do."""

PATIENCE = 5.0
"""Seconds that a stopped crawl waits for answers on their way. It waits for none that comes later,
nor for a host that rests: what is archived by then is all there, and the next start asks again."""


def crawl(
    portals: Sequence[Portal],
    data: Path,
    contact: str,
    watcher: Watcher,
    accept: str = "",
    spider_of: Callable[[Portal], type[PortalSpider]] = spider_for,
    seconds: float | None = None,
    must_end: Callable[[], bool] = lambda: False,
) -> tuple[Result, ...]:
    """Crawl portals and archive what they answer. Call it in the main thread, once a process.

    SIGTERM or Ctrl-C ends it within seconds, all that is archived kept; a second one at once.

    Args:
        portals: The portals to crawl.
        data: The data folder.
        contact: Mail or web address of the operator, sent to every host.
        watcher: Is told how it goes on.
        accept: Why lists that hold less than before are to be taken as they are.
        spider_of: Makes the spider of a portal.
        seconds: Time after which it ends as if it was told to: what runs is left to the next start.
        must_end: Tells, asked about twice a second, whether it has to end in that way.

    Returns:
        One result for each portal that was begun, in their order; `interrupted` where it was
        stopped before its end.

    Raises:
        OSError: The data folder cannot be written.
    """
    # Where the folder cannot be written nothing is begun; each run catches up with its own files.
    Index(data).close()
    process = AsyncCrawlerProcess(_settings(data, contact, accept))
    batch = _Batch(process, watcher, spider_of, seconds, must_end)
    tasks: list[asyncio.Future[None]] = []
    # Only now: importing it earlier would install another reactor than Scrapy's.
    reactor: Any = importlib.import_module("twisted.internet.reactor")

    def begin() -> None:
        tasks.append(asyncio.ensure_future(batch.all(portals)))
        tasks[0].add_done_callback(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    on_term = signal.getsignal(signal.SIGTERM)
    # Scrapy's own handlers would wait as long as the slowest answer, and begin the next portal.
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    # The loop, which had it meanwhile, leaves the system's way: to die at once.
    signal.signal(signal.SIGTERM, on_term)
    tasks[0].result()
    return tuple(batch.results[portal.name] for portal in portals if portal.name in batch.results)


def _settings(data: Path, contact: str, accept: str = "") -> Settings:
    settings = Settings()
    settings.setmodule(project, priority="project")
    values = {
        "GONGKAI_DATA": str(data),
        "GONGKAI_CONTACT": contact,
        "GONGKAI_ACCEPT": accept,
        "GONGKAI_LOAD": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "USER_AGENT": project.user_agent(contact),
    }
    for key, value in values.items():
        settings.set(key, value, priority="cmdline")
    return settings


class _Batch:
    """The portals of one command: some wait, at most `AT_ONCE` run, the rest have their result."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        watcher: Watcher,
        spider_of: Callable[[Portal], type[PortalSpider]],
        seconds: float | None,
        must_end: Callable[[], bool],
    ) -> None:
        self._seconds, self._must_end = seconds, must_end
        self._process, self._watcher, self._spider_of = process, watcher, spider_of
        self._lanes: list[asyncio.Task[None]] = []
        self._leaving: asyncio.Task[None] | None = None
        self.results: dict[str, Result] = {}

    async def all(self, portals: Sequence[Portal]) -> None:
        """Crawl all portals, or those that are begun before a signal comes or the time is up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop)
        watch = asyncio.create_task(self._watch())
        bell = None if self._seconds is None else loop.call_later(self._seconds, self._let_go)
        waiting = iter(portals)
        self._lanes = [asyncio.create_task(self._lane(waiting)) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*self._lanes)
            if watch.done():
                watch.result()
        finally:
            watch.cancel()
            if bell is not None:
                bell.cancel()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        if self._leaving is not None:
            # As safe as any kill: each record was given to the system before it was used.
            os._exit(128 + signal.SIGINT)
        self._leaving = asyncio.create_task(self._leave())

    def _let_go(self) -> None:
        # To wait for those that run would promise nothing: a portal's first run may take a day, and what
        # is left in the middle is continued without asking for anything twice.
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave())

    async def _leave(self) -> None:
        """Have the running portals left to the next start; drop what does not end in time."""
        closing = asyncio.create_task(self._process.stop())
        await asyncio.wait(self._lanes, timeout=PATIENCE)
        closing.cancel()
        for lane in self._lanes:
            lane.cancel()

    async def _lane(self, waiting: Iterator[Portal]) -> None:
        """Crawl one portal after the other. The lanes share `waiting`, so each is taken once."""
        for portal in waiting:
            if self._leaving is not None:
                return
            with logs.about(portal.name):
                came = await self._one(portal)
                notes.run_ends(came)
            self.results[portal.name] = came
            self._watcher.ended(came)

    async def _one(self, portal: Portal) -> Result:
        """Crawl a portal. Whatever goes wrong with it must not touch the others."""
        try:
            return await self._crawl(portal)
        except LockHeld as error:
            return Result(portal.name, BUSY, str(error))
        except asyncio.CancelledError:
            return interrupted(portal)
        except (OSError, sqlite3.Error) as error:
            return unwritable(portal, error)
        except ArchiveError as error:
            return Result(portal.name, "failed", str(error))
        except Exception as error:
            logger.exception("%s: a fault of this program", portal.name)
            return Result(portal.name, "failed", f"a fault of this program: {type(error).__name__}: {error}")

    async def _crawl(self, portal: Portal) -> Result:
        crawler = self._process.create_crawler(self._spider_of(portal))
        try:
            await self._process.crawl(crawler)
        except BaseException:
            if isinstance(crawler.spider, PortalSpider):
                # Scrapy tells a spider of its end only once its engine is there.
                crawler.spider.run.abandon()
            raise
        assert isinstance(crawler.spider, PortalSpider)
        return result(portal, crawler.spider)

    async def _watch(self) -> None:
        while True:
            if self._must_end():
                self._let_go()
            self._watcher.running([state(crawler) for crawler in self._process.crawlers])
            await asyncio.sleep(TICK)
