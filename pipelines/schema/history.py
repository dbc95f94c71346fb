"""What became of what was published and read: changes, corrections, re-extractions, coverage."""

from pipelines.schema.definition import INTEGER, TEXT, F, TableDef

TABLES = (
    TableDef(
        "change",
        "网站上的变更",
        "Changes that an agency made after publication, as the captures show them.",
        ("id",),
        (
            F("id", INTEGER, "编号", "Id, derived from content"),
            F("report", TEXT, "年度报告", "Report", "report"),
            F("source", TEXT, "来源", "Source that changed", "source"),
            F(
                "kind",
                TEXT,
                "类别：edited、attachment、moved、removed、replaced、returned、illegible",
                "edited; attachment (replaced by another); moved; removed; replaced (by what is not the "
                "report); returned; illegible (parts of it can no longer be read)",
            ),
            F("before", INTEGER, "之前版本", "Revision before", "revision"),
            F("after", INTEGER, "之后版本", "Revision after", "revision"),
            F("to_source", TEXT, "移至来源", "Source that took its place", "source"),
            F("last_seen", TEXT, "之前最后见到（UTC）", "When the state before was last seen, UTC"),
            F("first_seen", TEXT, "变更首次见到（UTC）", "When the state after was first seen, UTC"),
            F("parts", INTEGER, "变更处数", "Cells, sections and other parts that differ"),
            F("zh", TEXT, "说明", "What changed, in Chinese"),
            F("en", TEXT, "说明（英文）", "What changed, in English"),
        ),
        (("report",), ("source",), ("first_seen",)),
    ),
    TableDef(
        "changed",
        "变更之处",
        "Each cell, section, title or date that a change changed.",
        ("change", "number"),
        (
            F("change", INTEGER, "变更", "Change", "change"),
            F("number", INTEGER, "序号", "Counted from 1"),
            F("item", INTEGER, "指标项", "Item, if it is a cell", "form_item"),
            F("section", INTEGER, "章节", "Section, if it is one: 1 to 6"),
            F("part", TEXT, "其他部分：title、published_on", "Other parts: title, published_on"),
            F("before", TEXT, "之前", "As it was printed; empty if it was not there"),
            F("after", TEXT, "之后", "As it is printed; empty if it is not there"),
            F("zh", TEXT, "说明", "In Chinese"),
            F("en", TEXT, "说明（英文）", "In English"),
        ),
        (("item",),),
    ),
)
