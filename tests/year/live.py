"""Lives through a simulated time, checks all of it, and returns its figures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.year.checks import Checks
from tests.year.drive import Call, Simulation, simulated
from tests.year.failures import Failures
from tests.year.noticed import Noticed, noticed
from tests.year.plan import Plan, china
from tests.year.rhythm import Rhythm, requests_a_day


@dataclass(frozen=True, slots=True)
class Figures:
    """What a simulated time came to.

    Attributes:
        requests: all that a host was asked, by portal; `most` the most on one day.
    """

    calls: int
    runs: int
    requests: dict[str, int]
    most: dict[str, int]
    events: Sequence[Noticed]

    def lines(self) -> Iterable[str]:
        """Yield the figures in words."""
        yield f"{self.calls} calls of the timer at which somebody was due, {self.runs} runs"
        for portal, count in sorted(self.requests.items()):
            yield f"{portal}: {count} requests, at most {self.most[portal]} on a day"
        for what in sorted({each.event.what for each in self.events}):
            days = sorted(each.days for each in self.events if each.event.what == what and each.at)
            missed = sum(each.event.what == what and not each.at for each in self.events)
            told = f"noticed after {days[len(days) // 2]:.1f} days, at most {days[-1]:.1f}" if days else ""
            yield f"{len(days)} x {what}: {told}" + (
                f"; {missed} came and went between two looks" if missed else ""
            )


@dataclass(frozen=True, slots=True)
class Timer:
    """When the timer calls: each hour from the first to the last of its times, or at these times only."""

    times: tuple[str, ...]
    hourly: bool = True

    def hours(self, simulation: Simulation) -> Iterable[datetime]:
        """Yield the times at which it calls; of those each hour, the ones at which somebody is due."""
        begin, *_, end = map(china, self.times)
        return simulation.hours(begin, end) if self.hourly else map(china, self.times)


def live(
    plan: Plan,
    folder: Path,
    timer: Timer,
    watch: Callable[[Call], None] = lambda _: None,
) -> Figures:
    """Live through a time; check each call, each end of a month, and what is there at the end.

    Args:
        plan: The portals, and what happens to them.
        folder: Takes the data folder.
        timer: When it calls.
        watch: Is told of each call.

    Raises:
        AssertionError: Something is not as it must be; it tells all that is not.
    """
    failures = Failures()
    with simulated(plan, folder, china(timer.times[0])) as simulation:
        checks = Checks(simulation, failures)
        for at in timer.hours(simulation):
            _ends_of_months(simulation, checks, at)
            call = simulation.call(at)
            watch(call)
            checks.after(call)
        checks.whole()
        if timer.hourly:
            Rhythm(simulation, checks.oracle, failures).check(simulation.calls[-1].at)
        figures = _figures(simulation, noticed(simulation, checks.oracle, failures))
    failures.check()
    return figures


def _ends_of_months(simulation: Simulation, checks: Checks, until: datetime) -> None:
    """Check the last minute of each month that has ended since the last call."""
    last = simulation.calls[-1].at if simulation.calls else until
    for month in range(2, 13):
        end = china(f"{month:02d}-01 00:00") - timedelta(minutes=1)
        if last < end < until:
            checks.at(end)


def _figures(simulation: Simulation, events: Sequence[Noticed]) -> Figures:
    requests: dict[str, int] = {}
    most: dict[str, int] = {}
    for portal, _, count in requests_a_day(simulation):
        requests[portal] = requests.get(portal, 0) + count
        most[portal] = max(most.get(portal, 0), count)
    return Figures(len(simulation.calls), len(simulation.runs()), requests, most, events)


def only(plan: Plan, *portals: str) -> Plan:
    """Return a plan with some of its portals."""
    sites = tuple(site for site in plan.sites if site.name in portals)
    return replace(plan, sites=sites, events=tuple(each for each in plan.events if each.portal in portals))
