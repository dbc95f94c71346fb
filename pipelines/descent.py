"""The successions of a division as rows, kept as its agencies come and go."""

import sqlite_utils

from pipelines import divisions, schema
from pipelines.succession import JOINING, Office, Succession, may_take_part, successions

_OFFICES = """
    SELECT a.id, a.name, min(r.year), max(r.year) FROM agency a JOIN report r ON r.agency = a.id
    WHERE a.division = ? GROUP BY a.id ORDER BY a.id
"""
_THERE = """
    SELECT s.agency, s.successor, s.from_year, s.kind, s.zh, s.en FROM agency a
    JOIN succession s ON s.agency = a.id WHERE a.division = ?
"""
_JOINING = ", ".join(f"'{kind}'" for kind in JOINING)


_BETWEEN = """
    SELECT min(year) < :year AND max(year) > :year FROM report WHERE agency = :agency
"""
"""Whether an agency has reports on earlier and on later years, so that this one changes no succession."""


def rewrite(db: sqlite_utils.Database, agency: str, year: int) -> set[tuple[str, int]]:
    """Bring the successions of an agency's division to what its reports tell.

    Args:
        db: The database.
        agency: An agency whose report came, went or changed.
        year: The year that this report is about.

    Returns:
        (successor, first year) of every succession that is new, changed or gone.
    """
    name, division = db.execute("SELECT name, division FROM agency WHERE id = ?", (agency,)).fetchone()
    known = divisions.by_id(division) if division else None
    names = known.names if known else ()
    if division is None or not may_take_part(name, names):
        return set()
    if db.execute(_BETWEEN, {"agency": agency, "year": year}).fetchone()[0]:
        return set()
    offices = (Office(*row) for row in db.execute(_OFFICES, (division,)).fetchall())
    after = set(successions(offices, names))
    before = {Succession(*row) for row in db.execute(_THERE, (division,)).fetchall()}
    db.conn.executemany(
        "DELETE FROM succession WHERE (agency, successor) = (?, ?)",
        [(each.agency, each.successor) for each in before - after],
    )
    db.conn.executemany(
        schema.insert("succession"),
        [(s.agency, s.successor, s.from_year, s.kind, s.zh, s.en) for s in after - before],
    )
    return {(each.successor, each.from_year) for each in before ^ after}


def predecessors(db: sqlite_utils.Database, agency: str) -> list[str]:
    """Return the agencies whose series of numbers an agency continues."""
    return _ids(db, f"SELECT agency FROM succession WHERE successor = ? AND kind IN ({_JOINING})", agency)


def successors(db: sqlite_utils.Database, agency: str) -> list[str]:
    """Return the agencies that continue an agency's series of numbers."""
    return _ids(db, f"SELECT successor FROM succession WHERE agency = ? AND kind IN ({_JOINING})", agency)


def _ids(db: sqlite_utils.Database, sql: str, agency: str) -> list[str]:
    return [identity for (identity,) in db.execute(sql, (agency,)).fetchall()]
