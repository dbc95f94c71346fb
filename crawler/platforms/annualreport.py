"""Reports that one page answers by parameters: `xxgkAnnualReport.jsp?fbtime=<year>&area=<agency>`.

The page links to itself, for each year and each agency; no address names a report, and no title either: the
year is in the link (DOMAIN.md, metadata of 丽水市's portal as seen; the vendor is that of xxgk).
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup

from crawler.platforms.lists import Ask, Entry, ListPage, join, link_title, query_of

_PAGE = re.compile(r"xxgkAnnualReport\.jsp\?[^\"'\s<>]*fbtime=\d{4}", re.IGNORECASE)

FINGERPRINT = {"links to xxgkAnnualReport.jsp with a year": _PAGE}
TRACES = re.compile(r"xxgkAnnualReport\.jsp", re.IGNORECASE)


def read_list(asked: Ask, text: str) -> ListPage:
    """Read a page: each link with a year and an area is a report; one with a year alone leads to more."""
    entries: dict[str, Entry] = {}
    lists: dict[str, Ask] = {}
    for url, year, area, words in _links(asked.url, text):
        if area:
            entries.setdefault(url, Entry(url, f"{words}{year}年政府信息公开工作年度报告"))
        elif url != asked.url:
            lists.setdefault(url, Ask(url))
    return ListPage(tuple(entries.values()), lists=tuple(lists.values()))


def _links(url: str, text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield address, year, area and words of each link to the page that answers reports."""
    for link in BeautifulSoup(text, "lxml").find_all("a", href=_PAGE):
        target = join(url, str(link["href"]).strip())
        try:
            said = {name.lower(): value for name, value in query_of(target).items()}
        except ValueError:
            continue
        words = link_title(link)
        if re.fullmatch(r"\d{4}", said.get("fbtime", "")):
            yield target, said["fbtime"], said.get("area", ""), re.sub(r"(19|20)\d\d年?(度)?", "", words)
