"""Elements of SVG, and how much room a text takes."""

import re
import unicodedata
from functools import cache, lru_cache

from markupsafe import Markup, escape

NAMESPACE = "http://www.w3.org/2000/svg"

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even escaped."""

_SPECIAL = re.compile("[&<>\"']|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What a text cannot hold as it is."""

_WIDE, _NARROW = 1.0, 0.6
"""Widths of characters in ems: of Chinese ones, and of others on the average, in rather wide faces."""

_UNBROKEN = re.compile(r"[!-~\u00a1-\u02ff]+|.", re.DOTALL)
"""What a line is not broken within: a word; Chinese breaks anywhere."""

_NOT_FIRST = "，。；：、！？）》」』”"
"""What no line begins with."""


class Picture(list[str]):
    """A picture while it is drawn: its elements as markup, in their order.

    Attributes:
        hints: whether elements say what they are while they are pointed at; on a phone nobody points.
    """

    def __init__(self, *, hints: bool = False) -> None:
        super().__init__()
        self.hints = hints


def element(tag: str, kind: str = "", inner: str = "", **attributes: str | float) -> str:
    """Return an element as markup.

    Args:
        tag: its name.
        kind: its class.
        inner: markup of what stands in it.
        attributes: with `_` for `-`; numbers are written with one decimal.
    """
    told = f' class="{kind}"' if kind else ""
    for name, value in attributes.items():
        told += f' {_hyphened(name)}="{escaped(value) if isinstance(value, str) else place(value)}"'
    return f"<{tag}{told}>{inner}</{tag}>" if inner else f"<{tag}{told}/>"


def add(
    picture: Picture, tag: str, kind: str = "", text: str = "", hint: str = "", **attributes: str | float
) -> None:
    """Add an element: with a text, or with a hint that is shown while it is pointed at."""
    inner = f"<title>{escaped(hint)}</title>" if hint and picture.hints else escaped(text)
    picture.append(element(tag, kind, inner, **attributes))


def escaped(text: str) -> str:
    """Return a text as markup; what is markup already is taken as the text that it is of."""
    plain = text.unescape() if isinstance(text, Markup) else text
    # Most texts are numbers and names, and there are a thousand on a page.
    return str(escape(_ILLEGAL.sub("�", plain))) if _SPECIAL.search(plain) else plain


@cache
def _hyphened(name: str) -> str:
    return name if name == "viewBox" else name.replace("_", "-")


def legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold; markup as the text that it is of."""
    return _ILLEGAL.sub("�", text.unescape() if isinstance(text, Markup) else text)


def place(value: float) -> str:
    """Return a coordinate as it is written.

    >>> place(12.0), place(3.14159), place(-0.04)
    ('12', '3.1', '0')
    """
    return "0" if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def width(text: str, size: float) -> float:
    """Return about how wide a text is, in the unit of `size`, that of its letters."""
    return size * sum(map(_ems, text))


@lru_cache(maxsize=8192)
def _ems(letter: str) -> float:
    wide = letter in "%@mwMW—" or unicodedata.east_asian_width(letter) in "WF"
    return _WIDE if wide else _NARROW


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
