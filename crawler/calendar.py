"""When a portal is due: by the law's dates, by what is wanted there, and by what came of its runs.

Pure: the time is passed in. The law has departments publish by 31 January and governments by 31 March, so
most reports appear in the weeks around these days, and those that come late soon after.

* Daily from two weeks before a date until two weeks after it, weekly until two months after it: while
  a report with that date is wanted.
* Once at the beginning of these weeks, whatever is known: what was wanted last year says little.
* Otherwise monthly, through whole lists; weekly in a portal's first four weeks.
* After a run that ended badly: after an hour, 2, 4, ... at most a week; also, once, after one for gaps.
* A run for gaps weekly, where a date has passed and an ordinary run since then found nothing new.

Source: 政府信息公开条例 (2019) 第四十九条.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from archive.clock import CHINA
from archive.known import FULL, GAPS, GOOD, IMPORTED
from archive.wanted import Awaited
from crawler.schedule import FULL_WALK

DATES = ((1, 31), (3, 31))
"""Month and day: departments, governments."""

DAILY_BEFORE = timedelta(days=14)
"""Few publish earlier; the monthly walk finds those who do."""

DAILY_AFTER = timedelta(days=14)
"""A day's delay is worth knowing to the day; after that it is counted in weeks."""

WEEKLY_AFTER = timedelta(days=60)
"""From 31 January to the end of March, when the law has governments follow; after that the month will do."""

NEW_FOR = timedelta(days=28)
"""Four weekly looks tell whether the declaration of a new portal holds."""

DAY, WEEK = timedelta(days=1), timedelta(days=7)

SHORTEST_REST, LONGEST_REST = timedelta(hours=1), WEEK
"""A server that restarts is back within the hour; one that is gone for good costs a few requests a week."""

APART = timedelta(hours=6)
"""Between a run and a portal's next moment at least: a late run counts for the day that follows it too."""

UNCHANGED = "unchanged"
"""Outcome of a run that found nothing new."""

REGULAR, LEFT, NEW = "regular", "left", "new"
"""Kinds of turns, in the order in which they are taken.

What is looked at regularly takes seconds; a run that was left in the middle, or a first one, may take hours,
and legal dates do not wait for it.
"""


@dataclass(frozen=True, slots=True)
class Past:
    """A run of a portal: when it began and ended (None: it has not), its outcome, how far it walked."""

    started_at: datetime
    ended_at: datetime | None
    outcome: str = ""
    walk: str = FULL


@dataclass(frozen=True, slots=True)
class Turn:
    """When a portal is to be asked next, or should have been, and why; `gaps`: for what is wanted only."""

    at: datetime
    why: str
    kind: str = REGULAR
    gaps: bool = False


def turn(portal: str, runs: Sequence[Past], wanted: Sequence[Awaited], now: datetime) -> Turn:
    """Return a portal's next turn. It is due if that is not later than `now`.

    Args:
        portal: Its name, from which its own moment of the day follows.
        runs: Its runs, in any order.
        wanted: Reports with a legal date that are not there yet.
        now: The time, with its zone.
    """
    # A run from the future was dated by a clock that was wrong, and must not keep the portal waiting for it.
    known = (run for run in runs if run.started_at <= now and run.outcome != IMPORTED)
    past = sorted(known, key=lambda run: run.started_at)
    ordinary = [run for run in past if run.walk != GAPS]
    if past and past[-1].ended_at is None:
        return Turn(past[-1].started_at, "its last run was left in the middle", LEFT)
    if not ordinary:
        return Turn(now, "it was never crawled", NEW)
    if bad := _bad(ordinary):
        return _after_rest(ordinary[-1], bad)
    if past[-1].walk == GAPS and past[-1].outcome not in GOOD:
        # It may only have reached its bound. How the portal fares, an ordinary run says, and now.
        why = f"it was {past[-1].outcome} when it was asked for gaps"
        return Turn(_end(past[-1]) + SHORTEST_REST, why)
    regular = min(_regular(portal, ordinary, wanted, now), key=lambda each: each.at)
    if regular.at <= now:
        return regular
    return min((regular, *_search(portal, past, ordinary[-1], wanted, now)), key=lambda each: each.at)


def moment(portal: str, after: datetime) -> datetime:
    """Return the first of a portal's own moments, one a day, that comes a while after a time.

    They are spread over the day by the portals' names, so that an hourly timer takes a twenty-fourth of
    them each time, and a late run makes no later one late.
    """
    own = timedelta(minutes=int.from_bytes(sha256(portal.encode()).digest()[:4], "big") % (24 * 60))
    soonest = (after + APART).astimezone(UTC)
    at = datetime.combine(soonest.date(), time(), UTC) + own
    return at if at >= soonest else at + DAY


def _bad(runs: Sequence[Past]) -> int:
    """Return how many runs have ended badly in a row, the newest among them."""
    good = [run.outcome in GOOD for run in reversed(runs)]
    return good.index(True) if True in good else len(good)


def _after_rest(last: Past, bad: int) -> Turn:
    # More doublings than that are longer than the longest, and soon than any time.
    rest = min(SHORTEST_REST * 2 ** min(bad - 1, 10), LONGEST_REST)
    times = "" if bad == 1 else f", {bad} runs in a row ended badly"
    said = f"{rest.days} days" if rest > DAY else f"{rest // timedelta(hours=1)} hours"
    return Turn(_end(last) + rest, f"it was {last.outcome}{times}: asked again after {said}")


def _end(run: Past) -> datetime:
    return run.ended_at or run.started_at


def _regular(portal: str, runs: Sequence[Past], wanted: Sequence[Awaited], now: datetime) -> Iterator[Turn]:
    """Yield the turns that a portal has for each reason; the last of its ordinary runs was a good one."""
    first, last = runs[0].started_at, runs[-1].started_at
    tomorrow = moment(portal, last)
    in_a_week = tomorrow + WEEK - DAY
    whole = [_end(run) for run in runs if run.outcome in GOOD and run.walk == FULL]
    month = moment(portal, whole[-1] + FULL_WALK) if whole else tomorrow
    yield Turn(max(month, tomorrow), f"its lists were walked whole {FULL_WALK.days} days ago")
    if in_a_week <= first + NEW_FOR + DAY and now < first + NEW_FOR + WEEK:
        yield Turn(in_a_week, "it is new here: weekly")
    for day in sorted({each.due_on for each in wanted}):
        count = sum(each.due_on == day for each in wanted)
        said = f"{count} wanted report{'s have' if count > 1 else ' has'} the legal date {day}"
        begin, end = _weeks(day)
        if now < end:
            yield Turn(max(tomorrow, moment(portal, begin)), f"{said}: daily")
        elif now < _passed(day) + WEEKLY_AFTER:
            yield Turn(max(in_a_week, moment(portal, end)), f"{said}: weekly")
    for day in (date(year, *each) for year in (now.year, now.year + 1) for each in DATES):
        begin, end = _weeks(day)
        if last < begin and now < end:
            yield Turn(moment(portal, begin), f"the legal date {day} comes: a first look")


def _search(
    portal: str, runs: Sequence[Past], last: Past, wanted: Sequence[Awaited], now: datetime
) -> Iterator[Turn]:
    """Yield the turn at which a portal is asked for what is wanted only, if there is one.

    Its lists were looked at since the date passed, at the portal's own time of the day, and the database has
    been loaded since: else an ordinary run comes first.
    """
    ends = [(each, _passed(each.due_on)) for each in wanted if each.is_missing]
    late = [each for each, end in ends if end <= last.started_at and now < end + WEEKLY_AFTER]
    if not late or last.outcome != UNCHANGED:
        return
    before = [run.started_at for run in runs if run.walk == GAPS]
    again = moment(portal, before[-1]) + WEEK - DAY if before else _end(last)
    said = f"{len(late)} report{'s are' if len(late) > 1 else ' is'} wanted whose legal date has passed"
    yield Turn(max(again, _end(last)), f"{said}, and the lists show nothing new", gaps=True)


def _passed(day: date) -> datetime:
    """Return the moment at which a legal date has passed."""
    return datetime.combine(day + DAY, time(), CHINA)


def _weeks(day: date) -> tuple[datetime, datetime]:
    """Return when the daily looks for a legal date begin and end."""
    return datetime.combine(day, time(), CHINA) - DAILY_BEFORE, _passed(day) + DAILY_AFTER
