"""Static lists whose pages are numbered backwards: `nb.htm`, then `nb/7.htm`, `nb/6.htm` … `nb/1.htm`.

The second page has the highest number, so that old pages never change. The pager is made of links in
`p_pages`, documents are called `/info/<column>/<number>.htm` (DOMAIN.md, CMS families: VSB).
"""

import re

from bs4 import BeautifulSoup

from crawler.platforms.lists import Ask, ListPage, dated_links_in, declared_total
from crawler.platforms.pagers import linked_pages

FINGERPRINT = {"the pager class=p_pages": re.compile(r"""\bclass\s*=\s*["']?[^"'>]*\bp_pages\b""")}
TRACES = re.compile(r"_showDynClicks|/info/\d{3,5}/\d+\.htm\b|NewsContentUrl|/system/_content/")


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a list page; from its links to the next and the last page all between them are named."""
    soup = BeautifulSoup(text, "lxml")
    more, beyond = linked_pages(asked.url, soup)
    return ListPage(dated_links_in(soup, asked.url), more, declared_total(text), beyond)
