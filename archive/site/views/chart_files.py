"""The files of a chart: a picture that stands by itself, and its numbers."""

import base64
import hashlib
import re

from archive.site.charts import pictures
from archive.site.charts.told import told
from archive.site.pages import Asked
from archive.site.queries import publication
from archive.site.sent import Sent
from archive.site.series import Chart
from archive.site.series.spreadsheet import COLUMNS, written
from archive.site.words import Words


async def picture(asked: Asked, chart: Chart, name: str, address: str) -> Sent | None:
    """Return a chart as SVG with its title, notes and source; None where the table says it better.

    Args:
        asked: what was asked.
        chart: the chart.
        name: whose chart it is.
        address: of the page that shows it, without its language.
    """
    if not chart.pictured:
        return None
    t = Words(asked.language)
    version = (await publication(asked.db))["version"]
    page = asked.datasette.absolute_url(asked.request, f"/{asked.language}{address}")
    heading = t("series.heading", name=name, title=t("series.title_" + chart.code)).unescape()
    notes = [f"{each.number}  {each.text}" if each.number else each.text for each in told(chart, t)]
    source = t("series.source", version=version, address=page).unescape()
    measure = t("series.measure_" + chart.code).unescape()
    text = pictures.alone(chart, heading, measure, notes, source, t)
    saved = _saved_as(address.rpartition("/")[2], chart, version, "svg")
    return Sent(text, "image/svg+xml; charset=utf-8", saved, f"'sha256-{_digest(pictures.style())}'")


async def spreadsheet(asked: Asked, chart: Chart, identity: str, of: str = COLUMNS[0]) -> Sent:
    """Return a chart's numbers as CSV."""
    version = (await publication(asked.db))["version"]
    saved = _saved_as(identity, chart, version, "csv")
    return Sent(written(chart, version, of), "text/csv; charset=utf-8", saved)


def _saved_as(identity: str, chart: Chart, version: str, ending: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", f"gongkai-{identity}-{chart.code}-{version}.{ending}")


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
