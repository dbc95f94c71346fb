"""The plan of 幻湖: a made-up city whose portal keeps static lists (createPageHTML, t-date)."""

from crawler.specimens.faults import applicants_sum, negative_fee, requests_balance, results_sum, review_sum
from crawler.specimens.figures import Agency
from crawler.specimens.planted import ATTACHED, Entry, PlantedPage, PlantedReport, SpecimenPortal, planted
from crawler.specimens.printing import BLANK, CLEAN, NESTED, NUMBER, UNCLOSED, WORD, Cells, Markup
from crawler.specimens.statute import (
    APPLICANTS,
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    DISCLOSURE,
    FORM_2019,
    RECEIVED,
    REQUESTS,
    RESULT_ROWS,
    RESULT_TOTAL,
    REVIEW,
    REVIEW_GROUPS,
    REVIEW_RESULTS,
    TOTAL,
    Key,
)

COLUMN = "/zwgk/zfxxgk/zfxxgknb/"

CITY = Agency("幻湖市人民政府", "government", 1100, rules=True, fees=True)
OFFICE = Agency("幻湖市人民政府办公室", "office", 130)
CLOUDS = Agency("幻湖市云雾管理局", "bureau", 14, fees=True)
KITES = Agency("幻湖市风筝体育局", "bureau", 6)
ECHOES = Agency("幻湖市回声档案局", "bureau", 36)
BOATS = Agency("幻湖市纸船镇人民政府", "township", 9)

ENTRIES = (
    Entry(CITY, 2019, "2020-03-28", Markup(CLEAN, thousands=True)),
    Entry(CITY, 2020, "2021-03-30", Markup(WORD, thousands=True, articles=True, signed=True)),
    Entry(CITY, 2021, "2022-03-29", Markup(CLEAN, thousands=True)),
    Entry(CITY, 2022, "2023-03-31", Markup(WORD, year_first=True), results_sum),
    Entry(CITY, 2023, "2024-04-03", Markup(NESTED, thousands=True)),
    Entry(CITY, 2024, "2025-03-27", Markup(CLEAN, thousands=True, year_first=True), negative_fee),
    Entry(CITY, 2025, "2026-03-26", Markup(UNCLOSED, thousands=True)),
    Entry(OFFICE, 2021, "2022-01-27", Markup(NESTED)),
    Entry(OFFICE, 2022, "2023-01-31", Markup(WORD), moved="2023-02-06"),
    Entry(OFFICE, 2023, "2024-01-30", Markup(CLEAN, year_first=True), applicants_sum),
    Entry(CLOUDS, 2019, "2020-01-19", Markup(UNCLOSED, articles=True, absent="/")),
    Entry(CLOUDS, 2020, "2021-01-29", Markup(CLEAN, words=True, yuan=True)),
    Entry(CLOUDS, 2021, "2022-01-26", Markup(WORD), requests_balance),
    Entry(CLOUDS, 2023, "2024-02-05", Markup(WORD, zeros="")),
    Entry(CLOUDS, 2024, "2025-01-22", Markup(CLEAN), wording="政府信息公开年报"),
    Entry(KITES, 2020, "2021-01-31", Markup(WORD, articles=True, zeros="")),
    Entry(KITES, 2021, "2022-01-31", Markup(CLEAN, zeros="", anonymous=True)),
    Entry(KITES, 2022, "2023-01-30", Markup(UNCLOSED, absent="—")),
    Entry(ECHOES, 2019, "2020-01-22", Markup(NESTED, signed=True)),
    Entry(ECHOES, 2022, "2023-01-17", Markup(NESTED), review_sum),
    Entry(ECHOES, 2025, "2026-01-28", Markup(CLEAN, absent="无"), wording="政府信息公开年度报告"),
    Entry(BOATS, 2020, "2021-01-27", Markup(UNCLOSED, year_first=True)),
    Entry(BOATS, 2023, "2024-01-26", Markup(CLEAN, absent="/", zeros="/")),
    Entry(BOATS, 2024, "2025-01-24", Markup(WORD, year_first=True)),
    Entry(BOATS, 2025, "2026-01-23", Markup(CLEAN), part=ATTACHED),
)


def address(day: str, number: int) -> str:
    """Return a detail address: year and month, then the day and a running number."""
    year, month, date = day.split("-")
    return f"{COLUMN}{year}{month}/t{year}{month}{date}_{123400 + 7 * number}.html"


def _xinxiang_cells() -> Cells:
    """The figures of 新乡市体育局's report on 2020: all 0 but a purchase; five totals blank."""
    keys: list[Key] = [
        (DISCLOSURE, row, heading)
        for block in BLOCKS[FORM_2019]
        for row, _ in block.rows
        for heading, _ in block.headings
    ]
    rows = (RECEIVED[0], CARRIED_IN[0], *RESULT_ROWS, "other_handling", RESULT_TOTAL[0], CARRIED_OUT[0])
    keys += [(REQUESTS, row, column) for row in rows for column, _ in (*APPLICANTS, TOTAL)]
    keys += [(REVIEW, group, result) for group, _ in REVIEW_GROUPS for result, _ in (*REVIEW_RESULTS, TOTAL)]
    cells: dict[Key, tuple[int | float | None, str]] = dict.fromkeys(keys, (0, NUMBER))
    cells[DISCLOSURE, "procurement", "projects"] = (3, NUMBER)
    cells[DISCLOSURE, "procurement", "amount_wan"] = (48.7917, NUMBER)
    for column, _ in APPLICANTS[:5]:
        cells[REQUESTS, "result_total", column] = (None, BLANK)
    return cells


XINXIANG = PlantedReport(
    agency="新乡市体育局",
    year=2020,
    form=FORM_2019,
    path=address("2021-01-28", 90),
    title="新乡市体育局2020年政府信息公开工作年度报告",
    published_on="2021-01-28",
    cells=_xinxiang_cells(),
    faults=(),
    markup=Markup(CLEAN, articles=True),
    note="本页为样本：表中数字为新乡市体育局2020年政府信息公开工作年度报告所载的真实数字，"
    "叙述文字由样本自拟，并非该局原文。",
    invented=False,
)

BLANK_FORM_NOTICE = PlantedPage(
    address("2026-01-05", 60),
    "关于做好2025年度政府信息公开工作年度报告编制工作的通知",
    "2026-01-05",
    "通知，附空白表格，不是报告",
    (
        "各镇人民政府，市政府各部门：",
        "请按统一格式编制2025年度报告，部门于一月底前、政府于三月底前向社会公布。",
        "附件：空白统计表",
    ),
    blank_form=True,
)

OTHERS = (
    BLANK_FORM_NOTICE,
    PlantedPage(
        address("2021-01-06", 61),
        "关于做好2020年度政府信息公开工作年度报告编制发布工作的通知",
        "2021-01-06",
        "通知，不是报告",
        ("各有关单位：", "编制年度报告时请核对表内数字，第一项加第二项应等于第三项加第四项。"),
    ),
    PlantedPage(
        address("2022-04-02", 62),
        "关于公布2021年度政府信息公开工作年度报告的通知",
        "2022-04-02",
        "通知，只列出报告的链接",
        ("2021年度各单位报告已经公布，目录如下：",),
        lists_year=2021,
    ),
    PlantedPage(
        address("2021-01-20", 63),
        "幻湖市云雾管理局2020年工作总结",
        "2021-01-20",
        "工作总结",
        ("一年来，样本单位编造了若干云雾观测记录。", "下一年将继续编造。"),
    ),
    PlantedPage(
        address("2023-02-18", 64),
        "2023年幻湖市人民政府工作报告",
        "2023-02-18",
        "政府工作报告",
        ("各位代表：本页为样本，湖面平静。", "一、过去一年的工作", "二、今年的安排"),
    ),
    PlantedPage(
        address("2022-03-10", 65),
        "幻湖市2021年法治政府建设年度报告",
        "2022-03-10",
        "法治政府建设年度报告，另一种年报",
        ("一、总体情况", "样本城市的法治建设按计划推进，全年举办样本讲座4次。", "二、存在的问题", "无。"),
    ),
    PlantedPage(
        address("2024-01-12", 66),
        "幻湖市云雾管理局党组会议学习信息公开年度报告编制要求",
        "2024-01-12",
        "党组会议消息",
        ("会议学习了年度报告的编制要求，明确由样本科室负责填报。", "会议还研究了其他样本事项。"),
    ),
    PlantedPage(
        "http://other.invalid/zfxxgk/202201/t20220128_77.html",
        "样例省远潮市灯塔局2021年政府信息公开工作年度报告",
        "2022-01-28",
        "链接到别的网站",
    ),
    PlantedPage(
        address("2023-04-20", 67),
        "幻湖市样本自来水公司2022年信息公开年度报告",
        "2023-04-20",
        "公用企业自己的年报，不是法定报告",
        (
            "一、总体情况",
            "本公司是虚构的供水企业，不是行政机关。",
            "二、公开信息数量",
            "三、咨询情况",
            "无。",
        ),
        (
            ("信息类别", "公开条数", "咨询件数"),
            ("水价", "12", "3"),
            ("停水通知", "48", "20"),
            ("水质", "365", "1"),
        ),
    ),
    PlantedPage(
        address("2022-05-11", 68),
        "幻湖市2022年政府信息公开工作要点",
        "2022-05-11",
        "工作要点",
        ("一、做好主动公开。", "二、做好依申请公开。", "三、按时发布上一年度的年度报告。"),
    ),
)

HUANHU = SpecimenPortal(
    name="huanhu",
    title="样例省幻湖市人民政府（样本）",
    division="990100",
    place="幻湖市",
    column=COLUMN,
    reports=(*planted(ENTRIES, address), XINXIANG),
    others=OTHERS,
    software="createpagehtml",
    declared=True,
)
