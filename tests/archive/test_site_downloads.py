"""Downloads: whole, resumable, and nothing but what is offered."""

import base64
import hashlib
import http.client
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from archive.publish import DATABASE, publish
from tests import sample_archive
from tests.published_files import CELLS, NOW, VERSION, make
from tests.serving import Site, serving

DATE = "Tue, 24 Nov 2026 20:15:55 GMT"


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    return make(tmp_path_factory.mktemp("offered"))


@pytest.fixture(scope="module")
def site(offered: tuple[Path, dict[str, bytes]]) -> Iterator[Site]:
    with serving(offered[0].parent) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(site: Site, path: str, method: str = "GET", **headers: str) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)) as connection:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())


@pytest.mark.slow
def test_every_file_comes_whole_with_all_its_headers(
    site: Site, offered: tuple[Path, dict[str, bytes]]
) -> None:
    for name, body in offered[1].items():
        for path in (f"/downloads/{name}", f"/downloads/{VERSION}/{name}"):
            answer = ask(site, path, Accept_Encoding="gzip, br")
            assert (answer.status, answer.body) == (200, body), path
            digest = hashlib.sha256(body).digest()
            told = {
                "etag": f'"{digest.hex()}"',
                "last-modified": DATE,
                "accept-ranges": "bytes",
                "content-length": str(len(body)),
                "repr-digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
                "digest": f"SHA-256={base64.b64encode(digest).decode()}",
                "x-content-type-options": "nosniff",
            }
            assert answer.headers.items() >= told.items()
            assert "content-encoding" not in answer.headers
            assert "no-transform" in answer.headers["cache-control"]
            assert ("immutable" in answer.headers["cache-control"]) == (VERSION in path)
            assert VERSION in answer.headers["content-disposition"]
    assert ask(site, f"/downloads/{CELLS}").headers["content-type"] == "application/gzip"


@pytest.mark.slow
def test_all_that_a_publication_wrote_comes_as_its_sums_say(tmp_path: Path) -> None:
    version = publish(sample_archive.load(tmp_path / "gongkai.db"), tmp_path / "public", now=NOW)
    sums = [line.split("  ") for line in (version / "SHA256SUMS").read_text().splitlines()]
    assert len(sums) > 20
    with serving(version.parent) as site:
        for digest, name in sums:
            answer = ask(site, f"/downloads/{name}")
            assert (answer.status, hashlib.sha256(answer.body).hexdigest()) == (200, digest), name
        page = ask(site, "/zh/downloads").body.decode()
    assert "files/cell-2022-form_2021" in page


@pytest.mark.slow
def test_the_databases_old_address_takes_ranges_too(
    site: Site, offered: tuple[Path, dict[str, bytes]]
) -> None:
    answer = ask(site, "/gongkai.db", Range="bytes=100-199")
    assert (answer.status, answer.body) == (206, offered[1][DATABASE][100:200])
    assert answer.headers["content-disposition"] == f'attachment; filename="gongkai-{VERSION}.db"'


@pytest.mark.slow
def test_head_says_what_get_says_and_sends_nothing(site: Site) -> None:
    for path in ("/downloads/gongkai.db", f"/downloads/{CELLS}", f"/downloads/{VERSION}/SHA256SUMS"):
        whole, head = ask(site, path), ask(site, path, "HEAD")
        drop = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in drop} == {
            k: v for k, v in whole.headers.items() if k not in drop
        }
        assert (head.status, head.body) == (200, b"")
        assert int(head.headers["content-length"]) == len(whole.body)


@pytest.mark.slow
def test_a_download_that_broke_off_is_resumed_to_the_right_bytes(
    site: Site, offered: tuple[Path, dict[str, bytes]]
) -> None:
    wanted = offered[1][DATABASE]
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)) as connection:
        connection.request("GET", "/downloads/gongkai.db")
        answer = connection.getresponse()
        tag, got = answer.headers["ETag"], answer.read(len(wanted) // 3)
    rest = ask(site, "/downloads/gongkai.db", Range=f"bytes={len(got)}-", If_Range=tag)
    assert rest.status == 206
    assert rest.headers["content-range"] == f"bytes {len(got)}-{len(wanted) - 1}/{len(wanted)}"
    assert int(rest.headers["content-length"]) == len(rest.body)
    assert f'"{hashlib.sha256(got + rest.body).hexdigest()}"' == tag == rest.headers["etag"]


@pytest.mark.slow
def test_with_the_tag_of_another_version_the_whole_file_comes(
    site: Site, offered: tuple[Path, dict[str, bytes]]
) -> None:
    answer = ask(site, "/downloads/gongkai.db", Range="bytes=10-", If_Range='"of another version"')
    assert (answer.status, answer.body) == (200, offered[1][DATABASE])
    assert "content-range" not in answer.headers


@pytest.mark.slow
def test_what_cannot_be_had_is_said(site: Site, offered: tuple[Path, dict[str, bytes]]) -> None:
    size = len(offered[1][DATABASE])
    beyond = ask(site, "/downloads/gongkai.db", Range=f"bytes={size}-")
    assert (beyond.status, beyond.body) == (416, b"")
    assert beyond.headers["content-range"] == f"bytes */{size}"
    assert beyond.headers["content-length"] == "0"
    tag = ask(site, "/downloads/gongkai.db", "HEAD").headers["etag"]
    known = ask(site, "/downloads/gongkai.db", If_None_Match=tag)
    assert (known.status, known.body, known.headers["etag"]) == (304, b"", tag)
    assert ask(site, "/downloads/gongkai.db", If_Match='"other"').status == 412
    refused = ask(site, "/downloads/gongkai.db", "POST")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/downloads/../gongkai.db",
        "/downloads/files/../gongkai.db",
        "/downloads/%2e%2e/%2e%2e/gongkai.db",
        "/downloads/..%2f..%2fgongkai.db",
        "/downloads//etc/passwd",
        "/downloads/%2fetc%2fpasswd",
        "/downloads/gongkai.db%00",
        "/downloads/gongkai.db%00.csv",
        f"/downloads/{CELLS}/",
        "/downloads/files",
        "/downloads/files/",
        "/downloads/files/secret.txt",
        "/downloads/files/.hidden",
        f"/downloads/{VERSION}",
        f"/downloads/{VERSION}/../{VERSION}/gongkai.db",
        f"/downloads/../{VERSION}/gongkai.db",
        "/downloads/20200101T000000Z/gongkai.db",
        "/downloads/%ff%fe",
        "/downloads/<script>alert(1)</script>",
    ],
)
def test_nothing_else_is_sent(site: Site, offered: tuple[Path, dict[str, bytes]], path: str) -> None:
    folder, _ = offered
    (folder / "files" / "secret.txt").write_text("not for anybody")
    (folder / "files" / ".hidden").write_text("not for anybody")
    answer = ask(site, path)
    assert answer.status == 404, path
    assert b"not for anybody" not in answer.body and b"SQLite format" not in answer.body
    assert b"<script>alert" not in answer.body
    assert b'href="/zh/downloads"' in answer.body


@pytest.mark.slow
def test_an_address_of_another_version_leads_to_the_same_file_of_this_one(site: Site) -> None:
    answer = ask(site, f"/downloads/20200101T000000Z/{CELLS}")
    assert answer.status == 404
    assert f'href="/downloads/{VERSION}/{CELLS}"'.encode() in answer.body
    assert "immutable" not in answer.headers.get("cache-control", "")


@pytest.mark.slow
def test_a_download_that_runs_while_a_version_is_swapped_in_ends_with_the_old_bytes(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    fill(database, "a")
    old = publish(database, tmp_path / "public", now=NOW)
    wanted = hashlib.sha256((old / DATABASE).read_bytes()).hexdigest()
    with serving(tmp_path / "public") as site, closing(slow(site)) as connection:
        connection.request("GET", "/downloads/gongkai.db")
        answer = connection.getresponse()
        assert answer.headers["ETag"] == f'"{wanted}"'
        got = [answer.read(1000)]
        fill(database, "b")
        new = publish(database, tmp_path / "public", now=NOW + timedelta(hours=1))
        await_version(site, new.name)
        # As when it is the sixth oldest: whoever is in the middle of it still gets it whole.
        shutil.rmtree(old)
        while chunk := answer.read(1 << 20):
            got.append(chunk)
        assert hashlib.sha256(b"".join(got)).hexdigest() == wanted
        after = ask(site, "/downloads/gongkai.db", Range="bytes=1000-", If_Range=f'"{wanted}"')
        assert (after.status, after.body) == (200, (new / DATABASE).read_bytes())


def fill(database: Path, text: str) -> None:
    """Make a database too large for what lies in sockets on the way."""
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("CREATE TABLE IF NOT EXISTS filler (text)")
        db.execute("DELETE FROM filler")
        db.execute("INSERT INTO filler VALUES (?)", (text * 40_000_000,))


def slow(site: Site) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    connection.sock.settimeout(60)
    connection.sock.connect(("127.0.0.1", site.port))
    return connection


def await_version(site: Site, name: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if name in ask(site, "/downloads/gongkai.db", "HEAD").headers["content-disposition"]:
            return
        time.sleep(0.1)
    raise AssertionError(name)
