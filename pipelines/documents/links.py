"""What a page brings with it, by the addresses that it writes: files that it links, pages in its frames."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from archive.markup import elements

MOST = 1_000
"""Links and frames that are looked at: no page of a report has as many."""

_FILE = re.compile(
    r"\.(?:pdf|docx?|wps|rtf|xlsx?|et|ofd|txt|zip|rar)(?:[?&#;]|$)|down(?:load|file)", re.IGNORECASE
)
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}


def join(base: str, address: str) -> str:
    """Return an address as it is meant on a page; one that is none stays as it is."""
    with suppress(ValueError):
        return urljoin(base, address)
    return address


def brought(root: etree._Element) -> tuple[str, ...]:
    """Return the addresses, as they are written, of the files a page links and of what its frames hold."""
    return tuple(dict.fromkeys(_addresses(root)))


def _addresses(root: etree._Element) -> Iterator[str]:
    base = next((each.get("href", "").strip() for each in elements(root, "base")), "")
    for element in islice(elements(root, "a", "area", *_FRAMES), MOST):
        address = element.get(_FRAMES.get(element.tag, "href"), "").strip()
        if address and (element.tag in _FRAMES or _FILE.search(address)):
            yield join(base, address)
