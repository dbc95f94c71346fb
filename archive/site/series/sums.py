"""What the departments of one division report together, with how many reports that rests on.

Only departments are added up: each reports what it did itself (政府信息公开条例 第四十九条第一款). A
government's report may count its departments too, so it is no part of any sum; nor are townships, zones,
and bodies that are led from above.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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

EXPECTED = """
SELECT coverage.year, count(*) AS expected
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
    expected = {row["year"]: row["expected"] for row in await rows(db, EXPECTED, division=division["id"])}
    first = min(year for year, group in by_year.items() if len(group) >= FEWEST)
    span = range(first, max([*by_year, *expected]) + 1)
    years = tuple(_year(year, division, by_year.get(year, ())) for year in span)
    columns = _columns(span, by_year, expected)
    chart = Chart(CODE, BARS, False, years, columns[:1], None, columns[1:])
    return broken(chart, registers(db).joins, {columns[0].code: ADDED}, {})


def _year(year: int, division: Row, found: Iterable[Row]) -> Year:
    """Return a year of the axis; its form is that of most reports."""
    forms = Counter(row["form"] for row in found if row["form"]).most_common(1)
    return Year(year, division["id"], division["name"], None, forms[0][0] if forms else None)


def _columns(
    span: range, by_year: Mapping[int, list[Row]], expected: Mapping[int, int]
) -> tuple[Series, ...]:
    """Return sum and median, and beside them how many reports there are and are to be expected."""
    values = {year: [row["value"] for row in by_year.get(year, ())] for year in span}

    def told(work_out: Callable[[list[float]], float]) -> tuple[Point, ...]:
        return tuple(_point(year, values[year], work_out, expected) for year in span)

    def counted(numbers: Iterable[int | None]) -> tuple[Point, ...]:
        return tuple(Point(year, number, ADDED_UP) for year, number in zip(span, numbers, strict=True))

    names = list(zip(*(_names(Words(language)) for language in LANGUAGES), strict=True))
    held = counted(len(values[year]) for year in span)
    return (
        _series(f"{ADDED}.sum", names[0], "件", told(sum)),
        _series(f"{ADDED}.median", names[1], "件", told(median)),
        _series("reports", names[2], "份", held),
        _series("expected", names[3], "份", counted(expected.get(year) for year in span)),
    )


def _names(t: Words) -> tuple[str, ...]:
    words = t("division.sum"), t("division.median"), t("division.rests_on"), t("division.expected")
    return tuple(str(each) for each in words)


def _series(code: str, names: tuple[str, ...], unit: str, points: tuple[Point, ...]) -> Series:
    zh, en = names
    return Series(code, zh, en, zh, en, unit, points)


def _point(
    year: int,
    values: list[float],
    work_out: Callable[[list[float]], float],
    expected: Mapping[int, int],
) -> Point:
    """Return a sum or median; where reports are missing, it is to be read with care."""
    if len(values) < FEWEST:
        return Point(year, None, TOO_FEW)
    return Point(year, work_out(values), ADDED_UP, len(values), int(len(values) >= expected.get(year, 0)))
