"""Figures that a small office might report: made from a name and a year, and they add up.

No clock and no chance: the same agency and year give the same figures for ever. What is
carried out of one year is carried into the next, and stocks follow from changes, so that
checks across years hold as well.
"""

from collections import Counter
from dataclasses import dataclass
from random import Random

from crawler.specimens.statute import (
    APPLICANTS,
    DISCLOSURE,
    FORM_2019,
    FORM_2021,
    OTHER_2021,
    REQUESTS,
    RESULT_ROWS,
    REVIEW,
    REVIEW_GROUPS,
    REVIEW_RESULTS,
    Key,
)

Figures = dict[Key, int | float]
Columns = dict[str, int]

FIRST_YEAR, LAST_YEAR = 2019, 2025
COLUMNS = tuple(code for code, _ in APPLICANTS)
SHARES = (60, 18, 3, 4, 11, 4)
"""Of a hundred requests, how many come from each kind of applicant."""

OTHER_ROWS_2021 = tuple(code for code, _ in OTHER_2021[1])
OUTCOME_WEIGHTS = dict.fromkeys(RESULT_ROWS, 1) | {
    "granted_full": 40,
    "granted_partial": 9,
    "refused_third_party": 4,
    "refused_internal_affairs": 3,
    "unable_not_held": 22,
    "unable_needs_creation": 4,
    "not_processed_petition": 5,
}


@dataclass(frozen=True, slots=True)
class Agency:
    """A made-up agency: its name, its kind, and about how many requests it gets in a year."""

    name: str
    kind: str
    requests: int
    rules: bool = False
    fees: bool = False


def form_of(year: int) -> str:
    """Return the form in force for reports on a year."""
    return FORM_2019 if year < 2021 else FORM_2021


def history(agency: Agency) -> dict[int, Figures]:
    """Return the figures of every year from 2019 to 2025, each following from the one before."""
    years: dict[int, Figures] = {}
    waiting = dict.fromkeys(COLUMNS, 0)
    stock = Stock(agency)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        chance = Random(f"{agency.name} {year}")  # noqa: S311  figures of a specimen, no secret
        requests, waiting = _requests(agency, form_of(year), waiting, chance)
        years[year] = stock.disclosure(form_of(year), chance) | requests | _review(agency, chance)
    return years


def one_row_other_handling(figures: Figures) -> Figures:
    """Return figures of 2021 or later with （六）其他处理 in one row, as superseded layouts print it."""
    kept = {key: value for key, value in figures.items() if key[1] not in OTHER_ROWS_2021}
    for column in (*COLUMNS, "total"):
        kept[REQUESTS, "other_handling", column] = sum(
            figures[REQUESTS, row, column] for row in OTHER_ROWS_2021
        )
    return kept


def _requests(agency: Agency, form: str, waiting: Columns, chance: Random) -> tuple[Figures, Columns]:
    """Return table three of one year, and what it leaves for the next."""
    arrived = round(agency.requests * chance.uniform(0.7, 1.4))
    new = Counter(chance.choices(COLUMNS, SHARES, k=arrived))
    others = ("other_handling",) if form == FORM_2019 else OTHER_ROWS_2021
    outcomes = (*RESULT_ROWS, *others)
    weights = [OUTCOME_WEIGHTS.get(row, 1) for row in outcomes]
    rows: dict[str, Columns] = {"received_new": dict(new), "carried_in": waiting}
    rows |= {row: {} for row in (*outcomes, "result_total", "carried_out")}
    for column in COLUMNS:
        due = new[column] + waiting[column]
        left = chance.randint(0, due // 8)
        decided = Counter(chance.choices(outcomes, weights, k=due - left))
        rows["carried_out"][column] = left
        rows["result_total"][column] = due - left
        for row in outcomes:
            rows[row][column] = decided[row]
    return _with_totals(rows), rows["carried_out"]


def _with_totals(rows: dict[str, Columns]) -> Figures:
    figures: Figures = {}
    for row, values in rows.items():
        for column in COLUMNS:
            figures[REQUESTS, row, column] = values.get(column, 0)
        figures[REQUESTS, row, "total"] = sum(values.values())
    return figures


def _review(agency: Agency, chance: Random) -> Figures:
    """Return table four: a few reviews and suits where there are many requests."""
    figures: Figures = {}
    most = min(12, agency.requests // 20)
    for group, _ in REVIEW_GROUPS:
        counts = {result: chance.randint(0, most) for result, _ in REVIEW_RESULTS}
        counts["corrected"] //= 3
        for result, count in counts.items():
            figures[REVIEW, group, result] = count
        figures[REVIEW, group, "total"] = sum(counts.values())
    return figures


class Stock:
    """What an agency has in force and in its lists, carried from year to year."""

    def __init__(self, agency: Agency) -> None:
        chance = Random(agency.name)  # noqa: S311
        self.agency = agency
        self.documents = {
            "rules": chance.randint(8, 40) if agency.rules else 0,
            "normative_documents": chance.randint(3, 90),
        }
        self.items = {
            row: chance.randint(0, 60)
            for row in ("licensing", "other_services", "penalty", "coercion", "fees")
        }
        if not agency.fees:
            self.items["fees"] = 0

    def disclosure(self, form: str, chance: Random) -> Figures:
        """Return table two of the next year."""
        rows = self._documents(form, chance)
        rows |= self._lists(chance) if form == FORM_2019 else self._decisions(chance)
        return {(DISCLOSURE, *key): value for key, value in rows.items()}

    def _documents(self, form: str, chance: Random) -> dict[tuple[str, str], int | float]:
        cells: dict[tuple[str, str], int | float] = {}
        for row, held in self.documents.items():
            made = chance.randint(0, 6) if held else 0
            gone = chance.randint(0, min(4, held))
            if form == FORM_2019:
                self.documents[row] = held + made
                names = ("newly_made", "newly_disclosed", "total_disclosed")
                values = (made, made, held + made)
            else:
                self.documents[row] = held + made - gone
                names = ("made", "repealed", "in_force")
                values = (made, gone, held + made - gone)
            cells |= {(row, name): value for name, value in zip(names, values, strict=True)}
        return cells

    def _lists(self, chance: Random) -> dict[tuple[str, str], int | float]:
        cells: dict[tuple[str, str], int | float] = {}
        for row, held in self.items.items():
            change = chance.randint(-min(held, 5), 7) if held else 0
            cells[row, "items_previous"] = held
            cells[row, "items_change"] = change
            self.items[row] = held + change
            if row != "fees":
                cells[row, "decisions"] = chance.randint(0, held * 40)
        cells["procurement", "projects"] = chance.randint(1, 30)
        cells["procurement", "amount_wan"] = chance.randint(50_000, 30_000_000) / 10_000
        return cells

    def _decisions(self, chance: Random) -> dict[tuple[str, str], int | float]:
        cells: dict[tuple[str, str], int | float] = {
            (row, "decisions"): chance.randint(0, self.items[row] * 40)
            for row in ("licensing", "penalty", "coercion")
        }
        money = chance.randint(1_000, 90_000_000) / 10_000
        cells["fees", "amount_wan"] = money if self.agency.fees else 0
        return cells
