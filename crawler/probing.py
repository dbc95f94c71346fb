"""A look at portals: their columns, platforms, hosts, and what they say of themselves.

The look is a crawl of its own, as polite and as guarded, that reads the first page of each list and one
report. What it asks is archived beside the archive, and thrown away with it: a look is no run.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.captures import DETAIL, Context
from crawler import crawl
from crawler.brought import find_parts
from crawler.documents import may_be_report
from crawler.lists import text_of, wrong_answer
from crawler.platforms import recognise_site
from crawler.platforms.lists import Entry
from crawler.portal import Portal
from crawler.site import Site, read_site
from crawler.spider import PortalSpider
from crawler.watch import Result, Watcher


@dataclass(slots=True)
class Column:
    """What the first pages of a column's lists show.

    Attributes:
        platforms: which platforms read them, and how often.
        entries, reports: how many entries, and how many of them look like reports.
        newest: the newest date beside an entry.
    """

    platforms: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    reports: int = 0
    newest: str = ""


@dataclass(slots=True)
class Look:
    """What a look at a portal found.

    Attributes:
        portal: the portal as it was asked.
        home: address at which its home page answered, empty where it did not; `site` what it says of
            its site, and `traces` which platform its home page shows traces of.
        columns: columns by address, those that are declared and those that the site leads to.
        foreign: hosts that are not the portal's, to which a column or a report's file leads.
        faults: what could not be read, and why: by address.
        robots: what the robots.txt of each host answered, and which paths it closes to anybody.
        outcome, reason: of the crawl that looked.
    """

    portal: Portal
    home: str = ""
    site: Site = field(default_factory=Site)
    traces: str | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    foreign: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    robots: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    outcome: str = ""
    reason: str = ""

    @property
    def filled(self) -> dict[str, Column]:
        """Return the columns that list reports."""
        return {url: column for url, column in self.columns.items() if column.reports}


def look_at(portals: Sequence[Portal], contact: str, watcher: Watcher) -> tuple[Look, ...]:
    """Look at portals; call it in the main thread, once a process, as `crawl`.

    Args:
        portals: The portals; where no columns are declared they are looked for.
        contact: Mail or web address of the operator.
        watcher: Is told how it goes on.

    Returns:
        A look for each portal that was begun.
    """
    looks = {portal.name: Look(portal) for portal in portals}
    with TemporaryDirectory(prefix="gongkai-look-") as folder:
        spiders = {name: _spider(look) for name, look in looks.items()}
        results = crawl.crawl(portals, Path(folder), contact, watcher, spider_of=lambda p: spiders[p.name])
    return tuple(_settled(looks[result.portal], result) for result in results)


def _settled(look: Look, result: Result) -> Look:
    look.outcome, look.reason = result.outcome, result.reason
    return look


def _spider(look: Look) -> type[PortalSpider]:
    known = {"name": look.portal.name, "portal": look.portal, "look": look}
    return type(f"Look_{look.portal.name}", (LookSpider,), known)


class LookSpider(PortalSpider):
    """Walks to the columns as a crawl does, reads the first page of each list, and one report of each."""

    looking = True
    look: ClassVar[Look]

    async def read_home(self, response: Response) -> Any:
        """Take down what the site says of itself, and go on to the columns."""
        if not wrong_answer(response):
            text = text_of(response)
            self.look.home, self.look.site = response.url, read_site(text)
            self.look.traces = recognise_site(text)
        async for request in super().read_home(response):
            yield request

    def follow(self, entry: Entry, context: Context, referer: str) -> Iterator[Request]:
        """Take down what a list names; ask for the first report of each column."""
        column = self.look.columns.setdefault(context.column, Column())
        column.entries += 1
        column.newest = max(column.newest, entry.listed_on)
        if not may_be_report(entry.title):
            return
        column.reports += 1
        self.facts.listed.add(entry.url)
        if not self.portal.owns(entry.url):
            self.look.foreign[urlsplit(entry.url).netloc] += 1
        elif column.reports == 1:
            yield self.ask(
                entry.url,
                DETAIL,
                self.read_report,
                column=context.column,
                link_text=entry.title,
                referer=referer,
            )

    async def read_report(self, response: Response) -> None:
        """Take down on which other hosts a report's files stand."""
        if wrong_answer(response):
            self.look.faults[response.url] = f"a report answers {wrong_answer(response)}"
            return
        for part in find_parts(response.url, text_of(response)):
            if not self.portal.owns(part.url):
                self.look.foreign[urlsplit(part.url).netloc] += 1

    async def finish(self, reason: str) -> None:
        """End the run, and take down what it saw."""
        await super().finish(reason)
        facts, look = self.facts, self.look
        for listing in facts.listings.values():
            look.columns.setdefault(listing.column, Column()).platforms[listing.platform] += 1
        failures = {**facts.missing_columns, **facts.column_failures}
        look.faults |= {url: f"{wrong or 'no answer'}" for url, wrong in failures.items()}
        look.robots = facts.robots
        for url, (_, why) in facts.skips.items():
            if why == "foreign_host":
                look.foreign[urlsplit(url).netloc] += 1
