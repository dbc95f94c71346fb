"""Lists of an agency's public information under `/public/column/<agency>?…&pageIndex=N`.

The column page may be a shell: then the list is asked for with `action=list`. A `pagination` element
says how many entries there are; documents are called `/public/<agency>/<number>.html` (DOMAIN.md, CMS
families: Lonsun).
"""

import re
from math import ceil

from crawler.platforms.answers import count as count_of
from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join, query_of, with_parameter
from crawler.platforms.pagers import pages_after

_INDEX = "pageIndex"
_LIST = re.compile(r"""["']([^"'\s]*/public/column/\d+\?[^"'\s]*\baction=list\b[^"'\s]*)["']""")
_PAGINATION = re.compile(r"<pagination\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b([a-z]+)\s*=\s*["']?(\d{1,6})""", re.IGNORECASE)

FINGERPRINT = {
    "a list of /public/column/ with action=list, or its pagination": re.compile(
        rf"{_LIST.pattern}|{_PAGINATION.pattern}", re.IGNORECASE
    )
}
TRACES = re.compile(r"""["'][^"'\s]*/public/column/\d+\b|\bj-fontContent\b""")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a list, or the shell around one: a shell's lists are asked for from their first page."""
    entries = dated_links(text, asked.url)
    pagination = _PAGINATION.search(text)
    if not pagination:
        shells = (join(asked.url, found.replace("&amp;", "&")) for found in _LIST.findall(text))
        lists = tuple(Ask(with_parameter(url, _INDEX, 1)) for url in dict.fromkeys(shells))
        return ListPage(entries, (), declared_total(text), lists=() if entries else lists)
    said = {name.lower(): int(number) for name, number in _ATTRIBUTE.findall(pagination[0])}
    total, size = said.get("total", declared_total(text)), said.get("pagesize", 0)
    count = said.get("pagecount") or (ceil(total / size) if total is not None and size else 1)
    asked_for = count_of(query_of(asked.url).get(_INDEX))
    current = asked_for or said.get("pageindex", 1)
    ahead, beyond = pages_after(current, count)
    more = tuple(Ask(with_parameter(asked.url, _INDEX, page)) for page in ahead)
    return ListPage(entries, more, total, with_parameter(asked.url, _INDEX, beyond) if beyond else "")
