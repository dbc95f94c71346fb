"""What was read: reports, their sources and revisions, and what these print."""

from pipelines.schema.definition import INTEGER, REAL, TEXT, F, TableDef

_PLACE_ZH = (
    "位置，依次为：p 页、t 表格序号、r 行、c 列（均从 1 起）、l 原文行号（工作簿中为工作表的行）、"
    "b 页面上的方框（左、上、右、下，单位为磅）；其后以 / 或 ! 开头的，接在 grid.path 之后成为完整路径"
    "（. 即 grid.path 本身），无 grid 行时自成完整路径：网页元素的 XPath，或工作表名与单元格，如 '表三'!D12。"
    "空格之前的路径指其后标记所在之处"
)
_PLACE_EN = (
    "Where it stands, in this order: p page, t table, r row, c column (each from 1), l line of the source "
    "(in a workbook row of the sheet), b box on the page (left, top, right, bottom, in points); what follows,"
    " from / or !, is put behind grid.path to make the whole path (. is grid.path itself), and is the whole "
    "path where there is no row of grid: an XPath in HTML, or sheet and cell, as '表三'!D12. A path before a "
    "space is where the markup is kept that the path behind it leads through"
)
_ROOT_ZH = "各单元格路径的共同部分，其余见 cell.place：网页元素的 XPath、工作表名，或压缩包内文件名"
_ROOT_EN = (
    "Common part of the paths, the rest of which cell.place holds: an XPath in HTML, a sheet's name in a "
    "workbook, before them the name of the file in an archive"
)

TABLES = (
    TableDef(
        "report",
        "年度报告",
        "Reports: one agency, one year.",
        ("id",),
        (
            F("id", TEXT, "编号", "Agency and year"),
            F("agency", TEXT, "行政机关", "Agency", "agency"),
            F("year", INTEGER, "报告年度", "Year reported on"),
            F("title", TEXT, "标题", "Title as printed"),
            F("published_on", TEXT, "发布日期", "Earliest date of publication known"),
            F("due_on", TEXT, "法定期限", "Legal date, empty where the law names none"),
            F("days_late", INTEGER, "逾期天数", "Days after the legal date; empty if unknown"),
            F("status", TEXT, "状态", "on_time, late, date_unknown, no_deadline"),
            F("revision", INTEGER, "当前版本", "Current revision", "revision"),
            F(
                "gone_since",
                TEXT,
                "消失于（UTC）",
                "Since when no source holds it, UTC; else empty",
            ),
            F("search_id", INTEGER, "检索编号", "Row of the full-text index, derived from the id"),
        ),
        (("agency",), ("year",), ("published_on",), ("search_id",)),
    ),
    TableDef(
        "source",
        "来源",
        "Sources: places where a report is published.",
        ("id",),
        (
            F("id", TEXT, "编号", "Id, derived from portal, address and report"),
            F("report", TEXT, "年度报告", "Report", "report"),
            F("portal", TEXT, "网站", "Portal", "portal"),
            F("url", TEXT, "地址", "Address"),
            F(
                "state",
                TEXT,
                "现状：present、gone、replaced、moved、unreadable",
                "present, gone, replaced (something else stands there), moved, unreadable",
            ),
            F("first_seen", TEXT, "首次见到（UTC）", "Report first seen there, UTC"),
            F("last_seen", TEXT, "最近见到（UTC）", "Report last seen there, UTC"),
            F("gone_since", TEXT, "消失于（UTC）", "First look that did not find it any more, UTC"),
            F("looked_at", TEXT, "最近查看（UTC）", "Last answer archived from there, UTC"),
            F("looks", INTEGER, "查看次数", "Answers archived from there"),
            F("moved_to", TEXT, "移至", "Source that took its place", "source"),
        ),
        (("report",), ("portal",), ("url",)),
    ),
    TableDef(
        "revision",
        "版本",
        "Revisions: versions of one source's content; navigation, counters and markup make none.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Id, derived from source and content"),
            F("source", TEXT, "来源", "Source", "source"),
            F("capture", TEXT, "存档", "Capture it was read from, the earliest that shows it", "capture"),
            F("form", TEXT, "表式", "Form of table three", "form"),
            F("digest", TEXT, "摘要", "SHA-256 of that capture's stored body"),
            F("content", TEXT, "内容摘要", "Digest of what was read, whatever the page around it"),
            F("title", TEXT, "标题", "Title as printed"),
            F("published_on", TEXT, "发布日期", "Date of publication that it gives"),
            F(
                "published_from",
                TEXT,
                "发布日期来源",
                "Where that date stands: meta, page, list, address, signature",
            ),
            F("first_seen", TEXT, "首次见到（UTC）", "First seen, UTC"),
            F("last_seen", TEXT, "最近见到（UTC）", "Last seen, UTC"),
            F("extractor", TEXT, "提取程序版本", "Extractor version"),
        ),
        (("source",), ("capture",)),
    ),
    TableDef(
        "grid",
        "表格位置",
        "Grids: what the paths of all cells of one printed table have in common.",
        ("revision", "page", "number"),
        (
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F("page", INTEGER, "页码，无页者为 0", "Page; 0 where there is none"),
            F("number", INTEGER, "表格序号", "Number of the table in the document"),
            F("path", TEXT, _ROOT_ZH, _ROOT_EN),
        ),
    ),
    TableDef(
        "rendering",
        "呈现",
        "Renderings: the different bytes in which a source showed a revision.",
        ("source", "digest"),
        (
            F("source", TEXT, "来源", "Source", "source"),
            F("digest", TEXT, "摘要", "SHA-256 of the stored body"),
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F("capture", TEXT, "存档", "Earliest capture of these bytes", "capture"),
            F("first_seen", TEXT, "首次见到（UTC）", "First seen, UTC"),
            F("last_seen", TEXT, "最近见到（UTC）", "Last seen, UTC"),
        ),
        (("revision",),),
    ),
    TableDef(
        "file_link",
        "网页所链文件",
        "Files that a page links to, by the bytes of the page: what was attached when.",
        ("portal", "page", "digest", "url"),
        (
            F("portal", TEXT, "网站", "Portal"),
            F("page", TEXT, "网页地址", "Address of the page"),
            F("digest", TEXT, "网页摘要", "SHA-256 of the page's stored body"),
            F("url", TEXT, "文件地址", "Address of the file"),
        ),
    ),
    TableDef(
        "published_date",
        "发布日期各来源",
        "Every date of publication that a revision gives, with the place where it stands.",
        ("revision", "source"),
        (
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F(
                "source",
                TEXT,
                "来源：meta、page、list、address、signature",
                "meta, page, list, address, signature",
            ),
            F("date", TEXT, "日期", "Date, YYYY-MM-DD"),
            F(
                "note",
                TEXT,
                "说明：before_year_end（报告年度结束之前）、years_later（三年以后）",
                "before_year_end: the year reported on had not ended; years_later: over three years after it",
            ),
        ),
    ),
    TableDef(
        "cell_state",
        "单元格状态",
        "What a cell may be.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Number"),
            F("name", TEXT, "名称", "number, blank, placeholder, unreadable"),
            F("meaning", TEXT, "含义", "Meaning"),
        ),
    ),
    TableDef(
        "cell",
        "单元格",
        "Every statutory cell of every revision.",
        ("revision", "item"),
        (
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F("item", INTEGER, "指标项", "Item", "form_item"),
            F("value", REAL, "数值", "Value; empty unless the state is number"),
            F("state", INTEGER, "状态", "State", "cell_state"),
            F("text", TEXT, "原文", "As printed, where that differs from the value"),
            F("place", TEXT, _PLACE_ZH, _PLACE_EN),
        ),
        (("item",),),
        without_rowid=True,
    ),
    TableDef(
        "section",
        "章节",
        "The six sections of each revision.",
        ("revision", "number"),
        (
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F("number", INTEGER, "序号", "1 to 6"),
            F("heading", TEXT, "标题", "Heading as printed"),
            F("text", TEXT, "正文", "Text without the statutory tables"),
            F("search_id", INTEGER, "检索编号", "Row of the full-text index, derived from the key"),
        ),
        (("search_id",),),
    ),
)
