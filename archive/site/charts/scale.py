"""Where things stand on a chart: nice numbers on its axis, and coordinates of years and values."""

from dataclasses import dataclass
from math import ceil, floor, log10

from archive.site.series import BARS, Chart

MOST = 5
"""Steps of the axis at most."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a chart is drawn: its width, the height of what is between the axes, and its letters."""

    name: str
    width: float
    height: float
    letters: float


WIDE = Size("wide", 720, 230, 13)
NARROW = Size("narrow", 360, 190, 12)
"""For screens where the wide one would have letters too small to read."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The room between the axes, and how values and years are placed in it."""

    size: Size
    left: float
    right: float
    top: float
    ticks: tuple[float, ...]
    years: int

    @property
    def bottom(self) -> float:
        """Return where 0 is."""
        return self.top + self.size.height

    @property
    def band(self) -> float:
        """Return the room that one year has."""
        return (self.right - self.left) / self.years

    def x(self, at: float) -> float:
        """Return the middle of a year's room."""
        return self.left + (at + 0.5) * self.band

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return self.bottom - value / self.ticks[-1] * self.size.height


def ticks(chart: Chart) -> tuple[float, ...]:
    """Return the numbers of the axis, from 0 to one that is not below any that is drawn."""
    return nice(max(_values(chart), default=0), 0 if chart.percent else 1)


def nice(most: float, least: float = 0) -> tuple[float, ...]:
    """Return at most six numbers from 0 up, each a round step from the other, the last not below `most`.

    The steps are 1, 2 or 5 of some power of ten, and not below `least`.

    >>> nice(3), nice(0.487), nice(0, 1), nice(9017)
    ((0, 1, 2, 3), (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), (0, 1), (0, 2000, 4000, 6000, 8000, 10000))
    """
    most = max(most, least)
    if most <= 0:
        return 0, 1
    power = floor(log10(most / MOST))
    steps = [(digit, exponent) for exponent in (power, power + 1) for digit in (1, 2, 5)]
    wanted = (_times(digit, exponent) for digit, exponent in steps)
    step = next(each for each in wanted if each >= least and most / each <= MOST * (1 + 1e-9))
    count = max(ceil(most / step - 1e-9), 1)
    return tuple(each * step if step >= 1 else round(each * step, 12) for each in range(count + 1))


def _times(digit: int, exponent: int) -> float:
    power = int(10 ** abs(exponent))
    return digit * power if exponent >= 0 else digit / power


def _values(chart: Chart) -> list[float]:
    """Return every value that is drawn."""
    if chart.kind == BARS:
        found = [sum(stack) for stack in chart.stacks if stack is not None]
        total = chart.total.points if chart.total else ()
        return found + [point.value or 0 for at, point in enumerate(total) if point.drawn and chart.drawn(at)]
    return [point.value or 0 for series in chart.series for point in series.points if point.drawn]
