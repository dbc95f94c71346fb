"""Divisions of the country, agencies that nobody can take for real ones, and their portals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from archive.captures import Context
from pipelines import agencies, divisions, duties
from pipelines.agencies import Agency
from pipelines.divisions import CITY, COUNTY, PROVINCE, Division

FIRST_YEAR, LAST_YEAR = 2017, 2024
MARK = "样本"
"""Stands in the name of every agency and portal, behind the name of its place."""

_DEPARTMENTS = (
    "教育局 科学技术局 工业和信息化局 公安局 民政局 司法局 财政局 人力资源和社会保障局 自然资源和规划局 生态环境局 "
    "住房和城乡建设局 交通运输局 水利局 农业农村局 商务局 文化广电和旅游局 卫生健康委员会 退役军人事务局 应急管理局 "
    "审计局 市场监督管理局 体育局 统计局 医疗保障局 林业局 信访局 城市管理局 发展和改革委员会 行政审批服务局 "
    "大数据管理局 机关事务管理局 档案局 民族宗教事务委员会 气象局 住房公积金管理中心 供销合作社"
)
DEPARTMENTS = tuple(_DEPARTMENTS.split())
TOWNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
PLATFORMS = ("createpagehtml", "jpage", "xxgk", "vsb", "general", "irs", "prefixed")
FULL = 5_000
"""Reports from which on a division has as many agencies as it may have."""

MOST = {PROVINCE: 30, CITY: 24, COUNTY: 7}
"""Agencies of a division, for a county on the average: some have a dozen, most only their government."""

MEAN = {PROVINCE: 90.0, CITY: 40.0, COUNTY: 14.0}
"""Requests a year of an ordinary department; a government has forty times as many, a township a third."""

WEIGHTS = {duties.GOVERNMENT: 40.0, duties.TOWNSHIP: 0.3, duties.ZONE: 1.5, duties.OTHER: 0.1}


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal: the row of its table, and the first year that its lists hold."""

    id: str
    title: str
    division: str
    platform: str
    first_year: int

    @property
    def home(self) -> str:
        """Return its address, on a domain that can never exist (RFC 2606)."""
        return f"http://{self.id}.gongkai.example/"


@dataclass(frozen=True, slots=True)
class Publisher:
    """An agency with its kind, its portal and the one above, and the years it reports on.

    Attributes:
        word: what it is about, for its texts.
        requests: how many it has in a common year.
        habit: a number that decides how it prints.
    """

    agency: Agency
    kind: str
    portal: Portal
    above: Portal
    years: tuple[int, ...]
    word: str
    requests: float
    habit: int


@cache
def provinces() -> tuple[tuple[Division, ...], ...]:
    """Return all divisions of today by province, each province and city followed by what is below it."""
    codes = (f"{first:02}{second:04}" for first in range(11, 66) for second in range(10_000))
    found = [each for code in codes if (each := divisions.by_code(code)) and each.names[-1].code == code]
    last = max(each.names[-1].to_year for each in found)
    today = [each for each in found if each.names[-1].to_year == last]
    heads = [at for at, each in enumerate(today) if each.level == PROVINCE]
    return tuple(tuple(today[start:end]) for start, end in zip(heads, [*heads[1:], len(today)], strict=True))


def publishers(reports: int, seed: int) -> Iterator[Publisher]:
    """Yield agencies until there are so many reports; the last one has no more years than are wanted.

    Raises:
        ValueError: The country has not enough agencies for so many.
    """
    random = Random(f"country {seed}")
    share = min(1.0, reports / FULL)
    for province in random.sample(provinces(), len(provinces())):
        for each in _publishers(province, random, share):
            years = each.years[: max(reports, 0)]
            reports -= len(years)
            if years:
                yield replace(each, years=years)
    if reports > 0:
        raise ValueError(f"the country has not enough agencies: {reports} reports are missing")


def _publishers(province: tuple[Division, ...], random: Random, share: float) -> Iterator[Publisher]:
    portals: dict[str, Portal] = {}
    for division in province:
        names = list(_names(division, random, share))
        above = portals.get(division.parent or "", next(iter(portals.values()), None))
        # A county with few agencies keeps their reports on the portal of its city.
        if above is None or division.level != COUNTY or len(names) > MOST[COUNTY]:
            portals[division.id] = _portal(division, random)
        portal = portals.get(division.id) or above
        assert portal is not None
        for word, name in names:
            yield _publisher(division, word, name, portal, above or portal, random)


def _portal(division: Division, random: Random) -> Portal:
    code = division.names[-1].code
    first = random.choice((FIRST_YEAR, FIRST_YEAR, FIRST_YEAR, 2018, 2019))
    return Portal(f"p{code}", f"{division.name}{MARK}门户", code, random.choice(PLATFORMS), first)


def _names(division: Division, random: Random, share: float) -> Iterator[tuple[str, str]]:
    """Yield what each agency of a division is about, and its name as the portal prints it."""
    most = MOST[division.level]
    if division.level == COUNTY:
        most = round(most * random.choice((0.1, 0.1, 0.3, 0.3, 0.6, 1.2, 1.8, 3.0)))
    count = max(3 if division.level != COUNTY else 1, round(most * share))
    place = f"{division.name}{MARK}"
    yield "政务公开", f"{place}人民政府"
    towns = max(count // 3, random.choice((0, 1))) if division.level == COUNTY else 0
    for town in random.sample(TOWNS, min(towns, len(TOWNS))):
        yield "基层政务", f"{place}{town}{random.choice(('镇人民政府', '乡人民政府', '街道办事处'))}"
    for department in random.sample(DEPARTMENTS, max(count - 1 - towns, 0)):
        named = department.removesuffix("局") + "厅" if division.level == PROVINCE else department
        yield department.removesuffix("局").removesuffix("委员会"), f"{place}{named}"
    if count > 10 or division.level == CITY:
        yield "园区建设", f"{place}经济开发区管理委员会"
        yield "税收征管", f"国家税务总局{place}税务局"
        # A reform made the one into the other, so that they divide the years between them (`_years`).
        yield "扶贫开发", f"{place}扶贫开发办公室"
        yield "乡村振兴", f"{place}乡村振兴局"


def _publisher(
    division: Division, word: str, name: str, portal: Portal, above: Portal, random: Random
) -> Publisher:
    context = Context(portal=portal.id, portal_title=portal.title, division=division.names[-1].code)
    agency = agencies.agency(name, LAST_YEAR, context)
    kind = duties.kind(agency.name)
    requests = MEAN[division.level] * WEIGHTS.get(kind, 1.0) * random.lognormvariate(-0.6, 1.1)
    years = _years(word, portal, random)
    return Publisher(agency, kind, portal, above, years, word, requests, random.randrange(1_000_000))


def _years(word: str, portal: Portal, random: Random) -> tuple[int, ...]:
    """Return five to eight years; some agencies miss one, and reformed offices end or begin in 2021."""
    first = max(portal.first_year, FIRST_YEAR + random.choice((0, 0, 0, 0, 1, 2, 3)))
    first, last = {"扶贫开发": (first, 2020), "乡村振兴": (2021, LAST_YEAR)}.get(word, (first, LAST_YEAR))
    missed = random.randint(first, last) if random.random() < 0.15 and last - first > 4 else None
    return tuple(year for year in range(first, last + 1) if year != missed)
