"""A report of the plan as the specimens print it: figures that its agency and year give, one of them edited."""

from dataclasses import replace
from functools import cache

from crawler.specimens.figures import Agency
from crawler.specimens.planted import Entry, PlantedReport, planted
from crawler.specimens.printing import CLEAN, WORD, Markup
from tests.year.plan import Shown

EDITED_CELL = ("disclosure", "penalty", "decisions")
"""A number that no check compares with another one."""


@cache
def printed(reporting: Agency, shown: Shown) -> PlantedReport:
    """Return a report as the specimens print it."""
    entry = Entry(reporting, shown.year, shown.day, Markup((CLEAN, WORD)[shown.year % 2]))
    (report,) = planted((entry,), lambda _day, _number: shown.at)
    value, state = report.cells[EDITED_CELL]
    edited = (value or 0) + 1000 * shown.digit
    return replace(report, cells={**report.cells, EDITED_CELL: (edited, state)})
