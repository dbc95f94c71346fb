"""The walk from the home page over the columns to the lists, and through them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive import captures
from archive.captures import Capture, Context
from archive.known import Before
from crawler import discover
from crawler.facts import GONE, Facts
from crawler.judge import LED, SOFT_404, Home, says
from crawler.listing import Listing
from crawler.meta import CONTEXT, JUDGED, LISTING, REPEATED
from crawler.platforms import PLATFORMS, recognise
from crawler.platforms.lists import Ask, Entry, ListPage
from crawler.portal import Portal
from crawler.revisit import Stored
from crawler.schedule import FULL_WALK

STUB = 1_000
"""Characters of a further page without entries that is no page of the list: the end was passed."""

NO_LIST = "no known platform's list"

Follow = Callable[[Entry, Context, str], Iterator[Request]]
"""From an entry of a list, the context of the list and the page it stands on to requests."""


class Columns:
    """Finds a portal's lists and reads them.

    Args:
        portal: The portal.
        facts: What the run sees; lists are noted there.
        stored: What earlier runs archived; `remembered` the columns they read.
        before: The newest good run that walked whole lists, if there was one.
        seen: Addresses that earlier runs followed or skipped.
        ask: Makes a request in its context (`PortalSpider.ask`).
        follow: Makes the requests for an entry of a list.
    """

    def __init__(
        self,
        portal: Portal,
        facts: Facts,
        stored: Stored,
        remembered: tuple[str, ...],
        before: Before | None,
        seen: set[str],
        ask: Callable[..., Request],
        follow: Follow,
    ) -> None:
        self._portal, self._facts, self._stored = portal, facts, stored
        # Remembered columns may stand on a host that the portal has left since.
        self._columns = portal.columns or tuple(filter(portal.owns, remembered))
        self._listed_before = before.reports if before and _is_recent(before) else {}
        self._seen, self._ask, self._follow = seen, ask, follow
        self._discovered = False
        self.home: Home | None = None

    async def read_home(self, response: Response) -> Any:
        """Go to the declared columns, or those read last time and named now, or look for one."""
        wrong, columns = wrong_answer(response), self._columns
        if wrong and not columns:
            self._facts.column_failures[response.url] = wrong
            return
        if wrong:
            self._facts.notes.append(f"{response.url}: the home page answers {wrong}")
        else:
            text = text_of(response)
            self.home = Home(response.url, says(text), len(text))
            if columns and not self._portal.columns:
                # One that the home page names besides those of last time is a column too.
                named, _ = discover.find_links(response.url, text)
                columns = tuple(dict.fromkeys((*columns, *filter(self._owns, named))))
        requests = (self._ask_column(column, response.url) for column in columns)
        for request in requests if columns else self._search(response):
            yield request

    def led(self, request: Request) -> Iterator[Request]:
        """Note a page of a list whose address led to one that was asked already."""
        column, url = request.meta[CONTEXT].column, request.meta.get("redirect_urls", [""])[0]
        number = int(request.meta.get("page_number", 0))
        if "frame_depth" in request.meta:
            self._facts.no_lists.setdefault(column, {})[request.url] = NO_LIST
        elif not url:
            # A column that another way has led to.
            return
        elif number:
            self._listing(request.meta, url, column).end(url, number, LED + request.url)
        elif urlsplit(request.url).path in ("", "/") or request.url == self._portal.home:
            yield from self._look_for(column, LED + request.url)
        else:
            self._facts.led[column] = request.url

    def _ask_column(self, url: str, referer: str) -> Request:
        return self._ask(url, captures.LIST, self.read_list, column=url, referer=referer)

    def _search(self, response: Response) -> Iterator[Request]:
        """Look for the column on a page: columns it links to, and pages that may lead to one."""
        self._discovered = True
        depth = int(response.meta.get("depth_from_home", 0)) + 1
        columns, pages = discover.find_links(response.url, text_of(response))
        for url in filter(self._owns, columns):
            yield self._ask_column(url, response.url)
        if not columns and depth < discover.DEPTH:
            for url in filter(self._owns, pages):
                request = self._ask(url, captures.PAGE, self.read_page, referer=response.url)
                request.meta["depth_from_home"] = depth
                yield request

    def _owns(self, url: str) -> bool:
        """Tell whether an address is the portal's; one that is not is kept with the reason."""
        if not self._portal.owns(url):
            self._facts.skip(url, "", "foreign_host")
            return False
        return True

    async def read_page(self, response: Response) -> Any:
        """Look for the column on a page between the home page and it."""
        for request in self._search(response):
            yield request

    async def read_list(self, response: Response) -> Any:
        """Follow what looks like a report, and the list's further pages."""
        number = int(response.meta.get("page_number", 0))
        wrong = wrong_answer(response)
        if wrong:
            requests = self._not_read(response, number, wrong)
        else:
            text = text_of(response)
            name = response.meta.get("platform") or self._portal.platform or recognise(text)
            page = PLATFORMS[name].read_list(response.url, text) if name else None
            if number and (page is None or (not page.entries and len(text) < STUB)):
                requests = self._not_read(response, number, SOFT_404)
            elif page is None:
                requests = self._ask_frames(response, text)
            else:
                requests = self._read_page(response, str(name), page, number)
        for request in requests:
            yield request

    def _read_page(self, response: Response, name: str, page: ListPage, number: int) -> Iterator[Request]:
        context: Context = response.meta[CONTEXT]
        listing = self._listing(response.meta, response.url, context.column)
        before = None if number else self._reading_before(response, name, page)
        if page.beyond:
            self._facts.skip(page.beyond, "", "beyond_limit")
        for ask in listing.read(page, before, number):
            yield self._ask_more(ask, name, listing, response.url)
        for entry in page.entries:
            yield from self._follow(entry, context, response.url)
        listing.reports |= self._facts.listed & {entry.url for entry in page.entries}

    def _listing(self, meta: Mapping[str, Any], address: str, column: str) -> Listing:
        url = meta.get(LISTING) or meta.get("redirect_urls", [address])[0]
        whole = url not in self._listed_before
        return self._facts.listings.setdefault(url, Listing(url, column, self._seen, whole))

    def _reading_before(self, response: Response, name: str, page: ListPage) -> ListPage | None:
        """Return the reading of what stood at an address when it was archived last."""
        if response.meta.get(REPEATED):
            return page
        stored = self._stored.find(response.url)
        return PLATFORMS[name].read_list(stored.url, captures.text(stored)) if stored else None

    def _ask_more(self, ask: Ask, platform: str, listing: Listing, referer: str) -> Request:
        request = self._ask(
            ask.url, captures.LIST, self.read_list, ask.form, column=listing.column, referer=referer
        )
        request.meta.update(
            {"platform": platform, LISTING: listing.url, "page_number": listing.number_of(ask)}
        )
        return request

    def _ask_frames(self, response: Response, text: str) -> Iterator[Request]:
        """Ask for the frames of a page that is no list itself: the list may be in one."""
        context: Context = response.meta[CONTEXT]
        depth = int(response.meta.get("frame_depth", 0)) + 1
        frames = discover.find_frames(response.url, text) if depth <= discover.FRAME_DEPTH else ()
        owned = tuple(filter(self._owns, frames))
        for url in owned:
            request = self._ask(
                url, captures.LIST, self.read_list, column=context.column, referer=response.url
            )
            request.meta["frame_depth"] = depth
            yield request
        if not owned:
            self._facts.no_lists.setdefault(context.column, {})[response.url] = NO_LIST

    def _not_read(self, response: Response, number: int, wrong: int | str) -> Iterator[Request]:
        """Note a page of a list that cannot be read; a column that is gone is looked for again, once."""
        column = response.meta[CONTEXT].column
        if number and (wrong in GONE or wrong == SOFT_404):
            self._listing(response.meta, response.url, column).end(response.url, number, wrong)
        elif wrong in GONE:
            yield from self._look_for(column, wrong)
        else:
            self._facts.column_failures[response.url if number else column] = wrong

    def _look_for(self, column: str, wrong: int | str) -> Iterator[Request]:
        """Look again, once, for a column that is not where it was."""
        self._facts.missing_columns[column] = wrong
        if self._discovered:
            return
        self._discovered = True
        self._facts.notes.append(f"{column} {_answers(wrong)}: the column was looked for again")
        home = self._ask(self._portal.home, captures.HOME, self.read_page)
        yield home.replace(dont_filter=True)


def _answers(wrong: int | str) -> str:
    return f"answers {wrong}" if isinstance(wrong, int) else wrong


def _is_recent(before: Before) -> bool:
    age = datetime.now(UTC) - datetime.fromisoformat(before.ended_at)
    return before.was_last and age < FULL_WALK


def wrong_answer(response: Response) -> int | str:
    """Return the status or the word for what came instead of the page; 0 if it is the page."""
    judged: str = response.meta.get(JUDGED, "")
    return judged or (0 if response.status == 200 else response.status)


def text_of(response: Response) -> str:
    """Return a page's text; `decoding` has undone the encoding and taken its header away."""
    headers = (("Content-Type", (response.headers.get("Content-Type") or b"").decode("latin-1")),)
    return captures.text(Capture(url=response.url, headers=headers, body=response.body))
