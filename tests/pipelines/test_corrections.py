"""What people say of a reading stands beside it, dated and attributed, and outlives the database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sample_readings import capture, report

from pipelines import journal
from pipelines.commands import correction
from pipelines.dump import dump_canonical
from pipelines.errors import BadCorrection, JournalDamaged
from pipelines.load import Loader
from tests.running import rows

CELL = "requests.received_new.total"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with Loader(tmp_path / "gongkai.db", "5") as loader:
        loader.load_reading(capture(1), report(1))
    return tmp_path


def identity(data: Path) -> str:
    return str(rows(data / "gongkai.db", "SELECT id FROM report")[0][0])


def correct(data: Path, *arguments: str) -> object:
    done = CliRunner().invoke(correction, [*arguments, "--data", str(data)], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.output


def add(
    data: Path, target: str = CELL, value: str = "14", by: str = "李明", reason: str = "原件印的是 14"
) -> str:
    correct(data, "add", identity(data), target, value, "--by", by, "--reason", reason)
    return str(rows(data / "gongkai.db", "SELECT id FROM correction ORDER BY made_at DESC, rowid DESC")[0][0])


def test_a_correction_stands_beside_the_reading_and_changes_nothing_of_it(data: Path) -> None:
    cells = "SELECT * FROM cell ORDER BY 1, 2"
    before = rows(data / "gongkai.db", cells)
    add(data)
    assert rows(data / "gongkai.db", cells) == before
    sql = """SELECT c.report, i.[table], i.[row], i.[column], c.digest, c.before, c.after, c.value, c.reason,
        c.author, c.withdrawn_at FROM correction c JOIN form_item i ON i.id = c.item"""
    read = rows(
        data / "gongkai.db", "SELECT value FROM cell JOIN form_item ON form_item.id = item WHERE id = 27"
    )
    assert read
    (row,) = rows(data / "gongkai.db", sql)
    assert row[0] == identity(data)
    assert row[1:5] == ("requests", "received_new", "total", capture(1).digest)
    assert row[6:] == ("14", 14.0, "原件印的是 14", "李明", None)


def test_the_database_can_be_lost_and_the_correction_cannot(data: Path) -> None:
    add(data)
    correct(data, "withdraw", add(data, value="blank"), "--by", "王芳", "--reason", "看错了行")
    before = [line for line in dump_canonical(data / "gongkai.db") if line.startswith('{"correction"')]
    assert len(before) == 2
    (data / "gongkai.db").unlink()
    with Loader(data / "gongkai.db", "5") as loader:
        loader.load_reading(capture(1), report(1))
    listed = [json.loads(line) for line in str(correct(data, "list", "--json")).splitlines()]
    assert {each["withdrawn_by"] for each in listed} == {None, "王芳"}
    assert [
        line for line in dump_canonical(data / "gongkai.db") if line.startswith('{"correction"')
    ] == before


def test_a_withdrawn_correction_stays_and_says_by_whom_and_why(data: Path) -> None:
    first = add(data)
    correct(data, "withdraw", first, "--by", "王芳", "--reason", "看错了行")
    (row,) = rows(
        data / "gongkai.db",
        "SELECT author, withdrawn_by, withdrawn_why, withdrawn_at IS NOT NULL FROM correction",
    )
    assert row == ("李明", "王芳", "看错了行", 1)
    with pytest.raises(BadCorrection, match="was withdrawn at"):
        correct(data, "withdraw", first, "--by", "王芳", "--reason", "again")
    assert "withdrawn" in str(correct(data, "list"))


@pytest.mark.parametrize(
    ("target", "value", "message"),
    [
        ("requests.received_new", "14", "is no cell"),
        ("requests.no_such_row.total", "14", "is no cell"),
        (CELL, "fourteen", "is no number"),
        (CELL, "007", "is no number"),
        ("agency", "我局", "is no full name"),
        ("year", "MMXX", "is no year"),
        ("year", "2021", "which is what the correction says"),
        (CELL, " ", "needs its value"),
        (CELL, "9" * 3000, "at most 2000"),
    ],
)
def test_what_is_no_correction_is_one_clear_error_and_writes_nothing(
    data: Path, target: str, value: str, message: str
) -> None:
    with pytest.raises(BadCorrection, match=message):
        add(data, target, value)
    assert rows(data / "gongkai.db", "SELECT * FROM correction") == []
    assert not (data / journal.FILE).exists()


def test_a_correction_of_no_report_or_by_nobody_is_one_clear_error(data: Path) -> None:
    with pytest.raises(BadCorrection, match="there is no report 'x-2020'"):
        correct(data, "add", "x-2020", CELL, "14", "--by", "李明", "--reason", "x")
    with pytest.raises(BadCorrection, match="needs its author"):
        add(data, by=" ")
    with pytest.raises(BadCorrection, match="there is no correction"):
        correct(data, "withdraw", "0" * 10, "--by", "李明", "--reason", "x")


def test_blanks_signs_agencies_and_years_can_be_corrected(data: Path) -> None:
    for target, value in ((CELL, "blank"), (CELL, "/"), ("agency", "样例市另一测试局"), ("year", "2020")):
        add(data, target, value)
    found = rows(data / "gongkai.db", "SELECT part, before, after, value FROM correction ORDER BY rowid")
    assert [(part, after, value) for part, _, after, value in found] == [
        (None, "", None),
        (None, "/", None),
        ("agency", "样例市另一测试局", None),
        ("year", "2020", None),
    ]
    assert [before for part, before, *_ in found if part] == ["样例市第1测试局", "2021"]


def test_a_line_that_a_crash_cut_is_left_behind_and_a_changed_one_is_told(tmp_path: Path) -> None:
    journal.append(tmp_path, {"kind": "correction", "id": "1"})
    path = tmp_path / journal.FILE
    whole = path.read_bytes()
    for cut in range(1, len(whole)):
        path.write_bytes(whole + whole[:cut])
        assert [entry["id"] for entry in journal.read(tmp_path)] == ["1"] if cut < len(whole) - 1 else True
        journal.append(tmp_path, {"kind": "correction", "id": "2"})
        assert [entry["id"] for entry in journal.read(tmp_path)][-1] == "2"
        assert journal.read(tmp_path)[0]["id"] == "1"
    path.write_bytes(whole + b"no entry\n" + whole)
    with pytest.raises(JournalDamaged, match="line 2 is no entry: 'no entry'"):
        journal.read(tmp_path)


def test_where_the_journal_cannot_be_written_nothing_is(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        add(data)
    monkeypatch.undo()
    assert rows(data / "gongkai.db", "SELECT * FROM correction") == []
    assert journal.read(data) == []
