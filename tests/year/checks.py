"""Compares what the program tells with what the oracle knows, after each call and at each month's end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.year.drive import Call, Run, Simulation
from tests.year.failures import Failures
from tests.year.histories import DATE, FIGURE, Change, changes, gone
from tests.year.oracle import TO_LOOK_AT, Covers, Fares, Oracle
from tests.year.printed import EDITED_CELL, printed
from tests.year.record import WELL, Key

SOON, SECOND = timedelta(minutes=10), timedelta(seconds=1)
TRIES = 3

_COVERAGE = """
    SELECT p.portal, a.name, c.year, c.state, c.due_on, c.published_on, c.days_late FROM coverage c
    JOIN agency a ON a.id = c.agency JOIN agency_portal p ON p.agency = a.id
"""
_CHANGES = """
    SELECT c.id, c.kind, a.name, r.year, c.last_seen, c.first_seen, c.parts FROM change c
    JOIN source s ON s.id = c.source JOIN report r ON r.id = c.report JOIN agency a ON a.id = r.agency
    WHERE s.portal = ?
"""
_CHANGED = """
    SELECT d.part, d.section, i."table", i.row, i.column FROM changed d
    LEFT JOIN form_item i ON i.id = d.item WHERE d.change = ?
"""
_DIFFERS = {(DATE, None, None, None, None): DATE, (None, None, *EDITED_CELL): FIGURE}
"""What a row of `changed` names that the plan has edited."""

_GONE = """
    SELECT DISTINCT a.name, r.year, r.gone_since FROM report r JOIN agency a ON a.id = r.agency
    JOIN source s ON s.report = r.id WHERE r.gone_since IS NOT NULL AND s.portal = ?
"""
_CELLS = """
    SELECT a.name, r.year, i."table", i.row, i.column, c.value, t.name FROM report r
    JOIN agency a ON a.id = r.agency JOIN cell c ON c.revision = r.revision
    JOIN form_item i ON i.id = c.item JOIN cell_state t ON t.id = c.state
"""
_REVISIONS = """
    SELECT a.name, r.year, c.value FROM revision v JOIN source s ON s.id = v.source
    JOIN report r ON r.id = s.report JOIN agency a ON a.id = r.agency JOIN cell c ON c.revision = v.id
    JOIN form_item i ON i.id = c.item WHERE (i."table", i.row, i.column) = (?, ?, ?)
"""


class Checks:
    """All that must hold in a simulated time.

    Args:
        simulation: Has made its calls; each is checked once it is made.
        failures: Keeps what does not hold.
    """

    def __init__(self, simulation: Simulation, failures: Failures) -> None:
        self.simulation, self.failures = simulation, failures
        self.oracle = Oracle(simulation.plan, simulation.calls)
        self.told_bad: dict[str, str] = {}

    def after(self, call: Call) -> None:
        """Check a call: what each run is called and asks, what is told, what is published."""
        for run in call.runs:
            with self.failures.kept():
                told = f"{run.portal}, {run.at}: {run.outcome}: {run.reason}"
                assert run.outcome == self.oracle.outcome(run), told
            with self.failures.kept():
                self._asks(run)
        self._notices(call)
        with self.failures.kept():
            self._ends(call)
        self.at(call.ended + SOON)

    def _ends(self, call: Call) -> None:
        bad = any(run.outcome not in WELL[:2] for run in call.runs)
        assert call.done.code == (1 if bad else 0), call.done.output + call.done.errors
        assert call.published.name == max(
            path.name for path in call.published.parent.iterdir() if not path.name.startswith(".")
        )

    def at(self, now: datetime) -> None:
        """Check how the portals fare and what is covered at a time."""
        for portal, told in self.simulation.status(now).items():
            if self.oracle.runs(portal, now):
                with self.failures.kept():
                    self._fares(told, self.oracle.fares(portal, now))
        found: dict[str, dict[tuple[str, int], Covers]] = {}
        for portal, name, year, *covers in self.simulation.rows(_COVERAGE):
            found.setdefault(portal, {})[name, year] = Covers(*covers)
        for site in self.simulation.plan.sites:
            with self.failures.kept():
                expected = self.oracle.coverage(site.name, now)
                assert found.get(site.name, {}) == expected, f"{site.name}, {now}"

    def _asks(self, run: Run) -> None:
        """A run asks for robots.txt, the home page, its lists, and for the reports whose turn it is."""
        pages = {each.at for each in run.state.reports} | {
            each.path for each in self.oracle.answers(run.portal, run.at) if each.report
        }
        asked = [each.path for each in run.asked]
        reports = {path for path in asked if path in pages}
        must, may = self.oracle.must_look(run)
        assert must <= reports <= must | may, f"{run.portal}, {run.at}: {run.reason}"
        times = TRIES if run.state.trouble else 1
        assert all(asked.count(path) <= times for path in reports)
        assert len(asked) - sum(path in pages for path in asked) <= self.budget(run)

    def budget(self, run: Run) -> int:
        """Return how much a run may ask besides reports: robots.txt, home, the way and the lists."""
        lists = 2 + len(run.state.reports) // 3
        way = 8 if run.gaps or run.outcome == "moved" or not self.oracle.runs(run.portal, run.at) else 0
        return (2 + way + lists) * (TRIES if run.state.trouble else 1)

    def _fares(self, told: Mapping[str, Any], expected: Fares) -> None:
        call_of = self.simulation.call_of
        assert (told["state"], told["outcome"]) == (expected.state, expected.outcome), told
        assert told["bad"] == (expected.state in TO_LOOK_AT)
        overdue = expected.state == "overdue"
        since = datetime.fromisoformat(told["since"])
        assert timedelta() <= since - expected.since < SOON, told
        assert told["overdue_since"] == (told["since"] if overdue else None)
        report = told["newest_report"]
        assert (report["year"], report["published_on"]) == (expected.report or (None, None)), told
        assert told["newest_entry"] == expected.entry, told
        had = told["last_good_capture"]
        assert (call_of(had) if had else None) == expected.had, told
        assert call_of(told["last_attempt"]) == expected.tried, told

    def _notices(self, call: Call) -> None:
        """Each portal that has turned bad, or well again, is told of once."""
        expected = {}
        for site in self.simulation.plan.sites:
            if not self.oracle.runs(site.name, call.ended):
                continue
            states = {self.oracle.fares(site.name, at).state for at in (call.at + SECOND, call.ended)}
            sure = {state in TO_LOOK_AT for state in states}
            expected[site.name] = sure
        told = {notice["portal"]: notice for notice in call.told}
        with self.failures.kept():
            assert len(told) == len(call.told)
            assert told.keys() <= expected.keys()
        for name, sure in expected.items():
            with self.failures.kept():
                self._notice(call, name, sure, told.get(name))

    def _notice(self, call: Call, name: str, sure: set[bool], notice: dict[str, Any] | None) -> None:
        was = self.told_bad.get(name)
        if notice is None:
            assert bool(was) in sure, f"{name}: no notice was given at {call.at}"
            return
        bad = notice["now"] in TO_LOOK_AT
        self.told_bad[name] = notice["now"] if bad else ""
        assert bad is not bool(was), notice
        assert bad in sure, notice
        assert not was or notice["was"] == was, notice

    def whole(self) -> None:
        """Check what the database holds: each change, each tombstone, each number that was ever shown."""
        for site in self.simulation.plan.sites:
            with self.failures.kept():
                told, must = self._changes(site.name), changes(self.oracle, site.name)
                assert told == must, f"{site.name}: told {told - must}, not told {must - told}"
            with self.failures.kept():
                assert self._gone(site.name) == gone(self.oracle, site.name), site.name
        self._numbers()

    def _changes(self, portal: str) -> set[Change]:
        """Return the changes that the database has of a portal, each with what differs."""
        found = set()
        for change, *what, last, first, parts in self.simulation.rows(_CHANGES, portal):
            rows = self.simulation.rows(_CHANGED, change)
            assert len(rows) == parts, (portal, what)
            times = self.simulation.call_of(last), self.simulation.call_of(first)
            found.add(Change(*what, *times, frozenset(_DIFFERS.get(row, f"{row}") for row in rows)))
        return found

    def _gone(self, portal: str) -> Mapping[Key, datetime]:
        rows = self.simulation.rows(_GONE, portal)
        return {(name, year): self.simulation.call_of(since) for name, year, since in rows}

    def _numbers(self) -> None:
        now = self.simulation.calls[-1].ended + SOON
        cells: dict[tuple[str, int], dict[tuple[str, ...], tuple[Any, str]]] = {}
        for name, year, table, row, column, value, state in self.simulation.rows(_CELLS):
            cells.setdefault((name, year), {})[table, row, column] = (value, state)
        edited = set(self.simulation.rows(_REVISIONS, *EDITED_CELL))
        held = set[Key]()
        for site in self.simulation.plan.sites:
            by_name = {each.name: each for each in site.agencies}
            for key, seen in self.oracle.held(site.name, now).items():
                held.add(key)
                with self.failures.kept():
                    assert cells[key] == printed(by_name[key[0]], seen[-1]).cells, key
                    for each in seen:
                        number = printed(by_name[key[0]], each).cells[EDITED_CELL][0]
                        assert (*key, number) in edited, each
        with self.failures.kept():
            assert held == cells.keys()
