"""What a run saw and did, counted as it goes, and the outcome that follows from it.

A run is judged by what it archived, never by its log: a crawl that meets only empty columns
or challenge pages has failed, however smoothly it ran.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.captures import Capture
from archive.index import is_document
from crawler.challenge import CHALLENGE

BLOCKED = {403, 405, 412, 512, 521}
"""Statuses with which portals' shields answer instead of the page (DOMAIN.md, blocking)."""

GONE = {404, 410}

NOTES = 5
"""Notes that a reason carries; a portal that fails a thousand times fails in one way."""


@dataclass(slots=True)
class Asked:
    """What was asked of one host: requests that were sent, bytes of bodies, failures."""

    requests: int = 0
    bytes: int = 0
    failures: int = 0


@dataclass(slots=True)
class Facts:
    """The tally of one run.

    Attributes:
        listed: addresses of links on lists that look like reports.
        archived: addresses of documents archived in this run, replayed ones included.
        followed: addresses of documents asked for; `redirects`: where answers led.
        lists: list pages read. `column_failures`: address and status (0 for no answer, or in
            a word what came instead) of columns that could not be read; `missing_columns`
            those that were gone and looked for again; `missed`: documents not archived.
    """

    listed: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    redirects: dict[str, str] = field(default_factory=dict)
    lists: int = 0
    column_failures: dict[str, int | str] = field(default_factory=dict)
    missing_columns: dict[str, int | str] = field(default_factory=dict)
    missed: dict[str, int | str] = field(default_factory=dict)
    skips: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    captures: int = 0
    declared: int | None = None
    notes: list[str] = field(default_factory=list)

    def answered(self, capture: Capture) -> None:
        """Count a response that came over the network and is archived."""
        host = self._host(capture.url)
        host.requests += 1
        host.bytes += len(capture.body)
        self.captures += 1
        self._document(capture)

    def replayed(self, capture: Capture) -> None:
        """Count a response that the run had archived before it was interrupted."""
        self.captures += 1
        self._document(capture)

    def _document(self, capture: Capture) -> None:
        if 300 <= capture.status < 400 and capture.header("location"):
            self.redirects[capture.url] = urljoin(capture.url, capture.header("location"))
        if is_document(capture):
            self.archived.add(capture.url)
            self.missed.pop(capture.url, None)

    def failed(self, url: str) -> None:
        """Count a request that got no answer."""
        host = self._host(url)
        host.requests += 1
        host.failures += 1

    def _host(self, url: str) -> Asked:
        return self.asked.setdefault(urlsplit(url).netloc, Asked())

    def skip(self, url: str, text: str, reason: str) -> None:
        """Keep a link that is not followed, with the reason."""
        self.skips.setdefault(url, (text, reason))

    def verdict(self, last_listed: int | None) -> dict[str, Any]:
        """Return what the run's last record tells.

        Args:
            last_listed: How many reports the last ended run saw listed; None if there was none.
        """
        self._find_lost()
        outcome, reason = self._judge(last_listed)
        return {
            "outcome": outcome,
            "reason": "; ".join((reason, *self.notes[:NOTES])),
            "listed": len(self.listed),
            "captures": self.captures,
            "requests": sum(host.requests for host in self.asked.values()),
            "bytes": sum(host.bytes for host in self.asked.values()),
            "skips": [{"url": url, "text": text, "reason": why} for url, (text, why) in self.skips.items()],
            "asked": [_asked_row(host, asked) for host, asked in self.asked.items()],
        }

    def _find_lost(self) -> None:
        """Note documents that led elsewhere: Scrapy drops a redirect to what it has asked before."""
        for url in self.followed - self.archived - self.missed.keys():
            end, steps = url, 0
            while end in self.redirects and steps < len(self.redirects):
                end, steps = self.redirects[end], steps + 1
            if end not in self.archived:
                self.missed[url] = f"led to {end}" if end != url else 0

    def _judge(self, last_listed: int | None) -> tuple[str, str]:
        if self.column_failures:
            return _judge_failures(self.column_failures, "column")
        if not self.lists:
            if self.missing_columns:
                return _judge_failures(self.missing_columns, "column")
            return "failed", "no column of reports was found"
        if self.missed:
            return _judge_failures(self.missed, "document")
        return self._judge_listed(last_listed)

    def _judge_listed(self, last_listed: int | None) -> tuple[str, str]:
        seen = f"; the last run saw {last_listed}" if last_listed else ""
        if not self.listed:
            return "empty", f"the column lists no reports{seen}"
        if last_listed and len(self.listed) * 2 < last_listed:
            return "shrunken", f"{len(self.listed)} reports are listed{seen}"
        if self.missing_columns:
            return "moved", "a column is gone; the reports were found by another way"
        if not self.archived:
            return "unchanged", f"{len(self.listed)} reports are listed, all archived before"
        return "ok", f"{len(self.listed)} reports are listed, {len(self.archived)} archived now"


def _judge_failures(failures: Mapping[str, int | str], what: str) -> tuple[str, str]:
    shown = ", ".join(f"{url} ({status or 'no answer'})" for url, status in list(failures.items())[:3])
    statuses = set(failures.values())
    reason = f"{len(failures)} {what}(s) could not be read: {shown}"
    if statuses <= {*BLOCKED, CHALLENGE}:
        return "blocked", reason
    if what == "column" and statuses <= GONE:
        return "gone", reason
    return "failed", reason


def _asked_row(host: str, asked: Asked) -> dict[str, Any]:
    return {"host": host, "requests": asked.requests, "bytes": asked.bytes, "failures": asked.failures}
