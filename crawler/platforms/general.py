"""Lists of a software that nobody has seen: what looks like a list of reports, and a pager of links.

It comes after all others. A page is a list where it names a report, or holds several dated links and
no frame that could be the list.
"""

import re

from bs4 import BeautifulSoup, Tag

from crawler.platforms.lists import (
    Ask,
    Entry,
    ListPage,
    dated_links,
    declared_total,
    find_date,
    full_title,
    join,
)
from crawler.platforms.pagers import linked_pages, unread_pager

REPORT = re.compile(r"(19|20)\d\d.*信息公开.*(年报|年度报告|报告)|信息公开.*(年报|年度报告).*(19|20)\d\d")
"""Titles of single reports: they name a year."""

ENOUGH = 3
"""Dated links that make a page a list, though none of them is a report."""


def is_list(text: str) -> bool:
    """Tell whether a page is a list."""
    if "<a" not in text.lower():
        return False
    soup = BeautifulSoup(text, "lxml")
    if any(map(_is_report, soup.find_all("a", href=True))):
        return True
    return soup.find(["iframe", "frame"], src=True) is None and len(dated_links(text, "http://h/")) >= ENOUGH


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a page: its dated links, its links to reports though without a date, its pager."""
    soup = BeautifulSoup(text, "lxml")
    entries = {entry.url: entry for entry in dated_links(text, asked.url)}
    for link in filter(_is_report, soup.find_all("a", href=True)):
        entry = Entry(join(asked.url, str(link["href"]).strip()), _title(link), _date_beside(link))
        entries.setdefault(entry.url, entry)
    more, beyond = linked_pages(asked.url, soup)
    unread = "" if more or beyond else unread_pager(soup.get_text(" "))
    return ListPage(tuple(entries.values()), more, declared_total(text), beyond, unread=unread)


def _is_report(link: Tag) -> bool:
    href = str(link["href"]).strip().lower()
    return not href.startswith(("javascript:", "#", "mailto:")) and REPORT.search(_title(link)) is not None


def _title(link: Tag) -> str:
    return full_title(link.get_text("", strip=True), str(link.get("title") or ""))


def _date_beside(link: Tag) -> str:
    """Return the date in the element around a link, if that holds no other link."""
    around = link.parent
    if around is None or len(around.find_all("a")) > 1:
        return ""
    return find_date(around.get_text(" "))
