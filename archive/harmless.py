"""A stored page made harmless: written anew from its tree, with nothing in it but what is named here.

Nothing of the markup is copied. What is written are tags of `KEPT`, the attributes of `_attributes`,
and text with its angle brackets escaped. None of these tags makes a browser read what follows otherwise than
as HTML (no script, style, textarea, SVG, MathML, template), so no text can become an element, however the
browser moves elements about. Addresses are text; nothing is loaded, and nothing leads anywhere.
"""

import re
from collections.abc import Container, Iterator
from html import escape

from lxml import etree

from archive import markup

KEPT = frozenset(
    [
        *("address", "b", "big", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s"),
        *("small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "tt", "u", "ul"),
    ]
)
"""Elements that stay what they are. A `mark` of the page's own does not: it would pass for ours."""

BLOCKS = frozenset(
    [
        *(
            "article",
            "aside",
            "body",
            "center",
            "details",
            "dialog",
            "dir",
            "fieldset",
            "figcaption",
            "figure",
        ),
        *("footer", "form", "frameset", "header", "hgroup", "legend", "main", "menu", "nav", "noframes"),
        *("noscript", "section", "summary"),
    ]
)
"""Elements of which a `div` is left; of others that are not kept only what they hold."""

DROPPED = frozenset(
    [
        *("area", "audio", "base", "basefont", "bgsound", "col", "colgroup", "datalist", "input", "link"),
        *("meta", "optgroup", "option", "param", "script", "select", "source", "style", "template"),
        *("textarea", "title", "track", "video"),
    ]
)
"""Elements that go with all they hold."""

PLACEHOLDERS = {
    "img": ("图片 picture", "alt"),
    "iframe": ("嵌入的页面 embedded page", "src"),
    "frame": ("嵌入的页面 embedded page", "src"),
    "embed": ("嵌入的文件 embedded file", "src"),
    "object": ("嵌入的文件 embedded file", "data"),
}
"""What stands in place of something that would be loaded, and the attribute that tells of it."""

LONGEST = 300
"""Characters of an address or a description that are shown."""

WIDEST = 1000
_VOID = frozenset(["br", "hr"])
_OF_TABLES = frozenset(["table", "thead", "tbody", "tfoot", "tr"])
_CELLS = frozenset(["td", "th"])
# Characters that no text has; a browser would replace or drop them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")

MARK = '<mark id="cell">'


def harmless(root: etree._Element, marked: etree._Element | None = None) -> str:
    """Return a page as markup that can do nothing.

    Args:
        root: of the page.
        marked: what is marked: an element, or a row or a table, of which the cells are then. The first mark
            has the id `cell`.
    """
    writer = _Writer(_innermost(marked))
    return "".join(piece for each in markup.roots(root) for piece in writer.write(each))


def _innermost(marked: etree._Element | None) -> set[etree._Element]:
    """Return the elements that can hold a mark: in a table only its cells can."""
    if marked is None:
        return set()
    return set(marked.iter(*_CELLS)) if marked.tag in _OF_TABLES else {marked}


class _Writer:
    def __init__(self, marked: Container[etree._Element]) -> None:
        self._marked = marked
        self._opening = MARK

    def write(self, root: etree._Element) -> Iterator[str]:
        """Yield the pieces of the page, walked without recursion."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "end":
                yield from self._close(element, tag)
                if element is not root:
                    yield text(element.tail)
            elif tag in DROPPED:
                walk.skip_subtree()
            else:
                yield from self._open(element, tag)
                yield text(element.text)

    def _open(self, element: etree._Element, tag: str) -> Iterator[str]:
        name = _name(tag)
        if name:
            yield f"<{name}{_attributes(element, tag)}>"
        elif tag in PLACEHOLDERS:
            word, told = PLACEHOLDERS[tag]
            yield f'<span class="absent">[{word} {text(element.get(told, "")[:LONGEST])}]</span>'
        elif not tag.isascii():
            # A title in angle brackets, which the parser took for an element.
            yield text(f"<{tag}>")
        if element in self._marked and name not in _VOID:
            yield self._opening
            self._opening = "<mark>"

    def _close(self, element: etree._Element, tag: str) -> Iterator[str]:
        name = _name(tag)
        if tag in DROPPED or name in _VOID:
            return
        if element in self._marked:
            yield "</mark>"
        if name:
            yield f"</{name}>"


def _name(tag: str) -> str:
    """Return the name under which an element is written, or nothing."""
    if tag in KEPT:
        return tag
    if tag == "a":
        return "span"
    return "div" if tag in BLOCKS else ""


def _attributes(element: etree._Element, tag: str) -> str:
    if tag == "a":
        address = element.get("href", "")[:LONGEST]
        return f' class="link" title="{text(address)}"' if address else ""
    if tag not in _CELLS:
        return ""
    spans = ((name, element.get(name, "").strip()) for name in ("colspan", "rowspan"))
    return "".join(f' {name}="{min(int(value), WIDEST)}"' for name, value in spans if _is_span(value))


def _is_span(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 6 and int(value) > 1


def text(value: str | None) -> str:
    """Return a text as it may stand in markup and in an attribute between quotation marks."""
    return escape(_CONTROLS.sub("", value)) if value else ""
