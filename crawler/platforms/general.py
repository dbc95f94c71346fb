"""Lists of a software that nobody has seen: what looks like a list of reports, and a pager of links.

It comes after all others. A page is a list where it names a report, or holds several dated links and
no frame that could be the list.
"""

import re
from itertools import islice

from bs4 import BeautifulSoup, Tag

from crawler.platforms.lists import (
    Ask,
    Entry,
    ListPage,
    dated_links_in,
    declared_total,
    find_date,
    is_script,
    join,
    link_title,
)
from crawler.platforms.pagers import linked_pages, unread_pager

REPORT = re.compile(r"(19|20)\d\d.*信息公开.*(年报|年度报告|报告)|信息公开.*(年报|年度报告).*(19|20)\d\d")
"""Titles of single reports: they name a year."""

ENOUGH = 3
"""Dated links that make a page a list, though none of them is a report."""

NEAR = 3
"""Elements around a link in which its date may stand."""


def is_list(text: str) -> bool:
    """Tell whether a page is a list."""
    if "<a" not in text.lower():
        return False
    soup = BeautifulSoup(text, "lxml")
    links = soup.find_all("a", href=True)
    if any(map(_is_report, links)):
        return True
    dated = (link for link in links if not is_script(str(link["href"])) and _date_beside(link))
    return soup.find(["iframe", "frame"], src=True) is None and len(list(islice(dated, ENOUGH))) == ENOUGH


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a page: its dated links, its links to reports though without a date, its pager."""
    soup = BeautifulSoup(text, "lxml")
    entries = {entry.url: entry for entry in dated_links_in(soup, asked.url)}
    for link in soup.find_all("a", href=True):
        entry = Entry(join(asked.url, str(link["href"]).strip()), link_title(link), _date_beside(link))
        if entry.title and (_is_report(link) or (entry.listed_on and not is_script(str(link["href"])))):
            entries.setdefault(entry.url, entry)
    more, beyond = linked_pages(asked.url, soup)
    unread = "" if more or beyond else unread_pager(soup.get_text(" "))
    return ListPage(tuple(entries.values()), more, declared_total(text), beyond, unread=unread)


def _is_report(link: Tag) -> bool:
    return not is_script(str(link["href"])) and REPORT.search(link_title(link)) is not None


def _date_beside(link: Tag) -> str:
    """Return the date in the largest of the next elements around a link that holds no other link."""
    around = link.parent
    found = ""
    for _ in range(NEAR):
        if around is None or len(around.find_all("a", limit=2)) > 1:
            break
        found = find_date(around.get_text(" "))
        around = around.parent
    return found
