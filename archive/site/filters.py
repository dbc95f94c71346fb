"""What a search is narrowed by: values chosen, values to choose from, and the address that keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.database import Database

from archive.search_words import FILTERS
from archive.site.pages import Asked
from archive.site.queries import rows

Chosen = Mapping[str, str]
"""The values chosen, by the fields of `FILTERS`; fields of which none is chosen are left out."""

LONGEST = 80
"""Characters of a value that are read."""

LEVELS = ("province", "city", "county", "township", "specimen")
STATUSES = ("on_time", "late", "date_unknown", "no_deadline")

HELD = """
SELECT field, value, reports FROM site_count LEFT JOIN form ON field = 'form' AND form.id = value
WHERE field <> 'division' ORDER BY coalesce(form.first_year, -value), value
"""
"""The newest year first, forms in the order in which they came into force."""

LINEAGE = """
WITH RECURSIVE up (id, depth) AS (
    SELECT :division, 0
    UNION SELECT division.parent, depth + 1 FROM up JOIN division ON division.id = up.id
    WHERE division.parent IS NOT NULL AND depth < 9)
SELECT division.id AS value, division.name, coalesce(site_count.reports, 0) AS reports
FROM up JOIN division ON division.id = up.id
LEFT JOIN site_count ON site_count.field = 'division' AND site_count.value = division.id
ORDER BY depth DESC
"""

BELOW = """
SELECT division.id AS value, division.name, site_count.reports
FROM division JOIN site_count ON site_count.field = 'division' AND site_count.value = division.id
WHERE division.parent {} ORDER BY division.id
"""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose: its Chinese name if it is a division's, else the catalogue names it by its code.

    Attributes:
        reports: how many reports it leaves, None where that is not counted.
        depth: how far below the first of its list a division stands.
    """

    value: str
    name: str = ""
    reports: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """How many reports of a search have each value: `found` by field and value, None where not counted.

    Where nothing is searched all reports count, and `found` is not looked at.
    """

    chosen: Chosen
    searched: bool
    found: Mapping[tuple[str, str], int] | None = None

    def option(self, field: str, row: Mapping[str, Any], depth: int = 0) -> Option:
        """Return the option of a row, which holds a value, its name and how many of all reports have it."""
        value, reports = row["value"], row["reports"]
        if self.searched:
            # Of other values than the chosen one a search that is narrowed by it tells nothing.
            otherwise = None if self.found is None or field in self.chosen else 0
            reports = (self.found or {}).get((field, value), otherwise)
        return Option(value, row.get("name", ""), reports, depth)


def chosen(asked: Asked) -> dict[str, str]:
    """Return the values that the address asks for."""
    said = {field: asked.said(field)[:LONGEST] for field in FILTERS}
    return {field: value for field, value in said.items() if value}


def without(chosen: Chosen, field: str) -> dict[str, str]:
    """Return the other values chosen."""
    return {each: value for each, value in chosen.items() if each != field}


def address(query: str, chosen: Chosen, page: int = 1) -> str:
    """Return the address of a search without a language; what is empty is left out.

    >>> address("公开", {"year": "2022"}, 2)
    '/search?q=%E5%85%AC%E5%BC%80&year=2022&page=2'
    """
    said = {"q": query, **{field: chosen.get(field, "") for field in FILTERS}}
    said["page"] = str(page) if page > 1 else ""
    kept = urlencode({name: value for name, value in said.items() if value}, errors="replace")
    return f"/search?{kept}" if kept else "/search"


async def options(db: Database, counted: Counted) -> dict[str, list[Option]]:
    """Return what there is to choose from in each field.

    Of divisions those above the chosen one and next below it are offered; those beside it if none is below.
    """
    found: dict[str, list[Option]] = {field: [] for field in FILTERS}
    for row in await rows(db, HELD):
        found[row["field"]].append(counted.option(row["field"], row))
    found["level"].sort(key=lambda each: _rank(LEVELS, each.value))
    found["status"].sort(key=lambda each: _rank(STATUSES, each.value))
    found["division"] = await _divisions(db, counted)
    for field, value in counted.chosen.items():
        if value not in {each.value for each in found[field]}:
            found[field].append(Option(value))
    return found


def _rank(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)


async def _divisions(db: Database, counted: Counted) -> list[Option]:
    division = counted.chosen.get("division", "")
    lineage = await rows(db, LINEAGE, division=division) if division else []
    below = await _below(db, division)
    if lineage and not below:
        *lineage, last = lineage
        below = await _below(db, lineage[-1]["value"] if lineage else "") or [last]
    depth = len(lineage)
    above = [Option(row["value"], row["name"], None, at) for at, row in enumerate(lineage)]
    if lineage and lineage[-1]["value"] == division:
        above[-1] = counted.option("division", lineage[-1], depth - 1)
    return [*above, *(counted.option("division", row, depth) for row in below)]


async def _below(db: Database, division: str) -> list[dict[str, Any]]:
    """Return the divisions next below one, or those below none, that have reports."""
    if division:
        return await rows(db, BELOW.format("= :division"), division=division)
    return await rows(db, BELOW.format("IS NULL"))
