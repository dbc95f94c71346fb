"""The key of a chart: what each pattern and mark means, where it is not written beside its line."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.site.charts import bars, lines
from archive.site.charts.scale import Size
from archive.site.charts.svg import Picture, width, wrapped
from archive.site.charts.tones import SWATCH, mark, swatch, tones
from archive.site.series import BARS, Chart
from archive.site.words import Words

LINE = 15.0
APART = 14.0
"""Height of a line of a name, and room between two keys in one row."""

INDENT = SWATCH + 6


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its tone, None for that of the printed totals, and its name."""

    tone: int | None
    name: str


def keys(chart: Chart, t: Words) -> list[Key]:
    """Return the keys of a chart: of bars from the top down, as the parts stand. One series needs none."""
    if len(chart.series) == 1:
        return []
    told = tones(chart.series)
    if chart.kind == BARS:
        shown = list(bars.drawn(chart))
    else:
        shown = [
            place for place, each in enumerate(chart.series) if any(point.drawn for point in each.points)
        ]
    found = [
        Key(told[place], t.pick(chart.series[place].short_zh, chart.series[place].short_en))
        for place in shown
    ]
    if chart.kind == BARS and chart.total:
        name = t.pick(chart.total.short_zh, chart.total.short_en)
        found.insert(0, Key(None, t("series.above", name=name)))
    return found


def beside(chart: Chart, size: Size, t: Words) -> float:
    """Return the width of the column of keys of a chart of bars."""
    names = (line for key in keys(chart, t) for line in _lines(key.name, size))
    return max((width(line, size.letters) + INDENT for line in names), default=0)


def column(picture: Picture, found: Sequence[Key], x: float, y: float, size: Size, prefix: str) -> None:
    """Draw keys one below the other."""
    for key in found:
        names = _lines(key.name, size)
        indent = INDENT if key.tone else 0
        _sign(picture, key, x, y, prefix)
        picture.text("key" if key.tone else "key above", x + indent, y, *names, apart=LINE)
        y += LINE * len(names) + 6


def rows(picture: Picture, chart: Chart, size: Size, prefix: str, t: Words) -> float:
    """Draw keys in rows from the upper left; return the height they take."""
    x, y = 0.0, LINE
    found = keys(chart, t)
    if not found:
        return 0
    for key in reversed(found) if chart.kind == BARS else found:
        indent = INDENT if key.tone else 0
        room = indent + width(key.name, size.letters)
        if x and x + room > size.width:
            x, y = 0.0, y + LINE + 5
        _sign(picture, key, x, y, prefix, chart.kind == BARS)
        picture.text("key" if key.tone else "key above", x + indent, y, key.name)
        x += room + APART
    return y + 8


def _sign(picture: Picture, key: Key, x: float, y: float, prefix: str, part: bool = True) -> None:
    if key.tone and part:
        swatch(picture, key.tone, x, y - SWATCH + 1.5, prefix)
    elif key.tone:
        picture.path(f"line c{key.tone}", f"M{x:.1f},{y - 4:.1f}h{SWATCH}")
        mark(picture, key.tone, x + SWATCH / 2, y - 4)


def _lines(name: str, size: Size) -> list[str]:
    return wrapped(name, size.letters, lines.COLUMN - INDENT)
