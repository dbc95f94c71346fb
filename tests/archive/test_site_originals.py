"""Originals at the site's addresses: what is sent, how, and to nobody what is withheld or masked."""

import asyncio
import gzip
import hashlib
import io
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette
from datasette.plugins import pm

from archive.originals import Originals
from archive.site import application, originals
from archive.site.lane import Lane, Room
from archive.site.plugins import originals as originals_plugin
from archive.site.plugins.originals import POLICY, SEALED
from tests import stored_originals
from tests.archive.test_originals import SHOWN, change, warc_of
from tests.serving import serving
from tests.stored_originals import HOST, NUMBER, SECRET, Archive

pytestmark = pytest.mark.slow

Ask = Callable[[Datasette], Awaitable[Any]]


def ask(archive: Archive, work: Ask, warc: Path | None = None) -> Any:
    """Return what comes of asking a site."""

    async def run() -> Any:
        site = application(archive.database, warc or archive.data / "warc")
        await site.invoke_startup()
        try:
            return await work(site)
        finally:
            site.executor.shutdown()

    return asyncio.run(run())


def get(archive: Archive, *paths: str, warc: Path | None = None, **headers: str) -> list[httpx.Response]:
    named = {"accept-language": "en"} | {name.replace("_", "-"): value for name, value in headers.items()}

    async def work(site: Datasette) -> list[httpx.Response]:
        return [await site.client.get(path, headers=named) for path in paths]

    return list(ask(archive, work, warc))


def address(archive: Archive, path: str, what: str) -> str:
    return f"/capture/{archive.captures[path].id}/{what}"


def sources(archive: Archive) -> dict[str, str]:
    with closing(sqlite3.connect(archive.database)) as db:
        return dict(db.execute("SELECT url, id FROM source").fetchall())


def every_address(archive: Archive, path: str) -> list[str]:
    """Return all addresses that might give something of a capture."""
    made = [
        address(archive, path, what) for what in ("record.warc.gz", "original", "replay", "page.png?page=1")
    ]
    source = sources(archive).get(f"{HOST}{path.removeprefix('again ')}")
    return [*made, originals.wacz_path(source)] if source else made


@pytest.fixture
def copied(stored: Archive, tmp_path: Path) -> Iterator[Archive]:
    data = tmp_path / "data"
    shutil.copytree(stored.data, data)
    yield replace(stored, data=data, published=data / "public" / stored.published.name)


def test_a_record_is_sent_as_a_file_of_its_digest_that_no_browser_opens(stored: Archive) -> None:
    (answer,) = get(stored, address(stored, "/page.html", "record.warc.gz"))
    digest = hashlib.sha256(answer.content).hexdigest()
    told = answer.headers
    assert answer.status_code == 200
    assert told["etag"] == f'"{digest}"'
    assert told["content-length"] == str(len(answer.content))
    assert told["content-type"] == "application/gzip"
    name = f"gongkai-{stored.captures['/page.html'].id}.warc.gz"
    assert told["content-disposition"] == f'attachment; filename="{name}"'
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-security-policy"] == SEALED
    assert told["cache-control"] == "public, no-cache, no-transform"
    assert gzip.decompress(answer.content).count(b"WARC/1.1") == 3


def test_a_wacz_file_is_sent_whole_in_part_or_not_again(stored: Archive) -> None:
    path = originals.wacz_path(sources(stored)[f"{HOST}/page.html"])
    (whole,) = get(stored, path)
    with zipfile.ZipFile(io.BytesIO(whole.content)) as file:
        assert file.testzip() is None
    assert whole.headers["content-type"] == "application/wacz"
    (part,) = get(stored, path, range="bytes=100-199", if_range=whole.headers["etag"])
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    (known,) = get(stored, path, if_none_match=whole.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_head_tells_the_same_without_the_body_and_nothing_can_be_changed(
    stored: Archive, method: str
) -> None:
    path = address(stored, "/report.pdf", "record.warc.gz")
    (whole,) = get(stored, path)
    with serving(stored.published.parent) as site:
        answer = httpx.request(method, site.address.rstrip("/") + path)
    if method == "HEAD":
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["etag"] == whole.headers["etag"]
        assert answer.headers["content-length"] == str(len(whole.content))
    else:
        # Datasette itself refuses a POST from elsewhere.
        assert answer.status_code in (403, 405)


@pytest.mark.parametrize("path", SHOWN)
def test_a_file_is_handed_over_as_it_came_and_a_page_is_not(stored: Archive, path: str) -> None:
    (answer,) = get(stored, address(stored, path, "original"))
    if path in ("/page.html", "/"):
        assert answer.status_code == 404
        assert "Pages are not handed over" in answer.text
        return
    assert answer.content == stored_originals.bodies()[path][0]
    assert answer.headers["content-disposition"].startswith('attachment; filename="gongkai-')
    assert answer.headers["content-security-policy"] == SEALED
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "html" not in answer.headers["content-type"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/withheld.html", 451),
        ("again /withheld.html", 451),
        ("/masked.html", 451),
        ("/aside.html", 451),
        ("/more.rar", 451),
    ],
)
def test_no_address_gives_anything_of_what_is_withheld_or_masked(
    stored: Archive, path: str, status: int
) -> None:
    asked = every_address(stored, path)
    for where, answer in zip(asked, get(stored, *asked), strict=True):
        assert answer.status_code == status, where
        assert SECRET not in answer.text and NUMBER not in answer.text
        assert stored.captures[path.removeprefix("again ")].digest in answer.text
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["cache-control"].startswith("public, no-cache")


def test_a_tombstone_says_since_when_why_and_who(stored: Archive) -> None:
    for answer in get(stored, *every_address(stored, "/withheld.html")):
        page = BeautifulSoup(answer.text, "lxml")
        words = page.select_one(".tombstone")
        assert words is not None and "含申请人姓名 (李明)" in words.text


def test_no_answer_of_what_is_shown_holds_what_is_not(stored: Archive) -> None:
    asked = [each for path in stored.captures for each in every_address(stored, path)]
    for where, answer in zip(asked, get(stored, *asked), strict=True):
        held = answer.content
        with_packed = held + (gzip.decompress(held) if held[:2] == b"\x1f\x8b" else b"")
        assert SECRET.encode() not in with_packed and NUMBER.encode() not in with_packed, where
        assert answer.status_code in (200, 404, 451), where


@pytest.mark.parametrize(
    "identity", ["x", "%00", "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "0" * 32, "a" * 5000, "%F0%9F", "'--", "~2F"]
)
def test_what_is_no_capture_is_not_found(stored: Archive, identity: str) -> None:
    asked = [f"/capture/{identity}/{what}" for what in ("record.warc.gz", "original", "replay", "page.png")]
    asked.append(f"/source/{identity}/archive.wacz")
    assert {answer.status_code for answer in get(stored, *asked)} == {404}


@pytest.mark.parametrize("missing", ["folder", "file", "damaged"])
def test_without_the_bytes_each_address_says_so_and_none_fails(copied: Archive, missing: str) -> None:
    warc, file = copied.data / "warc", warc_of(copied, "/page.html")
    if missing == "folder":
        shutil.rmtree(warc)
    elif missing == "file":
        file.unlink()
    else:
        file.write_bytes(b"\0" * file.stat().st_size)
    said = "damaged" if missing == "damaged" else "not kept on the machine"
    asked = every_address(copied, "/page.html")
    for where, answer in zip(asked, get(copied, *asked), strict=True):
        assert answer.status_code == 404, where
        assert said in answer.text, where


def test_a_site_without_a_folder_of_originals_says_so(stored: Archive) -> None:
    async def work(site: Datasette) -> httpx.Response:
        site.originals = Originals(stored.database, None)
        return await site.client.get(f"/en{address(stored, '/page.html', 'replay')}")

    answer = ask(stored, work)
    assert (answer.status_code, "not kept on the machine" in answer.text) == (404, True)


def test_too_large_is_said_with_its_own_status(copied: Archive) -> None:
    page = copied.captures["/page.html"]
    change(copied, "UPDATE capture SET size = 1000000000 WHERE id = ?", page.id)
    for what in ("record.warc.gz", "replay"):
        (answer,) = get(copied, address(copied, "/page.html", what))
        assert (answer.status_code, "too large" in answer.text) == (413, True)


def test_too_many_at_once_are_asked_to_come_again(stored: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    free, read = threading.Event(), Originals.read

    def slow(self: Originals, identity: str) -> object:
        assert free.wait(30)
        return read(self, identity)

    async def work(site: Datasette) -> list[int]:
        monkeypatch.setattr(Originals, "read", slow)
        site.working = Lane(1, 1)
        path = address(stored, "/page.html", "replay")
        asked = [asyncio.ensure_future(site.client.get(path)) for _ in range(6)]
        while sum(each.done() for each in asked) < 4:
            await asyncio.sleep(0.01)
        turned_away = [each.result().status_code for each in asked if each.done()]
        free.set()
        return turned_away + [answer.status_code for answer in await asyncio.gather(*asked)]

    statuses = ask(stored, work)
    assert statuses[:4] == [503] * 4
    assert sorted(statuses[4:]) == [200, 200, 503, 503, 503, 503]


def test_files_are_sent_only_so_many_at_once(stored: Archive) -> None:
    async def work(site: Datasette) -> list[httpx.Response]:
        site.sending = Lane(0, 0)
        return [await site.client.get(address(stored, "/page.html", "record.warc.gz"))]

    (answer,) = ask(stored, work)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_large_files_that_are_sent_have_only_so_much_room(stored: Archive) -> None:
    async def work(site: Datasette) -> list[int]:
        site.room = Room(10_000, 5_000)
        record, pdf = (address(stored, path, "record.warc.gz") for path in ("/page.html", "/report.pdf"))
        with site.room.take(9_000):
            held = [(await site.client.get(path)).status_code for path in (record, pdf)]
        return [*held, (await site.client.get(pdf)).status_code]

    assert ask(stored, work) == [200, 503, 200]


def test_a_reader_who_takes_nothing_is_given_up_and_nothing_is_left(
    stored: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(plugin(), "TAKEN_WITHIN", 0.1)
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])
        if len(sent) > 1:
            assert list(tmp_path.iterdir())
            await asyncio.sleep(60)

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def work(site: Datasette) -> None:
        path = address(stored, "/report.pdf", "record.warc.gz")
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": []}
        await site.app()({**scope, "query_string": b"", "http_version": "1.1"}, receive, send)
        async with site.sending.enter():
            pass

    began = time.monotonic()
    ask(stored, work)
    assert sent == ["http.response.start", "http.response.body"]
    assert time.monotonic() - began < 30
    assert list(tmp_path.iterdir()) == []


def plugin() -> Any:
    """Return the plugin as Datasette has loaded it, which is not as it is imported here."""
    return next(
        each for each in pm.get_plugins() if getattr(each, "__file__", None) == originals_plugin.__file__
    )


def test_the_event_loop_is_free_while_an_original_is_worked_on(
    stored: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = asyncio.Event()

    async def work(site: Datasette) -> int:
        loop = asyncio.get_running_loop()
        read = Originals.read

        def slow(self: Originals, identity: str) -> object:
            loop.call_soon_threadsafe(began.set)
            # Ends only if the loop goes on meanwhile.
            asyncio.run_coroutine_threadsafe(site.client.get("/"), loop).result(30)
            return read(self, identity)

        monkeypatch.setattr(Originals, "read", slow)
        return int((await site.client.get(address(stored, "/page.html", "replay"))).status_code)

    assert ask(stored, work) == 200
    assert began.is_set()


def test_pages_learn_what_may_be_had_of_a_capture(stored: Archive) -> None:
    shelf = stored.originals
    offers = {path: originals.offer(shelf, stored.captures[path].id) for path in stored.captures}
    assert {path for path, each in offers.items() if each.refused is None} == {
        *SHOWN,
        "again /page.html",
        "again /report.pdf",
    }
    page, pdf, gone = offers["/page.html"], offers["/report.pdf"], offers["/withheld.html"]
    assert (page.kind and page.kind.name, page.original) == ("HTML", "")
    assert pdf.original == address(stored, "/report.pdf", "original")
    asked = [page.record, page.replay, pdf.original]
    assert {answer.status_code for answer in get(stored, *asked)} == {200}
    assert gone.refused is not None
    assert (gone.refused.why, gone.refused.status, len(gone.refused.decisions)) == ("withheld", 451, 1)
    assert gone.replay == gone.record == gone.original == ""


def test_serve_finds_the_originals_beside_the_publications(stored: Archive) -> None:
    with serving(stored.published.parent) as site:
        answer = httpx.get(site.address.rstrip("/") + address(stored, "/page.html", "replay"))
    assert answer.status_code == 200
    assert "某某市样本局" in answer.text
