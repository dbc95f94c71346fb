"""What a person decided is published as decided, however the command that wrote it down ended."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import gongkai
from archive.locks import LOADER, hold
from archive.publish import newest, publish, versions
from pipelines import journal
from tests import killing
from tests.archive.test_withholding import AFTER, BEFORE, NOW, SECRET, load, shown
from tests.running import rows
from tests.sample_archive import capture

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder whose newest version shows what is to be withheld."""
    database = load(tmp_path)
    first = publish(database, tmp_path / "public", now=NOW - timedelta(days=900))
    assert shown(first, SECRET) != []
    return tmp_path


def killed(moment: str, *arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", moment, "1", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -9, done.stdout + done.stderr


def decide_and_die(data: Path) -> None:
    for sample in (BEFORE, AFTER):
        words = "--by", "李明", "--reason", "含申请人姓名", "--data", data
        killed(killing.DECIDING, "withhold", capture(sample).id, *words)
    kinds = [entry["kind"] for entry in journal.read(data)]
    assert kinds.count(journal.WITHHOLDING) == 2
    # The second command has told the database of the first decision, and died before its own.
    assert rows(data / "gongkai.db", "SELECT count(*) FROM withheld") == [(1,)]


def test_a_decision_whose_command_was_killed_holds_for_the_next_publication(data: Path) -> None:
    decide_and_die(data)
    assert gongkai.exit_code(["publish", "--data", str(data)]) == 0
    (only,) = versions(data / "public")
    assert shown(only, SECRET) == []
    assert rows(data / "gongkai.db", "SELECT count(*) FROM withheld") == [(2,)]


def test_versions_that_show_it_go_also_when_the_publication_was_killed_before_that(data: Path) -> None:
    decide_and_die(data)
    killed("archive.publish:_retire", "publish", "--data", data)
    assert len(versions(data / "public")) == 2
    assert gongkai.exit_code(["publish", "--data", str(data)]) == 0
    (only,) = versions(data / "public")
    assert shown(only, SECRET) == []


def test_where_the_journal_cannot_be_read_nothing_is_published(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = newest(data / "public")
    with (data / journal.FILE).open("ab") as file:
        file.write(b"another hand\n")
    assert gongkai.exit_code(["publish", "--data", str(data)]) == 3
    assert "is no entry" in capsys.readouterr().err
    assert newest(data / "public") == before
    with hold(data, LOADER):
        pass


def test_without_a_database_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal.append(tmp_path, {"kind": journal.LIFTING, "id": "x", "at": "", "author": "x", "reason": "x"})
    assert gongkai.exit_code(["publish", "--data", str(tmp_path)]) == 3
    assert "there is no database" in capsys.readouterr().err
    assert not (tmp_path / "gongkai.db").exists()
