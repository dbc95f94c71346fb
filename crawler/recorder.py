"""The crawl's only output: the innermost downloader middleware, every exchange to WARC."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response

from archive import captures, logs
from archive.captures import Capture, Context
from archive.exchanges import Exchange
from crawler.judge import CHALLENGE, CUT, judge
from crawler.meta import CAPTURE, CONTEXT, JUDGED, REPEATED
from crawler.replay import REPLAYED
from crawler.revisit import repeated
from crawler.run import Run, utc_now

logger = logging.getLogger(__name__)

TRUNCATED = {"dataloss": "disconnect", "partial": "unspecified"}
"""What Scrapy marks a body with that it did not get whole, as WARC-Truncated says it."""


class Recorder:
    """Writes each response before it lets it pass on, and each failure."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._crawler = crawler
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its run open."""
        return cls(crawler, crawler.spider.run)  # type: ignore[union-attr]

    async def process_response(self, request: Request, response: Response) -> Response:
        """Store the exchange; the response waits for it.

        Raises:
            IgnoreRequest: It could not be stored: what is not archived is not used either.
        """
        if REPLAYED in response.flags:
            return response
        try:
            capture = await self._run.store(self._exchange(request, response))
        except OSError as error:
            await self._crawler.spider.stop_for_disk(error)  # type: ignore[union-attr]
            raise IgnoreRequest(f"not archived: {error}") from error
        request.meta[CAPTURE] = capture.id
        request.meta[JUDGED] = capture.judged
        request.meta[REPEATED] = bool(capture.refers_to)
        if capture.judged == CHALLENGE:
            # One that sets a cookie and asks again is not obeyed.
            request.meta["dont_redirect"] = True
        self._crawler.spider.facts.answered(capture, len(response.body))  # type: ignore[union-attr]
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Store that a request got no answer. Refusals of our own are no failures."""
        if isinstance(exception, IgnoreRequest):
            return
        reason = f"{type(exception).__name__}: {exception}"
        self._crawler.spider.facts.tally.failed(request.url)  # type: ignore[union-attr]
        portal = self._run.portal.name
        logs.note(logger, logging.INFO, "no answer", portal=portal, url=request.url, reason=reason)
        try:
            await self._run.fail(request.url, reason, self._fingerprint(request))
        except OSError as error:
            await self._crawler.spider.stop_for_disk(error)  # type: ignore[union-attr]

    def _fingerprint(self, request: Request) -> str:
        return self._crawler.request_fingerprinter.fingerprint(request).hex()

    def _exchange(self, request: Request, response: Response) -> Exchange:
        flags = [flag for flag in response.flags if flag in TRUNCATED]
        repeats = None if flags else repeated(request, response)
        return Exchange(
            url=request.url,
            method=request.method,
            request_headers=_pairs(request.headers),
            request_body=request.body,
            status=response.status,
            reason="",
            headers=_pairs(response.headers),
            body=response.body,
            date=utc_now(),
            fingerprint=self._fingerprint(request),
            context=_context(request),
            address=str(response.ip_address or ""),
            truncated=TRUNCATED[flags[0]] if flags else "",
            repeats=repeats,
            judged=CUT if flags else "" if repeats else self._judge(request, response),
        )

    def _judge(self, request: Request, response: Response) -> str:
        """Return what an answer is instead of the page; what repeats a good capture is good."""
        answer = Capture(
            url=request.url,
            status=response.status,
            headers=_pairs(response.headers),
            body=response.body,
            context=_context(request),
        )
        return judge(answer, self._crawler.spider.home)  # type: ignore[union-attr]


def _context(request: Request) -> Context:
    known = request.meta.get(CONTEXT)
    if isinstance(known, Context):
        return known
    return Context(role=captures.ROBOTS if request.url.endswith("/robots.txt") else "")


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )
