"""The XML of Office documents, parsed so that no document can make the parser work for it.

Entities are declared by no Office program; external ones are never fetched, and nothing that a
relationship points to is opened. ECMA-376 is the source of all element names in this package.
"""

import re
from collections.abc import Iterator

from lxml import etree

from pipelines.errors import DocumentError, LimitExceeded, UnreadableDocument

MOST_MARKS = 2_000_000
"""Tags and attributes of one part, counted by `<` and `=`: each costs some hundred bytes of memory."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_LIMITS = ("depth", "huge", "HUGE", "entity", "amplification", "too long")

_LOOKED_THROUGH = frozenset(
    W + name
    for name in (
        *("ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo"),
        *("ruby", "rubyBase"),
    )
)
_LEFT_OUT = frozenset(W + name for name in ("del", "moveFrom", "rt"))
_SDT, _PLACEHOLDER = W + "sdt", f"{W}sdtPr/{W}showingPlcHdr"
_ALTERNATES, _CHOICE, _FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"


def parse(data: bytes, name: str) -> etree._Element:
    """Parse one part of a document; `name` is for messages.

    Raises:
        LimitExceeded: It holds more elements, deeper ones or longer text than any report, or entities.
        UnreadableDocument: It is no well-formed XML.
    """
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise LimitExceeded(f"{name!r} holds more than {MOST_MARKS} tags and attributes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(transitional(data), parser)
    except etree.XMLSyntaxError as error:
        raise refused(error, name) from error
    without_entities(root, name)
    return root


def transitional(data: bytes) -> bytes:
    """Return a part with the namespaces that nearly all documents use, for those of the strict form."""
    return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)


def refused(error: etree.XMLSyntaxError, name: str) -> DocumentError:
    """Return why a part was not parsed: for a limit of the parser, or because it is damaged."""
    kind = LimitExceeded if any(word in str(error) for word in _LIMITS) else UnreadableDocument
    return kind(f"{name!r} cannot be parsed: {error}")


def without_entities(root: etree._Element, name: str) -> None:
    """Refuse a part that declares entities.

    Raises:
        LimitExceeded: It does.
    """
    if root.getroottree().docinfo.internalDTD is not None:
        raise LimitExceeded(f"{name!r} declares entities, which no Office program does")


def printed(element: etree._Element) -> Iterator[etree._Element]:
    """Yield what stands in an element, as it is printed.

    Wrappers are looked through (insertions, links, content controls); what was deleted or
    moved away, the prompt of an empty content control and the reading aid above a word are no
    content. Of alternatives only the first counts: the others say the same for older programs.
    """
    for child in element:
        if child.tag in _LOOKED_THROUGH:
            yield from printed(child)
        elif child.tag == _SDT:
            if child.find(_PLACEHOLDER) is None:
                yield from printed(child)
        elif child.tag == _ALTERNATES:
            chosen = child.find(_CHOICE)
            chosen = child.find(_FALLBACK) if chosen is None else chosen
            if chosen is not None:
                yield from printed(chosen)
        elif child.tag not in _LEFT_OUT:
            yield child


def value(element: etree._Element, path: str) -> str | None:
    """Return the attribute `val` of the element at this path below; None where there is none.

    An element without the attribute, as switches are written, gives `true`.
    """
    found = element.find(path)
    return None if found is None else found.get(W + "val", "true")


def number(element: etree._Element, path: str, default: int) -> int:
    """Return the whole number in the attribute `val` of the element at this path, if it is one."""
    text = value(element, path) or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else default


def switch(element: etree._Element, path: str) -> bool | None:
    """Return whether the property at this path is on or off; None where it is not set."""
    found = value(element, path)
    return None if found is None else found not in ("0", "false", "off")
