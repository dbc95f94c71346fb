"""The agencies that a portal's list names: departments to choose from, groups that a column is cut into.

A stray link names nobody who owes a report here. Only where many agencies stand side by side, as links that
stay on the site or as choices, is it a list of those whose reports the portal holds.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from archive import captures
from archive.captures import Capture
from archive.errors import ArchiveError
from archive.markup import elements
from pipelines.documents.links import join
from pipelines.documents.tables import collapse, string_of
from pipelines.duties import OTHER, kind
from pipelines.names import LONGEST_NAME, full_name, names_agency

FEWEST = 3
"""Agencies side by side that are a list of them."""

MOST = 5_000
"""Links and choices of a page that are looked at."""

_GROUPS = ("ul", "ol", "select", "table", "dl", "div", "td", "section", "nav")
_OUTSIDE = ("footer", "header")


def agencies_in(capture: Capture) -> tuple[str, ...]:
    """Return the agencies that a list names, as they are printed, each once.

    A page that cannot be read names none: it is the crawl's to tell.
    """
    try:
        text = captures.text(capture)
    except ArchiveError:
        return ()
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", errors="replace"), parser=parser)
    except etree.LxmlError:
        return ()
    groups: dict[etree._Element, dict[str, None]] = defaultdict(dict)
    for element, name in _named(root, capture.url) if root is not None else ():
        groups[element][name] = None
    found = (name for names in groups.values() if len(names) >= FEWEST for name in names)
    return tuple(dict.fromkeys(found))


def _named(root: etree._Element, url: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield each choice and each link of this site that names an agency, with what it stands in."""
    host = urlsplit(url).netloc
    for element in islice(elements(root, "a", "option"), MOST):
        target = join(url, element.get("href", ""))
        if element.tag == "a" and urlsplit(target).netloc != host:
            continue
        name = collapse(string_of(element))
        if 2 < len(name) <= LONGEST_NAME and names_agency(name) and kind(full_name(name) or "") != OTHER:
            group = next(element.iterancestors(*_GROUPS), None)
            if group is not None and next(element.iterancestors(*_OUTSIDE), None) is None:
                yield group, name
