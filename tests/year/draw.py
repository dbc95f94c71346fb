"""A year that chance has made: other softwares, other dates, other troubles for each seed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.year.plan import (
    APPEARS,
    BACKDATED,
    BREAKS,
    DIES,
    EDITED,
    EMPTIES,
    FIRST,
    GOES,
    LEAVES,
    LISTED,
    MENDED,
    MOVES,
    OUTCOMES,
    RECOVERS,
    REDESIGNED,
    RETURNS,
    SHRINKS,
    SHUTS,
    TIRES,
    VANISHES,
    YEAR,
    Event,
    Must,
    Plan,
    Site,
    china,
    due,
)
from tests.year.table import CITY, NEW, SITES, TOWN

DAY = timedelta(days=1)
BEGIN = china("01-01 08:00")
END = china("12-31 23:00")

SOFTWARES = ("createpagehtml",) * 3 + ("vsb",) * 2 + ("jpage", "lonsun", "prefixed", "general")
LONGEST = {DIES: 50, BREAKS: 10, SHUTS: 20, EMPTIES: 30, SHRINKS: 20, TIRES: 8}
"""Days that a trouble lasts at most."""

MOVED = {"createpagehtml": "/zwgk/fdzdgk/zfxxgknb/", "vsb": "/zwdt/zfxxgknb.htm"}


def drawn(seed: int) -> Plan:
    """Return the plan of a seed.

    In each a portal dies in February, one is emptied in March, one moves its column in April, one is
    redesigned in May; the rest is chance.
    """
    chance = Random(seed)
    softwares = list(SOFTWARES)
    chance.shuffle(softwares)
    sites = tuple(
        replace(site, software=software, tags=chance.random() < 0.7, counter=chance.random() < 0.15,
                declared=software == "vsb" and chance.random() < 0.5)
        for site, software in zip(SITES, softwares, strict=True)
    )  # fmt: skip
    events = [event for site in sites for event in _of_a_site(site, chance, _fate(site, softwares))]
    return Plan(sites, tuple(sorted(events, key=lambda event: event.at)))


def _fate(site: Site, softwares: list[str]) -> str:
    """Return what must happen to a portal: each of four fates to the first that it can happen to."""
    names = [each.name for each in SITES]
    first = {software: names[softwares.index(software)] for software in set(softwares)}
    last = {software: names[8 - softwares[::-1].index(software)] for software in set(softwares)}
    fates = {
        first["jpage"]: DIES,
        first["lonsun"]: EMPTIES,
        first["vsb"]: MOVES,
        first["createpagehtml"]: REDESIGNED,
    }
    return {**fates, last["createpagehtml"]: MOVES}.get(site.name, "")


def _day(chance: Random, first: str, last: str) -> datetime:
    begin, end = china(f"{first} 00:00"), china(f"{last} 00:00")
    return begin + timedelta(minutes=chance.randrange(int((end - begin) / timedelta(minutes=1))))


def _of_a_site(site: Site, chance: Random, fate: str) -> Iterator[Event]:
    yield from _troubles(site, chance, fate)
    if fate == MOVES:
        at = _day(chance, "04-01", "04-30")
        yield Event(at, site.name, MOVES, detail=MOVED[site.software], must=Must(outcome="moved"))
        if site.declared:
            yield Event(at + chance.randint(3, 40) * DAY, site.name, MENDED)
    if fate == REDESIGNED:
        said = f"no longer looks like {site.software}"
        yield Event(
            _day(chance, "05-01", "05-31"), site.name, REDESIGNED, detail="jpage", must=Must(said=said)
        )
    for agency in site.agencies:
        if agency.name in site.old:
            yield from _later(site, agency.name, FIRST, BEGIN + 5 * DAY, chance)
        yield from _publication(site, agency.name, chance)


def _troubles(site: Site, chance: Random, fate: str) -> Iterator[Event]:
    """Yield one to three troubles, one after the other, each with its end."""
    kinds = [kind for kind in LONGEST if site.software != "general" or kind not in (EMPTIES, SHRINKS)]
    months = {DIES: ("02-03", "02-25"), EMPTIES: ("03-03", "03-28")}
    at = BEGIN + chance.randint(3, 20) * DAY
    wanted = [fate] if fate in months else []
    for number, kind in enumerate((*wanted, *chance.choices(kinds, k=chance.randint(1, 2)))):
        fated = number < len(wanted)
        begin = _day(chance, *months[fate]) if fated else at + timedelta(hours=chance.randrange(24 * 100))
        end = begin + timedelta(hours=chance.randrange(12, 24 * LONGEST[kind]))
        yield Event(begin, site.name, kind, must=Must(outcome=OUTCOMES[kind]))
        yield Event(end, site.name, RECOVERS)
        at = end + 12 * DAY


def _publication(site: Site, agency: str, chance: Random) -> Iterator[Event]:
    """Yield when a report appears, if it does, and what becomes of it."""
    fate = chance.random()
    city, town = agency.endswith(CITY) and not agency.endswith(TOWN), agency.endswith(TOWN)
    if fate < 0.15 or (agency.endswith(NEW) and fate < 0.6):
        return
    late = fate > 0.75
    spans = {
        (True, False): ("03-01", "04-01"),
        (True, True): ("04-01", "06-20"),
        (False, False): ("01-06", "02-01"),
    }
    at = (
        _day(chance, "01-10", "05-30") if town else _day(chance, *spans.get((city, late), ("02-01", "04-20")))
    )
    if chance.random() < 0.1:
        yield Event(at - chance.randint(1, 12) * DAY, site.name, LISTED, agency)
    limit = due(agency, YEAR)
    state = "no_deadline" if limit is None else "on_time" if at.date() <= limit else "late"
    later = list(_later(site, agency, YEAR, at, chance))
    if state == "late" and chance.random() < 0.3:
        date = str(limit)
        later.append(
            Event(
                at + chance.randint(1, 90) * DAY,
                site.name,
                BACKDATED,
                agency,
                detail=date,
                must=Must(change="edited"),
            )
        )
        state = ""
    yield Event(at, site.name, APPEARS, agency, must=Must(coverage=state))
    yield from later


def _later(site: Site, agency: str, year: int, at: datetime, chance: Random) -> Iterator[Event]:
    """Yield what becomes of a report that is there."""
    if chance.random() < 0.35:
        edited = at + timedelta(hours=chance.randrange(24, 24 * 150))
        yield Event(edited, site.name, EDITED, agency, year, must=Must(change="edited"))
        at = edited
    if chance.random() < 0.25:
        what = chance.choice((VANISHES, GOES, LEAVES))
        gone = at + timedelta(hours=chance.randrange(48, 24 * 120))
        yield Event(
            gone, site.name, what, agency, year, must=Must(change="" if what == LEAVES else "removed")
        )
        if chance.random() < 0.5:
            back = gone + timedelta(hours=chance.randrange(24 * 5, 24 * 120))
            yield Event(
                back, site.name, RETURNS, agency, year, must=Must(change="" if what == LEAVES else "returned")
            )
