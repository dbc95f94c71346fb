"""What has changed on the planned portals, as their answers tell it, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.year.plan import Shown
from tests.year.record import HAD, Key, Record

GONE = 404
FIGURE, DATE = "figure", "published_on"


@dataclass(frozen=True, slots=True)
class Change:
    """A change: its kind, whose report, the calls that saw it last as it was and first as it is.

    Attributes:
        differs: what the report showed otherwise: a figure, its date.
        back: where another address took the place of one: the call that first saw the report there.
    """

    kind: str
    agency: str
    year: int
    last: datetime
    first: datetime
    differs: frozenset[str] = frozenset()
    back: datetime | None = field(default=None, compare=False)


def changes(record: Record, portal: str) -> set[Change]:
    """Return all changes that must be told of a portal."""
    found: set[Change] = set()
    for key, paths in _paths(record, portal).items():
        lost: dict[str, Change] = {}
        for path in paths:
            for change in _events(record, portal, key, path):
                found.add(change)
                if change.kind == "removed":
                    lost[path] = change
                elif change.kind == "returned":
                    lost.pop(path, None)
        if len(paths) > 1 and paths[0] in lost:
            # Another address has taken its place; what was edited meanwhile shows there first.
            removed = lost[paths[0]]
            *_, (_, old) = _looks(record, portal, paths[0])
            back, new = next(_looks(record, portal, paths[1]))
            times = removed.last, min(removed.first, back)
            found = found - {removed} | {Change("moved", *key, *times, _differs(old, new), back)}
    return found


def gone(record: Record, portal: str) -> Mapping[Key, datetime]:
    """Return the reports that no address holds any more, and since which call."""
    found = {}
    for key, paths in _paths(record, portal).items():
        ends = [list(_events(record, portal, key, path))[-1:] for path in paths]
        if all(end and end[0].kind == "removed" for end in ends):
            found[key] = max(end[0].first for end in ends)
    return found


def _paths(record: Record, portal: str) -> Mapping[Key, list[str]]:
    paths: dict[Key, dict[str, None]] = {}
    for each in record.answers(portal):
        if each.report:
            paths.setdefault((each.report.agency, each.report.year), {})[each.path] = None
    return {key: list(found) for key, found in paths.items()}


def _looks(record: Record, portal: str, path: str) -> Iterator[tuple[datetime, Shown]]:
    """Yield when a report was seen at an address, and as what."""
    for each in record.answers(portal):
        if each.path == path and each.report:
            yield each.at, each.report


def _differs(before: Shown, after: Shown) -> frozenset[str]:
    same = {FIGURE: before.digit == after.digit, DATE: before.day == after.day}
    return frozenset(what for what, is_same in same.items() if not is_same)


def _events(record: Record, portal: str, key: Key, path: str) -> Iterator[Change]:
    """Yield what the answers from one address tell, one after the other."""
    shown: Shown | None = None
    seen, there = datetime.min.replace(tzinfo=UTC), True
    for each in record.answers(portal):
        if each.path != path or each.status not in (*HAD, GONE):
            continue
        now = each.report
        if shown and there and not now:
            yield Change("removed", *key, seen, each.at)
        elif shown and now and not there:
            yield Change("returned", *key, seen, each.at, _differs(shown, now))
        elif shown and now and (differs := _differs(shown, now)):
            yield Change("edited", *key, seen, each.at, differs)
        if now or shown:
            there = now is not None
        if now:
            shown, seen = now, each.at
