"""From a home page to the column of reports, when no column is declared or it has moved."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from crawler.platforms.lists import join, link_title

_COLUMN = re.compile(r"[^，。《]{0,8}(信息公开|政务公开)(工作)?(年度报告|年报)(汇总|专栏)?|公开年报")
_WAY = re.compile(r"(政府)?信息公开|政务公开|公开年报")
_SPECIFIC = re.compile(r"(19|20)\d\d")

_YEAR = re.compile(r"(19|20)\d\d年(度)?((政府)?信息公开)?(工作)?(年报|年度报告|报告)?(汇总)?")
_GROUP = re.compile(
    r"[^，。《]{0,10}(部门|单位|政府|乡镇|[乡镇]|街道|办事处|县区|区县|县市区|[市区县]直|机构)[^，。《]{0,4}(年报|年度报告)?"
)
_INDEX = re.compile(r"(index|default|list)\b|list\d", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"/t20\d{6}_\d+\.|/art_\d|/article[0-9a-f]{8}|/post_\d|/[0-9a-f]{32}\.|/info/\d+/|\.(pdf|docx?|xlsx?|zip|rar)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"""\b(?:name|title|text|label)["']?\s*:\s*["']([^"'{}]{2,40})["']""", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""\b(?:url|href|link|linkurl|path)["']?\s*:\s*["']([^"'{}\s]{1,300})["']""", re.IGNORECASE
)

LONGEST_SCRIPT = 1_000_000
"""Characters of a script in which a menu is looked for."""

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

    A link that names a year is one report or a year's notice, not the column. Menus that a script
    builds from a tree of names and addresses count as links.
    """
    columns: dict[str, None] = {}
    pages: dict[str, None] = {}
    soup = BeautifulSoup(text, "lxml")
    links = [(link_title(link), str(link["href"])) for link in soup.find_all("a", href=True)]
    for title, href in (*links, *_nodes(soup)):
        target = join(url, href.strip())
        if _SPECIFIC.search(title) or len(title) > 20 or not target.startswith(("http:", "https:")):
            continue
        if _COLUMN.fullmatch(title):
            columns[target] = None
        elif _WAY.search(title):
            pages[target] = None
    return tuple(columns), tuple(page for page in pages if page not in columns)


def find_subcolumns(url: str, text: str) -> tuple[str, ...]:
    """Return the addresses of a column's parts: one for each year, or for a group of agencies.

    >>> find_subcolumns("http://h/nb/", "<a href='2022n/'>2022年</a><a href='bm/list1.html'>区政府部门</a>")
    ('http://h/nb/2022n/', 'http://h/nb/bm/list1.html')
    """
    found: dict[str, None] = {}
    for link in BeautifulSoup(text, "lxml").find_all("a", href=True):
        title, target = link_title(link), join(url, str(link["href"]).strip())
        if target == url or _DOCUMENT.search(target) or urlsplit(target).netloc != urlsplit(url).netloc:
            continue
        if _YEAR.fullmatch(title) or (_is_below(target, url) and _GROUP.fullmatch(title)):
            found[target] = None
    return tuple(found)


def _nodes(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield name and address of each node of the trees in a page's scripts."""
    for script in soup.find_all("script", src=False):
        for node in script.get_text()[:LONGEST_SCRIPT].split("{")[1:]:
            # Up to the children, whose own braces come next.
            name, address = _NAME.search(node), _ADDRESS.search(node)
            if name and address:
                yield name[1], address[1].replace("\\/", "/")


def _is_below(target: str, url: str) -> bool:
    """Tell whether an address stands below that of a column, be that a folder or a page."""
    folder, _, page = urlsplit(url).path.rpartition("/")
    if page and not _INDEX.match(page):
        folder += "/" + page.partition(".")[0]
    return urlsplit(target).path.startswith(folder + "/")
