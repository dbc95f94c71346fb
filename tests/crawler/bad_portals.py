"""Portals that misbehave, each in its own way, served on loopback for the tests."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Answer = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html"}
LIST = '<ul>{}</ul><script>createPageHTML(1, 0, "index", "html")</script>'
ENTRY = '<li><a href="{}">样例局{}年政府信息公开工作年度报告</a><b>2021-01-31</b></li>'


def column(*paths: str) -> bytes:
    """Return a list page that links to the given paths."""
    return LIST.format("".join(ENTRY.format(path, 2000 + n) for n, path in enumerate(paths))).encode()


def page(body: str) -> bytes:
    return f"<title>样例局2020年政府信息公开工作年度报告（样本）</title>{body}".encode()


HOME = (200, HTML, "<a href='/nb/'>政府信息公开年报</a>".encode())

PORTALS: dict[str, dict[str, Answer]] = {
    "column_gone": {"/": (200, HTML, b"nothing here")},
    "column_moved": {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page("x"))},
    "forbidding": {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /\n"), "/": HOME},
    "robots_broken": {"/robots.txt": (503, {}, b""), "/": HOME},
    "shielded": {"/": HOME, "/nb/": (521, HTML, b"<script>__jsl_clearance</script>")},
    "shielded_silently": {"/": HOME, "/nb/": (200, HTML, b"<script>var c='acw_sc__v2'</script>")},
    "shielded_documents": {
        "/": HOME,
        "/nb/": (200, HTML, column("1.html")),
        "/nb/1.html": (200, HTML, b"<script>document.cookie='__jsl_clearance_s=x'</script>"),
    },
    "leading_home": {
        "/": HOME,
        "/nb/": (200, HTML, column("1.html")),
        "/nb/1.html": (302, {"Location": "/"}, b""),
    },
    "framed": {
        "/": HOME,
        "/nb/": (
            200,
            HTML,
            b"<iframe src='shell.html'></iframe><iframe src='http://127.0.0.1:9/ad'></iframe>",
        ),
        "/nb/shell.html": (200, HTML, b"<frameset><frame src='/lists/index.html'></frameset>"),
        "/lists/index.html": (200, HTML, column("1.html")),
        "/lists/1.html": (200, HTML, page("x")),
    },
    "framed_endlessly": {
        "/": HOME,
        "/nb/": (200, HTML, b"<iframe src='1.html'>"),
        "/nb/1.html": (200, HTML, b"<iframe src='2.html'>"),
        "/nb/2.html": (200, HTML, b"<iframe src='3.html'>"),
        "/nb/3.html": (200, HTML, column("x.html")),
    },
    "empty_column": {"/": HOME, "/nb/": (200, HTML, column())},
    "leading_away": {"/": HOME, "/nb/": (302, {"Location": "http://127.0.0.1:9/nb/"}, b"")},
    "looping": {"/": HOME, "/nb/": (302, {"Location": "/nb/?again"}, b"")},
    "tired": {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page("x"))},
    "very_tired": {"/": (503, {"Retry-After": "86400"}, b"")},
    "slow": {
        "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 1\n"),
        "/": HOME,
        "/nb/": (200, HTML, column("1.html")),
        "/nb/1.html": (200, HTML, page("x")),
    },
    "odd_documents": {
        "/": HOME,
        "/nb/": (200, HTML, column("empty.html", "binary.html", "text.html", "cut.html", "../../x.html")),
        "/nb/empty.html": (200, HTML, b""),
        "/nb/binary.html": (200, HTML, bytes(range(256)) * 40),
        "/nb/text.html": (
            200,
            {"Content-Type": "text/html; charset=gb2312"},
            page("<p>㑇，其实是 UTF-8</p>"),
        ),
        "/nb/cut.html": (200, {**HTML, "Content-Length": "5000"}, page("<p>cut")),
        "/x.html": (404, HTML, b"not found"),
    },
}


FIRST: dict[tuple[str, str], Answer] = {
    ("tired", "/nb/"): (429, {"Retry-After": "2"}, b""),
    ("tired", "/nb/1.html"): (503, {}, b""),
    ("robots_late", "/robots.txt"): (500, {}, b""),
}
"""What these paths answer when they are asked for the first time."""


class Handler(BaseHTTPRequestHandler):
    """Answers from a table of pages."""

    pages: dict[str, Answer]
    asked: list[str]
    times: list[float]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        first = FIRST.get((type(self).__name__, path)) if self.path not in self.asked else None
        self.asked.append(self.path)
        self.times.append(time.monotonic())
        status, headers, body = first or self.pages.get(path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, body = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(
    folder: Path, portals: Mapping[str, dict[str, Answer]] = PORTALS
) -> Iterator[tuple[Path, dict[str, type[Handler]]]]:
    """Serve all bad portals; yield their portals file, and the handler that knows what each was asked."""
    tables, handlers = [], {}
    with ExitStack() as stack:
        for name, pages in portals.items():
            handler = type(name, (Handler,), {"pages": pages, "asked": [], "times": []})
            handlers[name] = handler
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            tables.append(declare(name, server.server_port))
        if portals is PORTALS:
            tables.append(declare("silent", 9))
        path = folder / "bad.toml"
        path.write_text("\n".join(tables))
        yield path, handlers


def declare(name: str, port: int) -> str:
    columns = '"http://127.0.0.1:{0}/nb/"' if name.startswith("column_gone") else ""
    if name == "column_moved":
        columns = '"http://127.0.0.1:{0}/old/"'
    return (
        f'[{name}]\ntitle = "样例市{name}（样本）"\ndivision = "990300"\nhome = "http://127.0.0.1:{port}/"\n'
        f'hosts = ["127.0.0.1:{port}"]\ncolumns = [{columns.format(port)}]\nseen = "2026-11-24, test"\n'
        "local = true\ndelay = 0\n"
    )
