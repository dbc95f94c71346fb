"""WARC files: written, read back by us and by others, torn, cut back, sealed."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import warc
from archive.errors import BadRecord, TornRecord
from archive.repair import Damage, cut_back, salvage

DATE = "2026-01-31T00:00:00Z"
BODY = "<p>样例局 2020</p>".encode("gb18030")
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb2312\r\n\r\n" + BODY


def response(url: str = "http://127.0.0.1:1/", kind: str = "response") -> warc.Record:
    headers = {
        "WARC-Target-URI": url,
        "Content-Type": "application/http;msgtype=response",
        "WARC-Payload-Digest": warc.digest(BODY),
    }
    return warc.record(kind, warc.new_id(), DATE, HTTP, headers)


def write_file(folder: Path, count: int = 3, kind: str = "response") -> Path:
    writer = warc.Writer(folder / "a.warc.gz")
    for number in range(count):
        writer.write([response(f"http://127.0.0.1:1/{number}", kind)])
    return writer.seal()


def test_what_is_written_is_read_back_with_its_place(tmp_path: Path) -> None:
    path = write_file(tmp_path)
    records = list(warc.read(path))
    assert [record.header("WARC-Target-URI")[-1] for record in records] == ["0", "1", "2"]
    assert all(record.block == HTTP for record in records)
    assert records[-1].offset + records[-1].length == path.stat().st_size
    assert warc.read_at(path, records[1].offset) == records[1]
    for record in records:
        member = path.read_bytes()[record.offset : record.offset + record.length]
        assert gzip.decompress(member).startswith(b"WARC/1.1\r\n")


def test_other_peoples_readers_accept_it(tmp_path: Path) -> None:
    path = write_file(tmp_path)
    subprocess.run(["gzip", "-t", path], check=True)
    fastwarc = Path(sys.executable).with_name("fastwarc")
    subprocess.run([fastwarc, "check", "-p", path], check=True, capture_output=True)
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            assert record.http_headers.get_header("content-type").endswith("gb2312")
            assert record.content_stream().read() == BODY


def test_a_file_is_called_open_until_it_is_sealed(tmp_path: Path) -> None:
    writer = warc.Writer(tmp_path / "a.warc.gz")
    writer.write([response()])
    assert [path.name for path in tmp_path.iterdir()] == ["a.warc.gz.open"]
    writer.seal()
    assert [path.name for path in tmp_path.iterdir()] == ["a.warc.gz"]


@pytest.mark.parametrize("missing", [1, 7, 8, 50, 200])
def test_a_torn_tail_is_noticed_and_cut_back_and_nothing_before_it_is_lost(
    tmp_path: Path, missing: int
) -> None:
    path = write_file(tmp_path, kind="metadata")
    whole = list(warc.read(path))
    os.truncate(path, path.stat().st_size - missing)
    with pytest.raises(TornRecord):
        list(warc.read(path))
    assert cut_back(path) == whole[2].length - missing
    assert list(warc.read(path)) == whole[:2]
    writer = warc.Writer(tmp_path / "b.warc.gz")
    writer.open_path.write_bytes(path.read_bytes())
    writer.close()
    writer = warc.Writer(tmp_path / "b.warc.gz")
    writer.write([response()])
    assert len(list(warc.read(writer.seal()))) == 3


def test_a_tail_of_zeros_after_power_loss_is_cut_back(tmp_path: Path) -> None:
    path = write_file(tmp_path, kind="metadata")
    size = path.stat().st_size
    os.truncate(path, size + 4096)
    assert cut_back(path) == 4096
    assert path.stat().st_size == size


def test_damage_in_the_middle_is_reported_and_never_cut(tmp_path: Path) -> None:
    path = write_file(tmp_path, kind="metadata")
    data = bytearray(path.read_bytes())
    second = list(warc.read(path))[1]
    data[second.offset + second.length // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BadRecord):
        list(warc.read(path))
    assert cut_back(path) == 0
    assert path.read_bytes() == bytes(data)
    first, damage, third = salvage(path)
    assert isinstance(first, warc.Record) and isinstance(third, warc.Record)
    assert isinstance(damage, Damage)
    assert (damage.offset, damage.length) == (second.offset, second.length)


@pytest.mark.parametrize("byte", [0, 3, 12, 100, -9, -5, -1])
def test_every_record_beside_a_flipped_bit_is_salvaged(tmp_path: Path, byte: int) -> None:
    path = write_file(tmp_path, 5)
    whole = list(warc.read(path))
    data = bytearray(path.read_bytes())
    place = whole[2].offset + (byte if byte >= 0 else whole[2].length + byte)
    data[place] ^= 0x10
    path.write_bytes(data)
    kept = [item for item in salvage(path) if isinstance(item, warc.Record)]
    assert [item for item in kept if item.offset != whole[2].offset] == whole[:2] + whole[3:]


def test_a_record_that_is_not_what_its_digest_says_is_refused(tmp_path: Path) -> None:
    honest = response()
    headers = tuple((name, value) for name, value in honest.headers if name != "Content-Length")
    forged = warc.Record("response", (*headers, ("Content-Length", str(len(HTTP)))), HTTP.swapcase())
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc.member(forged))
    with pytest.raises(BadRecord, match="digest"):
        list(warc.read(path))


def test_a_line_break_in_an_address_makes_no_second_header(tmp_path: Path) -> None:
    writer = warc.Writer(tmp_path / "a.warc.gz")
    writer.write([response("http://127.0.0.1:1/\r\nWARC-Type: warcinfo")])
    (record,) = warc.read(writer.seal())
    assert record.type == "response"


def test_a_write_that_fails_leaves_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = warc.Writer(tmp_path / "a.warc.gz")
    writer.write([response()])
    half = writer._write_all

    def full_disk(data: bytes) -> None:
        half(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "_write_all", full_disk)
    with pytest.raises(OSError, match="No space"):
        writer.write([response()])
    monkeypatch.undo()
    writer.write([response()])
    assert len(list(warc.read(writer.seal()))) == 2
