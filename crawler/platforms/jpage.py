"""Lists that a script fetches from `dataproxy.jsp`; answers are `<datastore>` documents.

The column page embeds the first records; the rest is asked for by position. `nextgroup`
holds a link with the parameters of the column (DOMAIN.md, CMS families: jpage).
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.platforms.lists import Ask, Entry, ListPage, dated_links, declared_total, join

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[(.*?)\]\]>\s*</nextgroup>", re.DOTALL | re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_PROXY = re.compile(r"""["']([^"'\s]*dataproxy\.jsp[^"'\s]*)["']""", re.IGNORECASE)
_TOTAL = re.compile(
    r"""<totalrecord>\s*(\d{1,6})|\btotalRecord["']?\s*[:=]\s*["']?(\d{1,6})""", re.IGNORECASE
)
_PER_PAGE = re.compile(r"""\bperPage["']?\s*[:=]\s*["']?(\d{1,3})""", re.IGNORECASE)
_PARAMETER = re.compile(
    r"""\b(col|appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype)"""
    r"""["']?\s*[:=]\s*["']?([^"',;&\s<>}]{1,80})""",
    re.IGNORECASE,
)

FINGERPRINT = {
    "the address of dataproxy.jsp": re.compile(r"dataproxy\.jsp"),
    "the call of jpage, or a <datastore>": re.compile(r"<datastore|jpage"),
}
TRACES = re.compile(
    # The module xxgk, of the same vendor, has the same addresses: where it is there, it counts.
    r"\A(?!.*/module/xxgk/).*?(?:/col/col\d+/index\.html|/art/20\d\d/\d{1,2}/\d{1,2}/art_\d+_\d+\.html)",
    re.DOTALL,
)

GROUP = 3
"""Pages of records that one request asks for, as the software's own script does."""

RECORD_LIMIT = 10_000
_POSITIONS = {"startrecord", "endrecord", "perpage", "page"}


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a column page or an answer of dataproxy.jsp; a column page asks for all the rest."""
    url = asked.url
    entries, total = embedded(url, text)
    answer = "dataproxy.jsp" in urlsplit(url).path
    more = () if answer else _requests(url, text, len(_RECORD.findall(text)), total or 0)
    beyond = more[-1].url if more and (total or 0) > RECORD_LIMIT else ""
    return ListPage(entries, more[:-1] if beyond else more, total, beyond)


def embedded(url: str, text: str) -> tuple[tuple[Entry, ...], int | None]:
    """Return the records of a `<datastore>`, and how many there are in all where that is said."""
    total = next((int(a or b) for a, b in _TOTAL.findall(text)), None)
    return dated_links("".join(_RECORD.findall(text)), url), declared_total(text) if total is None else total


def per_page_of(text: str) -> int:
    """Return how many records make a page, 15 where that is not said."""
    found = _PER_PAGE.search(text)
    return int(found[1]) if found else 15


def _requests(url: str, text: str, held: int, total: int) -> tuple[Ask, ...]:
    proxy = _PROXY.search(text)
    per_page = per_page_of(text)
    if per_page < 1:
        return ()
    target, form = _target(url, text, proxy[1] if proxy else "/module/web/jpage/dataproxy.jsp")
    asks = []
    # One more than is followed, where there are too many, so that it can be named.
    for start in range(held + 1, min(total, RECORD_LIMIT + per_page * GROUP) + 1, per_page * GROUP):
        end = min(start + per_page * GROUP - 1, total)
        # Some servers go by the record, some by the number of the group alone.
        position = urlencode(
            {
                "page": (start - 1) // (per_page * GROUP),
                "startrecord": start,
                "endrecord": end,
                "perpage": per_page,
            }
        )
        asks.append(Ask(f"{target}?{position}", form))
    return tuple(asks)


def _target(url: str, text: str, proxy: str) -> tuple[str, Mapping[str, str]]:
    group = _NEXT.search(text)
    href = _HREF.search(group[1]) if group else None
    link = next((part for part in href.groups() if part), "") if href else ""
    parts = urlsplit(join(url, link.replace("&amp;", "&") or proxy))
    form = {key: value for key, value in parse_qsl(parts.query) if key.lower() not in _POSITIONS}
    if not form.get("columnid", "").isdecimal():
        # Nothing was said, or in a cipher that answers nothing: the script's own parameters count.
        form = dict(_PARAMETER.findall(text)) or form
    return f"{parts.scheme}://{parts.netloc}{parts.path}", form
