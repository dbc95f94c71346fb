"""The pages of our own: their addresses, and what their templates know."""

from typing import Any

from datasette import hookimpl
from datasette.utils import tilde_encode

from archive.site import assets, indicators, printing
from archive.site.charts.lines import said
from archive.site.pages import Page
from archive.site.places import in_words
from archive.site.sent import File
from archive.site.views import agency, division, sitemap
from archive.site.views.about import about
from archive.site.views.capture import capture
from archive.site.views.changes import changes
from archive.site.views.coverage import coverage
from archive.site.views.downloads import downloadable, not_offered
from archive.site.views.home import home
from archive.site.views.politeness import politeness
from archive.site.views.quality import quality
from archive.site.views.report import report
from archive.site.views.runs import runs
from archive.site.views.search import search

PAGES = (
    Page("/", home),
    Page("/search", search),
    Page("/coverage", coverage),
    Page("/changes", changes),
    Page("/quality", quality),
    Page("/runs", runs),
    Page("/politeness", politeness),
    Page("/about", about),
    Page("/downloads", downloadable),
    Page("/downloads/(?P<file>.+)", not_offered, leads=False),
    Page("/capture/(?P<capture>[^/]+?)", capture, lasts=False),
    Page("/report/(?P<report>[^/]+?)", report),
    Page("/agency/(?P<agency>[^/]+?)", agency.agency),
    Page("/division/(?P<division>[^/]+?)", division.division),
)

FILES = (
    File(r"/agency/(?P<agency>[^/]+)/(?P<chart>[a-z]+)\.svg", agency.picture, spoken=True),
    File(r"/agency/(?P<agency>[^/]+)/(?P<chart>[a-z]+)\.csv", agency.spreadsheet),
    File(r"/division/(?P<division>[^/]+)/(?P<chart>[a-z]+)\.svg", division.picture, spoken=True),
    File(r"/division/(?P<division>[^/]+)/(?P<chart>[a-z]+)\.csv", division.spreadsheet),
)


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Answer these addresses before Datasette does."""
    return [*sitemap.ROUTES, *(route for each in (*PAGES, *FILES) for route in each.routes())]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """Teach the templates how values are printed and addresses are made."""
    env.globals |= {"asset": assets.address, "code": printing.code, "link": printing.link}
    env.filters["number"] = printing.number
    env.filters["thousands"] = lambda value: f"{value or 0:,}"
    env.filters["size"] = printing.size
    env.filters["place"] = in_words
    env.filters["said"] = said
    env.filters["percent"] = indicators.percent
    env.filters["web"] = printing.web_address
    env.filters["part"] = printing.part
    env.filters["row_part"] = lambda text: tilde_encode(str(text))
