"""The indicators of one report in the database, in the place of those it had."""

import sqlite_utils

from pipelines import schema
from pipelines.indicators.values import values_of
from pipelines.registers import STATE_NAMES

_REPORT = """
    SELECT v.id, v.form, r.due_on IS NOT NULL, r.days_late
    FROM report r JOIN revision v ON v.id = r.revision WHERE r.id = ?
"""


def write(db: sqlite_utils.Database, report: str) -> None:
    """Compute a report's indicators anew from the cells of its current revision and from its dates."""
    db.execute("DELETE FROM indicator WHERE report = ?", (report,))
    found = db.execute(_REPORT, (report,)).fetchone()
    if not found:
        return
    revision, form, due, days_late = found
    items = {
        item: (STATE_NAMES[state], value)
        for item, state, value in db.execute(
            "SELECT item, state, value FROM cell WHERE revision = ?", (revision,)
        )
    }
    computed = values_of(items, form, due=bool(due), days_late=days_late)
    db.conn.executemany(
        schema.insert("indicator"), ((report, each.indicator, revision, *each[1:]) for each in computed)
    )


def write_all(db: sqlite_utils.Database) -> None:
    """Compute the indicators of every report, as after a change of what they are."""
    for (report,) in db.execute("SELECT id FROM report ORDER BY id").fetchall():
        write(db, report)
