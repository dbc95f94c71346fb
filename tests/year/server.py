"""The planned portals on loopback: what each answers follows from the date, and all that is asked is kept."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from crawler.specimens.pages import Page
from crawler.specimens.planted import PlantedPage, SpecimenPortal
from crawler.specimens.softwares import SOFTWARES
from tests.year.places import COLUMNS
from tests.year.plan import (
    BREAKS,
    DIES,
    EMPTIES,
    SHRINKS,
    SHUTS,
    TIRES,
    Plan,
    Shown,
    Site,
    State,
)
from tests.year.printed import printed

REST = 7200
"""Seconds for which a tired portal asks to be left alone."""

NOTICE = PlantedPage("/notice/1.html", "2025年工作总结", "2026-01-02", "工作总结", ("本页为样本。",))
CHALLENGE = b"<script>document.cookie='__jsl_clearance_s=1'</script>"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when the command that sent it began, what it asked, and what it got.

    Attributes:
        report: the report whose page it got, as it stood; None where it got no report's page.
        tag: digest of the page that stood there, also where a 304 said so.
    """

    at: datetime
    portal: str
    path: str
    status: int
    report: Shown | None = None
    tag: str = ""


class World:
    """All portals of a plan at a time.

    Attributes:
        now: the simulated time.
        asked: all that was asked, in its order.
    """

    def __init__(self, plan: Plan, now: datetime) -> None:
        self.plan, self.asked = plan, list[Asked]()
        self.now = now
        self.hosts = {site.name: _Host(self, site) for site in plan.sites}

    def set(self, now: datetime) -> None:
        """Let it be another time."""
        self.now = now
        for host in self.hosts.values():
            host.become(self.plan.state(host.site.name, now))

    def declarations(self) -> str:
        """Return the portals file as an operator keeps it at this time."""
        return "\n".join(host.declaration() for host in self.hosts.values())


@contextmanager
def serving(plan: Plan, now: datetime) -> Iterator[World]:
    """Serve the portals while the block runs."""
    world = World(plan, now)
    try:
        world.set(now)
        yield world
    finally:
        for host in world.hosts.values():
            host.close()


class _Host:
    """One portal's server, which is there or refuses to be asked, always at one port."""

    def __init__(self, world: World, site: Site) -> None:
        self.world, self.site = world, site
        self.state = State("", "")
        self.pages: Mapping[str, Page] = {}
        self.thread: Thread | None = None
        self._bind(0)

    def _bind(self, port: int) -> None:
        """Take a port; nobody is let in before the server listens."""
        handler = type("Handler", (_Handler,), {"host": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler, bind_and_activate=False)
        self.server.server_bind()

    def become(self, state: State) -> None:
        """Stand as the plan has it."""
        if state == self.state:
            return
        if state.trouble == DIES and self.thread:
            port = self.server.server_port
            self.close()
            self._bind(port)
        elif state.trouble != DIES and not self.thread:
            self.server.server_activate()
            self.thread = Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
            self.thread.start()
        self.state = state
        self.pages = pages(self.site, state)

    def close(self) -> None:
        """Hang up."""
        if self.thread:
            self.server.shutdown()
            self.thread.join()
            self.thread = None
        self.server.server_close()

    @property
    def address(self) -> str:
        """Return its name and port."""
        return f"127.0.0.1:{self.server.server_port}"

    def declaration(self) -> str:
        """Return its table in the portals file."""
        home = f"http://{self.address}"
        column = self.state.declared
        return (
            f'[{self.site.name}]\ntitle = "{self.site.title}"\ndivision = "{self.site.division}"\n'
            f'home = "{home}/"\nhosts = ["{self.address}"]\n'
            f"columns = {[home + column] if column else []}\n"
            'seen = "2026-01-01, test"\nlocal = true\ndelay = 0\n'
        )

    def find(self, path: str, query: str, form: str) -> Page | None:
        """Return what stands at a path."""
        software = SOFTWARES[self.state.software]
        if software.answer:
            own = COLUMNS[self.state.software] if path == self.state.column else path
            fields = dict(parse_qsl(f"{query}&{form}", encoding=software.charset))
            if page := software.answer(specimen(self.site, self.state, listed=True), own, fields):
                return page
        return self.pages.get(path) or self.pages.get(f"{path}index.html")

    def report(self, path: str) -> Shown | None:
        """Return the report whose page stands at a path."""
        return next((each for each in self.state.reports if each.at == path and each.answers), None)


def specimen(site: Site, state: State, *, listed: bool) -> SpecimenPortal:
    """Return a portal as the specimens print one, with what its lists name, or with all that stands there."""
    shown: Sequence[Shown] = [each for each in state.reports if (each.listed if listed else each.answers)]
    if listed and not state.well:
        shown = {EMPTIES: [], SHRINKS: shown[:1]}.get(state.trouble, shown)
    by_name = {each.name: each for each in site.agencies}
    return SpecimenPortal(
        name=site.name,
        title=site.title,
        division=site.division,
        place=site.place,
        column=state.column,
        reports=tuple(printed(by_name[each.agency], each) for each in shown),
        others=(NOTICE,),
        software=state.software,
    )


def pages(site: Site, state: State) -> Mapping[str, Page]:
    """Return what stands at fixed paths: lists of what is listed, and the pages of what answers."""
    make = SOFTWARES[state.software].pages
    all_of_it = make(specimen(site, state, listed=False))
    details = {each.at for each in state.reports}
    made = {
        path: page for path, page in make(specimen(site, state, listed=True)).items() if path not in details
    }
    made |= {path: page for path, page in all_of_it.items() if path in details}
    old, new = (path.removesuffix(".htm") for path in (COLUMNS[state.software], state.column))
    if old == new:
        return made
    return {
        path if path in details else path.replace(old, new): replace(
            page, body=page.body.replace(old[1:].encode(), new[1:].encode())
        )
        for path, page in made.items()
    }


class _Handler(BaseHTTPRequestHandler):
    host: _Host
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, form: str) -> None:
        parts = urlsplit(self.path)
        trouble = self.host.state.trouble
        instead = {
            BREAKS: (500, b"", {}),
            SHUTS: (521, CHALLENGE, {}),
            TIRES: (503, b"", {"Retry-After": f"{REST}"}),
        }
        if trouble in instead and parts.path != "/robots.txt":
            self._send(*instead[trouble], None, "")
            return
        page = self.host.find(parts.path, parts.query, form)
        if page is None:
            self._send(404, b"<h1>404</h1>", {"Content-Type": "text/html"}, None, "")
            return
        body = self._counted(page) if self.host.site.counter else page.body
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers = {"Content-Type": page.content_type, **({"ETag": tag} if self.host.site.tags else {})}
        same = self.host.site.tags and self.headers.get("If-None-Match") == tag
        status, body = (304, b"") if same else (200, body)
        self._send(status, body, headers, self.host.report(parts.path), tag)

    def _counted(self, page: Page) -> bytes:
        count = f"<p>浏览次数：{len(self.host.world.asked)}</p></body>".encode()
        return page.body.replace(b"</body>", count)

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str], report: Shown | None, tag: str
    ) -> None:
        world = self.host.world
        world.asked.append(Asked(world.now, self.host.site.name, self.path, status, report, tag))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
