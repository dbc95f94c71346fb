"""What a run saw and did, counted as it goes; `verdict` judges it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archive.captures import DETAIL, Capture, Context
from archive.index import REPORTED
from archive.known import INCOMPLETE
from crawler.judge import CHALLENGE, CUT, LED
from crawler.listing import Listing

GONE = {404, 410}

ABSENT = "absent"
"""Reason of a link that was followed and led to no document."""


@dataclass(slots=True)
class Asked:
    """What was asked of one host: requests that were sent, bytes of bodies, failures."""

    requests: int = 0
    bytes: int = 0
    failures: int = 0


@dataclass(slots=True)
class Tally:
    """What was asked of each host, and how many responses were archived."""

    asked: dict[str, Asked] = field(default_factory=dict)
    captures: int = 0

    @property
    def requests(self) -> int:
        """Return how many requests were sent to all hosts."""
        return sum(host.requests for host in self.asked.values())

    def answered(self, capture: Capture, size: int) -> None:
        """Count a response that came over the network and is archived; `size` is its body's bytes."""
        host = self._host(capture.url)
        host.requests += 1
        host.bytes += size
        self.captures += 1

    def failed(self, url: str) -> None:
        """Count a request that got no answer."""
        host = self._host(url)
        host.requests += 1
        host.failures += 1

    def _host(self, url: str) -> Asked:
        return self.asked.setdefault(urlsplit(url).netloc, Asked())


@dataclass(slots=True)
class Facts:
    """What one run knows of itself.

    Attributes:
        tally: what was asked, by the whole run, earlier processes of it included.
        known: addresses of documents that earlier runs archived.
        listed: addresses of links on lists that look like reports.
        archived: addresses of documents archived in this run, replayed ones included.
        looked: addresses of documents that were looked at and are as they were archived before.
        followed: addresses of documents asked for; `redirects`: where answers led.
        brought: those of all these that a page brings (files, frames, pictures), in their context.
        listings: the lists walked, by the address of their first page.
        no_lists: pages of columns that are no list and lead to none, by column, and what they are.
        column_failures: address and status (0 for no answer, or in a word what came instead) of
            columns that could not be read; `missing_columns` those that were gone and looked for
            again; `missed`: documents not archived; `gone`: documents that are not there, archived
            before or not; `left_parts`: what pages bring and a bounded run did not ask for.
        told: addresses of links that may lead to no document: earlier runs followed them to none, or
            their titles say little.
        guessed: columns that nobody declared, and pages that may lead to one: they may hold no list.
        led: columns whose address led to one that was asked already, and to which.
        skips: links that are not followed: their text, and the reason.
        lawless: hosts whose robots.txt could not be had: they are not asked anything.
        robots: what the robots.txt of each host answered, and which paths it closes to anybody.
    """

    tally: Tally = field(default_factory=Tally)
    known: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    looked: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    brought: dict[str, Context] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    no_lists: dict[str, dict[str, str]] = field(default_factory=dict)
    column_failures: dict[str, int | str] = field(default_factory=dict)
    missing_columns: dict[str, int | str] = field(default_factory=dict)
    missed: dict[str, int | str] = field(default_factory=dict)
    gone: dict[str, int | str] = field(default_factory=dict)
    left_parts: set[str] = field(default_factory=set)
    skips: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    guessed: set[str] = field(default_factory=set)
    led: dict[str, str] = field(default_factory=dict)
    lawless: set[str] = field(default_factory=set)
    robots: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def captures(self) -> int:
        """How many responses the run has archived."""
        return self.tally.captures

    def answered(self, capture: Capture, size: int) -> None:
        """Count a response that came over the network and is archived; `size` is its body's bytes."""
        self.tally.answered(capture, size)
        self.learn(capture)

    def learn(self, capture: Capture) -> None:
        """Take in what a response tells, also one that the run had archived before it was interrupted."""
        if capture.leads_to:
            self.redirects[capture.url] = capture.leads_to
        if capture.context.page_title:
            self.brought[capture.url] = capture.context
        if capture.context.role in REPORTED and not capture.judged:
            if capture.refers_to:
                self.looked.add(capture.url)
            elif capture.status == 200:
                self.archived.add(capture.url)
                self.missed.pop(capture.url, None)

    def skip(self, url: str, text: str, reason: str) -> None:
        """Keep a link that is not followed, with the reason."""
        self.skips.setdefault(url, (text, reason))

    def fail_column(self, column: str, url: str, wrong: int | str) -> None:
        """Note a page of a column that could not be read; where the column was a guess it is no fault."""
        if {column, url} & self.guessed:
            self.skip(url, "", ABSENT)
        else:
            self.column_failures[url] = wrong

    def miss(self, url: str, wrong: int | str) -> None:
        """Note a document that is not there.

        A dead link is the portal's fault and no loss of ours, nor is it one where a document that
        is archived is no longer there. Where something else came instead the run has failed, once:
        the next one, which asks again, only tells it. A frame may well hold something else.
        """
        frame = url in self.brought and self.brought[url].role == DETAIL
        other = isinstance(wrong, str) and wrong not in (CHALLENGE, CUT)
        if wrong in GONE or other:
            self.skip(url, "", ABSENT)
        if wrong in GONE or (other and (frame or url in self.known or url in self.told)):
            self.gone[url] = wrong
        else:
            self.missed[url] = wrong

    def find_lost(self) -> None:
        """Note documents that led elsewhere: Scrapy drops a redirect to what it has asked before."""
        had = self.archived | self.looked
        for url in self.followed - had - self.missed.keys() - self.gone.keys():
            end, steps = url, 0
            while end in self.redirects and steps < len(self.redirects):
                end, steps = self.redirects[end], steps + 1
            if end not in had:
                self.miss(url, f"{LED}{end}" if end != url else 0)

    def find_incomplete(self) -> None:
        """Note the pages that bring something which was not had: the next run asks for them again."""
        for url in (self.missed.keys() | self.left_parts) & self.brought.keys():
            page = self.brought[url]
            self.skips[page.referer] = (page.page_title, INCOMPLETE)
