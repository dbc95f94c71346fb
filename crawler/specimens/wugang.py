"""The plan of 雾港: a made-up city whose reports stand in the catalogue of `/gkmlpt/`."""

from crawler.specimens.faults import requests_balance
from crawler.specimens.figures import Agency
from crawler.specimens.gkmlpt import COLUMN
from crawler.specimens.planted import ATTACHED, Entry, PlantedPage, SpecimenPortal, planted
from crawler.specimens.printing import CLEAN, WORD, Markup

CITY = Agency("雾港市人民政府", "government", 640, rules=True, fees=True)
WHALES = Agency("雾港市鲸歌海事局", "bureau", 22)
DISTRICT = Agency("雾港市灯船区人民政府", "government", 90)

ENTRIES = (
    Entry(CITY, 2021, "2022-03-30", Markup(CLEAN, thousands=True)),
    Entry(CITY, 2022, "2023-03-29", Markup(WORD)),
    Entry(CITY, 2023, "2024-03-28", Markup(CLEAN), part=ATTACHED),
    Entry(CITY, 2024, "2025-03-31", Markup(CLEAN, thousands=True)),
    Entry(WHALES, 2022, "2023-01-20", Markup(CLEAN, zeros="")),
    Entry(WHALES, 2023, "2024-01-19", Markup(WORD), requests_balance),
    Entry(WHALES, 2024, "2025-01-21", Markup(CLEAN, absent="/")),
    Entry(DISTRICT, 2023, "2024-03-15", Markup(CLEAN, year_first=True)),
    Entry(DISTRICT, 2024, "2025-03-14", Markup(WORD)),
)
"""The district has no portal of its own: its reports stand on the city's."""


def address(day: str, number: int) -> str:
    """Return a detail address: a running number."""
    return f"/gkmlpt/content/1/{4000 + number}/post_{4000 + number}.html"


OTHERS = (
    PlantedPage(
        address("", 90),
        "雾港市鲸歌海事局2023年工作总结",
        "2024-01-10",
        "工作总结",
        ("全年听见样本鲸歌若干次。",),
    ),
    PlantedPage(
        address("", 91),
        "关于做好2023年度政府信息公开工作年度报告编制工作的通知",
        "2023-12-20",
        "通知，不是报告",
        ("各单位：请按统一格式编制年度报告。",),
    ),
)

WUGANG = SpecimenPortal(
    name="wugang",
    title="样例省雾港市人民政府（样本）",
    division="990300",
    place="雾港市",
    column=COLUMN,
    reports=tuple(planted(ENTRIES, address)),
    others=OTHERS,
    software="gkmlpt",
)
