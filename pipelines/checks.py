"""Checks: one function per rule that the numbers of a report must satisfy.

A rule is found to be broken only on printed numbers (`as_printed`); where a number it needs
is blank or a sign, it is tried once more with those as 0 (`assumed_zero`), labelled so. Where
one is unreadable it cannot be tried at all. No check ever chooses or mends a reading.

Source: the form's own note (第一项加第二项之和，等于第三项加第四项之和) for K1; the meaning of 总计
for K2 to K4; the units that the form prints for K5.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from pipelines.forms import FORMS, ITEMS
from pipelines.printed import Key, Printed
from pipelines.reading import AS_PRINTED, ASSUMED_ZERO, ERROR, NUMBER, UNREADABLE, WARNING, Cell, Finding
from pipelines.suspicions import superseded_form, unit_suspect

REQUESTS, REVIEW = "requests", "review"
APPLICANTS = (
    "natural_person",
    "business",
    "research_institute",
    "public_welfare",
    "legal_service",
    "other_organisation",
)
RESULTS = ("upheld", "corrected", "other", "pending")
REVIEWS = ("review", "suit_direct", "suit_after_review")
NO_RESULTS = ("received_new", "carried_in", "result_total", "carried_out")
"""Rows of table three that are no outcome of a request."""

SIGNED = "items_change"


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


def requests_balance(printed: Printed) -> Iterator[Equation]:
    """Requests received and carried in equal requests decided and carried out, in each column."""
    for column in (*APPLICANTS, "total"):
        came = ((REQUESTS, "received_new", column), (REQUESTS, "carried_in", column))
        went = ((REQUESTS, "result_total", column), (REQUESTS, "carried_out", column))
        yield Equation(REQUESTS, None, column, came, went)


def results_sum(printed: Printed) -> Iterator[Equation]:
    """The printed total of results equals the sum of all outcomes, in each column."""
    rows = _outcomes(printed)
    for column in (*APPLICANTS, "total"):
        outcomes = tuple((REQUESTS, row, column) for row in rows)
        yield Equation(REQUESTS, "result_total", column, outcomes, ((REQUESTS, "result_total", column),))


def applicants_sum(printed: Printed) -> Iterator[Equation]:
    """The total column equals the sum of the six kinds of applicants, in each row."""
    for row in _rows(printed, REQUESTS):
        applicants = tuple((REQUESTS, row, column) for column in APPLICANTS)
        yield Equation(REQUESTS, row, "total", applicants, ((REQUESTS, row, "total"),))


def review_sum(printed: Printed) -> Iterator[Equation]:
    """Each total of reviews or suits equals the sum of its four results."""
    for row in REVIEWS:
        results = tuple((REVIEW, row, column) for column in RESULTS)
        yield Equation(REVIEW, row, "total", results, ((REVIEW, row, "total"),))


def value_range(printed: Printed) -> Iterator[Finding]:
    """Counts are whole and not negative, sums of money are not negative; changes may be negative."""
    for cell in printed.cells.values():
        if cell.state != NUMBER or cell.value is None:
            continue
        negative = cell.value < 0 and cell.column != SIGNED
        broken = cell.value != int(cell.value) and not _is_money(cell)
        if negative or broken:
            yield Finding("value_range", ERROR, AS_PRINTED, *cell.key, None, cell.value)


def _is_money(cell: Cell) -> bool:
    item = ITEMS.get(cell.key)
    return item is not None and item.unit == "万元"


def _elsewhere(printed: Printed) -> Iterator[Finding]:
    """Find nothing: what this rule compares is not in the cells of one reading."""
    return iter(())


def _outcomes(printed: Printed) -> list[str]:
    """Return the outcomes that the document prints, or none where a row of them is missing."""
    there = _rows(printed, REQUESTS)
    for form in FORMS:
        tables = (table for table in form.tables if table.code == REQUESTS)
        wanted = [row.code for table in tables for block in table.blocks for row in block.rows]
        if wanted and set(wanted) <= {*there, *NO_RESULTS}:
            return [row for row in wanted if row not in NO_RESULTS]
    return []


def _rows(printed: Printed, table: str) -> list[str]:
    """Return the rows of a table that the document prints, in order."""
    return list(dict.fromkeys(row for found, row, _ in printed.cells if found == table))


def _balance(
    check: str, rule: Callable[[Printed], Iterable[Equation]], printed: Printed
) -> Iterator[Finding]:
    for equation in rule(printed):
        terms, sums = _cells(printed, equation.expected), _cells(printed, equation.found)
        if not terms or not sums:
            continue
        expected, found = _sum(terms), _sum(sums)
        if expected != found:
            whole = all(cell.state == NUMBER for cell in (*terms, *sums))
            pass_ = AS_PRINTED if whole else ASSUMED_ZERO
            place = (equation.table, equation.row, equation.column)
            yield Finding(check, ERROR, pass_, *place, _plain(expected), _plain(found))


def _cells(printed: Printed, keys: tuple[Key, ...]) -> list[Cell]:
    """Return the cells of these keys; none at all where one of them is not there or unreadable."""
    try:
        cells = [printed.cells[key] for key in keys]
    except KeyError:
        return []
    return [] if UNREADABLE in [cell.state for cell in cells] else cells


def _sum(cells: list[Cell]) -> int | Decimal:
    """Add exactly: 48.7917 is not a binary fraction. Blanks and signs count as 0."""
    values = [cell.value or 0 for cell in cells]
    total = sum(values)
    # A sum is an int where all of its terms are, which spares nearly every report the decimals.
    return total if isinstance(total, int) else sum((Decimal(str(value)) for value in values), Decimal(0))


def _plain(value: int | Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _balanced(number: str, zh: str, rule: Callable[[Printed], Iterable[Equation]]) -> Check:
    name = rule.__name__
    return Check(name, number, ERROR, zh, _sentence(rule), lambda printed: _balance(name, rule, printed))


def _sentence(rule: Callable[..., object]) -> str:
    return (rule.__doc__ or "").strip().partition("\n")[0]


CHECKS: tuple[Check, ...] = (
    _balanced("K1", "各列：本年新收与上年结转之和，等于办理结果总计与结转下年度之和。", requests_balance),
    _balanced("K2", "各列：办理结果的“（七）总计”等于各项结果之和。", results_sum),
    _balanced("K3", "各行：“总计”等于自然人与五类法人或其他组织之和。", applicants_sum),
    _balanced("K4", "行政复议、行政诉讼：各“总计”等于四种结果之和。", review_sum),
    Check(
        "value_range",
        "K5",
        ERROR,
        "件数应为非负整数，金额不应为负；“本年增/减”可以为负。",
        _sentence(value_range),
        value_range,
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
