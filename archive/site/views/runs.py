"""How the crawls go: each portal's state, those that fare badly first, and the newest runs.

Data: `portals`, rows of `site_portal` with title and home; `page` and `pages` of these; `runs`, rows of
`run`; `older`, what `before` must be to go on.
"""

from archive.site.pages import Asked, View
from archive.site.queries import rows

PORTALS = """
SELECT site_portal.*, portal.title, portal.home, portal.specimen
FROM site_portal JOIN portal ON portal.id = site_portal.portal
WHERE site_portal.rank > :start ORDER BY site_portal.rank LIMIT :size
"""
COUNT = "SELECT count(*) AS count FROM site_portal"
RUNS = """
SELECT run.*, portal.title FROM
    (SELECT * FROM run WHERE :before = '' OR (started_at, id) < (:before, :id)
     ORDER BY started_at DESC, id DESC LIMIT :size) AS run
LEFT JOIN portal ON portal.id = run.portal ORDER BY run.started_at DESC, run.id DESC
"""
SIZE = 100
LISTED = 40


async def runs(asked: Asked) -> View:
    """Return a page of portals, and a page of runs."""
    pages = max(-(-(await rows(asked.db, COUNT))[0]["count"] // SIZE), 1)
    page = min(max(asked.number("page", 1), 1), pages)
    before, _, run = asked.said("before").partition("~")
    found = await rows(asked.db, RUNS, before=before, id=run, size=LISTED + 1)
    shown = {
        "portals": await rows(asked.db, PORTALS, start=(page - 1) * SIZE, size=SIZE),
        "page": page,
        "pages": pages,
        "runs": found[:LISTED],
        "older": "{started_at}~{id}".format(**found[LISTED - 1]) if len(found) > LISTED else "",
    }
    return View("runs.html", shown, more={"begun": bool(before)})
