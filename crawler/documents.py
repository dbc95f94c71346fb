"""Documents: which links of a list are followed, which known ones are looked at again, what comes."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.captures import ATTACHMENT, DETAIL, Context
from archive.known import Look
from crawler.columns import wrong_answer
from crawler.facts import Facts
from crawler.files import file_name
from crawler.judge import LED
from crawler.meta import CAPTURE, REPEATED
from crawler.platforms.lists import Entry
from crawler.portal import Portal
from crawler.schedule import due

# Over-collects on purpose: `pipelines` decide what is a report.
_TITLE = re.compile(r"信息公开.*(年报|年度报告|报告)|(年报|年度报告).*信息公开")

_LOGIN = re.compile(r"(?i)/(login|signin|sso|cas)\b")


class Documents:
    """Asks for a portal's documents and hands on what is archived of them.

    Args:
        portal: The portal.
        facts: What the run sees; documents are noted there.
        known: What earlier runs archived, by address.
        ask: Makes a request in its context (`PortalSpider.ask`).
        synced: Tells whether all that was stored is on the disk, before anything is handed on.
    """

    def __init__(
        self,
        portal: Portal,
        facts: Facts,
        known: Mapping[str, Look],
        ask: Callable[..., Request],
        synced: Callable[[], Awaitable[bool]],
    ) -> None:
        self._portal, self._facts, self._ask = portal, facts, ask
        self._known, self._synced = known, synced

    def look_again(self) -> Iterator[Request]:
        """Ask for the known documents that are due, whether or not a list still names them."""
        now = datetime.now(UTC)
        for url, look in self._known.items():
            first, last = (datetime.fromisoformat(time) for time in (look.first_seen, look.last_seen))
            if due(first, last, now) and self._portal.owns(url):
                yield self._request(url, look.context)

    def follow(self, entry: Entry, context: Context, referer: str) -> Iterator[Request]:
        """Ask for what a list names if it looks like a report; else it is kept with the reason."""
        if not _TITLE.search(entry.title):
            self._facts.skip(entry.url, entry.title, "not_a_report")
        elif not self._portal.owns(entry.url):
            self._facts.skip(entry.url, entry.title, "foreign_host")
        else:
            self._facts.listed.add(entry.url)
            if entry.url not in self._known:
                named = Context(
                    column=context.column,
                    link_text=entry.title,
                    listed_on=entry.listed_on,
                    referer=referer,
                )
                yield self._request(entry.url, named)
            elif entry.url not in self._facts.followed:
                self._facts.skip(entry.url, entry.title, "known")

    def _request(self, url: str, context: Context) -> Request:
        self._facts.followed.add(url)
        return self._ask(
            url,
            ATTACHMENT if file_name(url) else DETAIL,
            self.read,
            column=context.column,
            link_text=context.link_text,
            listed_on=context.listed_on,
            referer=context.referer,
        )

    async def read(self, response: Response) -> AsyncIterator[dict[str, str]]:
        """Hand the capture's id on, once its record is on the disk; what was read before is not."""
        wrong = wrong_answer(response)
        if not wrong and self._led_home(response):
            wrong = f"{LED}{response.url}"
        if wrong:
            self._facts.miss(response.meta.get("redirect_urls", [response.url])[0], wrong)
        elif not response.meta.get(REPEATED) and await self._synced():
            yield {CAPTURE: response.meta[CAPTURE]}

    def _led_home(self, response: Response) -> bool:
        """Tell whether a document's address was redirected to the home page or a login."""
        if "redirect_urls" not in response.meta:
            return False
        path = urlsplit(response.url).path
        return response.url == self._portal.home or path in ("", "/") or _LOGIN.search(path) is not None
