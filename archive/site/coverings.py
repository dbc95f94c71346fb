"""Who should have published what, and what was found: by division, and agency by agency."""

from typing import Any

from datasette.database import Database

from archive.site.queries import rows

UNKNOWN = "-"
"""What stands in an address for agencies whose division is not known."""

SIZE = 50

ONE = "SELECT id, name, level, parent FROM division WHERE id = :division"

ABOVE = """
WITH RECURSIVE above (id, parent, name, step) AS (
    SELECT id, parent, name, 0 FROM division WHERE id = :division
    UNION ALL SELECT d.id, d.parent, d.name, step + 1 FROM above JOIN division d ON d.id = above.parent
    WHERE step < 9)
SELECT id, name FROM above WHERE step > 0 ORDER BY step DESC
"""

BELOW = """
SELECT c.division, division.name, c.year, c.expected, c.held
FROM site_coverage c LEFT JOIN division ON division.id = c.division
WHERE c.part = 'whole' AND c.division IN (
    SELECT id FROM division WHERE parent = :division
    UNION ALL SELECT id FROM division
              WHERE :division = '' AND (parent IS NULL OR parent NOT IN (SELECT id FROM division))
    UNION ALL SELECT DISTINCT division FROM site_coverage
              WHERE :division = '' AND division NOT IN (SELECT id FROM division))
ORDER BY c.division = '', c.division, c.year
"""

STATES = """
SELECT listed.id, listed.name, listed.kind, coverage.year, coverage.state, coverage.report
FROM (SELECT * FROM agency WHERE division IS :division AND id > :after ORDER BY id LIMIT :size) AS listed
LEFT JOIN coverage ON coverage.agency = listed.id ORDER BY listed.id, coverage.year
"""

_LISTED = """
SELECT coverage.rowid AS number, coverage.*, agency.name AS agency_name FROM {} WHERE coverage.state = :state
AND (:year = 0 OR coverage.year = :year) AND coverage.rowid > :after ORDER BY coverage.rowid LIMIT :size
"""

EVERYWHERE = _LISTED.format("coverage JOIN agency ON agency.id = coverage.agency")

# A division has few of all agencies: its own are looked through, not all that are in the state.
WITHIN = """
WITH RECURSIVE below (id) AS (
    VALUES (:division) UNION SELECT d.id FROM below JOIN division d ON d.parent = below.id)
""" + _LISTED.format(
    "below CROSS JOIN agency ON agency.division = below.id CROSS JOIN coverage ON coverage.agency = agency.id"
)
OF_NONE = _LISTED.format(
    "agency CROSS JOIN coverage ON coverage.agency = agency.id AND agency.division IS NULL"
)

YEARS = "SELECT DISTINCT year FROM site_coverage ORDER BY year"


async def one(db: Database, division: str) -> dict[str, Any] | None:
    """Return a division with those above it, the widest first; None if there is none."""
    found = await rows(db, ONE, division=division)
    return {**found[0], "above": await rows(db, ABOVE, division=division)} if found else None


async def years(db: Database) -> list[int]:
    """Return the years of which the coverage tells, the earliest first."""
    return [row["year"] for row in await rows(db, YEARS)]


async def divisions(db: Database, division: str) -> list[dict[str, Any]]:
    """Return the divisions right below one (below none: the widest), each with its counts by year."""
    return grouped(await rows(db, BELOW, division=division), "division", ("division", "name"))


async def agencies(db: Database, division: str, after: str) -> list[dict[str, Any]]:
    """Return agencies of one division itself, by their ids behind `after`, with their states by year."""
    of = {"division": None if division == UNKNOWN else division, "after": after, "size": SIZE + 1}
    return grouped(await rows(db, STATES, **of), "id", ("id", "name", "kind"))


async def listed(db: Database, division: str, year: int, state: str, after: int) -> list[dict[str, Any]]:
    """Return what is in a state: of a year (0: of any), in a division with all below it (empty: anywhere)."""
    query = EVERYWHERE if not division else OF_NONE if division == UNKNOWN else WITHIN
    asked = {"state": state, "year": year, "after": after, "size": SIZE + 1}
    return await rows(db, query, **asked, **({"division": division} if query == WITHIN else {}))


def grouped(found: list[dict[str, Any]], key: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return one dict for each value of a key, its rows in it by their years."""
    groups: dict[Any, dict[str, Any]] = {}
    for row in found:
        group = groups.setdefault(row[key], {**{name: row[name] for name in names}, "years": {}})
        if row["year"] is not None:
            group["years"][row["year"]] = {name: row[name] for name in row if name not in (*names, "year")}
    return list(groups.values())
