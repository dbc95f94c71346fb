"""What the page of one division shows, asked from the database.

A government's report may count what its departments count too, so no two kinds of agencies are ever added up.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasette.database import Database

from archive.site.queries import rows
from archive.site.statute import Row

DIVISION = """
SELECT division.*, above.name AS above_name FROM division
LEFT JOIN division AS above ON above.id = division.parent WHERE division.id = :division
"""

NAMES = """
SELECT name, code, min(from_year) AS from_year, max(to_year) AS to_year FROM division_name
WHERE division = :division GROUP BY name, code ORDER BY from_year, code
"""

CHILDREN = "SELECT id, name, level FROM division WHERE parent = :division ORDER BY id"

HELD = """
SELECT division, year, expected, held FROM site_coverage
WHERE division = :division AND part = 'own' AND year > :since
UNION ALL
SELECT site_coverage.division, year, expected, held
FROM division CROSS JOIN site_coverage ON site_coverage.division = division.id AND part = 'whole'
WHERE division.parent = :division AND year > :since
"""
"""Reports held and to be expected: of the division's own agencies, and of each below with all in it."""

SPAN = """
SELECT min(report.year) AS first, max(report.year) AS last
FROM agency CROSS JOIN report ON report.agency = agency.id
WHERE agency.division = :division
"""

KINDS = "SELECT kind, count(*) AS agencies FROM agency WHERE division = :division GROUP BY kind"

GOVERNMENT = """
SELECT id, name FROM agency WHERE division = :division AND kind = 'government'
ORDER BY name NOT LIKE '%人民政府', length(name), id LIMIT 1
"""
"""The government itself: its office has a longer name, a government of something within it too."""

KINDS_ORDER = ("government", "department", "vertical", "zone", "township", "other")

_PLACES = " ".join(f"WHEN '{kind}' THEN {at}" for at, kind in enumerate(KINDS_ORDER))

AGENCIES = f"""
SELECT agency.id, agency.name, agency.kind, report.id AS report, coverage.state, coverage.zh, coverage.en,
       report.status, report.days_late
FROM agency LEFT JOIN report ON report.agency = agency.id AND report.year = :year
LEFT JOIN coverage ON coverage.agency = agency.id AND coverage.year = :year
WHERE agency.division = :division AND (:kind = '' OR agency.kind = :kind)
ORDER BY CASE agency.kind {_PLACES} ELSE 9 END, agency.name, agency.id
LIMIT :size OFFSET :start
"""

VALUES = """
SELECT report, indicator, value, n, enough, basis FROM indicator
WHERE report IN (SELECT value FROM json_each(:reports))
AND indicator IN (SELECT value FROM json_each(:codes))
"""

NEWEST = 6
"""Years of which it is told how many reports are held."""

SIZE = 50
"""Agencies on one page."""

SHOWN = ("received_new", "result_total", "disclosure_rate", "review_total", "suit_total")
"""Indicators that are told of each agency."""


@dataclass(frozen=True, slots=True)
class Below:
    """A division below, or the division's own agencies: reports expected and held by year."""

    row: Row
    years: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Division:
    """A division.

    Attributes:
        head: its row, with the name of that above.
        names: names and codes it has had, the oldest first.
        own, below: reports expected and held, of its own agencies and in each division below.
        years: that are told of, the oldest first.
        kinds: how many agencies of each kind it has.
        government: the agency that is its own government, if one is known.
        first, last: years on which agencies of its own have reports, None where there are none.
    """

    head: Row
    names: tuple[Row, ...]
    own: Below
    below: tuple[Below, ...]
    years: tuple[int, ...]
    kinds: Mapping[str, int]
    government: Row | None
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a division's agencies, with what each reported on one year, by code of the indicator."""

    year: int
    kind: str
    number: int
    pages: int
    found: int
    rows: tuple[Row, ...]
    values: Mapping[str, Mapping[str, Row]]


async def division(db: Database, identity: str) -> Division | None:
    """Return what is known of a division, None if there is no such division."""
    of = {"division": identity}
    heads = await rows(db, DIVISION, **of)
    if not heads:
        return None
    span = (await rows(db, SPAN, **of))[0]
    newest = (await rows(db, "SELECT max(year) AS year FROM report"))[0]["year"] or 0
    held = await _held(db, identity, newest - NEWEST)
    kinds = {row["kind"] or "other": row["agencies"] for row in await rows(db, KINDS, **of)}
    return Division(
        heads[0],
        tuple(await rows(db, NAMES, **of)),
        _below(heads[0], held),
        tuple(_below(child, held) for child in await rows(db, CHILDREN, **of)),
        tuple(sorted({row["year"] for row in held})),
        {kind: kinds[kind] for kind in KINDS_ORDER if kind in kinds},
        next(iter(await rows(db, GOVERNMENT, **of)), None),
        span["first"],
        span["last"],
    )


async def _held(db: Database, identity: str, since: int) -> Sequence[Row]:
    # A publication that an earlier version of the program made has no such table.
    if not await db.table_exists("site_coverage"):
        return []
    return await rows(db, HELD, division=identity, since=since)


def _below(row: Row, held: Sequence[Row]) -> Below:
    return Below(row, {each["year"]: each for each in held if each["division"] == row["id"]})


async def page(db: Database, found: Division, year: int, kind: str, number: int) -> Page:
    """Return one page (from 1) of the agencies of a division, of one kind or of all."""
    kind = kind if kind in found.kinds else ""
    count = found.kinds[kind] if kind else sum(found.kinds.values())
    pages = max(-(-count // SIZE), 1)
    number = min(max(number, 1), pages)
    asked = {"division": found.head["id"], "year": year, "kind": kind}
    shown = await rows(db, AGENCIES, **asked, size=SIZE, start=(number - 1) * SIZE)
    return Page(year, kind, number, pages, count, tuple(shown), await _values(db, shown))


async def _values(db: Database, shown: Sequence[Row]) -> dict[str, dict[str, Row]]:
    ids = json.dumps([row["report"] for row in shown if row["report"]])
    found: dict[str, dict[str, Row]] = {}
    for row in await rows(db, VALUES, reports=ids, codes=json.dumps(SHOWN)):
        found.setdefault(row["report"], {})[row["indicator"]] = row
    return found
