"""An index that is damaged, deleted or built by several at once is never more than a delay."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from archive import index, index_file, runs
from archive.captures import DETAIL, Context
from archive.errors import IndexDamaged
from archive.exchanges import Exchange
from archive.index import Index
from archive.verify import verify

DATE = "2026-01-31T00:00:00Z"
CAPTURES = 400
VERDICT = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}
ROOT = Path(__file__).parents[2]


def exchange(number: int, portal: str = "p") -> Exchange:
    context = Context(role=DETAIL, portal=portal, link_text="报告" * 40)
    return Exchange(
        f"http://h/{number}", "GET", (), b"", 200, "", (), b"x" * number, DATE, str(number), context
    )


def write_run(data: Path, portal: str = "p", captures: int = CAPTURES) -> Path:
    writer = runs.RunWriter(data / "warc", portal, "20260131T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": {}})
    for number in range(captures):
        writer.store(exchange(number, portal))
    writer.tell(runs.ENDED, DATE, VERDICT)
    return writer.seal()


def everything(data: Path) -> list[dict[str, object]]:
    with Index(data) as made:
        return [row for table in ("run", "capture") for row in made.rows(table)]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    write_run(tmp_path)
    with Index(tmp_path) as made:
        made.catch_up()
    return tmp_path


def use(data: Path) -> None:
    """Do all that commands do with an index."""
    with Index(data) as made:
        made.catch_up()
        made.known_documents("p", "20270101T000000Z"), made.columns("p"), made.before("p")
        made.repeatable("p", "20270101T000000Z")
        waiting = made.pending()
        made.capture(waiting[0])
        made.done(waiting[:3])
        made.documents()


@pytest.mark.parametrize("seed", range(0, 12, 2))
def test_a_file_damaged_anywhere_is_built_anew_while_it_is_used(built: Path, seed: int) -> None:
    whole = everything(built)
    path, chance = built / "captures.db", random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(1 + seed):
        page = chance.randrange(1, len(data) // 4096)
        data[page * 4096 : page * 4096 + 4096] = chance.randbytes(4096)
    path.write_bytes(data)
    use(built)
    for attempt in range(2):
        try:
            assert everything(built) == whole
            break
        except IndexDamaged as error:
            assert "start again" in str(error)
            assert attempt == 0, "once told, it has been built anew"
    assert verify(built).faults == []


def test_what_is_not_damage_throws_nothing_away(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (built / "captures.db").stat().st_ino
    with Index(built) as made:
        with pytest.raises(sqlite3.ProgrammingError):
            made._file.query("SELECT ?", ())
        with pytest.raises(OSError, match="no such table"):
            made._file.query("SELECT * FROM nowhere")
    assert (built / "captures.db").stat().st_ino == before


def test_a_cut_file_is_built_anew(built: Path) -> None:
    whole = everything(built)
    os.truncate(built / "captures.db", 3 * 4096)
    use(built)
    assert everything(built) == whole


def test_a_deleted_index_that_is_open_harms_neither_the_old_nor_the_new(built: Path) -> None:
    whole = everything(built)
    with Index(built) as old:
        # Its log and shared memory stay behind, in use.
        (built / "captures.db").unlink()
        writer = runs.RunWriter(built / "warc", "p", "20260201T000000Z", {"date": DATE})
        writer.tell(runs.STARTED, DATE, {"portal": {}})
        captures = [writer.store(exchange(number)) for number in range(50)]
        with Index(built) as new:
            new.catch_up()
            old.add(captures)
            assert len(old.pending()) == CAPTURES + 50
            assert len(new.pending()) == CAPTURES + 50
        writer.tell(runs.ENDED, DATE, VERDICT)
        old.know_file(writer.seal())
    use(built)
    assert [row for row in everything(built) if row in whole] == whole
    assert verify(built).faults == []


@pytest.mark.slow
def test_many_that_build_at_once_build_one_index(tmp_path: Path) -> None:
    for portal in ("p", "q"):
        write_run(tmp_path, portal)
    program = (
        "import sys; from pathlib import Path; from archive.index import Index\n"
        "with Index(Path(sys.argv[1])) as index: index.catch_up(); print(len(index.pending()))"
    )
    (tmp_path / "captures.db").write_bytes(b"garbage" * 9999)
    command = [sys.executable, "-c", program, str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(3)]
    assert [process.communicate()[0] for process in started] == [b"%d\n" % (2 * CAPTURES)] * 3
    assert verify(tmp_path).faults == []


def test_others_can_write_while_a_large_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_run(tmp_path)
    monkeypatch.setattr(index, "BATCH", 10)
    reading, go_on = threading.Event(), threading.Event()
    read = runs.read_file

    def slow(path: Path, end: int | None = None):  # type: ignore[no-untyped-def]
        for number, item in enumerate(read(path, end)):
            if number == CAPTURES // 2:
                reading.set()
                assert go_on.wait(30)
            yield item

    monkeypatch.setattr(runs, "read_file", slow)
    with Index(tmp_path) as made:
        thread = threading.Thread(target=made.catch_up)
        thread.start()
        assert reading.wait(30)
        with closing(sqlite3.connect(tmp_path / "captures.db", timeout=0)) as other, other:
            other.execute("REPLACE INTO pending VALUES ('x')")
            # What is read so far is there, and the file is not yet taken for known.
            assert other.execute("SELECT count(*) > 150 FROM capture").fetchone() == (1,)
            assert other.execute("SELECT count(*) FROM file").fetchone() == (0,)
        go_on.set()
        thread.join()
    assert len(everything(tmp_path)) == CAPTURES + 1


def test_a_run_looks_only_at_its_own_portals_files(tmp_path: Path) -> None:
    for portal in ("p", "q"):
        write_run(tmp_path, portal, 2)
    with Index(tmp_path) as made:
        made.catch_up("q")
        assert {row["portal"] for row in made.rows("capture")} == {"q"}
        made.catch_up()
        assert {row["portal"] for row in made.rows("capture")} == {"p", "q"}


def test_each_file_of_a_run_tells_what_the_run_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "FILE_LIMIT", 1)
    write_run(tmp_path, captures=2)
    # Killed, and continued by another writer: it too knows.
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260201T000000Z", {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": {"title": "样例"}})
    writer.close()
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260201T000000Z", {"date": DATE})
    writer.store(exchange(1))
    writer.tell(runs.ENDED, DATE, VERDICT)
    writer.seal()
    files = sorted((tmp_path / "warc" / "p").iterdir())
    assert len(files) == 5
    for path in files:
        first = next(runs.read_file(path))
        assert isinstance(first, runs.Event)
        assert first.kind == runs.STARTED
    files[3].unlink()
    with Index(tmp_path) as made:
        made.catch_up()
        (row,) = (row for row in made.rows("run") if row["id"] == "p/20260201T000000Z")
        assert "样例" in row["declaration"]


def test_a_full_file_left_open_by_a_kill_is_sealed_by_the_next_start(tmp_path: Path) -> None:
    path = write_run(tmp_path, captures=2)
    path.rename(path.with_name(path.name + ".open"))
    second = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    second.close()
    (path.parent / (path.name.replace("-00000", "-00001") + ".open")).write_bytes(b"")
    runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE}).close()
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".gz", ".open"]


def test_only_what_is_on_the_disk_is_read_of_an_open_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.store(exchange(1))
    synced = index.disk.sync_file

    def written_meanwhile(path: Path) -> int:
        size = synced(path)
        writer.store(exchange(2))
        return size

    monkeypatch.setattr(index.disk, "sync_file", written_meanwhile)
    with Index(tmp_path) as made:
        assert made.catch_up() == []
        assert [row["url"] for row in made.rows("capture")] == ["http://h/1"]
    writer.close()


def test_errors_that_are_damage_are_told_from_others() -> None:
    assert index_file.is_damage(index_file.Unusable("index of version 1"))
    assert not index_file.is_damage(sqlite3.OperationalError("disk I/O error"))
