"""The indicators of one report, in the order in which a reader wants them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from datasette.database import Database

from archive.site.queries import rows
from archive.site.statute import Row

# Definitions are written in the order in which they are to be shown; only their rowids tell it.
INDICATORS = """
SELECT indicator.*, defined.zh, defined.en, defined.kind, defined.unit, defined.minimum,
       defined.numerator_zh, defined.numerator_en, defined.denominator_zh, defined.denominator_en,
       defined.note_zh, defined.note_en
FROM indicator JOIN indicator_definition AS defined ON defined.id = indicator.indicator
WHERE indicator.report = :report
ORDER BY defined.rowid
"""

FIRST = (
    (
        "申请的办理",
        "Requests",
        (
            "workload",
            "disclosure_rate",
            "refusal_rate",
            "unable_rate",
            "not_processed_rate",
            "carry_over_rate",
        ),
    ),
    ("复议与诉讼", "Reviews and suits", ("review_rate", "suit_rate")),
    ("报告本身", "The report itself", ("days_late", "quality_score")),
)
"""What is shown at once: headings, and codes of indicators, which never change."""

FOLDED = (
    ("其他比率与数量", "Other rates and counts", ("rate", "count", "days", "score", "flag")),
    ("比重", "Shares of a whole", ("share",)),
    ("历年可比数列", "Series over the years", ("level",)),
)
"""How the rest is folded away: headings, and kinds of indicators."""

RATIOS = ("rate", "share", "score")
"""Kinds whose values are parts of 1."""


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that belong together, under one heading; there is at least one."""

    zh: str
    en: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Indicators:
    """What a report comes to: what is shown at once, and what is folded away."""

    first: tuple[Group, ...]
    folded: tuple[Group, ...]


async def indicators(db: Database, report_id: str) -> Indicators:
    """Return the indicators of a report."""
    found = await rows(db, INDICATORS, report=report_id)
    shown = {code for _, _, codes in FIRST for code in codes}
    rest = [row for row in found if row["indicator"] not in shown]
    return Indicators(_groups(FIRST, found, "indicator"), _groups(FOLDED, rest, "kind"))


def _groups(
    wanted: Iterable[tuple[str, str, tuple[str, ...]]], found: list[dict[str, object]], by: str
) -> tuple[Group, ...]:
    """Return the groups that are not empty; within one, codes and kinds come as they are listed."""
    groups = (
        Group(zh, en, tuple(row for name in names for row in found if row[by] == name))
        for zh, en, names in wanted
    )
    return tuple(group for group in groups if group.rows)


def percent(value: float) -> str:
    """Return a part of 1 as per cent with one decimal, halves rounded up as people do.

    >>> percent(2 / 3), percent(1 / 16), percent(1)
    ('66.7%', '6.3%', '100.0%')
    """
    return f"{(Decimal(str(value)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
