"""A run that was cut off asks again only for what it has no final answer to."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar

import pytest

from archive import runs
from archive.exchanges import Answer
from archive.verify import verify
from tests.crawler.bad_portals import ENTRY, page

pytestmark = pytest.mark.slow

GONGKAI = str(Path(sys.executable).with_name("gongkai"))
PROXY = "/module/web/jpage/dataproxy.jsp"
NAMES = ["whole", *map(str, range(22)), "gone", "busy", "cut", *map(str, range(22, 45))]
DOCUMENTS = [f"/{name}.html" for name in NAMES]
NEEDED = {"/whole.html", "/gone.html", "/busy.html", "/cut.html", "/had.txt", "/late.txt"}
RECORD = "<record><![CDATA[<li>{}</li>]]></record>"


def records(first: int, last: int) -> str:
    """Return the records of a jpage list, numbered from 1."""
    links = [ENTRY.format(path, 2000 + number) for number, path in enumerate(DOCUMENTS)]
    return "".join(RECORD.format(link) for link in links[first - 1 : last])


def column() -> bytes:
    """Return a column page that holds the first record and asks for the rest, group by group."""
    total = len(DOCUMENTS)
    return (
        f"<script>jpage({{perPage: 5, totalRecord: {total}, proxyUrl: '{PROXY}'}})</script>"
        f"<datastore><nextgroup><![CDATA[<a href='{PROXY}?page=1&webid=7'></a>]]></nextgroup>"
        f"<totalrecord>{total}</totalrecord>{records(1, 1)}</datastore>"
    ).encode()


class Portal(BaseHTTPRequestHandler):
    """A portal that while it is `ill` answers some pages badly and, once it did, none at all."""

    asked: ClassVar[Counter[str]] = Counter()
    ill = True
    hanging = Event()
    well = Event()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.ill and {f"GET {needed}" for needed in NEEDED} <= self.asked.keys():
            self.hanging.set()
            self.well.wait(120)
            return
        self.asked[f"GET {path}"] += 1
        status, size = 200, 0
        body = page(f"<p>{path}")
        if path == "/robots.txt" or path == "/gone.html":
            status = 404
        elif path == "/":
            body = "<a href='/nb/'>政府信息公开年报</a>".encode()
        elif path == "/nb/":
            body = column()
        elif path == "/whole.html":
            body = page("<p>附件：<a href='had.txt'>一</a><a href='late.txt'>二</a>")
        elif self.ill and path in ("/busy.html", "/late.txt"):
            status = 503
        elif self.ill and path == "/cut.html":
            size = 5000
        self.answer(status, body, size)

    def do_POST(self) -> None:
        self.asked[f"POST {self.path}"] += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        values = dict(pair.split("=") for pair in self.path.partition("?")[2].split("&"))
        listed = records(int(values["startrecord"]), int(values["endrecord"]))
        self.answer(200, f"<datastore>{listed}</datastore>".encode())

    def answer(self, status: int, body: bytes, size: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(size or len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(folder: Path) -> Iterator[Path]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    toml = folder / "portal.toml"
    toml.write_text(
        f'[weary]\ntitle = "样例市（样本）"\ndivision = "990500"\nplatform = "jpage"\nhome = "{home}"\n'
        f'hosts = ["{home[7:-1]}"]\ncolumns = ["{home}nb/"]\nseen = "2026-11-24, test"\n'
        "local = true\ndelay = 0\n"
    )
    try:
        yield toml
    finally:
        Portal.well.set()
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Resumed:
    """What came of a crawl that was killed and started again: what each start asked for."""

    data: Path
    before: Counter[str]
    after: Counter[str]
    stored: list[Answer]

    def of(self, path: str) -> tuple[int, int]:
        return self.before[path], self.after[path]


@pytest.fixture(scope="module")
def resumed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resumed]:
    folder = tmp_path_factory.mktemp("resumed")
    data = folder / "data"
    with serve(folder) as toml:
        command = [GONGKAI, "crawl", "--data", str(data), "--portals", str(toml)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            assert Portal.hanging.wait(60)
            process.send_signal(signal.SIGKILL)
        before = Counter(Portal.asked)
        (path,) = data.glob("warc/*/*.open")
        stored = [item for item in runs.read_file(path) if isinstance(item, Answer)]
        Portal.asked.clear()
        Portal.ill = False
        Portal.well.set()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
        yield Resumed(data, before, Counter(Portal.asked), stored)


def test_a_stored_503_is_asked_again_and_a_stored_404_or_page_is_not(resumed: Resumed) -> None:
    busy = resumed.of("GET /busy.html")
    assert busy[0] >= 1
    assert busy[1] == 1
    assert resumed.of("GET /gone.html") == (1, 0)
    assert resumed.of("GET /whole.html") == (1, 0)
    assert resumed.of("GET /nb/") == (1, 0)


def test_what_an_archived_page_brings_is_asked_again_only_where_it_was_not_had(resumed: Resumed) -> None:
    assert resumed.of("GET /had.txt") == (1, 0)
    assert resumed.of("GET /late.txt")[1] == 1
    with closing(sqlite3.connect(resumed.data / "captures.db")) as db:
        rows = db.execute("SELECT url, role FROM capture WHERE url LIKE '%.txt' AND status = 200")
        found = {(url.rpartition("/")[2], role) for url, role in rows}
    assert found == {("had.txt", "attachment"), ("late.txt", "attachment")}


def test_a_list_that_is_posted_for_is_not_asked_again(resumed: Resumed) -> None:
    posted = {path for path in {*resumed.before, *resumed.after} if path.startswith("POST ")}
    assert len(posted) == 4, "groups of fifteen records"
    # How many of them were asked before the kill is for the scheduler to say.
    assert any(resumed.before[path] for path in posted)
    assert {sum(resumed.of(path)) for path in posted} == {1}


def test_a_cut_body_is_stored_as_cut_and_asked_again(resumed: Resumed) -> None:
    assert resumed.of("GET /cut.html") == (1, 1)
    (cut,) = (item for item in resumed.stored if item.capture.url.endswith("/cut.html"))
    assert (cut.truncated, cut.capture.judged) == ("disconnect", "cut")
    assert cut.capture.body == page("<p>/cut.html")


def test_the_run_ends_whole_with_all_that_was_listed(resumed: Resumed) -> None:
    with closing(sqlite3.connect(resumed.data / "captures.db")) as db:
        urls = {url.rpartition("/")[2] for (url,) in db.execute("SELECT url FROM capture WHERE status = 200")}
        (interruptions,) = db.execute("SELECT interruptions FROM run").fetchone()
    assert interruptions == 1
    assert {path[1:] for path in DOCUMENTS} - urls == {"gone.html"}
    assert verify(resumed.data).faults == []
