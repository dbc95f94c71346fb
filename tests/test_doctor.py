"""`gongkai doctor`: what is in order is said to be, and each fault is found and comes with its remedy."""

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import gongkai
from archive.index import Index
from archive.locks import hold, portal_lock
from crawler import doctor
from crawler.doctor import ERROR, OK, WARNING, Check
from pipelines import schema
from tests import sample_archive

CONTACT = "me@example.org"

Looked = Callable[..., dict[str, Check]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an archive in which nothing is wrong."""
    monkeypatch.setenv("GONGKAI_LOCKS", str(tmp_path / "machine"))
    monkeypatch.setenv("GONGKAI_NOTIFY", "true 'portal'")
    monkeypatch.delenv("GONGKAI_SIGNING_KEY", raising=False)
    folder = tmp_path / "data"
    folder.mkdir()
    sample_archive.load(folder / "gongkai.db")
    Index(folder).close()
    return folder


def portals(folder: Path, *, local: bool) -> Path:
    file = folder / "portals.toml"
    host = "127.0.0.1:9" if local else "a.example"
    file.write_text(
        f'[one]\ntitle = "样例"\ndivision = "990300"\nhome = "http://{host}/"\nhosts = ["{host}"]\nseen = "t"\n'
        f"local = {str(local).lower()}\n"
    )
    return file


@pytest.fixture
def look(data: Path) -> Looked:
    def examine(
        contact: str = CONTACT, *, local: bool = False, behind: timedelta = timedelta()
    ) -> dict[str, Check]:
        files = [portals(data.parent, local=local)]
        checks = doctor.examine(data, files, contact, datetime.now(UTC) - behind, schema.VERSION)
        return {check.name: check for check in checks}

    return examine


def test_a_machine_in_order_has_no_error(look: Looked) -> None:
    checks = look()
    assert [check.line() for check in checks.values() if check.state == ERROR] == []
    assert {name for name, check in checks.items() if check.state == WARNING} <= {
        "soffice",
        "antiword",
        "disk",
    }
    assert set(checks) == {
        "python", "portals", "contact", "data", "disk", "soffice", "antiword", "notify", "signing",
        "clock", "database", "index", "publication", "locks"
    }  # fmt: skip
    assert all(check.remedy for check in checks.values() if check.state != OK)


@pytest.mark.parametrize(
    ("contact", "local", "state"),
    [("", False, ERROR), ("nobody", False, ERROR), ("", True, WARNING), ("https://a.example/", False, OK)],
)
def test_without_a_contact_no_public_portal_can_be_crawled(
    look: Looked, contact: str, local: bool, state: str
) -> None:
    assert look(contact, local=local)["contact"].state == state


def test_portals_that_nobody_confirmed_and_wrong_declarations_are_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.registry.REGISTRY", data)
    (none, _) = doctor._portals([], CONTACT)
    assert (none.state, none.said) == (WARNING, "0 confirmed of 0 declared")
    wrong = data / "wrong.toml"
    wrong.write_text("[one]\n")
    (bad, _) = doctor._portals([wrong], CONTACT)
    assert (bad.state, "'title' is missing" in bad.said) == (ERROR, True)


def test_a_disk_that_is_nearly_full_is_a_warning(look: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    for total, free, state in ((100e9, 9e9, WARNING), (20e9, 4.9e9, WARNING), (50e9, 5.1e9, OK)):
        now = usage(total, total - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, now=now: now)
        assert look()["disk"].state == state


def test_a_disk_on_which_no_crawl_begins_is_an_error(look: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1e9, 0.6e9, 0.4e9))
    assert (look()["disk"].state, "a crawl leaves 5" in look()["disk"].said) == (ERROR, True)
    monkeypatch.setenv("GONGKAI_ROOM", "300")
    assert look()["disk"].state == WARNING
    monkeypatch.setenv("GONGKAI_ROOM", "much")
    assert (look()["disk"].state, "'much'" in look()["disk"].said) == (ERROR, True)


def test_a_data_folder_that_cannot_be_written_or_made_is_an_error() -> None:
    assert doctor._writable(Path("/proc/nowhere/data")).state == ERROR
    assert doctor._writable(Path("/dev/shm/nowhere/data")).said == "/dev/shm/nowhere/data can be made"


def test_a_missing_program_is_a_warning_with_its_package(
    look: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    checks = look()
    assert checks["soffice"].state == checks["antiword"].state == WARNING
    assert checks["antiword"].remedy == "apt install antiword"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "is not set"),
        (" ", "is not set"),
        ("no-such-mailer 'to me'", "'no-such-mailer' is missing"),
        ("/etc/passwd", "is missing"),
        ("mail 'to me", "cannot be read as words"),
    ],
)
def test_notices_that_reach_nobody_are_a_warning(
    look: Looked, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    assert look()["notify"].state == OK
    monkeypatch.setenv("GONGKAI_NOTIFY", command)
    found = look()["notify"]
    assert (found.state, said in found.said, "to me" in found.line()) == (WARNING, True, False)


def test_a_key_that_cannot_sign_is_a_warning(
    look: Looked, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = data.parent / "key"
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", str(key))
    assert (look()["signing"].state, str(key) in look()["signing"].said) == (WARNING, True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    assert look()["signing"].state == OK


def test_nothing_that_is_archived_may_lie_in_the_future(look: Looked, data: Path) -> None:
    assert look()["clock"].state == OK
    assert look(behind=timedelta(days=3))["clock"].state == ERROR
    file = data / "warc" / "one" / "one-20260101T000000Z-00000.warc.gz"
    file.parent.mkdir()
    file.touch()
    later = time.time() + 3600
    os.utime(file, (later, later))
    assert f"and {file.name} is of" in look()["clock"].said
    file.unlink()
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        db.execute("INSERT INTO capture (id, fetched_at) VALUES ('x', '2036-01-01T00:00:00Z')")
    assert "a capture is of 2036-01-01" in look()["clock"].said
    (data / "wrong-days").write_text("2036-01-01\n")
    assert look()["clock"].state == OK, "somebody has said whose fault that was"
    # A lock says when a host may be asked next: that lies ahead.
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        db.execute("DELETE FROM capture")
    (data / "locks" / "host.lock").touch()
    os.utime(data / "locks" / "host.lock", (later, later))
    assert look()["clock"].state == OK


def test_a_damaged_or_newer_database_is_an_error_and_an_older_one_is_not(look: Looked, data: Path) -> None:
    path = data / "gongkai.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    newer = look()["database"]
    assert (newer.state, newer.remedy) == (ERROR, "update the program")
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION - 1}")
    assert look()["database"].state == OK
    whole = path.read_bytes()
    half = len(whole) // 2
    path.write_bytes(whole[:half] + b"\xff" * 8192 + whole[half + 8192 :])
    assert look()["database"].state == ERROR
    path.write_bytes(b"no database at all" * 99)
    assert look()["database"].state == ERROR
    path.unlink()
    assert look()["database"].state == OK


def test_a_damaged_index_is_a_warning_as_it_is_built_anew(look: Looked, data: Path) -> None:
    (data / "captures.db").write_bytes(b"no database at all" * 99)
    found = look()["index"]
    assert (found.state, "built anew" in found.remedy) == (WARNING, True)


def test_a_lock_that_is_held_is_named_with_its_holder_and_not_taken(look: Looked, data: Path) -> None:
    assert look()["locks"].said == "none is held"
    with hold(data, portal_lock("one")):
        checks = look()["locks"]
        assert (checks.state, checks.said.startswith(f"held: portal_one (process {os.getpid()}")) == (
            OK,
            True,
        )
    assert look()["locks"].said == "none is held", "what a gone process wrote means nothing"


def test_the_command_says_each_in_a_line_or_as_json_and_its_code_is_1_for_an_error(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["doctor", "--data", str(data), "--portals", str(portals(data.parent, local=False))]
    monkeypatch.setenv("GONGKAI_CONTACT", CONTACT)
    assert gongkai.exit_code(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    monkeypatch.setenv("GONGKAI_CONTACT", "")
    assert gongkai.exit_code([*arguments, "--json"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["name"] for each in found] == [line[9:].partition(":")[0] for line in lines]
    assert {"name", "state", "said", "remedy"} == set(found[0])
    assert [each["name"] for each in found if each["state"] == "error"] == ["contact"]
