"""The one way to the network: a host is asked one thing at a time, by all crawls of a machine.

A host's lock is held while it is asked, whatever portal and process asks, and the lock file's
time of change says when it may be asked next. So pauses and rests hold across portals,
processes and starts, and a killed crawl leaves neither a lock nor haste behind.
"""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from archive import clock, locks, logs
from crawler import manners
from crawler.guard import BoundedHandler
from crawler.portal import Portal

logger = logging.getLogger(__name__)

_chance = random.SystemRandom()

_LONG = 10.0
"""Seconds; a pause that is longer is a rest, which whoever watches is told of."""

_LOOK = 0.1
"""Seconds between two looks at a lock that another process holds, and at whether to stop."""


class HostTired(IgnoreRequest):
    """A host has asked to be left alone for longer than a run waits. Raised by `Gate.turn`."""


class Stopping(IgnoreRequest):
    """The crawl is being stopped; whoever waits for a turn goes home. Raised by `Gate.turn`."""


class _Host:
    """What all portals of this process share of one host."""

    def __init__(self, path: Path, at_once: int) -> None:
        self.path = path
        self.places = asyncio.Semaphore(at_once)
        self.asking = 0
        self.taking = asyncio.Lock()
        self.crawl_delay = 0.0
        self.file: IO[str] | None = None

    def open(self) -> IO[str]:
        """Open the lock file, which is made anew where somebody has swept it away."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self.path.open("a")

    def is_held(self, file: IO[str]) -> bool:
        """Take an open file's lock; tell whether it is held, and the file the one that others find."""
        try:
            return locks.take(file) and os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def wait_left(self) -> float:
        """Return the seconds until the host may be asked. Its lock is held."""
        assert self.file is not None
        return os.fstat(self.file.fileno()).st_mtime - clock.now().timestamp()

    def not_before(self, seconds: float) -> None:
        """Note that the host may be asked in some seconds, unless it is to rest for longer."""
        if not seconds:
            return
        file = self.file or self.open()
        then, known = clock.now().timestamp() + seconds, os.fstat(file.fileno()).st_mtime
        os.utime(file.fileno(), (then, known if then < known <= then + manners.LONGEST_LEAVE else then))
        if file is not self.file:
            file.close()


class Gate:
    """Lets one portal's requests through, each when its host may be asked.

    Args:
        portal: Its `delay` is the least pause after an answer, in seconds.
        folder: Where the locks lie: the machine's, or a data folder for specimens.
        stopping: Tells whether the crawl is being stopped.
        at_once: Requests at a time a host gets; more than one is for measurements only.

    Attributes:
        waits: In words, what keeps the portal for longer than its usual pause; else empty.
    """

    _hosts: dict[Path, _Host] = {}  # noqa: RUF012 - shared by all portals of the process on purpose

    def __init__(self, portal: Portal, folder: Path, stopping: Callable[[], bool], at_once: int = 1) -> None:
        self._portal = portal
        self._folder = folder
        self._stopping = stopping
        self._at_once = at_once
        self.waits = ""
        self._known: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, request: Request) -> AsyncIterator[None]:
        """Hold the request's host while the block asks it.

        Raises:
            HostTired: It is to be left alone for longer than `manners.LONGEST_REST` seconds.
            Stopping: The crawl is stopped before the turn has come.
        """
        host = self._host(request)
        async with host.places:
            await self._take(host)
            try:
                await self._pause(host)
                host.not_before(self._delay(host))
                yield
                host.not_before(self._delay(host))
            finally:
                self._leave(host)

    def rest(self, request: Request, seconds: float) -> None:
        """Leave a host alone for some seconds, from now."""
        self._host(request).not_before(min(seconds, manners.LONGEST_LEAVE))

    def slow_down(self, request: Request, seconds: float) -> None:
        """Pause between a host's requests for at least as long as its robots.txt wants."""
        host = self._host(request)
        host.crawl_delay = max(host.crawl_delay, min(seconds, manners.LONGEST_DELAY))
        # The robots.txt itself was asked for just now.
        host.not_before(self._delay(host))

    def _host(self, request: Request) -> _Host:
        parts = urlparse_cached(request)
        # Both schemes of a name are one office's server; specimens differ by their ports.
        name = parts.netloc if self._portal.local else parts.hostname or ""
        if name not in self._known:
            path = locks.path(self._folder, name.lower().rstrip("."))
            self._known[name] = self._hosts.get(path) or _Host(path, self._at_once)
            self._hosts[path] = self._known[name]
        return self._known[name]

    async def _take(self, host: _Host) -> None:
        async with host.taking:
            if host.file is None:
                host.file = await self._hold(host)
                self.waits = ""
            host.asking += 1

    async def _hold(self, host: _Host) -> IO[str]:
        """Return the host's lock file once its lock is held."""
        while True:
            file = host.open()
            try:
                if host.is_held(file):
                    return file
                self.waits = "waiting"
                await self._wait(_LOOK * (1 + _chance.random()))
            except BaseException:
                file.close()
                raise
            file.close()

    def _leave(self, host: _Host) -> None:
        host.asking -= 1
        if not host.asking and host.file is not None:
            host.file.close()
            host.file = None

    async def _pause(self, host: _Host) -> None:
        # What lies further ahead than any rest was written by a clock that has been set back.
        while 0 < (left := host.wait_left()) <= 2 * manners.LONGEST_LEAVE:
            if left > manners.LONGEST_REST:
                raise HostTired(f"{host.path.stem} asks to be left alone for {left:.0f} seconds more")
            if left > _LONG and not self.waits:
                seconds, portal = round(left), self._portal.name
                logs.note(
                    logger, logging.INFO, "a host rests", portal=portal, host=host.path.stem, seconds=seconds
                )
            self.waits = f"resting {left:.0f} s" if left > _LONG else ""
            await self._wait(min(left, _LOOK))
        self.waits = ""

    async def _wait(self, seconds: float) -> None:
        if self._stopping():
            raise Stopping("the crawl is being stopped")
        await asyncio.sleep(seconds)

    def _delay(self, host: _Host) -> float:
        delay = max(self._portal.delay, host.crawl_delay)
        return delay * (1 + _chance.uniform(0, manners.JITTER))


class GatedHandler(BoundedHandler):
    """The guard's handler for http and https, with the gate in front of it."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._gate: Gate = crawler.spider.gate  # type: ignore[union-attr]
        self._first_rest = manners.first_rest(crawler.spider.portal.delay)  # type: ignore[union-attr]

    async def download_request(self, request: Request) -> Response:
        """Ask when it is the request's turn; a tired host rests before the next one's."""
        async with self._gate.turn(request):
            response = await super().download_request(request)
            rest = manners.rest_after(request, response, self._first_rest)
            if rest:
                self._gate.rest(request, rest)
            return response
