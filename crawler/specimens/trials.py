"""One portal for each further software, all with the same plan: the crawl is tried on each."""

from collections.abc import Mapping
from dataclasses import replace

from crawler.specimens import lonsun, prefixed, scripted, unseen
from crawler.specimens.figures import Agency
from crawler.specimens.planted import Address, Entry, PlantedPage, PlantedReport, SpecimenPortal, planted
from crawler.specimens.printing import CLEAN, WORD, Markup

_AGENCIES = (
    Agency("梦泽县人民政府", "government", 150),
    Agency("梦泽县莲灯民政局", "bureau", 11),
    Agency("梦泽县竹影司法局", "bureau", 8),
    Agency("梦泽县石桥乡人民政府", "township", 4),
)
_ENTRIES = tuple(
    Entry(agency, year, f"{year + 1}-0{1 + at % 3}-{11 + at:02d}", Markup((CLEAN, WORD)[at % 2]))
    for at, agency in enumerate(_AGENCIES)
    for year in (2020, 2021, 2022, 2023)
)
_OTHERS = (
    ("关于做好2021年度政府信息公开工作年度报告编制工作的通知", "2022-01-04", "通知，不是报告"),
    ("梦泽县竹影司法局2022年工作总结", "2023-01-06", "工作总结"),
    ("2023年梦泽县人民政府工作报告", "2023-02-16", "政府工作报告"),
)
_ADDRESSES: Mapping[str, tuple[str, Address]] = {
    "lonsun": (lonsun.COLUMN, lambda day, number: f"/public/6598/{7000 + number}.html"),
    "prefixed": (
        prefixed.COLUMN,
        lambda day, number: f"{prefixed.FOLDER}{day[:4]}{day[5:7]}/{number:032x}.shtml",
    ),
    "xxgk": (
        scripted.XXGK,
        lambda day, number: f"/art/{day[:4]}/{int(day[5:7])}/{int(day[8:])}/art_7788_{number}.html",
    ),
    "jpaas": (scripted.JPAAS, lambda day, number: f"/art/{day[:4]}/art_{number:032x}.html"),
    "irs": (scripted.IRS, lambda day, number: f"/zwgk/gknb/{day[:4]}{day[5:7]}/n{number}.html"),
    "epoint": (
        f"{scripted.EPOINT}?categorynum=003006",
        lambda day, number: (
            f"/zwgk/003006/{day.replace('-', '')}/{number:08x}-0000-4000-8000-000000000000.html"
        ),
    ),
    "truecms": (scripted.TRUECMS, lambda day, number: f"/mzxz/gknb/content/{number:08x}.html"),
    "annualreport": (
        f"{scripted.ANNUAL}?fbtime=2023",
        lambda day, number: f"{scripted.ANNUAL}?fbtime={int(day[:4]) - 1}&area={number}",
    ),
    "general": (unseen.COLUMN, lambda day, number: f"/portal/content/{number}"),
}


def _fetched(report: PlantedReport) -> PlantedReport:
    """Return a report whose page is a shell: its article is fetched by the number in its address."""
    number = report.path.rpartition("/")[2].removesuffix(".html")
    return replace(report, part=f"{scripted.EPOINT_DETAIL}?infoGuid={number}")


def _trial(at: int, software: str) -> SpecimenPortal:
    column, address = _ADDRESSES[software]
    reports = planted(_ENTRIES, address)
    others = tuple(
        PlantedPage(address(day, 60 + number), title, day, why, ("本页为样本。",))
        for number, (title, day, why) in enumerate(_OTHERS)
    )
    return SpecimenPortal(
        name=f"trial_{software}",
        title="样例省梦泽县人民政府（样本）",
        division=f"9906{at:02d}",
        place="梦泽县",
        column=column,
        reports=tuple(_fetched(report) if software == "epoint" else report for report in reports),
        others=others,
        software=software,
    )


TRIALS = tuple(_trial(at, software) for at, software in enumerate(_ADDRESSES))
