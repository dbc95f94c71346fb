"""Which reports the database holds, read-only: what a schedule or a demo must know of it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def held_reports(database: Path) -> set[tuple[str, int]]:
    """Return the reports in the database as (agency's full name, year reported on).

    Raises:
        OSError: There is no database, or it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            sql = "SELECT agency.name, report.year FROM report JOIN agency ON agency.id = report.agency"
            return set(db.execute(sql))
    except sqlite3.DatabaseError as error:
        raise OSError(f"{database}: {error}") from error
