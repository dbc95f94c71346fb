"""Answers from the archive: a run that was cut off is started again and not asked again."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive import runs
from archive.captures import Capture
from archive.errors import ArchiveError
from crawler.meta import CAPTURE, REPEATED, forget_answer
from crawler.run import Run

logger = logging.getLogger(__name__)

REPLAYED = "replayed"
"""Flag of a response that comes from the archive; the recorder lets it pass."""


class Replay:
    """Downloader middleware that answers what the run has archived already."""

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self._crawler = crawler
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that has its run open."""
        return cls(crawler, crawler.spider.run)  # type: ignore[union-attr]

    def process_request(self, request: Request) -> Response | None:
        """Return the archived answer, or None to let the request go to the network."""
        forget_answer(request)
        fingerprint = self._crawler.request_fingerprinter.fingerprint(request).hex()
        place = self._run.answers.get(fingerprint)
        if place is None:
            return None
        try:
            stored, body = self._read(place)
        except ArchiveError as error:
            # Damaged since the run was read, or what it repeats has left the archive: it is asked again.
            logger.error("%s: %s", request.url, error)
            return None
        self._crawler.spider.facts.learn(stored)  # type: ignore[union-attr]
        request.meta[REPEATED] = bool(stored.refers_to)
        request.meta[CAPTURE] = stored.id
        return stored_response(request, body)

    def _read(self, place: Capture) -> tuple[Capture, Capture]:
        """Return the archived answer, and the capture whose body it has."""
        folder = self._run.index.warc
        stored = runs.read_capture(folder, place.file, place.offset, place.method, place.context)
        return stored, self._run.index.capture(stored.refers_to) if stored.refers_to else stored


def stored_response(request: Request, stored: Capture) -> Response:
    """Return a stored capture as the response to a request, marked as replayed."""
    headers = Headers()
    for name, value in stored.headers:
        headers.appendlist(name, value)
    kind = responsetypes.from_args(headers=headers, url=request.url, body=stored.body)
    return kind(url=request.url, status=stored.status, headers=headers, body=stored.body, flags=[REPLAYED])
