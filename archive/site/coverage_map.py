"""The map of coverage: for each division and year how many reports are held of those to be expected."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from datasette.database import Database

from archive.site.queries import rows
from archive.summary import OWN, WHOLE

Place = tuple[str, str, str]
"""A division, its name, and whether it is counted whole or only its own agencies."""

FEW = 2
"""Divisions up to which they are no map: those below them are shown instead."""

TOP = """
SELECT division.id, division.name FROM division LEFT JOIN division AS above ON above.id = division.parent
WHERE above.id IS NULL AND division.id IN (SELECT division FROM site_coverage) ORDER BY division.id
"""

BELOW = """
SELECT id, name, parent FROM division WHERE parent IN (SELECT value FROM json_each(:divisions))
AND id IN (SELECT division FROM site_coverage) ORDER BY id
"""

CELLS = """
SELECT division, part, year, held, expected FROM site_coverage
WHERE division IN (SELECT value FROM json_each(:divisions))
"""

UNKNOWN = ""
"""Stands for the division of agencies of which none is known."""

SHARES = (("some", 0.5), ("most", 0.9), ("nearly", 1.0))
"""Classes of cells of which some reports are held, and the share at which each ends."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many reports of a division on a year are held, of those to be expected.

    `share` is `none`, `some` (less than half), `most` (half or more), `nearly` (nine tenths or more), `all`,
    or `not_due` where none is to be expected yet.
    """

    year: int
    held: int
    expected: int
    share: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the map: a division, whole or only its own agencies, with a cell for each year, None if empty.

    The division is empty for agencies whose division is not known, and for the total.
    """

    division: str
    name: str
    part: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """The map: its years, the newest first; its lines, in which everything is counted once; their total."""

    years: tuple[int, ...]
    lines: tuple[Line, ...]
    total: Line


async def coverage_map(db: Database) -> CoverageMap:
    """Return the map by provinces; where there are but one or two, by what is below them."""
    places = [(row["id"], row["name"], WHOLE) for row in await rows(db, TOP)]
    while 0 < len(places) <= FEW and (opened := await _opened(db, places)) != places:
        places = opened
    places.append((UNKNOWN, "", WHOLE))
    divisions = json.dumps([division for division, *_ in places])
    counted: dict[tuple[str, str], dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in await rows(db, CELLS, divisions=divisions):
        counted[row["division"], row["part"]][row["year"]] = row
    held = [place for place in places if (place[0], place[2]) in counted]
    years = sorted({year for division, _, part in held for year in counted[division, part]}, reverse=True)
    lines = [_line(place, counted[place[0], place[2]], years) for place in held]
    return CoverageMap(tuple(years), tuple(lines), _total(lines, years))


async def _opened(db: Database, places: list[Place]) -> list[Place]:
    """Return the divisions next below these, with each one's own agencies before them; the last stay."""
    found = await rows(db, BELOW, divisions=json.dumps([division for division, *_ in places]))
    opened: list[Place] = []
    for place in places:
        division, name, part = place
        below = [(row["id"], row["name"], WHOLE) for row in found if row["parent"] == division]
        opened += [(division, name, OWN), *below] if below and part == WHOLE else [place]
    return opened


def _line(place: Place, counted: dict[int, dict[str, Any]], years: list[int]) -> Line:
    cells = (counted.get(year) for year in years)
    return Line(
        *place, tuple(_cell(row["year"], row["held"], row["expected"]) if row else None for row in cells)
    )


def _cell(year: int, held: int, expected: int) -> Cell:
    """Return a cell with its class.

    >>> _cell(2022, 9, 10).share, _cell(2022, 10, 10).share, _cell(2022, 0, 3).share, _cell(2022, 0, 0).share
    ('nearly', 'all', 'none', 'not_due')
    """
    if not expected:
        return Cell(year, held, expected, "not_due")
    part = held / expected
    share = "none" if not held else next((name for name, end in SHARES if part < end), "all")
    return Cell(year, held, expected, share)


def _total(lines: list[Line], years: list[int]) -> Line:
    sums = []
    for column, year in enumerate(years):
        cells = [line.cells[column] for line in lines]
        sums.append(
            _cell(
                year, sum(each.held for each in cells if each), sum(each.expected for each in cells if each)
            )
        )
    return Line(UNKNOWN, "", WHOLE, tuple(sums))
