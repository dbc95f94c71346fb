"""The plan of 星原: a made-up city whose static list pages are numbered backwards."""

from crawler.specimens.faults import results_sum
from crawler.specimens.figures import Agency
from crawler.specimens.planted import FRAMED, Entry, PlantedPage, SpecimenPortal, planted
from crawler.specimens.printing import CLEAN, UNCLOSED, WORD, Markup
from crawler.specimens.vsb import COLUMN

CITY = Agency("星原市人民政府", "government", 380, fees=True)
COMETS = Agency("星原市彗尾交通运输局", "bureau", 28)
TIDES = Agency("星原市潮汐街道办事处", "township", 7)

ENTRIES = (
    Entry(CITY, 2020, "2021-03-31", Markup(CLEAN, articles=True)),
    Entry(CITY, 2022, "2023-03-30", Markup(WORD, thousands=True)),
    Entry(CITY, 2024, "2025-03-28", Markup(CLEAN)),
    Entry(COMETS, 2021, "2022-01-26", Markup(UNCLOSED)),
    Entry(COMETS, 2022, "2023-01-30", Markup(CLEAN), results_sum),
    Entry(COMETS, 2023, "2024-01-30", Markup(WORD, zeros="")),
    Entry(TIDES, 2022, "2023-01-12", Markup(CLEAN, zeros="")),
    Entry(TIDES, 2024, "2025-01-15", Markup(CLEAN), part=FRAMED),
)


def address(day: str, number: int) -> str:
    """Return a detail address: the column's number and a running one."""
    return f"/info/1044/{2000 + 3 * number}.htm"


OTHERS = (
    PlantedPage(
        address("", 70),
        "星原市2022年法治政府建设年度报告",
        "2023-03-10",
        "法治政府建设年度报告，另一种年报",
        ("一、主要情况", "样本星空晴好。"),
    ),
    PlantedPage(
        address("", 71),
        "星原市潮汐街道办事处召开政务公开培训会",
        "2024-05-10",
        "会议消息",
        ("会议在样本大厅召开。",),
    ),
)

XINGYUAN = SpecimenPortal(
    name="xingyuan",
    title="样例省星原市人民政府（样本）",
    division="990500",
    place="星原市",
    column=COLUMN,
    reports=tuple(planted(ENTRIES, address)),
    others=OTHERS,
    software="vsb",
)
