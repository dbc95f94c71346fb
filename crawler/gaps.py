"""A run for what is wanted: one portal is asked, within a bound, for reports that coverage misses.

It is a run as any other, archived and polite, that looks further: in all of the lists, in columns that nobody
declared, behind titles that say little, and where a document was refused or could not be read.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive import captures
from archive.captures import Context
from archive.index import REPORTED
from archive.known import GAPS, GOOD
from archive.wanted import Wanted
from crawler.documents import may_be_report
from crawler.meta import CONTEXT
from crawler.platforms.lists import Entry
from crawler.portal import Portal
from crawler.run import Run
from crawler.spider import PortalSpider
from crawler.titles import NAMED, Titles

GAP_REQUESTS = 300
"""Requests that a gap run sends to a portal at most, robots.txt, redirects and second attempts included.

At the usual pause of 2.5 seconds that is a quarter of an hour of one office's server. A column of 30 pages,
the pages on the way to another one, and the reports of a county's agencies on two years fit in; a list of
thousands of doubtful titles does not, and what is left of it can be asked for by the next one.
"""

BEYOND = "beyond_limit"
"""Reason of what a run leaves because it has asked enough."""

NOT_WANTED = "not_wanted"
"""Reason of what looks like a report, stands in a column that nobody declared, and is no gap."""

FIRST, LISTS, GUESSES, NEW, LAST = 20, 10, 5, 2, 0
"""Priorities: where the bound is reached, what is left must be what promised least."""


class BoundReached(IgnoreRequest):
    """The run has asked as much as it may. Raised by `Bound`."""


class Bound:
    """Downloader middleware that refuses what a run asks beyond its bound.

    A run that was killed and continued asks for no more than an unbroken one: what it had sent counts, what
    is answered from the archive does not. A robots.txt is never refused, since that would be taken for a
    host without law; so as many places are kept for them as requests may be under way at once.

    Args:
        most: Requests that a run may send; None if it is not bounded.
        kept: How many of them only a robots.txt may take.
        sent: Requests that the run had sent before it was continued.
        is_archived: Tells whether a request will be answered from the archive.
    """

    def __init__(
        self,
        most: int | None,
        kept: int,
        sent: int = 0,
        is_archived: Callable[[Request], bool] = lambda _: False,
    ) -> None:
        self._most, self._kept, self._is_archived = most, kept, is_archived
        # More than a bounded run may send was sent by one without a bound, which this one only ends.
        self._asked = sent if most is not None and sent <= most else 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a spider that says how much it may ask."""
        spider = crawler.spider
        assert isinstance(spider, PortalSpider)
        run, fingerprint = spider.run, crawler.request_fingerprinter
        assert fingerprint is not None
        return cls(
            spider.most,
            crawler.settings.getint("CONCURRENT_REQUESTS"),
            run.tally.requests,
            lambda request: fingerprint.fingerprint(request).hex() in run.answers,
        )

    def process_request(self, request: Request) -> None:
        """Count a request.

        Raises:
            BoundReached: The run has asked enough.
        """
        if self._most is None or self._is_archived(request):
            return
        robots = request.url.endswith("/robots.txt")
        if not robots and self._asked >= self._most - self._kept:
            raise BoundReached(f"{request.url}: the run may send {self._most} requests")
        self._asked += 1


class GapSpider(PortalSpider):
    """Walks one portal for what is wanted. A subclass per portal carries what that is (`spider`)."""

    seeking = True
    most = GAP_REQUESTS
    wanted: ClassVar[Wanted]

    def take(self, run: Run) -> None:
        """Take the run, what the runs before it know, and what is wanted."""
        self.titles = Titles(self.wanted)
        self.further: dict[str, None] = {}
        self.left = 0
        super().take(run)
        self.known = run.index.known_documents(self.portal.name, run.name)

    def ask(self, *args: Any, **known: Any) -> Request:
        """Return a request in its context, the most promising before all others."""
        request = super().ask(*args, **known)
        request.priority = self._priority(request.meta[CONTEXT])
        return request

    def _priority(self, context: Context) -> int:
        if context.role not in REPORTED:
            guessed = context.role == captures.PAGE or context.column in self.facts.guessed
            return GUESSES if guessed else LISTS
        title = context.page_title or context.link_text
        if self.titles.names(title) == NAMED:
            return FIRST
        return NEW if may_be_report(title) else LAST

    def look_again(self) -> Iterator[Request]:
        """Return requests for what was refused or not read and may be wanted; nothing else is due."""
        for url, context in self.wanted.documents.items():
            named = self.titles.names(context.page_title) or self.titles.names(context.link_text)
            if named and url not in self.wanted.stands:
                yield from self._again(url, context)
        for url in self.wanted.stands:
            yield from self._again(url, self.known[url].context) if url in self.known else ()

    def _again(self, url: str, context: Context) -> Iterator[Request]:
        if self.portal.owns(url):
            known = self.known.get(url)
            request = self.documents.request(url, known.context if known else context)
            request.priority = FIRST
            yield request

    def follow(self, entry: Entry, context: Context, referer: str) -> Iterator[Request]:
        """Return the requests for what a list names, also where its title says little.

        In a column that nobody declared only what is wanted is asked for.
        """
        named, looks = self.titles.names(entry.title), may_be_report(entry.title)
        guessed = context.column in self.facts.guessed
        if guessed and looks and not named:
            self.facts.listed.add(entry.url)
            self.facts.skip(entry.url, entry.title, NOT_WANTED)
            return
        if guessed and named:
            self.further[context.column] = None
        if named and not looks:
            # A title that says little may lead anywhere: that is no fault of the portal's.
            self.facts.told.add(entry.url)
        yield from self.documents.follow(entry, context, referer, loosely=bool(named))

    def unanswered(self, failure: Any) -> None:
        """Note what could not be had; what is beyond the bound is only left."""
        if not failure.check(BoundReached):
            super().unanswered(failure)
            return
        request: Request = failure.request
        context: Context = request.meta[CONTEXT]
        url = request.meta.get("redirect_urls", [request.url])[0]
        self.left += 1
        self.facts.followed.discard(url)
        self.facts.skip(url, context.link_text, BEYOND)
        if context.page_title:
            # The next run asks again for a page that lacks something it brings.
            self.facts.left_parts.add(url)

    def judged(self) -> dict[str, Any]:
        """Return what the run's last record tells: that it looked for gaps, and if it had to stop."""
        said = super().judged()
        outcome, reason = said["outcome"], said["reason"]
        if self.left:
            # Not seen to its end it is no good run, and what seems to lack there may stand in what was left.
            outcome = "failed" if outcome in (*GOOD, "empty", "shrunken") else outcome
            reason = f"the bound of {self.most} requests was reached, {self.left} left unasked; {reason}"
        if self.further:
            reason += (
                f"; wanted reports are listed in columns that are not declared: {', '.join(self.further)}"
            )
        count = len(self.wanted.reports)
        reports = f"{count} wanted report{'s' if count > 1 else ''}"
        return {**said, "walk": GAPS, "outcome": outcome, "reason": f"looked for {reports}: {reason}"}


def spider(portal: Portal, wanted: Wanted) -> type[GapSpider]:
    """Return the spider class that looks for what is wanted of a portal."""
    known = {"name": portal.name, "portal": portal, "wanted": wanted}
    return type(f"GapSpider_{portal.name}", (GapSpider,), known)
