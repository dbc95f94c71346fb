"""The indicators of one report from the cells of one revision: pure, exact, and never a guess.

An indicator of which the report's tables know nothing has no value at all, not even an empty one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pipelines.forms import ITEMS, Key
from pipelines.indicators import DEFINITIONS, Definition
from pipelines.indicators.definition import FLAG
from pipelines.indicators.plans import Plan, Terms, plan
from pipelines.reading import AS_PRINTED, ASSUMED_ZERO, BLANK, NUMBER, PLACEHOLDER, UNREADABLE

NO_CASES, NOT_PRINTED, CONTRADICTION = "no_cases", "not_printed", "contradiction"
_ORDER = {definition.id: place for place, definition in enumerate(DEFINITIONS)}

Number = int | Decimal
Cells = Mapping[Key, tuple[str, float | None]]
"""State and value of each cell."""
Items = Mapping[int, tuple[str, float | None]]
"""The same by the ids of the items."""


class Value(NamedTuple):
    """An indicator's value for one report.

    Attributes:
        indicator: its code.
        value: None where it cannot be had.
        numerator, denominator: the sums, None where one cannot be had or there is none.
        n: cases in the denominator.
        enough: 1 if n reaches the minimum, 0 if not, None where none is asked.
        basis: `as_printed`, `assumed_zero` (blanks counted as 0), or why there is no value:
            `no_cases`, `not_printed` (the denominator is 0 only because blanks count as 0),
            `contradiction` (it is below 0), `unreadable` (a cell is, or is missing).
    """

    indicator: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: float | None
    enough: int | None
    basis: str


class _Total(NamedTuple):
    """A sum, None where a cell of it cannot be read, and whether blanks count in it as 0."""

    value: Number | None
    assumed: bool


_UNKNOWN = _Total(None, False)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of a report, blanks and signs as 0; `assumed` holds the items of these."""

    values: Mapping[int, Number]
    assumed: frozenset[int]

    def total(self, terms: Terms) -> _Total:
        number = self.values.__getitem__
        try:
            value = sum(map(number, terms.added))
            if terms.taken:
                value -= sum(map(number, terms.taken))
        except KeyError:
            return _UNKNOWN
        return _Total(value, not self.assumed.isdisjoint(terms.items))

    def as_printed(self, items: tuple[int, ...]) -> Number | None:
        """Return the sum of cells, None unless a number is printed in each."""
        if not self.assumed.isdisjoint(items):
            return None
        try:
            return sum(map(self.values.__getitem__, items))
        except KeyError:
            return None


def values(cells: Cells, form: str, *, due: bool = False, days_late: int | None = None) -> tuple[Value, ...]:
    """Return the value of every indicator that a report has, in the order of the definitions.

    Args:
        cells: Cells of one revision.
        form: Code of the revision's form.
        due: Whether the law names a date for the report.
        days_late: Days after that date, None where it is not known when the report came.
    """
    items = {ITEMS[key].id: cell for key, cell in cells.items() if key in ITEMS}
    return values_of(items, form, due=due, days_late=days_late)


def values_of(
    items: Items, form: str, *, due: bool = False, days_late: int | None = None
) -> tuple[Value, ...]:
    """Return the same from the cells by the ids of their items."""
    numbers, planned = _numbers(items), plan(frozenset(items), form)
    totals = [numbers.total(terms) for terms in planned.sums]
    found = [
        _level(definition, totals[above])
        if below is None
        else _ratio(definition, totals[above], totals[below])
        for definition, above, below in planned.steps
    ]
    found.extend(_of_the_whole(items, numbers, planned))
    if due:
        basis = UNREADABLE if days_late is None else AS_PRINTED
        found.append(Value("days_late", days_late, days_late, None, None, None, basis))
    return tuple(sorted(found, key=lambda value: _ORDER[value.indicator]))


def _numbers(items: Items) -> _Numbers:
    printed = {item: _exact(value or 0.0) for item, (state, value) in items.items() if state == NUMBER}
    assumed = [item for item, (state, _) in items.items() if state in (BLANK, PLACEHOLDER)]
    return _Numbers(printed | dict.fromkeys(assumed, 0), frozenset(assumed))


def _exact(value: float) -> Number:
    """Return what is printed: 48.7917 is no binary fraction."""
    return whole if (whole := int(value)) == value else Decimal(str(value))


def _level(definition: Definition, total: _Total) -> Value:
    if total.value is None:
        return Value(definition.id, None, None, None, None, None, UNREADABLE)
    number = _plain(total.value)
    value = int(number == 0) if definition.kind == FLAG else number
    basis = ASSUMED_ZERO if total.assumed else AS_PRINTED
    return Value(definition.id, value, number, None, None, None, basis)


def _ratio(definition: Definition, above: _Total, below: _Total) -> Value:
    """Divide, or say why it cannot be done; what is known of either side is told all the same."""
    basis = _basis(above, below)
    value = None
    if above.value is not None and below.value and basis in (AS_PRINTED, ASSUMED_ZERO):
        value = _quotient(above.value, below.value)
    n = _known(below)
    enough = None if n is None or definition.minimum is None else int(n >= definition.minimum)
    return Value(definition.id, value, _known(above), n, n, enough, basis)


def _basis(above: _Total, below: _Total) -> str:
    if above.value is None or below.value is None:
        return UNREADABLE
    if below.value == 0:
        return NOT_PRINTED if below.assumed else NO_CASES
    if below.value < 0:
        return CONTRADICTION
    return ASSUMED_ZERO if above.assumed or below.assumed else AS_PRINTED


def _quotient(above: Number, below: Number) -> float:
    """Divide exactly and round once; whole numbers need no fractions for that."""
    if isinstance(above, int) and isinstance(below, int):
        return above / below
    return float(Fraction(above) / Fraction(below))


def _known(total: _Total) -> float | None:
    return None if total.value is None else _plain(total.value)


def _plain(value: Number) -> float:
    return value if isinstance(value, int) else float(value)


def _of_the_whole(items: Items, numbers: _Numbers, planned: Plan) -> Iterator[Value]:
    """Yield what is asked of all cells together; a report without tables has none of it."""
    if not planned.has_tables:
        return
    if planned.equations:
        pairs = [(numbers.as_printed(one), numbers.as_printed(other)) for one, other in planned.equations]
        tried = [pair for pair in pairs if None not in pair]
        held, n = sum(one == other for one, other in tried), len(tried)
        basis = AS_PRINTED if n else NOT_PRINTED
        yield Value("quality_score", held / n if n else None, held, n, n, None, basis)
    states = Counter(state for state, _ in items.values())
    for state in (BLANK, PLACEHOLDER):
        yield Value(f"{state}_cells", states[state], states[state], None, None, None, AS_PRINTED)
