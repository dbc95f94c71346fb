"""Lists of `lightfrontaction/getgovinfolist`: posted JSON names a category, a site, and a page from 0.

The site's number stands in a script of its own, `webBuilderCommon.js`; the category in the address of the
column; `custom.data` holds the entries (DOMAIN.md, CMS families: Epoint).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.platforms.answers import count, day, member, read_json
from crawler.platforms.lists import Ask, Entry, ListPage, join, query_of
from crawler.platforms.pagers import pages_after

PAGE_SIZE = 20

_SCRIPT = re.compile(r"""["']([^"'\s]*webBuilderCommon\.js[^"'\s]*)["']""")
_SITE = re.compile(r"""\bsiteInfo\s*=\s*\{([^{}]{1,2000})\}""")
_PAIR = re.compile(r"""["']?(siteGuid|projectName)["']?\s*:\s*["']([^"']{1,100})["']""")

FINGERPRINT = {
    "the script webBuilderCommon.js": _SCRIPT,
    "a list of disclosed information (govInfo, getgovinfolist)": re.compile(r"govInfo|getgovinfolist"),
}
TRACES = re.compile(r"webBuilderCommon\.js|EWB-FRONT|showinfo\.html\?infoGuid=")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read the column's page, then its site's script, then the answers to what they say together."""
    site = _SITE.search(text)
    if asked.json:
        return _read_answer(asked, read_json(text))
    if site and asked.note:
        return ListPage(lists=tuple(_list(asked, dict(_PAIR.findall(site[1])))))
    query = query_of(asked.url)
    script = _SCRIPT.search(text)
    if not script or not query.get("categorynum"):
        return ListPage()
    note = json.dumps({"categorynum": query["categorynum"], "deptcode": query.get("deptcode", "")})
    return ListPage(lists=(Ask(join(asked.url, script[1]), note=note),))


def _list(asked: Ask, site: dict[str, str]) -> Iterator[Ask]:
    if "siteGuid" in site:
        folder = site.get("projectName", "/EWB-FRONT").strip("/")
        url = join(asked.url, f"/{folder}/rest/lightfrontaction/getgovinfolist")
        yield _page(url, {**json.loads(asked.note), "siteGuid": site["siteGuid"]}, 0)


def _read_answer(asked: Ask, answer: Any) -> ListPage:
    listed = member(answer, "custom", "data")
    entries = tuple(_entries(asked.url, listed)) if isinstance(listed, list) else ()
    total, sent = count(member(answer, "custom", "total")), read_json(asked.json)
    pages, current = -(-(total or 0) // PAGE_SIZE), count(member(sent, "pageIndex")) or 0
    # The software counts its pages from 0.
    ahead, beyond = pages_after(current + 1, pages)
    more = tuple(_page(asked.url, sent, page - 1) for page in ahead)
    return ListPage(entries, more, total, f"{asked.url}#pageIndex={beyond - 1}" if beyond else "")


def _page(url: str, body: Any, number: int) -> Ask:
    return Ask(url, json=json.dumps({**body, "pageIndex": number, "pageSize": PAGE_SIZE}, sort_keys=True))


def _entries(url: str, listed: list[Any]) -> Iterator[Entry]:
    for each in listed:
        title, address = member(each, "realtitle") or member(each, "title"), member(each, "infourl")
        if isinstance(title, str) and isinstance(address, str) and title.strip() and address:
            listed_on = day(member(each, "infodate") or member(each, "pubdate"))
            yield Entry(join(url, address), " ".join(title.split()), listed_on)
