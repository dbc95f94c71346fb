"""What is to be said below a chart: why its series break, and what the signs in it mean."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.site.series import ADDED_UP, APPROXIMATE, ASSUMED_ZERO, BARS, RENAMED, Chart, Note
from archive.site.words import Words


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence: with the number that a break bears on the chart, or of a sign."""

    text: str
    number: int | None = None


def told(chart: Chart, t: Words) -> list[Told]:
    """Return the sentences that belong to a chart as it is drawn."""
    chart = chart.cropped()
    return [*(Told(_note(chart, note, t), note.number) for note in chart.notes), *_signs(chart, t)]


def listed(names: Iterable[str], t: Words) -> str:
    """Return names one after the other; some have commas of their own."""
    return ("、" if t.language == "zh" else "; ").join(names)


def _note(chart: Chart, note: Note, t: Words) -> str:
    names = [t.pick(each.short_zh, each.short_en) for each in chart.series if each.code in note.series]
    told = {"year": note.year, "reason": t.pick(note.zh, note.en) or t("series.no_reason")}
    if note.kind == RENAMED:
        return t("series.note_renamed", **told).unescape()
    rough, some = note.comparability == APPROXIMATE, listed(names, t)
    if len(names) == len(chart.series):
        said = t("series.note_approximate", **told) if rough else t("series.note_none", **told)
    elif rough:
        said = t("series.note_approximate_of", names=some, **told)
    else:
        said = t("series.note_none_of", names=some, **told)
    return said.unescape()


def _signs(chart: Chart, t: Words) -> Iterator[Told]:
    """Yield the meaning of each sign that is in the picture, if there is one."""
    if chart.pictured:
        if not all(chart.drawn(at) for at, _ in enumerate(chart.years)):
            yield Told(t("series.sign_void"))
        yield from _of_bars(chart, t) if chart.kind == BARS else _of_lines(chart, t)


def _of_bars(chart: Chart, t: Words) -> Iterator[Told]:
    drawn = [at for at, _ in enumerate(chart.years) if chart.drawn(at)]
    if any(chart.careful(at) for at in drawn):
        added = any(point.basis == ADDED_UP for point in chart.series[0].points)
        yield Told(t("series.sign_partial") if added else t("series.sign_star"))
    if any(_differs(chart, at) for at in drawn):
        yield Told(t("series.sign_printed"))


def _of_lines(chart: Chart, t: Words) -> Iterator[Told]:
    points = [point for series in chart.series for point in series.points if point.drawn]
    if any(point.enough == 0 for point in points):
        yield Told(t("series.sign_few"))
    if any(point.basis == ASSUMED_ZERO for point in points):
        yield Told(t("series.sign_blank"))
    if any(APPROXIMATE in series.joined for series in chart.series):
        yield Told(t("series.sign_rough"))


def _differs(chart: Chart, at: int) -> bool:
    stack, total = chart.stacks[at], chart.total
    if stack is None or total is None or not total.points[at].drawn:
        return False
    return abs((total.points[at].value or 0) - sum(stack)) > 1e-9
