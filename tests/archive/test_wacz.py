"""The originals of a source in one file: valid, the same each time, and replayed by what the field uses."""

import gzip
import io
import json
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from warcio import ArchiveIterator

from archive import cdx, wacz
from archive.errors import OriginalRefused
from archive.originals import Originals
from tests import replaying, stored_originals
from tests.archive.test_originals import change
from tests.replaying import PYWB
from tests.stored_originals import HOST, NUMBER, SECRET, Archive

pytestmark = pytest.mark.slow

WACZ = Path(sys.prefix) / "wacz" / "bin" / "wacz"


def source(archive: Archive, path: str) -> str:
    with archive.originals.connect() as db:
        (found,) = db.execute("SELECT id FROM source WHERE url = ?", (f"{HOST}{path}",)).fetchone()
    return str(found)


def written(archive: Archive, path: str, folder: Path) -> Path:
    made = folder / "a.wacz"
    wacz.write(made, archive.originals, source(archive, path))
    return made


def part(made: Path, name: str) -> bytes:
    with zipfile.ZipFile(made) as file:
        return file.read(name)


@pytest.mark.parametrize("path", ["/page.html", "/report.pdf", "/report.xlsx"])
def test_the_validator_of_the_field_finds_it_valid(stored: Archive, path: str, tmp_path: Path) -> None:
    made = written(stored, path, tmp_path)
    done = subprocess.run([WACZ, "validate", "-f", made], capture_output=True, text=True, timeout=120)
    assert "the passed WACZ is valid" in done.stdout, done.stdout + done.stderr


def test_a_changed_byte_is_found_by_the_validator(stored: Archive, tmp_path: Path) -> None:
    made = written(stored, "/page.html", tmp_path)
    data = bytearray(made.read_bytes())
    data[data.index(b'"json-pages-1.0"') + 3] ^= 1
    # As an unpacker would have it, that only looks at checksums.
    with zipfile.ZipFile(io.BytesIO(made.read_bytes())) as good, zipfile.ZipFile(made, "w") as bad:
        for info in good.infolist():
            bad.writestr(info, good.read(info).replace(b"json-pages-1.0", b"json-pages-1.1"))
    done = subprocess.run([WACZ, "validate", "-f", made], capture_output=True, text=True, timeout=120)
    assert "is valid" not in done.stdout and "invalid" in done.stdout


def test_it_is_written_the_same_each_time_and_nothing_in_it_is_packed(
    stored: Archive, tmp_path: Path
) -> None:
    first = written(stored, "/page.html", tmp_path).read_bytes()
    made = written(stored, "/page.html", tmp_path)
    assert made.read_bytes() == first
    with zipfile.ZipFile(made) as file:
        assert {each.compress_type for each in file.infolist()} == {zipfile.ZIP_STORED}
        assert {each.date_time for each in file.infolist()} == {(2026, 2, 28, 8, 0, 0)}
        assert [each.filename for each in file.infolist()] == [
            "archive/data.warc.gz",
            "indexes/index.cdx",
            "pages/pages.jsonl",
            "datapackage.json",
            "datapackage-digest.json",
        ]


def test_the_index_leads_to_each_response_and_the_pages_are_those_of_the_source(
    stored: Archive, tmp_path: Path
) -> None:
    made = written(stored, "/page.html", tmp_path)
    data = part(made, "archive/data.warc.gz")
    lines = [line.split(" ", 2) for line in part(made, "indexes/index.cdx").decode().splitlines()]
    assert lines == sorted(lines)
    told = [(key, stamp, json.loads(rest)) for key, stamp, rest in lines]
    assert [(key, stamp, one["mime"], one["status"]) for key, stamp, one in told] == [
        ("localhost,specimen)/page.html", "20260131080000", "text/html", "200"),
        ("localhost,specimen)/page.html", "20260228080000", "warc/revisit", "304"),
        ("localhost,specimen)/seal.png", "20260131080000", "image/png", "200"),
    ]
    for _, _, one in told:
        offset, length = int(one["offset"]), int(one["length"])
        (record,) = ArchiveIterator(io.BytesIO(data[offset : offset + length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == one["url"]
    assert told[0][2]["digest"] == told[1][2]["digest"]
    header, *pages = map(json.loads, part(made, "pages/pages.jsonl").decode().splitlines())
    assert header["format"] == "json-pages-1.0"
    assert [(page["url"], page["ts"]) for page in pages] == [(f"{HOST}/page.html", "2026-01-31T08:00:00Z")]
    assert pages[0]["title"] == "某某市样本局2022年政府信息公开工作年度报告"
    assert json.loads(part(made, "datapackage.json"))["description"].endswith("Left out: 1 unsearchable.")


def test_a_record_stands_in_it_once(stored: Archive, tmp_path: Path) -> None:
    data = part(written(stored, "/page.html", tmp_path), "archive/data.warc.gz")
    ids = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(io.BytesIO(data))]
    assert len(ids) == len(set(ids)) == 2 + 2 + 2 + 2


@pytest.mark.parametrize(("path", "why"), [("/withheld.html", "withheld"), ("/masked.html", "masked")])
def test_of_a_source_that_is_not_shown_there_is_none(
    stored: Archive, path: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(OriginalRefused) as caught:
        written(stored, path, tmp_path)
    assert caught.value.why == why
    assert caught.value.capture == stored.captures[path].id


def test_what_is_withheld_of_a_source_is_not_in_it(stored: Archive, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(stored.data, data)
    copied = replace(stored, data=data, published=data / "public" / stored.published.name)
    for path in ("/withheld.html", "/masked.html"):
        change(
            copied, "UPDATE capture SET url = ? WHERE id = ?", f"{HOST}/page.html", stored.captures[path].id
        )
    made = written(copied, "/page.html", tmp_path)
    held = gzip.decompress(part(made, "archive/data.warc.gz"))
    assert SECRET.encode() not in held and NUMBER.encode() not in made.read_bytes()
    told = json.loads(part(made, "datapackage.json"))["description"]
    assert told.endswith("Left out: 1 masked, 1 unsearchable, 1 withheld.")


@pytest.mark.parametrize("beside", [-1, 10])
def test_beyond_the_limit_it_is_refused(
    stored: Archive, beside: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, rows, _ = stored.originals.of_source(source(stored, "/page.html"))
    # Told by the rows, or found while it is written: requests and what tells of the file count too.
    monkeypatch.setattr(wacz, "LIMIT", sum(row["length"] for row in rows) + beside)
    with pytest.raises(OriginalRefused) as caught:
        written(stored, "/page.html", tmp_path)
    assert caught.value.why == "too_large"


def test_of_an_unknown_source_and_without_the_files_there_is_none(stored: Archive, tmp_path: Path) -> None:
    for originals, key, why in (
        (stored.originals, "x", "unknown"),
        (Originals(stored.database, None), source(stored, "/page.html"), "absent"),
    ):
        with pytest.raises(OriginalRefused) as caught:
            wacz.write(tmp_path / "a.wacz", originals, key)
        assert caught.value.why == why


@pytest.fixture(scope="module")
def wayback(stored: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Let pywb take in our files and serve them; yield its address."""
    folder = tmp_path_factory.mktemp("pywb")
    files = []
    for path in ("/page.html", "/report.pdf"):
        made = folder / f"{path.strip('/').replace('.', '_')}.wacz"
        wacz.write(made, stored.originals, source(stored, path))
        files.append(made)
    for arguments in (["init", "c"], ["add", "--unpack-wacz", "c", *files]):
        subprocess.run([PYWB / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)
    with replaying.wayback(folder) as address:
        yield address


@pytest.mark.parametrize("moment", ["20260131080000", "20260228080000"])
@pytest.mark.parametrize("path", ["/page.html", "/report.pdf", "/seal.png"])
def test_pywb_replays_each_capture_from_it(wayback: str, path: str, moment: str) -> None:
    address = f"{wayback}/{moment}id_/{HOST}{path}"
    with urllib.request.urlopen(address, timeout=30) as answer:
        assert answer.read() == stored_originals.bodies()[path][0]


ADDRESSES = [
    "http://www.Example.gov.cn:80/a/./B/?y=2&x=1#top",
    "https://example.gov.cn:443/",
    "http://example.gov.cn",
    "http://example.gov.cn:8080/zfxxgk/art/2023/1/13/art_1229302587_4052312.html",
    "http://www2.example.gov.cn/%E5%B9%B4%E6%8A%A5/2022.html?id=%E4%B8%80&a",
    "http://example.gov.cn/年报/a b.html?标题=x&id=1",
    "http://example.gov.cn/a//b/../c.jsp;jsessionid=ABC?page=1&page=0",
    "http://example.gov.cn/a?jsessionid=0123456789abcdef0123456789abcdef&b=1",
    "http://example.gov.cn/a?b=1&phpsessid=0123456789abcdef0123456789abcdef",
    "http://example.gov.cn/a?",
    "http://example.gov.cn/a?&&b=&a",
    "http://example.gov.cn/a%2520b/%7Ex",
    "http://specimen.localhost/page.html",
    "http://192.168.0.1:81/x.PDF",
    "http://user@example.gov.cn/x",
]


def test_the_key_of_an_address_is_the_one_that_replay_software_makes() -> None:
    program = "import json, sys, surt; print(json.dumps([surt.surt(url) for url in json.load(sys.stdin)]))"
    asked = json.dumps(ADDRESSES)
    done = subprocess.run(
        [PYWB / "python", "-W", "ignore", "-c", program],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(zip(ADDRESSES, map(cdx.key, ADDRESSES), strict=True)) == dict(
        zip(ADDRESSES, json.loads(done.stdout), strict=True)
    )
