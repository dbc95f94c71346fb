"""Whose turn it is: the calendar applied to the archive, and the spiders for those that are due."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.index import Index
from archive.wanted import Wanted, awaited, gaps
from crawler.calendar import LEFT, NEW, REGULAR, Past, Turn, turn
from crawler.gaps import spider as gap_spider
from crawler.loader import spider_for
from crawler.portal import Portal
from crawler.spider import PortalSpider

_ORDER = (REGULAR, LEFT, NEW)


@dataclass(frozen=True, slots=True)
class Call:
    """A portal's turn; `ended`: how many of its runs had ended when it was found out."""

    portal: Portal
    turn: Turn
    ended: int

    def line(self) -> str:
        """Return the turn in words."""
        gaps = "for gaps; " if self.turn.gaps else ""
        return f"{self.portal.name}: {gaps}{self.turn.why} (since {self.turn.at:%Y-%m-%d %H:%M} UTC)"


def calls(portals: Sequence[Portal], data: Path, now: datetime) -> tuple[list[Call], list[Call]]:
    """Return the turns of portals that are due, most overdue first, and those to come, the next first.

    Raises:
        OSError: The archive cannot be read.
    """
    with Index(data) as index:
        # The index may have been lost, and a portal that was crawled yesterday is not new.
        index.catch_up()
        runs = _runs(index.run_times())
    wanted = awaited(data / "gongkai.db")
    found = []
    for portal in portals:
        known = runs[portal.name]
        ended = sum(run.ended_at is not None for run in known)
        found.append(Call(portal, turn(portal.name, known, wanted.get(portal.name, ()), now), ended))
    found.sort(key=lambda call: (_ORDER.index(call.turn.kind), call.turn.at))
    due = [call for call in found if call.turn.at <= now]
    later = sorted((call for call in found if call.turn.at > now), key=lambda call: call.turn.at)
    return due, later


def _runs(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, list[Past]]:
    runs: dict[str, list[Past]] = defaultdict(list)
    for row in rows:
        ended = datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None
        started = datetime.fromisoformat(row["started_at"])
        runs[row["portal"]].append(Past(started, ended, row["outcome"] or "", row["walk"] or ""))
    return runs


def spiders(due: Sequence[Call], data: Path) -> Callable[[Portal], type[PortalSpider]]:
    """Return what makes the spider of a portal that is due: each begins only if nobody was there since.

    Raises:
        OSError: The database cannot be read.
    """
    wanted: Mapping[str, Wanted] = {}
    if any(call.turn.gaps for call in due):
        wanted = gaps(data / "gongkai.db")
    known = {call.portal.name: call for call in due}

    def spider(portal: Portal) -> type[PortalSpider]:
        call = known[portal.name]
        # Coverage is as old as the last load: what it does not call a gap yet is looked for as usual.
        seeks = call.turn.gaps and portal.name in wanted
        kind = gap_spider(portal, wanted[portal.name]) if seeks else spider_for(portal)
        return type(kind.__name__, (kind,), {"ended_before": call.ended})

    return spider
