"""What must come of a simulated year, told by hand rules from the plan and from what the servers were asked.

Nothing here asks the program, or uses its code: the rules are those that the README and the law state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.year.drive import Run
from tests.year.plan import CHINA, FIRST, OUTCOMES, Shown, due
from tests.year.record import DAY, HAD, WELL, Key, Record, china_day

TO_LOOK_AT = ("overdue", "gone", "blocked", "failed", "empty", "shrunken")
DOUBT = timedelta(minutes=10)
"""A run takes seconds, and what falls due within them may be done by it or by the next one."""


@dataclass(frozen=True, slots=True)
class Fares:
    """How a portal fares: its state, when that began (the call, or the moment itself), what it holds."""

    state: str
    since: datetime
    last_good: datetime | None
    outcome: str
    report: tuple[int, str] | None
    entry: str | None
    had: datetime | None
    tried: datetime


@dataclass(frozen=True, slots=True)
class Covers:
    """One agency and year: state, legal date, the date that counts, days late."""

    state: str
    due_on: str | None
    published_on: str | None = None
    days_late: int | None = None


def _named(run: Run) -> set[str]:
    return {each.at for each in run.state.reports if each.listed}


class Oracle(Record):
    """What must be seen of it, by hand rules."""

    # What a run is.

    def outcome(self, run: Run) -> str:
        """Return what a run must be called."""
        if run.state.trouble:
            return OUTCOMES[run.state.trouble]
        good = [each for each in self.runs(run.portal, run.at) if each.outcome in WELL and not each.gaps]
        known = run.state.declared or (good[-1].state.column if good else run.state.column)
        if known != run.state.column:
            return "moved"
        return "ok" if self.fresh(run) else "unchanged"

    def fresh(self, run: Run) -> list[Shown]:
        """Return the reports of which a run brought bytes that were not there before."""
        before = {
            each.path: each.tag
            for each in self.answers(run.portal, run.at)
            if each.status in HAD and each.tag
        }
        got = [each for each in run.asked if each.status == 200 and each.report]
        return [each.report for each in got if each.report and before.get(each.path) != each.tag]

    def must_look(self, run: Run) -> tuple[set[str], set[str]]:
        """Return the paths of report pages that a run must ask for, and those that it may ask for besides.

        What is listed and was never had; what was had, when as much time has passed since the last look as it
        had been known at that look, at least 7 days and at most 365; what a list names no more, or again.
        """
        first, last = self.looks(run.portal, run.at)
        must, may = set[str](), set[str]()
        for path in first:
            rest = min(max(last[path] - first[path], 7 * DAY), 365 * DAY)
            late = run.at - last[path] - rest
            if late > -DOUBT:
                (must if late > DOUBT else may).add(path)
        new = {each.at for each in run.state.reports if each.listed} - first.keys()
        on_and_off = self._on_and_off(run) & first.keys()
        if not run.state.answers or run.gaps:
            return set(), must | may | new | on_and_off
        if not run.state.well:
            return must, may | new
        # Without a total, a list of many pages is only read to its end once a month.
        return (
            (must | new, may | on_and_off)
            if run.state.software == "general"
            else (must | new | on_and_off, may)
        )

    def _on_and_off(self, run: Run) -> set[str]:
        """Return the pages that the lists named when a run last saw them, and do not now, or the other way.

        What a run for gaps has found since then is named for the first time, and was just had.
        """
        now = _named(run)
        before = [each for each in self.runs(run.portal, run.at) if each.state.well and not each.gaps]
        if run.state.software == "general":
            ever = {each.at for one in before for each in one.state.reports}
            return ever - now | {path for path in now if any(path not in _named(one) for one in before)}
        if not before:
            return set()
        known, _ = self.looks(run.portal, before[-1].at)
        named = _named(before[-1])
        return (named - now) | (now - named) & known.keys()

    # How a portal fares.

    def fares(self, portal: str, now: datetime) -> Fares:
        """Return how a portal fares at a time; it was crawled before."""
        runs = self.runs(portal, now)
        ordinary = [run for run in runs if not run.gaps]
        good = next((run for run in reversed(ordinary) if run.outcome in WELL), None)
        last = ordinary[-1]
        had = next((run.at for run in reversed(runs) if run.state.answers), None)
        held = self.held(portal, now)
        entries = [each.day for each in self.entries(portal, now) if each.day <= str(china_day(now))]
        late = self._overdue(portal, good, had, ordinary[0], now)
        alike = [ordinary[-1]]
        for run in reversed(ordinary):
            if (run.outcome in WELL) != (last.outcome in WELL):
                break
            alike.append(run)
        return Fares(
            "overdue" if late else last.outcome,
            late or alike[-1].at,
            good.at if good else None,
            last.outcome,
            max(((year, shown[0].day) for (_, year), shown in held.items()), default=None),
            max(entries, default=None),
            had,
            runs[-1].at,
        )

    def _overdue(
        self, portal: str, good: Run | None, had: datetime | None, first: Run, now: datetime
    ) -> datetime | None:
        """Return since when a portal is overdue.

        The last good run is 35 days old; or a report that is wanted was due 14 days ago, and no page was
        had since it was due.
        """
        end = (good or first).at + 35 * DAY
        if end < now:
            return end
        wanted = {covers.due_on for covers in self.coverage(portal, now).values() if covers.due_on and
                  covers.state in ("not_found", "blocked", "not_searched", "not_due_yet")}  # fmt: skip
        for day in sorted(wanted):
            passed = datetime.combine(date.fromisoformat(day), time(), CHINA) + 14 * DAY
            if had and str(china_day(had)) <= day and passed < now:
                return passed
        return None

    # What is held, and what is missing.

    def coverage(self, portal: str, now: datetime) -> Mapping[Key, Covers]:
        """Return what must be said of each agency and year of a portal, as of the newest load."""
        loaded = [call.at for call in self._calls if call.at < now and call.runs]
        if not loaded:
            return {}
        today = china_day(loaded[-1])
        held = self.held(portal, now)
        tried = {(each.agency, each.year) for each in self.entries(portal, now)}
        agencies = {self.plan.site(portal).agencies[0].name} | {agency for agency, _ in held.keys() | tried}
        begin = min((year for _, year in held.keys() | tried), default=today.year)
        assert begin in (FIRST, FIRST + 1, today.year)
        keys = {(agency, year) for agency in agencies for year in range(begin, today.year)}
        return {key: self._covers(portal, key, today, held.get(key), now) for key in keys}

    def _covers(self, portal: str, key: Key, today: date, seen: list[Shown] | None, now: datetime) -> Covers:
        limit = due(*key)
        day = str(limit) if limit else None
        if seen:
            return self._published(portal, key, limit, seen, now)
        # Where the law names no date, nothing is missing before the year has ended.
        last = limit or date(key[1], 12, 31)
        if today <= last:
            return Covers("not_due_yet", day)
        runs = self.runs(portal, now)
        if any(run.outcome in WELL and china_day(run.at) > last for run in runs):
            return Covers("not_found", day)
        return Covers("blocked" if runs and runs[-1].outcome == "blocked" else "not_searched", day)

    def _published(
        self, portal: str, key: Key, limit: date | None, seen: list[Shown], now: datetime
    ) -> Covers:
        day = seen[0].day
        if limit is None:
            return Covers("no_deadline", None, day)
        first = next(each.at for each in self.answers(portal, now) if each.report and
                     (each.report.agency, each.report.year) == key)  # fmt: skip
        if day <= str(limit) or china_day(first) <= limit:
            return Covers("on_time", str(limit), day, 0)
        if any(each.day <= str(limit) for each in seen):
            # A date that was only edited in proves nothing, and raises doubt.
            return Covers("date_unknown", str(limit), day)
        return Covers("late", str(limit), day, (date.fromisoformat(day) - limit).days)
