"""Coverage, written anew from the whole database at the end of each load.

Agencies are known from reports, from lists that name a report or the agency itself, and from a portal's own
government. Each is asked for every year since its portals' first report, as far as its own name reaches.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlite_utils

from archive.captures import Context
from archive.known import GOOD
from pipelines import agencies, divisions, duties, reports, schema
from pipelines.agencies import Agency
from pipelines.coverage import Covered, Found, Search, Trace, cover
from pipelines.duties import Timeliness
from pipelines.genre import FIRST_TABLES
from pipelines.names import same_agency
from pipelines.traces import MENTIONED, named

REPORT = "report"

Row = tuple[Any, ...]


@dataclass(slots=True)
class _Known:
    """One agency: its kind, the portals it is looked for on with the reason, and what is known by year."""

    kind: str
    portals: dict[str, str] = field(default_factory=dict)
    found: dict[int, Found] = field(default_factory=dict)
    traces: dict[int, list[Trace]] = field(default_factory=lambda: defaultdict(list))


def write(db: sqlite_utils.Database, today: date) -> None:
    """Write `coverage` and `agency_portal` anew, as they are on a day."""
    for table in ("coverage", "agency_portal"):
        db.execute(f"DELETE FROM [{table}]")
    searches = {search.portal: search for search in _searches(db)}
    known = _known(db)
    first = _first_years(known)
    spans = _spans(db)
    for agency, each in known.items():
        for portal, reason in sorted(each.portals.items()):
            db.execute(schema.insert("agency_portal"), (agency, portal, reason))
        begin = min((first[portal] for portal in each.portals if portal in first), default=today.year)
        years = {*range(begin, today.year), *each.found, *each.traces}
        since, until = spans.get(agency, (0, today.year))
        own = [searches[portal] for portal in sorted(each.portals) if portal in searches]
        for year in sorted(years):
            if since <= year <= until or year in each.found or year in each.traces:
                row = cover(each.kind, year, today, each.found.get(year), each.traces[year], own)
                db.execute(schema.insert("coverage"), _row(agency, year, row))
    reports.prune_agencies(db)


def _row(agency: str, year: int, covered: Covered) -> Row:
    one = covered
    law = one.due_on, one.basis_zh, one.basis_en
    when = one.published_on, one.days_late, one.dates
    return (
        agency,
        year,
        one.state,
        one.report,
        *law,
        *when,
        "\n".join(one.searched),
        one.searched_at,
        one.zh,
        one.en,
    )


def _searches(db: sqlite_utils.Database) -> Iterator[Search]:
    """Yield what was searched on each portal: its newest run, and its newest good one with its lists."""
    good = ", ".join(f"'{outcome}'" for outcome in GOOD)
    newest = db.execute(
        f"""SELECT p.id,
        (SELECT max(id) FROM run WHERE portal = p.id AND ended_at IS NOT NULL AND outcome <> 'imported'),
        (SELECT max(id) FROM run WHERE portal = p.id AND outcome IN ({good})) FROM portal p"""
    ).fetchall()
    for portal, last, best in newest:
        outcome, ended_at = _run(db, last)
        lists = db.execute("SELECT url FROM listing WHERE run = ? ORDER BY url", (best,)).fetchall()
        yield Search(portal, outcome, ended_at, _run(db, best)[1], tuple(url for (url,) in lists))


def _run(db: sqlite_utils.Database, run: str | None) -> tuple[str, str]:
    row = db.execute("SELECT outcome, ended_at FROM run WHERE id = ?", (run,)).fetchone()
    return (row[0] or "", row[1] or "") if row else ("", "")


def _known(db: sqlite_utils.Database) -> dict[str, _Known]:
    """Return all agencies that are known, by id."""
    known: dict[str, _Known] = {}
    for agency, kind, division, portal, code in db.execute(
        """SELECT DISTINCT a.id, a.kind, a.division, s.portal, p.division FROM agency a
        JOIN report r ON r.agency = a.id JOIN source s ON s.report = r.id
        LEFT JOIN portal p ON p.id = s.portal ORDER BY 1, 4"""
    ).fetchall():
        each = known.setdefault(agency, _Known(kind))
        # A copy on another place's portal does not make that the place to look for the rest.
        if portal and divisions.is_within(division, code or ""):
            each.portals[portal] = REPORT
    for agency, year, found in _reports(db):
        known[agency].found[year] = found
    held = _held_names(db)
    for portal, name, reason, on, trace in named(db):
        agency = _agency(db, name, on or _NEWEST, portal)
        # A name that prints more, or less, of its place than that of an agency whose reports are held is its.
        if agency.id not in known and (
            reason == MENTIONED or any(same_agency(name, other) for other in held[portal["id"]])
        ):
            continue
        each = known.setdefault(agency.id, _Known(duties.kind(agency.name)))
        each.portals.setdefault(portal["id"], reason)
        if on and trace and on not in each.found:
            each.traces[on].append(trace)
    return known


def _held_names(db: sqlite_utils.Database) -> dict[str, list[str]]:
    """Return the names of the agencies of which a portal holds reports."""
    names: dict[str, list[str]] = defaultdict(list)
    for portal, name in db.execute(
        """SELECT DISTINCT s.portal, a.name FROM agency a JOIN report r ON r.agency = a.id
        JOIN source s ON s.report = r.id WHERE s.portal IS NOT NULL"""
    ):
        names[portal].append(name)
    return names


_NEWEST = 9999


def _agency(db: sqlite_utils.Database, name: str, year: int, portal: dict[str, Any]) -> Agency:
    """Return the agency that a list names, written into the database."""
    context = Context(
        portal=portal["id"], portal_title=portal["title"] or "", division=portal["division"] or ""
    )
    agency = agencies.agency(name, year, context)
    agencies.write_agency(db, agency)
    return agency


def _reports(db: sqlite_utils.Database) -> Iterator[tuple[str, int, Found]]:
    dates: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for report, source, day in db.execute(
        """SELECT s.report, d.source, d.date FROM published_date d JOIN revision v ON v.id = d.revision
        JOIN source s ON s.id = v.source"""
    ):
        dates[report].add((source, day))
    for report, agency, year, due_on, late, status, published, form, gone in db.execute(
        """SELECT r.id, r.agency, r.year, r.due_on, r.days_late, r.status, r.published_on, v.form,
        r.gone_since FROM report r LEFT JOIN revision v ON v.id = r.revision"""
    ).fetchall():
        kept = Timeliness(due_on, late, status, published)
        has_tables = form != "prose" or year < FIRST_TABLES
        yield agency, year, Found(report, kept, tuple(sorted(dates[report])), has_tables, gone)


def _first_years(known: dict[str, _Known]) -> dict[str, int]:
    """Return the first year that any report on each portal is about."""
    first: dict[str, int] = {}
    for each in known.values():
        for portal in each.portals:
            years = [*each.found, *each.traces]
            if years:
                first[portal] = min(first.get(portal, _NEWEST), *years)
    return first


def _spans(db: sqlite_utils.Database) -> dict[str, tuple[int, int]]:
    """Return the years in which an agency bore its name, where it followed or was followed by another."""
    spans: dict[str, tuple[int, int]] = {}
    for agency, successor, year in db.execute(
        "SELECT agency, successor, from_year FROM succession ORDER BY 3"
    ):
        since, until = spans.get(agency, (0, _NEWEST))
        spans[agency] = since, min(until, year - 1)
        since, until = spans.get(successor, (0, _NEWEST))
        spans[successor] = max(since, year), until
    return spans
