"""How often portals are asked, by the rules that the README states: often enough, and not more."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.year.drive import Run, Simulation
from tests.year.failures import Failures
from tests.year.oracle import Oracle
from tests.year.plan import YEAR
from tests.year.record import WELL, china_day

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
DATES = (date(YEAR + 1, 1, 31), date(YEAR + 1, 3, 31))
AROUND, AFTER = 14 * DAY, 60 * DAY

TO_ITS_TIME = 31 * HOUR
"""From a time to a portal's own hour: a day, the six hours that two runs are apart at least, the timer's hour."""


class Rhythm:
    """The times at which the portals of a simulation were asked, with a timer that calls each hour.

    Args:
        simulation: Its calls are made.
        oracle: Knows what was wanted when.
        failures: Keeps which portals were asked too seldom, or too often.
    """

    def __init__(self, simulation: Simulation, oracle: Oracle, failures: Failures) -> None:
        self.simulation, self.oracle, self.failures = simulation, oracle, failures

    def check(self, until: datetime) -> None:
        """Check that no portal was asked too seldom, or too often, up to a time."""
        for site in self.simulation.plan.sites:
            runs = self.simulation.runs(site.name)
            ordinary = [run for run in runs if not run.gaps]
            for number, run in enumerate(ordinary):
                after = next((each.at for each in ordinary[number + 1 :]), until)
                with self.failures.kept():
                    self._not_too_seldom(run, after, self._bad(ordinary[: number + 1]))
            with self.failures.kept():
                self._not_too_often(runs, ordinary)
            with self.failures.kept():
                self._for_gaps(runs)

    def _bad(self, runs: list[Run]) -> int:
        """Return how many runs have ended badly in a row, the last among them."""
        good = [run.outcome in WELL for run in reversed(runs)]
        return good.index(True) if True in good else len(good)

    def _not_too_seldom(self, run: Run, after: datetime, bad: int) -> None:
        """After a bad run 1, 2, 4 hours, at most a week; else by what is wanted; and once a month anyway."""
        waited = after - run.at
        told = f"{run.portal}: asked at {run.at}, and then at {after}"
        if bad:
            rest = min(HOUR * 2 ** (bad - 1), 7 * DAY)
            assert waited <= rest + 1.5 * HOUR, told
            return
        assert waited <= 30 * DAY + TO_ITS_TIME, told
        for day in DATES:
            for span, longest in ((AROUND, TO_ITS_TIME), (AFTER, 6 * DAY + TO_ITS_TIME)):
                inside = [at for at in (run.at, after) if day - AROUND <= china_day(at) <= day + span]
                if len(inside) == 2 and self._wanted(run, day):
                    assert waited <= longest, told

    def _wanted(self, run: Run, day: date) -> bool:
        covered = self.oracle.coverage(run.portal, run.at + SECOND).values()
        states = ("not_due_yet", "not_found", "not_searched", "blocked")
        return any(each.due_on == str(day) and each.state in states for each in covered)

    def _not_too_often(self, runs: list[Run], ordinary: list[Run]) -> None:
        """Once begun, a portal is asked once a day, at its own hour, and for gaps; again where it has failed.

        Where a run for gaps has failed, an ordinary one follows it.
        """
        gaps = [run for run in runs if run.gaps]
        failed = [run.at for run in gaps if run.outcome not in WELL]
        usual, again = list[Run](), list[Run]()
        for number, (before, run) in enumerate(pairwise(ordinary), 1):
            if bad := self._bad(ordinary[:number]):
                assert run.at - before.at >= min(HOUR * 2 ** (bad - 1), 7 * DAY), run
                again.append(run)
            elif any(before.at < at < run.at for at in failed):
                again.append(run)
            else:
                assert run.at - before.at >= 6 * HOUR, run
                usual.append(run)
        hours = {run.at.hour for run in usual}
        assert len(hours) <= 1, f"{runs[0].portal}: {hours}"
        for some, most in ((usual, 1), (gaps, 1), (again, 5)):
            for day, count in Counter(china_day(run.at) for run in some).items():
                assert count <= most, f"{runs[0].portal}, {day}: {count}"

    def _for_gaps(self, runs: list[Run]) -> None:
        """Once a week, where a report is missing whose date has passed within two months."""
        gaps = [run for run in runs if run.gaps]
        for before, run in pairwise(gaps):
            assert run.at - before.at >= 6 * DAY, run
        for run, after in pairwise(runs):
            if run.gaps and run.outcome not in WELL:
                assert after.at - run.at <= 3 * HOUR, f"{run} was not followed up"
        for run in gaps:
            covered = self.oracle.coverage(run.portal, run.at - SECOND).values()
            missing = {
                each.due_on for each in covered if each.state in ("not_found", "blocked", "not_searched")
            }
            dates = [day for day in DATES if str(day) in missing]
            assert any(day < china_day(run.at) <= day + AFTER + DAY for day in dates), run


def requests_a_day(simulation: Simulation) -> Iterator[tuple[str, date, int]]:
    """Yield how often each portal's host was asked on each day in China on which it was."""
    counts = Counter((each.portal, china_day(each.at)) for each in simulation.world.asked)
    for (portal, day), count in sorted(counts.items()):
        yield portal, day, count
