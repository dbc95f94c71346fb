"""The pages of our own: home, search, downloads, and one page per report."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request, Response

from archive.publish import DATABASE
from archive.site import LICENSE, LICENSE_URL, downloads, history, indicators, listing, reports
from archive.site.places import in_words

# No script at all, and nothing from anywhere else.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)

NEWEST = 12
CHANGES = 5
"""Reports and changes that the home page shows."""

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
    return [
        (r"^/$", home),
        (r"^/robots\.txt$", robots),
        (r"^/search$", search),
        (r"^/downloads/?$", downloadable),
        (r"^/downloads/(?P<file>.+)$", not_offered),
        (r"^/report/(?P<report>[^/]+)$", report),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """Teach the templates how values are printed and addresses are made."""
    env.filters["number"] = number
    env.filters["thousands"] = lambda value: f"{value or 0:,}"
    env.filters["size"] = size
    env.filters["place"] = in_words
    env.filters["percent"] = indicators.percent
    env.filters["web"] = web_address
    env.filters["part"] = lambda text: quote(str(text), safe="")
    env.filters["row_part"] = lambda text: tilde_encode(str(text))


def number(value: float | None) -> str:
    """Return a value as it would be printed.

    >>> number(3.0), number(48.7917), number(None)
    ('3', '48.7917', '')
    """
    return "" if value is None else f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    >>> size(999), size(1_234_567), size(2_000_000_000)
    ('999 B', '1.2 MB', '2.0 GB')
    """
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def web_address(url: str | None) -> str:
    """Return the address if it is a web address, else an empty one: no other may be a link.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', '')
    """
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return str(url) if parts.scheme in ("http", "https") and parts.netloc else ""


async def home(datasette: Datasette, request: Request) -> Response:
    """Return the home page."""
    db = datasette.get_database()
    shown = {
        "newest": await listing.newest(db, NEWEST),
        "changes": await history.newest(db, CHANGES),
        "years": await listing.years(db),
    }
    return await page(datasette, request, "home.html", {**shown, "license_url": LICENSE_URL})


async def robots() -> Response:
    """Return what crawlers are asked to leave alone (RFC 9309)."""
    return Response.text(ROBOTS)


async def search(datasette: Datasette, request: Request) -> Response:
    """Return a page of search results."""
    query = (request.args.get("q") or "").strip()
    asked = request.args.get("page") or "1"
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    try:
        found = await listing.search(datasette.get_database(), query, wanted)
    except QueryInterrupted:
        return await page(datasette, request, "search.html", {"query": query, "search": None}, status=503)
    return await page(datasette, request, "search.html", {"query": query, "search": found})


async def report(datasette: Datasette, request: Request) -> Response:
    """Return the page of one report."""
    report_id = unquote(request.url_vars["report"])
    db = datasette.get_database()
    found = await reports.report(db, report_id)
    if found is None:
        return await page(datasette, request, "missing.html", {"id": report_id}, status=404)
    told = {
        "report": found,
        "history": await history.history(db, found.head),
        "indicators": await indicators.indicators(db, report_id),
    }
    return await page(datasette, request, "report.html", told)


async def downloadable(datasette: Datasette, request: Request) -> Response:
    """Return the page of what can be downloaded."""
    db = datasette.get_database()
    offered = downloads.offer(Path(db.path))
    shown = {
        "offer": offered,
        "database": offered.files[DATABASE],
        "rows": await listing.all_rows(db),
        "tables": downloads.tables(offered.parts),
        "about": await listing.described(db),
        "base": datasette.absolute_url(request, "/").rstrip("/"),
        "license": LICENSE,
        "license_url": LICENSE_URL,
    }
    return await page(datasette, request, "downloads.html", shown)


async def not_offered(datasette: Datasette, request: Request) -> Response:
    """Return the page for an address that names no file of this version."""
    name = request.scope["path"].removeprefix("/downloads/").partition("/")[2]
    offered = downloads.offer(Path(datasette.get_database().path))
    shown = {"offer": offered, "name": name if name in offered.files else ""}
    return await page(datasette, request, "no_download.html", shown, status=404)


async def page(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Render one of our templates, with what all of them show."""
    publication = await listing.publication(datasette.get_database())
    body = await datasette.render_template(
        template, {**context, "publication": publication, "query": context.get("query", "")}, request
    )
    return Response.html(body, status=status, headers={"content-security-policy": POLICY})
