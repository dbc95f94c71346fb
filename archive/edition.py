"""A publication's own tables: what it is, and what differs from the version before.

`publication` has one row, counted once here, so that the home page never counts.
`publication_change` keeps the changes of all versions, for only the last few are kept themselves.
"""

import sqlite3
from collections.abc import Sequence

from archive.gate import Alarm
from archive.tables import has_table

NEW, REVISED, GONE, REREAD, VANISHED, ACCEPTED = (
    "new_report",
    "revised",
    "gone",
    "reread",
    "vanished",
    "accepted",
)
WITHHELD = "withheld"

_REPORTS_OF = "SELECT count(DISTINCT report) FROM publication_change WHERE version = :version AND kind = '{}'"
_CELLS_OF = "SELECT total(cells) FROM publication_change WHERE version = :version AND kind = '{}'"

FIELDS = (
    ("version", "TEXT PRIMARY KEY", "版本", "Version: the time it was made", None),
    ("made_at", "TEXT", "生成时间（UTC）", "Made at, UTC", None),
    ("content", "TEXT", "内容摘要", "SHA-256 over all rows of all tables, in key order", None),
    ("previous", "TEXT", "上一版本", "Version before, empty for the first", None),
    (
        "accepted",
        "TEXT",
        "放行理由",
        "Why it was published although the gate stopped it; what that was is in publication_change",
        None,
    ),
    (
        "number",
        "INTEGER",
        "版本序号",
        "Number of the version, in publication_version",
        "SELECT coalesce(max(number), 0) + 1 FROM publication_version",
    ),
    ("reports", "INTEGER", "年度报告数", "Reports", "SELECT count(*) FROM report"),
    (
        "agencies",
        "INTEGER",
        "有报告的行政机关数",
        "Agencies with reports",
        "SELECT count(DISTINCT agency) FROM report",
    ),
    ("first_year", "INTEGER", "最早报告年度", "First year reported on", "SELECT min(year) FROM report"),
    ("last_year", "INTEGER", "最近报告年度", "Last year reported on", "SELECT max(year) FROM report"),
    ("cells", "INTEGER", "单元格数", "Cells", "SELECT count(*) FROM cell"),
    ("findings", "INTEGER", "检查发现数", "Findings", "SELECT count(*) FROM finding"),
    ("problems", "INTEGER", "读取问题数", "Problems", "SELECT count(*) FROM problem"),
    ("captures", "INTEGER", "存档数", "Captures", "SELECT count(*) FROM capture"),
    (
        "specimens",
        "INTEGER",
        "样本网站数",
        "Portals that are specimens",
        "SELECT count(*) FROM portal WHERE specimen = 1",
    ),
    ("new_reports", "INTEGER", "新增报告数", "Reports new since the version before", _REPORTS_OF.format(NEW)),
    (
        "revised",
        "INTEGER",
        "机关改动的报告数",
        "Reports that their agencies changed since",
        _REPORTS_OF.format(REVISED),
    ),
    (
        "gone",
        "INTEGER",
        "消失的报告数",
        "Reports that no portal holds any more since",
        _REPORTS_OF.format(GONE),
    ),
    (
        "reread",
        "INTEGER",
        "重新提取而不同的报告数",
        "Reports read otherwise since, by re-extraction",
        _REPORTS_OF.format(REREAD),
    ),
    (
        "vanished",
        "INTEGER",
        "不再收录的报告数",
        "Reports that this archive itself holds no more since",
        _REPORTS_OF.format(VANISHED),
    ),
    (
        "cells_revised",
        "INTEGER",
        "机关改动的单元格数",
        "Cells that agencies changed since",
        _CELLS_OF.format(REVISED),
    ),
    (
        "cells_reread",
        "INTEGER",
        "重新提取而不同的单元格数",
        "Cells read otherwise since, by re-extraction",
        _CELLS_OF.format(REREAD),
    ),
    (
        "masked",
        "INTEGER",
        "遮盖处数",
        "Spots of personal data that were masked; masked says where",
        "SELECT coalesce(sum(spots), 0) FROM masked",
    ),
)
"""The fields of `publication`: name, type, description zh and en, and the query that fills it."""

CHANGE_FIELDS = (
    ("version", "TEXT", "版本", "Version that brought it"),
    ("number", "INTEGER", "序号", "Counted from 1"),
    (
        "kind",
        "TEXT",
        "类别：new_report（新增）、revised（机关改动）、gone（网站上消失）、reread（重新提取）、"
        "vanished（不再收录）、accepted（放行）、withheld（不予公开）",
        "new_report; revised (by the agency); gone (from all portals, still here); reread (otherwise, by "
        "re-extraction, not the agency's doing); vanished (not here any more); accepted (stopped first); "
        "withheld (by a person's decision)",
    ),
    ("report", "TEXT", "年度报告", "Report; one that vanished is in earlier versions only"),
    ("cells", "INTEGER", "单元格数", "Cells that differ"),
    ("zh", "TEXT", "说明", "What differs, in Chinese"),
    ("en", "TEXT", "说明（英文）", "What differs, in English"),
)
"""The fields of `publication_change`."""

_OF_REPORTS = (
    f"""SELECT '{NEW}', n.id, NULL, '新收录：' || coalesce(n.title, n.id),
        'New report: ' || coalesce(n.title, n.id)
    FROM main.report n WHERE n.id NOT IN (SELECT id FROM before.report) ORDER BY n.id""",
    f"""SELECT '{VANISHED}', b.id, NULL, '不再收录：' || coalesce(b.title, b.id),
        'Not here any more: ' || coalesce(b.title, b.id)
    FROM before.report b WHERE b.id NOT IN (SELECT id FROM main.report) ORDER BY b.id""",
)

_OF_HISTORY = (
    # A change is known by its source and time: its id may follow from how its two sides were read.
    f"""SELECT '{REVISED}', c.report,
        (SELECT count(*) FROM main.changed d WHERE d.change = c.id AND d.item IS NOT NULL), c.zh, c.en
    FROM main.change c JOIN main.report n ON n.id = c.report
    WHERE NOT EXISTS (SELECT 1 FROM before.change b
        WHERE b.source IS c.source AND b.kind = c.kind AND b.first_seen IS c.first_seen)
    AND NOT (c.kind IN ('removed', 'replaced') AND n.gone_since IS NOT NULL)
    ORDER BY c.report, c.first_seen, c.id""",
    f"""SELECT '{GONE}', n.id, NULL,
        '自 ' || n.gone_since || ' 起各来源均已不见：' || coalesce(n.title, n.id),
        'On no portal since ' || n.gone_since || ': ' || coalesce(n.title, n.id)
    FROM main.report n JOIN before.report b ON b.id = n.id
    WHERE n.gone_since IS NOT NULL AND b.gone_since IS NULL ORDER BY n.id""",
    f"""SELECT '{REREAD}', d.report, sum(d.item IS NOT NULL),
        '重新提取（' || x.reason || '），读出不同 ' || count(*) || ' 处，非机关所改',
        'Read anew (' || x.reason || '): ' || count(*) || ' differences, none of them the agency''s doing'
    FROM main.reread d JOIN main.reextraction x ON x.id = d.reextraction
    WHERE x.id NOT IN (SELECT id FROM before.reextraction)
    GROUP BY x.id, d.report ORDER BY x.id, d.report""",
)
"""What needs tables that publications of an earlier database version may lack."""

_OF_DECISIONS = f"""SELECT DISTINCT '{WITHHELD}', s.report, NULL,
        '不予公开：' || w.reason, 'Withheld: ' || w.reason
    FROM main.withheld w JOIN main.rendering d ON d.digest = w.digest JOIN main.source s ON s.id = d.source
    WHERE w.lifted_at IS NULL {{}} ORDER BY w.made_at, w.id, s.report"""


def write_changes(db: sqlite3.Connection, version: str, alarms: Sequence[Alarm], reason: str) -> None:
    """Write into `main` what differs from the publication `before`, after what that one tells itself."""
    if has_table(db, "publication_change", "before"):
        names = ", ".join(name for name, *_ in CHANGE_FIELDS)
        db.execute(
            f"INSERT INTO main.publication_change ({names}) SELECT {names} FROM before.publication_change"
        )
    accepted = [
        (ACCEPTED, None, None, f"{each.zh}；理由：{reason}", f"{each.en}; accepted: {reason}")
        for each in alarms
    ]
    versions = {db.execute(f"PRAGMA {schema}.user_version").fetchone()[0] for schema in ("main", "before")}
    queries = _OF_REPORTS + (_OF_HISTORY if len(versions) == 1 else ())
    if has_table(db, "withheld"):
        known = "AND w.id NOT IN (SELECT id FROM before.withheld WHERE lifted_at IS NULL)"
        queries += (_OF_DECISIONS.format(known if has_table(db, "withheld", "before") else ""),)
    number = _insert(db, version, 0, accepted)
    for query in queries:
        number = _insert(db, version, number, db.execute(query).fetchall())


def _insert(db: sqlite3.Connection, version: str, number: int, rows: Sequence[tuple[object, ...]]) -> int:
    numbered = [(version, count, *row) for count, row in enumerate(rows, number + 1)]
    marks = ", ".join("?" * len(CHANGE_FIELDS))
    db.executemany(f"INSERT INTO main.publication_change VALUES ({marks})", numbered)
    return number + len(numbered)


def create(db: sqlite3.Connection) -> None:
    """Make both tables, empty, and describe them."""
    columns = ", ".join(f"{name} {type_}" for name, type_, *_ in FIELDS)
    db.execute(f"CREATE TABLE main.publication ({columns})")
    columns = ", ".join(f"{name} {type_}" for name, type_, *_ in CHANGE_FIELDS)
    db.execute(f"CREATE TABLE main.publication_change ({columns}, PRIMARY KEY (version, number))")
    db.execute("CREATE INDEX main.publication_change_report ON publication_change (report)")
    described = [("publication", name, zh, en) for name, _, zh, en, _ in FIELDS]
    described += [("publication_change", name, zh, en) for name, _, zh, en in CHANGE_FIELDS]
    described += [
        ("publication", "", "本次发布", "This publication: one immutable snapshot."),
        ("publication_change", "", "版本变更", "What each version brought, against the version before."),
    ]
    db.executemany(
        'INSERT OR REPLACE INTO main.description ("table", field, zh, en) VALUES (?, ?, ?, ?)', described
    )


def write_row(db: sqlite3.Connection, version: str, *said: str | None) -> None:
    """Write the publication's row: what is said (`made_at` to `accepted`), and what is counted."""
    counts = [db.execute(query, {"version": version}).fetchone()[0] for *_, query in FIELDS if query]
    marks = ", ".join("?" * len(FIELDS))
    db.execute(f"INSERT INTO main.publication VALUES ({marks})", (version, *said, *counts))
