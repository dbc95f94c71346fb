"""A stored page as a tree of elements, as documents are read: the element at a place, and all its text.

The parser and its settings must be those with which cells were read, else their paths lead elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml import etree

from archive.errors import ContentTooLarge

MOST_TAGS = 600_000
"""Tags of a page; the largest report seen has 40,000. Each takes some hundred bytes as an element."""

_STEP = re.compile(r"/(?:([^/\[\]'*@ ]+)|\*\[name\(\)='([^']+)'\])(?:\[(\d{1,7})\])?")

# Where these begin and end, a new line begins: what stands on both sides is no one word.
_BREAKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl"),
        *("dt", "fieldset", "figure", "footer", "form", "frame", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
        *("header", "hr", "html", "iframe", "img", "input", "legend", "li", "main", "nav", "ol", "option"),
        *("p", "pre", "script", "section", "select", "style", "table", "tbody", "td", "textarea", "tfoot"),
        *("th", "thead", "title", "tr", "ul"),
    ]
)


def parse(text: str) -> etree._Element:
    """Return the root of a page.

    Raises:
        ContentTooLarge: It has more tags than are taken, or nests them too deeply.
    """
    if text.count("<") > MOST_TAGS:
        raise ContentTooLarge(f"the page has more than {MOST_TAGS} tags")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = text.encode("utf-8", errors="replace").replace(b"\x00", b"")
    try:
        root = etree.fromstring(data, parser=parser)
    except etree.LxmlError:
        root = None
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise ContentTooLarge("elements of the page are nested deeper than 2048")
    return etree.Element("html") if root is None else root


def roots(root: etree._Element) -> list[etree._Element]:
    """Return the root and those that the parser puts behind it: of what stands behind `</html>`.

    >>> len(roots(parse("<p>1</html><p>2")))
    2
    """
    return [root, *(each for each in root.itersiblings() if isinstance(each.tag, str))]


def elements(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield the elements of a page that have one of these tags, in the order in which they stand.

    >>> [each.text for each in elements(parse("<p>1</html><p>2"), "p")]
    ['1', '2']
    """
    return chain.from_iterable(each.iter(*tags) for each in roots(root))


def element_at(root: etree._Element, path: str) -> etree._Element | None:
    """Return the element that a path leads to, from the root on; None where there is none.

    The path is walked, not given to XPath: what is no such path leads nowhere.

    >>> page = parse("<table><tr><td>1<td>2</table>")
    >>> element_at(page, "/html/body/table[1]/tr[1]/td[2]").text
    '2'
    """
    steps = list(_STEP.finditer(path))
    if not steps or "".join(step[0] for step in steps) != path:
        return None
    found: etree._Element | None = None
    children: Iterable[etree._Element] = roots(root)
    for step in steps:
        name, number = step[1] or step[2], int(step[3] or 1)
        alike = (child for child in children if child.tag == name)
        found = next(islice(alike, number - 1, None), None) if number else None
        if found is None:
            return None
        children = found
    return found


def text_of(root: etree._Element) -> str:
    """Return all text of a page, whatever shows it or hides it, a line for each block."""
    return "\n".join("".join(_pieces(each)) for each in roots(root))


def _pieces(root: etree._Element) -> Iterator[str]:
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BREAKS:
            yield "\n"
        text = element.text if event == "start" else element.tail
        if text and not (event == "end" and element is root):
            yield text
