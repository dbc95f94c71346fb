"""Agencies and the divisions they belong to, as rows."""

import sqlite_utils

from archive.captures import Context
from pipelines import divisions, duties, rows, schema
from pipelines.divisions import Division


def write_agency(db: sqlite_utils.Database, name: str, year: int, context: Context) -> str:
    """Write an agency and its division; return the agency's id.

    The division is the one the name begins with, else the portal's own.
    """
    division = divisions.find(name, year, context.division or None) or _of_portal(context)
    if division is not None:
        write_division(db, division)
    identity = division.id if division else None
    agency = rows.agency_id(identity, name)
    db.execute(
        schema.insert("agency", "INSERT OR IGNORE"),
        (agency, name, identity, duties.kind(name)),
    )
    return agency


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


def _of_portal(context: Context) -> Division | None:
    if not context.division:
        return None
    return divisions.by_code(context.division) or divisions.unknown(context.division, context.portal_title)
