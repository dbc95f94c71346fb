"""A portal of no known software: entries in elements of its own, pages by a parameter, a menu by script.

The column is reached through a tree of names and addresses in a script. Every third title is cut, with
no whole one beside it.
"""

from collections.abc import Mapping
from html import escape

from crawler.specimens.pages import COLUMN_TITLE, Detail, Page, cut, newest
from crawler.specimens.plain import Look, chunks, frame, html
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

COLUMN = "/portal/channel/88"
PER_PAGE = 4

_MENU = (
    '<div id="tree"></div><script>var nodes = [{"id": 1, "name": "政府信息公开", "children": ['
    f'{{"id": 2, "pid": 1, "name": "{COLUMN_TITLE}", "url": "\\/portal\\/channel\\/88"}}]}}];</script>'
)
_LOOK = Look(menu=_MENU)


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages."""
    return plain_pages(portal, _LOOK, {})


def answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer a page of the list; beyond the end the last one comes again."""
    if path != COLUMN:
        return None
    parts = chunks(portal.listed, PER_PAGE)
    number = min(int(fields.get("p") or 1), len(parts))
    items = "".join(_item(each, at) for at, each in enumerate(parts[number - 1]))
    links = "".join(f'<a href="?p={page}">{page}</a>' for page in range(1, len(parts) + 1) if page != number)
    following = f'<a href="?p={number + 1}">下一页</a>' if number < len(parts) else ""
    main = f'<div class="items">{items}</div><div class="pager">{links}{following}</div>'
    return html(frame(portal, _LOOK, COLUMN_TITLE, main), newest(portal))


def _item(detail: Detail, at: int) -> str:
    title = escape(cut(detail.title, 16) if at % 3 == 2 else detail.title)
    day = detail.published_on.replace("-", "/")
    return f'<div class="item"><p><a href="{detail.path}">{title}</a></p><i>{day}</i></div>'
