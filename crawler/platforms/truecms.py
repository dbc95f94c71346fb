"""Lists that a script fetches from `messageController/getMessage.do`: JSONP around a `<datastore>`.

The column page may embed the first records; the rest is asked for by position (DOMAIN.md, CMS families:
truecms).
"""

import re
from urllib.parse import urlencode, urlsplit

from crawler.platforms.answers import member, read_json
from crawler.platforms.jpage import GROUP, RECORD_LIMIT, embedded, per_page_of
from crawler.platforms.lists import Ask, ListPage, join

_PROXY = re.compile(r"""["']([^"'\s]*messageController/getMessage\.do[^"'\s]*)["']""", re.IGNORECASE)
_COLUMN = re.compile(r"""\bcolumnId["']?\s*:\s*["']([\w-]{1,60})["']""")

FINGERPRINT = {"the address of messageController/getMessage.do": _PROXY, "a columnId": _COLUMN}
TRACES = re.compile(r"/truecms/", re.IGNORECASE)


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a column page, which asks for all that it does not embed, or an answer."""
    if urlsplit(asked.url).path.lower().endswith("/getmessage.do"):
        result = member(read_json(text), "result")
        entries, total = embedded(asked.url, result if isinstance(result, str) else "")
        target, _, query = asked.url.partition("?")
        per_page = per_page_of(query)
        # A column that says no total is asked for its first records, which say it.
        known = total if total is not None and query.startswith("startrecord=1&") else 0
        more = _requests(target, asked.note, 1 + per_page * GROUP, known, per_page)
        return ListPage(entries, more, total)
    proxy, column = _PROXY.search(text), _COLUMN.search(text)
    entries, total = embedded(asked.url, text)
    if not proxy or not column:
        return ListPage(entries, (), total)
    target, per_page = join(asked.url, proxy[1]), per_page_of(text)
    if total is None:
        return ListPage(lists=_requests(target, column[1], 1, 1, per_page))
    return ListPage(entries, _requests(target, column[1], len(entries) + 1, total, per_page), total)


def _requests(target: str, column: str, start: int, total: int, per_page: int) -> tuple[Ask, ...]:
    size = per_page * GROUP
    if size < 1:
        return ()
    positions = (
        {"startrecord": first, "endrecord": first + size - 1, "perpage": per_page}
        for first in range(start, min(total, RECORD_LIMIT) + 1, size)
    )
    return tuple(
        Ask(f"{target}?{urlencode({**position, 'columnId': column, 'callback': 'list'})}", note=column)
        for position in positions
    )
