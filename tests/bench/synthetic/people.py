"""What people did: corrections, decisions to withhold, and documents read anew."""

from pathlib import Path
from random import Random

import sqlite_utils

from pipelines import corrections, schema, withholding
from pipelines.corrections import Draft
from pipelines.read import EXTRACTOR

CORRECTED, WITHHELD, REREAD = 800, 4_000, 300
"""One of so many reports is corrected by somebody, withheld, read otherwise by a later version."""

_WITH_NUMBER = """
    SELECT r.id, i.[table] || '.' || i.row || '.' || i.column, c.value, v.capture FROM report r
    JOIN revision v ON v.id = r.revision JOIN cell c ON c.revision = v.id
    JOIN form_item i ON i.id = c.item WHERE r.id = ? AND c.value > 0 LIMIT 1
"""


def write(db: sqlite_utils.Database, data: Path, random: Random) -> None:
    """Have people look at some of the reports; what they decide is in the journal of the data folder too."""
    reports = [report for (report,) in db.execute("SELECT id FROM report ORDER BY id")]

    def some(one_of: int) -> list[tuple[str, str, float, str]]:
        drawn = random.sample(reports, min(len(reports), len(reports) // one_of + 3))
        found = (db.execute(_WITH_NUMBER, (each,)).fetchone() for each in drawn)
        return [each for each in found if each]

    for report, cell, value, _ in some(CORRECTED):
        draft = Draft(report, cell, str(int(value) + 1), "样本读者", "原件印的是另一个数")
        made = corrections.add(db, data, draft, "2025-05-01T08:00:00Z")
        if random.random() < 0.3:
            corrections.withdraw(db, data, made, "样本读者", "看错了", "2025-05-02T08:00:00Z")
    for _, _, _, capture in some(WITHHELD):
        withholding.withhold(db, data, capture, "样本管理员", "样本：当事人要求", "2025-05-03T08:00:00Z")
    _read_anew(db, some(REREAD))


def _read_anew(db: sqlite_utils.Database, found: list[tuple[str, str, float, str]]) -> None:
    """Tell of one re-extraction that read a cell of each of these reports otherwise than before."""
    at = "2025-04-28T02:00:00Z"
    told = (at, str(int(EXTRACTOR) - 1), EXTRACTOR, "样本：改进识别", len(found), len(found), len(found))
    db.execute(schema.insert("reextraction"), told)
    items = {
        row[0]: row[1]
        for row in db.execute("SELECT [table] || '.' || row || '.' || column, id FROM form_item")
    }
    db.conn.executemany(
        schema.insert("reread"),
        [
            (at, number, capture, report, "cell_value", items[cell], f"{value - 1:.0f}", f"{value:.0f}")
            for number, (report, cell, value, capture) in enumerate(found, 1)
        ],
    )
