"""The changes of a report, written anew from what is archived of its sources.

Changes compare revisions that one extractor read: what a new extractor reads otherwise is no edit of the
agency's. Everything here runs inside the loader's transaction.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlite_utils

from pipelines import history, rows, schema
from pipelines.contents import Content, content, said
from pipelines.differences import Difference, differences
from pipelines.history import ATTACHMENT, EDITED, ILLEGIBLE, Event, History, Look, Past
from pipelines.reading import Dated, Section
from pipelines.registers import STATE_NAMES

_LOOKS = """
    SELECT s.id, s.portal, s.url, c.fetched_at, c.status, c.judged, c.location, r.revision, c.referer,
        (SELECT d.reading FROM capture d WHERE d.portal IS c.portal AND d.url = c.url
         AND d.digest = c.digest AND d.reading IS NOT NULL LIMIT 1)
    FROM source s JOIN capture c ON c.portal IS s.portal AND c.url = s.url
    LEFT JOIN rendering r ON r.source = s.id AND r.digest = c.digest AND c.status IN (200, 304)
    WHERE s.report = ? ORDER BY s.id, c.fetched_at, c.id
"""

_UNLINKED = """
    WITH shown AS (
        SELECT c.fetched_at AS at, max(f.url = :url) AS links
        FROM capture c JOIN file_link f ON (f.portal, f.page, f.digest) = (c.portal, c.url, c.digest)
        WHERE c.portal = :portal AND c.url = :page AND c.status IN (200, 304) GROUP BY c.id
    )
    SELECT count(*), coalesce(min(at) FILTER (
        WHERE at > (SELECT coalesce(max(at), '') FROM shown WHERE links)), '') FROM shown
"""
"""How often a page was seen with files, and since when it has linked one of them no more."""


def write(db: sqlite_utils.Database, report: str, year: int) -> History:
    """Write the changes of a report and the state of each of its sources; return its history."""
    looks = db.execute(_LOOKS, (report,)).fetchall()
    told = history.tell(_pasts(db, looks))
    counts, newest = Counter(row[0] for row in looks), {row[0]: row[3] for row in looks}
    for source, state in told.states.items():
        db.execute(
            """UPDATE source SET state = ?, first_seen = ?, last_seen = ?, gone_since = ?, moved_to = ?,
            looked_at = ?, looks = ? WHERE id = ?""",
            (
                *(state.state, state.first_seen, state.last_seen, state.gone_since, state.moved_to),
                *(newest[source], counts[source], source),
            ),
        )
    clear(db, report)
    _write_events(db, report, year, told.events)
    return told


def clear(db: sqlite_utils.Database, report: str) -> None:
    """Take out the changes of a report."""
    db.execute("DELETE FROM changed WHERE change IN (SELECT id FROM change WHERE report = ?)", (report,))
    db.execute("DELETE FROM change WHERE report = ?", (report,))


def _pasts(db: sqlite_utils.Database, looks: Sequence[tuple[Any, ...]]) -> Iterator[Past]:
    by_source: dict[str, list[tuple[Any, ...]]] = {}
    for row in looks:
        by_source.setdefault(row[0], []).append(row)
    alone = len(by_source) == 1
    for source, found in by_source.items():
        portal, url = found[0][1:3]
        told = map(_look, found)
        referer = next((row[8] for row in reversed(found) if row[8]), "")
        page, unlinked = ("", None) if alone and len(found) == 1 else _brought(db, portal, url, referer)
        yield Past(source, portal, url, [look for look in told if look], page, unlinked)


def _look(row: tuple[Any, ...]) -> Look | None:
    _, _, _, at, status, judged, location, revision, _, reading = row
    return history.look(at, status or 0, judged or "", location or "", revision, reading)


def _brought(db: sqlite_utils.Database, portal: str | None, url: str, referer: str) -> tuple[str, str | None]:
    """Return the page that brings a file, and since when it does no more; empty where no page ever did."""
    wanted = {"portal": portal, "page": referer, "url": url}
    seen, unlinked = db.execute(_UNLINKED, wanted).fetchone()
    return (referer, unlinked) if seen else ("", None)


def _write_events(db: sqlite_utils.Database, report: str, year: int, events: Sequence[Event]) -> None:
    seen: Counter[tuple[Any, ...]] = Counter()
    for event in events:
        found = _differences(db, event, year)
        if found is None:
            continue
        kind = _kind(event, found)
        key = (report, event.source, kind, event.before, event.after, event.to_source)
        seen[key] += 1
        change = rows.number("change", *key, seen[key])
        zh, en = words(event, kind, found)
        db.execute(
            schema.insert("change"),
            (change, *key[:2], kind, event.before, event.after, event.to_source, event.last_seen,
             event.first_seen, len(found), zh, en),
        )  # fmt: skip
        parts = ((change, number, *_fields(each)) for number, each in enumerate(found, 1))
        db.conn.executemany(schema.insert("changed"), parts)


def _fields(each: Difference) -> tuple[Any, ...]:
    return each.item, each.section, each.part, each.before, each.after, each.zh, each.en


def _differences(db: sqlite_utils.Database, event: Event, year: int) -> tuple[Difference, ...] | None:
    """Return where the two revisions of an event differ; None where the event is no change.

    It is none where they were read by different extractors, and where what differs is nothing that
    is compared.
    """
    if event.before is None or event.after is None or event.before == event.after:
        return ()
    readers = db.execute(
        "SELECT count(DISTINCT extractor) FROM revision WHERE id IN (?, ?)", (event.before, event.after)
    ).fetchone()[0]
    edit = event.kind in (EDITED, ATTACHMENT) and event.to_source is None
    if readers > 1:
        return None if edit else ()
    found = differences(stored(db, event.before), stored(db, event.after), year)
    return found or (None if edit else ())


def _kind(event: Event, found: Sequence[Difference]) -> str:
    """Return what an event is called once it is known what differs."""
    if event.kind == ATTACHMENT and not found:
        return history.MOVED
    if event.kind in (EDITED, ATTACHMENT) and not any(each.legible for each in found):
        return ILLEGIBLE
    return event.kind


def stored(db: sqlite_utils.Database, revision: int) -> Content:
    """Return the content of a revision that is in the database."""
    (title,) = db.execute("SELECT title FROM revision WHERE id = ?", (revision,)).fetchone()
    dates = db.execute("SELECT source, date FROM published_date WHERE revision = ?", (revision,))
    cells = db.execute(
        """SELECT i.[table], i.[row], i.[column], c.state, c.value, c.text FROM cell c
        JOIN form_item i ON i.id = c.item WHERE c.revision = ?""",
        (revision,),
    )
    sections = db.execute("SELECT number, heading, text FROM section WHERE revision = ?", (revision,))
    return content(
        title or "",
        [Dated(*row) for row in dates],
        [(row[:3], said(STATE_NAMES[row[3]], row[4], row[5] or rows.plain(row[4]))) for row in cells],
        [Section(*row) for row in sections],
    )


_ZH = {
    history.MOVED: "移至新地址",
    history.REMOVED: "报告已从该地址消失",
    history.REPLACED: "该地址现为其他内容",
    history.RETURNED: "报告重新出现",
    history.ATTACHMENT: "附件被替换",
    history.EDITED: "内容被修改",
    history.ILLEGIBLE: "部分内容不再能读出",
}
_EN = {
    history.MOVED: "moved to another address",
    history.REMOVED: "the report is gone from its address",
    history.REPLACED: "something else stands at its address",
    history.RETURNED: "the report is back",
    history.ATTACHMENT: "the attachment was replaced",
    history.EDITED: "edited",
    history.ILLEGIBLE: "part of it can no longer be read",
}
SHOWN = 3
"""Differences that the words of a change name."""


def words(event: Event, kind: str, found: Sequence[Difference]) -> tuple[str, str]:
    """Return what a change is in words, Chinese and English, without its dates."""
    led = f"（转向 {event.leads_to}）" if event.leads_to and not event.to_source else ""
    led_en = f" (it leads to {event.leads_to})" if led else ""
    zh = "；".join(each.zh for each in found[:SHOWN])
    en = "; ".join(each.en for each in found[:SHOWN])
    more = f"；等 {len(found)} 处" if len(found) > SHOWN else ""
    more_en = f"; {len(found)} in all" if more else ""
    first, first_en = f"{_ZH[kind]}{led}", f"{_EN[kind]}{led_en}"
    return f"{first}：{zh}{more}" if zh else first, f"{first_en}: {en}{more_en}" if en else first_en
