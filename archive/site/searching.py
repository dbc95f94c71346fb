"""The search: one page of the reports that hold every word, and what else the reader may want of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette.database import Database

from archive.site import filters, hits, listing
from archive.site.filters import Chosen, Counted, Option
from archive.site.phrase import Piece, passage, phrases, written
from archive.site.queries import rows

SIZE = 20
SHOWN, AROUND = 2, 40
"""Passages shown of one report, and characters of them before the first hit; behind it twice as many."""

NAMES = {"division": 4, "agency": 6}
"""Divisions and agencies shown whose names hold the words."""

SECTIONS = """
SELECT revision, number, heading, text FROM section
WHERE revision IN (SELECT value FROM json_each(:revisions)) ORDER BY revision, number
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A section in which something was found, and the text around it."""

    number: int
    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A report that was found: its row, its title cut at the hits, and passages of its text."""

    row: dict[str, Any]
    title: tuple[Piece, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """A search that asks for less: for one `word` only, or without the value of a `field` (`all` of them)."""

    address: str
    found: int
    more: bool
    word: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """One page of results.

    Attributes:
        query: the words asked for.
        chosen: the values asked for, by field.
        number: the page, from 1.
        found: reports on all pages; `more` if there are more than can be paged to.
        results: the reports of this page.
        named: divisions and agencies whose names hold every word, the widest first; on the first page only.
        options: what the search can be narrowed by.
        wider: where nothing was found, searches for less that find something.
    """

    query: str
    chosen: Chosen
    number: int = 1
    found: int = 0
    more: bool = False
    results: tuple[Result, ...] = ()
    named: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    options: Mapping[str, list[Option]] = field(default_factory=dict)
    wider: tuple[Wider, ...] = ()

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.found // SIZE)

    @property
    def shown_pages(self) -> list[int]:
        """Return the pages to link to: first, last, those near this one; 0 where some are left out."""
        near = {1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)}
        shown: list[int] = []
        for page in sorted(near):
            if shown and page > shown[-1] + 1:
                shown.append(0)
            shown.append(page)
        return shown


async def search(db: Database, query: str, chosen: Chosen, number: int) -> Search:
    """Return one page of the reports that hold every word and value; the last page if there are fewer."""
    words = phrases(query)
    if not words and (query or not chosen):
        # Nothing is asked for, or only what no text can hold.
        counted = Counted(chosen, searched=bool(query))
        wider = await _wider(db, query, chosen)
        return Search(query, chosen, options=await filters.options(db, counted), wider=wider)
    asked = hits.asked(words, chosen)
    found, more = await hits.count(db, asked)
    number = min(max(number, 1), max(-(-found // SIZE), 1))
    start = (number - 1) * SIZE
    numbers = await hits.numbers(db, asked, start, min(SIZE, found - start))
    counts = await hits.counts(db, asked) if found <= hits.FEW else None
    return Search(
        query,
        chosen,
        number,
        found,
        more,
        await _results(db, numbers, query),
        await _named(db, query, chosen) if words and number == 1 else {},
        await filters.options(db, Counted(chosen, searched=True, found=counts)),
        () if found else await _wider(db, query, chosen),
    )


async def _results(db: Database, numbers: list[int], query: str) -> tuple[Result, ...]:
    listed = await listing.numbered(db, numbers)
    revisions = ",".join(str(row["revision"]) for row in listed if row["revision"] is not None)
    sections = await rows(db, SECTIONS, revisions=f"[{revisions}]") if query else []
    return tuple(_result(row, sections, query) for row in listed)


def _result(row: dict[str, Any], sections: list[dict[str, Any]], query: str) -> Result:
    own = (section for section in sections if section["revision"] == row["revision"])
    passages = (
        Passage(section["number"], section["heading"], passage(section["text"] or "", query, AROUND))
        for section in own
    )
    found = [each for each in passages if any(piece.hit for piece in each.pieces)]
    title = row["title"] or row["id"]
    return Result(row, passage(title, query, around=len(title)), tuple(found[:SHOWN]))


async def _named(db: Database, query: str, chosen: Chosen) -> dict[str, list[dict[str, Any]]]:
    words = phrases(query)
    return {kind: await hits.named(db, kind, words, chosen, size) for kind, size in NAMES.items()}


Less = tuple[str, Chosen, dict[str, str]]
"""A query and values that ask for less, and what names the difference (`Wider`)."""


async def _wider(db: Database, query: str, chosen: Chosen) -> tuple[Wider, ...]:
    """Return the searches for less that find something; if none does, those for single words anywhere."""
    words = [written(word) for word in phrases(query)]
    anywhere: list[Less] = [(word, {}, {"word": word, "field": "all"}) for word in words if chosen]
    return await _finding(db, _less(query, words, chosen)) or await _finding(db, anywhere)


def _less(query: str, words: list[str], chosen: Chosen) -> Iterator[Less]:
    for each in chosen:
        yield query, filters.without(chosen, each), {"field": each}
    for word in words if len(words) > 1 else ():
        yield word, chosen, {"word": word}
    if chosen and query:
        yield "", chosen, {"field": "q"}


async def _finding(db: Database, searches: Iterable[Less]) -> tuple[Wider, ...]:
    found = []
    for query, chosen, named in searches:
        words = phrases(query)
        if words or (chosen and not query):
            reports, more = await hits.count(db, hits.asked(words, chosen))
            if reports:
                found.append(Wider(filters.address(query, chosen), reports, more, **named))
    return tuple(found)
