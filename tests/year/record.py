"""What was crawled and what was answered so far, as the servers and the timer have it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from tests.year.drive import Call, Run
from tests.year.plan import CHINA, Plan, Shown
from tests.year.server import Asked

DAY = timedelta(days=1)
WELL = ("ok", "unchanged", "moved")
HAD = (200, 304)

Key = tuple[str, int]
"""Agency and year."""


def china_day(at: datetime) -> date:
    """Return the day in China on which a time lies."""
    return at.astimezone(CHINA).date()


class Record:
    """Knows the plan, and is told the calls.

    Args:
        plan: What happens.
        calls: All calls so far; the list grows.
    """

    def __init__(self, plan: Plan, calls: Sequence[Call]) -> None:
        self.plan, self._calls = plan, calls

    def runs(self, portal: str, before: datetime | None = None) -> list[Run]:
        """Return the runs of a portal, those that began before a time."""
        runs = (run for call in self._calls for run in call.runs if run.portal == portal)
        return [run for run in runs if before is None or run.at < before]

    def answers(self, portal: str, before: datetime | None = None) -> Iterator[Asked]:
        """Yield what a portal answered, in the order of time."""
        for run in self.runs(portal, before):
            yield from run.asked

    def held(self, portal: str, now: datetime) -> Mapping[Key, list[Shown]]:
        """Return the reports that were had of a portal, each as it was seen, in the order of time."""
        found: dict[Key, list[Shown]] = {}
        for each in self.answers(portal, now):
            if each.report:
                found.setdefault((each.report.agency, each.report.year), []).append(each.report)
        return found

    def entries(self, portal: str, now: datetime) -> Iterator[Shown]:
        """Yield the reports whose pages were asked for, as the list named them until they were first had."""
        had = set()
        for run in self.runs(portal, now):
            for asked in run.asked:
                found = next((each for each in run.state.reports if each.at == asked.path), None)
                if found and found.at not in had:
                    yield found
                    if asked.report:
                        had.add(found.at)

    def looks(self, portal: str, before: datetime) -> tuple[dict[str, datetime], dict[str, datetime]]:
        first: dict[str, datetime] = {}
        last: dict[str, datetime] = {}
        for each in self.answers(portal, before):
            if each.report:
                first.setdefault(each.path, each.at)
            if each.status in (*HAD, 404):
                last[each.path] = each.at
        return first, last
