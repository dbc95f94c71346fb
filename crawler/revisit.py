"""Asking little: a page that was archived is asked for only if it has changed.

All that is asked for with GET goes out with the validators that came with the stored capture.
A 304, and a body that came again as it was, are archived as revisits, and the crawl goes on
with the stored body.

Source: RFC 9110, 13.1 (If-None-Match, If-Modified-Since); ISO 28500:2017, 6.7 (revisit).
"""

from collections.abc import Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.captures import Capture
from archive.errors import ArchiveError
from archive.exchanges import NOT_MODIFIED
from archive.index import Index
from crawler.meta import STORED
from crawler.replay import REPLAYED, stored_response

_VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


class Stored:
    """What runs before this one archived, by address.

    Args:
        index: The index of the archive.
        ids: The newest whole capture of each page (`Index.repeatable`).
    """

    def __init__(self, index: Index, ids: Mapping[str, str]) -> None:
        self._index = index
        self._ids = ids

    def find(self, url: str) -> Capture | None:
        """Return the newest whole capture of a page, or None where there is none that can be read."""
        identity = self._ids.get(url)
        try:
            return self._index.capture(identity) if identity else None
        except ArchiveError:
            # Its record is damaged: the page is asked for whole.
            return None


class Revisit:
    """Downloader middleware between the replay and the recorder."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its run open."""
        return cls(crawler.spider.stored)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> None:
        """Ask only for what has changed since the stored capture."""
        # A redirected request brings the validators of the page before it.
        for _, condition in _VALIDATORS:
            request.headers.pop(condition, None)
        stored = self._stored.find(request.url) if request.method == "GET" else None
        if stored is None:
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
    """Return the stored capture that an answer repeats: one not modified, or the same bytes again."""
    stored: Capture | None = request.meta.get(STORED)
    if stored is None or stored.url != request.url:
        return None
    if response.status == NOT_MODIFIED:
        return stored
    same = response.status == stored.status and response.body == stored.body
    return stored if same else None
