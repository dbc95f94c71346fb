"""Drives `crawl --due` through a simulated time, as a timer does, and keeps what came of each call."""

import json
import os
import re
import sqlite3
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import locks
from archive.index import Index
from archive.wanted import awaited
from crawler.calendar import Past, turn
from tests.clocked import Clocked, Done, clocked
from tests.year.plan import Plan, State
from tests.year.server import Asked, World, serving

HOUR = timedelta(hours=1)

_CRAWLED = re.compile(
    r"^crawled +(\w+): (\w+): (.*) \((\d+) responses archived, (\d+) requests sent\)$", re.MULTILINE
)
_PUBLISHED = re.compile(r"^published +(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one portal, which began at a time and had ended by another.

    Attributes:
        gaps: it was looked for what is wanted only.
        state: how the portal stood.
        asked: what its server was asked.
    """

    portal: str
    at: datetime
    ended: datetime
    gaps: bool
    outcome: str
    reason: str
    state: State
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the timer: the runs of those that were due, what was published, what was told."""

    at: datetime
    ended: datetime
    runs: tuple[Run, ...]
    done: Done
    told: tuple[dict[str, Any], ...]

    @property
    def published(self) -> Path:
        """Return the name of the version that it published."""
        return Path(_PUBLISHED.findall(self.done.output)[-1])


@dataclass(slots=True)
class Simulation:
    """The planned portals, the program, and all calls so far."""

    world: World
    runner: Clocked
    folder: Path
    calls: list[Call] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.folder / "data"

    @property
    def plan(self) -> Plan:
        """Return what happens."""
        return self.world.plan

    def call(self, at: datetime) -> Call:
        """Let the timer call at a time."""
        self.world.set(at)
        (self.folder / "portals.toml").write_text(self.world.declarations())
        began, told = len(self.world.asked), len(self._told())
        done = self.command(at, "crawl", "--due")
        asked = self.world.asked[began:]
        ended = at + timedelta(seconds=done.seconds + 1)
        runs = tuple(
            Run(name, at, ended, reason.startswith("looked for"), outcome, reason,
                self.world.hosts[name].state, tuple(each for each in asked if each.portal == name))
            for name, outcome, reason, _, _ in _CRAWLED.findall(done.output)
        )  # fmt: skip
        sent = {name: int(count) for name, _, _, _, count in _CRAWLED.findall(done.output)}
        refused = {run.portal for run in runs if not run.asked}
        assert {run.portal: len(run.asked) for run in runs if run.asked} == {
            name: count for name, count in sent.items() if name not in refused
        }, done.output
        assert {each.portal for each in asked} <= sent.keys(), done.output + done.errors
        self.calls.append(Call(at, ended, runs, done, tuple(self._told()[told:])))
        return self.calls[-1]

    def command(self, at: datetime, *arguments: str) -> Done:
        """Run a command over the planned portals at a time."""
        known = "--portals", self.folder / "portals.toml", "--data", self.data
        return self.runner.run(at, *arguments, *known, *self.world.hosts)

    def status(self, at: datetime) -> dict[str, dict[str, Any]]:
        """Return what `status --json` tells of each portal at a time."""
        told = map(json.loads, self.command(at, "status", "--json").output.splitlines())
        return {each["portal"]: each for each in told}

    def _told(self) -> list[dict[str, Any]]:
        file = self.folder / "told"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds in the newest publication."""
        version = max(path for path in (self.data / "public").iterdir() if not path.name.startswith("."))
        with closing(sqlite3.connect(f"file:{version}/gongkai.db?immutable=1", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def call_of(self, time: str) -> datetime:
        """Return when the call began in which a time of the archive lies."""
        at = datetime.fromisoformat(time)
        found = self.calls[bisect(self.calls, at, key=lambda call: call.at) - 1]
        assert found.at <= at <= found.ended, f"{time} lies in no call"
        return found.at

    def runs(self, portal: str = "") -> list[Run]:
        """Return all runs, of one portal or of all, in the order of time."""
        return [run for call in self.calls for run in call.runs if portal in ("", run.portal)]

    def hours(self, begin: datetime, end: datetime, every: timedelta = HOUR) -> Iterator[datetime]:
        """Yield the hours of the timer at which somebody is due, and the last one of each month.

        A timer calls each hour; an hour at which nobody is due costs a process and does nothing, so it is
        only found out here whether somebody is.
        """
        at = begin
        past, wanted = self._known()
        while at < end:
            if any(turn(name, past[name], wanted.get(name, ()), at).at <= at for name in self.world.hosts):
                yield at
                past, wanted = self._known()
            at += every

    def _known(self) -> tuple[dict[str, list[Past]], Any]:
        past: dict[str, list[Past]] = {name: [] for name in self.world.hosts}
        with Index(self.data) as index:
            for row in index.run_times():
                begun, ended = (datetime.fromisoformat(row[key]) for key in ("started_at", "ended_at"))
                past[row["portal"]].append(Past(begun, ended, row["outcome"], row["walk"]))
        return past, awaited(self.data / "gongkai.db")


@contextmanager
def simulated(plan: Plan, folder: Path, begin: datetime) -> Iterator[Simulation]:
    """Serve a plan's portals and have the program ready."""
    notify = f"tee -a {folder / 'told'}"
    with serving(plan, begin) as world, clocked({"GONGKAI_CONTACT": "", "GONGKAI_NOTIFY": notify}) as runner:
        _let_ask(world, folder / "data")
        yield Simulation(world, runner, folder)


def _let_ask(world: World, data: Path) -> None:
    """Let each host be asked from the beginning on.

    The time of its lock says when; one that a run makes has the machine's time, which may lie in this year.
    """
    for host in world.hosts.values():
        lock = locks.path(data, host.address)
        lock.touch()
        os.utime(lock, (0, 0))


def utc(time: datetime) -> datetime:
    """Return a time in UTC."""
    return time.astimezone(UTC)


def of_calls(times: Sequence[str], simulation: Simulation) -> list[datetime]:
    """Return when the calls began in which times of the archive lie."""
    return [simulation.call_of(time) for time in times]
