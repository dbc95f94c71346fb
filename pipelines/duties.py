"""What the law asks of an agency: what kind it is, and by when its report is due."""

import re
from dataclasses import dataclass
from datetime import date

GOVERNMENT, DEPARTMENT, TOWNSHIP = "government", "department", "township"
ZONE, VERTICAL, OTHER = "zone", "vertical", "other"
ON_TIME, LATE, DATE_UNKNOWN, NO_DEADLINE = "on_time", "late", "date_unknown", "no_deadline"

LAST_YEAR_OF_OLD_LAW = 2018
"""Reports on later years are due under the regulations of 2019."""

_KINDS = (
    (VERTICAL, re.compile("^国家税务总局|^国家统计局|海关$|海事局$|气象局$|烟草专卖局$|邮政管理局$|调查队$")),
    (TOWNSHIP, re.compile("(镇|乡|苏木)人民政府(办公室)?$|街道办事处$")),
    (ZONE, re.compile("管理委员会(办公室)?$|管委会(办公室)?$")),
    (GOVERNMENT, re.compile("人民政府$|政府办公[室厅]$")),
    (DEPARTMENT, re.compile("[局委办厅部]$|委员会$|办公室$|总队$|支队$|中心$")),
)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """When a report was due, and whether it came by then."""

    due_on: str | None
    days_late: int | None
    status: str


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


def timeliness(agency_kind: str, year: int, published_on: str | None) -> Timeliness:
    """Compare a date of publication (YYYY-MM-DD) with the legal date."""
    limit = due(agency_kind, year)
    if limit is None:
        return Timeliness(None, None, NO_DEADLINE)
    if not published_on:
        return Timeliness(limit.isoformat(), None, DATE_UNKNOWN)
    days = max(0, (date.fromisoformat(published_on) - limit).days)
    return Timeliness(limit.isoformat(), days, LATE if days else ON_TIME)
