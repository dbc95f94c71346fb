"""What is held of what was read: checks, findings, problems."""

from pipelines.schema.definition import INTEGER, REAL, TEXT, F, TableDef

TABLES = (
    TableDef(
        "check_definition",
        "勾稽检查",
        "Checks that the numbers must satisfy.",
        ("id",),
        (
            F("id", TEXT, "编号", "Code"),
            F("number", TEXT, "序号", "K1, K2, …"),
            F("severity", TEXT, "严重程度", "error, warning, notice"),
            F("zh", TEXT, "规则", "Rule, in Chinese"),
            F("en", TEXT, "规则（英文）", "Rule, in English"),
        ),
    ),
    TableDef(
        "finding",
        "检查发现",
        "Checks that a revision fails. The printed numbers are kept as they are.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Id, derived from content"),
            F("revision", INTEGER, "版本", "Revision", "revision"),
            F("check", TEXT, "检查", "Check", "check_definition"),
            F("severity", TEXT, "严重程度", "error, warning, notice"),
            F("pass", TEXT, "方式", "as_printed, or assumed_zero (blanks counted as 0)"),
            F("table", TEXT, "表", "Table"),
            F("row", TEXT, "行", "Row"),
            F("column", TEXT, "列", "Column"),
            F("expected", REAL, "应为", "Value that the rule gives"),
            F("found", REAL, "实为", "Value that is printed"),
            F(
                "arithmetic",
                TEXT,
                "算式；(0) 为按 0 计的空白",
                "The sum as it was done, where other reports take part in it; (0) is a blank counted as 0",
            ),
            F("against", TEXT, "对照报告", "Report that it is compared with", "report"),
        ),
        (("revision",), ("check",)),
    ),
    TableDef(
        "problem",
        "读取问题",
        "What could not be read.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Id, derived from content"),
            F("capture", TEXT, "存档", "Capture", "capture"),
            F("revision", INTEGER, "版本", "Revision, if the document gave one", "revision"),
            F("kind", TEXT, "类别", "unreadable_document, no_tables, unknown_row, …"),
            F("table", TEXT, "表", "Table"),
            F("row", TEXT, "行", "Row"),
            F("column", TEXT, "列", "Column"),
            F("detail", TEXT, "说明", "What was printed, and what is wrong with it"),
            F(
                "place",
                TEXT,
                "位置，写法同 cell.place，路径完整",
                "Where, as in cell.place, with its whole path",
            ),
            F(
                "report",
                TEXT,
                "年度报告",
                "Report that the document claims to be; another source may hold the tables it lacks",
            ),
        ),
        (("capture",), ("revision",), ("kind",), ("report",)),
    ),
)
