"""The parts of a whole as bars: each part with its pattern, the printed total above."""

from collections.abc import Iterable, Iterator

from archive.site.charts.lines import said, spoken
from archive.site.charts.scale import Ground
from archive.site.charts.svg import Picture, width
from archive.site.charts.tones import filled, tones
from archive.site.series import Chart
from archive.site.words import Words

WIDEST, SHARE = 44.0, 0.72
"""A bar is not wider than this, however few there are, and takes this much of a year's room."""

PARTIAL = 2
"""Tone of a sum that does not rest on all it should."""


def draw(picture: Picture, ground: Ground, chart: Chart, prefix: str, t: Words) -> None:
    """Draw a bar for each year of which all parts are known, the first part at the bottom."""
    for at, stack in enumerate(chart.stacks):
        if stack is not None:
            _bar(picture, ground, chart, at, stack, prefix, t)
    for x, y, text in _told(chart, ground):
        picture.text("total", x, y, text)


def _bar(
    picture: Picture, ground: Ground, chart: Chart, at: int, stack: tuple[float, ...], prefix: str, t: Words
) -> None:
    wide = min(ground.band * SHARE, WIDEST)
    below = 0.0
    partial = len(stack) == 1 and chart.careful(at)
    for series, tone, value in zip(chart.series, tones(chart.series), stack, strict=True):
        if value:
            tone = PARTIAL if partial else tone
            y, x = ground.y(below + value), ground.x(at) - wide / 2
            hint = spoken(series, series.points[at], chart.percent, t)
            high = ground.y(below) - y
            picture.rect(f"part c{tone}", x, y, wide, high, filled(tone, prefix), hint)
        below += value
    total = chart.total
    printed = total.points[at] if total else None
    if total and printed and printed.drawn and abs((printed.value or 0) - below) > 1e-9:
        y, x = ground.y(printed.value or 0), ground.x(at)
        hint = spoken(total, printed, chart.percent, t)
        half = wide / 2 + 4
        picture.line("printed", x - half, y, x + half, y, hint)


def _told(chart: Chart, ground: Ground) -> Iterator[tuple[float, float, str]]:
    """Yield the totals to be written, each with the middle and the bottom of its place.

    Where one would touch another or a bar beside its own, it is left out; the last and the highest go first.
    """
    tops = {at: _top(chart, at) for at, stack in enumerate(chart.stacks) if stack is not None}
    highest = max(tops, key=lambda at: tops[at], default=0)
    order = sorted(tops, key=lambda at: (at != max(tops), at != highest, -at))
    letters = ground.size.letters - 1
    taken: list[tuple[float, float]] = []
    for at in order:
        point = (chart.total or chart.series[0]).points[at]
        if not point.drawn or point.value is None:
            continue
        text = said(point.value, chart.percent) + ("*" if chart.careful(at) else "")
        half = width(text, letters) / 2
        x = min(ground.x(at), ground.size.width - half)
        free = all(abs(x - other) > half + room + 2 for other, room in taken)
        hidden = any(
            tops[other] > tops[at] and abs(x - ground.x(other)) < half + ground.band * SHARE / 2
            for other in tops
        )
        if free and not hidden:
            taken.append((x, half))
            yield x, ground.y(tops[at]) - 5, text


def _top(chart: Chart, at: int) -> float:
    """Return how high a year's bar is, or the printed total above it."""
    total = chart.total.points[at] if chart.total else None
    return max(sum(chart.stacks[at] or ()), total.value or 0 if total and total.drawn else 0)


def drawn(chart: Chart) -> Iterable[int]:
    """Return the places of the series that any bar has a part of, the uppermost first."""
    stacks = [stack for stack in chart.stacks if stack is not None]
    return [place for place in reversed(range(len(chart.series))) if any(stack[place] for stack in stacks)]
