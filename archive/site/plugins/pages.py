"""The pages of our own: their addresses, and what their templates know."""

from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.utils import tilde_encode
from datasette.utils.asgi import Response

from archive.site import assets, indicators, printing
from archive.site.charts.lines import said
from archive.site.pages import Page
from archive.site.places import in_words
from archive.site.sent import File
from archive.site.views import agency, division
from archive.site.views.downloads import downloadable, not_offered
from archive.site.views.home import home
from archive.site.views.report import report
from archive.site.views.search import search

PAGES = (
    Page("/", home),
    Page("/search", search),
    Page("/downloads", downloadable),
    Page("/downloads/(?P<file>.+)", not_offered, leads=False),
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

# Every combination of filters, facets and sorts is a page; a crawler would never be done.
ROBOTS = """\
# Welcome. The whole database is one file, /downloads/gongkai.db; /downloads lists all files.
User-agent: *
Allow: /downloads
Allow: /*.csv?_stream=on
Allow: /*.csv?_size=max
Disallow: /*?
Disallow: /-/
"""


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Answer these addresses before Datasette does."""
    return [(r"^/robots\.txt$", robots), *(route for each in (*PAGES, *FILES) for route in each.routes())]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """Teach the templates how values are printed and addresses are made."""
    env.globals["asset"] = assets.address
    env.filters["number"] = printing.number
    env.filters["thousands"] = lambda value: f"{value or 0:,}"
    env.filters["size"] = printing.size
    env.filters["place"] = in_words
    env.filters["said"] = said
    env.filters["percent"] = indicators.percent
    env.filters["web"] = printing.web_address
    env.filters["part"] = lambda text: quote(str(text), safe="")
    env.filters["row_part"] = lambda text: tilde_encode(str(text))


async def robots() -> Response:
    """Return what crawlers are asked to leave alone (RFC 9309)."""
    return Response.text(ROBOTS)
