"""A portal whose column is a shell around `/public/column/<agency>?…&action=list&pageIndex=N`."""

from collections.abc import Mapping

from crawler.specimens.pages import Page, newest
from crawler.specimens.plain import Look, chunks, html, rows
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

COLUMN = "/public/column/6598"
LIST = f"{COLUMN}?type=4&catId=77&action=list"
PER_PAGE = 5


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages: the list itself is fetched by the shell's script."""
    shell = f'<div id="list"></div><script>var listUrl = "{LIST}"; loadList(listUrl);</script>'
    look = Look(
        head='<script src="/assets/js/public.js"></script>',
        article='<div class="j-fontContent clearfix">',
        way=COLUMN,
    )
    return plain_pages(portal, look, {COLUMN: shell})


def answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer the list script; beyond the end a short page says nothing, with status 200."""
    if path != COLUMN or fields.get("action") != "list" or fields.get("catId") != "77":
        return None
    parts, number = chunks(portal.listed, PER_PAGE), int(fields.get("pageIndex") or 1)
    if number > len(parts):
        return html('<ul class="xxgk_nav_list"></ul>' + " " * 260, newest(portal))
    pagination = (
        f'<pagination pagesize="{PER_PAGE}" total="{len(portal.listed)}" pageindex="{number}"></pagination>'
    )
    return html(f'<ul class="xxgk_nav_list">{rows(parts[number - 1])}</ul>{pagination}', newest(portal))
