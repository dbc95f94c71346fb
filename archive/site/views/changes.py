"""What agencies changed after publication, newest first, and what this version brought.

Data: `changes`, rows of `change` with title, year and agency of their report; `kind`, the one that was asked
for; `older`, what `before` must be to go on; `kinds`, all there are.
"""

from typing import Any

from archive.site.pages import Asked, View
from archive.site.queries import rows

KINDS = ("edited", "attachment", "moved", "removed", "replaced", "returned", "illegible")
SIZE = 50

# The change with which a page begins is named, not counted: new ones may come in while a reader goes on.
CHANGES = """
SELECT change.*, report.title, report.year, agency.name AS agency_name, portal.specimen
FROM (SELECT * FROM change
      WHERE (:kind = '' OR kind = :kind) AND (:day = '' OR (first_seen, id) < (:day, :id))
      ORDER BY first_seen DESC, id DESC LIMIT :size) AS change
JOIN report ON report.id = change.report
JOIN agency ON agency.id = report.agency
LEFT JOIN source ON source.id = change.source
LEFT JOIN portal ON portal.id = source.portal
ORDER BY change.first_seen DESC, change.id DESC
"""


async def changes(asked: Asked) -> View:
    """Return a page of changes."""
    kind = asked.said("kind") if asked.said("kind") in KINDS else ""
    day, number = _begins(asked.said("before"))
    found = await rows(asked.db, CHANGES, kind=kind, day=day, id=number, size=SIZE + 1)
    shown: dict[str, Any] = {"changes": found[:SIZE], "kind": kind, "kinds": KINDS, "older": ""}
    if len(found) > SIZE:
        shown["older"] = "{first_seen}~{id}".format(**found[SIZE - 1])
    return View("changes.html", shown, more={"begun": bool(day)})


def _begins(before: str) -> tuple[str, int]:
    """Return time and id of the change behind which a page begins; an empty time is the newest.

    >>> _begins("2026-01-02T03:04:05Z~-12"), _begins("x")
    (('2026-01-02T03:04:05Z', -12), ('', 0))
    """
    day, _, number = before.partition("~")
    digits = number.removeprefix("-")
    return (day, int(number)) if digits.isascii() and digits.isdigit() and len(digits) < 20 else ("", 0)
