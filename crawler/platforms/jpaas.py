"""Lists of `jpaas-publish-server`: a page's units name their address and parameters, answered as JSON.

Pages are told apart by `paramJson` alone; `data.html` holds the list (DOMAIN.md, CMS families: jpaas).
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

from crawler.platforms.answers import member, read_json
from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join, query_of, with_parameter
from crawler.platforms.pagers import pages_after

PAGE_SIZE = 15

_UNIT = "jpaas-publish-server/front/page/build/unit"
_PAIR = re.compile(r"""["'](\w{1,30})["']\s*:\s*["']([^"']{0,200})["']""")
_PAGES = re.compile(
    r"""共\s*(\d{1,5})\s*页|\b(?:totalPage|pageCount|data-pages?)["']?\s*[:=]\s*["']?(\d{1,5})""",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"""\b(?:total|totalCount|count|data-total)["']?\s*[:=]\s*["']?(\d{1,6})""", re.IGNORECASE
)

FINGERPRINT = {"a unit of jpaas-publish-server": re.compile(r"jpaas-publish-server/front/page/build/unit")}
TRACES = re.compile(r"jpaas-publish-server|/art/20\d\d/art_[0-9a-f]{32}\.html")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a page, whose units are asked for, or the answer to one."""
    if _UNIT not in urlsplit(asked.url).path:
        entries = dated_links(text, asked.url)
        return ListPage(entries, (), declared_total(text), lists=tuple(_units(asked.url, text)))
    html = member(read_json(text), "data", "html")
    if not isinstance(html, str):
        return ListPage()
    entries, total = dated_links(html, asked.url), _number(_TOTAL, html) or declared_total(html)
    pages = _number(_PAGES, html) or -(-(total or 0) // PAGE_SIZE)
    ahead, beyond = pages_after(_current(asked.url), pages)
    more = tuple(Ask(_page(asked.url, page)) for page in ahead)
    return ListPage(entries, more, total, _page(asked.url, beyond) if beyond else "")


def _units(url: str, text: str) -> Iterator[Ask]:
    """Yield the first page of each unit that is a list of the column."""
    for unit in BeautifulSoup(text, "lxml").find_all(attrs={"url": re.compile(_UNIT)}):
        pairs = _PAIR.findall(unescape(_attribute(unit, "querydata")))
        said = {name: value for name, value in pairs if value}
        if said.get("pageType", "column") == "column" and said:
            yield Ask(_page(f"{join(url, _attribute(unit, 'url'))}?{urlencode(said)}", 1))


def _attribute(tag: Tag, name: str) -> str:
    return str(tag.get(name) or "")


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(next(filter(None, found.groups()))) if found else None


def _current(url: str) -> int:
    number = member(read_json(query_of(url).get("paramJson", "")), "pageNo")
    return number if isinstance(number, int) else 1


def _page(url: str, number: int) -> str:
    position = json.dumps({"pageNo": number, "pageSize": str(PAGE_SIZE)}, separators=(",", ":"))
    return with_parameter(url, "paramJson", position)
