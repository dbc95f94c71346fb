"""Static lists whose pager is written by `createPageHTML(count, current, prefix, suffix)`.

Page one is `<prefix>.<suffix>`, page n is `<prefix>_<n-1>.<suffix>`; documents are called
`tYYYYMMDD_<number>.html` (DOMAIN.md, CMS families: t-date). Older pages write the pager in line, from
`currentPage` and `countPage`.
"""

import re
from typing import NamedTuple

from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join
from crawler.platforms.pagers import PAGE_LIMIT

_CALL = re.compile(
    r"""createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w-]{1,60})["']\s*,\s*["'](\w{1,10})["']"""
)
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d{1,5})\b")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,5})\b")
_FILE = re.compile(r"""["'/]([\w-]{1,60})_["']\s*\+[^;\n]{1,40}\+\s*["']\.(\w{1,10})["'\\]""")

FINGERPRINT = {
    "the pager's call createPageHTML(count, current, prefix, suffix)": re.compile(
        rf"{_CALL.pattern}|{_COUNT.pattern}"
    )
}
TRACES = re.compile(r"""href=["']?[^"'\s>]*/t20\d{6}_\d+\.s?html?\b|class=["']?TRS_Editor\b""")


class _Pager(NamedTuple):
    """How many pages there are, the number of this one (from 0), and how their files are called."""

    pages: int
    current: int
    prefix: str
    suffix: str


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a list page; it names all the pages after it, also when the column has grown since."""
    pager = _pager(text)
    more: tuple[str, ...] = ()
    if pager:
        after = range(pager.current + 1, min(pager.pages, PAGE_LIMIT + 1))
        more = tuple(join(asked.url, f"{pager.prefix}_{page}.{pager.suffix}") for page in after)
    # Pages are counted from 0: the one numbered PAGE_LIMIT is the first too many.
    beyond = more[-1] if pager and pager.pages > PAGE_LIMIT and more else ""
    asks = tuple(Ask(address) for address in more if address != beyond)
    return ListPage(dated_links(text, asked.url), asks, declared_total(text), beyond)


def _pager(text: str) -> _Pager | None:
    call = _CALL.search(text)
    if call:
        return _Pager(int(call[1]), int(call[2]), call[3], call[4])
    count, current, file = _COUNT.search(text), _CURRENT.search(text), _FILE.search(text)
    if not count:
        return None
    prefix, suffix = (file[1], file[2]) if file else ("index", "html")
    return _Pager(int(count[1]), int(current[1]) if current else 0, prefix, suffix)
