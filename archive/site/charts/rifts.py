"""The breaks of a chart's series: a line between two years, with its number and what it is in a word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive.site.charts.frame import ROW
from archive.site.charts.scale import Ground
from archive.site.charts.svg import Picture, width
from archive.site.series import APPROXIMATE, NONE, RENAMED, Chart, Note
from archive.site.words import Words

APART = 8.0
"""Room between two labels in one row."""


@dataclass(frozen=True, slots=True)
class Rift:
    """What a year begins with.

    Attributes:
        at: place of the year on the axis.
        kind: how it is drawn: `none` where no series goes on, else `approximate` or `renamed`.
        label: its numbers, with words where there is room for them.
        told: its reasons.
        row: in which its label stands, counted from the bottom.
        ends: whether the label ends at the line, and does not begin there.
    """

    at: int
    kind: str
    label: str
    told: str
    row: int = 0
    ends: bool = False


def rifts(
    chart: Chart, left: float, right: float, letters: float, spoken: bool, t: Words
) -> tuple[Rift, ...]:
    """Return the breaks of a chart, their labels in rows so that none stands on another.

    Args:
        chart: the chart.
        left: where its axis begins.
        right: where it ends.
        letters: size of the labels.
        spoken: whether labels have words.
        t: the words.
    """
    band = (right - left) / len(chart.years)
    ends: list[float] = []
    found = []
    for rift in _found(chart, spoken, t):
        x, room = left + rift.at * band, width(rift.label, letters) + 5
        before = x + room > right and x - room > left
        begin, end = (x - room, x) if before else (x, x + room)
        row = next((number for number, last in enumerate(ends) if last + APART <= begin), len(ends))
        ends[row:] = [end, *ends[row + 1 :]]
        found.append(replace(rift, row=row, ends=before))
    return tuple(found)


def height(found: Sequence[Rift]) -> float:
    """Return the room that labels take above the chart."""
    return ROW * max((rift.row + 1 for rift in found), default=0)


def draw(picture: Picture, ground: Ground, found: Sequence[Rift], lift: float) -> None:
    """Draw a line for each break, from its label down to the axis; labels begin `lift` above the chart."""
    places = [
        (rift, ground.left + rift.at * ground.band, ground.top - lift - ROW * rift.row) for rift in found
    ]
    for rift, x, y in places:
        picture.line(f"rift {rift.kind}", x, y - ROW + 5, x, ground.bottom, rift.told)
    for rift, x, y in places:
        if rift.ends:
            picture.text("riftname ends", x - 4, y, rift.label)
        else:
            picture.text("riftname", x + 4, y, rift.label)


def _found(chart: Chart, spoken: bool, t: Words) -> Iterator[Rift]:
    first = chart.years[0].year if chart.years else 0
    for year, group in groupby(chart.notes, key=lambda note: note.year):
        notes = list(group)
        kinds = [_kind(note) for note in notes]
        drawn = next(kind for kind in (APPROXIMATE, NONE, RENAMED) if kind in kinds)
        told = "\n".join(t.pick(note.zh, note.en) for note in notes)
        yield Rift(year - first, drawn, _label(notes, kinds, spoken, t), told)


def _label(notes: Sequence[Note], kinds: Sequence[str], spoken: bool, t: Words) -> str:
    """Return the numbers of notes, those of a kind together: `1 renamed · 2–3 not comparable`."""
    if not spoken:
        return _numbers([note.number for note in notes])
    words = {
        NONE: t("series.rift_none"),
        APPROXIMATE: t("series.rift_approximate"),
        RENAMED: t("series.rift_renamed"),
    }
    parts = []
    for kind in dict.fromkeys(kinds):
        numbers = [note.number for note, each in zip(notes, kinds, strict=True) if each == kind]
        parts.append(f"{_numbers(numbers)} {words[kind]}")
    return " · ".join(parts)


def _numbers(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _kind(note: Note) -> str:
    return RENAMED if note.kind == RENAMED else note.comparability
