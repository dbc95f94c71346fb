"""Static lists whose pager is written by `createPageHTML('page_div', count, current, prefix, suffix, rows)`.

Page one is `<prefix>.<suffix>`, page n is `<prefix>_<n>.<suffix>`: counted from one, unlike where the
call begins with the count (DOMAIN.md, CMS families: list_N.shtml).
"""

import re

from crawler.platforms.lists import Ask, ListPage, dated_links, declared_total, join
from crawler.platforms.pagers import pages_after

_CALL = re.compile(
    r"""createPageHTML\(\s*["'][\w-]{1,40}["']\s*,\s*["']?(\d{1,5})["']?\s*,\s*["']?(\d{1,5})["']?\s*,"""
    r"""\s*["']([\w/.-]{1,80})["']\s*,\s*["'](\w{1,10})["']\s*(?:,\s*["']?(\d{1,6})["']?)?"""
)

FINGERPRINT = {"the pager's call createPageHTML('…', count, current, prefix, suffix)": _CALL}
TRACES = re.compile(r"""href=["']?[^"'\s>]*/\d{6}/[0-9a-f]{32}\.shtml""")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a list page; it names all the pages after it."""
    call = _CALL.search(text)
    if call is None:
        return ListPage(dated_links(text, asked.url), (), declared_total(text))
    count, current = int(call[1]), int(call[2])
    name = call[3].rpartition("/")[2]
    ahead, first = pages_after(current, count)
    more = tuple(Ask(join(asked.url, f"{name}_{page}.{call[4]}")) for page in ahead)
    beyond = join(asked.url, f"{name}_{first}.{call[4]}") if first else ""
    total = int(call[5]) if call[5] else declared_total(text)
    return ListPage(dated_links(text, asked.url), more, total, beyond)
