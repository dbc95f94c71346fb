"""How each portal fares, judged by what was archived: read-only, for `status` and for notices.

A run's log says what it meant to do; what lies on the shelf says what came of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.clock import CHINA, china_day, china_day_of
from archive.known import GOOD
from archive.portal_facts import Facts, Run, read

BOUND = timedelta(days=35)
"""Age from which the last good run is too old: lists are walked whole every 30 days, and a few more."""

GRACE = timedelta(days=14)
"""Time after a legal date in which somebody should have looked for what is wanted."""

OVERDUE, NEVER, INTERRUPTED, UNDECLARED = "overdue", "never", "interrupted", "undeclared"

BAD = (OVERDUE, "gone", "blocked", "failed", "empty", "shrunken")
"""States that somebody must look at, the worst first."""

_ORDER = (*BAD, NEVER, INTERRUPTED, "moved", "ok", "unchanged", UNDECLARED)


@dataclass(frozen=True, slots=True)
class Health:
    """How a portal fares.

    Attributes:
        facts: what that is judged by.
        state: one of `BAD`, `never`, `interrupted`, `undeclared`, or the outcome of a good run.
        outcome: of the newest run that ended.
        since: when the state began.
        reason: why, in words.
        before: the outcome of the newest good run, `never` if there was none.
    """

    facts: Facts
    state: str
    outcome: str = ""
    since: str = ""
    reason: str = ""
    before: str = NEVER

    @property
    def bad(self) -> bool:
        """Tell whether somebody must look at it."""
        return self.state in BAD

    def told(self) -> dict[str, Any]:
        """Return it as programs read it."""
        facts = self.facts
        return {
            "portal": facts.portal,
            "title": facts.title,
            "state": self.state,
            "bad": self.bad,
            "since": self.since or None,
            "reason": self.reason,
            "outcome": self.outcome or None,
            "overdue_since": self.since if self.state == OVERDUE else None,
            "newest_report": {"year": facts.year, "published_on": facts.published_on or None},
            "newest_entry": facts.entry or None,
            "last_good_capture": facts.captured or None,
            "last_attempt": facts.attempted or None,
        }


def look(
    data: Path, declared: Mapping[str, str], now: datetime, known: Collection[str] | None = None
) -> list[Health]:
    """Return how each portal fares that was crawled or is declared, the worst first.

    Args:
        data: The data folder; nothing in it is changed.
        declared: Titles of portals that are to be crawled, by their names.
        now: The time, with its zone.
        known: Names of all portals that any file declares. The others are nobody's to crawl any more, unless
            all are others: then a file was forgotten. By default that is not known, and all are judged.

    Raises:
        OSError: The index or the database cannot be read.
    """
    found = read(data, declared, china_day(now))
    crawled = {facts.portal for facts in found if facts.attempted}
    given_up = set() if known is None or crawled.isdisjoint(known) else crawled.difference(known)
    told = [_given_up(facts) if facts.portal in given_up else judge(facts, now) for facts in found]
    return sorted(told, key=lambda each: (_rank(each.state), each.since, each.facts.portal))


def _rank(state: str) -> int:
    return _ORDER.index(state) if state in _ORDER else len(BAD)


def _given_up(facts: Facts) -> Health:
    last = next((run for run in facts.runs if run.ended_at and run.outcome != INTERRUPTED), None)
    return Health(facts, UNDECLARED, last.outcome if last else "", reason="no file declares it any more")


def judge(facts: Facts, now: datetime) -> Health:
    """Return how a portal fares at a time."""
    ended = [run for run in facts.runs if run.ended_at and run.outcome != INTERRUPTED]
    good = next((run for run in ended if run.outcome in GOOD), None)
    last = ended[0] if ended else None
    before = good.outcome if good else NEVER
    outcome = last.outcome if last else ""
    late = _overdue(facts, good, now)
    if late:
        since, why = late
        reason = f"{why}; the last run: {outcome}: {last.reason}" if last and last != good else why
        return Health(facts, OVERDUE, outcome, since, reason, before)
    if last is None:
        first = facts.runs[0] if facts.runs else None
        return Health(facts, INTERRUPTED if first else NEVER, "", first.started_at if first else "")
    return Health(facts, outcome, outcome, _since(ended), last.reason, before)


def _since(ended: Sequence[Run]) -> str:
    """Return when the newest of the runs that fared alike, one after the other, began to."""
    fares = ended[0].outcome in GOOD
    since = ended[0].ended_at
    for run in ended:
        if (run.outcome in GOOD) != fares:
            break
        since = run.ended_at
    return since


def _overdue(facts: Facts, good: Run | None, now: datetime) -> tuple[str, str] | None:
    """Return since when a portal is overdue, and why; None if it is not."""
    if not facts.runs:
        return None
    last = good.ended_at if good else facts.runs[-1].started_at
    end = _time(last) + BOUND
    if end < now:
        why = f"no good run since {last[:10]}" if good else f"no good run, though it was begun {last[:10]}"
        return _printed(end), why
    for due in facts.due:
        try:
            end = datetime.combine(date.fromisoformat(due), datetime.min.time(), CHINA) + GRACE
        except ValueError:
            continue
        # Of a portal that never let anything out, its outcome says more.
        had = china_day_of(facts.captured)
        if had and had <= due and end < now:
            return _printed(end), f"a report that was due on {due} is wanted, and the last page was had {had}"
    return None


def _time(text: str) -> datetime:
    """Return a time of the archive; what is none is taken for very old."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _printed(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
