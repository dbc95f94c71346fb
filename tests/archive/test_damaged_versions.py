"""Publications whose bytes are not what they were: told, set aside, and in nobody's way."""

import os
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from archive import cited, manifest, snapshot, unfinished
from archive.errors import PublicationStopped, PublishError
from archive.locks import LOADER, hold
from archive.publish import DATABASE, publish, versions
from archive.verify import verify
from archive.versions import DRAFT, aside
from tests import sample_archive

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
FILE = "files/agency.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    sample_archive.load(tmp_path / "gongkai.db")
    return tmp_path


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "gongkai.db")) as db, db:
        db.execute(statement)


def make(data: Path, number: int, accept: str = "") -> Path:
    """Publish the database, changed by its number."""
    change(data, f"UPDATE portal SET title = '样本门户{number}'")
    return again(data, number, accept)


def again(data: Path, number: int, accept: str = "") -> Path:
    now = NOW + timedelta(hours=number)
    return publish(data / "gongkai.db", data / "public", now=now, accept=accept)


def zero(folder: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.write(bytes(8192))


def flip(folder: Path) -> None:
    """Change one byte of what the database holds, which SQLite does not notice."""
    content = (folder / DATABASE).read_bytes()
    place = content.rindex("样本".encode())
    (folder / DATABASE).write_bytes(content[:place] + b"\xe7" + content[place + 1 :])


def cut(folder: Path) -> None:
    os.truncate(folder / manifest.MANIFEST, 100)


def lose_database(folder: Path) -> None:
    (folder / DATABASE).unlink()


def set_aside(data: Path) -> list[str]:
    return aside(data / "public")


def whole(folder: Path) -> bool:
    return not list(manifest.faults(folder))


@pytest.mark.parametrize("harm", [zero, flip])
def test_a_damaged_newest_version_is_set_aside_and_the_one_before_gone_on_from(
    data: Path, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    first, second = make(data, 1), make(data, 2)
    harm(second)
    third = make(data, 3)
    assert versions(data / "public") == [third, first]
    assert set_aside(data) == [second.name]
    kept = data / "public" / f".{second.name}.damaged"
    assert (kept / FILE).is_file()
    assert kept.stat().st_mode & 0o777 == 0o700
    assert f"version {second.name} is damaged: {DATABASE} is damaged: its SHA-256 is not" in caplog.text
    assert f"what version {second.name} alone showed cannot be cited" in caplog.text
    # Its number, by which its copies may be cited, means no other version.
    with closing(cited.opened(third / DATABASE, first.name)) as db:
        assert db.execute("SELECT title FROM portal LIMIT 1").fetchone() == ("样本门户1",)
    with closing(sqlite3.connect(third / DATABASE)) as db:
        assert db.execute("SELECT number, version FROM publication_version ORDER BY 1").fetchall() == [
            (1, first.name),
            (3, third.name),
        ]


def test_the_gate_compares_with_the_newest_version_that_is_whole(data: Path) -> None:
    first, second = make(data, 1), make(data, 2)
    zero(second)
    change(data, "DELETE FROM report WHERE year = 2020")
    with pytest.raises(PublicationStopped, match="reports that were published and are no more: 1"):
        make(data, 3)
    assert versions(data / "public") == [first]
    assert not (data / "public" / DRAFT).exists()


def test_where_no_version_is_whole_somebody_has_to_say_that_it_is_right(data: Path) -> None:
    first = make(data, 1)
    zero(first)
    for _ in range(2):
        with pytest.raises(PublicationStopped, match="nothing can be compared"):
            make(data, 2)
    second = make(data, 2, accept="the disk failed")
    assert versions(data / "public") == [second]
    assert second.name > first.name
    assert make(data, 3) != second


@pytest.mark.parametrize("harm", [zero, cut, lose_database])
def test_a_damaged_older_version_is_set_aside_and_the_others_are_looked_at(
    data: Path, harm: Callable[[Path], None]
) -> None:
    first, second, third = (make(data, number) for number in (1, 2, 3))
    harm(second)
    fourth = make(data, 4)
    assert versions(data / "public") == [fourth, third, first]
    assert set_aside(data) == [second.name]
    harm(first)
    assert again(data, 5) == fourth
    assert set_aside(data) == [first.name, second.name]


def test_a_version_that_cannot_be_moved_lets_the_publication_stand(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = make(data, 1)
    second = make(data, 2)
    zero(first)
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path == first:
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    assert versions(data / "public") == [second, first]
    third = make(data, 3)
    assert versions(data / "public") == [third, second, first]
    assert f"version {first.name} should not be served any more, and stays" in caplog.text


@pytest.mark.parametrize("changed", [False, True])
def test_a_damaged_manifest_is_healed_by_the_next_publication(data: Path, changed: bool) -> None:
    first = make(data, 1)
    cut(first)
    with pytest.raises(PublishError, match=r"manifest\.json cannot be read"):
        manifest.read(first)
    second = make(data, 2) if changed else again(data, 2)
    assert versions(data / "public") == [second]
    assert whole(second)
    with closing(cited.opened(second / DATABASE, first.name)) as db:
        assert db.execute("SELECT title FROM portal LIMIT 1").fetchone() == ("样本门户1",)


def test_a_damaged_download_is_found_and_made_anew(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = make(data, 1), make(data, 2)
    (data / "warc").mkdir()
    capsys.readouterr()
    assert not [fault for fault in verify(data).faults if fault.kind == "published"]
    # The same file in both versions, on the disk too.
    os.truncate(second / FILE, 10)
    assert gongkai.exit_code(["verify", "--data", str(data)]) == 1
    said = capsys.readouterr()
    assert f"{second.name}/{FILE}: has 10 bytes, not " in said.err
    assert f"{first.name}/{FILE}: has 10 bytes, not " in said.err
    assert "2 publications" in said.out
    third = again(data, 3)
    assert versions(data / "public") == [third]
    assert whole(third)
    assert set_aside(data) == [first.name, second.name]
    assert not [fault for fault in verify(data).faults if fault.kind == "published"]
    assert again(data, 4) == third


def test_a_publication_that_fails_leaves_nothing_behind(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    first = make(data, 1)
    monkeypatch.setattr(snapshot, "pack", full)
    with pytest.raises(PublishError, match="No space left"):
        make(data, 2)
    assert list((data / "public").iterdir()) == [first]


def test_what_a_killed_publication_left_is_cleared_before_a_crawl(data: Path) -> None:
    draft = data / "public" / DRAFT
    draft.mkdir(parents=True)
    with hold(data, LOADER):
        unfinished.clear(data)
        assert draft.exists()
    unfinished.clear(data)
    assert not draft.exists()
    unfinished.clear(data / "elsewhere")
    assert not (data / "elsewhere").exists()


def test_a_publication_begins_only_where_there_is_room(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    size = (data / "gongkai.db").stat().st_size
    monkeypatch.delenv("GONGKAI_ROOM", raising=False)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 0, 2 * size - 1))
    with pytest.raises(PublishError, match=r"nothing is published: 2 MB of 1\.0 GB are free on the disk of"):
        make(data, 1)
    assert not versions(data / "public")
    monkeypatch.setenv("GONGKAI_ROOM", "0")
    assert versions(data / "public") == [] != [make(data, 1)]


def test_a_database_that_nothing_was_archived_into_is_not_published(data: Path) -> None:
    for table in ("capture", "run", "report"):
        change(data, f"DELETE FROM {table}")
    with pytest.raises(PublishError, match=r"gongkai\.db holds nothing"):
        make(data, 1)
    assert not (data / "public").exists()
