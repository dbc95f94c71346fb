"""What a report's page brings with it: files, the page in its frame, and pictures.

The report may be in any of them alone. What is linked from the page's navigation is no part of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from archive.captures import ATTACHMENT, DETAIL, PICTURE
from archive.markup import elements, roots
from crawler.files import file_name, is_file, is_page, is_picture, viewed
from crawler.platforms.lists import full_title, join

MOST = {ATTACHMENT: 100, DETAIL: 5, PICTURE: 40}
"""Files, frames and pictures of one page that are asked for. A picture may be each page of a report."""

FILLED = 30
"""Cells of a table that is content: the smallest statutory one has 48, a box of metadata some 20."""

LONGEST, MOST_PIECES, LONGEST_SCRIPT = 200, 50, 2_000
"""Characters of a link's text that are kept (the end of a name says most), pieces of markup that it is
joined from, and characters of a link's script that are looked at."""

SMALL = 100
"""Pixels of width or height up to which a picture is an ornament, where the page says how large it is."""

MOST_LINKS, MOST_NAVIGATION = 10_000, 50
"""Links, frames and pictures, and elements named as navigation, that are looked at: no page of a report
has as many, and one made of nothing else must not hold up the crawl."""

_BLOCKS = ("div", "ul", "section", "table")
_NAVIGATION = ("nav", "header", "footer", "aside")
_NAVIGATION_NAMES = {
    *("nav", "navbar", "navigation", "menu", "head", "header", "topbar", "banner", "logo"),
    *("foot", "footer", "copyright", "sidebar", "crumb", "crumbs", "breadcrumb", "share"),
}
_SWALLOWED = 0.9
"""Share of a page's text past which an element is no navigation: its end tag is missing."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ACTION = re.compile(r"""["']([^"'\s?]{1,200}/getGovInfoDetail)["']""", re.IGNORECASE)
_FRAMES = ("iframe", "frame", "embed", "object")
_TYPES = re.compile(r"pdf|msword|officedocument|ms-excel", re.IGNORECASE)
_QUOTED = re.compile(r"""["']([^"'\s]{1,500})["']""")
_ORNAMENT = re.compile(
    r"icon|ico[-_./]|logo|banner|button|btn|arrow|share|weixin|wechat|weibo|qrcode|ewm|spacer|blank|loading",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a page brings: its address, its role as a capture, the text of its link.

    With `form` it is asked for by POST.
    """

    url: str
    role: str
    text: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


def find_parts(url: str, text: str) -> tuple[Part, ...]:
    """Return what a page brings, each address once, in its order.

    Frames and pictures count only where no table of the page is filled: then the report may be
    in them, and the page a shell.

    Args:
        url: Address of the page.
        text: Its markup; or JSON that holds markup and the addresses of files.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return tuple(_answered(url, text))
    root = _parse(text)
    if root is None:
        return ()
    _remove_navigation(root)
    base = next((join(url, each.get("href", "").strip()) for each in elements(root, "base")), url)
    bare = not any(map(_is_filled, elements(root, "table")))
    shown = viewed(url)
    found = {shown: Part(shown, ATTACHMENT)} if shown else {}
    for element in islice(elements(root, "a", "area", "img", *_FRAMES), MOST_LINKS):
        for part in _parts_of(element, base, bare=bare):
            # An icon before the link often leads to the same file, without a word.
            if part.url not in found or not found[part.url].text:
                found[part.url] = part
    found.pop(url, None)
    fetched = _fetched(url, text) if bare else ()
    return (*found.values(), *fetched)


def _fetched(url: str, text: str) -> Iterator[Part]:
    """Yield what the script of a shell fetches: the article of the number in the shell's address.

    Source: DOMAIN.md, CMS families: Epoint (getGovInfoDetail). The number goes by two names; a server
    takes its own. It stands in the address too, which else would be the same for all articles.
    """
    number, action = _GUID.search(url), _ACTION.search(text)
    if number and action:
        params = json.dumps({"infoGuid": number[0], "infoid": number[0]})
        yield Part(join(url, f"{action[1]}?infoGuid={number[0]}"), DETAIL, "", {"params": params})


def _answered(url: str, text: str) -> Iterator[Part]:
    """Yield the files that the JSON of an article names, by their address or in its markup."""
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, (dict, list)):
            waiting += value.values() if isinstance(value, dict) else value
        elif isinstance(value, str) and "<a" in value:
            yield from (part for part in find_parts(url, value) if part.role == ATTACHMENT)
        elif isinstance(value, str) and "/" in value and file_name(join(url, value)):
            yield Part(join(url, value), ATTACHMENT)


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", errors="replace"), parser=parser)
    except etree.LxmlError:
        return None
    for each in roots(root) if root is not None else ():
        etree.strip_elements(each, "script", "style", etree.Comment, with_tail=False)
    return root


def _remove_navigation(root: etree._Element) -> None:
    """Remove what is named as navigation, unless it holds nearly all the text there is."""
    most = sum(map(_length, roots(root))) * _SWALLOWED
    named = filter(_is_navigation, [*elements(root, *_BLOCKS, *_NAVIGATION)])
    for element in islice(named, MOST_NAVIGATION):
        parent = element.getparent()
        if parent is not None and _length(element) <= most:
            parent.remove(element)


def _is_navigation(element: etree._Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
    return element.tag in _NAVIGATION or not _NAVIGATION_NAMES.isdisjoint(names)


def _length(element: etree._Element) -> int:
    return len(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def _is_filled(table: etree._Element) -> bool:
    """Tell whether a table holds content; one around other tables arranges the page."""
    return table.find(".//table") is None and sum(1 for _ in table.iter("td", "th")) >= FILLED


def _parts_of(element: etree._Element, base: str, *, bare: bool) -> Iterator[Part]:
    if element.tag in _FRAMES:
        parts = _framed(element, base, bare=bare)
    elif element.tag == "img":
        parts = _pictured(element, base) if bare else iter(())
    else:
        parts = _linked(element, base, bare=bare)
    return (part for part in parts if part.url.startswith(("http:", "https:")))


def _linked(link: etree._Element, base: str, *, bare: bool) -> Iterator[Part]:
    """Yield the files that a link leads to, by its address, its script or its own text."""
    words = "".join(map(str, islice(link.itertext(), MOST_PIECES)))
    text = full_title(words, link.get("title", ""))[-LONGEST:]
    href = link.get("href", "").strip()
    if not href or href.startswith("#") or href.lower().startswith("javascript:"):
        script = f"{href} {link.get('onclick', '')}"[:LONGEST_SCRIPT]
        quoted = (join(base, each) for each in _QUOTED.findall(script))
        yield from (Part(target, ATTACHMENT, text) for target in quoted if file_name(target))
        return
    target = join(base, href)
    named = any(map(is_file, (text, link.get("title", ""), link.get("download", ""))))
    if viewed(target):
        yield Part(viewed(target), ATTACHMENT, text)
    elif file_name(target) or (named and not is_page(target)):
        yield Part(target, ATTACHMENT, text)
    elif bare and is_picture(target):
        yield Part(target, PICTURE, text)


def _framed(frame: etree._Element, base: str, *, bare: bool) -> Iterator[Part]:
    """Yield the file that a frame shows, or else, of a bare page, what is in the frame."""
    source = (frame.get("data") if frame.tag == "object" else frame.get("src")) or ""
    target = join(base, source.strip())
    if not source.strip():
        return
    if viewed(target):
        yield Part(viewed(target), ATTACHMENT)
    elif file_name(target) or _TYPES.search(frame.get("type", "")):
        yield Part(target, ATTACHMENT)
    elif bare and frame.tag in ("iframe", "frame"):
        yield Part(target, DETAIL)


def _pictured(picture: etree._Element, base: str) -> Iterator[Part]:
    """Yield a picture, unless its name or its size shows that it is an ornament."""
    sources = (picture.get(name, "").strip() for name in ("data-original", "data-src", "src"))
    source = next((each for each in sources if each and not each.startswith("data:")), "")
    sizes = (picture.get(name, "").removesuffix("px") for name in ("width", "height"))
    small = any(size.isdecimal() and int(size) <= SMALL for size in sizes)
    if source and not small and not _ORNAMENT.search(source.rpartition("/")[2]):
        yield Part(join(base, source), PICTURE, picture.get("alt", ""))
