"""Mistakes such as offices make, planted into figures that add up.

Each returns the figures as they are then printed, and the findings that a checker owes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crawler.specimens.figures import Figures
from crawler.specimens.statute import DISCLOSURE, REQUESTS, REVIEW


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding owed: the check's published code, the cell, what the rule gives, what is printed."""

    check: str
    table: str
    row: str | None
    column: str | None
    expected: int | float | None
    found: int | float | None


Planted = tuple[Figures, tuple[Fault, ...]]
Plant = Callable[[Figures], Planted]


def requests_balance(figures: Figures) -> Planted:
    """K1: three requests by people are counted as received and never decided."""
    printed = dict(figures)
    faults = []
    for column in ("natural_person", "total"):
        printed[REQUESTS, "received_new", column] += 3
        came = printed[REQUESTS, "received_new", column] + printed[REQUESTS, "carried_in", column]
        faults.append(Fault("requests_balance", REQUESTS, None, column, came, came - 3))
    return printed, tuple(faults)


def results_sum(figures: Figures) -> Planted:
    """K2: two granted requests of companies are missing from （七）总计's own sum."""
    printed = dict(figures)
    faults = []
    for column in ("business", "total"):
        printed[REQUESTS, "granted_full", column] += 2
        total = printed[REQUESTS, "result_total", column]
        faults.append(Fault("results_sum", REQUESTS, "result_total", column, total + 2, total))
    return printed, tuple(faults)


def applicants_sum(figures: Figures) -> Planted:
    """K3: one request stands under the right applicant but in the neighbour's 总计."""
    printed = dict(figures)
    faults = []
    for row, slip in (("granted_full", -1), ("granted_partial", 1)):
        right = printed[REQUESTS, row, "total"]
        printed[REQUESTS, row, "total"] = right + slip
        faults.append(Fault("applicants_sum", REQUESTS, row, "total", right, right + slip))
    return printed, tuple(faults)


def review_sum(figures: Figures) -> Planted:
    """K4: ten upheld and one corrected, and a total of 0, as has been seen."""
    printed = dict(figures)
    counts = {"upheld": 10, "corrected": 1, "other": 0, "pending": 0, "total": 0}
    printed |= {(REVIEW, "review", result): count for result, count in counts.items()}
    return printed, (Fault("review_sum", REVIEW, "review", "total", 11, 0),)


def negative_fee(figures: Figures) -> Planted:
    """K5: a refund of 0.3625 万元 printed as the year's income from fees."""
    printed = figures | {(DISCLOSURE, "fees", "amount_wan"): -0.3625}
    return printed, (Fault("value_range", DISCLOSURE, "fees", "amount_wan", None, -0.3625),)


def half_a_decision(figures: Figures) -> Planted:
    """K5: a share of a case printed where only whole cases can be counted."""
    printed = figures | {(DISCLOSURE, "penalty", "decisions"): 12.5}
    return printed, (Fault("value_range", DISCLOSURE, "penalty", "decisions", None, 12.5),)
