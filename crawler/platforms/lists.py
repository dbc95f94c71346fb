"""What every platform's list page comes down to: entries, further requests, a declared total."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from w3lib.url import safe_url_string

_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_TOTAL = re.compile(r"(?:共|总共|共有)\s*(\d{1,6})\s*条(?:记录|信息|数据)?")
_CUT = re.compile(r"(…|\.\.\.)\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a list: address, full title, and the date beside it (YYYY-MM-DD or empty)."""

    url: str
    title: str
    listed_on: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a list or a page of it; with `form`, or with `json` as its body, it is a POST.

    `note` is not sent: it is what the page that asks knows, for the reading of the answer.
    """

    url: str
    form: Mapping[str, str] = field(default_factory=dict)
    json: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list page, read.

    Attributes:
        entries: what it lists.
        more: requests for the pages after it, in their order.
        declared: number of entries the list says it has in all.
        beyond: address of the first page that is not asked for, as there are too many.
        lists: requests for lists of their own, where the page is a shell around them.
        unread: words of a pager that names further pages to which no address was found.
    """

    entries: tuple[Entry, ...] = ()
    more: tuple[Ask, ...] = ()
    declared: int | None = None
    beyond: str = ""
    lists: tuple[Ask, ...] = ()
    unread: str = ""


def dated_links(markup: str, base: str) -> tuple[Entry, ...]:
    """Return the links of a page or fragment that stand in a list item or row with a date.

    BeautifulSoup reads the fragments that list answers consist of as forgivingly as
    browsers do. Navigation carries no dates, so it falls away by itself.
    """
    return dated_links_in(BeautifulSoup(markup, "lxml"), base)


def dated_links_in(part: Tag, base: str) -> tuple[Entry, ...]:
    """Return the dated links of a page, or part of one, that is parsed already; as `dated_links`."""
    found: dict[str, Entry] = {}
    for item in part.find_all(["li", "tr", "dd"]):
        if item.find(["li", "tr", "dd"]) is None:
            for entry in _entries(item, base):
                found.setdefault(entry.url, entry)
    return tuple(found.values())


def _entries(item: Tag, base: str) -> Iterator[Entry]:
    listed_on = find_date(item.get_text(" "))
    if not listed_on:
        return
    for link in item.find_all("a"):
        href = str(link.get("href") or "").strip()
        title = link_title(link)
        if href and title and not is_script(href):
            yield Entry(join(base, href), title, listed_on)


def link_title(link: Tag) -> str:
    """Return the title of a link (`full_title`)."""
    return full_title(link.get_text("", strip=True), str(link.get("title") or ""))


def is_script(href: str) -> bool:
    """Tell whether a link leads to no page: to a script, a place on the same page, a mailbox."""
    return href.strip().lower().startswith(("javascript:", "#", "mailto:"))


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address that have a value."""
    return dict(parse_qsl(urlsplit(url).query))


def with_parameter(url: str, name: str, value: object) -> str:
    """Return an address with one parameter set, those without a value kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {name: str(value)}
    return parts._replace(query=urlencode(query)).geturl()


def join(base: str, href: str) -> str:
    """Return a link's absolute address as it will be asked for, or the link where none can be formed."""
    try:
        address = urljoin(base, href).partition("#")[0]
        return safe_url_string(address) if address.startswith(("http:", "https:")) else address
    except ValueError:
        return href


def full_title(text: str, attribute: str) -> str:
    """Return a link's title: its text, or the title attribute where the text is cut short.

    >>> full_title("样例局2020年政府信息公开…", "样例局2020年政府信息公开工作年度报告")
    '样例局2020年政府信息公开工作年度报告'
    """
    text, attribute = " ".join(text.split()), " ".join(attribute.split())
    if attribute and (not text or _CUT.search(text)):
        return attribute
    return text


def find_date(text: str) -> str:
    """Return the first date in a text as YYYY-MM-DD, or an empty string.

    >>> find_date("[2021年1月5日]"), find_date("2021-13-01")
    ('2021-01-05', '')
    """
    for year, month, day in _DATE.findall(text):
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return f"{year}-{int(month):02d}-{int(day):02d}"
    return ""


def declared_total(text: str) -> int | None:
    """Return the total that a column declares ("共 45 条"), or None."""
    match = _TOTAL.search(text)
    return int(match[1]) if match else None
