"""What became of a report: where it is published, since when it is gone, what was changed in it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from datasette.database import Database

from archive.site.queries import rows
from archive.site.statute import Row

SOURCES = """
SELECT source.id, source.url, source.state, source.gone_since, source.last_seen, source.looked_at,
       source.looks, portal.title AS portal_title, portal.specimen, new.url AS new_url,
       revision.id AS revision, revision.digest, revision.extractor, revision.capture,
       revision.first_seen AS revision_from, revision.last_seen AS revision_to,
       capture.fetched_at, capture.file, capture."offset", capture.length, capture.size
FROM source
LEFT JOIN portal ON portal.id = source.portal
LEFT JOIN source AS new ON new.id = source.moved_to
LEFT JOIN revision ON revision.source = source.id
LEFT JOIN capture ON capture.id = revision.capture
WHERE source.report = :report
ORDER BY max(revision.id = :revision) OVER (PARTITION BY source.id) DESC,
         max(revision.last_seen) OVER (PARTITION BY source.id) DESC, source.id,
         revision.last_seen DESC, revision.id
"""

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
"""
"""`answer` is what was found instead of the report, where it was gone."""

CHANGED = """
SELECT changed.*, change.before AS revision_before, change.after AS revision_after,
       form_item.label, form_item.unit, form_item."table", form_item.row, form_item."column",
       coalesce(new_section.heading, old_section.heading) AS heading,
       was_state.name AS state_before, now_state.name AS state_after
FROM change JOIN changed ON changed.change = change.id
LEFT JOIN form_item ON form_item.id = changed.item
LEFT JOIN cell AS was ON was.revision = change.before AND was.item = changed.item
LEFT JOIN cell_state AS was_state ON was_state.id = was.state
LEFT JOIN cell AS now ON now.revision = change.after AND now.item = changed.item
LEFT JOIN cell_state AS now_state ON now_state.id = now.state
LEFT JOIN section AS old_section
    ON old_section.revision = change.before AND old_section.number = changed.section
LEFT JOIN section AS new_section
    ON new_section.revision = change.after AND new_section.number = changed.section
WHERE change.report = :report
ORDER BY changed.change, changed.number
"""

COVERAGE = "SELECT * FROM coverage WHERE agency = :agency AND year = :year"

CORRECTIONS = """
SELECT correction.*, form_item.label, form_item.unit, form_item."table", form_item.row, form_item."column",
       EXISTS (SELECT 1 FROM rendering WHERE rendering.digest = correction.digest
               AND rendering.revision = :revision) AS of_this
FROM correction LEFT JOIN form_item ON form_item.id = correction.item
WHERE correction.report = :report ORDER BY correction.made_at DESC, correction.id
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
class Part:
    """One thing that a change changed, and its two texts, None where there is none."""

    row: Row
    before: Cut | None
    after: Cut | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change with all its parts."""

    row: Row
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One place of publication, and the revisions that stood there, the last seen first."""

    row: Row
    revisions: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What became of one report.

    Attributes:
        coverage: the row of its agency and year, None where it has not been written.
        dates: every date of publication with the code of its place, where they differ.
        changes: newest first.
        corrections: by people, newest first, withdrawn ones too.
    """

    coverage: Row | None
    dates: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]
    corrections: tuple[Row, ...] = ()


async def history(db: Database, head: Row) -> History:
    """Return what became of the report that `head` (`reports.Report.head`) tells of."""
    of = {"report": head["id"]}
    covered = await rows(db, COVERAGE, agency=head["agency"], year=head["year"])
    changed = {
        change: tuple(_part(row) for row in group)
        for change, group in groupby(await rows(db, CHANGED, **of), key=lambda row: row["change"])
    }
    changes = (Change(row, changed.get(row["id"], ())) for row in await rows(db, CHANGES, **of))
    found = await rows(db, SOURCES, **of, revision=head["revision"])
    sources = (list(group) for _, group in groupby(found, key=lambda row: row["id"]))
    return History(
        covered[0] if covered else None,
        dates(covered[0]["dates"]) if covered else (),
        tuple(changes),
        tuple(Source(each[0], tuple(row for row in each if row["revision"] is not None)) for each in sources),
        tuple(await rows(db, CORRECTIONS, **of, revision=head["revision"])),
    )


async def newest(db: Database, size: int) -> list[dict[str, Any]]:
    """Return the changes that were seen last."""
    return await rows(db, NEWEST, size=size)


def dates(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return (place, date) for each date that a row of `coverage` lists.

    >>> dates("meta 2021-01-20; page 2021-02-03")
    (('meta', '2021-01-20'), ('page', '2021-02-03'))
    """
    parts = (each.rpartition(" ") for each in (text or "").split("; ") if each)
    return tuple((place, day) for place, _, day in parts)


def _part(row: Row) -> Part:
    before, after = row["before"], row["after"]
    if before and after and (row["section"] or row["part"] == "title"):
        return Part(row, *cut(before, after))
    return Part(row, *(None if text is None else Cut("", text, "") for text in (before, after)))


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
