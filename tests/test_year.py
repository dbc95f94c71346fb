"""A simulated year over whole crawls: a clock moved by the tests drives `crawl --due` over changing portals.

The short form lives through stretches of it; `make soak` through all of it, by hand and as chance makes it.
"""

from pathlib import Path

import pytest

from tests.year.draw import drawn
from tests.year.failures import Failures
from tests.year.live import Timer, live, only
from tests.year.plan import APPEARS, DIES, EDITED, EMPTIES, MOVES, RECOVERS, REDESIGNED, Plan
from tests.year.table import YEAR_BY_HAND

WHOLE = Timer(("01-01 08:00", "12-31 23:00"))

AROUND = ("01-25 12:00", "02-04 12:00")

A_YEAR = 5400
"""Seconds that a whole year takes at most: half an hour where two cores are shared with much else."""

slow, soak = pytest.mark.slow, pytest.mark.soak


@slow
def test_around_31_january_each_report_is_found_within_a_day_and_called_in_time_or_late(
    tmp_path: Path,
) -> None:
    figures = live(only(YEAR_BY_HAND, "chunyue", "baihe", "tingcang"), tmp_path, Timer(AROUND))
    assert figures.runs >= 2 * 10
    assert max(figures.most.values()) < 20
    found = [each for each in figures.events if each.event.portal == "chunyue"]
    assert len(found) == 2
    assert all(each.days < 1.1 for each in found)


@slow
def test_a_portal_that_dies_in_february_is_noticed_overdue_in_time_and_well_again(tmp_path: Path) -> None:
    days = ("01-31 23:00", "02-10 21:00", "02-10 22:30", "02-20 21:00", "03-18 21:00", "03-22 11:00")
    figures = live(only(YEAR_BY_HAND, "yunxing"), tmp_path, Timer(days, hourly=False))
    assert [each.event.what for each in figures.events] == [DIES, APPEARS, RECOVERS]


@slow
def test_what_is_emptied_in_march_moved_in_april_and_redesigned_in_may_is_noticed_by_the_next_run(
    tmp_path: Path,
) -> None:
    days = (
        "03-05 23:00",
        "03-13 23:00",
        "03-14 01:00",
        "03-26 23:00",
        "04-16 02:00",
        "05-18 02:00",
    )
    portals = only(YEAR_BY_HAND, "muxing", "shilan", "chunyue", "zhulin")
    figures = live(portals, tmp_path, Timer(days, hourly=False))
    assert {EMPTIES, EDITED, MOVES, REDESIGNED} <= {each.event.what for each in figures.events}
    assert all(each.at for each in figures.events)


@pytest.mark.parametrize("plan", [YEAR_BY_HAND, *map(drawn, range(20))])
def test_in_every_planned_year_a_portal_dies_one_is_emptied_one_moves_and_one_is_redesigned(
    plan: Plan,
) -> None:
    months = {DIES: 2, EMPTIES: 3, MOVES: 4, REDESIGNED: 5}
    found = {event.what for event in plan.events if event.at.month == months.get(event.what)}
    assert found == months.keys()


def test_a_failure_hides_no_other() -> None:
    failures = Failures()
    for portal in ("chunxi", "yunxing", "muxing", "muxing"):
        with failures.kept():
            assert portal == "yunxing", f"{portal} is not as it must be"
    with pytest.raises(AssertionError, match=r"2 failed(?s:.*)chunxi is not(?s:.*)muxing is not"):
        failures.check()


@soak
@pytest.mark.timeout(A_YEAR)
def test_a_whole_year_that_is_told_by_hand(tmp_path: Path) -> None:
    figures = live(YEAR_BY_HAND, tmp_path, WHOLE)
    assert all(each.at for each in figures.events), "nothing came and went between two looks"


@soak
@pytest.mark.timeout(A_YEAR)
@pytest.mark.parametrize("seed", [1])
def test_a_whole_year_that_chance_has_made(tmp_path: Path, seed: int) -> None:
    live(drawn(seed), tmp_path, WHOLE)
