"""The charts of one agency, put together of what was read."""

from collections.abc import Sequence
from dataclasses import replace

from datasette.database import Database

from archive.site.series import NO_REPORT, NOT_IN_FORM, Chart, Point, Series, Year
from archive.site.series.asked import Read, read
from archive.site.series.breaks import broken
from archive.site.series.plan import JOINED_AS, NAMED_BY, PLANS, Plan

_ENDS = ("：", "，", " ")
"""What a beginning that names have in common may end with."""


async def charts(db: Database, agency: str, plans: Sequence[Plan] = PLANS) -> tuple[Chart, ...]:
    """Return the charts of an agency; one of which no report has a value is none."""
    found = await read(db, agency)
    drawn = (_chart(plan, found) for plan in plans) if found else ()
    return tuple(chart for chart in drawn if chart.told)


def _chart(plan: Plan, found: Read) -> Chart:
    row = plan.cells[1] if plan.cells else ""
    parts = [_of_cells(f"{row}.{code}", code, found) if row else _level(code, found) for code in plan.parts]
    total = [_level(plan.total, found)] if plan.total else []
    unit = next((each.unit for each in [*total, *parts] if each.unit), "")
    named = [replace(each, unit=unit) for each in shortened([*parts, *total], len(parts))]
    series, last = tuple(named[: len(parts)]), named[-1] if total else None
    chart = Chart(plan.code, plan.kind, plan.percent, found.years, series, last)
    like = {each.code: JOINED_AS for each in series} if row else {}
    return broken(chart, found.registers.joins, like, found.successions)


def _level(code: str, found: Read) -> Series:
    row = found.registers.names.get(code, {})
    zh, en = row.get("zh") or code, row.get("en") or code
    return Series(code, zh, en, zh, en, row.get("unit") or "", _points(code, found))


def _of_cells(code: str, column: str, found: Read) -> Series:
    row = found.registers.names.get(NAMED_BY.format(column), {})
    zh, en = row.get("numerator_zh") or code, row.get("numerator_en") or code
    return Series(code, zh, en, zh, en, "", _points(code, found))


def _points(code: str, found: Read) -> tuple[Point, ...]:
    return tuple(_point(code, year, found) for year in found.years)


def _point(code: str, year: Year, found: Read) -> Point:
    if year.report is None:
        return Point(year.year, None, NO_REPORT)
    if year.report in found.missing:
        return Point(year.year, None, found.missing[year.report])
    return found.values.get((year.report, code)) or Point(year.year, None, NOT_IN_FORM)


def shortened(series: Sequence[Series], parts: int) -> list[Series]:
    """Return series with short names: without what the names of the first `parts` of them begin with.

    What is cut off ends with a word.
    """
    zh = _beginning([each.zh for each in series[:parts]])
    en = _beginning([each.en for each in series[:parts]])
    return [
        replace(each, short_zh=each.zh.removeprefix(zh), short_en=_capital(each.en.removeprefix(en)))
        for each in series
    ]


def _beginning(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    one, other = min(names), max(names)
    alike = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[: max(one.rfind(end, 0, alike) for end in _ENDS) + 1]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
