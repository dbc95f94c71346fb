"""How series are told apart, by more than a colour: the parts of bars by patterns, lines by their marks.

What means the same has the same tone in every chart.
"""

from collections.abc import Iterable

from archive.site.charts.svg import Picture, add, element
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
    found = []
    for tone in sorted(set(wanted) - set(SOLID)):
        side = _SIDES[tone]
        inner = element("rect", "under", width=side, height=side)
        if tone in _STROKES:
            inner += element("path", "stroke", d=_STROKES[tone])
        elif tone == 4:
            inner += "".join(element("circle", "dot", cx=at, cy=at, r=0.9) for at in (1.2, 3.7))
        found.append(
            element(
                "pattern",
                f"c{tone}",
                inner,
                id=f"{prefix}{tone}",
                patternUnits="userSpaceOnUse",
                width=side,
                height=side,
            )
        )
    picture.append(element("defs", "", "".join(found)))


_SIDES = {VOID: 7, 2: 5, 4: 5, 5: 4, 6: 9}

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
        add(picture, "circle", kind, hint=hint, cx=x, cy=y, r=3.6)
    else:
        add(picture, "path", kind, hint=hint, d=f"M{x:.1f},{y:.1f}{_SHAPES[tone]}")


_SHAPES = {
    2: "m-3.8,-3.8l7.6,7.6m0,-7.6l-7.6,7.6",
    3: "m-3.4,-3.4h6.8v6.8h-6.8z",
    4: "m0,-4.6l4.4,7.6h-8.8z",
    5: "m0,-4.8l4.8,4.8l-4.8,4.8l-4.8,-4.8z",
    6: "m0,4.6l4.4,-7.6h-8.8z",
}


def swatch(picture: Picture, tone: int, x: float, y: float, prefix: str) -> None:
    """Draw what a part of a bar looks like, its upper left corner at x and y."""
    fill = filled(tone, prefix)
    add(picture, "rect", f"part c{tone}", x=x, y=y, width=SWATCH, height=SWATCH, fill=fill)
