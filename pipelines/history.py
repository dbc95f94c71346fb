"""What became of a report's sources, told from the answers that are archived: pure, no database here.

A *look* is one archived answer from a source's address. A page that is refused, broken or on its way
tells nothing; what stands there, or that nothing does any more, makes the history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

PRESENT, GONE, REPLACED, MOVED, UNREADABLE = "present", "gone", "replaced", "moved", "unreadable"
EDITED, ATTACHMENT, REMOVED, RETURNED, ILLEGIBLE = "edited", "attachment", "removed", "returned", "illegible"

_GONE = (404, 410)
_UNCERTAIN = ("challenge", "cut")
"""What stood in a page's place and tells nothing about the page."""
_ABSENT = ("soft_404", "home_page", "list_page")
_TOLD = {GONE: REMOVED, REPLACED: REPLACED, UNREADABLE: ILLEGIBLE}


@dataclass(frozen=True, slots=True)
class Look:
    """One answer that tells something.

    Attributes:
        at: when, UTC.
        state: what was there.
        revision: which revision of the report it showed, if it was present.
        leads_to: address that the answer led to.
    """

    at: str
    state: str
    revision: int | None = None
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A source and the looks at it, in the order of time.

    Attributes:
        page: of an attachment, the page that brings it.
        unlinked: of an attachment, since when its page links it no more; empty while it does, None where
            that is not known.
    """

    source: str
    portal: str | None
    url: str
    looks: Sequence[Look]
    page: str = ""
    unlinked: str | None = None

    @property
    def present(self) -> list[Look]:
        """Return the looks that found the report."""
        return [look for look in self.looks if look.state == PRESENT]

    @property
    def first_seen(self) -> str:
        """Return when the report was first seen there."""
        return self.present[0].at

    @property
    def is_there(self) -> bool:
        """Tell whether the last look found the report."""
        return self.looks[-1].state == PRESENT


@dataclass(frozen=True, slots=True)
class Event:
    """One change: what a source showed before and after, when each was seen last and first."""

    kind: str
    source: str
    before: int | None
    after: int | None
    last_seen: str
    first_seen: str
    to_source: str | None = None
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How a source stands now."""

    state: str
    first_seen: str
    last_seen: str
    gone_since: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The events of a report in the order of time, and how each of its sources stands."""

    events: tuple[Event, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)

    @property
    def first_seen(self) -> str | None:
        """Return when the report was first seen anywhere."""
        return min((state.first_seen for state in self.states.values()), default=None)

    @property
    def gone_since(self) -> str | None:
        """Return since when no source holds the report; None while one does, or cannot be read."""
        if any(state.state in (PRESENT, UNREADABLE) for state in self.states.values()):
            return None
        return max((state.gone_since or "" for state in self.states.values()), default=None)


def look(
    at: str, status: int, judged: str, leads_to: str, revision: int | None, reading: str | None
) -> Look | None:
    """Return what an answer tells of a source; None where it tells nothing.

    Args:
        at: when it was archived.
        status: of the answer.
        judged: what came instead of the page, where the crawl noticed.
        leads_to: address that the answer leads to.
        revision: the revision of this source that its bytes show.
        reading: what its bytes were read as, where they show no revision of this source.
    """
    if judged in _UNCERTAIN:
        return None
    if status in _GONE or judged in _ABSENT:
        return Look(at, GONE)
    if 300 <= status < 400 and leads_to:
        return Look(at, GONE, leads_to=leads_to)
    if status not in (200, 304):
        return None
    if revision is not None:
        return Look(at, PRESENT, revision)
    if reading == "unreadable":
        return Look(at, UNREADABLE)
    return Look(at, REPLACED) if reading or judged else None


def tell(sources: Iterable[Past]) -> History:
    """Return the history of a report from the looks at all of its sources; each was seen there once."""
    pasts = sorted(sources, key=lambda past: (past.first_seen, past.source))
    successors = _successors(pasts)
    events = [event for past in pasts for event in _events(past, successors.get(past.source))]
    states = {past.source: _state(past, successors.get(past.source)) for past in pasts}
    return History(tuple(sorted(events, key=lambda event: (event.first_seen, event.source))), states)


def _successors(pasts: Sequence[Past]) -> dict[str, Past]:
    """Return which source took the place of another, on the same portal: its address is a new one."""
    found: dict[str, Past] = {}
    for past in pasts:
        later = [other for other in pasts if _may_follow(past, other)]
        sent = [other for other in later if other.url == past.looks[-1].leads_to]
        if chosen := next(iter((*sent, *later)), None):
            found[past.source] = chosen
    return found


def _may_follow(past: Past, other: Past) -> bool:
    """Tell whether a source may have taken another's place: it is newer, and the other is given up."""
    if other.source == past.source or other.portal != past.portal or other.first_seen <= past.first_seen:
        return False
    if past.page and past.page == other.page and past.unlinked and other.unlinked == "":
        return True
    return not past.is_there and _stood(other, _lost(past).at)


def _stood(past: Past, at: str) -> bool:
    """Tell whether a report was there at a time, or came there later."""
    before = [look for look in past.looks if past.first_seen <= look.at <= at]
    return not before or before[-1].state == PRESENT


def _lost(past: Past) -> Look:
    """Return the first of the looks since which the report is not there any more."""
    return next(after for before, after in reversed([*pairwise(past.looks)]) if before.state == PRESENT)


def _events(past: Past, successor: Past | None) -> list[Event]:
    """Return what happened at one address; where another took its place, the last of it is a move."""
    found: list[Event] = []
    seen = past.present[0]
    there = True
    for each in past.looks[past.looks.index(seen) + 1 :]:
        now = each.state == PRESENT
        if now and (not there or each.revision != seen.revision):
            kind = RETURNED if not there else ATTACHMENT if past.page else EDITED
            found.append(Event(kind, past.source, seen.revision, each.revision, seen.at, each.at))
        elif there and not now:
            kind = _TOLD[each.state]
            event = Event(kind, past.source, seen.revision, None, seen.at, each.at, leads_to=each.leads_to)
            found.append(event)
        seen, there = each if now else seen, now
    if successor is None:
        return found
    return [*(found if there else found[:-1]), _move(past, successor, seen, found[-1:] if not there else [])]


def _move(past: Past, successor: Past, seen: Look, lost: list[Event]) -> Event:
    """Return the event in which another source takes the place of one."""
    first = successor.present[0]
    if past.page and past.page == successor.page:
        # The file may still answer at its address; what counts is when its page began to bring another.
        before = [look for look in past.present if look.at < first.at]
        brought = [look for look in before if look.at < (past.unlinked or first.at)]
        last = (brought or before)[-1]
        kind, at = ATTACHMENT, first.at
    else:
        last, kind = seen, MOVED
        at = min(first.at, lost[0].first_seen) if lost else first.at
    return Event(kind, past.source, last.revision, first.revision, last.at, at, to_source=successor.source)


def _state(past: Past, successor: Past | None) -> State:
    present = past.present
    first, last = present[0].at, present[-1].at
    if successor is not None:
        since = successor.first_seen if past.is_there else _lost(past).at
        return State(MOVED, first, last, since, successor.source)
    if past.is_there:
        return State(PRESENT, first, last)
    return State(past.looks[-1].state, first, last, _lost(past).at)
