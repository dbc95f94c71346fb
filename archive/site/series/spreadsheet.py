"""A chart as CSV: a line for each year and series, whether there is a value or not.

With a byte-order mark, by which spreadsheets know that it is UTF-8.
"""

import csv
import io

from archive.site.series import Chart, Point

COLUMNS = (
    "agency",
    "year",
    "report",
    "form",
    "series",
    "zh",
    "en",
    "value",
    "unit",
    "basis",
    "n",
    "enough",
    "version",
)
"""The fields of a line; a chart of sums over the agencies of a division names that in the first."""

MARK = "\ufeff"


def written(chart: Chart, version: str, of: str = COLUMNS[0]) -> str:
    """Return a chart as CSV (RFC 4180).

    Args:
        chart: the chart.
        version: of the publication.
        of: name of the first field.
    """
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow((of, *COLUMNS[1:]))
    for at, year in enumerate(chart.years):
        for series in chart.columns:
            point = series.points[at]
            named = series.code, series.zh, series.en
            told = _number(point), series.unit, point.basis, point.n, point.enough
            lines.writerow((year.agency, year.year, year.report, year.form, *named, *told, version))
    return MARK + out.getvalue()


def _number(point: Point) -> str:
    """Return a value as the database has it, whole ones without a fraction."""
    if point.value is None:
        return ""
    return str(int(point.value)) if point.value == int(point.value) else repr(point.value)
