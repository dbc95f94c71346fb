"""Series as lines: each with its mark, broken where it is, and named at its end where there is room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.site.charts.scale import Ground
from archive.site.charts.svg import Picture, width, wrapped
from archive.site.charts.tones import mark, tones
from archive.site.indicators import percent
from archive.site.printing import number
from archive.site.series import APPROXIMATE, NONE, Chart, Point, Series
from archive.site.words import Words

COLUMN = 168.0
"""Room for the names beside the chart at most."""

LINE = 15.0
"""Height of a line of a name."""


def said(value: float, share: bool) -> str:
    """Return a value as it stands on a chart.

    >>> said(1204, False), said(48.5, False), said(2 / 3, True)
    ('1,204', '48.5', '66.7%')
    """
    if share:
        return percent(value)
    return f"{value:,.0f}" if value == int(value) else number(value)


def draw(picture: Picture, ground: Ground, chart: Chart, t: Words) -> None:
    """Draw the lines, then all marks on top of them, so that no line crosses another's mark."""
    told = list(zip(chart.series, tones(chart.series), strict=True))
    for series, tone in told:
        for rough, path in _paths(series, ground):
            picture.path(f"line c{tone}{' rough' if rough else ''}", path)
    for series, tone in reversed(told):
        for at, point in enumerate(series.points):
            if point.drawn and point.value is not None:
                hint = spoken(series, point, chart.percent, t)
                mark(picture, tone, ground.x(at), ground.y(point.value), hint, point.careful)


def spoken(series: Series, point: Point, share: bool, t: Words) -> str:
    """Return what a point says while it is pointed at."""
    name = t.pick(series.short_zh, series.short_en)
    return f"{point.year} · {name} {said(point.value or 0, share)}"


def _paths(series: Series, ground: Ground) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of a line: whether the way is only roughly right, and the way."""
    run: list[str] = []
    for at, point in enumerate(series.points):
        there = f"{ground.x(at):.1f},{ground.y(point.value or 0):.1f}"
        how = series.joined[at]
        if how in ("", NONE, APPROXIMATE):
            if len(run) > 1:
                yield False, "M" + "L".join(run)
            if how == APPROXIMATE and run:
                yield True, f"M{run[-1]}L{there}"
            run = []
        if point.drawn:
            run.append(there)
    if len(run) > 1:
        yield False, "M" + "L".join(run)


@dataclass(slots=True)
class _Name:
    """The name of a line: where the line ends, and where the name is put."""

    tone: int
    x: float
    y: float
    lines: list[str]
    value: str
    top: float = 0.0

    @property
    def height(self) -> float:
        return LINE * (len(self.lines) + 1)


def room(chart: Chart, letters: float, t: Words) -> float:
    """Return the width of the names beside the chart."""
    names = (line for series in chart.series for line in _lines(series, letters, t))
    return max((width(line, letters) for line in names), default=0) + 22


def _lines(series: Series, letters: float, t: Words) -> list[str]:
    return wrapped(t.pick(series.short_zh, series.short_en), letters, COLUMN - 22)


def names(picture: Picture, ground: Ground, chart: Chart, t: Words) -> None:
    """Write each line's last value and name beside its end, moved apart where they would touch."""
    found = []
    for series, tone in zip(chart.series, tones(chart.series), strict=True):
        drawn = [at for at, point in enumerate(series.points) if point.drawn]
        if drawn:
            point = series.points[drawn[-1]]
            x, y = ground.x(drawn[-1]), ground.y(point.value or 0)
            value = said(point.value or 0, chart.percent)
            if drawn[-1] != len(chart.years) - 1:
                value = f"{value} ({point.year})"
            found.append(_Name(tone, x, y, _lines(series, ground.size.letters, t), value))
    _spread(found, ground.top - 12, ground.bottom + 6)
    for each in found:
        _write(picture, ground, each)


def _spread(found: Sequence[_Name], top: float, bottom: float) -> None:
    """Put each name as near to its line's end as the others let it, from the top down, then up again."""
    ordered = sorted(found, key=lambda each: each.y)
    free = top
    for each in ordered:
        each.top = max(each.y - LINE, free)
        free = each.top + each.height
    free = max(bottom, top + sum(each.height for each in ordered))
    for each in reversed(ordered):
        each.top = min(each.top, free - each.height)
        free = each.top


def _write(picture: Picture, ground: Ground, name: _Name) -> None:
    x, y = ground.right + 18, name.top + LINE - 4
    if abs(name.y - y + 4) > 3 or ground.right - name.x > ground.band:
        way = f"M{name.x + 6:.1f},{name.y:.1f}L{x - 12:.1f},{name.y:.1f}L{x - 3:.1f},{y - 4:.1f}"
        picture.path(f"leader c{name.tone}", way)
    picture.text(f"name c{name.tone}", x, y, name.value, *name.lines, first="value", apart=LINE)
