"""Asking gently: what pauses a server asks for, and when a tired one is asked again.

Source: RFC 6585, 4 (429); RFC 9110, 10.2.3 (Retry-After) and 15.6.4 (503).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from archive import clock
from crawler.facts import Facts

TIRED = {429, 503}

JITTER = 0.4
"""The pause between two requests is the wanted one and up to this share of it more: never
shorter, and never in a rhythm."""

LONGEST_REST = 600.0
"""Seconds a run waits for a host; one that asks for more is left for a later run."""

LONGEST_LEAVE = 86_400.0
"""Seconds for which a host is left alone at most: a Retry-After of years is a fault."""

LONGEST_DELAY = 120.0
"""Seconds between requests that a Crawl-delay may ask for; more would never end."""

TRIES = 4


class Manners:
    """Downloader middleware that has a tired host asked again, a few times, but not a weary one.

    The rest itself is kept at the gate, where it holds for whoever asks the host.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its tally."""
        return cls(crawler.spider.facts)  # type: ignore[union-attr]

    def process_response(self, request: Request, response: Response) -> Response:
        """Tell Scrapy's retry how often a tired host is asked again."""
        if response.status in TIRED:
            request.meta["max_retry_times"] = TRIES
            asked = asked_rest(response)
            if asked is not None and asked > LONGEST_REST:
                host = urlparse_cached(request).netloc
                self._facts.notes.append(f"{host} asks to be left alone for {asked:.0f} seconds")
                request.meta["dont_retry"] = True
        return response


def first_rest(delay: float) -> float:
    """Return the seconds for which a host rests that says it is tired and not for how long."""
    return max(1.0, 10 * delay)


def rest_after(request: Request, response: Response, first: float) -> float:
    """Return the seconds for which a host rests after an answer: as it asks, else longer each time."""
    if response.status not in TIRED:
        return 0.0
    asked = asked_rest(response)
    return float(first * 2 ** int(request.meta.get("retry_times", 0))) if asked is None else asked


def asked_rest(response: Response) -> float | None:
    """Return the seconds that an answer's Retry-After asks for, or None."""
    return retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"), clock.now())


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
