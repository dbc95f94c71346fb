"""The plan of 萤溪: a made-up county whose portal files its reports by year, under `/sitesources/`."""

from hashlib import md5

from crawler.specimens.faults import review_sum
from crawler.specimens.figures import Agency
from crawler.specimens.planted import Entry, PlantedPage, SpecimenPortal, planted
from crawler.specimens.printing import CLEAN, NESTED, UNCLOSED, WORD, Markup
from crawler.specimens.sitesources import COLUMN, FOLDER

COUNTY = Agency("萤溪县人民政府", "government", 210, rules=True)
MOSS = Agency("萤溪县苔藓林业局", "bureau", 12)
REEDS = Agency("萤溪县芦笛镇人民政府", "township", 5)
STONES = Agency("萤溪县卵石水利局", "bureau", 16, fees=True)
OWLS = Agency("萤溪县夜枭应急管理局", "bureau", 9)

ENTRIES = (
    Entry(COUNTY, 2020, "2021-03-30", Markup(CLEAN, articles=True)),
    Entry(MOSS, 2020, "2021-01-28", Markup(WORD, zeros="")),
    Entry(COUNTY, 2022, "2023-03-30", Markup(CLEAN)),
    Entry(MOSS, 2022, "2023-01-19", Markup(NESTED)),
    Entry(REEDS, 2022, "2023-01-18", Markup(UNCLOSED)),
    Entry(STONES, 2022, "2023-01-17", Markup(CLEAN), review_sum),
    Entry(OWLS, 2022, "2023-01-16", Markup(WORD)),
    Entry(REEDS, 2023, "2024-01-25", Markup(CLEAN, zeros="")),
    Entry(STONES, 2023, "2024-01-24", Markup(CLEAN, absent="/")),
)


def address(day: str, number: int) -> str:
    """Return a detail address: the sub-column of the year reported on, and a name without meaning."""
    name = md5(f"{day}{number}".encode(), usedforsecurity=False).hexdigest()
    return f"{FOLDER}{int(day[:4]) - 1}n/article{name}.html"


OTHERS = (
    PlantedPage(
        address("2024-01-02", 80),
        "关于编制2023年度政府信息公开工作年度报告的通知",
        "2024-01-02",
        "通知，不是报告",
        ("各乡镇、县直各单位：请于一月底前报送。",),
    ),
)

YINGXI = SpecimenPortal(
    name="yingxi",
    title="样例省萤溪县人民政府（样本）",
    division="990400",
    place="萤溪县",
    column=COLUMN,
    reports=tuple(planted(ENTRIES, address)),
    others=OTHERS,
    software="sitesources",
)
