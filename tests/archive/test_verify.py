"""Every record is proved, every fault is told, and what can be mended is."""

import json
from pathlib import Path

import pytest

from archive import runs, warc
from archive.captures import DETAIL, Context
from archive.exchanges import Exchange
from archive.index import Index
from archive.verify import Fault, Proof, mend, verify

DATE = "2026-01-31T00:00:00Z"
RUN = "20260131T000000Z"


def write_run(data: Path, *, seal: bool = True, documents: int = 4) -> Path:
    writer = runs.RunWriter(data / "warc", "p", RUN, {"date": DATE})
    for number in range(documents):
        body = f"<p>{number}".encode() * 50
        context = Context(role=DETAIL)
        writer.store(
            Exchange(f"http://h/{number}", "GET", (), b"", 200, "", (), body, DATE, str(number), context)
        )
    if seal:
        writer.seal()
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
    assert (proof.files, proof.records, proof.responses, proof.faults) == (1, 13, 4, [])


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


def test_a_torn_tail_is_told_and_mended_at_every_byte(tmp_path: Path) -> None:
    path = write_run(tmp_path, seal=False, documents=2)
    whole = path.read_bytes()
    last = list(warc.read(path))[-1]
    for cut in range(1, last.length):
        path.write_bytes(whole[:-cut])
        proof = verify(tmp_path)
        assert "torn" in kinds(proof), cut
        mend(tmp_path, proof)
        assert path.stat().st_size == last.offset
    assert kinds(verify(tmp_path)) == ["not_indexed", "not_sealed"] or kinds(verify(tmp_path)) == [
        "not_sealed"
    ]


def test_an_index_that_lies_is_found_out_and_built_anew(tmp_path: Path) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index, index._db:
        index._db.execute("UPDATE capture SET offset = offset + 1 WHERE url = 'http://h/0'")
        index._db.execute("UPDATE capture SET digest = 'x' WHERE url = 'http://h/1'")
        index._db.execute("DELETE FROM capture WHERE url = 'http://h/2'")
    proof = verify(tmp_path)
    assert kinds(proof) == ["index_differs", "index_differs", "not_indexed"]
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
    assert kinds(verify(tmp_path)) == ["lost"] * 4


def test_a_revisit_of_nothing_sealed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warc" / "p" / f"p-{RUN}-00000.warc.gz"
    path.parent.mkdir(parents=True)
    writer = warc.Writer(path)
    head = {"WARC-Target-URI": "http://h/", "WARC-Refers-To": warc.urn(warc.new_id())}
    writer.write([warc.record("revisit", warc.new_id(), DATE, b"HTTP/1.1 304\r\n\r\n", head)])
    writer.seal()
    assert "revisit" in kinds(verify(tmp_path))


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
