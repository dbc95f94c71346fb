"""Which reports the database holds, and which are still wanted: read-only, for a schedule or a crawl."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from archive import reading
from archive.captures import Context

GAPS = ("not_found", "blocked", "unreadable", "not_searched")
"""States of coverage in which a report is still wanted."""

Report = tuple[str, int]
"""Agency's full name and the year reported on."""

_HELD = "SELECT agency.name, report.year FROM report JOIN agency ON agency.id = report.agency"

_WANTED = f"""
    SELECT p.portal, a.name, c.year, coalesce(d.name, '') FROM coverage c
    JOIN agency_portal p ON p.agency = c.agency JOIN agency a ON a.id = c.agency
    LEFT JOIN division d ON d.id = a.division
    WHERE c.state IN ({", ".join("?" * len(GAPS))}) ORDER BY 1, 2, 3
"""

# Also what is not due yet: before its date nothing is missing, and most reports come then.
_AWAITED = f"""
    SELECT p.portal, a.name, c.year, c.due_on, c.state <> 'not_due_yet' FROM coverage c
    JOIN agency_portal p ON p.agency = c.agency JOIN agency a ON a.id = c.agency
    WHERE c.state IN ('not_due_yet', {", ".join("?" * len(GAPS))}) AND c.due_on IS NOT NULL ORDER BY 1, 2, 3
"""

_TABLES = "SELECT name FROM sqlite_master WHERE name = 'coverage'"

_STANDS = f"""
    SELECT s.portal, s.url FROM coverage c JOIN source s ON s.report = c.report
    WHERE c.state IN ({", ".join("?" * len(GAPS))}) AND s.portal IS NOT NULL
"""

# The newest answer that tells something: one that repeats what is archived has no reading of its own.
_UNREAD = """
    SELECT c.portal, c.url, c.role, c.link_text, c.listed_on, c.referer,
    (SELECT p.link_text FROM capture p WHERE p.url = c.referer AND p.portal = c.portal AND p.role = 'detail'
        AND p.link_text <> '' LIMIT 1), max(c.fetched_at)
    FROM capture c WHERE c.role IN ('detail', 'attachment') AND c.method = 'GET' AND c.portal IS NOT NULL
        AND (c.reading IS NOT NULL OR coalesce(c.judged, '') <> '' OR c.status NOT IN (200, 304))
    GROUP BY c.portal, c.url
    HAVING c.reading = 'unreadable' OR (c.reading IS NULL AND c.status NOT IN (404, 410)
        AND (coalesce(c.judged, '') <> '' OR c.status >= 400))
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is still wanted of one portal.

    Attributes:
        reports: agency and year of each report.
        places: name of the division that an agency belongs to, where it has one.
        documents: addresses that were refused or could not be read, with what was known of each;
            they may be a wanted report or anything else.
        stands: addresses at which a wanted report stands that is held, but not read.
    """

    reports: frozenset[Report]
    places: Mapping[str, str]
    documents: Mapping[str, Context]
    stands: frozenset[str]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A report that is not there yet, or not legible, and the legal date by which it should be.

    `is_missing`: that date had passed when the database was loaded.
    """

    agency: str
    year: int
    due_on: date
    is_missing: bool = True


def held_reports(database: Path) -> set[Report]:
    """Return the reports in the database as (agency's full name, year reported on).

    Raises:
        OSError: There is no database, or it cannot be read.
    """
    (found,) = _read(database, (_HELD, ()))
    return set(found)


def gaps(database: Path) -> Mapping[str, Wanted]:
    """Return what is still wanted, by the name of the portal on which it is looked for.

    Raises:
        OSError: There is no database, or it cannot be read.
    """
    wanted, standing, unread = _read(database, (_WANTED, GAPS), (_STANDS, GAPS), (_UNREAD, ()))
    reports, stands = defaultdict(set), defaultdict(set)
    documents: dict[str, dict[str, Context]] = defaultdict(dict)
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for portal, agency, year, place in wanted:
        reports[portal].add((agency, year))
        places[portal][agency] = place
    for portal, url in standing:
        stands[portal].add(url)
    for portal, url, *known, _ in unread:
        documents[portal][url] = _context(*known)
    return {
        portal: Wanted(frozenset(each), places[portal], documents[portal], frozenset(stands[portal]))
        for portal, each in reports.items()
    }


def awaited(database: Path) -> Mapping[str, tuple[Awaited, ...]]:
    """Return the reports with a legal date that are wanted, or will be, by the name of the portal.

    Nothing where there is no database, or one from before coverage was known: the next load makes it.

    Raises:
        OSError: The database cannot be read.
    """
    if not database.exists() or not _read(database, (_TABLES, ()))[0]:
        return {}
    found = defaultdict(list)
    for portal, agency, year, due_on, is_missing in _read(database, (_AWAITED, GAPS))[0]:
        found[portal].append(Awaited(agency, year, date.fromisoformat(due_on), bool(is_missing)))
    return {portal: tuple(each) for portal, each in found.items()}


def _context(
    role: str, link_text: str | None, listed_on: str | None, referer: str | None, page: str | None
) -> Context:
    """Return what was known of an address; only what a page brings has the title of that page."""
    return Context(
        role=role,
        link_text=link_text or "",
        listed_on=listed_on or "",
        referer=referer or "",
        page_title=page or "",
    )


def _read(database: Path, *queries: tuple[str, tuple[str, ...]]) -> list[list[Any]]:
    """Return the rows of each query, all of one moment.

    Raises:
        OSError: There is no database, or it cannot be read.
    """
    if not database.exists():
        raise FileNotFoundError(f"{database}: there is no database yet: nothing has been crawled")
    try:
        with closing(reading.connect(database)) as db:
            db.execute("BEGIN")
            return [db.execute(*query).fetchall() for query in queries]
    except sqlite3.DatabaseError as error:
        raise OSError(f"{database}: {error}") from error
