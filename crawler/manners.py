"""Asking gently: the pauses that a server asks for are kept, and a tired server is left alone.

Source: RFC 6585, 4 (429); RFC 9110, 10.2.3 (Retry-After) and 15.6.4 (503).
"""

import asyncio
import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.facts import Facts

logger = logging.getLogger(__name__)

TIRED = {429, 503}

JITTER = 0.2
STRETCH = 1.25
"""The pause between two requests is the declared one, stretched and then varied by a fifth
either way: never shorter than declared, and never in a rhythm."""

LONGEST_REST = 600.0
"""Seconds a run waits for a host; one that asks for more is left for the next run."""

LONGEST_DELAY = 120.0
"""Seconds between requests that a Crawl-delay may ask for; more would never end."""

TRIES = 4


class Manners:
    """Downloader middleware that lets a host rest when it says it is tired."""

    def __init__(self, facts: Facts, delay: float) -> None:
        self._facts = facts
        self._first_rest = max(1.0, 10 * delay)
        self._rest_until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for the spider's portal."""
        return cls(crawler.spider.facts, crawler.spider.portal.delay)  # type: ignore[union-attr]

    async def process_request(self, request: Request) -> None:
        """Wait while the host rests."""
        host = urlparse_cached(request).netloc
        while (left := self._rest_until.get(host, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the host rest as long as it asks, else longer each time."""
        if response.status not in TIRED:
            return response
        tried = int(request.meta.get("retry_times", 0))
        asked = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"), datetime.now(UTC))
        rest = self._first_rest * 2**tried if asked is None else asked
        host = urlparse_cached(request).netloc
        if rest > LONGEST_REST:
            self._facts.notes.append(f"{host} asks to be left alone for {rest:.0f} seconds")
            request.meta["dont_retry"] = True
            return response
        request.meta["max_retry_times"] = TRIES
        until = time.monotonic() + rest
        self._rest_until[host] = max(self._rest_until.get(host, 0.0), until)
        logger.info("%s answers %d: left alone for %.0f seconds", host, response.status, rest)
        return response


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, or None where it says nothing.

    >>> now = datetime(2026, 1, 31, 0, 0, 0, tzinfo=UTC)
    >>> retry_after("120", now), retry_after("Sat, 31 Jan 2026 00:01:00 GMT", now)
    (120.0, 60.0)
    >>> retry_after("soon", now) is None
    True
    """
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def apply_crawl_delay(crawler: Crawler, netloc: str, seconds: float) -> None:
    """Ask a host no faster than its robots.txt wants."""
    engine = crawler.engine
    assert engine is not None
    wanted = min(seconds, LONGEST_DELAY) * STRETCH
    for key, slot in engine.downloader.slots.items():
        if key in (netloc, netloc.partition(":")[0]):
            slot.delay = max(slot.delay, wanted)
