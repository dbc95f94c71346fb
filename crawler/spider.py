"""The one spider: home page, columns, lists, reports. What differs between portals is data."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings

from archive import captures, locks
from archive.captures import Context
from archive.index import REPORTED
from archive.known import Before
from crawler import notes
from crawler.columns import Columns
from crawler.documents import NO_FORM, Documents
from crawler.facts import ABSENT, Facts
from crawler.gate import Gate
from crawler.guard import PublicResolver
from crawler.judge import BLOCKED, CHALLENGE, LED, Home
from crawler.lists import wrong_answer
from crawler.meta import CONTEXT
from crawler.platforms.lists import Entry
from crawler.portal import Portal, require_contact
from crawler.revisit import Stored
from crawler.run import Run
from crawler.unlisted import Unlisted
from crawler.verdict import verdict

_ROBOTS = "Forbidden by robots.txt"
"""What Scrapy says of a request that robots.txt disallows."""


class PortalSpider(Spider):
    """Walks one portal. A subclass per portal carries the declaration (`PortalLoader`)."""

    portal: ClassVar[Portal]
    looking: ClassVar[bool] = False
    seeking: ClassVar[bool] = False
    most: ClassVar[int | None] = None
    ended_before: ClassVar[int | None] = None
    run: Run
    gate: Gate

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with its run open, so that the middlewares can take it."""
        settings = crawler.settings
        require_contact([cls.portal], settings["GONGKAI_CONTACT"])
        spider = super().from_crawler(crawler, *args, **kwargs)
        data = Path(settings["GONGKAI_DATA"])
        spider.accepted = settings["GONGKAI_ACCEPT"]
        run = Run(data, cls.portal, _info(settings), cls.ended_before)
        try:
            spider.take(run)
            notes.run_begins(run)
        except BaseException:
            run.abandon()
            raise
        spider.gate = Gate(
            cls.portal,
            data if cls.portal.local else locks.machine_folder(),
            lambda: not crawler.crawling or spider.disk_error is not None,
            settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        )
        crawler.signals.connect(spider.unlisted.walked, signals.spider_idle)
        crawler.signals.connect(spider.finish, signals.spider_closed)
        crawler.signals.connect(spider.failed, signals.spider_error)
        crawler.signals.connect(spider.dropped, signals.request_dropped)
        if cls.portal.local:
            PublicResolver.local_names.update(host.rpartition(":")[0] for host in cls.portal.hosts)
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts: Facts
        self.stored: Stored
        self.before: Before | None
        self.documents: Documents
        self.columns: Columns
        self.disk_error: OSError | None = None
        self.verdict: dict[str, Any] = {}
        self.ended = False
        self.accepted = ""

    def take(self, run: Run) -> None:
        """Take the run, and what the runs before it know."""
        self.run, index, portal = run, run.index, self.portal
        known = index.known_documents(portal.name, run.name)
        self.before = index.before(portal.name)
        self.stored = Stored(index, index.repeatable(portal.name, run.name))
        told = index.skipped(portal.name, run.name, ABSENT)
        self.facts = Facts(tally=run.tally, known=set(known), told=told)
        listed = index.listed(portal.name, run.name)
        self.documents = Documents(portal, self.facts, known, listed, self.ask, self.synced)
        self.unlisted = Unlisted(portal, self.facts, self.documents, {} if self.seeking else known, listed)
        self.columns = Columns(
            portal,
            self.facts,
            self.stored,
            index.columns(portal.name),
            None if self.accepted else self.before,
            known.keys() | index.skipped(portal.name, run.name),
            self.ask,
            self.follow,
            looking=self.looking,
            seeking=self.seeking,
        )

    @property
    def home(self) -> Home | None:
        """The home page as it answered, to know it again where a document should be."""
        return self.columns.home

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Apply the portal's own trust."""
        super().update_settings(settings)
        if cls.portal.tls != "verified":
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")

    def ask(
        self,
        url: str,
        role: str,
        callback: Any,
        form: Mapping[str, str] = NO_FORM,
        json: str = "",
        **known: str,
    ) -> Request:
        """Return a request in its context; with a form, or JSON as its body, it is a POST."""
        context = Context(
            role=role,
            portal=self.portal.name,
            portal_title=self.portal.title,
            division=self.portal.division,
            **known,
        )
        values: dict[str, Any] = {
            "url": url,
            "callback": callback,
            "errback": self.unanswered,
            "meta": {CONTEXT: context},
            "headers": {"Referer": known["referer"]} if known.get("referer") else {},
        }
        if json:
            values["headers"]["Content-Type"] = "application/json;charset=utf-8"
            return Request(method="POST", body=json, **values)
        return FormRequest(formdata=dict(form), method="POST", **values) if form else Request(**values)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the home page, from which all else follows."""
        yield self.ask(self.portal.home, captures.HOME, self.read_home)

    async def read_home(self, response: Response) -> AsyncIterator[Request]:
        """Go on to the columns, and look again at what is due unless the portal shuts us out."""
        async for request in self.columns.read_home(response):
            yield request
        if wrong_answer(response) not in (CHALLENGE, *BLOCKED):
            for request in self.look_again():
                yield request

    def look_again(self) -> Iterator[Request]:
        """Return the requests for known documents that are to be looked at again."""
        return self.documents.look_again()

    def follow(self, entry: Entry, context: Context, referer: str) -> Iterator[Request]:
        """Return the requests for what a list names."""
        return self.documents.follow(entry, context, referer)

    def unanswered(self, failure: Any) -> None:
        """Note that a list or document could not be had at all, and why."""
        request: Request = failure.request
        context: Context = request.meta[CONTEXT]
        url = request.meta.get("redirect_urls", [request.url])[0]
        reason = str(failure.value) or type(failure.value).__name__
        lawless = urlsplit(request.url).netloc in self.facts.lawless
        forbidden = failure.check(IgnoreRequest) and reason == _ROBOTS
        if forbidden:
            reason = "its host's robots.txt could not be had" if lawless else reason
            self.facts.skip(request.url, context.link_text, "no_robots" if lawless else "robots")
        self.facts.notes.append(f"{request.url}: {reason}")
        if context.role not in REPORTED:
            self.facts.fail_column(context.column, url, 0)
        elif not self.portal.owns(request.url):
            self.facts.miss(url, LED + request.url)
        elif not forbidden or lawless:
            self.facts.missed[url] = 0
        else:
            self.facts.followed.discard(url)

    def dropped(self, request: Request) -> None:
        """Follow up a page of a list that led to an address asked before: Scrapy asks none twice."""
        if request.meta[CONTEXT].role == captures.LIST:
            for further in self.columns.led(request):
                self.crawler.engine.crawl(further)

    def failed(self, failure: Any, response: Response) -> None:
        """Note a page that could not be walked: a fault of ours must not end as a good run."""
        self.facts.notes.append(f"{response.url}: {type(failure.value).__name__}: {failure.value}")
        self.facts.column_failures[response.url] = "a fault of this program"

    async def synced(self) -> bool:
        """Tell, once it is so, whether all that was stored by now is on the disk; else end the crawl."""
        try:
            await self.run.synced()
        except OSError as error:
            await self.stop_for_disk(error)
            return False
        return True

    async def stop_for_disk(self, error: OSError) -> None:
        """End the crawl: what cannot be archived must not be asked for either."""
        if self.disk_error is None:
            self.disk_error = error
            self.logger.error("%s: the archive cannot be written: %s", self.portal.name, error)
            self._stopping = asyncio.create_task(self.crawler.engine.close_spider_async(reason="disk"))

    async def finish(self, reason: str) -> None:
        """Write what came of the run, or leave it to be continued when it was stopped."""
        if self.disk_error is not None:
            self.run.abandon()
        elif reason != "finished":
            await self.run.leave()
        else:
            self.verdict = self.judged()
            try:
                await self.run.end(self.verdict)
            except OSError as error:
                self.disk_error = error
                return
            self.ended = True

    def judged(self) -> dict[str, Any]:
        """Return what the run's last record tells."""
        return verdict(self.facts, self.before, self.accepted)


def _info(settings: BaseSettings) -> dict[str, str]:
    return {
        "software": settings["USER_AGENT"].partition(" ")[0],
        "format": "WARC File Format 1.1",
        "operator": settings["GONGKAI_CONTACT"] or "none named (specimens only)",
        "http-header-user-agent": settings["USER_AGENT"],
        "robots": "obeyed, RFC 9309",
        "description": "bodies as received, after transfer decoding and before content decoding",
    }
