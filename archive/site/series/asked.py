"""What the charts of one agency need, asked from the database: a few rows for each of its reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasette.database import Database

from archive.site.queries import rows
from archive.site.series import AS_PRINTED, EXACT, NO_TABLES, UNREADABLE, WITHHELD, Point, Year
from archive.site.series.breaks import Reason
from archive.site.series.plan import INDICATORS
from archive.site.series.registers import Registers, registers
from archive.site.statute import Row

LONGEST = 8
"""Successions that are followed back."""

LINE = f"""
WITH RECURSIVE line(id, depth, zh, en) AS (
    SELECT :agency, 0, '', ''
    UNION
    SELECT succession.agency, depth + 1, succession.zh, succession.en
    FROM line JOIN succession ON succession.successor = line.id
    WHERE succession.kind IN ('renamed', 'county_to_city') AND depth < {LONGEST}
)
SELECT line.id, line.zh, line.en, agency.name FROM line JOIN agency ON agency.id = line.id ORDER BY depth
"""
"""An agency and those that it is: the same body under earlier names, with why. Itself comes first."""

REPORTS = """
SELECT report.agency, report.id AS report, report.year, report.revision, revision.form
FROM report LEFT JOIN revision ON revision.id = report.revision
WHERE report.agency IN (SELECT value FROM json_each(:line))
"""

COVERED = """
SELECT agency, year, state, zh, en, report IS NOT NULL AS held FROM coverage
WHERE agency IN (SELECT value FROM json_each(:line)) AND state IS NOT 'not_due_yet'
"""

VALUES = """
SELECT report, indicator, value, n, enough, basis FROM indicator
WHERE report IN (SELECT value FROM json_each(:reports))
AND indicator IN (SELECT value FROM json_each(:codes))
"""

CELLS = """
SELECT cell.revision, form_item."column" AS "column", cell.item, cell.value, cell_state.name AS state
FROM cell JOIN form_item ON form_item.id = cell.item JOIN cell_state ON cell_state.id = cell.state
WHERE cell.revision IN (SELECT value FROM json_each(:revisions))
AND cell.item IN (SELECT id FROM form_item WHERE "table" = :table AND row = :row)
"""

WITHHELD_OF = """
SELECT id FROM revision WHERE id IN (SELECT value FROM json_each(:revisions))
AND digest IN (SELECT digest FROM withheld WHERE lifted_at IS NULL)
UNION
SELECT revision FROM rendering WHERE revision IN (SELECT value FROM json_each(:revisions))
AND digest IN (SELECT digest FROM withheld WHERE lifted_at IS NULL)
"""

Values = Mapping[tuple[str, str], Point]
"""Points by report and code of the series."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of an agency.

    Attributes:
        years: from the first report to the last that is held or due.
        registers: what the publication says of indicators and forms.
        missing: why a report has no numbers at all, by report.
        successions: why another agency continues one, by the agency before.
    """

    years: tuple[Year, ...]
    registers: Registers
    values: Values
    missing: Mapping[str, str]
    successions: Mapping[str, Reason]


async def read(db: Database, agency: str) -> Read | None:
    """Return what there is of an agency, None where it has no report."""
    line = {row["id"]: row for row in await rows(db, LINE, agency=agency)}
    ids = json.dumps(list(line))
    reports = _by_year(await rows(db, REPORTS, line=ids), line)
    if not reports:
        return None
    held = list(reports.values())
    told = registers(db)
    return Read(
        _years(reports, _by_year(await rows(db, COVERED, line=ids), line), line),
        told,
        {**await _indicators(db, held), **await _cells(db, held, told)},
        await _missing(db, held, told),
        {row["id"]: Reason(EXACT, row["zh"], row["en"]) for row in line.values()},
    )


def _by_year(found: Sequence[Row], line: Mapping[str, Row]) -> dict[int, Row]:
    """Return one row for each year: one with a report before one without, the agency's own before others."""
    order = list(line)
    rank = [(not row.get("held", 1), order.index(row["agency"]), row["year"]) for row in found]
    by_rank = sorted(zip(rank, found, strict=True), key=lambda pair: pair[0], reverse=True)
    return {row["year"]: row for _, row in by_rank}


def _years(
    reports: Mapping[int, Row], covered: Mapping[int, Row], line: Mapping[str, Row]
) -> tuple[Year, ...]:
    newest = reports[max(reports)]
    found = []
    for year in range(min(reports), max([*reports, *covered]) + 1):
        report, state = reports.get(year, {}), covered.get(year, {})
        agency = (report or state or newest)["agency"]
        held = report.get("report"), report.get("form")
        words = (state.get(name) or "" for name in ("state", "zh", "en"))
        found.append(Year(year, agency, line[agency]["name"], *held, *words))
    return tuple(found)


async def _indicators(db: Database, reports: Sequence[Row]) -> Values:
    ids = json.dumps([row["report"] for row in reports])
    years = {row["report"]: row["year"] for row in reports}
    found = await rows(db, VALUES, reports=ids, codes=json.dumps(INDICATORS))
    return {
        (row["report"], row["indicator"]): Point(
            years[row["report"]], row["value"], row["basis"], row["n"], row["enough"]
        )
        for row in found
    }


async def _cells(db: Database, reports: Sequence[Row], told: Registers) -> Values:
    """Return the cells that charts show; one that a form has and its report has not is unreadable."""
    of = {row["revision"]: row for row in reports if row["revision"] is not None}
    found: dict[tuple[str, str], Point] = {}
    for (table, row), columns in told.columns.items():
        for each in columns:
            code, item = f"{row}.{each['column']}", each["item"]
            for one in reports:
                if one["form"] == each["form"]:
                    found[one["report"], code] = Point(one["year"], None, UNREADABLE, item=item)
        for cell in await rows(db, CELLS, revisions=json.dumps(list(of)), table=table, row=row):
            report = of[cell["revision"]]
            basis = AS_PRINTED if cell["state"] == "number" else cell["state"]
            point = Point(report["year"], cell["value"], basis, item=cell["item"])
            found[report["report"], f"{row}.{cell['column']}"] = point
    return found


async def _missing(db: Database, reports: Sequence[Row], told: Registers) -> dict[str, str]:
    hidden: set[int] = set()
    # A publication that an earlier version of the program made has no such table.
    if await db.table_exists("withheld"):
        ids = json.dumps([row["revision"] for row in reports if row["revision"] is not None])
        hidden = {row["id"] for row in await rows(db, WITHHELD_OF, revisions=ids)}
    return {
        row["report"]: WITHHELD if row["revision"] in hidden else NO_TABLES
        for row in reports
        if row["revision"] in hidden or row["form"] not in told.joins.forms
    }
