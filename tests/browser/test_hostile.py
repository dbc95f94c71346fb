"""A page that tries everything, opened in a real browser: no script runs, and nothing is asked of anybody.

Told by the browser's own log of requests, and by a server that waits to be asked.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest
from playwright.sync_api import Browser, Page

from archive import markup
from archive.captures import DETAIL, Capture
from archive.harmless import KEPT, harmless
from archive.publish import publish
from archive.site.assets import address as asset
from archive.site.plugins.originals import POLICY
from pipelines.pending import load_pending
from tests import hostile_page
from tests.archive.test_site_replay import ATTRIBUTES, cell_of
from tests.serving import Site, serving
from tests.stored_originals import FIRST, NOW, Archive, begin, exchange

pytestmark = pytest.mark.browser

WAIT = 1000
"""Milliseconds in which a page may do what it is about to do."""


@dataclass
class Trap:
    """A server that nobody may ask; it also has the hostile page itself, to see that it is one."""

    asked: list[str] = field(default_factory=list)
    address: str = ""
    page: bytes = b""

    def forget(self) -> None:
        """Forget what was asked, once what a page before has still sent has come."""
        known = -1
        while known != len(self.asked):
            known = len(self.asked)
            time.sleep(WAIT / 1000)
        self.asked.clear()


@contextmanager
def listening(trap: Trap) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            raw = self.path.startswith("/raw")
            if not raw:
                trap.asked.append(self.path)
            body = trap.page if raw else b"document.title = 'pwned'"
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if raw else "text/javascript")
            self.send_header("Content-Length", str(len(body)))
            if "policed" in self.path:
                self.send_header("Content-Security-Policy", POLICY.replace("'self'", "http://127.0.0.1:1"))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trap.address = f"http://127.0.0.1:{server.server_port}"
        yield
        server.shutdown()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    found = Trap()
    with listening(found):
        found.page = next(hostile_page.variants(found.address))
        yield found


@pytest.fixture(scope="module")
def hostile(trap: Trap, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, list[Capture]]]:
    """Archive, publish and serve the page in all its forms; yield the site and the captures."""
    data = tmp_path_factory.mktemp("hostile")
    writer = begin(data, FIRST)
    captures = [
        writer.store(exchange(f"/{number}.html", body, "text/html", DETAIL))
        for number, body in enumerate(hostile_page.variants(trap.address))
    ]
    writer.close()
    load_pending(data, NOW)
    publish(data / "gongkai.db", data / "public", now=NOW)
    with serving(data / "public") as site:
        yield site, captures


@dataclass
class Log:
    """What the browser's own protocol told of a page."""

    requests: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


@contextmanager
def watched(browser: Browser) -> Iterator[tuple[Page, Log]]:
    context = browser.new_context()
    page, log = context.new_page(), Log()
    session = context.new_cdp_session(page)
    for domain in ("Network", "Page", "Log", "Runtime", "Audits"):
        session.send(f"{domain}.enable")
    session.on("Network.requestWillBeSent", lambda told: log.requests.append(told["request"]["url"]))
    session.on("Log.entryAdded", lambda told: log.events.append(told["entry"]["text"]))
    session.on("Runtime.consoleAPICalled", lambda told: log.events.append(str(told["args"])))
    session.on("Runtime.exceptionThrown", lambda told: log.events.append(str(told)))
    session.on("Audits.issueAdded", lambda told: log.events.append(str(told["issue"]["code"])))
    session.on("Page.javascriptDialogOpening", lambda told: log.events.append(str(told)))
    context.on("page", lambda other: log.events.append(f"a window was opened: {other.url}"))
    yield page, log
    context.close()


def test_the_page_is_hostile_where_nothing_keeps_it(browser: Browser, trap: Trap) -> None:
    trap.forget()
    sought = {"/script", "/link.css", "/import.css", "/img", "/refresh", "/iframe", "/srcdoc"}
    with watched(browser) as (page, log):
        # It leads away from itself at once.
        page.goto(f"{trap.address}/raw", wait_until="commit")
        for _ in range(100):
            page.wait_for_timeout(100)
            if sought <= set(trap.asked):
                break
        assert sought <= set(trap.asked)
        assert len(set(trap.asked)) > 20 and len(log.requests) > 20


def test_the_policy_alone_would_keep_it_too(browser: Browser, trap: Trap) -> None:
    trap.forget()
    with watched(browser) as (page, _):
        page.goto(f"{trap.address}/raw-policed", wait_until="load")
        page.wait_for_timeout(WAIT)
        title, url = page.title(), page.url
    assert trap.asked == []
    assert title.startswith("某某市样本局") and url.endswith("/raw-policed")


def test_its_copy_runs_nothing_and_asks_nobody(
    browser: Browser, hostile: tuple[Site, list[Capture]], trap: Trap
) -> None:
    site, captures = hostile
    trap.forget()
    for capture in captures:
        with watched(browser) as (page, log):
            address = f"{site.address}capture/{capture.id}/replay"
            answer = page.goto(address, wait_until="load")
            page.wait_for_timeout(WAIT)
            assert answer is not None and answer.status == 200
            ours = {address, *(site.address + asset(name)[1:] for name in ("replay.css", "seal.svg"))}
            assert set(log.requests) <= ours and address in log.requests
            # Before anything is asked of the page by the tests themselves.
            assert log.events == []
            assert page.title().startswith("Stored original · ")
            assert page.url == address
            assert page.locator("main td").first.inner_text() == "17"
            assert (
                page.locator("main *").evaluate_all(
                    "all => all.filter(each => each.getAttributeNames().some(name => name.startsWith('on'))).length"
                )
                == 0
            )
    assert trap.asked == []


def test_a_click_on_anything_in_it_does_nothing(
    browser: Browser, hostile: tuple[Site, list[Capture]], trap: Trap
) -> None:
    site, captures = hostile
    trap.forget()
    with watched(browser) as (page, log):
        address = f"{site.address}capture/{captures[0].id}/replay"
        page.goto(address)
        for link in page.locator("main .link").all():
            link.click()
        page.wait_for_timeout(WAIT)
        assert page.url == address
        assert len(page.locator("main .link").all()) >= 4
        assert all(url.startswith(site.address) for url in log.requests)
    assert trap.asked == []


def test_our_own_links_download_the_record(browser: Browser, hostile: tuple[Site, list[Capture]]) -> None:
    site, captures = hostile
    with watched(browser) as (page, _):
        page.goto(f"{site.address}capture/{captures[0].id}/replay")
        with page.expect_download() as download:
            page.locator("header a[href$='record.warc.gz']").click()
        assert download.value.suggested_filename == f"gongkai-{captures[0].id}.warc.gz"


PARSE = """pages => pages.flatMap(text => {
    const page = new DOMParser().parseFromString(`<main>${text}</main>`, "text/html");
    return [...page.querySelectorAll("*")].map(each => [
        each.namespaceURI.split("/").pop() + " " + each.localName, each.getAttributeNames().join(" ")]);
})"""


def test_a_browser_finds_in_any_page_written_anew_only_what_is_allowed(browser: Browser) -> None:
    random = Random(1)
    pieces = [piece for body in hostile_page.variants("x") for piece in body.decode("latin-1").split("<")]
    written = []
    for _ in range(1500):
        chosen = random.sample(pieces, random.randrange(1, 25))
        root = markup.parse("<".join(chosen).encode("latin-1").decode("utf-8", "replace"))
        written.append(harmless(root, random.choice(list(root.iter()))))
    with watched(browser) as (page, log):
        found = page.evaluate(PARSE, written)
        assert all(not url.startswith("http") for url in log.requests)
    allowed = {f"xhtml {name}" for name in (*KEPT, "mark", "html", "head", "body", "main")}
    assert {name for name, _ in found} <= allowed
    assert {name for _, names in found for name in names.split()} <= ATTRIBUTES
    assert len(found) > 10_000


def test_the_marked_cell_is_seen_at_once(browser: Browser, stored: Archive) -> None:
    revision, item = cell_of(stored, "/page.html")
    with serving(stored.published.parent) as site:
        for width in (390, 1280):
            context = browser.new_context(viewport={"width": width, "height": 900})
            page = context.new_page()
            page.goto(
                f"{site.address}capture/{stored.captures['/page.html'].id}/replay?cell={revision},{item}#cell"
            )
            box = page.locator("#cell").bounding_box()
            assert box is not None and 0 <= box["y"] < 900
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            context.close()
