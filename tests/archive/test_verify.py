"""Every record is proved, every fault is told, and what can be mended is."""

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import runs, warc
from archive.captures import DETAIL, Context
from archive.exchanges import Exchange
from archive.index import Index
from archive.verify import Fault, Proof, mend, verify

DATE = "2026-01-31T00:00:00Z"
RUN = "20260131T000000Z"


VERDICT = {**dict.fromkeys(runs.ENDED_FIELDS, 0), "outcome": "ok", "skips": [], "asked": []}


def exchange(url: str, body: bytes) -> Exchange:
    context = Context(role=DETAIL, link_text="报告")
    return Exchange(url, "GET", (), b"", 200, "", (), body, DATE, url, context)


def begin(data: Path, run: str = RUN) -> runs.RunWriter:
    writer = runs.RunWriter(data / "warc", "p", run, {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": {}})
    return writer


def end(writer: runs.RunWriter) -> Path:
    writer.tell(runs.ENDED, DATE, VERDICT)
    return writer.seal()


def write_run(data: Path, *, seal: bool = True, documents: int = 4) -> Path:
    writer = begin(data)
    for number in range(documents):
        body = f"<p>{number}".encode() * 50
        writer.store(exchange(f"http://h/{number}", body))
    if seal:
        end(writer)
    else:
        writer.close()
    with Index(data) as index:
        index.catch_up()
    return next((data / "warc" / "p").iterdir())


def kinds(proof: Proof) -> list[str]:
    return sorted(fault.kind for fault in proof.faults)


def captures(data: Path) -> list[str]:
    with Index(data) as index:
        return [row["url"] for row in index.rows("capture")]


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x04
    path.write_bytes(data)


def test_a_whole_archive_is_proved_without_fault(tmp_path: Path) -> None:
    write_run(tmp_path)
    proof = verify(tmp_path)
    assert (proof.files, proof.records, proof.responses, proof.faults) == (1, 15, 4, [])


def test_a_flipped_bit_is_told_the_rest_is_kept_and_the_capture_is_asked_again(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    with Index(tmp_path) as index:
        row = next(row for row in index.rows("capture") if row["url"] == "http://h/1")
    flip(path, row["offset"] + row["length"] // 2)
    proof = verify(tmp_path)
    assert kinds(proof) == ["damaged", "lost"]
    assert str(row["offset"]) in proof.faults[0].detail
    mend(tmp_path, proof)
    assert sorted(captures(tmp_path)) == ["http://h/0", "http://h/2", "http://h/3"]
    assert kinds(verify(tmp_path)) == ["damaged"], "damaged bytes are told for ever, and never touched"


@pytest.mark.slow
def test_a_torn_tail_is_told_and_mended_at_every_byte(tmp_path: Path) -> None:
    path = write_run(tmp_path, seal=False, documents=2)
    whole = path.read_bytes()
    request, _, last = list(warc.read(path))[-3:]
    # An exchange without its metadata cannot be used, so all of it is cut off.
    for cut in range(1, last.length + 1):
        path.write_bytes(whole[:-cut])
        proof = verify(tmp_path)
        assert "torn" in kinds(proof), cut
        mend(tmp_path, proof)
        assert path.stat().st_size == request.offset
        assert kinds(verify(tmp_path)) == ["not_sealed"]


def test_an_index_that_lies_is_found_out_and_built_anew(tmp_path: Path) -> None:
    write_run(tmp_path)
    with closing(sqlite3.connect(tmp_path / "captures.db")) as db, db:
        db.execute("UPDATE capture SET offset = offset + 1 WHERE url = 'http://h/0'")
        db.execute("UPDATE capture SET digest = 'x' WHERE url = 'http://h/1'")
        db.execute("DELETE FROM capture WHERE url = 'http://h/2'")
        db.execute("UPDATE capture SET link_text = 'x' WHERE url = 'http://h/3'")
    proof = verify(tmp_path)
    assert kinds(proof) == ["index_differs", "index_differs", "index_differs", "not_indexed"]
    assert [fault.detail.rpartition(" ")[2] for fault in proof.faults if fault.kind == "index_differs"] == [
        "offset",
        "digest",
        "link_text",
    ]
    mend(tmp_path, proof)
    assert verify(tmp_path).faults == []


def test_a_file_that_was_renamed_or_is_strange_is_told(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    path.rename(path.with_name(f"p-{RUN}-00007.warc.gz"))
    (path.parent / "notes.txt").write_text("x")
    assert "misnamed" in kinds(verify(tmp_path))
    assert (
        Fault("misnamed", "notes.txt", "notes.txt is not a name of the archive's files")
        in verify(tmp_path).faults
    )


def test_a_file_that_is_gone_is_told_for_each_of_its_captures(tmp_path: Path) -> None:
    write_run(tmp_path).unlink()
    assert kinds(verify(tmp_path)) == ["index_differs", *["lost"] * 4]


@pytest.mark.parametrize(
    ("target", "words"), [("none", "no sealed"), ("open", "no sealed"), ("other", "body")]
)
def test_a_revisit_of_anything_but_the_sealed_body_it_names_is_told(
    tmp_path: Path, target: str, words: str
) -> None:
    sealed, is_open = begin(tmp_path), begin(tmp_path, "20260201T000000Z")
    stored = sealed.store(exchange("http://h/1", b"abc"))
    end(sealed)
    targets = {
        "none": replace(stored, id=warc.new_id()),
        "open": is_open.store(exchange("http://h/1", b"abc")),
        "other": replace(stored, digest=hashlib.sha256(b"other").hexdigest()),
    }
    is_open.store(replace(exchange("http://h/1", b""), status=304, repeats=targets[target]))
    is_open.close()
    with Index(tmp_path) as index:
        index.catch_up()
    proof = verify(tmp_path)
    assert kinds(proof) == ["not_sealed", "revisit"]
    assert words in next(fault.detail for fault in proof.faults if fault.kind == "revisit")


def test_a_run_that_lost_a_file_its_beginning_or_its_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "FILE_LIMIT", 1)
    write_run(tmp_path)
    files = sorted((tmp_path / "warc" / "p").iterdir())
    assert len(files) == 5
    assert verify(tmp_path).faults == []
    files[1].rename(tmp_path / "elsewhere")
    files[-1].unlink()
    told = [fault.detail for fault in verify(tmp_path).faults if fault.kind == "incomplete"]
    assert told == ["the file numbered 00001 is gone", "no record tells how the run ended"]


def test_a_file_or_record_that_is_there_twice_is_told(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    beside = path.with_name(path.name + warc.OPEN)
    beside.write_bytes(path.read_bytes())
    proof = verify(tmp_path)
    assert kinds(proof).count("twofold") == 1 + len(list(warc.read(path)))
    beside.unlink()
    assert verify(tmp_path).faults == []


def test_verify_changes_nothing_and_a_missing_or_damaged_index_is_one_fault(tmp_path: Path) -> None:
    write_run(tmp_path)
    index = tmp_path / "captures.db"
    for content in (index.read_bytes(), b"garbage" * 5000, None):
        if content is None:
            index.unlink()
        else:
            index.write_bytes(content)
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        proof = verify(tmp_path)
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
        assert kinds(proof) == ([] if content and content.startswith(b"SQLite") else ["no_index"])
        assert proof.responses == 4
        mend(tmp_path, proof)
        assert verify(tmp_path).faults == []


def test_where_no_archive_is_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no archive is here"):
        verify(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_mended_is_told_in_words(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    flip(path, path.stat().st_size // 2)
    asked: list[tuple[str, int, int]] = []
    proof = verify(tmp_path, lambda *told: asked.append(told))
    mend(tmp_path, proof)
    assert asked == [(path.name, 1, 1)]
    assert [line for line in proof.mended if "built anew, 3 captures" in line]
    assert [line for line in proof.left if "never touched; the next crawl asks again" in line]


def test_a_payload_that_its_digest_denies_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warc" / "p" / f"p-{RUN}-00000.warc.gz"
    path.parent.mkdir(parents=True)
    writer = warc.Writer(path)
    head = {"WARC-Target-URI": "http://h/", "WARC-Payload-Digest": warc.digest(b"other")}
    writer.write([warc.record("response", warc.new_id(), DATE, b"HTTP/1.1 200\r\n\r\nbody", head)])
    writer.seal()
    assert "payload" in kinds(verify(tmp_path))


@pytest.mark.parametrize("word", ["context", "fingerprint"])
def test_metadata_that_is_not_ours_stops_nothing(tmp_path: Path, word: str) -> None:
    path = write_run(tmp_path)
    records = list(warc.read(path))
    writer = warc.Writer(path.with_name(f"p-{RUN}-00001.warc.gz"))
    for item in records:
        block = item.block
        if item.type == "metadata" and b'"exchange"' in block:
            value = json.loads(block)
            del value[word]
            block = json.dumps(value).encode()
        headers = {
            n: v for n, v in item.headers if n not in ("WARC-Block-Digest", "Content-Length", "WARC-Type")
        }
        headers.pop("WARC-Record-ID"), headers.pop("WARC-Date")
        writer.write([warc.record(item.type, item.id, DATE, block, headers)])
    writer.seal()
    path.unlink()
    (tmp_path / "captures.db").unlink()
    with Index(tmp_path) as index:
        assert len(index.catch_up()) == 4


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE run SET listed = 999",
        "DELETE FROM run",
        "INSERT INTO skip SELECT id, 'http://h/', '', 'known' FROM run",
        "INSERT INTO asked SELECT id, 'h', 1, 1, 0 FROM run",
    ],
)
def test_an_index_that_lies_of_runs_is_found_out_and_built_anew(tmp_path: Path, change: str) -> None:
    write_run(tmp_path)
    with closing(sqlite3.connect(tmp_path / "captures.db")) as db, db:
        db.execute(change)
    proof = verify(tmp_path)
    assert kinds(proof) == ["index_differs"]
    mend(tmp_path, proof)
    assert verify(tmp_path).faults == []


def test_a_second_metadata_record_is_told(tmp_path: Path) -> None:
    path = write_run(tmp_path)
    last = [item for item in warc.read(path) if item.type == "metadata" and b'"exchange"' in item.block][-1]
    with path.open("ab") as file:
        file.write(path.read_bytes()[last.offset : last.offset + last.length])
    assert kinds(verify(tmp_path)).count("twofold") == 2
