"""The database holds each report's indicators, from its current revision and from no other."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils
from sample_readings import capture, load, report

from pipelines import indicator_rows, migrations, schema
from pipelines.dump import dump_canonical
from pipelines.forms import ITEMS
from pipelines.indicators import DEFINITIONS
from pipelines.reading import NUMBER, Reading
from tests.running import rows

LATER = "2022-03-01T00:00:00Z"
VERSION_0 = (Path(__file__).parent / "version_0.sql").read_text(encoding="utf-8")


def of(path: Path, indicator: str) -> list[tuple[object, ...]]:
    return rows(path, f"SELECT value, basis FROM indicator WHERE indicator = '{indicator}' ORDER BY report")


def received(number: int, requests: int) -> Reading:
    """Return a sample report that received so many requests."""
    whole = report(number)
    cells = tuple(
        cell._replace(value=requests, state=NUMBER)
        if cell.key == ("requests", "received_new", "total")
        else cell
        for cell in whole.cells
    )
    return replace(whole, cells=cells)


def test_the_registers_hold_every_definition_term_and_break() -> None:
    with sqlite_utils.Database(memory=True) as db:
        schema.create(db)
        assert [row["id"] for row in db["indicator_definition"].rows] == [each.id for each in DEFINITIONS]
        assert db["indicator_term"].count == sum(len(list(each.terms())) for each in DEFINITIONS)
        assert db["indicator_break"].count == 2 * len(DEFINITIONS)
        net = db.execute(
            """SELECT i.[column], t.part, t.factor FROM indicator_term t JOIN form_item i ON i.id = t.item
            WHERE indicator = 'normative_documents_net_change' ORDER BY 1"""
        ).fetchall()
        assert net == [("made", "numerator", 1), ("repealed", "numerator", -1)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_register_that_lost_a_term_or_a_break_loses_its_row() -> None:
    with sqlite_utils.Database(memory=True) as db:
        schema.create(db)
        db.execute("INSERT INTO indicator_term VALUES ('workload', 'form_2019', 'numerator', 1, 1)")
        db.execute("INSERT INTO indicator_break VALUES ('workload', 'prose', 'form_2019', 'none', '', '')")
        schema.fill(db)
        assert db["indicator_term"].count == sum(len(list(each.terms())) for each in DEFINITIONS)
        assert db["indicator_break"].count == 2 * len(DEFINITIONS)


def test_a_report_has_the_values_of_its_current_revision(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(capture(1), received(1, 40))])
    assert of(path, "received_new") == [(40, "as_printed")]
    load(path, [(capture(1, body="edited", at=LATER), received(1, 50))])
    assert of(path, "received_new") == [(50, "as_printed")]
    current = "SELECT count(*) FROM indicator i JOIN report r ON r.id = i.report AND r.revision = i.revision"
    assert rows(path, current) == rows(path, "SELECT count(*) FROM indicator")


@pytest.mark.parametrize(
    ("agency", "published_on", "expected"),
    [
        ("样例市测试局", "2022-02-03", [(3, "as_printed")]),  # due on 31 January
        ("样例市人民政府", "2022-02-03", [(0, "as_printed")]),  # due on 31 March
        ("样例市测试局", None, [(None, "unreadable")]),
        ("样例镇人民政府", "2022-02-03", []),  # the law names no date
    ],
)
def test_a_report_that_is_late_says_by_how_many_days(
    tmp_path: Path, agency: str, published_on: str | None, expected: list[tuple[object, ...]]
) -> None:
    path = tmp_path / "gongkai.db"
    dated = replace(report(1), agency=agency, published_on=published_on)
    load(path, [(capture(1), dated)])
    assert of(path, "days_late") == expected


def test_a_report_that_is_no_more_takes_its_indicators_along(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    load(path, [(capture(1), report(1)), (capture(2), report(2))])
    before = rows(path, "SELECT count(*) FROM indicator")
    load(path, [(capture(1), replace(report(1), is_report=False, cells=()))])
    assert len(rows(path, "SELECT DISTINCT report FROM indicator")) == 1
    assert rows(path, "SELECT count(*) * 2 FROM indicator") == before
    assert rows(path, "SELECT 1 FROM indicator WHERE report NOT IN (SELECT id FROM report)") == []


def test_a_report_that_goes_back_to_another_source_gets_its_values(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    one, other = capture(1), capture(2)
    load(path, [(one, received(1, 40)), (other, received(1, 50))])
    load(path, [(one, replace(report(1), is_report=False, cells=()))])
    assert of(path, "received_new") == [(50, "as_printed")]


def test_loading_twice_equals_loading_once(tmp_path: Path) -> None:
    pairs = [(capture(number), received(number, number)) for number in range(3)]
    once = load(tmp_path / "gongkai.db", pairs)
    assert load(tmp_path / "gongkai.db", pairs) == once
    assert sum('{"indicator":' in line for line in once) > 3 * 90


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    pairs = [(capture(number), received(number % 2, number)) for number in range(4)]
    pairs.append((capture(1, body="edited", at=LATER), received(1, 60)))
    dumps = []
    for seed in range(4):
        random.Random(seed).shuffle(pairs)
        dumps.append(load(tmp_path / f"{seed}.db", pairs))
    assert all(dump == dumps[0] for dump in dumps)


def test_a_dump_shows_the_definitions_and_every_change_of_a_value(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    before = load(path, [(capture(1), report(1))])
    for table in ("indicator_definition", "indicator_term", "indicator_break", "indicator"):
        assert any(line.startswith(f'{{"{table}":') for line in before)
    db = sqlite3.connect(path)
    db.execute("UPDATE indicator SET value = value + 1 WHERE indicator = 'workload'")
    db.commit()
    db.close()
    assert list(dump_canonical(path)) != before


def test_an_old_database_gets_the_indicators_of_its_reports() -> None:
    with sqlite_utils.Database(memory=True) as db:
        db.executescript(VERSION_0)
        migrations.bring_up(db)
        written = list(db["indicator"].rows)
        assert {row["report"] for row in written} == {"0123456789-2021"}
        indicator_rows.write_all(db)
        assert list(db["indicator"].rows) == written
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            db.execute("SELECT rowid FROM indicator")


def test_the_form_of_each_table_is_told_by_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    whole = report(1)
    one_row = tuple(cell for cell in whole.cells if not cell.row.startswith("other_"))
    total = next(cell for cell in whole.cells if cell.key == ("requests", "result_total", "total"))
    other = total._replace(row="other_handling", value=8)
    assert other.key in ITEMS
    load(path, [(capture(1), replace(whole, cells=(*one_row, other)))])
    assert of(path, "other_handling") == [(8, "as_printed")]
    assert of(path, "other_misc") == []
    assert len(of(path, "normative_documents_net_change")) == 1
