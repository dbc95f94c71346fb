"""What has changed on the planned portals, as their answers tell it, one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.year.plan import Shown
from tests.year.record import HAD, Key, Record

GONE = 404


@dataclass(frozen=True, slots=True)
class Change:
    """A change: its kind, whose report, the calls that saw it last as it was and first as it is."""

    kind: str
    agency: str
    year: int
    last: datetime
    first: datetime


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
            # Another address has taken its place.
            removed = lost[paths[0]]
            new = next(each.at for each in record.answers(portal) if each.path == paths[1] and each.report)
            found = found - {removed} | {Change("moved", *key, removed.last, min(removed.first, new))}
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
            yield Change("returned", *key, seen, each.at)
        elif shown and now and (now.digit, now.day) != (shown.digit, shown.day):
            yield Change("edited", *key, seen, each.at)
        if now or shown:
            there = now is not None
        if now:
            shown, seen = now, each.at
