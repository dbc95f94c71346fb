"""What search engines are told: which pages there are, in which languages, and what to leave alone."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.site.pages import FRESH
from archive.site.printing import part
from archive.site.queries import rows
from archive.site.words import LANGUAGES, TAGS

SIZE = 10_000
"""Addresses in one file; the protocol allows 50,000, and 50 MB."""

XML = "application/xml; charset=utf-8"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'

FIXED = (
    "/",
    "/about",
    "/changes",
    "/coverage",
    "/downloads",
    "/politeness",
    "/quality",
    "/runs",
    "/search",
)
TABLES = ("report", "agency", "division")
"""Tables whose rows have pages of their own, at `/<table>/<id>`."""

COUNTS = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TABLES)
IDS = "SELECT id FROM {} ORDER BY id LIMIT :size OFFSET :start"

# Every combination of filters, facets and sorts is a page; a crawler would never be done.
ROBOTS = """\
# Welcome. The whole database is one file, /downloads/gongkai.db; /downloads lists all files.
User-agent: *
Allow: /downloads
Allow: /*.csv?_stream=on
Allow: /*.csv?_size=max
Disallow: /*?
Disallow: /-/
Disallow: /capture/
Disallow: /*/replay
Disallow: /source/
Disallow: /version/
Sitemap: {site}/sitemap.xml
"""


async def robots(datasette: Datasette, request: Request) -> Response:
    """Return what crawlers are asked to leave alone (RFC 9309), and where the addresses are listed."""
    return Response.text(ROBOTS.format(site=_site(datasette, request)))


async def sitemap(datasette: Datasette, request: Request) -> Response:
    """Return the index of the files that list all pages (sitemaps.org)."""
    (counts,) = await rows(datasette.get_database(), COUNTS)
    names = ["pages"]
    names += [f"{table}-{number}" for table in TABLES for number in range(1, -(-counts[table] // SIZE) + 1)]
    site = _site(datasette, request)
    found = "".join(f"<sitemap><loc>{escape(site)}/sitemap-{name}.xml</loc></sitemap>\n" for name in names)
    return _xml(f"<sitemapindex {NAMESPACES}>\n{found}</sitemapindex>\n")


async def some_pages(datasette: Datasette, request: Request) -> Response:
    """Return the addresses of one file."""
    table, number = request.url_vars["table"], int(request.url_vars["number"] or 1)
    if table == "pages":
        return _listed(_site(datasette, request), FIXED if number == 1 else ())
    start = (number - 1) * SIZE
    found = await rows(datasette.get_database(), IDS.format(table), size=SIZE, start=start)
    return _listed(_site(datasette, request), [f"/{table}/{part(row['id'])}" for row in found])


ROUTES = (
    (r"^/robots\.txt$", robots),
    (r"^/sitemap\.xml$", sitemap),
    (rf"^/sitemap-(?P<table>pages|{'|'.join(TABLES)})(?:-(?P<number>[1-9]\d{{0,5}}))?\.xml$", some_pages),
)


def _listed(site: str, paths: Iterable[str]) -> Response:
    entries = [_entry(site, path, language) for path in paths for language in LANGUAGES]
    if not entries:
        return Response.text("There is no such part.", status=404)
    return _xml(f"<urlset {NAMESPACES}>\n{''.join(entries)}</urlset>\n")


def _entry(site: str, path: str, language: str) -> str:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{TAGS[each]}" href="{escape(f"{site}/{each}{path}")}"/>'
        for each in LANGUAGES
    )
    return f"<url><loc>{escape(f'{site}/{language}{path}')}</loc>{others}</url>\n"


def _xml(body: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return Response(text, content_type=XML, headers={"cache-control": FRESH})


def _site(datasette: Datasette, request: Request) -> str:
    return str(datasette.absolute_url(request, "/")).rstrip("/")
