"""The page of one report."""

from archive.site import history, indicators, reports
from archive.site.pages import Asked, View


async def report(asked: Asked) -> View:
    """Return the page of a report, or that there is none."""
    report_id = asked.part("report")
    found = await reports.report(asked.db, report_id)
    if found is None:
        return View("missing.html", {"id": report_id}, status=404)
    told = {
        "report": found,
        "history": await history.history(asked.db, found.head),
        "indicators": await indicators.indicators(asked.db, report_id),
    }
    return View("report.html", told)
