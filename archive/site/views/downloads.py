"""What can be downloaded.

Data: `version`; `database` (size, sha256); `rows` of all tables; `tables` (name, rows, sizes by format, and
parts: path, bytes, sha256, rows, year, form); `about`, what each table is; `beside`, the files that prove the
others. Paths go behind `/downloads/<version>/`.
"""

from archive.publish import DATABASE
from archive.site import LICENSE, LICENSE_URL, downloads, listing
from archive.site.pages import Asked, View


async def downloadable(asked: Asked) -> View:
    """Return the page of all files."""
    offered = downloads.offer(asked.folder / DATABASE)
    whole = offered.files[DATABASE]
    shown = {
        "version": offered.version,
        "database": {"size": whole.size, "sha256": whole.sha256},
        "rows": await listing.all_rows(asked.db),
        "tables": downloads.tables(offered.parts),
        "about": await listing.described(asked.db),
        "beside": [name for name in downloads.BESIDE if name in offered.files],
    }
    return View("downloads.html", shown, more={"licence": LICENSE, "licence_url": LICENSE_URL})


async def not_offered(asked: Asked) -> View:
    """Return the page for an address that names no file of this version."""
    offered = downloads.offer(asked.folder / DATABASE)
    name = asked.part("file").partition("/")[2]
    shown = {"version": offered.version, "name": name if name in offered.files else ""}
    return View("no_download.html", shown, status=404)
