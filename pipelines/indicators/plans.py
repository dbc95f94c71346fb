"""Which cells are added up for which indicator, in a report that prints these cells.

The terms that apply to a table are those of the form whose cells it prints, whatever the year:
a report in the form of 2021 may still print the one row 其他处理. Reports that print the same cells
share a plan, so that it is worked out once for thousands of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.checks import EQUATIONS
from pipelines.forms import ITEMS, KEYS_BY_ID, Key, form_followed, form_named
from pipelines.indicators import DEFINITIONS, Definition, Operand

Followed = tuple[tuple[str, str], ...]
"""Table and the form whose terms apply to it."""


class Terms(NamedTuple):
    """The items that are added, and those that are taken away."""

    added: tuple[int, ...]
    taken: tuple[int, ...]

    @property
    def items(self) -> tuple[int, ...]:
        """Return all items of the sum."""
        return self.added + self.taken


class Step(NamedTuple):
    """A definition with the places of its two sums among those of the plan; a level has no second."""

    definition: Definition
    above: int
    below: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to work out for a report.

    Attributes:
        sums: each once, however many indicators need it.
        steps: the indicators whose every table is there.
        equations: the two sides of each identity of K1 to K4.
        has_tables: whether the report's form has any.
    """

    sums: tuple[Terms, ...]
    steps: tuple[Step, ...]
    equations: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    has_tables: bool


@lru_cache(maxsize=256)
def plan(items: frozenset[int], form: str) -> Plan:
    """Return the plan for a report in this form that prints these items."""
    followed = _followed([KEYS_BY_ID[item] for item in items], form)
    sums: dict[Terms, int] = {}
    steps = tuple(
        Step(
            definition,
            sums.setdefault(_side("numerator", terms), len(sums)),
            sums.setdefault(_side("denominator", terms), len(sums)) if definition.denominator else None,
        )
        for definition, terms in _known(followed)
    )
    return Plan(tuple(sums), steps, _equations(followed), bool(followed))


def _followed(keys: Iterable[Key], form: str) -> Followed:
    """Return the form of each table that the revision's form has: that whose cells are printed there.

    Where none has them all, or none is printed, it is the revision's own.
    """
    tables = (table.code for table in form_named(form).tables)
    return tuple((table, form_followed(keys, table, form) or form) for table in tables)


def _known(followed: Followed) -> Iterable[tuple[Definition, list[tuple[str, Operand]]]]:
    """Yield the definitions whose every table is there, with the terms that apply."""
    forms = dict(followed)
    for definition in DEFINITIONS:
        known = [term for term in definition.terms() if term[1].form in forms.values()]
        terms = [(part, each) for part, each in known if forms.get(each.key[0]) == each.form]
        if terms and {each.key[0] for _, each in terms} == {each.key[0] for _, each in known}:
            yield definition, terms


def _side(side: str, terms: list[tuple[str, Operand]]) -> Terms:
    parts = [(ITEMS[each.key].id, each.factor) for part, each in terms if part == side]
    added, taken = (tuple(item for item, factor in parts if factor == sign) for sign in (1, -1))
    return Terms(added, taken)


def _equations(followed: Followed) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return the equations of K1 to K4 that the tables in these forms must satisfy."""
    return tuple(
        (_items(equation.expected), _items(equation.found))
        for by_form in EQUATIONS.values()
        for table, form in followed
        for equation in by_form.get(form, ())
        if equation.table == table
    )


def _items(keys: Iterable[Key]) -> tuple[int, ...]:
    return tuple(ITEMS[key].id for key in keys)
