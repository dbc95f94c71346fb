"""Who should have published what, where that was searched, and what was found."""

from pipelines.schema.definition import INTEGER, TEXT, F, TableDef

TABLES = (
    TableDef(
        "listed_agency",
        "网站所列机关",
        "Names of agencies that a portal's lists print, as links or choices.",
        ("portal", "name"),
        (
            F("portal", TEXT, "网站", "Portal"),
            F("name", TEXT, "所印名称", "Name as printed"),
            F("url", TEXT, "列表地址", "Address of a list that prints it"),
        ),
    ),
    TableDef(
        "agency_portal",
        "机关与网站",
        "Portals on which an agency's reports are looked for, and why there.",
        ("agency", "portal"),
        (
            F("agency", TEXT, "行政机关", "Agency", "agency"),
            F("portal", TEXT, "网站", "Portal", "portal"),
            F(
                "basis",
                TEXT,
                "依据：report、entry、list、own",
                "report (one stood there), entry (a list names one), list (a list names it), own (its site)",
            ),
        ),
        (("portal",),),
    ),
    TableDef(
        "coverage",
        "公开情况",
        "For every agency known and every year: was its report published, found, and in time?",
        ("agency", "year"),
        (
            F("agency", TEXT, "行政机关", "Agency", "agency"),
            F("year", INTEGER, "报告年度", "Year to be reported on"),
            F(
                "state",
                TEXT,
                "状态：on_time、late、date_unknown、no_deadline、not_due_yet、not_found、blocked、unreadable、"
                "not_searched",
                "on_time, late, date_unknown, no_deadline (found; the law names no date), not_due_yet, "
                "not_found (see searched), blocked, unreadable, not_searched",
            ),
            F("report", TEXT, "年度报告", "Report, if there is one", "report"),
            F("due_on", TEXT, "法定期限", "Legal date, empty where the law names none"),
            F("basis", TEXT, "法律依据", "What names that date"),
            F("basis_en", TEXT, "法律依据（英文）", "The same in English"),
            F("published_on", TEXT, "发布日期", "Earliest date of publication that counts"),
            F("days_late", INTEGER, "逾期天数", "Days after the legal date; empty if unknown"),
            F("dates", TEXT, "各处日期", "All dates of publication and where each stands, if they differ"),
            F("searched", TEXT, "检索的栏目", "Addresses of the lists that were searched, a line each"),
            F("searched_at", TEXT, "检索时间（UTC）", "When they were last searched, UTC"),
            F("zh", TEXT, "说明", "Why, in Chinese"),
            F("en", TEXT, "说明（英文）", "Why, in English"),
        ),
        (("state",), ("year",), ("report",)),
    ),
)
