"""How series are told apart, by more than a colour: the parts of bars by patterns, lines by their marks.

What means the same has the same tone in every chart.
"""

from collections.abc import Iterable

from archive.site.charts.svg import Picture
from archive.site.series import Series

_TONES = {
    "carried_in": 4,
    "refusal_rate": 3,
    "unable_rate": 4,
    "not_processed_rate": 5,
    "review_corrected": 3,
    "review_other": 2,
    "review_pending": 6,
    "suit_corrected": 3,
    "suit_other": 2,
    "suit_pending": 6,
}

COUNT = 6
SOLID = (1, 3)
"""Tones that fill a bar without a pattern."""

VOID = 0
"""What fills the room of a year without numbers."""

SWATCH = 12.0


def tones(series: Iterable[Series]) -> tuple[int, ...]:
    """Return the tone of each series of a chart, from 1."""
    return tuple(_TONES.get(each.code, place % COUNT + 1) for place, each in enumerate(series))


def patterns(picture: Picture, wanted: Iterable[int], prefix: str) -> None:
    """Define the patterns of these tones; their ids begin with `prefix`, for a page has many charts."""
    found = "".join(_pattern(tone, prefix) for tone in sorted(set(wanted) - set(SOLID)))
    picture.put(f"<defs>{found}</defs>")


def _pattern(tone: int, prefix: str) -> str:
    side = _SIDES[tone]
    room = f'width="{side}" height="{side}"'
    strokes = f'<path class="stroke" d="{_STROKES[tone]}"/>' if tone in _STROKES else ""
    dots = "".join(f'<circle class="dot" cx="{at}" cy="{at}" r="0.9"/>' for at in _DOTS.get(tone, ()))
    head = f'<pattern class="c{tone}" id="{prefix}{tone}" patternUnits="userSpaceOnUse" {room}>'
    return f'{head}<rect class="under" {room}/>{strokes}{dots}</pattern>'


_SIDES = {VOID: 7, 2: 5, 4: 5, 5: 4, 6: 9}

_DOTS = {4: (1.2, 3.7)}

_STROKES = {
    VOID: "M0,0L7,7M-1,6L1,8M6,-1L8,1",
    2: "M0,5L5,0M-1,1L1,-1M4,6L6,4",
    5: "M0,2H4",
}


def filled(tone: int, prefix: str) -> str:
    """Return what the shape of a bar's part is filled with."""
    return "currentColor" if tone in SOLID else f"url(#{prefix}{tone})"


def mark(picture: Picture, tone: int, x: float, y: float, hint: str = "", hollow: bool = False) -> None:
    """Draw the mark of a line's point; a hollow one is to be read with care."""
    kind = f"mark c{tone}{' hollow' if hollow else ''}"
    if tone == 1:
        picture.circle(kind, x, y, 3.6, hint)
    else:
        picture.path(kind, f"M{x:.1f},{y:.1f}{_SHAPES[tone]}", hint)


_SHAPES = {
    2: "m-3.8,-3.8l7.6,7.6m0,-7.6l-7.6,7.6",
    3: "m-3.4,-3.4h6.8v6.8h-6.8z",
    4: "m0,-4.6l4.4,7.6h-8.8z",
    5: "m0,-4.8l4.8,4.8l-4.8,4.8l-4.8,-4.8z",
    6: "m0,4.6l4.4,-7.6h-8.8z",
}


def swatch(picture: Picture, tone: int, x: float, y: float, prefix: str) -> None:
    """Draw what a part of a bar looks like, its upper left corner at x and y."""
    picture.rect(f"part c{tone}", x, y, SWATCH, SWATCH, filled(tone, prefix))
