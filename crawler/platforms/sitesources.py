"""Lists of the `/sitesources/<site>/page_pc/` software: list1.html, list2.html and so on.

Entries stand in `#articleListTable`, documents are called `article<32 hex digits>.html`; reports are
filed in a sub-column for each year (DOMAIN.md, CMS families: sitesources).
"""

import re

from bs4 import BeautifulSoup, Tag

from crawler.platforms.lists import Ask, ListPage, dated_links_in, declared_total
from crawler.platforms.pagers import linked_pages, unread_pager

FINGERPRINT = {"the list id=articleListTable": re.compile(r"""\bid\s*=\s*["']?articleListTable\b""")}
TRACES = re.compile(r"/sitesources/\w+/page_pc/")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a list page; its pager links to the pages after it."""
    soup = BeautifulSoup(text, "lxml")
    more, beyond = linked_pages(asked.url, soup)
    table = soup.find(id="articleListTable")
    entries = dated_links_in(table, asked.url) if isinstance(table, Tag) else ()
    unread = "" if more or beyond else unread_pager(soup.get_text(" "))
    return ListPage(entries, more, declared_total(text), beyond, unread=unread)
