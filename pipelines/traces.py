"""What lists and links say of agencies and of reports that are not held."""

from collections.abc import Iterator
from typing import Any

import sqlite_utils

from pipelines import duties
from pipelines.coverage import BLOCKED, NOT_FOUND, UNREADABLE, Trace
from pipelines.duties import GOVERNMENT, OTHER
from pipelines.names import full_name, is_short
from pipelines.titles import parse_title

ENTRY, LISTED, OWN, MENTIONED = "entry", "list", "own", "mentioned"

_REFUSED = (401, 403, 405, 407, 412, 418, 429, 451, 512, 521)
"""Statuses with which portals shut a crawl out (ANCHORS: signatures of challenges)."""

_REASONS = {
    "robots": (BLOCKED, "robots.txt 不允许访问", "closed by robots.txt"),
    "no_robots": (BLOCKED, "robots.txt 无法取得，未予访问", "not asked: robots.txt could not be had"),
    "foreign_host": (NOT_FOUND, "链接指向其他网站", "its link leads to another host"),
    "absent": (NOT_FOUND, "链接已失效", "its link is dead"),
    "beyond_limit": (NOT_FOUND, "超出一次采集的数量", "beyond what one run asks for"),
}


Named = tuple[dict[str, Any], str, str, int | None, Trace | None]
"""A portal, the name of an agency on it, why it is known, and what is known of its report on a year."""


Link = tuple[str, str, Trace, str]
"""The portal and text of a link to a report, what became of it, and whether it makes its agency known."""


def named(db: sqlite_utils.Database) -> Iterator[Named]:
    """Yield the agencies that are named otherwise than by a report that is held."""
    portals = {row["id"]: row for row in db.query("SELECT id, title, division FROM portal ORDER BY id")}
    for portal in portals.values():
        own = full_name(portal["title"] or "")
        if own and duties.kind(own) == GOVERNMENT and not is_short(own):
            yield portal, own, OWN, None, None
    for where, name in db.execute("SELECT portal, name FROM listed_agency ORDER BY 1, 2").fetchall():
        if (whole := _whole(name)) and where in portals:
            yield portals[where], whole, LISTED, None, None
    for where, text, trace, basis in (*_missed(db), *_left(db)):
        title = parse_title(text)
        if title.is_report and title.agency and not is_short(title.agency) and where in portals:
            yield portals[where], title.agency, basis, title.year, trace


def _whole(name: str) -> str | None:
    """Return the full name that a list prints; a short one says nothing by itself."""
    whole = full_name(name)
    return whole if whole and not is_short(whole) and duties.kind(whole) != OTHER else None


def _missed(db: sqlite_utils.Database) -> Iterator[Link]:
    """Yield the documents that were asked for and gave no report, by the newest answer of each.

    An answer that repeats what is archived is not read again: what was read then still holds.
    """
    found = db.execute(
        """SELECT portal, link_text, url, status, judged, reading, reading_reason, max(fetched_at)
        FROM capture WHERE role IN ('detail', 'attachment') AND link_text <> '' AND portal IS NOT NULL
            AND (reading IS NOT NULL OR coalesce(judged, '') <> '' OR status NOT IN (200, 304))
        GROUP BY portal, url HAVING coalesce(reading, '') NOT IN ('report', 'other') ORDER BY 1, 3"""
    ).fetchall()
    for portal, text, url, status, judged, reading, reason, _ in found:
        told = judged or status
        if reading == UNREADABLE:
            trace = Trace(UNREADABLE, url, f"文件无法读出：{reason}", f"it could not be read: {reason}")
        elif judged == "challenge" or status in _REFUSED:
            trace = Trace(BLOCKED, url, f"网站拒绝访问（{told}）", f"the portal refuses it ({told})")
        elif judged or status not in (200, 301, 302, 303, 304, 307, 308):
            trace = Trace(NOT_FOUND, url, f"链接无法取得（{told}）", f"its link cannot be had ({told})")
        else:
            continue
        yield portal, text, trace, ENTRY


def _left(db: sqlite_utils.Database) -> Iterator[Link]:
    """Yield the links to reports that were not followed, with the newest reason of each.

    A link to another host may name an agency of anywhere: it makes none known.
    """
    found = db.execute(
        """SELECT r.portal, s.text, s.url, s.reason, max(s.run) FROM skip s JOIN run r ON r.id = s.run
        WHERE s.text <> '' GROUP BY r.portal, s.url ORDER BY 1, 3"""
    ).fetchall()
    for portal, text, url, reason, _ in found:
        if reason in _REASONS:
            kind, zh, en = _REASONS[reason]
            basis = MENTIONED if reason == "foreign_host" else ENTRY
            yield portal, text, Trace(kind, url, zh, en), basis
