"""The statutory forms, item by item."""

from pipelines.schema.definition import INTEGER, TEXT, F, TableDef

TABLES = (
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
            F("label_en", TEXT, "名称（英文）", "The same in English"),
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
        "form_label",
        "表式用语英译",
        "What the labels printed on the forms say in English; the forms themselves are in Chinese only.",
        ("label",),
        (
            F("label", TEXT, "所印文字", "Label as printed: of a form, table, block, row or column"),
            F("en", TEXT, "英文", "In English"),
        ),
    ),
)
