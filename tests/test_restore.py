"""An archive restored onto an empty machine, in whole processes: equal, from whatever was kept, and after a kill."""

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import cited
from archive.index import Index
from archive.publish import DATABASE, newest
from archive.verify import verify
from pipelines.load import Loader
from tests.test_demo import free_ports

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
GONGKAI = [sys.executable, "-m", "gongkai"]
SECONDS = 240


def start(*command: object, port: int = 0) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GONGKAI_SPECIMEN_PORT": str(port),
        "GONGKAI_CONTACT": "",
    }
    return subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(*arguments: object, port: int = 0, code: int = 0) -> str:
    """Run gongkai, and return all that it said; it must end with that code."""
    with start(*GONGKAI, *arguments, port=port) as process:
        said = "".join(process.communicate(timeout=SECONDS))
    assert process.returncode == code, said
    assert "Traceback" not in said
    return said


def dump(data: Path) -> list[str]:
    return run("dump", "--canonical", "--data", data).splitlines()


@dataclass(frozen=True)
class Kept:
    """What was kept of an archive, and what it dumped; `plain` before anybody corrected anything."""

    folder: Path
    version: Path
    dumped: list[str]
    plain: list[str]
    port: int

    @property
    def warc(self) -> Path:
        return self.folder / "warc"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return the data folder of a demo in which people corrected something, and withdrew a part of it."""
    data, port = tmp_path_factory.mktemp("kept"), free_ports()
    run("demo", "--no-serve", "--data", data, port=port)
    plain = dump(data)
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        (report, other) = [row for (row,) in db.execute("SELECT id FROM report ORDER BY id LIMIT 2")]
    people = ("--data", data, "--by", "李明", "--reason", "看错")
    run("correction", "add", *people, report, "requests.received_new.total", "12345")
    said = run("correction", "add", *people, other, "year", "1999")
    run("correction", "withdraw", *people, said.split()[1].rstrip(":"))
    run("publish", "--data", data)
    version = newest(data / "public")
    assert version
    dumped = dump(data)
    assert len(dumped) == len(plain) + 2
    return Kept(data, version, dumped, plain, port)


def test_from_the_warc_folder_and_the_journal_an_equal_archive_comes(kept: Kept, tmp_path: Path) -> None:
    data = tmp_path / "data"
    said = run("restore", kept.warc, kept.folder / "journal.jsonl", "--data", data)
    assert dump(data) == kept.dumped
    assert re.search(r"^published ", said, re.M)
    assert verify(data).faults == []
    for path in kept.warc.glob("*/*"):
        copy = data / path.relative_to(kept.folder)
        assert copy.read_bytes() == path.read_bytes()
        assert copy.stat().st_ino != path.stat().st_ino


def test_where_the_journal_is_lost_corrections_come_from_the_publication(kept: Kept, tmp_path: Path) -> None:
    data = tmp_path / "data"
    said = run("restore", kept.warc, kept.version, "--data", data)
    assert dump(data) == kept.dumped
    assert "equal       as many rows" in said
    # Citations of versions from before the loss are answered still.
    restored = newest(data / "public")
    assert restored
    with closing(cited.opened(restored / DATABASE, kept.version.name)) as db:
        reports = db.execute("SELECT id, title, from_version FROM report ORDER BY id").fetchall()
    with closing(sqlite3.connect(kept.version / DATABASE)) as db:
        assert db.execute("SELECT id, title, from_version FROM report ORDER BY id").fetchall() == reports
    written = (data / "journal.jsonl").read_text().splitlines()
    entries, originals = (
        [json.loads(line) for line in lines]
        for lines in (written, (kept.folder / "journal.jsonl").read_text().splitlines())
    )
    assert {entry.pop("rebuilt_from") for entry in entries} == {kept.version.name}
    by_what = lambda entry: (entry["kind"], entry["id"])  # noqa: E731
    assert sorted(entries, key=by_what) == sorted(originals, key=by_what)
    run("restore", kept.warc, kept.version, "--data", data)
    assert (data / "journal.jsonl").read_text().splitlines() == written
    # The rebuilt journal is as good as the first: the database can be lost again.
    (data / "gongkai.db").unlink()
    run("extract", "--all", "--data", data, code=1)
    assert dump(data) == kept.dumped


def test_what_was_withheld_stays_so_where_the_journal_is_lost(kept: Kept, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    run("restore", kept.warc, "--data", first)
    query = "SELECT min(id) FROM capture WHERE reading = 'report' GROUP BY digest ORDER BY 1 LIMIT 2"
    with closing(sqlite3.connect(first / "gongkai.db")) as db:
        (shown, lifted) = [identity for (identity,) in db.execute(query)]
    for identity, *more in ((shown,), (lifted,), (lifted, "--lift")):
        run("withhold", identity, *more, "--by", "李明", "--reason", "含申请人姓名", "--data", first)
    run("publish", "--data", first)
    version = newest(first / "public")
    assert version
    assert "3 entries rebuilt" in run("restore", kept.warc, version, "--data", second)
    assert newest_content(second) == newest_content(first)
    assert dump(second) == dump(first)


def newest_content(data: Path) -> object:
    version = newest(data / "public")
    assert version
    with closing(sqlite3.connect(version / "gongkai.db")) as db:
        return [
            db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("withheld", "section", "report")
        ]


def test_from_a_whole_data_folder_with_an_older_journal(kept: Kept, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(kept.warc, backup / "warc")
    first = (kept.folder / "journal.jsonl").read_bytes().splitlines(keepends=True)[0]
    (backup / "journal.jsonl").write_bytes(first)
    data = tmp_path / "data"
    assert "2 entries rebuilt" in run("restore", backup, kept.version, "--data", data)
    assert (data / "journal.jsonl").read_bytes().startswith(first)
    assert dump(data) == kept.dumped


MOMENTS = [
    ("archive.restoring:_copy", 3),
    ("archive.disk:sync_file", 2),
    ("pipelines.journal:append", 2),
    ("archive.index:_steps", 3),
    ("pipelines.replacement:replace", 50),
    ("pipelines.covering:write", 1),
    ("archive.restoring:_copy", 20),
    ("archive.publish:_stands", 1),
]


@pytest.mark.parametrize(("moment", "nth"), MOMENTS)
def test_killed_in_the_middle_and_run_again_it_is_as_if_it_had_not_been(
    kept: Kept, tmp_path: Path, moment: str, nth: int
) -> None:
    data = tmp_path / "data"
    command = ("restore", kept.warc, kept.version, "--data", data)
    with start(sys.executable, "-m", "tests.killing", moment, nth, *command) as process:
        said = "".join(process.communicate(timeout=SECONDS))
    assert process.returncode == -signal.SIGKILL, said
    parts = list(data.rglob("*.part"))
    assert len(parts) == (moment == "archive.disk:sync_file")
    for part in parts:
        os.truncate(part, part.stat().st_size // 2)
    run(*command)
    assert dump(data) == kept.dumped
    assert verify(data).faults == []
    assert not list(data.rglob("*.part"))
    assert {path.name for path in (data / "public").iterdir()} == {newest(data / "public").name}  # type: ignore[union-attr]


def test_killed_from_outside_at_some_moment_too(kept: Kept, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for seconds in (0.7, 1.2, 1.8, 2.5):
        with start(*GONGKAI, "restore", kept.folder, "--data", data) as process:
            time.sleep(seconds)
            process.kill()
            process.communicate()
    run("restore", kept.folder, "--data", data)
    assert dump(data) == kept.dumped


def test_a_flipped_byte_is_restored_as_it_is_and_told(kept: Kept, tmp_path: Path) -> None:
    shutil.copytree(kept.warc, tmp_path / "warc")
    path = sorted((tmp_path / "warc").glob("*/*.warc.gz"))[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    data = tmp_path / "data"
    said = run("restore", tmp_path / "warc", "--data", data, code=1)
    assert re.search(rf"^damaged +{re.escape(path.name)}: ", said, re.M)
    assert (data / "warc" / path.parent.name / path.name).read_bytes() == content


def test_what_is_missing_against_the_publication_is_told(kept: Kept, tmp_path: Path) -> None:
    folders, data = sorted(kept.warc.iterdir())[1:], tmp_path / "data"
    said = run("restore", *folders, kept.version, "--data", data, code=1)
    assert re.search(r"^differs +report: 72 rows published, \d+ restored$", said, re.M)
    # Nothing less is published until somebody says why, by whatever command.
    assert "stopped     reports that were published and are no more" in said
    run("publish", "--data", data, code=1)
    assert [path.name for path in (data / "public").iterdir()] == [kept.version.name]
    run("publish", "--accept", "a portal's files are lost", "--data", data)
    restored = newest(data / "public")
    assert restored
    with closing(cited.opened(restored / DATABASE, kept.version.name)) as db:
        assert db.execute("SELECT count(*) FROM report").fetchone() == (72,)


def test_what_was_read_otherwise_comes_from_the_publication(kept: Kept, tmp_path: Path) -> None:
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    run("restore", kept.warc, "--data", first)
    with closing(sqlite3.connect(first / "gongkai.db")) as db, db:
        db.execute("UPDATE cell SET value = 7, text = '7' WHERE item = (SELECT min(item) FROM cell)")
    run("extract", "--all", "--reason", "misread", "--data", first, code=1)
    run("publish", "--data", first)
    version = newest(first / "public")
    assert version
    assert reextractions(first) != ([], [])
    assert "1 entries rebuilt" in run("restore", kept.warc, version, "--data", second)
    assert reextractions(second) == reextractions(first)
    assert (second / "journal.jsonl").read_text().replace(f', "rebuilt_from": "{version.name}"', "") == (
        first / "journal.jsonl"
    ).read_text()
    # Where there is the journal and no publication, when and why is known still.
    run("restore", kept.warc, first / "journal.jsonl", "--data", third)
    assert reextractions(third) == (reextractions(first)[0], [])


def reextractions(data: Path) -> tuple[list[object], list[object]]:
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        found = [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("reextraction", "reread")]
        return found[0].fetchall(), found[1].fetchall()


def test_a_folder_in_which_a_mistyped_command_left_empty_databases_may_be_restored_into(
    kept: Kept, tmp_path: Path
) -> None:
    Index(tmp_path).close()
    Loader(tmp_path / "gongkai.db", "1").close()
    assert (tmp_path / "captures.db").is_file()
    run("restore", kept.warc, kept.folder / "journal.jsonl", "--data", tmp_path)
    assert dump(tmp_path) == kept.dumped
    shutil.rmtree(tmp_path / "warc")
    assert "holds another archive" in one_error(kept.warc, "--data", tmp_path)


def test_a_publication_that_is_damaged_is_refused(kept: Kept, tmp_path: Path) -> None:
    version = shutil.copytree(kept.version, tmp_path / kept.version.name)
    with (version / "gongkai.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    said = run("restore", kept.warc, version, "--data", tmp_path / "data", code=3)
    assert said.count("\n") == 1
    assert f"{version}/gongkai.db is damaged" in said
    assert not (tmp_path / "data").exists()


def one_error(*arguments: object) -> str:
    said = run("restore", *arguments, code=3)
    assert said.count("\n") == 1, said
    return said


def test_what_cannot_be_restored_is_one_clear_error(kept: Kept, tmp_path: Path) -> None:
    assert "lies in" in one_error(kept.warc, "--data", kept.folder)
    assert "holds no WARC file" in one_error(kept.folder / "locks", "--data", tmp_path / "data")
    assert "everything else is made from these" in one_error(kept.version, "--data", tmp_path / "data")
    path = sorted(kept.warc.glob("*/*"))[0]
    other = tmp_path / "data/warc" / path.parent.name / path.name
    other.parent.mkdir(parents=True)
    other.write_bytes(b"other")
    said = one_error(kept.warc, "--data", tmp_path / "data")
    assert str(other) in said
    assert str(path) in said
    assert other.read_bytes() == b"other"


def test_what_has_no_room_is_told_and_goes_on_where_it_has(kept: Kept, tmp_path: Path) -> None:
    biggest = max(path.stat().st_size for path in kept.warc.glob("*/*"))
    limited = ["prlimit", f"--fsize={biggest - 1}"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    with start(*limited, *GONGKAI, "restore", kept.folder, "--data", tmp_path / "data") as process:
        said = "".join(process.communicate(timeout=SECONDS))
    assert process.returncode == 3, said
    assert "could not be copied" in said
    assert "File too large" in said
    run("restore", kept.folder, "--data", tmp_path / "data")
    assert dump(tmp_path / "data") == kept.dumped


def test_an_interrupted_run_is_restored_and_continued_by_the_next_crawl(kept: Kept, tmp_path: Path) -> None:
    before, data = tmp_path / "before", tmp_path / "data"
    with start(*GONGKAI, "demo", "--no-serve", "--data", before, port=kept.port) as process:
        until = time.monotonic() + 60
        while sum(path.stat().st_size for path in before.glob("warc/*/*.open")) < 30_000:
            assert time.monotonic() < until
            time.sleep(0.005)
        process.kill()
        process.communicate()
    assert list(before.glob("warc/*/*.open"))
    said = run("restore", before / "warc", "--data", data)
    assert "not_sealed" in said
    run("demo", "--no-serve", "--data", data, port=kept.port)
    assert dump(data) == kept.plain
    with closing(sqlite3.connect(data / "captures.db")) as db:
        assert db.execute("SELECT max(interruptions) FROM run").fetchone() == (1,)
    assert verify(data).faults == []
