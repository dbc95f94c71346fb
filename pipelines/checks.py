"""Checks: one function per rule that the numbers of a report must satisfy.

A rule is found to be broken only on printed numbers (`as_printed`); where a number it needs
is blank or a sign, it is tried once more with those as 0 (`assumed_zero`), labelled so. Where
one is unreadable it cannot be tried at all. No check ever chooses or mends a reading.

Source: the form's own note (第一项加第二项之和，等于第三项加第四项之和) for K1; the meaning of 总计
for K2 to K4; the units that the form prints for K5.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from pipelines import consecutive, hierarchy
from pipelines.forms import FORMS, ITEMS, Column, Row, Table, form_cells, form_followed, forms_with, table_of
from pipelines.printed import Key, Printed
from pipelines.reading import AS_PRINTED, ASSUMED_ZERO, ERROR, NOTICE, NUMBER, WARNING, Cell, Finding
from pipelines.suspicions import superseded_form, unit_suspect

REQUESTS, REVIEW = "requests", "review"

_SIGNED = {cell.key for form in FORMS for cell in form_cells(form) if cell.column.signed}


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sums that must be equal; `row` and `column` say where the second one stands."""

    table: str
    row: str | None
    column: str | None
    expected: tuple[Key, ...]
    found: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule: its published code and number, its severity, and what it says in two languages."""

    id: str
    number: str
    severity: str
    zh: str
    en: str
    run: Callable[[Printed], Iterator[Finding]]


def requests_balance(table: Table) -> Iterator[Equation]:
    """Requests received and carried in equal requests decided and carried out, in each column."""
    for column in (column.code for block in table.blocks for column in block.columns):
        came, went = (tuple((table.code, row, column) for row in side) for side in table.balance)
        yield Equation(table.code, None, column, came, went)


def results_sum(table: Table) -> Iterator[Equation]:
    """The printed total of results equals the sum of all outcomes, in each column."""
    for block in table.blocks:
        for column in (column.code for column in block.columns):
            for total, parts in _sums(block.rows).items():
                outcomes = tuple((table.code, row, column) for row in parts)
                yield Equation(table.code, total, column, outcomes, ((table.code, total, column),))


def applicants_sum(table: Table) -> Iterator[Equation]:
    """The total column equals the sum of the kinds of applicants, in each row."""
    return _sums_of_rows(table)


def review_sum(table: Table) -> Iterator[Equation]:
    """Each total of reviews or suits equals the sum of its results."""
    return _sums_of_rows(table)


def _sums_of_rows(table: Table) -> Iterator[Equation]:
    for block in table.blocks:
        for row in (row.code for row in block.rows):
            for total, parts in _sums(block.columns).items():
                kinds = tuple((table.code, row, part) for part in parts)
                yield Equation(table.code, row, total, kinds, ((table.code, row, total),))


def _sums(parts: Sequence[Row] | Sequence[Column]) -> dict[str, list[str]]:
    """Return total -> what it is the sum of, by their codes."""
    sums: dict[str, list[str]] = {part.part_of: [] for part in parts if part.part_of}
    for part in parts:
        if part.part_of:
            sums[part.part_of].append(part.code)
    return sums


def value_range(printed: Printed) -> Iterator[Finding]:
    """Counts are whole and not negative, sums of money are not negative; changes may be negative."""
    for cell in printed.cells.values():
        if cell.state != NUMBER or cell.value is None:
            continue
        negative = cell.value < 0 and cell.key not in _SIGNED
        broken = cell.value != int(cell.value) and not _is_money(cell)
        if negative or broken:
            yield Finding("value_range", ERROR, AS_PRINTED, *cell.key, None, cell.value)


def _is_money(cell: Cell) -> bool:
    item = ITEMS.get(cell.key)
    return item is not None and item.unit == "万元"


def _elsewhere(printed: Printed) -> Iterator[Finding]:
    """Find nothing: what this rule compares is not in the cells of one reading."""
    return iter(())


def _balance(check: str, table: str, printed: Printed) -> Iterator[Finding]:
    for equation in EQUATIONS[check].get(form_followed(printed.cells, table), ()):
        expected, found = _sum(printed, equation.expected), _sum(printed, equation.found)
        if expected is None or found is None or expected == found:
            continue
        whole = all(printed.cells[key].state == NUMBER for key in (*equation.expected, *equation.found))
        pass_ = AS_PRINTED if whole else ASSUMED_ZERO
        place = (equation.table, equation.row, equation.column)
        yield Finding(check, ERROR, pass_, *place, _plain(expected), _plain(found))


def _sum(printed: Printed, keys: tuple[Key, ...]) -> int | Decimal | None:
    """Add exactly: 48.7917 is no binary fraction. None where there is nothing to add, or not all of it."""
    try:
        values = [printed.values[key] for key in keys]
    except KeyError:
        return None
    total = sum(values)
    if isinstance(total, int):  # as all terms are, which spares nearly every report the decimals
        return total if keys else None
    return sum((Decimal(str(value)) for value in values), Decimal(0))


def _plain(value: int | Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


EQUATIONS: dict[str, dict[str, tuple[Equation, ...]]] = {}
"""Check -> form -> what must be equal in its table."""


def _balanced(number: str, zh: str, table: str, rule: Callable[[Table], Iterable[Equation]]) -> Check:
    name = rule.__name__
    EQUATIONS[name] = {form.code: tuple(rule(table_of(form, table))) for form in forms_with(table)}
    return Check(name, number, ERROR, zh, _sentence(rule), lambda printed: _balance(name, table, printed))


def _sentence(rule: Callable[..., object]) -> str:
    return (rule.__doc__ or "").strip().partition("\n")[0]


CHECKS: tuple[Check, ...] = (
    _balanced(
        "K1", "各列：本年新收与上年结转之和，等于办理结果总计与结转下年度之和。", REQUESTS, requests_balance
    ),
    _balanced("K2", "各列：办理结果的“（七）总计”等于各项结果之和。", REQUESTS, results_sum),
    _balanced("K3", "各行：“总计”等于各类申请人之和。", REQUESTS, applicants_sum),
    _balanced("K4", "行政复议、行政诉讼：各“总计”等于各种结果之和。", REVIEW, review_sum),
    Check(
        "value_range",
        "K5",
        ERROR,
        "件数应为非负整数，金额不应为负；“本年增/减”可以为负。",
        _sentence(value_range),
        value_range,
    ),
    *(
        Check(rule.code, rule.number, rule.severity, rule.zh, _sentence(rule.cells), _elsewhere)
        for rule in consecutive.RULES
    ),
    Check(
        "hierarchy_sum",
        "K11",
        NOTICE,
        "政府汇总报告（汇总范围已知的）不小于其所汇总的任何一份报告。",
        _sentence(hierarchy.hierarchy_sum),
        _elsewhere,
    ),
    Check(
        "superseded_form",
        "",
        WARNING,
        "报告的各表应采用该年度施行的格式；所列数字为格式施行的首个报告年度。",
        "Every table follows the form in force; the numbers are the first years of the two forms.",
        superseded_form,
    ),
    Check(
        "unit_suspect",
        "",
        WARNING,
        "未注明单位的金额，按万元计应与该机关的规模相称。",
        "A sum printed without a unit is one that the body can have had in 万元.",
        unit_suspect,
    ),
    Check(
        "sources_disagree",
        "",
        WARNING,
        "同一报告的不同来源，同一单元格的数值应相同。",
        "Two sources of one report print the same number in the same cell.",
        _elsewhere,
    ),
    Check(
        "years_disagree",
        "",
        WARNING,
        "标题、统计期限与正文所称的年度应相同。",
        "Title, period of the statistics and text name the same year.",
        _elsewhere,
    ),
)


def check(
    cells: Iterable[Cell], *, form: str | None = None, year: int | None = None, agency: str | None = None
) -> tuple[Finding, ...]:
    """Return what all checks find in a report, in the order of the checks.

    Args:
        cells: Cells of one report; a cell given twice is a fault of the caller.
        form: Code of the report's form.
        year: The year reported on; without it the form is not checked.
        agency: The agency's full name.
    """
    printed = Printed(MappingProxyType({cell.key: cell for cell in cells}), form, year, agency)
    return tuple(finding for rule in CHECKS for finding in rule.run(printed))
