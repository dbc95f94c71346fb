"""A page's tree brought to what is printed, before it is walked.

In the cells of data tables markup decides what a row of digits means: a raised 1 marks a note,
a struck 12 was taken back, a picture of a number is not nothing. There such elements give way to
text that is no number, so that it is seen that something stood there. Outside of them nothing
is taken away: much of a page is hidden only until somebody clicks.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import cast

from lxml import etree

from archive.markup import elements, roots
from pipelines.documents.tables import GRID, INLINE, Kinds, string_of

PICTURE, CHOICE = "〈图片〉", "〈选项〉"
"""What stands in a cell that prints nothing but a picture, or a choice."""

SKIPPED = (
    *("head", "script", "style", "noscript", "template", "svg", "select", "textarea", "xmp", "iframe"),
    *("noframes", "object", "embed", "canvas", "button", "input", "audio", "video", "rt", "rp"),
)
"""Elements whose content is no text of the page."""

_TABLE_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_PICTURES = ("img", "svg", "object", "embed", "canvas")
_PRINTED_INPUTS = ("", "text", "number", "tel")
_CHANGED = ("sup", "sub", "s", "strike", "del", "input", "textarea", "select", *_PICTURES)
_styled = etree.XPath("//*[@style or @hidden]")
_styles = etree.XPath("//@style", smart_strings=False)
_some_hidden = etree.XPath("boolean(//@hidden)")
_NO_SIZE = re.compile(r"font-size:0(?![.0]*[1-9])")
_MATTERS = re.compile(f"display:none|visibility:hidden|line-through|vertical-align:su|{_NO_SIZE.pattern}")


def keep_printed(root: etree._Element, kinds: Kinds) -> frozenset[etree._Element]:
    """Change the tree in place; return the hidden rows and cells, which take no place in their table."""
    hidden: set[etree._Element] = set()
    pictured: set[etree._Element] = set()
    styled = cast(list[etree._Element], _styled(root)) if _matter(root) else ()
    for element in dict.fromkeys((*elements(root, *_CHANGED), *styled)):
        change = _change_of(element.tag, element.get("style"), element.get("hidden") is not None)
        around = _kind_around(element, kinds) if change or element.tag in _PICTURES else None
        if change and (around == GRID or (around and change in (_strike, _lower))):
            if change is _hide and element.tag in _TABLE_PARTS:
                hidden.update(element.iter("tr", "td", "th"))
            else:
                change(element)
        elif element.tag in _PICTURES and around == GRID and not _is_dot(element):
            pictured.update(islice(element.iterancestors("td", "th"), 1))
    for each in roots(root):
        etree.strip_elements(each, *SKIPPED, with_tail=False)
    for cell in pictured:
        if not string_of(cell).strip():
            cell.text = PICTURE
    return frozenset(hidden)


def _matter(root: etree._Element) -> bool:
    """Tell whether any style hides or strikes out; Word prints thousands, but few different ones."""
    styles = set(cast(list[str], _styles(root)))
    return bool(_some_hidden(root)) or any(_MATTERS.search(_css(style)) for style in styles)


def _css(style: str) -> str:
    return re.sub(r"\s", "", style).lower()


def _kind_around(element: etree._Element, kinds: Kinds) -> str | None:
    """Return the kind of the innermost table around an element, but for one that is part of a cell."""
    around = (kinds.get(table) for table in element.iterancestors("table"))
    return next((kind for kind in around if kind != INLINE), None)


@lru_cache(maxsize=4096)
def _change_of(tag: str, style: str | None, hidden: bool) -> Callable[[etree._Element], None] | None:
    """Return what is done with an element of this tag and style."""
    css = _css(style or "")
    if hidden or "display:none" in css or "visibility:hidden" in css:
        return _hide
    if _NO_SIZE.search(css) and tag not in _TABLE_PARTS:
        return _hide_own
    if tag in ("s", "strike", "del") or "line-through" in css:
        return _strike
    if tag in ("sup", "sub") or ("vertical-align:su" in css and tag not in _TABLE_PARTS):
        return _lower
    return _FIELDS.get(tag)


def _hide(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail


def _hide_own(element: etree._Element) -> None:
    """Take away text of no size; what stands in elements within it may have one of their own."""
    element.text = None
    for child in element:
        child.tail = None


def _strike(element: etree._Element) -> None:
    """Put ~~ around what is struck out, as Markdown does: no number is read from it."""
    for part in list(element.iter("td", "th")) or [element]:
        if string_of(part).strip():
            part.text = f"~~{part.text or ''}"
            if len(part):
                part[-1].tail = f"{part[-1].tail or ''}~~"
            else:
                part.text += "~~"


def _lower(element: etree._Element) -> None:
    """Put a raised mark in brackets, as notes in cells are printed."""
    mark = string_of(element).strip("()（）[]〔〕【】 \n\t\xa0")
    _hide(element)
    element.text = f"（{mark}）" if mark else ""


def _is_dot(picture: etree._Element) -> bool:
    """Tell whether a picture only keeps its cell open."""
    return bool({picture.get("width"), picture.get("height")} & {"0", "1", "1px"})


def _show_input(element: etree._Element) -> None:
    if element.get("type", "").lower() in _PRINTED_INPUTS:
        _print(element, element.get("value", ""))


def _print(element: etree._Element, text: str) -> None:
    """Put text behind an element, which itself is left out."""
    element.tail = text + (element.tail or "")


_FIELDS: dict[str, Callable[[etree._Element], None]] = {
    "input": _show_input,
    "textarea": lambda element: _print(element, string_of(element)),
    "select": lambda element: _print(element, CHOICE),
}
