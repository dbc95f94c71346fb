"""The home page: what there is, what is new, how to cite."""

from archive.site import LICENSE_URL, history, listing
from archive.site.pages import Asked, View

NEWEST = 12
CHANGES = 5
"""Reports and changes that it shows."""


async def home(asked: Asked) -> View:
    """Return the home page."""
    shown = {
        "newest": await listing.newest(asked.db, NEWEST),
        "changes": await history.newest(asked.db, CHANGES),
        "years": await listing.years(asked.db),
    }
    return View("home.html", shown, more={"license_url": LICENSE_URL})
