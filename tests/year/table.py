"""The year that is told by hand: nine portals, and what happens to each, a line an event.

Departments owe their reports by 31 January, governments by 31 March, townships by no date.
"""

from tests.year.plan import (
    APPEARS,
    BACKDATED,
    BREAKS,
    DIES,
    EDITED,
    EMPTIES,
    GOES,
    LEAVES,
    LISTED,
    MENDED,
    MOVES,
    RECOVERS,
    REDESIGNED,
    RETURNS,
    SHUTS,
    TIRES,
    VANISHES,
    Event,
    Must,
    Plan,
    Site,
    agency,
    china,
    sites,
)

CITY, CIVIL, WATER, TOWN = "人民政府", "民政局", "水利局", "石桥镇人民政府"
NEW = "数据局"
"""An agency that nobody has heard of before it publishes."""


def portal(name: str, place: str, software: str, **more: bool) -> Site:
    """Return a portal where four agencies have reported on the year before."""
    old = [
        agency(place, each, requests) for each, requests in ((CITY, 120), (CIVIL, 11), (WATER, 9), (TOWN, 4))
    ]
    names = tuple(each.name for each in old)
    return Site(name, place, "", software, (*old, agency(place, NEW, 7)), names, **more)


# By their names three are asked at 9 to 10, three at 20 to 21, three at 1 to 2 in the morning in China.
SITES = sites(
    portal("chunxi", "春溪县", "createpagehtml"),
    portal("yunxing", "云杏县", "jpage"),
    portal("muxing", "木杏县", "vsb", tags=False),
    portal("shilan", "石兰县", "vsb", declared=True),
    portal("chunyue", "春月县", "createpagehtml"),
    portal("zhulin", "竹林县", "createpagehtml"),
    portal("baihe", "白鹤县", "lonsun"),
    portal("luyue", "鹿月县", "prefixed", tags=False),
    portal("tingcang", "汀苍县", "general", counter=True),
)
PLACES = {site.name: site.place for site in SITES}


def event(when: str, portal: str, what: str, who: str = "", detail: str = "", **must: str) -> Event:
    """Return a line of the table."""
    name = PLACES[portal] + who if who else ""
    return Event(china(when), portal, what, name, detail=detail, must=Must(**must))


ON_TIME = {"outcome": "ok", "coverage": "on_time"}
LATE = {"outcome": "ok", "coverage": "late"}
NO_DATE = {"outcome": "ok", "coverage": "no_deadline"}

EVENTS = (
    # In time, a day late, weeks late, never: what most portals do in a year.
    event("01-19 10:00", "chunxi", APPEARS, TOWN, **NO_DATE),
    event("01-22 15:20", "chunxi", APPEARS, CIVIL, **ON_TIME),
    event("02-03 09:00", "chunxi", APPEARS, WATER, **LATE),
    event("02-20 11:00", "chunxi", EDITED, CIVIL, outcome="ok", change="edited", coverage="on_time"),
    event("03-02 08:30", "chunxi", BACKDATED, WATER, "2026-01-30", outcome="ok", change="edited",
          coverage="date_unknown"),
    event("03-27 10:00", "chunxi", APPEARS, CITY, **ON_TIME),
    event("04-15 10:00", "chunxi", APPEARS, NEW, **LATE),
    event("04-20 10:00", "chunxi", VANISHES, CIVIL, change="removed", coverage="on_time"),
    event("07-05 10:00", "chunxi", GOES, TOWN, said="1 archived report is gone", change="removed",
          coverage="no_deadline"),
    event("08-01 10:00", "chunxi", RETURNS, CIVIL, change="returned", coverage="on_time"),
    event("09-20 10:00", "chunxi", LEAVES, CITY, said="1 archived report is listed no more", coverage="on_time"),
    # It is away from February to March, and a report appears meanwhile.
    event("01-20 10:00", "yunxing", APPEARS, CIVIL, **ON_TIME),
    event("02-10 12:00", "yunxing", DIES, outcome="failed"),
    event("02-15 10:00", "yunxing", APPEARS, WATER, coverage="late"),
    event("03-22 10:00", "yunxing", RECOVERS, outcome="ok"),
    event("03-30 17:00", "yunxing", APPEARS, CITY, **ON_TIME),
    # Its list is emptied in March; the government's report is put there meanwhile, and shows with the rest.
    event("01-26 10:00", "muxing", APPEARS, CIVIL, **ON_TIME),
    event("01-30 10:00", "muxing", APPEARS, WATER, **ON_TIME),
    event("03-06 10:00", "muxing", EMPTIES, outcome="empty"),
    event("03-20 10:00", "muxing", APPEARS, CITY, coverage="on_time"),
    event("03-25 10:00", "muxing", RECOVERS, outcome="ok"),
    event("10-10 10:00", "muxing", EDITED, CITY, change="edited", coverage="on_time"),
    # Its column moves in April, and the declaration is mended later.
    event("01-29 10:00", "shilan", APPEARS, CIVIL, **ON_TIME),
    event("03-31 23:30", "shilan", APPEARS, CITY, **ON_TIME),
    event("04-08 10:00", "shilan", MOVES, detail="/zwdt/zfxxgknb.htm", outcome="moved"),
    event("05-20 10:00", "shilan", MENDED),
    # Its column moves in April with all that stands in it, also what nobody has looked at since it was edited.
    event("01-27 10:00", "chunyue", APPEARS, CIVIL, **ON_TIME),
    event("02-01 00:20", "chunyue", APPEARS, WATER, **LATE),
    event("03-30 10:00", "chunyue", APPEARS, CITY, **ON_TIME),
    event("04-10 10:00", "chunyue", EDITED, CIVIL, change="edited", coverage="on_time"),
    event("04-14 10:00", "chunyue", MOVES, detail="/zwgk/fdzdgk/zfxxgknb/", outcome="moved"),
    # It is redesigned in May: other software, other markup, other bytes, the same addresses and numbers.
    event("01-23 10:00", "zhulin", APPEARS, CIVIL, **ON_TIME),
    event("01-28 10:00", "zhulin", LISTED, WATER, coverage="not_due_yet"),
    event("02-06 10:00", "zhulin", APPEARS, WATER, "2026-01-28", **ON_TIME),
    event("03-28 10:00", "zhulin", APPEARS, CITY, **ON_TIME),
    event("05-11 10:00", "zhulin", REDESIGNED, detail="jpage", said="no longer looks like createpagehtml"),
    # It shuts crawls out while reports are due.
    event("01-24 10:00", "baihe", SHUTS, outcome="blocked"),
    event("01-28 10:00", "baihe", APPEARS, CIVIL, coverage="on_time"),
    event("02-04 10:00", "baihe", RECOVERS, outcome="ok"),
    event("03-25 10:00", "baihe", APPEARS, CITY, **ON_TIME),
    event("09-26 10:00", "baihe", TIRES, outcome="failed"),
    event("10-02 10:00", "baihe", RECOVERS, outcome="unchanged"),
    # Its server breaks for a week in which the government's report is due.
    event("01-21 10:00", "luyue", APPEARS, CIVIL, **ON_TIME),
    event("01-29 10:00", "luyue", APPEARS, WATER, **ON_TIME),
    event("03-29 10:00", "luyue", BREAKS, outcome="failed"),
    event("03-31 10:00", "luyue", APPEARS, CITY, coverage="on_time"),
    event("04-05 10:00", "luyue", RECOVERS, outcome="ok"),
    # Its government never publishes.
    event("01-31 23:50", "tingcang", APPEARS, CIVIL, **ON_TIME),
    event("01-15 10:00", "tingcang", APPEARS, WATER, **ON_TIME),
    event("02-02 10:00", "tingcang", APPEARS, TOWN, **NO_DATE),
)  # fmt: skip

YEAR_BY_HAND = Plan(tuple(SITES), EVENTS)
