"""A portal of static lists whose pages count from one: `<prefix>.shtml`, `<prefix>_2.shtml`."""

from crawler.specimens.pages import Page
from crawler.specimens.plain import Look, chunks, rows
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

FOLDER, PREFIX = "/hyxxgk/zfxxgknb/", "xxgk_list"
COLUMN = f"{FOLDER}{PREFIX}.shtml"
PER_PAGE = 5


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return every page."""
    parts = chunks(portal.listed, PER_PAGE)
    lists = {}
    for number, part in enumerate(parts, 1):
        name = f"{PREFIX}_{number}" if number > 1 else PREFIX
        call = f"createPageHTML('page_div',{len(parts)}, {number},'{PREFIX}','shtml',{len(portal.listed)});"
        lists[f"{FOLDER}{name}.shtml"] = (
            f'<ul class="pageList newsList">{rows(part)}</ul><div id="page_div"></div><script>{call}</script>'
        )
    return plain_pages(portal, Look(article='<div class="pages_content">'), lists)
