"""What is computed from the cells: indicators, of what, how far they compare, and their values."""

from pipelines.schema.definition import INTEGER, REAL, TEXT, F, TableDef

TABLES = (
    TableDef(
        "indicator_definition",
        "指标定义",
        "Indicators: what each is, of how many, and from which n it says something.",
        ("id",),
        (
            F("id", TEXT, "编号", "Code, never changed"),
            F("zh", TEXT, "名称", "Name, in Chinese"),
            F("en", TEXT, "名称（英文）", "Name, in English"),
            F(
                "kind",
                TEXT,
                "类别：rate（比率）、share（比重）、count（数量）、level（序列）、days、score、flag",
                "rate, share (of a whole), count, level (a series over years), days, score, flag (1 or 0)",
            ),
            F("unit", TEXT, "单位", "Unit; empty for a ratio"),
            F("numerator_zh", TEXT, "分子", "Numerator, or the value itself, in Chinese"),
            F("numerator_en", TEXT, "分子（英文）", "Numerator, or the value itself, in English"),
            F("denominator_zh", TEXT, "分母", "Denominator, in Chinese; empty if nothing is divided"),
            F("denominator_en", TEXT, "分母（英文）", "Denominator, in English; empty if nothing is divided"),
            F("minimum", INTEGER, "最小样本数", "Least n that says something; empty where none is asked"),
            F("note_zh", TEXT, "说明", "How to read it, in Chinese"),
            F("note_en", TEXT, "说明（英文）", "How to read it, in English"),
        ),
    ),
    TableDef(
        "indicator_term",
        "指标算法",
        "The statutory cells that an indicator adds up, by the form that a report's table follows.",
        ("indicator", "form", "part", "item"),
        (
            F("indicator", TEXT, "指标", "Indicator", "indicator_definition"),
            F("form", TEXT, "表式", "Form of the table in which the item stands", "form"),
            F("part", TEXT, "位置：numerator（分子）、denominator（分母）", "numerator, denominator"),
            F("item", INTEGER, "指标项", "Item", "form_item"),
            F("factor", INTEGER, "系数：1加，-1减", "1 if it is added, -1 if it is taken away"),
        ),
        (("item",),),
    ),
    TableDef(
        "indicator_break",
        "指标衔接",
        "Whether the series of an indicator may be joined from one form to the next.",
        ("indicator", "from_form", "to_form"),
        (
            F("indicator", TEXT, "指标", "Indicator", "indicator_definition"),
            F("from_form", TEXT, "前一表式", "Earlier form", "form"),
            F("to_form", TEXT, "后一表式", "Later form", "form"),
            F(
                "comparability",
                TEXT,
                "可比性：exact（可衔接）、approximate（大致）、none（不可）",
                "exact (joins), approximate, none (never join, or one of the forms does not know it)",
            ),
            F("zh", TEXT, "理由", "Reason, in Chinese"),
            F("en", TEXT, "理由（英文）", "Reason, in English"),
        ),
    ),
    TableDef(
        "indicator",
        "指标值",
        "Values of the indicators for each report; a report has none of those its form does not know.",
        ("report", "indicator"),
        (
            F("report", TEXT, "年度报告", "Report", "report"),
            F("indicator", TEXT, "指标", "Indicator", "indicator_definition"),
            F(
                "revision",
                INTEGER,
                "版本",
                "Revision it was computed from, the report's current one",
                "revision",
            ),
            F("value", REAL, "数值", "Value, empty where it cannot be had"),
            F("numerator", REAL, "分子数值", "Numerator; where nothing is divided, what was added up"),
            F("denominator", REAL, "分母数值", "Denominator; empty if there is none or it cannot be read"),
            F("n", INTEGER, "样本数", "Cases in the denominator"),
            F(
                "enough",
                INTEGER,
                "样本是否足够",
                "1 if n reaches the minimum, 0 if not; empty where none is asked",
            ),
            F(
                "basis",
                TEXT,
                "依据：as_printed（所印数字）、assumed_zero（空白按0计）；无数值的原因：no_cases（分母为0）、"
                "not_printed（未印数字）、contradiction（所印数字相互矛盾）、unreadable（无法读取）",
                "as_printed, assumed_zero (blanks counted as 0); without a value no_cases (denominator 0), "
                "not_printed (numbers it rests on are blank), contradiction (the denominator is below 0), "
                "unreadable (a cell or date it needs is, or is missing)",
            ),
        ),
        (("indicator",),),
        without_rowid=True,
    ),
)
