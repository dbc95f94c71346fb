"""The ground of a chart: grid, years, forms, and the years of which there is nothing to draw."""

from itertools import groupby

from archive.site.charts.scale import Ground
from archive.site.charts.svg import Picture, width, wrapped
from archive.site.charts.tones import VOID, filled
from archive.site.series import Chart
from archive.site.words import Words

ROW = 16.0
"""Height of a line of small letters."""


def amount(value: float, percent: bool) -> str:
    """Return a number of the axis.

    >>> amount(10000, False), amount(0.2, True), amount(0.005, True)
    ('10,000', '20%', '0.5%')
    """
    if not percent:
        return f"{value:,.0f}"
    return f"{value * 100:.10g}%"


def voids(picture: Picture, ground: Ground, chart: Chart, prefix: str, t: Words) -> None:
    """Hatch the years of which nothing is drawn: a gap is told, and is no zero."""
    for at, year in enumerate(chart.years):
        if not chart.drawn(at):
            why = "" if year.report else t.pick(year.zh, year.en)
            hint = f"{year.year} · {why or t('series.nothing')}"
            x, high = ground.left + at * ground.band, ground.size.height
            picture.rect("void", x, ground.top, ground.band, high, filled(VOID, prefix), hint)


def grid(picture: Picture, ground: Ground, percent: bool) -> None:
    """Draw a light line for each number of the axis, and a strong one for 0."""
    for value in ground.ticks:
        y = ground.y(value)
        kind = "grid" if value else "axis"
        picture.line(kind, ground.left, y, ground.right, y)
        picture.text("tick", ground.left - 6, y + 4, amount(value, percent))


def years(picture: Picture, ground: Ground, chart: Chart) -> None:
    """Write the years, the last in any case, as many as there is room for."""
    last = len(chart.years) - 1
    room = width("2024", ground.size.letters) + 6
    step = next(step for step in range(1, last + 2) if ground.band * step >= room or step > last)
    for at, year in enumerate(chart.years):
        if (last - at) % step == 0:
            picture.text("year", ground.x(at), ground.bottom + ROW + 2, str(year.year))


def forms(picture: Picture, ground: Ground, chart: Chart, t: Words) -> float:
    """Write below the years which forms the reports follow, if several; return the height it takes."""
    runs = [
        (form, [at for at, _ in run])
        for form, run in groupby(enumerate(chart.years), key=lambda pair: pair[1].form)
    ]
    if len({form for form, _ in runs if form}) < 2:
        return 0
    y, lines = ground.bottom + ROW + 10, 0
    for form, span in runs:
        if form:
            name = t.get("series.follows_" + form, form)
            x1, x2 = (ground.left + at * ground.band for at in (span[0], span[-1] + 1))
            picture.path("form", f"M{x1 + 2:.1f},{y:.1f}H{x2 - 2:.1f}", name)
            lines = max(lines, _name(picture, name, (x1 + x2) / 2, y, x2 - x1 - 2, ground.size.letters - 1.5))
    return ROW * lines + 8


def _name(picture: Picture, name: str, x: float, y: float, room: float, letters: float) -> int:
    """Write the name of a form in one or two lines if it fits; return how many."""
    lines = wrapped(name, letters, room)
    if len(lines) > 2 or any(width(line, letters) > room for line in lines):
        return 0
    picture.text("formname", x, y + ROW - 2, *lines, apart=ROW - 2)
    return len(lines)
