"""The page of one division: its government's series, its departments together, and all its agencies."""

from archive.site import divisions
from archive.site.charts import pictures
from archive.site.charts.told import told
from archive.site.pages import Asked, View
from archive.site.queries import rows
from archive.site.sent import Sent
from archive.site.series.plan import PLANS
from archive.site.series.sums import CODE, departments
from archive.site.series.values import charts
from archive.site.views import chart_files

GOVERNMENTS = ("requests", "outcomes", "rates")
"""Charts of the government's own report that are shown; its own page has all."""


async def division(asked: Asked) -> View:
    """Return the page of a division, or that there is none.

    Asked may be `year` and `kind` of the agencies listed, and which `page` of them.

    Data: `division` (see `divisions.Division`), `agencies` (`divisions.Page`, None where it has no
    report), `government` (charts of its own report), `departments` (the chart of their sums, or None).
    """
    identity = asked.part("division")
    found = await divisions.division(asked.db, identity)
    if found is None:
        return View("unknown.html", {"id": identity}, status=404, more={"what": "division"})
    plans = [plan for plan in PLANS if plan.code in GOVERNMENTS]
    shown = {
        "division": found,
        "agencies": await _agencies(asked, found),
        "government": await charts(asked.db, found.government["id"], plans) if found.government else (),
        "departments": await departments(asked.db, found.head),
    }
    return View("division.html", shown, more={"picture": pictures.inline, "told": told})


async def _agencies(asked: Asked, found: divisions.Division) -> divisions.Page | None:
    if not found.kinds:
        return None
    year = asked.number("year", 0)
    if not (found.first or 0) <= year <= (found.last or 0):
        year = found.last or 0
    return await divisions.page(asked.db, found, year, asked.said("kind"), asked.number("page", 1))


async def picture(asked: Asked) -> Sent | None:
    """Return what the departments of a division received together as SVG."""
    head = await _head(asked)
    chart = await departments(asked.db, head) if head else None
    if head is None or chart is None:
        return None
    return await chart_files.picture(asked, chart, head["name"], f"/division/{head['id']}")


async def spreadsheet(asked: Asked) -> Sent | None:
    """Return the same as CSV."""
    head = await _head(asked)
    chart = await departments(asked.db, head) if head else None
    return await chart_files.spreadsheet(asked, chart, head["id"], "division") if head and chart else None


async def _head(asked: Asked) -> dict[str, str] | None:
    if asked.part("chart") != CODE:
        return None
    return next(iter(await rows(asked.db, divisions.DIVISION, division=asked.part("division"))), None)
