"""What a simulated year is made of: portals of ours, their reports, and one table of what happens to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone

from crawler.specimens.figures import Agency
from tests.year.places import COLUMNS, address

CHINA = timezone(timedelta(hours=8))
YEAR = 2025
"""The year that the reports are about which appear in the simulated one."""

FIRST = YEAR - 1
"""The first year that any portal holds a report on."""

# What happens to a report.
APPEARS, LISTED = "appears", "listed"
EDITED, BACKDATED = "edited", "backdated"
VANISHES, LEAVES, GOES, RETURNS = "vanishes", "leaves the list", "goes", "returns"
# What happens to a portal.
DIES, BREAKS, SHUTS, TIRES = "dies", "breaks", "shuts", "tires"
EMPTIES, SHRINKS, RECOVERS = "empties", "shrinks", "recovers"
MOVES, MENDED, REDESIGNED = "moves", "is mended", "is redesigned"

OF_A_PORTAL = (DIES, BREAKS, SHUTS, TIRES, EMPTIES, SHRINKS, RECOVERS, MOVES, MENDED, REDESIGNED)

OUTCOMES: Mapping[str, str] = {
    DIES: "failed",
    BREAKS: "failed",
    TIRES: "failed",
    SHUTS: "blocked",
    EMPTIES: "empty",
    SHRINKS: "shrunken",
}
"""What a run is that meets a portal in this state."""


def china(text: str) -> datetime:
    """Return a time of China's clocks in the simulated year: `01-31 23:30`."""
    return datetime.fromisoformat(f"{YEAR + 1}-{text}").replace(tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Must:
    """What must be seen of an event.

    Attributes:
        outcome: of the first run after it.
        change: kind of the row that the database has of it.
        coverage: state of the report from then on.
        said: words in the reason of that first run.
    """

    outcome: str = ""
    change: str = ""
    coverage: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the table: when, on which portal, what, to whose report, and what must be seen of it.

    Attributes:
        detail: the new column, software or date.
    """

    at: datetime
    portal: str
    what: str
    agency: str = ""
    year: int = YEAR
    detail: str = ""
    must: Must = field(default_factory=Must)


@dataclass(frozen=True, slots=True)
class Site:
    """A portal of the plan.

    Attributes:
        agencies: all that report there, its own government first.
        old: agencies that have reported on the year before.
        tags: its server sends validators, and answers that nothing has changed.
        counter: its pages print how often they were read.
        declared: its column is declared.
    """

    name: str
    place: str
    division: str
    software: str
    agencies: tuple[Agency, ...]
    old: tuple[str, ...]
    tags: bool = True
    counter: bool = False
    declared: bool = False

    @property
    def column(self) -> str:
        """Return the path of its column at the beginning."""
        return COLUMNS[self.software]

    @property
    def title(self) -> str:
        """Return what it calls itself."""
        return f"样例省{self.place}人民政府（样本）"


def agency(place: str, name: str, requests: int) -> Agency:
    """Return an agency of a place."""
    return Agency(f"{place}{name}", "", requests)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as it stands at a time; `at` is its path, `day` the date it shows, `digit` what was edited."""

    agency: str
    year: int
    at: str
    day: str
    digit: int = 0
    listed: bool = True
    answers: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A portal at a time; `trouble` is what it suffers from, empty if it is well."""

    software: str
    column: str
    trouble: str = ""
    reports: tuple[Shown, ...] = ()
    declared: str = ""

    @property
    def well(self) -> bool:
        """Tell whether its lists and reports are to be had as they are."""
        return not self.trouble

    @property
    def answers(self) -> bool:
        """Tell whether its lists are to be had, whatever they hold."""
        return self.trouble in ("", EMPTIES, SHRINKS)


@dataclass(frozen=True, slots=True)
class Plan:
    """Portals, and what happens to them in a year."""

    sites: tuple[Site, ...]
    events: tuple[Event, ...]

    def site(self, name: str) -> Site:
        """Return a portal."""
        return next(site for site in self.sites if site.name == name)

    def of(self, portal: str, until: datetime) -> Iterator[Event]:
        """Yield what has happened to a portal by a time, in its order."""
        for event in sorted(self.events, key=lambda event: event.at):
            if event.portal == portal and event.at <= until:
                yield event

    def state(self, portal: str, now: datetime) -> State:
        """Return how a portal stands at a time."""
        site = self.site(portal)
        state = State(site.software, site.column, declared=site.column if site.declared else "")
        reports = {(each.agency, each.year): each for each in _old(site)}
        for number, event in enumerate(self.of(portal, now)):
            if event.what in OF_A_PORTAL:
                state = _after(state, event)
                continue
            key = (event.agency, event.year)
            reports[key] = _become(reports.get(key), event, site, number)
        moved = site.column, state.column
        return replace(state, reports=tuple(_carried(each, *moved) for each in reports.values()))


def _carried(report: Shown, old: str, new: str) -> Shown:
    """Where pages stand below the column, they go with it."""
    below = old.endswith("/") and report.at.startswith(old)
    return replace(report, at=new + report.at.removeprefix(old)) if below else report


def _old(site: Site) -> Iterator[Shown]:
    for number, name in enumerate(site.old):
        government = name == site.agencies[0].name
        day = f"{FIRST + 1}-03-{20 + number}" if government else f"{FIRST + 1}-01-{20 + number}"
        yield Shown(name, FIRST, address(site.software, day, 500 + number), day)


def _after(state: State, event: Event) -> State:
    if event.what == MOVES:
        return replace(state, column=event.detail)
    if event.what == MENDED:
        return replace(state, declared=state.column)
    if event.what == REDESIGNED:
        return replace(state, software=event.detail)
    return replace(state, trouble="" if event.what == RECOVERS else event.what)


def _become(known: Shown | None, event: Event, site: Site, number: int) -> Shown:
    """Return a report after what happens to it."""
    if known is None or event.what in (APPEARS, LISTED):
        day = event.detail or str(event.at.astimezone(CHINA).date())
        at = known.at if known else address(site.software, day, number)
        return Shown(event.agency, event.year, at, day, answers=event.what == APPEARS)
    if event.what == EDITED:
        return replace(known, digit=known.digit + 1)
    if event.what == BACKDATED:
        return replace(known, day=event.detail)
    gone = {VANISHES: (True, False), LEAVES: (False, True), GOES: (False, False), RETURNS: (True, True)}
    listed, answers = gone[event.what]
    return replace(known, listed=listed, answers=answers)


def due(name: str, year: int) -> date | None:
    """Return the law's date of a report: 31 March for a government, none for a town, else 31 January."""
    if name.endswith(("镇人民政府", "乡人民政府")):
        return None
    return date(year + 1, 3, 31) if name.endswith("人民政府") else date(year + 1, 1, 31)


def sites(*made: Site) -> Sequence[Site]:
    """Return portals, each with a code of its own."""
    return [replace(site, division=f"9907{number:02d}") for number, site in enumerate(made)]
