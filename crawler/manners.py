"""Asking gently: what pauses a server asks for, and when a tired one is asked again.

Source: RFC 6585, 4 (429); RFC 9110, 10.2.3 (Retry-After) and 15.6.4 (503).
"""

from collections import Counter
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
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

FAILING = 6
"""Failures in a row after which a host's pages are asked for once only: two pages, each tried three times."""

SPENT = 12
"""Failures in a row after which a host that a run had no answer from is left to a later run."""


class HostFailing(IgnoreRequest):
    """A host has failed all that a run has asked of it, and is asked no more. Raised by `Manners`."""


class Manners:
    """Downloader middleware that has a tired host asked again, a few times, but not a weary one.

    The rest itself is kept at the gate, where it holds for whoever asks the host. What the archive answers
    is never refused: it stands inside the replay.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._failures: Counter[str] = Counter()
        self._answered: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its tally."""
        return cls(crawler.spider.facts)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Let a request pass unless its host has failed all others.

        One that has answered anything is asked on: a few pages that fail for good must not hide the rest.

        Raises:
            HostFailing: It is not asked in this run.
        """
        host = urlparse_cached(request).netloc
        if self._failures[host] >= SPENT and host not in self._answered:
            raise HostFailing(f"{host} has failed {SPENT} times in a row and answered nothing")

    def process_response(self, request: Request, response: Response) -> Response:
        """Tell Scrapy's retry how often a tired or failing host is asked again."""
        self._count(request, failed=response.status >= 500 or response.status in TIRED)
        if response.status in TIRED:
            request.meta["max_retry_times"] = TRIES
            asked = asked_rest(response)
            if asked is not None and asked > LONGEST_REST:
                host = urlparse_cached(request).netloc
                self._facts.notes.append(f"{host} asks to be left alone for {asked:.0f} seconds")
                request.meta["dont_retry"] = True
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count what got no answer; refusals of our own are no failures."""
        if not isinstance(exception, IgnoreRequest):
            self._count(request, failed=True)

    def _count(self, request: Request, *, failed: bool) -> None:
        parts = urlparse_cached(request)
        # Often a plain file: it says little about the software that makes the pages.
        if parts.path == "/robots.txt":
            return
        if not failed:
            self._failures[parts.netloc] = 0
            self._answered.add(parts.netloc)
            return
        self._failures[parts.netloc] += 1
        if self._failures[parts.netloc] >= FAILING:
            request.meta["dont_retry"] = True


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
