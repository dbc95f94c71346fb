"""Consecutive years: what the report on a year must carry on from the report on the year before.

As in a single report, a rule is found to be broken only on printed numbers (`as_printed`), and is
tried with blanks and signs as 0 where there are any (`assumed_zero`). Where a number it needs is
unreadable, or its form does not have it, nothing can be said: stocks of the form of 2019 are
never compared with those of the form of 2021.

Source: the meaning of 结转 in table three (国办公开办函〔2019〕60号, 〔2021〕30号) for K6; of 现行有效件数,
本年制发件数 and 本年废止件数 in the form of 2021 for K7; of 上一年项目数量 and 本年增/减 in the form of
2019 for K8; of 对外公开总数量 and 本年新公开数量 there for K9.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipelines.forms import FORM_2019, FORM_2021, Form, Key, form_cells
from pipelines.reading import (
    AS_PRINTED,
    ASSUMED_ZERO,
    NOTICE,
    NUMBER,
    UNREADABLE,
    WARNING,
    Compared,
    Finding,
)


class Value(NamedTuple):
    """What one cell holds; the value is None unless the state is `number`."""

    value: float | None
    state: str

    @property
    def exact(self) -> Decimal:
        """Return the value as it is printed, 0 where none is: 48.7917 is no binary fraction."""
        return Decimal(str(self.value or 0))


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its id, the year it is about, and the values of its cells."""

    id: str
    year: int
    values: Mapping[Key, Value]


@dataclass(frozen=True, slots=True)
class Carried:
    """What the cell `key` of the later report must be: terms of the earlier one, then terms of its own.

    A term is a sign (1 or -1) and a cell; the first is never taken away.
    """

    key: Key
    earlier: tuple[tuple[int, Key], ...]
    later: tuple[tuple[int, Key], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between years; its code, and its words in English, are those of the function `cells`."""

    number: str
    severity: str
    zh: str
    cells: Callable[[], Iterator[Carried]]

    @property
    def code(self) -> str:
        """Return the published code."""
        return self.cells.__name__


def carry_over() -> Iterator[Carried]:
    """Requests carried in are those that the report on the year before carries out, in each column."""
    for _, _, column in _cells(FORM_2021, "requests", row="carried_in"):
        yield Carried(("requests", "carried_in", column), ((1, ("requests", "carried_out", column)),))


def in_force_stock() -> Iterator[Carried]:
    """Documents in force are those of the year before, with those made and without those repealed."""
    for table, row, column in _cells(FORM_2021, "disclosure", column="in_force"):
        made, repealed = (1, (table, row, "made")), (-1, (table, row, "repealed"))
        yield Carried((table, row, column), ((1, (table, row, column)),), (made, repealed))


def items_stock() -> Iterator[Carried]:
    """Items of the previous year are those that the report on that year begins with, with its change."""
    for table, row, column in _cells(FORM_2019, "disclosure", column="items_previous"):
        change = (1, (table, row, "items_change"))
        yield Carried((table, row, column), ((1, (table, row, column)), change))


def disclosed_stock() -> Iterator[Carried]:
    """Documents disclosed in all are those of the year before, with those newly disclosed."""
    for table, row, column in _cells(FORM_2019, "disclosure", column="total_disclosed"):
        new = (1, (table, row, "newly_disclosed"))
        yield Carried((table, row, column), ((1, (table, row, column)),), (new,))


def _cells(form: Form, table: str, row: str | None = None, column: str | None = None) -> Iterator[Key]:
    for cell in form_cells(form):
        if cell.key[0] == table and row in (None, cell.key[1]) and column in (None, cell.key[2]):
            yield cell.key


RULES = (
    Rule("K6", WARNING, "各列：上年结转的申请，等于上一年度报告的结转下年度继续办理。", carry_over),
    Rule("K7", NOTICE, "现行有效件数，等于上一年度的现行有效件数加本年制发、减本年废止。", in_force_stock),
    Rule("K8", NOTICE, "上一年项目数量，等于上一年度报告的上一年项目数量与本年增/减之和。", items_stock),
    Rule("K9", NOTICE, "对外公开总数量，等于上一年度的对外公开总数量加本年新公开数量。", disclosed_stock),
)

_CARRIED = tuple((rule, carried) for rule in RULES for carried in rule.cells())

KEYS = frozenset(
    key
    for _, carried in _CARRIED
    for key in (carried.key, *(key for _, key in (*carried.earlier, *carried.later)))
)
"""The cells that take part in any of the rules."""


def compare(earlier: Report, later: Report) -> Iterator[Compared]:
    """Yield what the later of two reports on consecutive years does not carry on from the earlier."""
    for rule, carried in _CARRIED:
        before = _terms(carried.earlier, earlier)
        own = _terms(carried.later, later)
        found = later.values.get(carried.key)
        if before is None or own is None or found is None or found.state == UNREADABLE:
            continue
        expected = sum(sign * value.exact for sign, value in (*before, *own))
        if expected == found.exact:
            continue
        whole = all(value.state == NUMBER for value in (found, *(value for _, value in (*before, *own))))
        finding = Finding(
            rule.code,
            rule.severity,
            AS_PRINTED if whole else ASSUMED_ZERO,
            *carried.key,
            plain(expected),
            plain(found.exact),
        )
        arithmetic = _arithmetic(earlier.year, later.year, before, own, found)
        yield Compared(finding, arithmetic, earlier.id)


_Terms = tuple[tuple[int, Value], ...]


def _terms(terms: tuple[tuple[int, Key], ...], report: Report) -> _Terms | None:
    """Return signs and values, None where one cannot be read or is not there."""
    found = tuple((sign, report.values[key]) for sign, key in terms if key in report.values)
    readable = len(found) == len(terms) and all(value.state != UNREADABLE for _, value in found)
    return found if readable else None


def _arithmetic(earlier: int, later: int, before: _Terms, own: _Terms, found: Value) -> str:
    """Write the sum as it was done: `2022: 10; 2023: 10 + 3 − 1 = 12 ≠ 13`."""
    if own:
        return f"{earlier}: {_sum(before)}; {later}: {_sum((*before, *own))} ≠ {written(found)}"
    return f"{earlier}: {_sum(before)}; {later}: {written(found)}"


def _sum(terms: _Terms) -> str:
    (_, first), *more = terms
    text = written(first)
    for sign, value in more:
        minus = (sign < 0) != (value.exact < 0)
        text += f" {'−' if minus else '+'} {written(value).removeprefix('−')}"
    return f"{text} = {_number(sum(sign * value.exact for sign, value in terms))}" if more else text


def written(value: Value) -> str:
    """Return a value as it stands in a sum; (0) is a blank or a sign that was counted as 0.

    >>> [written(Value(value, "number")) for value in (3.0, -2.0, 48.7917)], written(Value(None, "blank"))
    (['3', '−2', '48.7917'], '(0)')
    """
    return _number(value.exact) if value.state == NUMBER else "(0)"


def _number(value: Decimal | int) -> str:
    return str(plain(value)).replace("-", "−")


def plain(value: Decimal | int) -> int | float:
    """Return an exact number as an integer where it is one."""
    return int(value) if value == int(value) else float(value)
