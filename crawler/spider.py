"""The one spider: home page, column, lists, reports. What differs between portals is data."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from archive import captures, locks
from archive.captures import Capture, Context
from archive.index import DOCUMENTS
from crawler import discover
from crawler.facts import GONE, Facts
from crawler.gate import Gate
from crawler.guard import PublicResolver
from crawler.platforms import PLATFORMS, recognise
from crawler.platforms.lists import Ask, Entry
from crawler.portal import Portal, require_contact
from crawler.recorder import CAPTURE, CONTEXT, JUDGED
from crawler.run import Run

# Over-collects on purpose: `pipelines` decide what is a report.
_TITLE = re.compile(r"信息公开.*(年报|年度报告|报告)|(年报|年度报告).*信息公开")
_ATTACHMENT = re.compile(r"\.(pdf|docx?|wps|rtf|xlsx?|et|zip|rar)$", re.IGNORECASE)

_LOGIN = re.compile(r"(?i)/(login|signin|sso|cas)\b")

NO_FORM: Mapping[str, str] = MappingProxyType({})
Callback = AsyncIterator[Request | dict[str, str]]


class PortalSpider(Spider):
    """Walks one portal. A subclass per portal carries the declaration (`PortalLoader`)."""

    portal: ClassVar[Portal]
    run: Run
    gate: Gate

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider with its run open, so that the middlewares can take it."""
        settings = crawler.settings
        require_contact([cls.portal], settings["GONGKAI_CONTACT"])
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.facts = Facts()
        data = Path(settings["GONGKAI_DATA"])
        spider.run = Run(data, cls.portal, _info(settings))
        spider.gate = Gate(
            cls.portal,
            data if cls.portal.local else locks.machine_folder(),
            lambda: not crawler.crawling or spider.disk_error is not None,
            settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        )
        spider.known = spider.run.index.known_documents(cls.portal.name, spider.run.name)
        spider.last = spider.run.index.last_ended(cls.portal.name)
        crawler.signals.connect(spider.finish, signals.spider_closed)
        crawler.signals.connect(spider.failed, signals.spider_error)
        if cls.portal.local:
            PublicResolver.local_names.update(host.rpartition(":")[0] for host in cls.portal.hosts)
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts: Facts
        self.known: set[str]
        self.last: dict[str, Any] | None
        self.disk_error: OSError | None = None
        self.discovered = False
        self.verdict: dict[str, Any] = {}
        self.ended = False

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Apply the portal's own trust."""
        super().update_settings(settings)
        if cls.portal.tls != "verified":
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")

    def ask(
        self, url: str, role: str, callback: Any, form: Mapping[str, str] = NO_FORM, **known: Any
    ) -> Request:
        """Return a request in its context; with a form it is a POST."""
        context = Context(
            role=role,
            portal=self.portal.name,
            portal_title=self.portal.title,
            division=self.portal.division,
            **{key: value for key, value in known.items() if key != "depth"},
        )
        values = {
            "url": url,
            "callback": callback,
            "errback": self.unanswered,
            "meta": {CONTEXT: context, "depth_from_home": known.get("depth", 0)},
            "headers": {"Referer": known["referer"]} if known.get("referer") else {},
        }
        return FormRequest(formdata=dict(form), method="POST", **values) if form else Request(**values)

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the home page; all else follows from it."""
        yield self.ask(self.portal.home, captures.HOME, self.read_home)

    async def read_home(self, response: Response) -> Callback:
        """Go to the declared columns, or those read last time, or look for one."""
        wrong = _wrong(response)
        # Remembered columns may stand on a host that the portal has left since.
        remembered = filter(self.portal.owns, self.run.index.columns(self.portal.name))
        columns = self.portal.columns or tuple(remembered)
        if wrong and columns:
            self.facts.notes.append(f"{response.url}: the home page answers {wrong}")
        elif wrong:
            self.facts.column_failures[response.url] = wrong
            return
        if columns:
            for column in columns:
                yield self.ask_column(column, response.url)
        else:
            for request in self.search(response):
                yield request

    def ask_column(self, url: str, referer: str) -> Request:
        """Return the request for a column's first page."""
        return self.ask(url, captures.LIST, self.read_list, column=url, referer=referer)

    def search(self, response: Response) -> Iterator[Request]:
        """Look for the column on a page: columns it links to, and pages that may lead to one."""
        self.discovered = True
        depth = int(response.meta["depth_from_home"]) + 1
        columns, pages = discover.find_links(response.url, _text(response))
        for url in columns:
            if self.portal.owns(url):
                yield self.ask_column(url, response.url)
        if not columns and depth < discover.DEPTH:
            for url in pages:
                if self.portal.owns(url):
                    yield self.ask(url, captures.PAGE, self.read_page, referer=response.url, depth=depth)

    async def read_page(self, response: Response) -> Callback:
        """Look for the column on a page between the home page and it."""
        for request in self.search(response):
            yield request

    async def read_list(self, response: Response) -> Callback:
        """Follow what looks like a report, and the list's further pages."""
        context: Context = response.meta[CONTEXT]
        if wrong := _wrong(response):
            for request in self.column_failed(context.column, wrong):
                yield request
            return
        text = _text(response)
        name = response.meta.get("platform") or self.portal.platform or recognise(text)
        if name is None:
            frames = tuple(self.ask_frames(response, text))
            for frame in frames:
                yield frame
            if not frames:
                self.facts.column_failures[response.url] = response.status
                self.facts.notes.append(f"{response.url}: no known platform's list")
            return
        page = PLATFORMS[name].read_list(response.url, text)
        self.facts.lists += 1
        self.facts.declared = page.declared or self.facts.declared
        for ask in page.more:
            yield self.ask_more(ask, name, context, response.url)
        for entry in page.entries:
            if self.wanted(entry):
                yield self.ask_document(entry, context, response.url)

    def ask_frames(self, response: Response, text: str) -> Iterator[Request]:
        """Return requests for the frames of a page that is no list itself: the list may be in one."""
        depth = int(response.meta.get("frame_depth", 0)) + 1
        for url in discover.find_frames(response.url, text) if depth <= discover.FRAME_DEPTH else ():
            if not self.portal.owns(url):
                self.facts.skip(url, "", "foreign_host")
                continue
            column = response.meta[CONTEXT].column
            request = self.ask(url, captures.LIST, self.read_list, column=column, referer=response.url)
            request.meta["frame_depth"] = depth
            yield request

    def ask_more(self, ask: Ask, platform: str, context: Context, referer: str) -> Request:
        """Return the request for a further page of a list."""
        request = self.ask(
            ask.url, captures.LIST, self.read_list, ask.form, column=context.column, referer=referer
        )
        request.meta["platform"] = platform
        return request

    def column_failed(self, column: str, status: int | str) -> Iterator[Request]:
        """Note a column that cannot be read; one that is gone is looked for again, once."""
        if status in GONE and not self.discovered:
            self.discovered = True
            self.facts.notes.append(f"{column} answers {status}: the column was looked for again")
            home = self.ask(self.portal.home, captures.HOME, self.read_page)
            self.facts.missing_columns[column] = status
            yield home.replace(dont_filter=True)
        else:
            self.facts.column_failures[column] = status

    def wanted(self, entry: Entry) -> bool:
        """Tell whether a link is followed; one that is not is kept with the reason."""
        if not _TITLE.search(entry.title):
            self.facts.skip(entry.url, entry.title, "not_a_report")
        elif not self.portal.owns(entry.url):
            self.facts.skip(entry.url, entry.title, "foreign_host")
        else:
            self.facts.listed.add(entry.url)
            if entry.url not in self.known:
                return True
            self.facts.skip(entry.url, entry.title, "known")
        return False

    def ask_document(self, entry: Entry, context: Context, referer: str) -> Request:
        """Return the request for a document that a list names."""
        self.facts.followed.add(entry.url)
        return self.ask(
            entry.url,
            captures.ATTACHMENT if _ATTACHMENT.search(entry.url) else captures.DETAIL,
            self.read_document,
            column=context.column,
            link_text=entry.title,
            listed_on=entry.listed_on,
            referer=referer,
        )

    async def read_document(self, response: Response) -> Callback:
        """Hand the capture's id on, once its record is on the disk."""
        wrong = _wrong(response)
        if not wrong and self.led_home(response):
            wrong = f"led to {response.url}"
        if wrong:
            self.facts.missed[response.meta.get("redirect_urls", [response.url])[0]] = wrong
            return
        await self.run.synced()
        yield {CAPTURE: response.meta[CAPTURE]}

    def led_home(self, response: Response) -> bool:
        """Tell whether a document's address was redirected to the home page or a login."""
        if "redirect_urls" not in response.meta:
            return False
        path = urlsplit(response.url).path
        return response.url == self.portal.home or path in ("", "/") or _LOGIN.search(path) is not None

    def unanswered(self, failure: Any) -> None:
        """Note that a list or document could not be had at all, and why."""
        request: Request = failure.request
        context: Context = request.meta[CONTEXT]
        self.facts.notes.append(f"{request.url}: {failure.value or type(failure.value).__name__}")
        if context.role in DOCUMENTS:
            self.facts.missed[request.url] = 0
        else:
            self.facts.column_failures[request.url] = 0

    def failed(self, failure: Any, response: Response) -> None:
        """Note a page that could not be walked: a fault of ours must not end as a good run."""
        self.facts.notes.append(f"{response.url}: {type(failure.value).__name__}: {failure.value}")
        self.facts.column_failures[response.url] = "a fault of this program"

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
            self.verdict = self.facts.verdict(self.last["listed"] if self.last else None)
            try:
                await self.run.end(self.verdict)
            except OSError as error:
                self.disk_error = error
                return
            self.ended = True


def _wrong(response: Response) -> int | str:
    """Return the status or the word for what came instead of the page; 0 if it is the page."""
    judged: str = response.meta.get(JUDGED, "")
    return judged or (0 if response.status == 200 else response.status)


def _text(response: Response) -> str:
    # `decoding` has undone the encoding and taken its header away.
    headers = (("Content-Type", (response.headers.get("Content-Type") or b"").decode("latin-1")),)
    return captures.text(Capture(url=response.url, headers=headers, body=response.body))


def _info(settings: BaseSettings) -> dict[str, str]:
    return {
        "software": settings["USER_AGENT"].partition(" ")[0],
        "format": "WARC File Format 1.1",
        "operator": settings["GONGKAI_CONTACT"] or "none named (specimens only)",
        "http-header-user-agent": settings["USER_AGENT"],
        "robots": "obeyed, RFC 9309",
        "description": "bodies as received, after transfer decoding and before content decoding",
    }
