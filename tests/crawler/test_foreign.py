"""Archives as others write them, whole and damaged, and what of them is taken."""

import gzip
import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.index import Index
from archive.verify import verify
from crawler import foreign
from crawler.foreign import Found, Other
from crawler.imports import KNOWN, NO_PORTAL, take_in
from crawler.portal import Portal, read_portals
from tests.running import GONGKAI, gongkai

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

URL = "http://www.yangli.example/nb/t1.html"
PAGE = "<title>样例局2019年政府信息公开工作年度报告（样本）</title><p>样本</p>".encode()
PORTAL = Portal(
    "yangli", "样例市人民政府", "990100", "http://yangli.example/", ("yangli.example",), "2026-11-25"
)


def warc(*records: tuple[str, str, bytes], gzipped: bool = True) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzipped)
    for kind, url, body in records:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        warc_headers = {"WARC-Date": "2020-01-31T08:00:00.123456Z"}
        if kind == "response":
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=warc_headers
            )
        else:
            record = writer.create_warc_record(
                url, kind, payload=io.BytesIO(body), warc_headers_dict=warc_headers
            )
        writer.write_record(record)
    return out.getvalue()


def found(path: Path) -> list[Found | Other]:
    return list(foreign.read(path))


ONE = ("response", URL, PAGE)
OTHER = ("response", "http://evil.example/nb/t1.html", PAGE.replace(b"x", b"y"))


@pytest.mark.parametrize("gzipped", [True, False])
def test_only_what_stands_on_a_portals_hosts_is_taken(tmp_path: Path, *, gzipped: bool) -> None:
    path = tmp_path / ("a.warc.gz" if gzipped else "a.warc")
    path.write_bytes(
        warc(
            ONE, OTHER, ("response", URL.replace("www.yangli", "yangli.example.evil"), PAGE), gzipped=gzipped
        )
    )
    tally = take_in(tmp_path / "data", path, foreign.read(path), [PORTAL])
    assert dict(tally.taken) == {"yangli": 1}
    assert tally.left[NO_PORTAL] == 2
    with Index(tmp_path / "data") as index:
        (row,) = index.rows("capture")
        assert (row["url"], row["fetched_at"], row["role"]) == (URL, "2020-01-31T08:00:00Z", "detail")
        assert index.capture(row["id"]).body == PAGE
        assert index.pending() == [row["id"]]
    again = take_in(tmp_path / "data", path, foreign.read(path), [PORTAL])
    assert not again.taken
    assert again.left[KNOWN] == 1
    assert len(list((tmp_path / "data" / "warc" / "yangli").iterdir())) == 1


def test_one_gzip_around_all_records_and_a_wacz_are_read_too(tmp_path: Path) -> None:
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(warc(ONE, OTHER, gzipped=False), mtime=0))
    assert [item.url for item in found(whole) if isinstance(item, Found)] == [URL, OTHER[1]]
    packed = tmp_path / "a.wacz"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.warc.gz", warc(ONE))
        archive.writestr("pages/pages.jsonl", "{}")
    (item,) = found(packed)
    assert isinstance(item, Found)
    assert item.body == PAGE


def test_chunks_are_joined_and_a_coding_is_left(tmp_path: Path) -> None:
    body = gzip.compress(PAGE, mtime=0)
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (5, body[:5], len(body) - 5, body[5:])
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    head = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"), ("Content-Type", "text/html")]
    record = writer.create_warc_record(
        URL,
        "response",
        payload=io.BytesIO(chunks),
        http_headers=StatusAndHeaders("200 OK", head, protocol="HTTP/1.1"),
    )
    writer.write_record(record)
    (tmp_path / "a.warc.gz").write_bytes(out.getvalue())
    (item,) = found(tmp_path / "a.warc.gz")
    assert isinstance(item, Found)
    assert item.body == body
    assert dict(item.headers) == {"Content-Encoding": "gzip", "Content-Type": "text/html"}


@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"PK\x03\x04", gzip.compress(b"x", mtime=0), b"WARC/1.0\r\n", PAGE, b"\x1f\x8b" + b"\0" * 99],
)
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.wacz"])
def test_what_is_no_archive_is_one_complaint(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / name).write_bytes(body)
    told = found(tmp_path / name)
    assert len(told) == 1
    assert isinstance(told[0], Other)
    assert told[0].damaged


def test_an_archive_cut_anywhere_gives_its_whole_records_and_one_complaint(tmp_path: Path) -> None:
    whole = warc(ONE, OTHER)
    first = len(warc(ONE))
    path = tmp_path / "a.warc.gz"
    for length in range(1, len(whole), 7):
        path.write_bytes(whole[:length])
        told = found(path)
        records = [item for item in told if isinstance(item, Found) and item.body == PAGE]
        assert len(records) >= (length >= first), length
        if length not in (first, len(whole)):
            broken = [item for item in told if isinstance(item, Other) and item.damaged]
            cut = [item for item in told if isinstance(item, Found) and item.body != PAGE]
            assert len(broken) == 1, length
            assert cut == [], length


def test_what_inflates_beyond_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "CONTENT_LIMIT", 50)
    (tmp_path / "a.warc.gz").write_bytes(warc(ONE))
    (item,) = found(tmp_path / "a.warc.gz")
    assert isinstance(item, Other)
    assert "more than 50 bytes" in item.why
    monkeypatch.setattr(foreign, "INFLATED", 1_000)
    with zipfile.ZipFile(tmp_path / "a.wacz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.warc", warc(ONE, gzipped=False) + b"\n" * 1_000)
    (item,) = found(tmp_path / "a.wacz")
    assert isinstance(item, Other)
    assert "inflates" in item.why
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0\r\n" + b"x" * 300_000)
    (item,) = found(tmp_path / "a.warc")
    assert isinstance(item, Other)
    assert item.damaged


def test_a_folder_of_files_says_in_a_table_where_they_came_from(tmp_path: Path) -> None:
    (tmp_path / "r.html").write_bytes(PAGE)
    lines = [
        f"r.html,{URL},2020-01-31",
        f"../etc,{URL},2020-01-31",
        f"none.pdf,{URL},2020-01-31",
        f"r.html,{URL},x",
    ]
    (tmp_path / foreign.TABLE).write_text("file,url,date\n" + "\n".join(lines))
    assert foreign.files_in(tmp_path) == [tmp_path / foreign.TABLE]
    item, *wrong = found(tmp_path / foreign.TABLE)
    assert isinstance(item, Found)
    assert (item.url, item.date, item.body) == (URL, "2020-01-31T00:00:00Z", PAGE)
    assert [each.damaged for each in wrong if isinstance(each, Other)] == [True] * 3


@pytest.mark.slow
def test_a_single_file_says_where_it_came_from_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "r.html").write_bytes(PAGE)
    table = {"title": PORTAL.title, "division": "990100", "home": PORTAL.home, "seen": "2026-11-25, a test"}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
    (tmp_path / "p.toml").write_text("[yangli]\n" + "\n".join(lines) + '\nhosts = ["yangli.example"]\n')
    assert read_portals(tmp_path / "p.toml")
    known = ("--portals", tmp_path / "p.toml", "--data", tmp_path / "data", tmp_path / "r.html")
    for wrong in (
        (),
        ("--portal", "yangli"),
        ("--portal", "yangli", "--url", OTHER[1], "--date", "2020-01-31"),
    ):
        done = gongkai("import", *wrong, *known)
        assert done.returncode == 2, done.stderr
    (tmp_path / "empty").mkdir()
    assert "no addresses.csv" in gongkai("import", *known[:-1], tmp_path / "empty").stderr
    done = gongkai("import", "--portal", "yangli", "--url", URL, "--date", "2020-01-31", *known)
    assert "yangli: 1 taken" in done.stdout, done.stderr
    assert verify(tmp_path / "data").faults == []


@pytest.mark.slow
def test_an_import_that_is_killed_and_run_again_is_as_if_it_had_not_been(tmp_path: Path) -> None:
    records = [("response", f"http://yangli.example/nb/{n}.html", PAGE + b"%d" % n) for n in range(1_500)]
    path, portals = tmp_path / "a.warc.gz", tmp_path / "p.toml"
    path.write_bytes(warc(*records))
    portals.write_text(
        f'[yangli]\ntitle = "{PORTAL.title}"\ndivision = "990100"\nhome = "{PORTAL.home}"\n'
        'hosts = ["yangli.example"]\nseen = "2026-11-25, a test"\n'
    )
    command = [GONGKAI, "import", str(path), "--portals", str(portals), "--data", str(tmp_path / "data")]
    killed = 0
    for seconds in (1.2, 1.8, 2.4, 3.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
    assert killed, "at least one was killed"
    take_in(tmp_path / "data", path, foreign.read(path), [PORTAL])
    assert [kept.name[-9:] for kept in (tmp_path / "data" / "imports").iterdir()] == ["a.warc.gz"]
    with Index(tmp_path / "data") as index:
        assert sorted(row["url"] for row in index.rows("capture")) == sorted(url for _, url, _ in records)
    assert {fault.kind for fault in verify(tmp_path / "data").faults} == set()
