"""robots.txt as RFC 9309 has it: where it cannot be had, nothing is asked.

Source: RFC 9309, 2.3.1.3 (4xx: everything allowed) and 2.3.1.4 (5xx or unreachable: nothing).
"""

import logging
import re

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from twisted.internet.defer import Deferred

from crawler.facts import Facts
from crawler.recorder import TRUNCATED

# The run's reason says that a robots.txt could not be had; Scrapy's stack trace adds nothing to it.
logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)

_NOTHING = b"User-agent: *\nDisallow: /"
_EVERYTHING = b""
_DISALLOW = re.compile(r"^\s*Disallow\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


LONGEST = 512_000
"""Bytes of a robots.txt that are looked at for what it closes; RFC 9309 asks for no more."""


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's middleware, which goes on when a robots.txt fails and knows no Crawl-delay."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        status = response.status
        if response.status >= 500 or TRUNCATED.keys() & response.flags:
            # What stood behind a cut may have forbidden anything.
            self._tell(netloc, str(response.status) if response.status >= 500 else "it came cut")
            response = response.replace(body=_NOTHING)
        elif response.status >= 400:
            response = response.replace(body=_EVERYTHING)
        closed = _DISALLOW.findall(response.body[:LONGEST].decode("utf-8", "replace"))
        self._facts.robots[netloc] = f"answers {status}", tuple(closed)
        await super()._parse_robots(response, netloc, request)
        parser = self._parsers[netloc]
        assert isinstance(parser, ProtegoRobotParser)
        delay = parser.crawl_delay(self.crawler.settings["BOT_NAME"])
        if delay:
            self.crawler.spider.gate.slow_down(request, float(delay))  # type: ignore[union-attr]

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        parser = self._parserimpl.from_crawler(self.crawler, _NOTHING)
        self._parsers[netloc] = parser
        self._tell(netloc, str(exc) or type(exc).__name__)
        waiting.callback(parser)

    @property
    def _facts(self) -> Facts:
        return self.crawler.spider.facts  # type: ignore[union-attr,no-any-return]

    def _tell(self, netloc: str, why: str) -> None:
        self._facts.lawless.add(netloc)
        self._facts.notes.append(f"{netloc}: its robots.txt could not be had: {why}")
