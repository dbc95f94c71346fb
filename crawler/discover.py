"""From a home page to the column of reports, when no column is declared or it has moved."""

import re

from bs4 import BeautifulSoup

from crawler.platforms.lists import full_title, join

_COLUMN = re.compile(r"(政府)?信息公开(工作)?(年度报告|年报)")
_WAY = re.compile(r"(政府)?信息公开|政务公开|公开年报")
_SPECIFIC = re.compile(r"(19|20)\d\d")

DEPTH = 3
"""Clicks from the home page: the column stands at most three away (国办公开办函〔2019〕61号)."""

FRAME_DEPTH = 2
"""Frames within frames that are followed: real column pages have one around the list."""


def find_frames(url: str, text: str) -> tuple[str, ...]:
    """Return the addresses of a page's frames: a column may be a shell around its list.

    >>> find_frames("http://h/nb/", "<iframe src='list.html'></iframe><iframe src='about:blank'>")
    ('http://h/nb/list.html',)
    """
    frames = BeautifulSoup(text, "lxml").find_all(["frame", "iframe"], src=True)
    sources = (join(url, str(frame["src"]).strip()) for frame in frames)
    return tuple(dict.fromkeys(source for source in sources if source.startswith(("http:", "https:"))))


def find_links(url: str, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses of columns of reports, and of pages that may lead to one.

    A link that names a year is one report or a year's notice, not the column.
    """
    columns: dict[str, None] = {}
    pages: dict[str, None] = {}
    for link in BeautifulSoup(text, "lxml").find_all("a", href=True):
        title = full_title(link.get_text("", strip=True), str(link.get("title") or ""))
        target = join(url, str(link["href"]).strip())
        if _SPECIFIC.search(title) or len(title) > 20:
            continue
        if _COLUMN.fullmatch(title):
            columns[target] = None
        elif _WAY.search(title):
            pages[target] = None
    return tuple(columns), tuple(page for page in pages if page not in columns)
