"""Lists of `/irs/front/list`: the page's script posts JSON that names a tenant, a table and a filter.

`data.list` holds the entries, `data.pager` their total (DOMAIN.md, CMS families: irs).
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from crawler.platforms.answers import count, first_day, json_at, member, read_json
from crawler.platforms.lists import Ask, Entry, ListPage, dated_links, join
from crawler.platforms.pagers import pages_after

PAGE_SIZE = 20

_ADDRESS = re.compile(r"""["']([^"'\s]*/irs/front/list[^"'\s]*)["']""")
_TENANT = re.compile(r"""\btenantId["']?\s*[:=]\s*["']?([\w-]{1,40})""")
_TABLE = re.compile(r"""\btableName["']?\s*[:=]\s*["'](t_\w{1,40})["']""")
_FILTER = re.compile(r"""\bcustomFilter["']?\s*[:=]\s*(?=\{)""")
_TITLES = ("title", "doc_title", "f_title", "name")
_ADDRESSES = ("url", "doc_pub_url", "docpuburl", "link", "pub_url")
_DAYS = ("publish_time", "doc_pub_time", "docreltime", "save_time", "create_time")

FINGERPRINT = {"the address of /irs/front/list": _ADDRESS, "the name of a table": _TABLE}
TRACES = re.compile(r"/irs/front/(list|search)")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a page, whose list is asked for, or an answer."""
    if not asked.json:
        entries, lists = dated_links(text, asked.url), tuple(_lists(asked.url, text))
        return ListPage(entries, (), None, lists=lists)
    answer, sent = read_json(text), read_json(asked.json)
    listed = member(answer, "data", "list")
    entries = tuple(_entries(asked.url, listed)) if isinstance(listed, list) else ()
    total = count(member(answer, "data", "pager", "total"))
    pages, current = -(-(total or 0) // PAGE_SIZE), count(member(sent, "pageNo")) or 1
    ahead, beyond = pages_after(current, pages)
    more = tuple(_page(asked.url, sent, page) for page in ahead)
    return ListPage(entries, more, total, f"{asked.url}#pageNo={beyond}" if beyond else "")


def _lists(url: str, text: str) -> Iterator[Ask]:
    address, table, tenant = _ADDRESS.search(text), _TABLE.search(text), _TENANT.search(text)
    if not address or not table:
        return
    body: dict[str, Any] = {"tableName": table[1], "sorts": [{"sortField": "save_time", "sortOrder": "DESC"}]}
    if tenant:
        body["tenantId"] = tenant[1]
    wanted = _FILTER.search(text)
    if wanted:
        body["customFilter"] = json_at(text, wanted.end()) or {}  # else all is asked for
    yield _page(join(url, unescape(address[1])), body, 1)


def _page(url: str, body: Any, number: int) -> Ask:
    return Ask(url, json=json.dumps({**body, "pageNo": number, "pageSize": PAGE_SIZE}, sort_keys=True))


def _entries(url: str, listed: list[Any]) -> Iterator[Entry]:
    for each in listed:
        title, address = _first(each, _TITLES), _first(each, _ADDRESSES)
        if title and address:
            yield Entry(join(url, address), title, first_day(each, _DAYS))


def _first(each: Any, keys: tuple[str, ...]) -> str:
    said = (member(each, key) for key in keys)
    return next((" ".join(text.split()) for text in said if isinstance(text, str) and text.strip()), "")
