"""Agencies and the divisions they belong to, as rows."""

import re
from dataclasses import dataclass

import sqlite_utils

from archive.captures import Context
from pipelines import divisions, duties, rows, schema
from pipelines.divisions import COUNTY, Division
from pipelines.names import official

_TOWN = re.compile("(?:镇|乡|苏木)人民政府|街道办事处")


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency: its id, its full name, and its division where one is known."""

    id: str
    name: str
    division: Division | None


def agency(name: str, year: int, context: Context) -> Agency:
    """Return the agency that a name of this year means on this portal.

    The division is the one the name begins with, else the portal's own. However much of its
    place a page prints, the agency is the same.
    """
    within = context.division or None
    division = divisions.find(name, year, within) or _of_portal(context)
    full = with_places(official(name), year, within)
    return Agency(rows.agency_id(division.id if division else None, full), full, division)


def write_agency(db: sqlite_utils.Database, agency: Agency) -> None:
    """Write an agency and its division."""
    division = agency.division
    if division is not None:
        write_division(db, division)
    kind = duties.kind(agency.name)
    level = duties.level(kind, division.level if division else None)
    row = (agency.id, agency.name, division.id if division else None, kind, level)
    db.execute(schema.insert("agency", "INSERT OR IGNORE"), row)


def write_division(db: sqlite_utils.Database, division: Division) -> None:
    """Write a division with its names and all divisions above it."""
    above = divisions.by_id(division.parent) if division.parent else None
    if above is not None:
        write_division(db, above)
    # Two portals may share a code no table knows: the smaller title stands, whoever comes first.
    db.execute(
        """INSERT INTO division (id, name, level, parent) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = min(name, excluded.name)""",
        (division.id, division.name, division.level, division.parent),
    )
    db.conn.executemany(
        schema.insert("division_name", "INSERT OR IGNORE"),
        ((division.id, each.from_year, each.to_year, each.code, each.name) for each in division.names),
    )


def with_places(name: str, year: int, within: str | None = None) -> str:
    """Return a name with the places before it as statutes write them: a district's after its city.

    A township that names no division stands in the county whose portal it is on. What a name
    says of its own division stays as it is printed, since that may be the name of another year.

    >>> with_places("牧野区教育局", 2020, "410700"), with_places("河南省新乡市体育局", 2020)
    ('新乡市牧野区教育局', '新乡市体育局')
    >>> with_places("七里营镇人民政府", 2020, "410721"), with_places("新乡县七里营镇人民政府", 2020)
    ('新乡县七里营镇人民政府', '新乡县七里营镇人民政府')
    """
    found = divisions.locate(name, year, within)
    if found:
        division, rest = found
        own = next((each.name for each in division.names if name.endswith(each.name + rest)), division.name)
        return _city_before(division, year) + own + rest
    county = divisions.by_code(within) if within and _TOWN.search(name) else None
    return f"{_city_before(county, year)}{county.name}{name}" if county and county.level == COUNTY else name


def _city_before(division: Division, year: int) -> str:
    """Return the name of the city a district belongs to; counties stand alone."""
    above = divisions.by_id(division.parent) if division.parent else None
    if above is None or division.level != COUNTY or not division.name.endswith("区"):
        return ""
    named = (each.name for each in above.names if each.from_year <= year <= each.to_year)
    return next(named, above.name)


def _of_portal(context: Context) -> Division | None:
    if not context.division:
        return None
    return divisions.by_code(context.division) or divisions.unknown(context.division, context.portal_title)
