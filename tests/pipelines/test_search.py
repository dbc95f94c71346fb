"""Search finds any run of characters."""

import sqlite3
from pathlib import Path

import pytest
from sample_readings import capture, notice, report

from pipelines.search import phrases
from tests.pipelines.test_load import count, load_all


@pytest.mark.parametrize(
    ("word", "reports", "sections"),
    [("公开", 1, 1), ("体育", 0, 1), ("育", 0, 1), ("测试局 年度", 1, 0), ("缺席", 0, 0)],
)
def test_search_finds_any_run_of_characters(path: Path, word: str, reports: int, sections: int) -> None:
    load_all(path, [(capture(1), report(1))])
    load_all(path, [(capture(1), report(1))])
    for table, expected in (("report", reports), ("section", sections)):
        found = f"search_id IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH '{phrases(word)}')"
        assert count(path, table, found) == expected


def test_search_forgets_what_was_replaced_and_survives_vacuum(path: Path) -> None:
    load_all(path, [(capture(1), report(1)), (capture(2), report(2))], "1")
    load_all(path, [(capture(1), notice())], "2")
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    db.close()
    assert count(path, "section_fts", "section_fts MATCH '\"体 育\"'") == 1
    assert count(path, "report_fts", "report_fts MATCH '\"公 开\"'") == 1
    db = sqlite3.connect(path)
    db.execute("INSERT INTO section_fts (section_fts) VALUES ('integrity-check')")
    db.close()
