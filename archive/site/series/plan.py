"""Which charts a series page has, and which series each shows. Codes are published and never change."""

from dataclasses import dataclass

from archive.site.series import BARS, LINES


@dataclass(frozen=True, slots=True)
class Plan:
    """What one chart shows.

    Attributes:
        code: its name in addresses.
        parts: codes of indicators; where `cells` is given, columns of that row.
        total: the indicator that the parts make up.
        cells: table and row of the cells that are shown.
        percent: whether values are parts of 1.
    """

    code: str
    kind: str
    parts: tuple[str, ...]
    total: str | None = None
    cells: tuple[str, str] | None = None
    percent: bool = False


_ENDINGS = ("upheld", "corrected", "other", "pending")

PLANS = (
    Plan("requests", LINES, ("received_new", "carried_in")),
    Plan(
        "outcomes",
        BARS,
        (
            "granted_full",
            "granted_partial",
            "refused_total",
            "unable_total",
            "not_processed_total",
            "other_handling",
        ),
        "result_total",
    ),
    Plan(
        "rates", LINES, ("disclosure_rate", "refusal_rate", "unable_rate", "not_processed_rate"), percent=True
    ),
    Plan(
        "applicants",
        BARS,
        (
            "natural_person",
            "business",
            "research_institute",
            "public_welfare",
            "legal_service",
            "other_organisation",
        ),
        "received_new",
        ("requests", "received_new"),
    ),
    Plan("reviews", BARS, tuple(f"review_{ending}" for ending in _ENDINGS), "review_total"),
    Plan("suits", BARS, tuple(f"suit_{ending}" for ending in _ENDINGS), "suit_total"),
)

CHARTS = tuple(plan.code for plan in PLANS)

INDICATORS = tuple(
    dict.fromkeys(
        code for plan in PLANS for code in (*(() if plan.cells else plan.parts), plan.total) if code
    )
)
"""Every indicator that a chart needs."""

NAMED_BY = "{}_share"
"""The indicator that has the name of a column of the form."""

JOINED_AS = "carried_in"
"""The indicator whose forms compare as those of cells: a row of the same table, printed in the same forms."""
