"""Documents: which links of a list are followed, which known ones are looked at again, what comes of it.

With a report's page comes what it brings: attachments, the page in its frame, pictures.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive import clock
from archive.captures import ATTACHMENT, DETAIL, Context
from archive.index import DOCUMENTS
from archive.known import KNOWN, RELISTED, Look
from crawler.brought import MOST, Part, find_parts
from crawler.facts import Facts
from crawler.files import file_name
from crawler.judge import HTML, JSON, LED, kind
from crawler.lists import text_of, wrong_answer
from crawler.meta import CAPTURE, CONTEXT, REPEATED
from crawler.platforms.lists import Entry
from crawler.portal import Portal
from crawler.schedule import due

# Over-collects on purpose: `pipelines` decide what is a report.
_TITLE = re.compile(r"信息公开.*(年报|年度报告|报告)|(年报|年度报告).*信息公开")
_CUT = re.compile(
    r"((19|20)\d\d年?度?(政(府(信(息(公(开.{0,8})?)?)?)?)?)?|信息(公(开.{0,8})?)?)\s*(…|\.\.\.)\s*$"
)
"""A title that is cut where the rest could say that it is a report."""
_LOGIN = re.compile(r"(?i)/(login|signin|sso|cas)\b")


AFTER_LISTS = -10
"""Priority of known documents: lists come first, second attempts too, since they say how a portal fares."""

NO_FORM: Mapping[str, str] = MappingProxyType({})


def may_be_report(title: str) -> bool:
    """Tell whether a title could be that of a report."""
    return bool(_TITLE.search(title) or _CUT.search(title))


class Documents:
    """Asks for a portal's documents and hands on what is archived of them.

    Args:
        portal: The portal.
        facts: What the run sees; documents are noted there.
        known: What earlier runs archived, by address.
        listed: Whether lists named what is known when a run last told, by address.
        ask: Makes a request in its context (`PortalSpider.ask`).
        synced: Tells whether all that was stored is on the disk, before anything is handed on.
    """

    def __init__(
        self,
        portal: Portal,
        facts: Facts,
        known: Mapping[str, Look],
        listed: Mapping[str, bool],
        ask: Callable[..., Request],
        synced: Callable[[], Awaitable[bool]],
    ) -> None:
        self._portal, self._facts, self._ask = portal, facts, ask
        self._known, self._listed, self._synced = known, listed, synced

    def look_again(self) -> Iterator[Request]:
        """Ask for the known documents that are due, whether or not a list still names them."""
        now = clock.now()
        for url, look in self._known.items():
            first, last = (datetime.fromisoformat(time) for time in (look.first_seen, look.last_seen))
            if (look.incomplete or due(first, last, now)) and self._portal.owns(url):
                request = self.request(url, look.context)
                request.priority = AFTER_LISTS
                yield request

    def follow(
        self, entry: Entry, context: Context, referer: str, *, loosely: bool = False
    ) -> Iterator[Request]:
        """Ask for what a list names if it looks like a report; else it is kept with the reason.

        Args:
            entry: What the list names.
            context: That of the list.
            referer: Page on which the list stands.
            loosely: It is asked for though it does not look like one, and is not counted as one.
        """
        looks = may_be_report(entry.title)
        if not (looks or loosely):
            self._facts.skip(entry.url, entry.title, "not_a_report")
        elif not self._portal.owns(entry.url):
            self._facts.skip(entry.url, entry.title, "foreign_host")
        else:
            if looks:
                self._facts.listed.add(entry.url)
            again = not self._listed.get(entry.url, True)
            if again:
                self._facts.skip(entry.url, entry.title, RELISTED)
            if again or entry.url not in self._known:
                named = Context(
                    role=ATTACHMENT if file_name(entry.url) else DETAIL,
                    column=context.column,
                    link_text=entry.title,
                    listed_on=entry.listed_on,
                    referer=referer,
                )
                yield self.request(entry.url, named)
            elif entry.url not in self._facts.followed:
                self._facts.skip(entry.url, entry.title, KNOWN)

    def request(self, url: str, context: Context, form: Mapping[str, str] = NO_FORM) -> Request:
        """Return the request for a document in the context in which it is known."""
        self._facts.followed.add(url)
        if context.page_title:
            self._facts.brought[url] = context
        return self._ask(
            url,
            context.role,
            self.read,
            form,
            column=context.column,
            link_text=context.link_text,
            listed_on=context.listed_on,
            referer=context.referer,
            page_title=context.page_title,
        )

    async def read(self, response: Response) -> AsyncIterator[Request | dict[str, str]]:
        """Ask for what a page brings, and hand its capture's id on, once its record is on the disk.

        What was read before, and what is not read as a document, is not handed on.
        """
        context: Context = response.meta[CONTEXT]
        wrong = wrong_answer(response)
        if not wrong and self._led_home(response):
            wrong = f"{LED}{response.url}"
        if wrong:
            self._facts.miss(response.meta.get("redirect_urls", [response.url])[0], wrong)
            return
        if context.role == DETAIL and kind(response.body) in (HTML, JSON, ""):
            for request in self._bring(response, context):
                yield request
        fresh = context.role in DOCUMENTS and not response.meta.get(REPEATED)
        if fresh and await self._synced():
            yield {CAPTURE: response.meta[CAPTURE]}

    def _bring(self, response: Response, page: Context) -> Iterator[Request]:
        """Ask for what a page brings with it; what is in the frame of a frame is left."""
        asked: Counter[str] = Counter()
        for part in find_parts(response.url, text_of(response)):
            if part.url in self._facts.followed or (part.role == DETAIL and page.page_title):
                continue
            reason = self._reason_to_leave(part, asked[part.role])
            if reason:
                self._facts.skip(part.url, part.text, reason)
                continue
            asked[part.role] += 1
            yield self.request(part.url, _brought(part, page, response.url), part.form)

    def _reason_to_leave(self, part: Part, asked: int) -> str:
        if not self._portal.owns(part.url):
            return "foreign_host"
        if part.url in self._known:
            return "known"
        return "" if asked < MOST[part.role] else "beyond_limit"

    def _led_home(self, response: Response) -> bool:
        """Tell whether a document's address was redirected to the home page or a login."""
        if "redirect_urls" not in response.meta:
            return False
        path = urlsplit(response.url).path
        return response.url == self._portal.home or path in ("", "/") or _LOGIN.search(path) is not None


def _brought(part: Part, page: Context, address: str) -> Context:
    """Return what is known of a part from the page that brings it."""
    return replace(
        page,
        role=part.role,
        link_text=part.text,
        referer=address,
        page_title=page.page_title or page.link_text,
    )
