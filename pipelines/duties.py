"""What the law asks of an agency: what kind it is, and by when its report is due."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from archive.clock import china_day_of
from pipelines.reading import ADDRESS, LIST, META, PAGE, Dated

GOVERNMENT, DEPARTMENT, TOWNSHIP = "government", "department", "township"
ZONE, VERTICAL, OTHER = "zone", "vertical", "other"
ON_TIME, LATE, DATE_UNKNOWN, NO_DEADLINE = "on_time", "late", "date_unknown", "no_deadline"

LAST_YEAR_OF_OLD_LAW = 2018
"""Reports on later years are due under the regulations of 2019."""

YEARS = 3
"""A report that is dated more years after its own was put there when a site was moved."""

_KINDS = (
    (VERTICAL, re.compile("^国家税务总局|^国家统计局|海关$|海事局$|气象局$|烟草专卖局$|邮政管理局$|调查队$")),
    (TOWNSHIP, re.compile("(镇|乡|苏木)人民政府(办公室)?$|街道办事处$")),
    (ZONE, re.compile("管理委员会(办公室)?$|管委会(办公室)?$")),
    (GOVERNMENT, re.compile("人民政府$|政府办公[室厅]$")),
    (DEPARTMENT, re.compile("[局委办厅部]$|委员会$|办公室$|总队$|支队$|中心$")),
)


_OWN = (META, PAGE, LIST)
"""Where a portal says when it published. An address only tells when a site was moved, a signature
when a text was written."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What names a legal date, in both languages."""

    zh: str
    en: str


DEPARTMENTS = Basis("《政府信息公开条例》（2019年）第四十九条第一款", "Regulations of 2019, art. 49, para. 1")
GOVERNMENTS = Basis("《政府信息公开条例》（2019年）第四十九条第二款", "Regulations of 2019, art. 49, para. 2")
OLD_LAW = Basis("《政府信息公开条例》（2007年）第三十一条", "Regulations of 2007, art. 31")
NO_DATE = Basis("条例未为此类机关规定期限", "the regulations name no date for agencies of this kind")


@dataclass(frozen=True, slots=True)
class Timeliness:
    """When a report was due, and whether it came by then; `published_on` is the date that counts."""

    due_on: str | None
    days_late: int | None
    status: str
    published_on: str | None = None


def kind(agency: str) -> str:
    """Return the kind of agency that a full official name tells.

    >>> kind("牧野区人民政府"), kind("新乡市体育局"), kind("平原镇人民政府")
    ('government', 'department', 'township')
    """
    return next((name for name, pattern in _KINDS if pattern.search(agency)), OTHER)


def level(agency_kind: str, division_level: str | None) -> str | None:
    """Return the level of an agency: that of its division, but `township` for a town's or a street's."""
    return TOWNSHIP if agency_kind == TOWNSHIP else division_level


def due(agency_kind: str, year: int) -> date | None:
    """Return the legal date of a report on `year`, None where the law names none.

    A summary of a government at county level or above is due on 31 March, a department's
    report on 31 January; for townships, zones and bodies of unclear kind no date is named.

    Source:
        政府信息公开条例 (2019) 第四十九条; for the years to 2018 政府信息公开条例 (2007)
        第三十一条, 31 March for every agency.
    """
    if year <= LAST_YEAR_OF_OLD_LAW or agency_kind == GOVERNMENT:
        return date(year + 1, 3, 31)
    if agency_kind in (DEPARTMENT, VERTICAL):
        return date(year + 1, 1, 31)
    return None


def basis(agency_kind: str, year: int) -> Basis:
    """Return what names the legal date of a report on `year`, or that nothing does."""
    if year <= LAST_YEAR_OF_OLD_LAW:
        return OLD_LAW
    if agency_kind == GOVERNMENT:
        return GOVERNMENTS
    return NO_DATE if due(agency_kind, year) is None else DEPARTMENTS


def timeliness(
    agency_kind: str,
    year: int,
    dates: Iterable[Dated],
    first_seen: str | None = None,
    edited: Iterable[Dated] = (),
) -> Timeliness:
    """Compare the dates of publication that a report bears with the legal date.

    In time is what the portal itself dates so, or what was archived by then. Late is only what no
    place dates earlier: portals give a new date to old pages when they are moved, so a late date in an
    address proves nothing, nor does one that lies years behind.

    Args:
        agency_kind: kind of the agency.
        year: the year reported on.
        dates: every date of publication, with the place where it stands.
        first_seen: when the report was first archived, UTC.
        edited: dates that it bore only later: an edit makes no report timely, though it may raise doubt.
    """
    known = [each for each in dates if each.date > f"{year}-12-31"]
    own = sorted(each.date for each in known if each.source in _OWN)
    later = [each.date for each in edited if each.date > f"{year}-12-31"]
    every = sorted((*(each.date for each in known), *later))
    published = next(iter((*own, *every)), None)
    limit = due(agency_kind, year)
    if limit is None:
        return Timeliness(None, None, NO_DEADLINE, published)
    day = limit.isoformat()
    first = next(iter(own or [each.date for each in known if each.source == ADDRESS]), None)
    if (first and first <= day) or (first_seen and china_day_of(first_seen) <= day):
        return Timeliness(day, 0, ON_TIME, published)
    if not own or every[0] <= day or int(every[0][:4]) > year + YEARS:
        return Timeliness(day, None, DATE_UNKNOWN, published)
    return Timeliness(day, (date.fromisoformat(every[0]) - limit).days, LATE, published)
