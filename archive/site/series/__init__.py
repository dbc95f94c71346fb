"""The years of one agency as series: in go its reports, out come charts that a page draws and a file holds.

A chart is data: years, the series over them, and what breaks these. Nothing in it is computed anew: each
value is a row of `indicator` or of `cell`, and where there is none the point says why.

* `plan`: which charts there are, and of what
* `asked`, `values`: their values, asked from the database
* `registers`: what the publication says of all indicators
* `breaks`: whether a series goes on from one form to the next, and why not
* `sums`: what the departments of a division report together
* `spreadsheet`: a chart as CSV
"""

from dataclasses import dataclass, field, replace

LINES, BARS = "lines", "bars"
"""How a chart is drawn: levels and rates as lines, the parts of a whole as bars of them."""

AS_PRINTED, ASSUMED_ZERO = "as_printed", "assumed_zero"
NO_REPORT, NO_TABLES, NOT_IN_FORM, WITHHELD = "no_report", "no_tables", "not_in_form", "withheld"
BLANK, PLACEHOLDER, UNREADABLE = "blank", "placeholder", "unreadable"
ADDED_UP, TOO_FEW = "added_up", "too_few"

EXACT, APPROXIMATE, NONE = "exact", "approximate", "none"
"""How far the values of two forms compare, the best first."""

FORM, RENAMED = "form", "renamed"
"""What a series may be broken by."""


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the axis.

    Attributes:
        report: id of the report on it, None where none is held.
        agency, name: who reported: the agency itself, or one that it continues.
        form: code of the report's form.
        state, zh, en: what `coverage` says of the year; empty where it says nothing.
    """

    year: int
    agency: str
    name: str
    report: str | None = None
    form: str | None = None
    state: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series, as the database has it.

    Attributes:
        value: None where there is none; `basis` then says why.
        basis: as in `indicator.basis`, or the state of a cell that holds no number, or `no_report`,
            `no_tables`, `not_in_form` (the form does not ask for it), `withheld`; `added_up` over agencies,
            or `too_few` of them.
        n: what a rate is of; for a sum over agencies, the reports it rests on.
        enough: 0 where n is too small to say much.
        item: the cell, where the value is that of one.
    """

    year: int
    value: float | None
    basis: str
    n: int | None = None
    enough: int | None = None
    item: int | None = None

    @property
    def drawn(self) -> bool:
        """Return whether it is drawn: a zero that nobody printed is no zero."""
        return self.value is not None and not (self.basis == ASSUMED_ZERO and self.value == 0)

    @property
    def careful(self) -> bool:
        """Return whether it is to be read with care: it rests on few cases, or partly on blanks."""
        return self.basis == ASSUMED_ZERO or self.enough == 0


@dataclass(frozen=True, slots=True)
class Series:
    """One series: a point for each year of the chart.

    Attributes:
        code: of the indicator, or row and column of the cell with a dot between them.
        zh, en: its name.
        short_zh, short_en: the same without what all names of the chart begin with.
        joined: how each point continues that of the year before: `exact`, `approximate`, `none`; empty
            where either is not drawn.
    """

    code: str
    zh: str
    en: str
    short_zh: str
    short_en: str
    unit: str
    points: tuple[Point, ...]
    joined: tuple[str, ...] = ()

    def since(self, start: int) -> "Series":
        """Return it without its first years."""
        return replace(self, points=self.points[start:], joined=self.joined[start:])


@dataclass(frozen=True, slots=True)
class Note:
    """Why series break, or go on only roughly, before a year.

    Attributes:
        number: it bears on the chart.
        kind: `form` or `renamed`.
        series: codes of the series it holds for.
    """

    number: int
    year: int
    kind: str
    comparability: str
    zh: str
    en: str
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Series that are drawn together.

    Attributes:
        code: its name in addresses.
        kind: `lines` or `bars`.
        percent: whether values are parts of 1.
        total: what the parts of a bar add up to, as printed.
        beside: series that stand in the table only.
        stacks: of bars, the parts of each year's bar, None where they are not all known.
    """

    code: str
    kind: str
    percent: bool
    years: tuple[Year, ...]
    series: tuple[Series, ...]
    total: Series | None = None
    beside: tuple[Series, ...] = ()
    notes: tuple[Note, ...] = ()
    stacks: tuple[tuple[float, ...] | None, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        if self.kind == BARS:
            stacks = tuple(self._stack(at) for at, _ in enumerate(self.years))
            object.__setattr__(self, "stacks", stacks)

    @property
    def columns(self) -> tuple[Series, ...]:
        """Return all series of the table, in its order."""
        return (*self.series, *((self.total,) if self.total else ()), *self.beside)

    @property
    def defined(self) -> frozenset[str]:
        """Return the codes of the series that are indicators."""
        return frozenset(each.code for each in self.columns if "." not in each.code) - {"reports", "expected"}

    def drawn(self, at: int) -> bool:
        """Return whether anything is drawn of a year."""
        if self.kind == BARS:
            return self.stacks[at] is not None
        return any(series.points[at].drawn for series in self.series)

    def _stack(self, at: int) -> tuple[float, ...] | None:
        """Return the parts of a year's bar, None where they are not all known: half a bar would mislead.

        A part that the form does not ask for is none if the others make up the printed total. Blanks
        count as 0, but they make no bar of zeros, and none that the printed total contradicts.
        """
        points = [series.points[at] for series in self.series]
        known = [point for point in points if point.basis != NOT_IN_FORM]
        if not known or any(point.value is None and not _blank(point) for point in known):
            return None
        total = self.total.points[at] if self.total else None
        printed = total.value if total and total.drawn else None
        parts = tuple(point.value or 0.0 for point in points)
        agree = printed is not None and abs(printed - sum(parts)) < 1e-9
        if len(known) < len(points):
            return parts if agree else None
        if any(_blank(point) for point in known):
            return parts if (agree if printed is not None else sum(parts) > 0) else None
        return parts

    def careful(self, at: int) -> bool:
        """Return whether blanks count as 0 in a year's bar, or not all it should rest on is there."""
        return any(_blank(series.points[at]) or series.points[at].enough == 0 for series in self.series)

    @property
    def told(self) -> bool:
        """Return whether any report says anything of it."""
        return any(point.value is not None for series in self.columns for point in series.points)

    @property
    def pictured(self) -> bool:
        """Return whether a picture says more than the table: of two years at least, and not all of zeros."""
        years = [at for at, _ in enumerate(self.years) if self.drawn(at)]
        return len(years) > 1 and not self.flat

    def cropped(self) -> "Chart":
        """Return what a picture shows: from the year before the first that is drawn; the table has all."""
        first = next((at for at, _ in enumerate(self.years) if self.drawn(at)), 0)
        start = max(first - 1, 0)
        return replace(
            self,
            years=self.years[start:],
            series=tuple(each.since(start) for each in self.series),
            total=self.total.since(start) if self.total else None,
            beside=tuple(each.since(start) for each in self.beside),
            notes=tuple(note for note in self.notes if note.year >= self.years[start].year),
        )

    @property
    def flat(self) -> bool:
        """Return whether all that is drawn is zero."""
        shown = (*self.series, self.total) if self.total else self.series
        values = [point.value for series in shown for point in series.points]
        return any(value is not None for value in values) and not any(values)


def _blank(point: Point) -> bool:
    """Tell whether blanks count as 0 in a value."""
    return point.basis in (BLANK, PLACEHOLDER, ASSUMED_ZERO)
