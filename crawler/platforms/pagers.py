"""Pagers made of links: which further pages a list page names, also those between the ones it shows."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from crawler.platforms.lists import Ask, join

PAGE_LIMIT = 500
"""Pages of one column that are followed; a larger count is a fault of the page, not a column."""

_NEXT = re.compile(r"(下一?页|后一?页|后页|next|>|›)[>›]?", re.IGNORECASE)
_LAST = re.compile(r"(尾|末|最后一?)页|last|>>|»", re.IGNORECASE)
_PAGES = re.compile(r"共\s*(\d{1,4})\s*页|\b\d{1,4}\s*/\s*(\d{1,4})\s*页|[页第]\s*\d{1,4}\s*/\s*(\d{1,4})")
_NUMBER = re.compile(r"(\d+)")


def linked_pages(url: str, soup: BeautifulSoup) -> tuple[tuple[Ask, ...], str]:
    """Return requests for the pages after this one that its pager's links lead to.

    Between the next page and the last one all are named, where their addresses count up or down by
    one (博达 counts down: the second page has the highest number).

    Args:
        url: Address of the page.
        soup: The page.

    Returns:
        The requests in the order of the pages, and the address of the first page beyond the limit.
    """
    numbered, following, last = _links(url, soup)
    ahead = [numbered[number] for number in sorted(numbered)]
    first = following or (ahead[0] if ahead else "")
    end = last or (ahead[-1] if ahead else "")
    pages = dict.fromkeys(filter(None, [*_between(first, end), *ahead, first, end]))
    pages.pop(url, None)
    addresses = tuple(pages)
    beyond = addresses[PAGE_LIMIT - 1] if len(addresses) >= PAGE_LIMIT else ""
    return tuple(map(Ask, addresses[: PAGE_LIMIT - 1])), beyond


def pages_after(current: int, count: int) -> tuple[range, int]:
    """Return the numbers, from 1, of the pages to ask for after one, and the first beyond the limit.

    >>> pages_after(2, 4), pages_after(1, 501)
    ((range(3, 5), 0), (range(2, 501), 501))
    """
    beyond = PAGE_LIMIT + 1 if count > PAGE_LIMIT >= current else 0
    return range(current + 1, min(count, PAGE_LIMIT) + 1), beyond


def unread_pager(text: str) -> str:
    """Return the words with which a page says that there are more pages than one, if it does.

    >>> unread_pager("共 11 页"), unread_pager("第1/3"), unread_pager("共1页")
    ('共 11 页', '第1/3', '')
    """
    found = _PAGES.search(text)
    return found[0] if found and int(next(filter(None, found.groups()))) > 1 else ""


def _links(url: str, soup: BeautifulSoup) -> tuple[Mapping[int, str], str, str]:
    """Return the pager's links: by number (the first page left out), to the next page, to the last."""
    numbered: dict[int, str] = {}
    following = last = ""
    for link in soup.find_all("a", href=True):
        text = link.get_text("", strip=True)
        target = join(url, str(link["href"]).strip())
        if not _is_beside(target, url):
            continue
        if text.isdecimal() and 1 < int(text) <= 10_000:
            numbered.setdefault(int(text), target)
        elif _LAST.fullmatch(text):
            last = last or target
        elif _NEXT.fullmatch(text):
            following = following or target
    # The pages before this one are known: a pager shows its numbers in one line with the current one.
    return {n: target for n, target in numbered.items() if target != url}, following, last


def _is_beside(target: str, url: str) -> bool:
    """Tell whether an address is one of a page of the same list: on its host, at or below its folder."""
    one, other = urlsplit(target), urlsplit(url)
    folder = other.path.rpartition("/")[0] + "/"
    return one.scheme in ("http", "https") and one.netloc == other.netloc and one.path.startswith(folder)


def _between(first: str, last: str) -> Iterable[str]:
    """Return the addresses from one to the other, where they differ in one number; else none."""
    one, other = _NUMBER.split(first), _NUMBER.split(last)
    differ = [at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or len(differ) != 1 or differ[0] % 2 == 0:
        return ()
    (at,) = differ
    start, end = int(one[at]), int(other[at])
    step = 1 if end > start else -1
    numbers = range(start, end + step, step)[:PAGE_LIMIT]
    return ("".join((*one[:at], str(number), *one[at + 1 :])) for number in numbers)
