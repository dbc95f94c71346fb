"""Where the locks of public hosts lie, and whose they are."""

import os
from pathlib import Path

import pytest

from archive import locks
from archive.errors import LockHeld


def test_all_archives_of_a_user_share_one_folder_whatever_their_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGKAI_LOCKS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", "/nowhere")
    assert locks.machine_folder() == tmp_path / ".cache" / "gongkai"
    assert locks.machine_folder().stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("GONGKAI_LOCKS", "/srv/locks")
    assert locks.machine_folder() == Path("/srv/locks")


def test_a_folder_that_leads_elsewhere_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_LOCKS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "gongkai").symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="not ours"):
        locks.machine_folder()


def test_without_a_home_it_is_said_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_LOCKS", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(OSError, match="GONGKAI_LOCKS"):
        locks.machine_folder()


def test_a_lock_that_is_held_says_who_holds_it(tmp_path: Path) -> None:
    with locks.hold(tmp_path, "portal x"), pytest.raises(LockHeld, match=str(os.getpid())):  # noqa: SIM117
        with locks.hold(tmp_path, "portal x"):
            pass
