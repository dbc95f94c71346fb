"""The page of one agency: what it is, its reports by year, and its series over the years."""

from archive.site import agencies
from archive.site.charts import pictures
from archive.site.charts.told import told
from archive.site.pages import Asked, View
from archive.site.sent import Sent
from archive.site.series import Chart
from archive.site.series.plan import PLANS
from archive.site.series.values import charts
from archive.site.views import chart_files


async def agency(asked: Asked) -> View:
    """Return the page of an agency, or that there is none.

    Data: `agency` (`head`, `before`, `after`, `portals`, `years`: see `agencies.Agency`) and `charts` (see
    `series.Chart`), of which each point is a row of `indicator` or `cell`, or says why there is none.
    """
    identity = asked.part("agency")
    found = await agencies.agency(asked.db, identity)
    if found is None:
        return View("unknown.html", {"id": identity}, status=404, more={"what": "agency"})
    shown = {"agency": found, "charts": await charts(asked.db, identity)}
    return View("agency.html", shown, more={"picture": pictures.inline, "told": told})


async def picture(asked: Asked) -> Sent | None:
    """Return a chart of an agency as SVG."""
    found, chart = await _chart(asked)
    if found is None or chart is None:
        return None
    identity = asked.part("agency")
    return await chart_files.picture(asked, chart, found.head["name"], f"/agency/{identity}")


async def spreadsheet(asked: Asked) -> Sent | None:
    """Return a chart of an agency as CSV."""
    _, chart = await _chart(asked)
    return await chart_files.spreadsheet(asked, chart, asked.part("agency")) if chart else None


async def _chart(asked: Asked) -> tuple[agencies.Agency | None, Chart | None]:
    plans = [plan for plan in PLANS if plan.code == asked.part("chart")]
    found = await agencies.agency(asked.db, asked.part("agency")) if plans else None
    told = await charts(asked.db, asked.part("agency"), plans) if found else ()
    return found, next(iter(told), None)
