"""The parts of a whole as bars: each part with its pattern, the printed total above."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from archive.site.charts.lines import said, spoken
from archive.site.charts.scale import Ground
from archive.site.charts.svg import add, title, width
from archive.site.charts.tones import filled, tones
from archive.site.series import Chart
from archive.site.words import Words

WIDEST = 44.0
"""A bar is not wider than this, however few there are."""

PARTIAL = 2
"""Tone of a sum that does not rest on all it should."""


def draw(picture: Element, ground: Ground, chart: Chart, prefix: str, t: Words) -> None:
    """Draw a bar for each year of which all parts are known, the first part at the bottom."""
    for at, _ in enumerate(chart.years):
        stack = chart.stack(at)
        if stack is not None:
            _bar(picture, ground, chart, at, stack, prefix, t)
    for at, text, y in _told(chart, ground):
        add(picture, "text", "total", text, x=ground.x(at), y=y - 5, text_anchor="middle")


def _bar(
    picture: Element, ground: Ground, chart: Chart, at: int, stack: tuple[float, ...], prefix: str, t: Words
) -> None:
    wide = min(ground.band * 0.72, WIDEST)
    below = 0.0
    partial = len(stack) == 1 and chart.careful(at)
    for series, tone, value in zip(chart.series, tones(chart.series), stack, strict=True):
        if value:
            tone = PARTIAL if partial else tone
            y, x = ground.y(below + value), ground.x(at) - wide / 2
            high, fill = ground.y(below) - y, filled(tone, prefix)
            part = add(picture, "rect", f"part c{tone}", x=x, y=y, width=wide, height=high, fill=fill)
            title(part, spoken(series, series.points[at], chart.percent, t))
        below += value
    printed = chart.total.points[at] if chart.total else None
    if printed and printed.drawn and printed.value is not None and abs(printed.value - below) > 1e-9:
        y, x = ground.y(printed.value), ground.x(at)
        line = add(picture, "line", "printed", x1=x - wide / 2 - 4, x2=x + wide / 2 + 4, y1=y, y2=y)
        if chart.total:
            title(line, spoken(chart.total, printed, chart.percent, t))


def _told(chart: Chart, ground: Ground) -> Iterator[tuple[int, str, float]]:
    """Yield the totals to be written, with the height they stand on: where two would touch, the later one."""
    free = ground.right + 1e6
    for at in reversed(range(len(chart.years))):
        stack = chart.stack(at)
        point = (chart.total or chart.series[0]).points[at]
        if stack is None or not point.drawn or point.value is None:
            continue
        text = said(point.value, chart.percent) + ("*" if chart.careful(at) else "")
        half = width(text, ground.size.letters - 1) / 2
        if ground.x(at) + half <= free:
            free = ground.x(at) - half - 3
            yield at, text, ground.y(max(sum(stack), point.value))


def drawn(chart: Chart) -> Iterable[int]:
    """Return the places of the series that any bar has a part of, the uppermost first."""
    stacks = [stack for at, _ in enumerate(chart.years) if (stack := chart.stack(at)) is not None]
    return [place for place in reversed(range(len(chart.series))) if any(stack[place] for stack in stacks)]
