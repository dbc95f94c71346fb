"""The HTTP server under a specimen portal: validators, compression, keep-alive, clean end."""

import gzip
import hashlib
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawler.specimens.articles import SPECIMEN
from crawler.specimens.pages import Page
from crawler.specimens.plan import SpecimenPortal
from crawler.specimens.softwares import SOFTWARES, Software

MOST_FORM_BYTES = 65_536


@dataclass(slots=True)
class Sites:
    """One portal as it answers: its fixed pages, what it answers, and who asked what."""

    portal: SpecimenPortal
    requests: list[tuple[str, str, str]]
    latency: float = 0.0
    pages: dict[str, Page] = field(init=False)

    def __post_init__(self) -> None:
        self.pages = self.software.pages(self.portal)

    @property
    def software(self) -> Software:
        """Return the software that the portal behaves like."""
        return SOFTWARES[self.portal.software]

    def find(self, path: str, query: str, form: str) -> Page | None:
        """Return what stands at a path, None if nothing does."""
        if self.software.answer:
            fields = dict(parse_qsl(f"{query}&{form}", encoding=self.software.charset)) | {"": form}
            answered = self.software.answer(self.portal, path, fields)
            if answered:
                return answered
        return self.pages.get(f"{path}index.html" if path.endswith("/") else path)


class Listener(ThreadingHTTPServer):
    """The server of one portal; closing it ends open connections and waits for their threads."""

    daemon_threads = False

    def __init__(self, port: int, site: Sites) -> None:
        self.site = site
        self.connections: set[socket.socket] = set()
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Answer)

    def server_bind(self) -> None:
        """Bind without asking the resolver for the host's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, then answer it in its own thread."""
        with self.guard:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        with self.guard:
            self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent when a client went away; anything else is reported as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """Stop listening, wake the threads that wait for a next request, and join them."""
        with self.guard:
            for connection in self.connections:
                _hang_up(connection)
        super().server_close()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was quicker


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SpecimenPortal/1"
    sys_version = ""
    server: Listener

    def do_GET(self) -> None:
        self._answer("")

    def do_HEAD(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_FORM_BYTES:
            self.close_connection = True
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"", {})
            return
        self._answer(self.rfile.read(int(length)).decode("ascii", "replace"))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what was asked stands in `requests`."""

    def _answer(self, form: str) -> None:
        site = self.server.site
        site.requests.append((site.portal.name, self.command, self.path))
        time.sleep(site.latency)
        parts = urlsplit(self.path)
        if parts.path == site.software.guarded and self.headers.get("Host", "") not in self._referer():
            self._send(HTTPStatus.FORBIDDEN, b"", {})
            return
        page = site.find(parts.path, parts.query, form)
        if page is None:
            self._missing(parts.path)
        else:
            self._page(page)

    def _referer(self) -> str:
        return self.headers.get("Referer", "")

    def _missing(self, path: str) -> None:
        site = self.server.site
        if f"{path}/index.html" in site.pages:
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": f"{path}/"})
            return
        text = f"<html><head><title>404</title></head><body><p>{SPECIMEN}</p><h1>404</h1></body></html>"
        kind = f"text/html;charset={site.software.charset}"
        self._send(HTTPStatus.NOT_FOUND, text.encode(site.software.charset), {"Content-Type": kind})

    def _page(self, page: Page) -> None:
        changed = datetime.fromisoformat(f"{page.changed}T01:30:00").replace(tzinfo=UTC)
        tag = f'W/"{hashlib.sha256(page.body).hexdigest()[:20]}"'
        headers = {
            "Content-Type": page.content_type,
            "Last-Modified": format_datetime(changed, usegmt=True),
            "ETag": tag,
        }
        if self.server.site.software.compresses:
            headers["Vary"] = "Accept-Encoding"
        if self._is_current(tag, changed):
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        body = page.body
        if self.server.site.software.compresses and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, body, headers)

    def _is_current(self, tag: str, changed: datetime) -> bool:
        """Tell whether the client already holds the page; a tag goes before a date (RFC 9110)."""
        if self.command == "POST":
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tag in [known.strip() for known in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and changed <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
