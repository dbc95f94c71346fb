"""How portals are asked, and how much they were.

Data: `hosts`, rows of `site_host` with the title of their portal, its robots.txt, and links not asked for its
sake; `page` and `pages` of these.
"""

from archive.site.pages import Asked, View
from archive.site.queries import rows

HOSTS = """
SELECT site_host.*, portal.title, site_portal.robots, site_portal.refused
FROM (SELECT * FROM site_host ORDER BY captures DESC, host, portal LIMIT :size OFFSET :start) AS site_host
LEFT JOIN portal ON portal.id = site_host.portal
LEFT JOIN site_portal ON site_portal.portal = site_host.portal
ORDER BY site_host.captures DESC, site_host.host, site_host.portal
"""
COUNT = "SELECT count(*) AS count FROM site_host"
SIZE = 100


async def politeness(asked: Asked) -> View:
    """Return a page of hosts, with the rules by which they are asked."""
    pages = max(-(-(await rows(asked.db, COUNT))[0]["count"] // SIZE), 1)
    page = min(max(asked.number("page", 1), 1), pages)
    hosts = await rows(asked.db, HOSTS, size=SIZE, start=(page - 1) * SIZE)
    return View("politeness.html", {"hosts": hosts, "page": page, "pages": pages})
