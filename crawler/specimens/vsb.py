"""A portal whose list pages are numbered backwards, so that old pages stay as they are."""

from crawler.specimens.pages import Page
from crawler.specimens.plain import Look, chunks, rows
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

COLUMN = "/zwgk/zfxxgknb.htm"
PER_PAGE = 3


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return every page: the list at `COLUMN`, then `<COLUMN>/<count-1>.htm` down to `/1.htm`."""
    stem = COLUMN.removesuffix(".htm")
    parts = chunks(portal.listed, PER_PAGE)
    lists = {}
    for number, part in enumerate(parts, 1):
        path = COLUMN if number == 1 else f"{stem}/{_file(number, len(parts))}"
        lists[path] = (
            f'<ul class="list">{rows(part, 18)}</ul>{_pager(number, len(parts), len(portal.listed))}'
        )
    look = Look(
        head="<script>function _showDynClicks(owner, id) {}</script>",
        article='<div id="vsb_content"><div class="v_news_content">',
    )
    return plain_pages(portal, look, lists)


def _file(number: int, count: int) -> str:
    return f"{count + 1 - number}.htm"


def _pager(number: int, count: int, total: int) -> str:
    """Return the pager as the software writes it: relative to the page it stands on."""
    here = "zfxxgknb/" if number == 1 else ""
    shown = [page for page in range(1, count + 1) if abs(page - number) < 3 or page == count]
    links = [
        f'<span class="p_no_d">{page}</span>'
        if page == number
        else f'<span class="p_no"><a href="{_href(page, count, here)}">{page}</a></span>'
        for page in shown
    ]
    if number < count:
        links.append(f'<span class="p_next p_fun"><a href="{here}{_file(number + 1, count)}">下页</a></span>')
        links.append(f'<span class="p_last p_fun"><a href="{here}1.htm">尾页</a></span>')
    told = f'<span class="p_t">共{total}条</span>'
    return f'<div class="pb_sys_common">{told} <span class="p_pages">{"".join(links)}</span></div>'


def _href(page: int, count: int, here: str) -> str:
    if page == 1:
        return "" if here else "../zfxxgknb.htm"
    return f"{here}{_file(page, count)}"
