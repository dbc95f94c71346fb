"""The table of events, line by line: what must be seen of each was seen, and how soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.year.drive import Run, Simulation
from tests.year.failures import Failures
from tests.year.histories import DATE, FIGURE, GONE, Change, changes
from tests.year.oracle import TO_LOOK_AT, Oracle
from tests.year.plan import (
    APPEARS,
    BACKDATED,
    EDITED,
    GOES,
    LISTED,
    MOVES,
    OF_A_PORTAL,
    OUTCOMES,
    RECOVERS,
    RETURNS,
    VANISHES,
    Event,
    Must,
    Shown,
)
from tests.year.record import HAD, WELL
from tests.year.server import Asked

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
    if event.what == MOVES and first.state.declared == first.state.column:
        return None  # an operator has mended the declaration before anybody looked
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
    """The first look at its page tells of it; where its page has moved, that is a look at either address."""
    pages = {each.path for each in oracle.answers(event.portal) if each.report and _is_of(each.report, event)}
    before = [each for each in oracle.answers(event.portal, event.at) if _looks(each, pages)]
    if not any(each.report for each in before):
        return None  # nobody saw it as it was
    if event.what == RETURNS and event.must.change and before[-1].status != GONE:
        return None  # nobody saw that it was away
    sees = (
        run for run in runs
        if any(_looks(each, pages) and (each.report or event.what != RETURNS) for each in run.asked)
    )  # fmt: skip
    first = next(sees, None)
    if first is None:
        return None
    if event.must.change and not any(
        _tells(each, event, first.at) for each in changes(oracle, event.portal) if _is_of(each, event)
    ):
        assert _was_undone(oracle, event, first), f"{event} was not seen at {first.at}"
        return None
    _meets(first, event.must)
    covers = oracle.coverage(event.portal, first.at + SECOND)[event.agency, event.year]
    assert event.must.coverage in ("", covers.state), (event, covers)
    return first.at


def _is_of(of: Shown | Change | Event, event: Event) -> bool:
    return (of.agency, of.year) == (event.agency, event.year)


def _looks(asked: Asked, pages: set[str]) -> bool:
    return asked.path in pages and asked.status in (*HAD, GONE)


def _tells(change: Change, event: Event, at: datetime) -> bool:
    """Tell whether a change that was seen at a time tells of an event.

    Where a page stands at another address, one change tells that it has moved, and what was edited on the way;
    what was away meanwhile is seen again there.
    """
    if event.what in (EDITED, BACKDATED):
        what = FIGURE if event.what == EDITED else DATE
        return change.kind in (event.must.change, "moved") and what in change.differs and change.first == at
    if event.what == RETURNS and change.kind == "moved":
        return change.back == at
    moved = ("moved",) if event.what in (VANISHES, GOES) else ()
    return change.kind in (event.must.change, *moved) and change.first == at


def _was_undone(oracle: Oracle, event: Event, run: Run) -> bool:
    """Tell whether something else happened to the report between the event and the run."""
    return any(
        each is not event and _is_of(each, event) and event.at <= each.at <= run.at
        for each in oracle.plan.events
    )
