"""Elements of SVG, and how much room a text takes."""

import re
import unicodedata
from functools import lru_cache

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


class Picture:
    """A picture while it is drawn: its elements as markup, in their order.

    Each is given by its class, `kind`, and may have a hint, which is shown while it is pointed at. Elements
    are written out here, not put together by name: there are a thousand on a page.

    Attributes:
        hints: whether hints are kept; on a phone nobody points.
    """

    def __init__(self, *, hints: bool = False) -> None:
        self._elements: list[str] = []
        self._hints = hints

    def __str__(self) -> str:
        return "".join(self._elements)

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float, hint: str = "") -> None:
        """Add a straight line."""
        start = f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._elements.append(self._ended(start, "line", hint))

    def rect(
        self, kind: str, x: float, y: float, width: float, height: float, fill: str = "", hint: str = ""
    ) -> None:
        """Add a rectangle; what it is filled with, if not said, its class says."""
        start = f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        self._elements.append(self._ended(f'{start} fill="{fill}"' if fill else start, "rect", hint))

    def path(self, kind: str, way: str, hint: str = "") -> None:
        """Add a path."""
        self._elements.append(self._ended(f'<path class="{kind}" d="{way}"', "path", hint))

    def circle(self, kind: str, x: float, y: float, radius: float, hint: str = "") -> None:
        """Add a circle."""
        start = f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"'
        self._elements.append(self._ended(start, "circle", hint))

    def text(self, kind: str, x: float, y: float, *lines: str, first: str = "", apart: float = 0) -> None:
        """Add a text in one line, or in several that are `apart`; the first may be of another class."""
        said = escaped(lines[0])
        if len(lines) > 1:
            more = "".join(f'<tspan x="{x:.1f}" dy="{apart}">{escaped(line)}</tspan>' for line in lines[1:])
            said = (f'<tspan class="{first}">{said}</tspan>' if first else said) + more
        self._elements.append(f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{said}</text>')

    def put(self, markup: str) -> None:
        """Add markup."""
        self._elements.append(markup)

    def _ended(self, start: str, tag: str, hint: str) -> str:
        return f"{start}><title>{escaped(hint)}</title></{tag}>" if hint and self._hints else f"{start}/>"


def escaped(text: str) -> str:
    """Return a text as markup; what is markup already is taken as the text that it is of."""
    plain = text.unescape() if isinstance(text, Markup) else text
    return str(escape(_ILLEGAL.sub("�", plain))) if _SPECIAL.search(plain) else plain


def legal(text: str) -> str:
    """Return a text without the characters that XML cannot hold; markup as the text that it is of."""
    return _ILLEGAL.sub("�", text.unescape() if isinstance(text, Markup) else text)


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
