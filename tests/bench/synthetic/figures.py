"""The numbers of one report: sums hold, years carry on from each other, and most of them are 0."""

from dataclasses import dataclass, field
from functools import cache
from random import Random

from pipelines.forms import ANNEX_2014, FORM_2019, FORM_2021, Key, form_cells, form_named
from pipelines.forms.form_2019 import APPLICANTS

Numbers = dict[Key, float]

WHO = tuple(column.code for column in APPLICANTS if column.part_of)
SHARES = (0.86, 0.09, 0.002, 0.004, 0.012, 0.032)
"""What part of all requests comes from each kind of applicants."""

OUTCOMES = {
    "granted_full": 42,
    "granted_partial": 6,
    "unable_not_held": 21,
    "refused_internal_affairs": 2,
    "refused_deliberative": 2,
    "refused_enforcement_file": 3,
    "refused_admin_query": 2,
    "refused_third_party": 2,
    "refused_law_prohibited": 1,
    "refused_state_secret": 0.2,
    "refused_security_stability": 0.2,
    "unable_needs_creation": 3,
    "unable_unclear": 3,
    "not_processed_petition": 5,
    "not_processed_duplicate": 3,
    "not_processed_publication": 0.3,
    "not_processed_excessive": 0.5,
    "not_processed_reissue": 0.5,
}
OTHER = {
    "form_2019": {"other_handling": 4},
    "form_2021": {"other_no_correction": 1.5, "other_fee_unpaid": 0.2, "other_misc": 2.5},
}
RESULTS = ("upheld", "corrected", "other", "pending")
FEW = 40
"""Cases up to which each is drawn by itself; more are divided by their shares."""


@dataclass(slots=True)
class Series:
    """What an agency's next report carries on from the one before."""

    carried: dict[str, int] = field(default_factory=dict)
    stocks: dict[str, int] = field(default_factory=dict)
    form: str = ""


@cache
def keys(form: str) -> tuple[Key, ...]:
    """Return the cells of a form in printed order."""
    return tuple(cell.key for cell in form_cells(form_named(form)))


def numbers(random: Random, form: str, requests: float, series: Series) -> Numbers:
    """Return the numbers of an agency's report in a form, and carry its series on.

    Args:
        random: What decides.
        form: Code of the form; one without tables has no numbers.
        requests: How many the agency has in a common year.
        series: What the report before left.
    """
    found: Numbers = dict.fromkeys(keys(form), 0)
    if form == ANNEX_2014.code:
        _annex(found, random, requests)
    elif form in OTHER:
        _requests(found, random, form, requests, series)
        _reviews(found, random, requests)
        (_disclosure_2019 if form == FORM_2019.code else _disclosure_2021)(found, random, requests, series)
    series.form = form
    return found


def _count(random: Random, mean: float) -> int:
    """Return a number of cases, more scattered than chance alone."""
    return int(mean * random.lognormvariate(0, 0.5) + random.random())


def _parted(random: Random, count: int, shares: dict[str, float]) -> dict[str, int]:
    if count <= FEW:
        drawn = random.choices(list(shares), list(shares.values()), k=count)
        return {name: drawn.count(name) for name in set(drawn)}
    whole = sum(shares.values())
    parts = {name: int(count * share / whole) for name, share in shares.items()}
    parts[next(iter(shares))] += count - sum(parts.values())
    return parts


def _requests(found: Numbers, random: Random, form: str, requests: float, series: Series) -> None:
    outcomes = OUTCOMES | OTHER[form]
    totals: dict[str, float] = {}
    for who, share in zip(WHO, SHARES, strict=True):
        new, old = _count(random, requests * share), series.carried.pop(who, 0)
        left = min(new, _count(random, 0.03 * new))
        rows = {"received_new": new, "carried_in": old, "carried_out": left, "result_total": new + old - left}
        rows |= _parted(random, new + old - left, outcomes)
        if left:
            series.carried[who] = left
        for row, value in rows.items():
            found["requests", row, who] = value
            totals[row] = totals.get(row, 0) + value
    for row, value in totals.items():
        found["requests", row, "total"] = value


def _reviews(found: Numbers, random: Random, requests: float) -> None:
    for row, share in (("review", 0.03), ("suit_direct", 0.008), ("suit_after_review", 0.008)):
        count = _count(random, requests * share)
        for result, value in _parted(random, count, dict(zip(RESULTS, (6, 2, 2, 1), strict=True))).items():
            found["review", row, result] = value
        found["review", row, "total"] = count


def _stock(series: Series, random: Random, name: str, mean: float) -> int:
    """Return what there is of something at the end of the year before."""
    return series.stocks.setdefault(name, _count(random, mean))


def _disclosure_2019(found: Numbers, random: Random, requests: float, series: Series) -> None:
    for row, mean in (("rules", requests / 4000), ("normative_documents", 1 + requests / 60)):
        made = _count(random, mean / 3)
        whole = _stock(series, random, f"{row} disclosed", mean * 5) + made
        series.stocks[f"{row} disclosed"] = whole
        columns = (("newly_made", made), ("newly_disclosed", made), ("total_disclosed", whole))
        found |= {("disclosure", row, column): value for column, value in columns}
    for row in ("licensing", "other_services", "penalty", "coercion", "fees"):
        items = _stock(series, random, row, 5 + requests / 10)
        change = random.choice((0, 0, 0, 0, 1, 2, -1))
        series.stocks[row] = items + change
        found["disclosure", row, "items_previous"] = items
        found["disclosure", row, "items_change"] = change
        if row != "fees":
            found["disclosure", row, "decisions"] = _count(random, requests * random.choice((0, 0, 2, 30)))
    projects = _count(random, requests / 20)
    found["disclosure", "procurement", "projects"] = projects
    found["disclosure", "procurement", "amount_wan"] = round(projects * random.uniform(3, 90), 4)


def _disclosure_2021(found: Numbers, random: Random, requests: float, series: Series) -> None:
    for row, mean in (("rules", requests / 4000), ("normative_documents", 1 + requests / 60)):
        made, there = _count(random, mean / 3), _stock(series, random, f"{row} in force", mean * 5)
        repealed = min(there, _count(random, mean / 4))
        series.stocks[f"{row} in force"] = there + made - repealed
        columns = (("made", made), ("repealed", repealed), ("in_force", there + made - repealed))
        found |= {("disclosure", row, column): value for column, value in columns}
    for row in ("licensing", "penalty", "coercion"):
        found["disclosure", row, "decisions"] = _count(random, requests * random.choice((0, 0, 2, 30)))
    fees = random.choice((0, 0, 0, 1)) * requests * random.uniform(0.5, 9)
    found["disclosure", "fees", "amount_wan"] = round(fees, random.choice((0, 1, 2, 4)))


def _annex(found: Numbers, random: Random, requests: float) -> None:
    items = _count(random, 20 + requests * 10)
    website = int(items * random.uniform(0.5, 0.9))
    received = _count(random, requests)
    told = {
        "proactive_items": items,
        "proactive_normdocs": _count(random, 1 + requests / 60),
        "chan_website": website,
        "chan_wechat": items - website,
        "req_received": received,
        "req_online": received,
        "req_closed": received,
        "req_closed_ontime": received,
        "req_answered": received,
        "ans_granted": received,
        "org_units": 1,
        "org_reading_points": random.choice((0, 1, 2)),
        "org_staff": 2,
        "org_staff_part": 2,
        "train_meetings": random.randint(0, 6),
        "train_courses": random.randint(0, 3),
    }
    found |= {("annex", row, "count"): value for row, value in told.items()}


_BY_YEAR = ((2018, (ANNEX_2014.code, ANNEX_2014.code, "prose")), (2020, (FORM_2019.code,)))


def form_of(random: Random, year: int) -> str:
    """Return the form that a report on a year prints: seldom the one before, seldom none."""
    if random.random() < 0.015:
        return "prose"
    if year == FORM_2021.first_year and random.random() < 0.04:
        return FORM_2019.code
    for last, forms in _BY_YEAR:
        if year <= last:
            return random.choice(forms)
    return FORM_2021.code
