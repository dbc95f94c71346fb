"""The search: reports that hold what was asked for."""

from datasette.database import QueryInterrupted

from archive.search_words import FILTERS
from archive.site import filters, listing, searching
from archive.site.pages import Asked, View


async def search(asked: Asked) -> View:
    """Return a page of results.

    Its data: `query`, the words asked for; `search`, as `searching.Search` says, null where it took too long
    or the publication cannot be searched (`ready` is false).

    A form sends fields that were left empty too; the reader is led to the address without them, which is
    shorter to share.
    """
    query, chosen, number = asked.said("q"), filters.chosen(asked), asked.number("page", 1)
    if asked.language and any(not asked.said(name) for name in asked.request.args):
        return View("search.html", {}, leads_to=filters.address(query, chosen, number))
    shown = {"query": query, "ready": await listing.summarised(asked.db), "search": None}
    try:
        if shown["ready"]:
            shown["search"] = await searching.search(asked.db, query, chosen, number)
    except QueryInterrupted:
        pass
    without = {field: filters.address(query, filters.without(chosen, field)) for field in chosen}
    more = {"address": filters.address, "without": without, "fields": FILTERS, "size": searching.SIZE}
    return View("search.html", shown, status=200 if shown["search"] else 503, more=more)
