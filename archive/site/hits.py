"""What the search's indexes (`archive.search_words`) hold of a query: reports by their numbers, and names.

They hold reports in the order of lists, so a page is read from the front of what is found and nothing is
sorted. No more than `MOST` reports are counted.
"""

from collections.abc import Mapping
from typing import Any

from datasette.database import Database

from archive.pairs import phrase
from archive.search_words import fact
from archive.site.queries import rows

MOST = 10_000
FEW = 1_000
"""Reports up to which it is counted how many of them each filter would leave."""

COUNT = """
SELECT count(*) AS found FROM (SELECT 1 FROM {index} WHERE {index} MATCH :asked LIMIT :most)
"""

TITLED = """
SELECT rowid AS number FROM site_title_words WHERE site_title_words MATCH :asked
ORDER BY rowid LIMIT :size OFFSET :start
"""

UNTITLED = """
SELECT rowid AS number FROM site_words WHERE site_words MATCH :asked
AND rowid NOT IN (SELECT rowid FROM site_title_words WHERE site_title_words MATCH :asked)
ORDER BY rowid LIMIT :size OFFSET :start
"""

COUNTS = """
WITH RECURSIVE hit AS MATERIALIZED (
    SELECT * FROM site_report WHERE number IN (SELECT rowid FROM site_words WHERE site_words MATCH :asked)),
own AS MATERIALIZED (SELECT division, count(*) AS reports FROM hit GROUP BY division),
up (division, upper) AS (
    SELECT division, division FROM own
    UNION SELECT up.division, division.parent FROM up JOIN division ON division.id = up.upper)
SELECT 'division' AS field, up.upper AS value, sum(own.reports) AS reports
FROM up JOIN own ON own.division = up.division GROUP BY up.upper
UNION ALL SELECT 'year', CAST(year AS TEXT), count(*) FROM hit GROUP BY year
UNION ALL SELECT 'level', level, count(*) FROM hit GROUP BY level
UNION ALL SELECT 'form', form, count(*) FROM hit GROUP BY form
UNION ALL SELECT 'status', status, count(*) FROM hit GROUP BY status
"""

NAMED = """
SELECT site_name.kind, site_name.id, site_name.name, site_name.reports, above.name AS above_name
FROM (SELECT rowid AS number FROM site_name_words WHERE site_name_words MATCH :asked
      ORDER BY rowid LIMIT :size) AS found
JOIN site_name ON site_name.number = found.number
LEFT JOIN division ON site_name.kind = 'division' AND division.id = site_name.id
LEFT JOIN division AS above ON above.id = division.parent
ORDER BY found.number
"""

Words = tuple[tuple[str, ...], ...]


def asked(words: Words, facts: Mapping[str, str]) -> str:
    """Return the FTS5 expression for all words (`phrases`) and all values of fields; at least one of them.

    >>> asked((("公", "开"), ("局",)), {"year": "2022"})
    '"公开" AND "局" * AND "year=32303232"'
    """
    return " AND ".join([*map(phrase, words), *(f'"{fact(field, value)}"' for field, value in facts.items())])


async def count(db: Database, asked: str) -> tuple[int, bool]:
    """Return how many reports are found, and whether there are more than `MOST`."""
    found = await _count(db, "site_words", asked, MOST + 1)
    return min(found, MOST), found > MOST


async def numbers(db: Database, asked: str, start: int, size: int) -> list[int]:
    """Return the numbers of the reports found, those with all the words in title and agency first.

    Args:
        db: The publication's database.
        asked: What is asked for (`asked`).
        start: How many to leave out, less than are found.
        size: How many to return, no more than are found after these.
    """
    found = [row["number"] for row in await rows(db, TITLED, asked=asked, start=start, size=size)]
    if len(found) < size:
        titled = start + len(found) if found else await _count(db, "site_title_words", asked, start)
        rest = {"start": max(start - titled, 0), "size": size - len(found)}
        found += [row["number"] for row in await rows(db, UNTITLED, asked=asked, **rest)]
    return found


async def counts(db: Database, asked: str) -> dict[tuple[str, str], int]:
    """Return how many of the reports found have each value of each filter; a division counts all below it."""
    return {(row["field"], row["value"]): row["reports"] for row in await rows(db, COUNTS, asked=asked)}


async def named(
    db: Database, kind: str, words: Words, chosen: Mapping[str, str], size: int
) -> list[dict[str, Any]]:
    """Return divisions or agencies whose names hold every word, within the division chosen if any is."""
    within = {"division": chosen["division"]} if "division" in chosen else {}
    facts = asked((), {"kind": kind, **within})
    # 长春市 is that city, and not what lies in it; 长春市朝阳区 is a district that is only called 朝阳区.
    for names in ("words", "path"):
        sought = f"{{{names}}} : ({asked(words, {})}) AND {facts}"
        if found := await rows(db, NAMED, asked=sought, size=size):
            return found
    return []


async def _count(db: Database, index: str, asked: str, most: int) -> int:
    (row,) = await rows(db, COUNT.format(index=index), asked=asked, most=most)
    return int(row["found"])
