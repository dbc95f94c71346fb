"""The plan of 镜山: a made-up county whose portal answers lists by `dataproxy.jsp`, in GB18030.

One agency carries 镕, which gb2312 lacks; a place name needs four bytes of GB18030.
"""

from crawler.specimens.faults import half_a_decision, requests_balance, results_sum, review_sum
from crawler.specimens.figures import Agency
from crawler.specimens.planted import FRAMED, Entry, PlantedPage, SpecimenPortal, planted
from crawler.specimens.printing import CLEAN, NESTED, UNCLOSED, WORD, Markup

COLUMN_ID = 1234
COLUMN = f"/col/col{COLUMN_ID}/index.html"

COUNTY = Agency("镜山县人民政府", "government", 420, rules=True, fees=True)
LAMPS = Agency("镜山县镕光路灯局", "bureau", 18)
REFLECTIONS = Agency("镜山县倒影自然资源局", "bureau", 64, fees=True)
FIREFLIES = Agency("镜山县萤火教育和体育局", "bureau", 25)
FOLDS = Agency("镜山县折纸乡人民政府", "township", 8)

ENTRIES = (
    Entry(COUNTY, 2019, "2020-03-31", Markup(WORD, articles=True)),
    Entry(COUNTY, 2020, "2021-03-29", Markup(CLEAN, thousands=True, yuan=True), results_sum),
    Entry(COUNTY, 2021, "2022-03-30", Markup(NESTED, year_first=True)),
    Entry(COUNTY, 2023, "2024-03-28", Markup(WORD, thousands=True)),
    Entry(COUNTY, 2025, "2026-03-31", Markup(CLEAN, thousands=True)),
    Entry(LAMPS, 2019, "2020-01-21", Markup(CLEAN, articles=True, signed=True)),
    Entry(LAMPS, 2021, "2022-01-28", Markup(UNCLOSED, absent="/")),
    Entry(LAMPS, 2022, "2023-01-18", Markup(WORD, year_first=True)),
    Entry(LAMPS, 2024, "2025-01-26", Markup(CLEAN, absent="—"), half_a_decision),
    Entry(REFLECTIONS, 2020, "2021-01-30", Markup(NESTED, articles=True, words=True)),
    Entry(REFLECTIONS, 2021, "2022-02-09", Markup(CLEAN), wording="政府信息公开年度报告"),
    Entry(REFLECTIONS, 2023, "2024-01-29", Markup(UNCLOSED), review_sum),
    Entry(REFLECTIONS, 2025, "2026-01-30", Markup(WORD, zeros="")),
    Entry(FIREFLIES, 2020, "2021-01-26", Markup(UNCLOSED, zeros="")),
    Entry(FIREFLIES, 2022, "2023-01-29", Markup(CLEAN, zeros=""), requests_balance),
    Entry(FIREFLIES, 2024, "2025-01-20", Markup(WORD, anonymous=True)),
    Entry(FOLDS, 2019, "2020-01-23", Markup(CLEAN, zeros="", absent="/")),
    Entry(FOLDS, 2022, "2023-01-19", Markup(CLEAN), old_layout=True),
    Entry(FOLDS, 2023, "2024-01-25", Markup(NESTED, zeros="—"), wording="政府信息公开年报"),
    Entry(FOLDS, 2024, "2025-01-27", Markup(CLEAN, thousands=True), part=FRAMED),
)


def address(day: str, number: int) -> str:
    """Return a detail address: the date without leading zeros, the column, a running number."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"/art/{year}/{month}/{date}/art_{COLUMN_ID}_{20_000 + 13 * number}.html"


OTHERS = (
    PlantedPage(
        address("2023-01-04", 60),
        "关于做好2022年度政府信息公开工作年度报告编制工作的通知",
        "2023-01-04",
        "通知，不是报告",
        ("各乡镇人民政府，县政府各部门：", "请按统一格式编制年度报告，做到数字准确、文字简短。"),
    ),
    PlantedPage(
        address("2024-04-01", 61),
        "《镜山县人民政府2023年政府信息公开工作年度报告》解读",
        "2024-04-01",
        "对报告的解读，不是报告",
        ("问：年度报告说了什么？", "答：样本县的报告有六个部分、三张表，数字都是生成的。"),
    ),
    PlantedPage(
        address("2021-04-02", 62),
        "关于公布2020年度政府信息公开年度报告的通知",
        "2021-04-02",
        "通知，只列出报告的链接",
        ("2020年度各单位报告已经公布：",),
        lists_year=2020,
    ),
    PlantedPage(
        address("2023-01-12", 63),
        "镜山县镕光路灯局2022年工作总结",
        "2023-01-12",
        "工作总结",
        ("全年点亮样本路灯若干盏，熄灭若干盏。", "明年继续。"),
    ),
    PlantedPage(
        address("2024-02-20", 64),
        "2024年镜山县人民政府工作报告",
        "2024-02-20",
        "政府工作报告",
        ("各位代表：本页为样本，山色如镜。", "一、过去一年的工作", "二、今年的安排"),
    ),
    PlantedPage(
        address("2023-03-08", 65),
        "镜山县2022年法治政府建设情况年度报告",
        "2023-03-08",
        "法治政府建设年度报告，另一种年报",
        ("一、主要情况", "样本县全年审查样本文件9件。", "二、下一步安排", "无。"),
    ),
    PlantedPage(
        address("2022-06-30", 66),
        "中共镜山县倒影自然资源局党组召开信息公开专题学习会议",
        "2022-06-30",
        "党组会议消息",
        ("会议传达了有关要求。", "会议强调，样本就是样本。"),
    ),
    PlantedPage(
        address("2022-04-18", 67),
        "镜山县样本供热公司2021年信息公开年度报告",
        "2022-04-18",
        "公用企业自己的年报，不是法定报告",
        (
            "一、总体情况",
            "本公司是虚构的供热企业，不是行政机关。",
            "二、公开信息数量",
            "三、收费标准",
            "见附表。",
        ),
        (("信息类别", "公开条数"), ("热价", "2"), ("停热通知", "16"), ("服务承诺", "5")),
    ),
    PlantedPage(
        "http://other.invalid/art/2023/1/20/art_9_1.html",
        "样例省远潮市灯塔局2022年政府信息公开工作年度报告",
        "2023-01-20",
        "链接到别的网站",
    ),
)

JINGSHAN = SpecimenPortal(
    name="jingshan",
    title="样例省镜山县人民政府（样本）",
    division="990200",
    place="镜山县",
    column=COLUMN,
    reports=tuple(planted(ENTRIES, address)),
    others=OTHERS,
    software="jpage",
)
