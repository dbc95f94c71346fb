"""Content encodings undone as the archive undoes them, so that a crawl reads what is read later."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive import captures
from archive.captures import Capture
from archive.errors import ArchiveError

_HEADER = "Content-Encoding"


class Decoding:
    """Downloader middleware in the place of Scrapy's.

    Scrapy's gives up a page whose server promises an encoding that the bytes do not have, which
    is common on old portals, and hands on a damaged one as far as it goes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware; a decoded body may be no larger than a received one."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response decoded.

        Raises:
            IgnoreRequest: The body decodes to too much, or is damaged. It is archived as received.
        """
        coding = response.headers.get(_HEADER)
        if coding is None:
            return response
        coded = Capture(url=response.url, headers=((_HEADER, coding.decode("latin-1")),), body=response.body)
        try:
            body = captures.content(coded, self._limit)
        except ArchiveError as error:
            raise IgnoreRequest(str(error)) from error
        headers = response.headers.copy()
        del headers[_HEADER]
        return response.replace(headers=headers, body=body)
