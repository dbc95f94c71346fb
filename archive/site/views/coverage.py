"""Who should have published a report, and what was found.

Data: `division` (none: the whole country) with those `above`; `years`; `divisions` below with reports `held`
and `expected` by year; `agencies` of the division itself with their state and report by year; or, where a
`state` is asked for, `listed`: rows of `coverage`. `next` is what `after` must be to go on.
"""

from typing import Any

from archive.site import coverings
from archive.site.coverings import SIZE, UNKNOWN
from archive.site.pages import Asked, View

STATES = (
    "on_time",
    "late",
    "date_unknown",
    "no_deadline",
    "not_found",
    "not_searched",
    "blocked",
    "unreadable",
    "not_due_yet",
)


async def coverage(asked: Asked) -> View:
    """Return the page of a division, or of what is in one state."""
    division, year = asked.said("division"), asked.number("year", 0)
    state = asked.said("state") if asked.said("state") in STATES else ""
    found = await coverings.one(asked.db, division) if division and division != UNKNOWN else None
    if division and division != UNKNOWN and found is None:
        return View("no_page.html", {"what": "page"}, status=404)
    shown: dict[str, Any] = {"division": found, "year": year, "state": state, "states": STATES}
    shown |= {
        "years": await coverings.years(asked.db),
        "divisions": [],
        "agencies": [],
        "listed": [],
        "next": "",
    }
    if state:
        listed = await coverings.listed(asked.db, division, year, state, _after(asked.said("after")))
        shown |= {"listed": listed[:SIZE], "next": listed[SIZE - 1]["number"] if len(listed) > SIZE else ""}
    else:
        own = await coverings.agencies(asked.db, division, asked.said("after")) if division else []
        shown |= {"agencies": own[:SIZE], "next": own[SIZE - 1]["id"] if len(own) > SIZE else ""}
        shown["divisions"] = await coverings.divisions(asked.db, division) if division != UNKNOWN else []
    return View("coverage.html", shown, more={"asked": division, "begun": bool(asked.said("after"))})


def _after(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
