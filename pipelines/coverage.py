"""Whether an agency published what it owes for a year: pure, the clock and the facts are passed in.

Nothing is ever called missing: what was not found was searched for somewhere, at some time, and both are
said. Where nobody could search, that is said instead.

Source: 政府信息公开条例 (2019) 第四十九条, (2007) 第三十一条.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.clock import china_day_of
from pipelines.duties import DATE_UNKNOWN, LATE, NO_DEADLINE, ON_TIME, Timeliness, basis, due

NOT_DUE_YET, NOT_FOUND, BLOCKED = "not_due_yet", "not_found", "blocked"
UNREADABLE, NOT_SEARCHED = "unreadable", "not_searched"

GAPS = (NOT_FOUND, BLOCKED, UNREADABLE, NOT_SEARCHED)
"""States of what is still wanted."""

SHOWN = 3
"""Addresses that the words of a row name; the row's own field has all."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched on one portal.

    Attributes:
        portal: its name.
        outcome, ended_at: of its newest run, UTC; empty where there was none.
        good_at: end of its newest run that saw what there was, UTC; empty where there was none.
        lists: addresses of the lists that run read.
    """

    portal: str
    outcome: str = ""
    ended_at: str = ""
    good_at: str = ""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a report that is not there: a link to it, or a document that claims to be it.

    Attributes:
        kind: `unreadable` (a document that could not be read), `blocked` (refused, or closed by robots.txt),
            or `not_found` (a dead link, an answer of another kind, another host).
        url: its address.
        zh, en: what came of it, in words.
    """

    kind: str
    url: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Found:
    """A report that is held: its id, timeliness, dates with their places, and if its tables were read."""

    report: str
    timeliness: Timeliness
    dates: tuple[tuple[str, str], ...] = ()
    has_tables: bool = True
    gone_since: str | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """One row of coverage, without its key."""

    state: str
    zh: str
    en: str
    report: str | None = None
    due_on: str | None = None
    basis_zh: str = ""
    basis_en: str = ""
    published_on: str | None = None
    days_late: int | None = None
    dates: str | None = None
    searched: tuple[str, ...] = field(default=())
    searched_at: str | None = None


def cover(
    agency_kind: str,
    year: int,
    today: date,
    found: Found | None,
    traces: Sequence[Trace],
    searches: Sequence[Search],
) -> Covered:
    """Say whether an agency's report on a year was published, and how that is known.

    Args:
        agency_kind: kind of the agency (`duties.kind`).
        year: the year to be reported on.
        today: the day for which it is said, in China.
        found: the report, if it is held.
        traces: what is known of it otherwise.
        searches: what was searched on each portal of the agency.
    """
    limit, law = due(agency_kind, year), basis(agency_kind, year)
    state, zh, en = _held(found) if found else _wanted(limit, year, today, traces, searches)
    good = [each for each in searches if each.good_at]
    lists = tuple(sorted({url for each in good for url in each.lists}))
    return Covered(
        state,
        zh,
        en,
        found.report if found else None,
        limit.isoformat() if limit else None,
        law.zh,
        law.en,
        found.timeliness.published_on if found else None,
        found.timeliness.days_late if found else None,
        _dates(found) if found else None,
        () if found else lists,
        None if found else max((each.good_at for each in good), default=None),
    )


def _held(found: Found) -> tuple[str, str, str]:
    """Return the state of a report that is held, and its words."""
    since = china_day_of(found.gone_since or "")
    gone = f"；{since} 起已从网站消失，本存档存有原件" if since else ""
    gone_en = f"; gone from the site since {since}, kept here" if since else ""
    if not found.has_tables:
        zh, en = "报告已找到，统计表无法读出", "the report was found, its tables could not be read"
        return UNREADABLE, zh + gone, en + gone_en
    day, late = found.timeliness.published_on, found.timeliness.days_late
    words = {
        ON_TIME: ("按期公布", "published in time"),
        LATE: (f"{day} 公布，逾期 {late} 天", f"published on {day}, {late} days late"),
        DATE_UNKNOWN: ("已公布，日期不足以判断是否按期", "published; its dates do not tell whether in time"),
        NO_DEADLINE: ("已公布，条例未规定期限", "published; the regulations name no date"),
    }
    zh, en = words[found.timeliness.status]
    return found.timeliness.status, zh + gone, en + gone_en


def _dates(found: Found) -> str | None:
    """Return all dates with the places where they stand, where they differ."""
    if len({day for _, day in found.dates}) < 2:
        return None
    return "; ".join(f"{source} {day}" for source, day in found.dates)


def _wanted(
    limit: date | None, year: int, today: date, traces: Sequence[Trace], searches: Sequence[Search]
) -> tuple[str, str, str]:
    """Return the state of a report that is not held, and its words."""
    for kind in (UNREADABLE, BLOCKED):
        for trace in traces:
            if trace.kind == kind:
                return kind, trace.zh, trace.en
    # A report is not missing before its date; where the law names none, not before its year has ended.
    last = limit or date(year, 12, 31)
    if today <= last:
        return NOT_DUE_YET, f"期限为 {last}，尚未届满", f"due by {last}, which has not passed"
    since = [each for each in searches if china_day_of(each.good_at) > last.isoformat()]
    if since:
        return NOT_FOUND, *_searched(since, traces)
    shut = next((each for each in searches if each.outcome == BLOCKED), None)
    if shut:
        day = china_day_of(shut.ended_at)
        zh = f"网站 {shut.portal} 拒绝访问（{day}）"
        return BLOCKED, zh, f"the portal {shut.portal} refuses ({day})"
    return NOT_SEARCHED, "期限届满后尚未检索", "not searched since it was due"


def _searched(searches: Sequence[Search], traces: Sequence[Trace]) -> tuple[str, str]:
    """Return what was searched and when, in words."""
    lists = sorted({url for each in searches for url in each.lists})
    newest = china_day_of(max(each.good_at for each in searches))
    shown, more = "、".join(lists[:SHOWN]), "…" if len(lists) > SHOWN else ""
    zh = f"截至 {newest} 未找到；检索了 {len(lists)} 个列表：{shown}{more}"
    en = f"not found as of {newest}; {len(lists)} lists were searched: {', '.join(lists[:SHOWN])}{more}"
    if traces:
        zh, en = f"{traces[0].zh}；{zh}", f"{traces[0].en}; {en}"
    return zh, en
