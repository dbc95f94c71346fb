"""What the page of one agency shows besides its series, asked from the database."""

from dataclasses import dataclass
from typing import Any

from datasette.database import Database

from archive.site.queries import rows
from archive.site.statute import Row

AGENCY = """
SELECT agency.*, division.name AS division_name, above.id AS above, above.name AS above_name
FROM agency LEFT JOIN division ON division.id = agency.division
LEFT JOIN division AS above ON above.id = division.parent
WHERE agency.id = :agency
"""

BEFORE = """
SELECT succession.*, agency.name FROM succession JOIN agency ON agency.id = succession.agency
WHERE succession.successor = :agency ORDER BY from_year, agency.name
"""

AFTER = """
SELECT succession.*, agency.name FROM succession JOIN agency ON agency.id = succession.successor
WHERE succession.agency = :agency ORDER BY from_year, agency.name
"""

PORTALS = """
SELECT portal.id, portal.title, portal.home, portal.specimen, agency_portal.basis
FROM agency_portal JOIN portal ON portal.id = agency_portal.portal
WHERE agency_portal.agency = :agency ORDER BY portal.title, portal.id
"""

COVERAGE = """
SELECT year, state, report, due_on, published_on, days_late, searched_at, zh, en
FROM coverage WHERE agency = :agency
"""

REPORTS = """
SELECT report.id AS report, report.year, report.title, report.status AS state, report.due_on,
       report.published_on, report.days_late, report.gone_since, revision.form
FROM report LEFT JOIN revision ON revision.id = report.revision WHERE report.agency = :agency
"""

FIELDS = (
    "title",
    "gone_since",
    "form",
    "report",
    "state",
    "due_on",
    "published_on",
    "days_late",
    "searched_at",
    "zh",
    "en",
)
"""What is told of each year, empty where it is not known."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency.

    Attributes:
        head: its row, with the names of its division and of that above.
        before, after: successions that it takes part in, with the other agency's name.
        portals: where its reports are looked for, and why there.
        years: what is known of each year, the newest first; `zh` and `en` say it in words.
    """

    head: Row
    before: tuple[Row, ...]
    after: tuple[Row, ...]
    portals: tuple[Row, ...]
    years: tuple[Row, ...]


async def agency(db: Database, identity: str) -> Agency | None:
    """Return what is known of an agency, None if there is no such agency."""
    heads = await rows(db, AGENCY, agency=identity)
    if not heads:
        return None
    found = [await rows(db, query, agency=identity) for query in (BEFORE, AFTER, PORTALS, COVERAGE, REPORTS)]
    before, after, portals, covered, reports = found
    return Agency(heads[0], tuple(before), tuple(after), tuple(portals), _years(covered, reports))


def _years(covered: list[dict[str, Any]], reports: list[dict[str, Any]]) -> tuple[Row, ...]:
    """Return a row for each year that coverage tells of or a report is about; coverage goes first."""
    empty = dict.fromkeys(FIELDS)
    told: dict[int, dict[str, Any]] = {}
    for row in (*reports, *covered):
        known = {name: value for name, value in row.items() if value is not None}
        told[row["year"]] = {**empty, **told.get(row["year"], {}), **known}
    return tuple(told[year] for year in sorted(told, reverse=True))
