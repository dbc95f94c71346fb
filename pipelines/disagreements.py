"""Sources of one report that print different numbers: one finding for each cell they differ in.

The newest revision of each source is compared with the report's current one, where the same
extractor read both: expected is what the current one prints, found what the other one does. Two
different numbers, or a number and none, are a warning; 0 and nothing printed is a notice, since
they mean the same to most who fill in the form. What one source could not read or does not
hold tells nothing.
"""

from collections.abc import Iterable, Sequence

import sqlite_utils

from pipelines import rows, schema
from pipelines.reading import AS_PRINTED, NOTICE, UNREADABLE, WARNING, Finding
from pipelines.registers import STATES

CHECK = "sources_disagree"

_DIFFERENT = """
    SELECT i.[table], i.[row], i.[column], c.value, o.value
    FROM revision v JOIN revision w ON w.id = ? AND w.extractor = v.extractor
    JOIN cell c ON c.revision = v.id JOIN cell o ON o.revision = w.id AND o.item = c.item
    JOIN form_item i ON i.id = c.item
    WHERE v.id = ? AND c.value IS NOT o.value AND ? NOT IN (c.state, o.state) ORDER BY i.id
"""


def write(db: sqlite_utils.Database, current: int, newest: Sequence[int], revisions: Iterable[int]) -> None:
    """Write the findings of a report anew.

    Args:
        db: The database.
        current: The report's current revision.
        newest: The newest revision of each of its sources.
        revisions: All of its revisions.
    """
    db.conn.executemany(
        # The plus keeps SQLite from walking through all findings of this check.
        "DELETE FROM finding WHERE revision = ? AND +[check] = ?",
        ((each, CHECK) for each in revisions),
    )
    others = (each for each in sorted(newest) if each != current)
    findings = tuple(found for other in others for found in _between(db, current, other))
    db.conn.executemany(schema.insert("finding"), rows.finding_rows(current, findings))


def _between(db: sqlite_utils.Database, current: int, other: int) -> list[Finding]:
    found = db.execute(_DIFFERENT, (other, current, STATES[UNREADABLE])).fetchall()
    return [
        Finding(
            CHECK,
            WARNING if expected or printed else NOTICE,
            AS_PRINTED,
            table,
            row,
            column,
            expected,
            printed,
        )
        for table, row, column, expected, printed in found
    ]
