"""A year of turns, hour by hour, of portals whose reports come late, and of one that fails."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from archive.clock import CHINA
from archive.known import FULL, GAPS, GOOD, SHORT
from archive.wanted import Awaited
from crawler.calendar import DATES, LEFT, NEW, Past, Turn, moment, turn
from crawler.schedule import FULL_WALK
from pipelines import duties

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 5, 4, 0, 7, tzinfo=UTC)
YEAR = 366 * DAY

JANUARY, MARCH = date(2027, 1, 31), date(2027, 3, 31)
DEPARTMENT, GOVERNMENT = "样例市体育局", "样例市人民政府"
DUE = {DEPARTMENT: JANUARY, GOVERNMENT: MARCH}


@dataclass
class Portal:
    """A portal on which reports on 2026 appear, crawled whenever its turn has come at a timer's hour."""

    name: str = "sample"
    appears: dict[str, datetime] = field(default_factory=dict)
    outcome: Callable[[datetime], str] = lambda _: ""
    runs: list[Past] = field(default_factory=list)
    turns: list[tuple[datetime, Turn]] = field(default_factory=list)
    found: dict[str, datetime] = field(default_factory=dict)

    def wanted(self, now: datetime) -> list[Awaited]:
        """Return what coverage would want: reports on a year that is over, and that nobody has seen."""
        if now.astimezone(CHINA).date() <= date(2026, 12, 31):
            return []
        return [Awaited(agency, 2026, DUE[agency]) for agency in self.appears if agency not in self.found]

    def live(self, start: datetime = START, span: timedelta = YEAR, every: timedelta = HOUR) -> "Portal":
        for step in range(span // every):
            now = start + step * every
            found = turn(self.name, self.runs, self.wanted(now), now)
            if found.at <= now:
                self.turns.append((now, found))
                self.runs.append(self._crawl(now, found))
        return self

    def _crawl(self, now: datetime, found: Turn) -> Past:
        new = [agency for agency, at in self.appears.items() if at <= now and agency not in self.found]
        outcome = self.outcome(now) or ("ok" if new else "unchanged")
        if outcome in GOOD:
            self.found |= dict.fromkeys(new, now)
        whole = [run for run in self.runs if run.walk == FULL and run.outcome in GOOD]
        recent = whole and now - (whole[-1].ended_at or now) < FULL_WALK
        walk = GAPS if found.gaps else SHORT if recent else FULL
        return Past(now, now + timedelta(minutes=3), outcome, walk)

    def days(self, first: date, last: date, *, gaps: bool = False) -> Counter[date]:
        """Return how often it was asked on each day of China's calendar, from `first` to `last`."""
        days = (now.astimezone(CHINA).date() for now, found in self.turns if found.gaps == gaps)
        return Counter(day for day in days if first <= day <= last)

    def gaps_between(self, first: date, last: date) -> list[float]:
        """Return the days between ordinary runs that began in a span."""
        begun = [now for now, found in self.turns if not found.gaps and first <= now.date() <= last]
        return [(after - before) / DAY for before, after in pairwise(begun)]


def late(*, department: datetime, government: datetime) -> Portal:
    return Portal(appears={DEPARTMENT: department, GOVERNMENT: government})


NEVER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample() -> Portal:
    """A portal that publishes one report four days late, and never the other."""
    return late(department=datetime(2027, 2, 4, 3, tzinfo=UTC), government=NEVER).live()


def every_day(first: date, last: date) -> set[date]:
    return {first + number * DAY for number in range((last - first).days + 1)}


def test_the_dates_are_those_of_the_law() -> None:
    dates = {kind: duties.due(kind, 2026) for kind in (duties.DEPARTMENT, duties.GOVERNMENT)}
    assert [(day.month, day.day) for day in dates.values() if day] == list(DATES)


def test_what_is_wanted_is_asked_for_on_each_of_the_days_around_the_legal_date(sample: Portal) -> None:
    assert sample.days(date(2027, 1, 18), date(2027, 2, 4)).keys() == every_day(
        date(2027, 1, 18), date(2027, 2, 4)
    )
    assert sample.days(date(2027, 3, 18), date(2027, 4, 13)).keys() == every_day(
        date(2027, 3, 18), date(2027, 4, 13)
    )
    assert max(sample.days(date(2027, 1, 1), date(2027, 5, 1)).values()) == 1


def test_what_appears_late_is_found_within_a_day(sample: Portal) -> None:
    assert timedelta() <= sample.found[DEPARTMENT] - sample.appears[DEPARTMENT] <= DAY + HOUR


def test_once_nothing_is_wanted_by_a_date_the_daily_looks_end(sample: Portal) -> None:
    assert len(sample.days(date(2027, 2, 6), date(2027, 3, 16))) <= 2
    quick = late(
        department=datetime(2027, 1, 19, 3, tzinfo=UTC), government=datetime(2027, 1, 19, 3, tzinfo=UTC)
    ).live()
    assert len(quick.days(date(2027, 1, 21), date(2027, 3, 16))) <= 2
    spring = quick.days(date(2027, 3, 17), date(2027, 4, 20))
    assert len(spring) == 2, "the month's walk, and the first look at the second date"
    assert min(spring) == date(2027, 3, 18)


def test_after_two_weeks_the_daily_looks_become_weekly_and_then_monthly(sample: Portal) -> None:
    assert len(sample.days(date(2027, 4, 16), date(2027, 5, 4))) == 2
    missing = late(department=NEVER, government=NEVER).live(datetime(2027, 1, 2, tzinfo=UTC), 300 * DAY)
    assert 4 <= len(missing.days(date(2027, 2, 16), date(2027, 3, 15))) <= 5
    assert 6 <= len(missing.days(date(2027, 4, 16), date(2027, 5, 30))) <= 8
    assert {round(days) for days in missing.gaps_between(date(2027, 6, 8), date(2027, 10, 28))} <= {30, 31}


def test_a_new_portal_is_looked_at_weekly_for_four_weeks_and_monthly_afterwards(sample: Portal) -> None:
    first = sample.turns[0]
    assert (first[0], first[1].kind) == (START, NEW)
    assert {round(days) for days in sample.gaps_between(date(2026, 5, 5), date(2026, 6, 1))} == {7}
    assert {round(days) for days in sample.gaps_between(date(2026, 6, 2), date(2027, 1, 1))} <= {30, 31}


def test_whole_lists_are_walked_once_a_month_all_year_round(sample: Portal) -> None:
    whole = [run.started_at for run in sample.runs if run.walk == FULL]
    gaps = [(after - before) / DAY for before, after in pairwise(whole)]
    assert min(gaps) >= 30
    assert max(gaps) <= 31.2


def test_a_run_for_gaps_is_weekly_after_the_date_and_never_before_it(sample: Portal) -> None:
    assert not sample.days(date(2026, 5, 1), date(2027, 1, 31), gaps=True)
    february = sample.days(date(2027, 2, 1), date(2027, 2, 28), gaps=True)
    assert len(february) == 1, "it was found on the fourth day"
    assert 4 <= len(sample.days(date(2027, 4, 1), date(2027, 5, 4), gaps=True)) <= 5
    for now, found in sample.turns:
        if found.gaps:
            newest = [run for run in sample.runs if run.started_at < now and run.walk != GAPS][-1]
            assert newest.outcome == "unchanged"
            assert now - newest.started_at < 3 * DAY
            assert newest.started_at.astimezone(CHINA).date() > min(JANUARY, MARCH)


def test_on_the_day_after_a_legal_date_each_portal_is_searched_at_its_own_time_and_not_all_at_midnight() -> (
    None
):
    hours: Counter[int] = Counter()
    for number in range(200):
        portal = late(department=NEVER, government=NEVER)
        portal.name = f"portal_{number}"
        portal.live(datetime(2027, 1, 29, tzinfo=UTC), 4 * DAY)
        (searched,) = [now for now, found in portal.turns if found.gaps]
        hours[searched.hour] += 1
    assert len(hours) > 20
    assert max(hours.values()) < 20


def test_what_the_database_does_not_call_missing_yet_is_not_searched_for() -> None:
    """The load that would call it so has failed, or is to come: no run could make a difference."""
    yesterday = (START - DAY).date() - DAY
    for is_missing in (True, False):
        wanted = [Awaited(DEPARTMENT, 2025, yesterday, is_missing)]
        found = turn("sample", [past(30), past(0.1)], wanted, START)
        assert found.gaps is is_missing
        assert (found.at <= START) is is_missing


def test_a_year_of_a_portal_costs_few_runs(sample: Portal) -> None:
    assert len(sample.turns) < 110
    quiet = Portal().live()
    assert len(quiet.turns) < 22, "four new ones, twelve months, two first looks"


def test_a_portal_that_fails_is_asked_ever_more_rarely_down_to_once_a_week() -> None:
    dead = Portal(outcome=lambda _: "failed").live(every=timedelta(minutes=30))
    begun = [run.started_at for run in dead.runs]
    gaps = [(after - before) / HOUR for before, after in pairwise(begun)]
    assert gaps == sorted(gaps)
    assert all(2**n < gaps[n] <= 2**n + 0.6 for n in range(8)), gaps
    assert all(168 < gap <= 169 for gap in gaps[8:]), gaps
    assert len(begun) < 62


@pytest.mark.parametrize("outcome", ["failed", "blocked", "empty", "shrunken", "gone"])
def test_every_bad_outcome_rests_and_the_rest_ends_with_a_good_one(outcome: str) -> None:
    broken = datetime(2027, 1, 20, 12, tzinfo=UTC)
    portal = late(department=NEVER, government=NEVER)
    portal.outcome = lambda now: outcome if broken <= now < broken + 2 * DAY else ""
    portal.live(datetime(2027, 1, 2, tzinfo=UTC), 30 * DAY)
    bad = [run for run in portal.runs if run.outcome == outcome]
    assert 4 <= len(bad) <= 7
    after = [found for now, found in portal.turns if now > bad[0].started_at][: len(bad)]
    assert all(found.why.startswith(f"it was {outcome}") for found in after)
    well = (bad[-1].started_at + 3 * DAY).date()
    assert portal.days(well, date(2027, 1, 31)).keys() == every_day(well, date(2027, 1, 31))


def test_portals_are_spread_over_the_day_and_each_keeps_its_hour() -> None:
    hours: Counter[int] = Counter()
    for number in range(2400):
        name = f"portal_{number}"
        at = moment(name, START)
        hours[at.hour] += 1
        assert timedelta(hours=6) <= at - START < 31 * HOUR
        assert moment(name, at + 5 * HOUR) == at + DAY
    assert len(hours) == 24
    assert max(hours.values()) < 150, "about a hundred each hour"


def test_a_timer_that_misses_days_finds_the_portal_due_and_no_later_run_is_late_for_it() -> None:
    portal = late(department=NEVER, government=NEVER)
    portal.live(datetime(2027, 1, 15, tzinfo=UTC), 8 * DAY)
    portal.live(datetime(2027, 1, 26, 5, tzinfo=UTC), 5 * DAY)
    assert portal.days(date(2027, 1, 26), date(2027, 1, 30)).keys() == every_day(
        date(2027, 1, 26), date(2027, 1, 30)
    )
    usual = moment(portal.name, START)
    back = [now for now, _ in portal.turns if now >= datetime(2027, 1, 27, 12, tzinfo=UTC)]
    assert all((now - usual) % DAY <= HOUR for now in back)


def past(days: float, outcome: str = "unchanged", walk: str = FULL, *, ended: bool = True) -> Past:
    at = START - days * DAY
    return Past(at, at + timedelta(minutes=1) if ended else None, outcome, walk)


def test_a_run_that_was_left_in_the_middle_is_continued_at_once() -> None:
    found = turn("sample", [past(40), past(0.01, "", ended=False)], [], START)
    assert (found.at <= START, found.kind) == (True, LEFT)


def test_a_run_from_the_future_keeps_no_portal_waiting() -> None:
    assert turn("sample", [past(31.5), past(-4000)], [], START).at <= START
    assert turn("sample", [past(3.5), past(-4000, "failed")], [], START).at > START


def test_what_was_imported_or_looked_for_only_is_no_crawl_of_the_portal() -> None:
    assert turn("sample", [past(1, "imported")], [], START).kind == NEW
    found = turn("sample", [past(40), past(1, "ok", GAPS), past(1, "imported")], [], START)
    assert (found.at <= START, found.why) == (True, "its lists were walked whole 30 days ago")


def test_a_portal_that_fails_when_it_is_asked_for_gaps_is_asked_as_usual_within_hours_and_once() -> None:
    runs = [past(2), past(0.1, "blocked", GAPS)]
    found = turn("sample", runs, [], START)
    assert (found.at - START, found.gaps) == (timedelta(minutes=1, hours=1, days=-0.1), False)
    assert found.why == "it was blocked when it was asked for gaps"
    assert turn("sample", [*runs, past(0.01)], [], START).at > START + 6 * DAY
    assert turn("sample", [*runs, past(0.01, "blocked")], [], START).why.startswith(
        "it was blocked: asked again"
    )
