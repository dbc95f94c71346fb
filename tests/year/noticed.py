"""The table of events, line by line: what must be seen of each was seen, and how soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.year.drive import Run, Simulation
from tests.year.failures import Failures
from tests.year.histories import Change, changes
from tests.year.oracle import TO_LOOK_AT, Oracle
from tests.year.plan import APPEARS, LISTED, OF_A_PORTAL, OUTCOMES, RECOVERS, Event, Must
from tests.year.record import HAD, WELL

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Noticed:
    """An event and the call that noticed it; None where it came and went before anybody looked."""

    event: Event
    at: datetime | None

    @property
    def days(self) -> float:
        """Return the days that it took."""
        return (self.at - self.event.at) / timedelta(days=1) if self.at else 0.0


def noticed(simulation: Simulation, oracle: Oracle, failures: Failures) -> list[Noticed]:
    """Return each event since the first call whose time has come, with the call that noticed it, once all that must be seen was.

    Args:
        simulation: Has made its calls.
        oracle: Knows what must be seen.
        failures: Keeps the events of which something was not seen, or not by the run that had to see it.
    """
    first, last = simulation.calls[0].at, simulation.calls[-1].ended
    found = []
    for event in simulation.plan.events:
        runs = [run for run in simulation.runs(event.portal) if run.at >= event.at]
        if first <= event.at <= last and runs:
            with failures.kept():
                found.append(Noticed(event, _seen(simulation, oracle, event, runs)))
    return found


def _seen(simulation: Simulation, oracle: Oracle, event: Event, runs: list[Run]) -> datetime | None:
    if event.what in OF_A_PORTAL:
        return _of_a_portal(simulation, event, runs)
    if event.what in (APPEARS, LISTED):
        return _appeared(oracle, event, runs)
    return _changed(oracle, event, runs)


def _meets(run: Run, must: Must) -> None:
    told = f"{run.portal}, {run.at}: {run.outcome}: {run.reason}"
    assert must.outcome in ("", run.outcome), told
    assert must.said in run.reason, told


def _of_a_portal(simulation: Simulation, event: Event, runs: list[Run]) -> datetime | None:
    """The first run says so, and notice is given of what is bad, and when it is well.

    A run for gaps judges no portal: what it meets, the ordinary run tells that follows within hours.
    """
    if len(runs) > 1 and runs[0].gaps and event.what == runs[0].state.trouble:
        _meets(runs[0], event.must)
        assert runs[1].at - runs[0].at <= 3 * HOUR, f"{runs[0]} was not followed up"
    ordinary = [run for run in runs if not run.gaps]
    if event.what not in (*OUTCOMES, RECOVERS):
        ordinary = [run for run in ordinary if run.state.well]
    first = next(iter(ordinary), None)
    if first is None or first.state.trouble != (event.what if event.what in OUTCOMES else ""):
        return None
    _meets(first, event.must)
    told = {
        notice["portal"]: notice for call in simulation.calls if call.at == first.at for notice in call.told
    }
    before = [run for run in simulation.runs(event.portal) if run.at < first.at and not run.gaps]
    turned = before and (before[-1].outcome in WELL) != (first.outcome in WELL)
    if turned and event.portal in told:
        assert (told[event.portal]["now"] in TO_LOOK_AT) == (event.what != RECOVERS)
    return first.at


def _appeared(oracle: Oracle, event: Event, runs: list[Run]) -> datetime | None:
    """The first run that can have it has it, and from then on it is covered as it must be."""
    if event.what == APPEARS and not _more_of_the_portal(oracle, event, runs[0]):
        _meets(runs[0], event.must)
    able = (run for run in runs if run.state.well)
    first = next(
        (
            run
            for run in able
            if any(each.agency == event.agency and each.listed for each in run.state.reports)
        ),
        None,
    )
    if first is None:
        return None
    key = (event.agency, event.year)
    if event.what == APPEARS:
        assert key in oracle.held(event.portal, first.at + SECOND), event
    covers = oracle.coverage(event.portal, first.at + SECOND).get(key)
    if not _was_undone(oracle, event, first):
        assert event.must.coverage in ("", covers and covers.state), (event, covers)
    return first.at


def _more_of_the_portal(oracle: Oracle, event: Event, run: Run) -> bool:
    """Tell whether the portal itself changed between an event and the run, where the timer was off."""
    others = (each for each in oracle.plan.of(event.portal, run.at) if each.what in OF_A_PORTAL)
    return any(event.at <= each.at for each in others)


def _changed(oracle: Oracle, event: Event, runs: list[Run]) -> datetime | None:
    """The first look at its page tells of it."""
    pages = {each.path for each in oracle.answers(event.portal, event.at) if each.report and
             (each.report.agency, each.report.year) == (event.agency, event.year)}  # fmt: skip
    looks = (
        run for run in runs if any(each.path in pages and each.status in (*HAD, 404) for each in run.asked)
    )
    first = next(looks, None)
    if first is None:
        return None
    found = [each for each in changes(oracle, event.portal) if _is(each, event) and each.first == first.at]
    if event.must.change:
        assert found or _was_undone(oracle, event, first), f"{event} was not seen at {first.at}"
    _meets(first, event.must)
    covers = oracle.coverage(event.portal, first.at + SECOND)[event.agency, event.year]
    assert event.must.coverage in ("", covers.state), (event, covers)
    return first.at


def _is(change: Change, event: Event) -> bool:
    return (change.kind, change.agency, change.year) == (event.must.change, event.agency, event.year)


def _was_undone(oracle: Oracle, event: Event, run: Run) -> bool:
    """Tell whether something else happened to the report between the event and the run."""
    return any(
        each is not event and each.agency == event.agency and event.at <= each.at <= run.at
        for each in oracle.plan.events
    )
