"""What became of a report: where it is published, since when it is gone, what was changed in it."""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from datasette.database import Database

from archive.site.queries import found, rows
from archive.site.registers import Registers
from archive.site.statute import Row

MOST_CHANGES, MOST_PARTS = 50, 60
"""Changes of one report, and parts of one change, that a page shows; the tables of the site have all."""

REVISIONS = """
SELECT source.id AS source, source.url, source.portal, portal.title AS portal_title, portal.specimen,
       source.state, source.gone_since, source.looked_at, source.looks, new.url AS moved_to,
       revision.id, revision.title, revision.published_on, revision.published_from, revision.form,
       revision.digest, revision.extractor, revision.capture, revision.first_seen, revision.last_seen,
       capture.fetched_at, capture.file, capture."offset", capture.length, capture.size
FROM source
LEFT JOIN portal ON portal.id = source.portal
LEFT JOIN source AS new ON new.id = source.moved_to
LEFT JOIN revision ON revision.source = source.id
LEFT JOIN capture ON capture.id = revision.capture
WHERE source.report = :report
ORDER BY max(revision.id = :current) OVER (PARTITION BY source.id) DESC,
         max(revision.last_seen) OVER (PARTITION BY source.id) DESC, source.id,
         revision.last_seen DESC, revision.id
LIMIT 300
"""

_OF_SOURCE = (
    "source", "url", "portal", "portal_title", "specimen", "state", "gone_since", "looked_at", "looks",
    "moved_to",
)  # fmt: skip
_OF_REVISION = (
    "id", "source", "title", "published_on", "published_from", "form", "first_seen", "last_seen", "extractor",
    "capture", "fetched_at", "digest", "file", "offset", "length", "size",
)  # fmt: skip

CHANGES = """
SELECT change.*, source.url, portal.title AS portal_title, new.url AS new_url,
       was.capture AS before_capture, was_capture.fetched_at AS before_at,
       now.capture AS after_capture, now_capture.fetched_at AS after_at,
       answer.id AS answer, answer.status, answer.location, answer.fetched_at AS answered_at
FROM change
LEFT JOIN source ON source.id = change.source
LEFT JOIN portal ON portal.id = source.portal
LEFT JOIN source AS new ON new.id = change.to_source
LEFT JOIN revision AS was ON was.id = change.before
LEFT JOIN capture AS was_capture ON was_capture.id = was.capture
LEFT JOIN revision AS now ON now.id = change.after
LEFT JOIN capture AS now_capture ON now_capture.id = now.capture
LEFT JOIN capture AS answer ON change.after IS NULL AND answer.id = (
    SELECT id FROM capture WHERE url = source.url AND portal IS source.portal
    AND fetched_at = change.first_seen ORDER BY id LIMIT 1)
WHERE change.report = :report
ORDER BY change.first_seen DESC, change.id DESC
LIMIT :most
"""
"""`answer` is what was found instead of the report, where it was gone."""

COUNTED = "SELECT count(*) AS changes FROM change WHERE report = :report"

CHANGED = """
SELECT changed.change, changed.number, changed.item, changed.section, changed.part,
       changed.before, changed.after,
       coalesce(new_section.heading, old_section.heading) AS heading,
       was.state AS state_before, now.state AS state_after
FROM (SELECT * FROM change WHERE report = :report ORDER BY first_seen DESC, id DESC LIMIT :most) AS change
JOIN changed ON changed.change = change.id AND changed.number <= :parts
LEFT JOIN cell AS was ON was.revision = change.before AND was.item = changed.item
LEFT JOIN cell AS now ON now.revision = change.after AND now.item = changed.item
LEFT JOIN section AS old_section
    ON old_section.revision = change.before AND old_section.number = changed.section
LEFT JOIN section AS new_section
    ON new_section.revision = change.after AND new_section.number = changed.section
ORDER BY changed.change, changed.number
"""

COVERAGE = "SELECT * FROM coverage WHERE agency = :agency AND year = :year"

CORRECTIONS = """
SELECT correction.*, EXISTS (SELECT 1 FROM rendering WHERE rendering.digest = correction.digest
                             AND rendering.revision = :revision) AS of_this
FROM correction WHERE correction.report = :report ORDER BY correction.made_at DESC, correction.id LIMIT 100
"""
"""`of_this` tells whether the original that was corrected shows the revision on the page."""

NEWEST = """
SELECT change.*, report.title, report.year, agency.name AS agency_name, portal.specimen
FROM (SELECT * FROM change ORDER BY first_seen DESC, id DESC LIMIT :size) AS change
JOIN report ON report.id = change.report
JOIN agency ON agency.id = report.agency
LEFT JOIN source ON source.id = change.source
LEFT JOIN portal ON portal.id = source.portal
ORDER BY change.first_seen DESC, change.id DESC
"""


class Cut(NamedTuple):
    """A text cut where it differs from another: what stands before, what differs, what follows."""

    head: str
    differs: str
    tail: str


@dataclass(frozen=True, slots=True)
class History:
    """What became of one report.

    Attributes:
        coverage: the row of its agency and year, None where it has not been written.
        sources: places of publication, that of the current revision first.
        revisions: of all sources, the last seen of each source first.
        changes: newest first, each with what it `changed`; `counted` are all, also those not here.
        corrections: by people, newest first, withdrawn ones too.
    """

    coverage: Row | None
    sources: tuple[Row, ...]
    revisions: tuple[Row, ...]
    changes: tuple[Row, ...]
    counted: int
    corrections: tuple[Row, ...] = ()


def history(conn: sqlite3.Connection, known: Registers, head: Row, shown: int | None) -> History:
    """Return what became of the report that `head` (`reports.head`) tells of; `shown` is a revision."""
    of = {"report": head["id"]}
    covered = found(conn, COVERAGE, agency=head["agency"], year=head["year"])
    listed = found(conn, REVISIONS, **of, current=head["revision"])
    places = {row["source"]: {name: row[name] for name in _OF_SOURCE} for row in listed}
    return History(
        covered[0] if covered else None,
        tuple(places.values()),
        tuple({name: row[name] for name in _OF_REVISION} for row in listed if row["id"] is not None),
        tuple(_changes(conn, known, of)),
        found(conn, COUNTED, **of)[0]["changes"],
        tuple(_named(known, row) for row in found(conn, CORRECTIONS, **of, revision=shown)),
    )


async def newest(db: Database, size: int) -> list[dict[str, Any]]:
    """Return the changes that were seen last."""
    return await rows(db, NEWEST, size=size)


def _changes(conn: sqlite3.Connection, known: Registers, of: Row) -> list[dict[str, Any]]:
    parts: dict[int, list[Row]] = defaultdict(list)
    for row in found(conn, CHANGED, **of, most=MOST_CHANGES, parts=MOST_PARTS):
        states = {name: known.states.get(row[name]) for name in ("state_before", "state_after")}
        parts[row["change"]].append(_named(known, row | states))
    changes = found(conn, CHANGES, **of, most=MOST_CHANGES)
    return [{**change, "changed": parts[change["id"]]} for change in changes]


def _named(known: Registers, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of something about an item with the item's names."""
    item = known.items.get(row["item"], {})
    return row | {name: item.get(name) for name in ("table", "row", "column", "label", "label_en", "unit")}


def dates(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return (place, date) for each date that a row of `coverage` lists.

    >>> dates("meta 2021-01-20; page 2021-02-03")
    (('meta', '2021-01-20'), ('page', '2021-02-03'))
    """
    parts = (each.rpartition(" ") for each in (text or "").split("; ") if each)
    return tuple((place, day) for place, _, day in parts)


def sides(part: Row) -> tuple[Cut | None, Cut | None]:
    """Return the two texts of a part, None where there is none; long ones are cut where they differ."""
    before, after = part["before"], part["after"]
    if before and after and (part["section"] or part["part"] == "title"):
        return cut(before, after)
    was, now = (None if text is None else Cut("", text, "") for text in (before, after))
    return was, now


def cut(before: str, after: str) -> tuple[Cut, Cut]:
    """Cut two texts where they differ; a number or a Latin word is never cut in the middle.

    >>> cut("收到申请140件", "收到申请14件")[0]
    Cut(head='收到申请', differs='140', tail='件')
    """
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    while _joined(before, start) or _joined(after, start):
        start -= 1
    rest = most - start
    end = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    while end and (_joined(before, len(before) - end) or _joined(after, len(after) - end)):
        end -= 1
    return _cut(before, start, end), _cut(after, start, end)


def _cut(text: str, start: int, end: int) -> Cut:
    stop = len(text) - end
    return Cut(text[:start], text[start:stop], text[stop:])


def _joined(text: str, at: int) -> bool:
    """Tell whether the characters on both sides of a place belong to one number or Latin word."""
    return 0 < at < len(text) and all(each.isascii() and each.isalnum() for each in text[at - 1 : at + 1])
