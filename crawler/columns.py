"""The walk from the home page to the columns of reports, declared, remembered or looked for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive import captures, clock
from archive.known import Before
from crawler import discover
from crawler.facts import ABSENT, Facts
from crawler.judge import LED, Home, says
from crawler.lists import Follow, Lists, text_of, wrong_answer
from crawler.meta import CONTEXT
from crawler.portal import Portal
from crawler.revisit import Stored
from crawler.schedule import FULL_WALK


class Columns:
    """Finds a portal's columns; `Lists` reads them.

    Args:
        portal: The portal.
        facts: What the run sees; columns are noted there.
        stored: What earlier runs archived; `remembered` the columns they read.
        before: The newest good run that walked whole lists, if there was one.
        seen: Addresses that earlier runs followed or skipped.
        ask: Makes a request in its context (`PortalSpider.ask`).
        follow: Makes the requests for an entry of a list.
        looking: Columns are looked for besides those that are known, and lists not walked.
        seeking: Columns are looked for besides those that are known, and all lists walked whole.
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
        *,
        looking: bool = False,
        seeking: bool = False,
    ) -> None:
        self._portal, self._facts, self._ask = portal, facts, ask
        # Remembered columns may stand on a host that the portal has left since.
        self._columns = portal.columns or tuple(filter(portal.owns, remembered))
        listed_before = before.reports if before and _is_recent(before) and not seeking else {}
        self._lists = Lists(
            portal, facts, stored, listed_before, seen, ask, follow, self._look_for, looking=looking
        )
        self._searching = looking or seeking
        self._seeking = seeking and bool(self._columns)
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
                columns = tuple(dict.fromkeys((*columns, *filter(self._lists.owns, named))))
        requests = (self._lists.ask_column(column, response.url) for column in columns)
        for request in requests:
            yield request
        if not wrong and (not columns or self._searching):
            for request in self._search(response):
                yield request

    def led(self, request: Request) -> Iterator[Request]:
        """Note a page of a list whose address led to one that was asked already."""
        column, url = request.meta[CONTEXT].column, request.meta.get("redirect_urls", [""])[0]
        if self._lists.led(request, url) or not url:
            # A column that another way has led to has no address of its own here.
            return
        if urlsplit(request.url).path in ("", "/") or request.url == self._portal.home:
            yield from self._look_for(column, LED + request.url)
        else:
            self._facts.led[column] = request.url

    def _search(self, response: Response) -> Iterator[Request]:
        """Look for the column on a page: columns it links to, and pages that may lead to one."""
        self._discovered = True
        depth = int(response.meta.get("depth_from_home", 0)) + 1
        text = text_of(response)
        columns, pages = discover.find_links(response.url, text)
        shell = self._lists.read_shell(response, text) if depth > 1 else ()
        yield from shell
        for url in filter(self._lists.owns, columns):
            self._guess(url)
            yield self._lists.ask_column(url, response.url)
        if self._goes_on(columns) and not shell and depth < discover.DEPTH:
            frames = filter(self._portal.owns, discover.find_frames(response.url, text))
            for url in dict.fromkeys((*filter(self._lists.owns, pages), *frames)):
                self._guess(url)
                request = self._ask(url, captures.PAGE, self.read_page, referer=response.url)
                request.meta["depth_from_home"] = depth
                yield request

    def _goes_on(self, columns: tuple[str, ...]) -> bool:
        """Tell whether the way leads on: no column is linked, or besides those that are known none."""
        return not columns or (self._seeking and set(columns) <= set(self._columns))

    def _guess(self, url: str) -> None:
        """Note what is asked for besides the columns that are known."""
        if self._seeking and url not in self._columns:
            self._facts.guessed.add(url)

    async def read_page(self, response: Response) -> Any:
        """Look for the column on a page between the home page and it."""
        for request in self._search(response):
            yield request

    def _look_for(self, column: str, wrong: int | str) -> Iterator[Request]:
        """Look again, once, for a column that is not where it was; one that was a guess was never there."""
        if column in self._facts.guessed:
            self._facts.skip(column, "", ABSENT)
            return
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
    age = clock.now() - datetime.fromisoformat(before.ended_at)
    return before.was_last and age < FULL_WALK
