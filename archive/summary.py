"""What the site's pages need counted beforehand: tables of a publication that follow from its other tables.

They are made last, from what is published only, so nothing that was masked or withheld can be in them.
Their names begin with `tables.DERIVED`: they take no part in the digest of the content, in the comparison of
versions and in the files to download, for whoever has the other tables can make them.
"""

import sqlite3

from archive import crawl_summary, search_words
from archive.summary_table import Summary
from archive.tables import fields_of

WHOLE, OWN = "whole", "own"
"""A division with all that is below it, or only the agencies that are its own."""

_HELD = ("on_time", "late", "date_unknown", "no_deadline")
_LACKING = ("not_found", "blocked", "unreadable", "not_searched")
_NOT_YET = "not_due_yet"
STATES = (*_HELD, *_LACKING, _NOT_YET)
"""The states of `coverage`, each counted in a field of `site_coverage`."""

_ABOVE = """WITH RECURSIVE above (division, upper) AS (
    SELECT id, id FROM main.division
    UNION SELECT above.division, d.parent FROM above JOIN main.division d ON d.id = above.upper
    WHERE d.parent IN (SELECT id FROM main.division))"""
"""Each division with itself and all those above it."""

_ERRORS = """SELECT revision, count(*) AS errors FROM (
    SELECT DISTINCT revision, "check", "table", row, "column", expected, found FROM main.finding
    WHERE severity = 'error') GROUP BY revision"""
"""Two passes may find the same; it is one error."""

REPORT = Summary(
    "site_report",
    "报告一览（由其他表得出）",
    "Reports in the order of lists, newest first, with what they are filtered by; follows from other tables.",
    1,
    (
        ("number", "INTEGER", "序号：发布日期最近者为 1", "Counted from 1, the one published last"),
        ("report", "TEXT", "年度报告", "Report"),
        ("year", "INTEGER", "报告年度", "Year reported on"),
        ("level", "TEXT", "机关级别", "Level of the agency"),
        ("division", "TEXT", "行政区划", "Division of the agency"),
        ("form", "TEXT", "表式", "Form of the current revision"),
        ("status", "TEXT", "状态", "on_time, late, date_unknown, no_deadline"),
        ("errors", "INTEGER", "不符项数", "Errors found in the current revision, each counted once"),
    ),
    (
        f"""INSERT INTO main.site_report
        SELECT row_number() OVER (ORDER BY r.published_on IS NULL, r.published_on DESC, r.id),
            r.id, r.year, a.level, a.division, v.form, r.status, coalesce(e.errors, 0)
        FROM main.report r LEFT JOIN main.agency a ON a.id = r.agency
        LEFT JOIN main.revision v ON v.id = r.revision LEFT JOIN ({_ERRORS}) e ON e.revision = r.revision""",
    ),
    ("report",),
)

COUNT = Summary(
    "site_count",
    "检索筛选项的报告数（由其他表得出）",
    "How many reports each filter of the search leaves; follows from other tables.",
    2,
    (
        (
            "field",
            "TEXT",
            "筛选项：year、level、division、form、status",
            "year, level, division, form, status",
        ),
        ("value", "TEXT", "取值；行政区划含其下各级", "Value; a division counts with all below it"),
        ("reports", "INTEGER", "报告数", "Reports"),
    ),
    (
        *(
            f"""INSERT INTO main.site_count SELECT '{field}', {field}, count(*) FROM main.site_report
            WHERE {field} IS NOT NULL GROUP BY {field}"""
            for field in ("year", "level", "form", "status")
        ),
        f"""INSERT INTO main.site_count {_ABOVE}
        SELECT 'division', above.upper, sum(own.reports)
        FROM (SELECT division, count(*) AS reports FROM main.site_report GROUP BY division) own
        JOIN above ON above.division = own.division GROUP BY above.upper""",
    ),
)

_COUNTED = ("expected", "held", *STATES)
_SUMS = ", ".join(f"sum(c.{name})" for name in _COUNTED)

COVERAGE = Summary(
    "site_coverage",
    "各区划各年度公开情况（由其他表得出）",
    "How many reports each division has of those that were to be expected; follows from coverage.",
    3,
    (
        (
            "division",
            "TEXT",
            "行政区划；不详者为空",
            "Division; empty for agencies whose division is unknown",
        ),
        ("year", "INTEGER", "报告年度", "Year to be reported on"),
        (
            "part",
            "TEXT",
            "范围：whole（含其下各级）、own（仅本级机关）",
            "whole (with all divisions below), own (only its own agencies)",
        ),
        (
            "expected",
            "INTEGER",
            "应有报告数，期限未到者不计",
            "Reports to be expected: all but those not due yet",
        ),
        ("held", "INTEGER", "已收录报告数", "Reports that are held"),
        *((state, "INTEGER", f"状态为 {state} 的数量", f"Those of the state {state}") for state in STATES),
    ),
    (
        f"""INSERT INTO main.site_coverage
        SELECT coalesce(d.id, ''), c.year, '{OWN}', sum(c.state <> '{_NOT_YET}'), count(c.report),
            {", ".join(f"sum(c.state = '{state}')" for state in STATES)}
        FROM main.coverage c LEFT JOIN main.agency a ON a.id = c.agency
        LEFT JOIN main.division d ON d.id = a.division GROUP BY 1, 2""",
        f"""INSERT INTO main.site_coverage {_ABOVE}
        SELECT above.upper, c.year, '{WHOLE}', {_SUMS} FROM main.site_coverage c
        JOIN above ON above.division = c.division WHERE c.part = '{OWN}' GROUP BY 1, 2""",
        f"""INSERT INTO main.site_coverage
        SELECT division, year, '{WHOLE}', {", ".join(_COUNTED)} FROM main.site_coverage
        WHERE division = ''""",
    ),
)

NAME = Summary(
    "site_name",
    "行政区划与机关名称（由其他表得出）",
    "Names that the search finds, of divisions and agencies, the widest first; follows from other tables.",
    1,
    (
        ("number", "INTEGER", "序号", "Counted from 1"),
        ("kind", "TEXT", "类别：division、agency", "division, agency"),
        ("id", "TEXT", "编号", "Id of the division or agency"),
        ("name", "TEXT", "名称", "Name"),
        ("division", "TEXT", "所属行政区划", "Division that it is in, itself if it is one"),
        ("reports", "INTEGER", "报告数", "Reports; a division's with all below it"),
    ),
    (
        """INSERT INTO main.site_name
        SELECT row_number() OVER (
                ORDER BY kind = 'agency', coalesce(rank, 9), body <> 'government', reports DESC, id),
            kind, id, name, division, reports
        FROM (SELECT 'division' AS kind, d.id, d.name, d.id AS division, d.level,
                coalesce(c.reports, 0) AS reports, '' AS body
            FROM main.division d LEFT JOIN main.site_count c ON c.field = 'division' AND c.value = d.id
            UNION ALL SELECT 'agency', a.id, a.name, a.division, a.level,
                (SELECT count(*) FROM main.report r WHERE r.agency = a.id), a.kind
            FROM main.agency a) named
        LEFT JOIN (SELECT 'province' AS level, 1 AS rank UNION SELECT 'city', 2 UNION SELECT 'county', 3
            UNION SELECT 'township', 4) USING (level)
        WHERE name IS NOT NULL""",
    ),
)

TABLES = (REPORT, COUNT, COVERAGE, NAME, *crawl_summary.TABLES)

_NEEDED = (("agency", "level"), ("coverage", "state"), ("division_name", "from_year"))
"""Fields that a database of the first versions lacks."""


def write(db: sqlite3.Connection) -> None:
    """Make all of them in a publication's database, once its other tables are finished, and describe them."""
    if not _countable(db):
        return
    crawl_summary.teach(db)
    for table in TABLES:
        _create(db, table)
        for statement in table.fill:
            db.execute(statement)
    search_words.write(db)


def complete(db: sqlite3.Connection) -> bool:
    """Tell whether a publication has all of them as they are now; an earlier program made others, or none."""
    made = (fields_of(db, table.name) == [name for name, *_ in table.fields] for table in TABLES)
    return not _countable(db) or (search_words.complete(db) and all(made))


def _countable(db: sqlite3.Connection) -> bool:
    return all(field in fields_of(db, table) for table, field in _NEEDED)


def _create(db: sqlite3.Connection, table: Summary) -> None:
    columns = ", ".join(f'"{name}" {type_}' for name, type_, *_ in table.fields)
    key = ", ".join(f'"{name}"' for name, *_ in table.fields[: table.keys])
    db.execute(f"CREATE TABLE main.{table.name} ({columns}, PRIMARY KEY ({key}))")
    for field in table.indexes:
        db.execute(f"CREATE INDEX main.{table.name}_{field} ON {table.name} ({field})")
    described = [(table.name, "", table.zh, table.en)]
    described += [(table.name, name, zh, en) for name, _, zh, en in table.fields]
    db.executemany(
        'INSERT OR REPLACE INTO main.description ("table", field, zh, en) VALUES (?, ?, ?, ?)', described
    )
