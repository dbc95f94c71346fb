"""Static lists whose pager is written by `createPageHTML(count, current, prefix, suffix)`.

Page one is `<prefix>.<suffix>`, page n is `<prefix>_<n-1>.<suffix>`; documents are called
`tYYYYMMDD_<number>.html` (DOMAIN.md, CMS families: t-date).
"""

import re

from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join

_CALL = re.compile(
    r"""createPageHTML\(\s*(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*["']([\w-]{1,60})["']\s*,\s*["'](\w{1,10})["']"""
)

PAGE_LIMIT = 500
"""Pages of one column that are followed; a larger count is a fault of the page, not a column."""


def matches(text: str) -> bool:
    """Tell whether a list page calls the pager."""
    return _CALL.search(text) is not None


def read_list(url: str, text: str) -> ListPage:
    """Read a list page; it names all the pages after it, also when the column has grown since."""
    call = _CALL.search(text)
    more: tuple[str, ...] = ()
    if call:
        after = range(int(call[2]) + 1, min(int(call[1]), PAGE_LIMIT + 1))
        more = tuple(join(url, f"{call[3]}_{page}.{call[4]}") for page in after)
    # Pages are counted from 0: the one numbered PAGE_LIMIT is the first too many.
    beyond = more[-1] if call and int(call[1]) > PAGE_LIMIT and more else ""
    asks = tuple(Ask(address) for address in more if address != beyond)
    return ListPage(dated_links(text, url), asks, declared_total(text), beyond)
