"""Lists of reports, and what the tables of a publication are, asked from the database."""

from typing import Any

from datasette.database import Database

from archive.search_words import WORDS
from archive.site.queries import rows
from archive.tables import DERIVED

LISTED = """
SELECT site_report.number, report.id, report.title, report.year, report.published_on, report.status,
       report.days_late, report.revision, report.agency, agency.name AS agency_name, site_report.errors
FROM site_report JOIN report ON report.id = site_report.report LEFT JOIN agency ON agency.id = report.agency
"""

NEWEST = f"{LISTED} WHERE site_report.number <= :size ORDER BY site_report.number"

NUMBERED = f"{LISTED} WHERE site_report.number IN (SELECT value FROM json_each(:numbers))"

DESCRIBED = f"""
SELECT "table", zh, en FROM description WHERE field = '' AND substr("table", 1, {len(DERIVED)}) <> '{DERIVED}'
"""


async def summarised(db: Database) -> bool:
    """Tell whether a publication has what lists and search need; one that an earlier program made has not."""
    return bool(await db.table_exists(WORDS))


async def described(db: Database) -> dict[str, dict[str, Any]]:
    """Return what each table is, in Chinese and English, by its name."""
    return {row["table"]: row for row in await rows(db, DESCRIBED)}


async def all_rows(db: Database) -> int:
    """Return how many rows the described tables have; Datasette counts them once."""
    counts = await db.table_counts(3000)
    return sum(counts.get(table) or 0 for table in await described(db))


async def newest(db: Database, size: int) -> list[dict[str, Any]]:
    """Return the reports published last; those without a date come at the end."""
    return await rows(db, NEWEST, size=size)


async def numbered(db: Database, numbers: list[int]) -> list[dict[str, Any]]:
    """Return the reports of these numbers (`site_report`), in their order."""
    found = {row["number"]: row for row in await rows(db, NUMBERED, numbers=str(numbers))}
    return [found[number] for number in numbers]
