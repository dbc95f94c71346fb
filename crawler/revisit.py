"""Asking little: a page that was archived is asked for only if it has changed.

Home pages, lists and robots.txt are asked with the validators that came with the stored
capture. A 304 is archived as a revisit, and the crawl goes on with the stored body.

Source: RFC 9110, 13.1 (If-None-Match, If-Modified-Since).
"""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.captures import Capture
from archive.errors import ArchiveError
from archive.exchanges import NOT_MODIFIED
from crawler.replay import REPLAYED, stored_response
from crawler.run import Run

STORED = "stored"
"""Key of a request's meta: the capture it was asked to be newer than."""

_VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


class Revisit:
    """Downloader middleware between the replay and the recorder."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._crawler = crawler
        self._run = run
        self._repeatable = run.index.repeatable(run.portal.name)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its run open."""
        return cls(crawler, crawler.spider.run)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Ask only for what has changed since the stored capture."""
        # A redirected request brings the validators of the page before it.
        request.meta.pop(STORED, None)
        for _, condition in _VALIDATORS:
            request.headers.pop(condition, None)
        identity = self._repeatable.get(request.url) if request.method == "GET" else None
        if identity is None:
            return
        try:
            stored = self._run.index.capture(identity)
        except ArchiveError:
            # Its record is damaged: the page is asked for whole.
            return
        request.meta[STORED] = stored
        for name, condition in _VALIDATORS:
            if stored.header(name):
                request.headers[condition] = stored.header(name)

    def process_response(self, request: Request, response: Response) -> Response:
        """Put the stored page in the place of a 304."""
        stored: Capture | None = request.meta.get(STORED)
        if response.status != NOT_MODIFIED or stored is None or REPLAYED in response.flags:
            return response
        return stored_response(request, stored)


def repeated(request: Request, response: Response) -> Capture | None:
    """Return the stored capture that a 304 stands for, or None."""
    stored: Capture | None = request.meta.get(STORED)
    unchanged = response.status == NOT_MODIFIED and stored is not None and stored.url == request.url
    return stored if unchanged else None
