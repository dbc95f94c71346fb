"""Crawls any number of portals in one process, one host never twice at once."""

import asyncio
import importlib
import logging
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.errors import ArchiveError, LockHeld
from archive.index import Index
from crawler import settings as project
from crawler.facts import Facts
from crawler.loader import spider_for
from crawler.portal import Portal
from crawler.spider import PortalSpider

logger = logging.getLogger(__name__)

AT_ONCE = 16
"""Portals crawled at the same time; each asks its hosts one thing at a time."""

Progress = Callable[[str, Facts], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one portal's run. `captures` and `requests` count this run only."""

    portal: str
    outcome: str
    reason: str
    captures: int = 0
    requests: int = 0


def crawl(
    portals: Sequence[Portal], data: Path, contact: str, progress: Progress | None = None
) -> tuple[Result, ...]:
    """Crawl portals and archive what they answer; return one result each, in their order.

    Args:
        portals: The portals to crawl.
        data: The data folder.
        contact: Mail or web address of the operator, sent to every host.
        progress: Called about twice a second with a portal's name and its tally.

    Raises:
        OSError: The data folder cannot be written.
    """
    with Index(data) as index:
        index.catch_up()
    settings = _settings(data, contact)
    process = AsyncCrawlerProcess(settings)
    batch = _Batch(process, data, progress)
    # Only now: importing it earlier would install another reactor than Scrapy's.
    reactor: Any = importlib.import_module("twisted.internet.reactor")

    def begin() -> None:
        batch.task = asyncio.ensure_future(batch.all(portals))
        batch.task.add_done_callback(lambda _: reactor.stop())

    reactor.callWhenRunning(begin)
    with _signals_restored():
        process.start(stop_after_crawl=False)
    return tuple(batch.results.get(p.name) or _interrupted(p) for p in portals)


def _settings(data: Path, contact: str) -> Settings:
    settings = Settings()
    settings.setmodule(project, priority="project")
    values = {
        "GONGKAI_DATA": str(data),
        "GONGKAI_CONTACT": contact,
        "GONGKAI_LOAD": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "USER_AGENT": project.user_agent(contact),
    }
    for key, value in values.items():
        settings.set(key, value, priority="cmdline")
    return settings


def _interrupted(portal: Portal) -> Result:
    return Result(portal.name, "interrupted", "stopped before its end; the next start continues it")


@contextmanager
def _signals_restored() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, action in kept.items():
            signal.signal(number, action)


class _Batch:
    """The portals of one command, some of them running."""

    def __init__(self, process: AsyncCrawlerProcess, data: Path, progress: Progress | None) -> None:
        self._process = process
        self._data = data
        self._progress = progress
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.results: dict[str, Result] = {}
        self.task: asyncio.Future[Any] | None = None

    async def all(self, portals: Sequence[Portal]) -> None:
        watch = asyncio.ensure_future(self._watch())
        try:
            await asyncio.gather(*(self._one(portal) for portal in portals))
        finally:
            watch.cancel()
        self._tell()

    async def _one(self, portal: Portal) -> None:
        async with self._slots:
            try:
                self.results[portal.name] = await self._crawl(portal)
            except LockHeld as error:
                self.results[portal.name] = Result(portal.name, "busy", str(error))
            except (ArchiveError, OSError, sqlite3.Error) as error:
                # One portal's damaged file or full disk must not touch the others.
                logger.error("%s: %s", portal.name, error)
                self.results[portal.name] = Result(portal.name, "failed", str(error))

    async def _crawl(self, portal: Portal) -> Result:
        crawler = self._process.create_crawler(spider_for(portal))
        await self._process.crawl(crawler)
        spider = crawler.spider
        assert isinstance(spider, PortalSpider)
        if spider.disk_error is not None:
            return Result(portal.name, "failed", f"the archive cannot be written: {spider.disk_error}")
        if not spider.ended:
            return _interrupted(portal)
        verdict = spider.verdict
        return Result(
            portal.name, verdict["outcome"], verdict["reason"], verdict["captures"], verdict["requests"]
        )

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            self._tell()

    def _tell(self) -> None:
        if self._progress is None:
            return
        for crawler in list(self._process.crawlers):
            facts = _facts(crawler)
            if facts is not None:
                self._progress(crawler.spidercls.name, facts)


def _facts(crawler: Crawler) -> Facts | None:
    return crawler.spider.facts if isinstance(crawler.spider, PortalSpider) else None
