"""Whether a series goes on from one form to the next, and why it does not: pure, the joins are passed in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive.site.series import APPROXIMATE, EXACT, FORM, NONE, RENAMED, Chart, Note, Series, Year

ORDER = (EXACT, APPROXIMATE, NONE)


@dataclass(frozen=True, slots=True)
class Reason:
    """How far two forms compare, and why."""

    comparability: str
    zh: str
    en: str


UNKNOWN = Reason(NONE, "", "")
"""What holds where the database does not say."""


@dataclass(frozen=True, slots=True)
class Joins:
    """The forms in their order, and how each compares with the next, by indicator."""

    forms: tuple[str, ...]
    steps: Mapping[tuple[str, str, str], Reason]

    def reasons(self, indicator: str, before: str, after: str) -> tuple[Reason, ...]:
        """Return the reasons that count between two forms: of the steps that lie between, the worst."""
        if before == after:
            return (Reason(EXACT, "", ""),)
        first, last = sorted((self.forms.index(before), self.forms.index(after)))
        between = pairwise(self.forms[first : last + 1])
        found = [self.steps.get((indicator, *step), UNKNOWN) for step in between]
        worst = max(ORDER.index(reason.comparability) for reason in found)
        return tuple(reason for reason in found if ORDER.index(reason.comparability) == worst)


def broken(chart: Chart, told: Joins, of: Mapping[str, str], successions: Mapping[str, Reason]) -> Chart:
    """Return a chart whose points know how they continue, with the notes that say why some do not.

    Args:
        chart: the chart as it is read.
        told: how the forms compare.
        of: the indicator whose joins hold for a series, where it is not its own.
        successions: why one agency continues another, by the agency before.
    """
    series = tuple(_joined(each, chart.years, told, of) for each in chart.series)
    drawn = replace(chart, series=series)
    return replace(drawn, notes=tuple(_numbered(_notes(drawn, told, of, successions))))


def _joined(series: Series, years: Sequence[Year], told: Joins, of: Mapping[str, str]) -> Series:
    indicator = of.get(series.code, series.code)
    joined = [""]
    for at in range(1, len(years)):
        before, after = years[at - 1].form, years[at].form
        both = series.points[at - 1].drawn and series.points[at].drawn
        known = both and before in told.forms and after in told.forms
        joined.append(
            told.reasons(indicator, str(before), str(after))[0].comparability
            if known
            else NONE
            if both
            else ""
        )
    return replace(series, joined=tuple(joined[: len(years)]))


_Found = tuple[int, str, str, str, str, tuple[str, ...]]
"""A note without its number."""


def _notes(
    chart: Chart, told: Joins, of: Mapping[str, str], successions: Mapping[str, Reason]
) -> Iterator[_Found]:
    reported = [at for at, year in enumerate(chart.years) if year.report]
    for before, after in pairwise(reported):
        one, other = chart.years[before], chart.years[after]
        if one.agency != other.agency:
            why = successions.get(one.agency, UNKNOWN)
            yield other.year, RENAMED, EXACT, why.zh, why.en, ()
    tabled = [at for at in reported if chart.years[at].form in told.forms]
    for before, after in pairwise(tabled):
        yield from _between(chart, told, of, before, after)


def _between(chart: Chart, told: Joins, of: Mapping[str, str], before: int, after: int) -> Iterator[_Found]:
    """Yield a note for each reason that is not only good news, with the series it holds for."""
    one, other = str(chart.years[before].form), str(chart.years[after].form)
    found: dict[Reason, list[str]] = {}
    for series in chart.series:
        if not (_shown(chart, series, before) or _shown(chart, series, after)):
            continue
        for reason in told.reasons(of.get(series.code, series.code), one, other):
            if reason.comparability != EXACT:
                found.setdefault(reason, []).append(series.code)
    for reason in sorted(found, key=lambda each: -ORDER.index(each.comparability)):
        codes = tuple(found[reason])
        yield chart.years[after].year, FORM, reason.comparability, reason.zh, reason.en, codes


def _shown(chart: Chart, series: Series, at: int) -> bool:
    return chart.drawn(at) and series.points[at].value is not None


def _numbered(found: Iterator[_Found]) -> Iterator[Note]:
    # Sorting keeps the order in which the notes of one year were found.
    for number, each in enumerate(sorted(found, key=lambda note: (note[0], note[1] != RENAMED)), 1):
        yield Note(number, *each)
