"""The search: reports that hold what was asked for."""

from datasette.database import QueryInterrupted

from archive.site import listing
from archive.site.pages import Asked, View


async def search(asked: Asked) -> View:
    """Return a page of results."""
    query = asked.said("q")
    try:
        found = await listing.search(asked.db, query, asked.number("page", 1))
    except QueryInterrupted:
        return View("search.html", {"query": query, "search": None}, status=503)
    return View("search.html", {"query": query, "search": found})
