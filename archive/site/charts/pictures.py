"""A chart as a picture: in a page, in two sizes of which the page shows one, and in a file of its own."""

import re
from functools import lru_cache

from markupsafe import Markup

from archive.site import assets
from archive.site.charts import bars, frame, keys, lines, rifts
from archive.site.charts.frame import ROW
from archive.site.charts.scale import NARROW, WIDE, Ground, Size, ticks
from archive.site.charts.svg import NAMESPACE, Picture, escaped, width, wrapped
from archive.site.charts.told import listed
from archive.site.charts.tones import VOID, patterns, tones
from archive.site.series import BARS, LINES, Chart
from archive.site.words import Words

STYLE = "charts.css"
GROUND_STYLE = "gongkai.css"
"""The first of these uses colours that the second names."""

MARGIN = 20.0
"""Around a chart in a file of its own."""


def inline(chart: Chart, name: str, t: Words) -> Markup:
    """Return a chart for a page: wide, and narrow for small screens. `name` is what it is called there."""
    shown = chart.cropped()
    told = f"{about(shown, t)} {t('series.about_table')}"
    drawn = "".join(_inline(shown, size, name, told, t) for size in (WIDE, NARROW))
    # Texts were escaped when they were written.
    return Markup(drawn)  # noqa: S704


def _inline(chart: Chart, size: Size, name: str, told: str, t: Words) -> str:
    ids = f"{chart.code}-{size.name}"
    picture = Picture(hints=size is WIDE)
    high = draw(picture, chart, size, t)
    return (
        f'<svg class="chart {size.name}" viewBox="0 0 {size.width:.0f} {high:.0f}" role="img"'
        f' aria-labelledby="{ids}-title {ids}-about"><title id="{ids}-title">{escaped(name)}</title>'
        f'<desc id="{ids}-about">{escaped(told)}</desc>{picture}</svg>'
    )


def about(chart: Chart, t: Words) -> str:
    """Return what a chart shows, for those who do not see it."""
    first, last = chart.years[0].year, chart.years[-1].year
    names = [t.pick(each.short_zh, each.short_en) for each in chart.series]
    said = [t("series.about", year_first=first, year_last=last, names=listed(names, t))]
    gaps = [str(year.year) for at, year in enumerate(chart.years) if not chart.drawn(at)]
    if gaps:
        said.append(t("series.about_gaps", years=listed(gaps, t)))
    said += [
        t("series.about_break", year=note.year, reason=t.pick(note.zh, note.en) or t("series.no_reason"))
        for note in chart.notes
    ]
    return " ".join(each.unescape() for each in said)


def draw(picture: Picture, chart: Chart, size: Size, t: Words) -> float:
    """Draw a chart from the upper left of a picture; return its height."""
    prefix = f"{chart.code}-{size.name}-"
    told = [VOID, bars.PARTIAL, *tones(chart.series)] if chart.kind == BARS else [VOID]
    patterns(picture, told, prefix)
    scale = ticks(chart)
    left = max(width(frame.amount(each, chart.percent), size.letters) for each in scale) + 8
    column = 0.0
    if size is WIDE:
        column = keys.beside(chart, size, t) if chart.kind == BARS else lines.room(chart, size.letters, t)
    right = size.width - (column + 16 if column else 2)
    breaks = rifts.rifts(chart, left, right, size.letters - 1, size is WIDE, t)
    above = 0.0 if size is WIDE else keys.rows(picture, chart, size, prefix, t)
    # What is written on top of bars stands below the labels of breaks.
    lift = ROW + 4 if chart.kind == BARS else 4.0
    top = above + max(rifts.height(breaks) + lift + 2, ROW + 4)
    ground = Ground(size, left, right, top, scale, len(chart.years))
    frame.voids(picture, ground, chart, prefix, t)
    frame.grid(picture, ground, chart.percent)
    frame.years(picture, ground, chart)
    below = frame.forms(picture, ground, chart, t)
    rifts.draw(picture, ground, breaks, lift)
    _draw_series(picture, ground, chart, prefix, t)
    return ground.bottom + ROW + 10 + below


def _draw_series(picture: Picture, ground: Ground, chart: Chart, prefix: str, t: Words) -> None:
    if chart.kind == LINES:
        lines.draw(picture, ground, chart, t)
        if ground.size is WIDE:
            lines.names(picture, ground, chart, t)
        return
    bars.draw(picture, ground, chart, prefix, t)
    if ground.size is WIDE:
        keys.column(picture, keys.keys(chart, t), ground.right + 16, ground.top + 4, ground.size, prefix)


def alone(chart: Chart, heading: str, measure: str, notes: list[str], source: str, t: Words) -> str:
    """Return a chart as an SVG file that tells by itself what it shows and where it is from.

    Args:
        chart: the chart.
        heading: what it is called, with the agency's name.
        measure: what is counted.
        notes: what its breaks and signs mean, a line each.
        source: where it is from.
        t: the words.
    """
    chart = chart.cropped()
    texts, inner = Picture(), Picture(hints=True)
    y = _texts(texts, "heading", heading, 17, MARGIN + 12, 22)
    y = _texts(texts, "measure", measure, 13, y + 1, 17)
    high = draw(inner, chart, WIDE, t)
    texts.put(f'<g transform="translate({MARGIN:.0f} {y:.0f})">{inner}</g>')
    y += high + 14
    for note in notes:
        y = _texts(texts, "note", note, 12, y, 16)
    y = _texts(texts, "source", source, 12, y + 6, 16)
    wide, high = WIDE.width + 2 * MARGIN, y + MARGIN - 12
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="{NAMESPACE}" class="chart wide alone"'
        f' width="{wide:.0f}" height="{high:.0f}" viewBox="0 0 {wide:.0f} {high:.0f}" role="img"'
        f' aria-labelledby="title about"><title id="title">{escaped(heading)}</title>'
        f'<desc id="about">{escaped(about(chart, t))}</desc><style>{style()}</style>'
        f'<rect class="paper" width="{wide:.0f}" height="{high:.0f}"/>{texts}</svg>\n'
    )


def _texts(picture: Picture, kind: str, text: str, letters: float, y: float, line: float) -> float:
    """Write a text in as many lines as it takes; return where the next begins."""
    for each in wrapped(text, letters, WIDE.width):
        picture.text(kind, MARGIN, y, each)
        y += line
    return y


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of charts for a file of its own: that of the pages in the light, its colours put in.

    Programs that draw SVG know no variables, and no file beside it.
    """
    texts = [(assets.FOLDER / name).read_text("utf-8") for name in (GROUND_STYLE, STYLE)]
    colours = {
        name: value
        for text in texts
        for name, value in re.findall(
            r"(--[a-z0-9]+):\s*([^;]+);", text.partition(":root")[2].partition("}")[0]
        )
    }
    colours |= {"--paper": "#fff", "--leaf": "#fff"}
    drawn = texts[1].partition("/* Drawn */")[2].partition("/* On the page */")[0]
    return re.sub(r"var\((--[a-z0-9]+)\)", lambda found: colours[found[1]], drawn).strip()
