"""What the departments of one division report together, with how many reports that rests on.

Only departments are added up: each reports what it did itself (政府信息公开条例 第四十九条第一款). A
government's report may count its departments too, so it is no part of any sum; nor are townships, zones,
and bodies that are led from above.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import median

from datasette.database import Database

from archive.site.queries import rows
from archive.site.series import ADDED_UP, ASSUMED_ZERO, BARS, TOO_FEW, Chart, Point, Series, Year
from archive.site.series.breaks import broken
from archive.site.series.registers import registers
from archive.site.statute import Row
from archive.site.words import LANGUAGES, Words

CODE = "departments"
ADDED = "received_new"
"""The indicator that is added up."""

FEWEST = 3
"""Departments with a number below which nothing is said of them together."""

DUE = """
SELECT coverage.year, count(*) AS due
FROM agency CROSS JOIN coverage ON coverage.agency = agency.id
WHERE agency.division = :division AND agency.kind = 'department'
AND (coverage.report IS NOT NULL OR coverage.state IS NOT 'not_due_yet')
GROUP BY coverage.year
"""

REPORTED = f"""
SELECT report.year, revision.form, indicator.value, indicator.basis
FROM agency CROSS JOIN report ON report.agency = agency.id
CROSS JOIN indicator ON indicator.report = report.id AND indicator.indicator = '{ADDED}'
LEFT JOIN revision ON revision.id = report.revision
WHERE agency.division = :division AND agency.kind = 'department' AND indicator.value IS NOT NULL
"""


async def departments(db: Database, division: Row) -> Chart | None:
    """Return what the departments of a division received together, None where too few of them report."""
    found = [
        row
        for row in await rows(db, REPORTED, division=division["id"])
        if not (row["basis"] == ASSUMED_ZERO and row["value"] == 0)
    ]
    by_year: dict[int, list[Row]] = {}
    for row in found:
        by_year.setdefault(row["year"], []).append(row)
    if max((len(group) for group in by_year.values()), default=0) < FEWEST:
        return None
    due = {row["year"]: row["due"] for row in await rows(db, DUE, division=division["id"])}
    first = min(year for year, group in by_year.items() if len(group) >= FEWEST)
    span = range(first, max([*by_year, *due]) + 1)
    years = tuple(_year(year, division, by_year.get(year, ())) for year in span)
    columns = _columns(span, by_year, due)
    chart = Chart(CODE, BARS, False, years, columns[:1], None, columns[1:])
    return broken(chart, registers(db).joins, {columns[0].code: ADDED}, {})


def _year(year: int, division: Row, found: Iterable[Row]) -> Year:
    """Return a year of the axis; its form is that of most reports."""
    forms = Counter(row["form"] for row in found if row["form"]).most_common(1)
    return Year(year, division["id"], division["name"], None, forms[0][0] if forms else None)


def _columns(span: range, by_year: Mapping[int, list[Row]], due: Mapping[int, int]) -> tuple[Series, ...]:
    values = {year: sorted(row["value"] for row in by_year.get(year, ())) for year in span}
    told = {year: group if len(group) >= FEWEST else [] for year, group in values.items()}
    named = [
        [
            str(words)
            for words in (t("division.sum"), t("division.median"), t("division.rests_on"), t("division.due"))
        ]
        for t in map(Words, LANGUAGES)
    ]
    points = (
        tuple(_point(year, sum(told[year]) if told[year] else None, told[year], due) for year in span),
        tuple(_point(year, median(told[year]) if told[year] else None, told[year], due) for year in span),
        tuple(Point(year, len(values[year]), ADDED_UP) for year in span),
        tuple(Point(year, due.get(year), ADDED_UP) for year in span),
    )
    codes = (f"{ADDED}.sum", f"{ADDED}.median", "reports", "due")
    units = ("件", "件", "份", "份")
    return tuple(
        Series(code, zh, en, zh, en, unit, each)
        for code, zh, en, unit, each in zip(codes, *named, units, points, strict=True)
    )


def _point(year: int, value: float | None, group: list[float], due: Mapping[int, int]) -> Point:
    """Return a sum or median; where reports are missing, it is to be read with care."""
    if value is None:
        return Point(year, None, TOO_FEW)
    return Point(year, value, ADDED_UP, len(group), int(len(group) >= due.get(year, 0)))
