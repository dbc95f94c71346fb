"""What the home page and the search show, asked from the database."""

from dataclasses import dataclass
from typing import Any

from datasette.database import Database

from archive.site.phrase import Piece, match, passage, phrases
from archive.site.queries import rows

LISTED = """
SELECT report.id, report.title, report.year, report.published_on, report.status, report.days_late,
       report.revision, agency.name AS agency_name,
       (SELECT count(*) FROM (SELECT DISTINCT "check", "table", row, "column", expected, found FROM finding
        WHERE finding.revision = report.revision AND severity = 'error')) AS errors
FROM report JOIN agency ON agency.id = report.agency
"""

NEWEST = f"{LISTED} ORDER BY report.published_on DESC, report.id LIMIT :size"

YEARS = "SELECT year, count(*) AS reports FROM report GROUP BY year ORDER BY year DESC"

WORD = """SELECT id FROM (
    SELECT report.id
    FROM report_fts JOIN report ON report.search_id = report_fts.rowid
    WHERE report_fts MATCH :word{0}
    UNION
    SELECT report.id
    FROM section_fts JOIN section ON section.search_id = section_fts.rowid
    JOIN revision ON revision.id = section.revision
    JOIN source ON source.id = revision.source
    JOIN report ON report.id = source.report AND report.revision = revision.id
    WHERE section_fts MATCH :word{0}
)"""
"""The reports that hold one word, in title, agency or text."""

COUNT = "SELECT count(*) AS found FROM ({words})"

PAGE = f"""{LISTED}
WHERE report.id IN ({{words}})
ORDER BY report.search_id IN (SELECT rowid FROM report_fts WHERE report_fts MATCH :whole) DESC,
         report.published_on DESC, report.id
LIMIT :size OFFSET :start
"""

SECTIONS = """
SELECT * FROM section WHERE revision IN (SELECT value FROM json_each(:revisions))
ORDER BY revision, number
"""

DESCRIBED = """SELECT "table", zh, en FROM description WHERE field = ''"""

SIZE = 20
SHOWN = 3
"""Passages shown of one report."""


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
class Search:
    """One page of results; `found` counts the reports on all pages."""

    query: str
    number: int
    found: int
    results: tuple[Result, ...]

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return -(-self.found // SIZE)


async def described(db: Database) -> dict[str, dict[str, Any]]:
    """Return what each table is, in Chinese and English, by its name."""
    return {row["table"]: row for row in await rows(db, DESCRIBED)}


async def all_rows(db: Database) -> int:
    """Return how many rows the described tables have; Datasette counts them once."""
    counts = await db.table_counts(3000)
    return sum(counts.get(table) or 0 for table in await described(db))


async def newest(db: Database, size: int) -> list[dict[str, Any]]:
    """Return the reports published last; those without a date come at the end."""
    return await rows(db, NEWEST, size=size)


async def years(db: Database) -> list[dict[str, Any]]:
    """Return how many reports each year has, the last year first."""
    return await rows(db, YEARS)


async def search(db: Database, query: str, number: int) -> Search:
    """Return one page (from 1) of the reports that hold every word of the query."""
    words = phrases(query)
    if not words:
        return Search(query, 1, 0, ())
    holding = " INTERSECT ".join(WORD.format(number) for number in range(len(words)))
    asked = {f"word{number}": match(word) for number, word in enumerate(words)}
    found = (await rows(db, COUNT.format(words=holding), **asked))[0]["found"]
    number = min(max(number, 1), max(-(-found // SIZE), 1))
    place = {"whole": match(*words), "size": SIZE, "start": (number - 1) * SIZE}
    listed = await rows(db, PAGE.format(words=holding), **asked, **place)
    revisions = ",".join(str(row["revision"]) for row in listed if row["revision"] is not None)
    sections = await rows(db, SECTIONS, revisions=f"[{revisions}]")
    return Search(query, number, found, tuple(_result(row, sections, query) for row in listed))


def _result(row: dict[str, Any], sections: list[dict[str, Any]], query: str) -> Result:
    own = (section for section in sections if section["revision"] == row["revision"])
    passages = (
        Passage(section["number"], section["heading"], passage(section["text"] or "", query))
        for section in own
    )
    hits = [found for found in passages if any(piece.hit for piece in found.pieces)]
    title = row["title"] or row["id"]
    return Result(row, passage(title, query, around=len(title)), tuple(hits[:SHOWN]))
