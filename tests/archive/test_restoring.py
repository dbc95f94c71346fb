"""Which files of a backup are restored, and what is refused: nothing is guessed, nothing overwritten."""

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive import backups, locks, restoring
from archive.errors import LockHeld, RestoreError

NAME = "p-20260131T000000Z-00000.warc.gz"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Return another machine's data folder, with a file of each kind."""
    data = tmp_path / "backup"
    put(data / "warc/p" / NAME, b"sealed")
    put(data / "imports/0123456789abcdef-old.warc.gz", b"foreign")
    put(data / "journal.jsonl", b'{"kind": "x"}\n')
    put(data / "captures.db", b"derived")
    return data


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def restore(data: Path, *given: Path) -> tuple[int, int]:
    plan = backups.gather(given, data)
    with restoring.held(data, plan):
        return restoring.take(data, plan)


def files(data: Path) -> dict[str, bytes]:
    found = (path for path in data.rglob("*") if path.is_file() and path.parent.name != "locks")
    return {str(path.relative_to(data)): path.read_bytes() for path in found}


def test_a_data_folder_gives_what_cannot_be_made_again(tmp_path: Path, backup: Path) -> None:
    put(backup / "imports/x.part", b"half")
    data = tmp_path / "deep" / "data"
    assert restore(data, backup) == (3, 0)
    assert files(data) == {
        f"warc/p/{NAME}": b"sealed",
        "imports/0123456789abcdef-old.warc.gz": b"foreign",
        "journal.jsonl": b'{"kind": "x"}\n',
    }
    assert restore(data, backup) == (0, 3), "it may be run again"


@pytest.mark.parametrize("given", ["warc", "warc/p", f"warc/p/{NAME}"])
def test_warc_files_are_taken_from_any_level(tmp_path: Path, backup: Path, given: str) -> None:
    data = tmp_path / "data"
    restore(data, backup / given, backup / "journal.jsonl", backup / "imports")
    assert len(files(data)) == 3
    assert files(data)[f"warc/p/{NAME}"] == b"sealed"


def test_the_restored_archive_shares_no_bytes_with_the_backup(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    restore(data, backup)
    with (data / "journal.jsonl").open("ab") as file:
        file.write(b"more\n")
    assert (backup / "journal.jsonl").read_bytes() == b'{"kind": "x"}\n'
    assert restore(data, backup) == (0, 3), "a journal that went on is the same journal"


@pytest.mark.parametrize("path", [f"warc/p/{NAME}", "journal.jsonl", "imports/0123456789abcdef-old.warc.gz"])
@pytest.mark.parametrize("content", [b"xealed", b'{"kind": "y"}\n', b"", b"sealed and more"])
def test_a_file_with_other_bytes_is_refused(tmp_path: Path, backup: Path, path: str, content: bytes) -> None:
    data = tmp_path / "data"
    there = put(data / path, content)
    put(data / "warc/p" / NAME, content if path.startswith("warc") else b"sealed")
    with pytest.raises(RestoreError, match="other bytes") as told:
        restore(data, backup)
    assert str(there) in str(told.value)
    assert str(backup / path) in str(told.value)
    assert there.read_bytes() == content


def test_two_sources_that_contradict_each_other_are_refused(tmp_path: Path, backup: Path) -> None:
    other = put(tmp_path / "other" / NAME, b"otherwise")
    with pytest.raises(RestoreError, match="one name and other bytes") as told:
        restore(tmp_path / "data", backup, other)
    assert str(other) in str(told.value)
    put(other, b"sealed")
    restore(tmp_path / "data", backup, other)


def test_of_two_open_copies_the_longer_is_taken_and_a_sealed_one_before_both(tmp_path: Path) -> None:
    short = put(tmp_path / "1" / f"{NAME}.open", b"abc")
    long = put(tmp_path / "2" / f"{NAME}.open", b"abcdef")
    for number, given in enumerate([(short, long), (long, short)]):
        restore(tmp_path / f"data{number}", *given)
        assert files(tmp_path / f"data{number}") == {f"warc/p/{NAME}.open": b"abcdef"}
    sealed = put(tmp_path / "3" / NAME, b"abcdefgh")
    restore(tmp_path / "data", short, sealed)
    assert files(tmp_path / "data") == {f"warc/p/{NAME}": b"abcdefgh"}
    assert restore(tmp_path / "data", long) == (0, 1), "what was sealed since is not opened again"
    with pytest.raises(RestoreError, match="other bytes"):
        restore(tmp_path / "data0", sealed)


def test_a_target_that_holds_another_archive_is_refused(tmp_path: Path, backup: Path) -> None:
    put(tmp_path / "a/warc/q/q-20260131T000000Z-00000.warc.gz", b"other")
    put(tmp_path / "b/gongkai.db", b"other")
    for name in "ab":
        before = files(tmp_path / name)
        with pytest.raises(RestoreError, match="holds another archive"):
            restore(tmp_path / name, backup)
        assert files(tmp_path / name) == before


@pytest.mark.parametrize("given", ["", "warc", f"warc/p/{NAME}"])
def test_restoring_an_archive_onto_itself_is_refused(backup: Path, given: str) -> None:
    with pytest.raises(RestoreError, match="the archive that is to be restored"):
        restore(backup, backup / given)


def test_what_holds_nothing_is_refused(tmp_path: Path, backup: Path) -> None:
    put(tmp_path / "nothing/notes.txt", b"x")
    put(tmp_path / "foreign/crawl.warc.gz", b"x")
    for name, why in (("nothing", "no WARC file"), ("foreign", "crawl.warc.gz is not a name")):
        with pytest.raises(RestoreError, match=why):
            restore(tmp_path / "data", backup, tmp_path / name)
    with pytest.raises(RestoreError, match="no WARC file in it"):
        restore(tmp_path / "data", backup / "journal.jsonl")
    assert not (tmp_path / "data").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path, backup: Path) -> None:
    data = tmp_path / "data"
    for name in (locks.portal_lock("p"), locks.LOADER, backups.IMPORTS):
        with locks.hold(data, name), pytest.raises(LockHeld):
            restore(data, backup)
    assert files(data) == {}


def test_a_full_disk_is_one_error_and_what_was_half_copied_is_cleared(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    with monkeypatch.context() as patched:
        patched.setattr("archive.disk.sync_file", full)
        with pytest.raises(RestoreError, match=f"{NAME} could not be copied .* No space left on device"):
            restore(data, backup)
    (part,) = files(data)
    assert part == f"warc/p/{NAME.partition('.')[0]}.part"
    # Nor does one stay whose file is not among what is restored now.
    put(data / "warc/p/p-20250131T000000Z-00000.part", b"half")
    put(data / "imports/x.part", b"half")
    restore(data, backup)
    assert len(files(data)) == 3


def full(_path: Path) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_copy_that_is_not_what_was_read_is_told(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    @contextmanager
    def failing(path: Path, mode: str = "r", *rest: Any) -> Iterator[Any]:
        with opened(path, mode, *rest) as file:
            yield Lossy(file) if mode == "wb" else file

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(RestoreError, match="one of the disks is failing"):
        restore(tmp_path / "data", backup)
    assert not list((tmp_path / "data").rglob("*.gz"))


class Lossy:
    """A file on a disk that keeps something else than what is written."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(bytes(len(data)))
