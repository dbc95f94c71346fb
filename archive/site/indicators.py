"""The indicators of one report, in the order in which a reader wants them."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from archive.site.queries import found
from archive.site.registers import Registers
from archive.site.statute import Row

INDICATORS = "SELECT * FROM indicator WHERE report = :report"

FIGURES = (
    ("received_new",),
    ("disclosure_rate", "granted_full"),
    ("refusal_rate",),
    ("unable_rate",),
    ("review_total",),
    ("suit_total",),
)
"""What stands at the top: of each, codes of indicators, which never change, the first that a report has."""

FIRST = (
    (
        "requests",
        (
            "workload",
            "disclosure_rate",
            "refusal_rate",
            "unable_rate",
            "not_processed_rate",
            "carry_over_rate",
        ),
    ),
    ("disputes", ("review_rate", "suit_rate")),
    ("itself", ("days_late", "quality_score")),
)
"""What is shown at once: names of groups, and codes of indicators."""

FOLDED = (
    ("others", ("rate", "count", "days", "score", "flag")),
    ("shares", ("share",)),
)
"""How the rest is folded away: names of groups, and kinds of indicators. Levels are cells of the tables or
sums of some: they are told by the series of the agency."""

RATIOS = ("rate", "share", "score")
"""Kinds whose values are parts of 1."""


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that belong together; there is at least one."""

    code: str
    rows: tuple[Row, ...]


def indicators(conn: sqlite3.Connection, known: Registers, report_id: str) -> list[dict[str, Any]]:
    """Return the indicators of a report with their definitions, in the order of these."""
    values = {row["indicator"]: row for row in found(conn, INDICATORS, report=report_id)}
    return [
        {
            **values[code],
            **{name: value for name, value in about.items() if name != "id"},
        }
        for code, about in known.indicators.items()
        if code in values
    ]


def groups(rows: Sequence[Row]) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Return the groups that are shown at once, and those that are folded away."""
    shown = {code for _, codes in FIRST for code in codes}
    rest = [row for row in rows if row["indicator"] not in shown]
    return _groups(FIRST, rows, "indicator"), _groups(FOLDED, rest, "kind")


def _groups(wanted: Iterable[tuple[str, tuple[str, ...]]], rows: Sequence[Row], by: str) -> tuple[Group, ...]:
    """Return the groups that are not empty; within one, codes and kinds come as they are listed."""
    made = (
        Group(code, tuple(row for name in names for row in rows if row[by] == name)) for code, names in wanted
    )
    return tuple(group for group in made if group.rows)


def figures(
    rows: Iterable[Row], known: Registers, forms: Collection[str], items: Collection[int]
) -> list[dict[str, Any]]:
    """Return the few numbers that tell what a report comes to.

    Args:
        rows: Of the report's indicators.
        known: What tells of which items each is the sum.
        forms: Forms of the report's tables.
        items: Those that its tables have.

    Returns:
        For each its indicator, `value`, unit and basis; where it is a ratio the value is its numerator,
        `share` the ratio and `among` its denominator. `items` are what it adds up, `table` is theirs.
    """
    there = {row["indicator"]: row for row in rows}
    chosen = (next((there[code] for code in codes if code in there), None) for codes in FIGURES)
    return [_figure(row, known, forms, items) for row in chosen if row]


def _figure(row: Row, known: Registers, forms: Collection[str], items: Collection[int]) -> dict[str, Any]:
    code, ratio = row["indicator"], row["kind"] in RATIOS
    terms = known.terms.get(code, {})
    summed = next((terms[form] for form in forms if form in terms), ())
    shown = [item for item in summed if item in items]
    return {
        "indicator": code,
        "zh": row["numerator_zh"] if ratio else row["zh"],
        "en": row["numerator_en"] if ratio else row["en"],
        "value": row["numerator"] if ratio else row["value"],
        "share": row["value"] if ratio else None,
        "among": row["denominator"] if ratio else None,
        "unit": row["unit"],
        "basis": row["basis"],
        "items": shown,
        "table": known.items[shown[0]]["table"] if shown else None,
    }


def percent(value: float) -> str:
    """Return a part of 1 as per cent with one decimal, halves rounded up as people do.

    >>> percent(2 / 3), percent(1 / 16), percent(1)
    ('66.7%', '6.3%', '100.0%')
    """
    return f"{(Decimal(str(value)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
