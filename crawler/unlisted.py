"""Archived reports that no list names any more: they may be gone, and nobody would look for months.

Where lists were walked to their end, each is looked at once, whenever its turn would come; and once more when
a list names it again (`Documents.follow`).
"""

from collections.abc import Iterator, Mapping

from scrapy import Request, Spider
from scrapy.exceptions import DontCloseSpider

from archive.known import UNLISTED, Look
from crawler.documents import Documents
from crawler.facts import Facts
from crawler.portal import Portal

MOST = 50
"""Reports that one run looks at; the next one looks at the rest. A portal that is built anew loses all."""


class Unlisted:
    """Looks at what the lists name no more, once all of them are walked.

    Args:
        portal: The portal.
        facts: What the run sees.
        documents: Makes the requests.
        known: What earlier runs archived, by address; nothing in a run for gaps, which walks other lists.
        listed: Whether lists named it when a run last told: what they did not was looked at by then.
    """

    def __init__(
        self,
        portal: Portal,
        facts: Facts,
        documents: Documents,
        known: Mapping[str, Look],
        listed: Mapping[str, bool],
    ) -> None:
        self._facts, self._documents = facts, documents
        # What was archived may stand on a host that the portal has left since.
        self._known = {url: look for url, look in known.items() if portal.owns(url)}
        self._listed = listed
        self._walked = False

    def walked(self, spider: Spider) -> None:
        """Ask for them when the crawl has nothing else to do.

        Raises:
            DontCloseSpider: There is something to look at.
        """
        requests = [] if self._walked else list(self.look())
        self._walked = True
        for request in requests:
            spider.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def look(self) -> Iterator[Request]:
        """Yield the requests."""
        off = self._off()
        if off:
            many = "1 archived report is" if len(off) == 1 else f"{len(off)} archived reports are"
            self._facts.notes.append(f"{many} listed no more: {', '.join(off[:3])}")
        for url in off[:MOST]:
            context = self._known[url].context
            # Also where it was looked at already, and is not there: one reason is kept.
            self._facts.skips[url] = (context.link_text, UNLISTED)
            if url not in self._facts.followed:
                yield self._documents.request(url, context)

    def _off(self) -> list[str]:
        """Return the addresses that lists named before and do not now.

        None where so much is missing that the lists are not to be believed: the run is judged by that.
        """
        mine = self._listed_before()
        if 2 * len(self._facts.listed) < len(mine):
            return []
        named = {url for listing in self._facts.listings.values() for url in listing.entries}
        # A listed address may lead to another one, which no list names.
        named |= {self._known[url].leads_to for url in named & self._known.keys()}
        return [url for url in mine if url not in named]

    def _listed_before(self) -> list[str]:
        """Return the addresses that should stand on the lists that were walked to their end."""
        listings = self._facts.listings.values()
        left = {each.column for each in listings if not each.whole or each.lost_pages()}
        walked = {each.column for each in listings} - left
        if self._facts.column_failures or not walked:
            return []
        columns = walked | self._facts.missing_columns.keys()
        # Where all lists were walked, it may have stood on one that has moved since.
        return [
            url
            for url, look in self._known.items()
            if not look.context.page_title
            and self._listed.get(url, look.context.column in columns)
            and (look.context.column in walked or not left)
        ]
