"""Lists of reports as they are read: what they name is followed, their further pages are asked for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from archive import captures
from archive.captures import Capture, Context
from crawler import discover
from crawler.facts import GONE, Facts
from crawler.judge import JSON, LED, SOFT_404, kind
from crawler.listing import Listing
from crawler.meta import ASKED, CAPTURE, CONTEXT, JUDGED, LISTING, REPEATED
from crawler.platforms import PLATFORMS, recognise, recognise_list
from crawler.platforms.lists import Ask, Entry, ListPage
from crawler.portal import Portal
from crawler.revisit import Stored

STUB = 1_000
"""Characters of a further page without entries that is no page of the list: the end was passed."""

NO_LIST = "no known platform's list"

Follow = Callable[[Entry, Context, str], Iterator[Request]]
"""From an entry of a list, the context of the list and the page it stands on to requests."""


class Lists:
    """Reads a portal's lists.

    Args:
        portal: The portal.
        facts: What the run sees; lists are noted there.
        stored: What earlier runs archived.
        listed_before: How many reports lists named in the newest good run, by address.
        seen: Addresses that earlier runs followed or skipped.
        ask: Makes a request in its context (`PortalSpider.ask`).
        follow: Makes the requests for an entry of a list.
        look_for: Looks again for a column that is gone.
        looking: Only the first page of each list is asked for.
    """

    def __init__(
        self,
        portal: Portal,
        facts: Facts,
        stored: Stored,
        listed_before: Mapping[str, int],
        seen: set[str],
        ask: Callable[..., Request],
        follow: Follow,
        look_for: Callable[[str, int | str], Iterator[Request]],
        *,
        looking: bool = False,
    ) -> None:
        self._portal, self._facts, self._stored = portal, facts, stored
        self._listed_before, self._seen = listed_before, seen
        self._ask, self._follow, self._look_for = ask, follow, look_for
        self._looking = looking

    def ask_column(self, url: str, referer: str) -> Request:
        """Return the request for a column's page."""
        return self._ask(url, captures.LIST, self.read_list, column=url, referer=referer)

    async def read_list(self, response: Response) -> Any:
        """Follow what looks like a report, and the list's further pages."""
        number = int(response.meta.get("page_number", 0))
        wrong = wrong_answer(response)
        for request in self._not_read(response, number, wrong) if wrong else self._read(response, number):
            yield request

    def _read(self, response: Response, number: int) -> Iterator[Request]:
        text = text_of(response)
        name = self._platform(response, text, number)
        asked = replace(response.meta.get(ASKED) or Ask(response.url), url=response.url)
        page = PLATFORMS[name].read_list(asked, text) if name else None
        if page is None and kind(response.body) == JSON:
            yield from self._not_read(response, number, JSON)
            return
        if number and (page is None or (not page.entries and len(text) < STUB)):
            yield from self._not_read(response, number, SOFT_404)
            return
        within = () if number else self._within(response, text, page)
        yield from within
        if page is not None and page.lists:
            column = response.meta[CONTEXT].column
            yield from (self._ask_list(ask, str(name), column, response.url) for ask in page.lists)
        if page is not None and (page.entries or not (within or page.lists)):
            yield from self._read_page(response, str(name), page, number)

    def _platform(self, response: Response, text: str, number: int) -> str | None:
        """Return the platform that reads a page; say so where a first page no longer looks like its own."""
        named: str | None = response.meta.get("platform") or self._portal.platform
        if named and (number or ASKED in response.meta or PLATFORMS[named].matches(text)):
            return named
        found = recognise_list(text)
        stored = self._stored.find(response.url)
        wanted = named or (recognise(captures.text(stored)) if stored else None)
        if wanted and found != wanted and PLATFORMS[wanted].fingerprint:
            self._facts.notes.append(_no_longer(response, text, wanted, stored))
        return found

    def _within(self, response: Response, text: str, page: ListPage | None) -> tuple[Request, ...]:
        """Return requests for lists within a column's page: in sub-columns, or in the frames of a shell."""
        context: Context = response.meta[CONTEXT]
        depth = int(response.meta.get("frame_depth", 0)) + 1
        if ASKED in response.meta:
            return ()
        found = list(discover.find_subcolumns(response.url, text))
        if page is None:
            found += discover.find_frames(response.url, text)
        owned = tuple(filter(self.owns, dict.fromkeys(found))) if depth <= discover.FRAME_DEPTH else ()
        if page is None and not owned:
            self._facts.no_lists.setdefault(context.column, {})[response.url] = NO_LIST
        return tuple(self._ask_within(url, context, response.url, depth) for url in owned)

    def _ask_within(self, url: str, context: Context, referer: str, depth: int) -> Request:
        request = self._ask(url, captures.LIST, self.read_list, column=context.column, referer=referer)
        request.meta["frame_depth"] = depth
        return request

    def owns(self, url: str) -> bool:
        """Tell whether an address is the portal's; one that is not is kept with the reason."""
        if not self._portal.owns(url):
            self._facts.skip(url, "", "foreign_host")
            return False
        return True

    def read_shell(self, response: Response, text: str) -> tuple[Request, ...]:
        """Return requests for the lists in a page that is a column, though it was not asked for as one."""
        name, url = recognise(text), response.url
        page = PLATFORMS[name].read_list(Ask(url), text) if name else ListPage()
        requests = [self._ask_list(ask, str(name), url, url) for ask in page.lists]
        if requests and page.entries:
            response.meta[CONTEXT] = replace(response.meta[CONTEXT], column=url)
            requests += self._read_page(response, str(name), page, 0)
        return tuple(requests)

    def _ask_list(self, ask: Ask, platform: str, column: str, referer: str) -> Request:
        """Return the request for a list of its own, which stands in the shell that was read."""
        request = self._ask_for(ask, column, referer)
        request.meta.update({"platform": platform, ASKED: ask})
        # Two columns may go by one script, and each has to learn what it says.
        return request.replace(dont_filter=bool(ask.note))

    def _read_page(self, response: Response, name: str, page: ListPage, number: int) -> Iterator[Request]:
        context: Context = response.meta[CONTEXT]
        listing = self.listing(response.meta, response.url, context.column)
        listing.platform = name
        before = None if number else self._reading_before(response, name, page)
        if page.beyond:
            self._facts.skip(page.beyond, "", "beyond_limit")
        if page.unread and not number:
            unread = f"a pager that is not understood: {page.unread}"
            self._facts.fail_column(context.column, response.url, unread)
        for ask in listing.read(page, before, number) if not self._looking else ():
            yield self._ask_more(ask, name, listing, response.url)
        for entry in page.entries:
            yield from self._follow(entry, context, response.url)
        listing.reports |= self._facts.listed & {entry.url for entry in page.entries}

    def listing(self, meta: Mapping[str, Any], address: str, column: str) -> Listing:
        """Return the list that an answer is a page of."""
        url = meta.get(LISTING) or _named(meta.get(ASKED), meta.get("redirect_urls", [address])[0])
        whole = url not in self._listed_before
        return self._facts.listings.setdefault(url, Listing(url, column, self._seen, whole))

    def _reading_before(self, response: Response, name: str, page: ListPage) -> ListPage | None:
        """Return the reading of what stood at an address when it was archived last."""
        if response.meta.get(REPEATED):
            return page
        asked = response.meta.get(ASKED)
        if asked and (asked.form or asked.json):
            return None  # one address answers many lists
        stored = self._stored.find(response.url)
        return PLATFORMS[name].read_list(Ask(stored.url), captures.text(stored)) if stored else None

    def _ask_more(self, ask: Ask, platform: str, listing: Listing, referer: str) -> Request:
        request = self._ask_for(ask, listing.column, referer)
        number = listing.number_of(ask)
        request.meta.update({"platform": platform, LISTING: listing.url, "page_number": number, ASKED: ask})
        return request

    def _ask_for(self, ask: Ask, column: str, referer: str) -> Request:
        return self._ask(
            ask.url, captures.LIST, self.read_list, ask.form, ask.json, column=column, referer=referer
        )

    def _not_read(self, response: Response, number: int, wrong: int | str) -> Iterator[Request]:
        """Note a page of a list that cannot be read; a column that is gone is looked for again, once."""
        column = response.meta[CONTEXT].column
        if number and (wrong in GONE or wrong == SOFT_404):
            self.listing(response.meta, response.url, column).end(response.url, number, wrong)
        elif wrong in GONE and "frame_depth" not in response.meta and ASKED not in response.meta:
            yield from self._look_for(column, wrong)
        else:
            first = not number and response.url != column and "frame_depth" not in response.meta
            self._facts.fail_column(column, column if first else response.url, wrong)

    def led(self, request: Request, url: str) -> bool:
        """Note a page within a list whose address led to one asked already; tell if it is one."""
        column = request.meta[CONTEXT].column
        number = int(request.meta.get("page_number", 0))
        if "frame_depth" in request.meta:
            self._facts.no_lists.setdefault(column, {})[request.url] = NO_LIST
        elif number and url:
            self.listing(request.meta, url, column).end(url, number, LED + request.url)
        else:
            return False
        return True


def _named(asked: Ask | None, url: str) -> str:
    """Return the name of a list: its address, and what was sent there where one address answers many."""
    sent = (asked.json or urlencode(asked.form)) if asked else ""
    return f"{url}#{sent}" if sent else url


def _no_longer(response: Response, text: str, platform: str, stored: Capture | None) -> str:
    missing = ", ".join(PLATFORMS[platform].missing(text))
    today = response.meta.get(CAPTURE, "")
    last = f"; to see both: gongkai show {stored.id} {today}" if stored else ""
    return f"{response.url} no longer looks like {platform}: {missing} is not there{last}"


def wrong_answer(response: Response) -> int | str:
    """Return the status or the word for what came instead of the page; 0 if it is the page."""
    judged: str = response.meta.get(JUDGED, "")
    return judged or (0 if response.status == 200 else response.status)


def text_of(response: Response) -> str:
    """Return a page's text; `decoding` has undone the encoding and taken its header away."""
    headers = (("Content-Type", (response.headers.get("Content-Type") or b"").decode("latin-1")),)
    return captures.text(Capture(url=response.url, headers=headers, body=response.body))
