"""Elements of SVG, and how much room a text takes."""

import re
import unicodedata
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from markupsafe import Markup

NAMESPACE = "http://www.w3.org/2000/svg"

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even escaped."""

_WIDE, _NARROW = 1.0, 0.6
"""Widths of characters in ems: of Chinese ones, and of others on the average, in rather wide faces."""

_UNBROKEN = re.compile(r"[!-~\u00a1-\u02ff]+|.", re.DOTALL)
"""What a line is not broken within: a word; Chinese breaks anywhere."""

_NOT_FIRST = "，。；：、！？）》」』”"
"""What no line begins with."""


def root(kind: str, **attributes: object) -> Element:
    """Return the element of a picture of its own."""
    picture = Element("svg", {"xmlns": NAMESPACE, "class": kind})
    _set(picture, attributes)
    return picture


def add(parent: Element, tag: str, kind: str = "", text: str = "", **attributes: object) -> Element:
    """Add an element and return it.

    Args:
        parent: what it is added to.
        tag: its name.
        kind: its class.
        text: what stands in it.
        attributes: with `_` for `-`; numbers are written with one decimal.
    """
    element = ElementTree.SubElement(parent, tag)
    if kind:
        element.set("class", kind)
    _set(element, attributes)
    if text:
        element.text = legal(text)
    return element


def title(element: Element, text: str) -> None:
    """Give an element a text that is shown while it is pointed at."""
    add(element, "title", text=text)


def write(picture: Element) -> str:
    """Return a picture as markup, which is XML and stands in HTML too."""
    return ElementTree.tostring(picture, encoding="unicode")


def legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold; markup as the text that it is of.

    Texts are escaped when the picture is written.
    """
    return _ILLEGAL.sub("�", text.unescape() if isinstance(text, Markup) else text)


def place(value: float) -> str:
    """Return a coordinate as it is written.

    >>> place(12.0), place(3.14159), place(-0.04)
    ('12', '3.1', '0')
    """
    return "0" if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def width(text: str, size: float) -> float:
    """Return about how wide a text is, in the unit of `size`, that of its letters."""
    return size * sum(_WIDE if _is_wide(each) else _NARROW for each in text)


def _is_wide(letter: str) -> bool:
    return letter in "%@mwMW—" or unicodedata.east_asian_width(letter) in "WF"


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Return a text cut into lines that fit a room; a word that is wider stands alone, a full stop may hang.

    >>> wrapped("Requests that could not be met", 10, 110), wrapped("无法提供合计。", 10, 60)
    (['Requests that', 'could not be met'], ['无法提供合计。'])
    """
    lines, line = [], ""
    for piece in _UNBROKEN.findall(legal(text)):
        over = width((line + piece).strip(), size) > room
        if over and line.strip() and piece not in _NOT_FIRST and not piece.isspace():
            lines.append(line.strip())
            line = ""
        line += piece
    return [*lines, line.strip()] if line.strip() else lines


def _set(element: Element, attributes: dict[str, object]) -> None:
    for name, value in attributes.items():
        written = place(value) if isinstance(value, int | float) else legal(str(value))
        element.set(name.replace("_", "-") if name != "viewBox" else name, written)
