"""A portal whose catalogue is a script's tree, and whose lists are JSON: `/gkmlpt/`."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.specimens.pages import COLUMN_TITLE, Page, newest
from crawler.specimens.plain import Look, frame, html
from crawler.specimens.plain import pages as plain_pages
from crawler.specimens.planted import SpecimenPortal

COLUMN = "/gkmlpt/index"
CATEGORY, SITE, PER_PAGE = 2563, 990301, 6

_TREE: list[dict[str, Any]] = [
    {"id": 2500, "name": "政府信息公开指南", "children": []},
    {
        "id": 2510,
        "name": "法定主动公开内容",
        "children": [{"id": 2511, "name": "机构职能", "children": []}],
    },
    {"id": CATEGORY, "name": COLUMN_TITLE, "children": [{"id": 2564, "name": "部门", "children": []}]},
]


def pages(portal: SpecimenPortal) -> dict[str, Page]:
    """Return the fixed pages; the tree's addresses are put together by the script, so no link leads on."""
    look = Look(
        head='<script src="/gkmlpt/policy.js"></script>',
        article='<div class="article-content">',
        way=COLUMN,
    )
    script = f"window._CONFIG={{SID:'{SITE}',TREE:{json.dumps(_TREE, ensure_ascii=False)},PAGE:1}};"
    shell = f'<div id="app"></div><script>{script}</script>'
    catalogue = frame(portal, look, "政府信息公开", shell)
    return plain_pages(portal, look, {}) | {COLUMN: html(catalogue, newest(portal))}


def answer(portal: SpecimenPortal, path: str, fields: Mapping[str, str]) -> Page | None:
    """Answer `/gkmlpt/api/all/<category>`: a page of entries, the total, and where each is posted."""
    if path != f"/gkmlpt/api/all/{CATEGORY}" or fields.get("sid") != str(SITE):
        return None
    page = int(fields.get("page", "1"))
    part = portal.listed[(page - 1) * PER_PAGE : page * PER_PAGE]
    articles = [
        {
            "id": number,
            "title": each.title,
            "url": each.path,
            "post_url": f"/content/post_{number}.html",
            "publisher": portal.title,
            "date": _seconds(each.published_on),
            "attachment": [],
        }
        for number, each in enumerate(part)
    ]
    told = {"total": len(portal.listed), "classify": {"post_count": len(portal.listed)}, "articles": articles}
    return Page(json.dumps(told, ensure_ascii=False).encode(), "application/json", newest(portal))


def _seconds(day: str) -> int:
    """Return the first second of a day in Beijing: the day before, by Greenwich."""
    return int((datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=8)).timestamp())
