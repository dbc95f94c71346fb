"""The one path into the database, from the archive's files."""

import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import runs
from archive.captures import DETAIL, Context
from archive.exchanges import Exchange
from archive.index import Index
from pipelines.dump import dump_canonical
from pipelines.pending import load_pending

pytestmark = pytest.mark.slow

DATE = "2026-01-31T00:00:00Z"
DECLARED = {
    "title": "样例市（样本）",
    "division": "990100",
    "home": "http://h/",
    "platform": None,
    "local": True,
}
TABLE = """<title>样例市灯塔局2021年政府信息公开工作年度报告</title><p>一、总体情况</p><p>样本。</p>
<p>二、主动公开政府信息情况</p><table><tr><td colspan=4>第二十条第（五）项</td></tr>
<tr><td>信息内容</td><td colspan=3>本年处理决定数量</td></tr><tr><td>行政许可</td><td colspan=3>{}</td></tr></table>"""

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def write_run(data: Path, bodies: dict[str, bytes]) -> None:
    writer = runs.RunWriter(data / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": DECLARED, "run": "x"})
    for url, body in bodies.items():
        context = Context(role=DETAIL, portal="p", portal_title="样例市（样本）", division="990100")
        writer.store(
            Exchange(
                url, "GET", (), b"", 200, "OK", (("Content-Type", "text/html"),), body, DATE, url, context
            )
        )
    writer.close()


def query(data: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        return db.execute(sql).fetchall()


def test_what_waits_is_loaded_once_and_again_changes_nothing(tmp_path: Path) -> None:
    write_run(tmp_path, {"http://h/1": TABLE.format(7).encode(), "http://h/2": b""})
    ticks: list[tuple[int, int]] = []
    tally = load_pending(tmp_path, NOW, progress=lambda done, of: ticks.append((done, of)))
    assert (tally.documents, tally.reports) == (2, 1)
    assert ticks == [(1, 2), (2, 2)]
    assert query(tmp_path, "SELECT value FROM cell WHERE value IS NOT NULL") == [(7.0,)]
    before = list(dump_canonical(tmp_path / "gongkai.db"))
    assert load_pending(tmp_path, NOW).documents == 0
    assert load_pending(tmp_path, NOW, everything=True).documents == 2
    assert list(dump_canonical(tmp_path / "gongkai.db")) == before
    with Index(tmp_path) as index:
        assert index.pending() == []


def test_a_record_damaged_later_takes_nothing_from_the_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_run(tmp_path, {"http://h/1": TABLE.format(7).encode()})
    load_pending(tmp_path, NOW)
    before = list(dump_canonical(tmp_path / "gongkai.db"))
    with Index(tmp_path) as index:
        (row,) = index.rows("capture")
    path = next((tmp_path / "warc" / "p").iterdir())
    data = bytearray(path.read_bytes())
    data[row["offset"] + row["length"] // 2] ^= 0xFF
    path.write_bytes(data)
    with caplog.at_level(logging.ERROR):
        tally = load_pending(tmp_path, NOW, everything=True)
    assert tally.problems == 2, "the file, and the document"
    assert "damaged" in caplog.text
    assert list(dump_canonical(tmp_path / "gongkai.db")) == before


def test_a_damaged_file_is_told_and_costs_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_run(tmp_path, {"http://h/1": TABLE.format(7).encode(), "http://h/2": TABLE.format(8).encode()})
    with Index(tmp_path) as index:
        index.catch_up()
        second = max(index.rows("capture"), key=lambda row: row["offset"])
    (tmp_path / "captures.db").unlink()
    path = next((tmp_path / "warc" / "p").iterdir())
    data = bytearray(path.read_bytes())
    data[second["offset"] + second["length"] // 2] ^= 0xFF
    path.write_bytes(data)
    with caplog.at_level(logging.ERROR):
        tally = load_pending(tmp_path, NOW)
    ((in_database,),) = query(tmp_path, "SELECT count(*) FROM problem")
    assert tally.documents == 1
    assert tally.problems == in_database + 1
    assert path.name in caplog.text
