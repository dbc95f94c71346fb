"""One list of a column: which of its pages are asked for, and what was seen on them.

In a whole walk every page is asked for. In a short one only as far as something new can stand:
a first page that reads as it did has nothing new behind it; where it has, the pages are asked
for one after the other until one shows only what was seen before. Where something was taken
away instead, the list is walked whole, to see what is missing.
"""

from collections.abc import Set
from dataclasses import dataclass, field

from crawler.judge import LED, SOFT_404
from crawler.platforms.lists import Ask, ListPage

UNCHANGED, SEEN, AFTER_END = "unchanged_before", "seen_before", "after_the_end"
"""Reasons why a page is not asked for: the first page is as it was; the page before shows nothing
new; the page before is not there."""


Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""What tells requests apart: address, body, form."""


@dataclass(slots=True)
class Listing:
    """One list as far as a run has walked it.

    Attributes:
        url: address of its first page; `column` that of the column it is the list of, or part of.
        platform: which one reads it.
        seen: addresses of entries that earlier runs followed or skipped.
        whole: every page of it is asked for.
        reports: addresses of entries that look like reports; `entries` of all.
        declared: how many entries the list says it has.
        left: pages that are not asked for, and why.
        ends: pages that are not there though they were named: their number, and what came instead.
    """

    url: str
    column: str = ""
    seen: Set[str] = frozenset()
    whole: bool = True
    pages: int = 0
    entries: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    declared: int | None = None
    left: dict[str, str] = field(default_factory=dict)
    ends: dict[str, tuple[int, int | str]] = field(default_factory=dict)
    platform: str = ""
    _numbers: dict[Key, int] = field(default_factory=dict)
    _rest: list[Ask] = field(default_factory=list)
    _declared_before: int | None = None
    _last: int = 0

    def read(self, page: ListPage, before: ListPage | None = None, number: int = 0) -> tuple[Ask, ...]:
        """Take a page in; return the pages to ask for next.

        Args:
            page: The page.
            before: The reading of what stood at its address before.
            number: Its number: 0 for the first, then as `number_of` gave it.
        """
        first = self.pages == 0
        new = {entry.url for entry in page.entries} - self.seen
        self.pages += 1
        self.entries |= {entry.url for entry in page.entries}
        self._last = max(self._last, number if page.entries else 0)
        if first:
            self.declared = page.declared
            self._declared_before = before.declared if before else None
        if not self.whole:
            return self._go_on(page, first=first, new=bool(new), unchanged=page == before)
        return self._unasked(page.more)

    def _go_on(self, page: ListPage, *, first: bool, new: bool, unchanged: bool) -> tuple[Ask, ...]:
        """Return the page to ask for next in a short walk, or all where the list must be walked whole."""
        self._rest = list(page.more) or self._rest
        if self._rest:
            if first and unchanged:
                return self._leave(UNCHANGED)
            if new:
                return self._unasked((self._rest.pop(0),))
            if not first and self._totals_agree():
                return self._leave(SEEN)
        # Its end was reached, or something was taken away.
        self.whole = True
        return self._unasked(tuple(self._rest))

    def end(self, url: str, number: int, word: int | str) -> None:
        """Note that a page that was named is not there; in a short walk none after it is asked for."""
        self.ends[url] = (number, word)
        if not self.whole:
            self._leave(AFTER_END)

    def _leave(self, reason: str) -> tuple[Ask, ...]:
        self.left |= {ask.url: reason for ask in self._rest}
        return ()

    def _totals_agree(self) -> bool:
        """Tell whether the total grew by what is new: else something else was taken away."""
        if self.declared is None or self._declared_before is None:
            return True
        return self.declared - self._declared_before == len(self.entries - self.seen)

    def _unasked(self, asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
        """Return those that were not named before: every page of some lists names all after it."""
        fresh = tuple(ask for ask in asks if _key(ask) not in self._numbers)
        self._numbers |= {_key(ask): len(self._numbers) + n for n, ask in enumerate(fresh, 1)}
        return fresh

    def number_of(self, ask: Ask) -> int:
        """Return the number of a page that was named, counted from 1 for the first further one."""
        return self._numbers[_key(ask)]

    def lost_pages(self) -> dict[str, int | str]:
        """Return the pages that are missing, with what came instead.

        Pagers name more pages than there are. That is no loss where all declared entries were
        found, or where no total is declared and the pages from there on say that they are none.
        """
        if self.declared is not None and len(self.entries) >= self.declared:
            return {}
        return {
            url: word
            for url, (number, word) in self.ends.items()
            if self.declared is not None or not _says_none(word) or number < self._last
        }

    def gap(self) -> int:
        """Return how many entries fewer the list shows than it declares, where it was walked whole."""
        return self.declared - len(self.entries) if self.whole and self.declared is not None else 0


def _says_none(word: int | str) -> bool:
    """Tell whether the portal says in its own way that there is no such page."""
    return word == SOFT_404 or str(word).startswith(LED)


def _key(ask: Ask) -> Key:
    return ask.url, ask.json, tuple(ask.form.items())
