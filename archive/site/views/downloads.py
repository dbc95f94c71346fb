"""What can be downloaded."""

from archive.publish import DATABASE
from archive.site import LICENSE, LICENSE_URL, downloads, listing
from archive.site.pages import Asked, View


async def downloadable(asked: Asked) -> View:
    """Return the page of all files."""
    offered = downloads.offer(asked.folder / DATABASE)
    shown = {
        "offer": offered,
        "database": offered.files[DATABASE],
        "rows": await listing.all_rows(asked.db),
        "tables": downloads.tables(offered.parts),
        "about": await listing.described(asked.db),
    }
    return View("downloads.html", shown, more={"license": LICENSE, "license_url": LICENSE_URL})


async def not_offered(asked: Asked) -> View:
    """Return the page for an address that names no file of this version."""
    name = asked.part("file").partition("/")[2]
    offered = downloads.offer(asked.folder / DATABASE)
    shown = {"offer": offered, "name": name if name in offered.files else ""}
    return View("no_download.html", shown, status=404)
