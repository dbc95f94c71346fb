"""Catalogues of `/gkmlpt/`: a script's tree of categories, and lists that are answered as JSON.

`window._CONFIG` holds the site's number `SID` and the `TREE`; `/gkmlpt/api/all/<category>?page=N&sid=SID`
gives a hundred entries a page and their total (DOMAIN.md, CMS families: gkmlpt).
"""

import re
from collections.abc import Iterator
from math import ceil
from typing import Any

from crawler.platforms.answers import count, first_day, json_at, member, read_json
from crawler.platforms.lists import Ask, Entry, ListPage, join, query_of, with_parameter
from crawler.platforms.pagers import pages_after

PER_PAGE = 100

_CONFIG = re.compile(r"window\._CONFIG\s*=\s*\{")
_TREE = re.compile(r"""["']?\bTREE["']?\s*:\s*(?=\[)""")
_SID = re.compile(r"""["']?\bSID["']?\s*:\s*["']?(\d{1,12})""")
_REPORTS = re.compile(r"(信息公开|政务公开).*(年报|年度报告)|^(年度报告|年报)$")

_DAYS = ("display_publish_time", "date", "first_publish_time", "created_at")

FINGERPRINT = {"the script's window._CONFIG": _CONFIG, "its TREE of categories": _TREE}
TRACES = re.compile(r"/gkmlpt/(index|content|policy|guide|annual)|NFCMS_|/content/(post|mpost)_\d+\.html")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read the catalogue, whose lists of reports are asked for, or a page of one of these lists."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return ListPage(lists=tuple(_lists(asked.url, text)))
    answer = read_json(text)
    articles = member(answer, "articles")
    if not isinstance(articles, list):
        return ListPage()
    entries = tuple(_entries(asked.url, articles))
    total = count(member(answer, "total"))
    current = _current(asked.url)
    # The first page shows how many make one; the last may hold fewer.
    pages = ceil((total or 0) / (len(articles) if current == 1 and articles else PER_PAGE))
    ahead, beyond = pages_after(current, pages)
    more = tuple(Ask(with_parameter(asked.url, "page", page)) for page in ahead)
    return ListPage(entries, more, total, with_parameter(asked.url, "page", beyond) if beyond else "")


def _lists(url: str, text: str) -> Iterator[Ask]:
    """Yield a request for each category of reports; the categories below one are parts of it."""
    tree, sid = _TREE.search(text), _SID.search(text)
    root = url.partition("/gkmlpt/")[0]
    if not tree or not sid:
        return
    for category in dict.fromkeys(_categories(json_at(text, tree.end()))):
        yield Ask(f"{root}/gkmlpt/api/all/{category}?page=1&sid={sid[1]}")


def _categories(nodes: Any) -> Iterator[int]:
    """Yield the numbers of the outermost categories whose name says that they hold the reports."""
    waiting = [nodes]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            number = node.get("id")
            if _REPORTS.search(str(node.get("name", "")).strip()) and str(number).isdecimal():
                yield int(str(number))
            else:
                waiting.extend(value for value in node.values() if isinstance(value, list))


def _entries(url: str, articles: list[Any]) -> Iterator[Entry]:
    for article in articles:
        if isinstance(article, dict):
            address = article.get("url") or article.get("post_url")
            title = " ".join(str(article.get("title") or "").split())
            if isinstance(address, str) and address and title:
                yield Entry(join(url, address), title, first_day(article, _DAYS))


def _current(url: str) -> int:
    page = query_of(url).get("page", "1")
    return int(page) if page.isdecimal() else 1
