"""What hostile portals do, each in its own way, and what a crawl says of it.

An attack is a portal of its own, so that its run says what came of it. In its texts {own},
{victim}, {specimen} and {neighbour} stand for ports, {secret} for a file.
"""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from tests.crawler.bad_portals import HTML, LIST, Answer, page
from tests.crawler.hostile_crawl import PUBLIC

LONGEST, LARGEST = 10.0, 16 * 1024 * 1024
"""Seconds and bytes after which a flood ends by itself."""

REPORT = page("<p>x</p>")
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"

Flood = Callable[[], AsyncIterator[bytes]]
PRIVATE = "10.0.0.1"


@dataclass(frozen=True)
class Attack:
    """One portal that attacks.

    Attributes:
        pages: what it answers, by path; the rest is as on a portal that is well, with `links` on its list.
        skipped: the link that must be left, as foreign; `reason`: what the run says came of it.
        answers: addresses of its name, one a look-up; without any it is a local portal.
        host: name in the place of its own.
    """

    name: str
    links: tuple[str, ...] = ("1.html",)
    pages: Mapping[str, Answer | Flood] = field(default_factory=dict)
    skipped: str = ""
    reason: str = ""
    answers: tuple[str, ...] = ()
    host: str = ""

    @property
    def public(self) -> bool:
        return bool(self.answers or self.host)

    @property
    def hostname(self) -> str:
        return self.host or (self.name.replace("_", "-") + ".example" if self.answers else "127.0.0.1")


def redirect(location: str) -> Answer:
    return 302, {"Location": location}, b""


def coded(coding: str, body: bytes) -> Answer:
    return 200, {**HTML, "Content-Encoding": coding}, body


def raw(*parts: bytes) -> Flood:
    async def send() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    return send


def endless(start: bytes, block: bytes, pause: float = 0, end: bytes = b"") -> Flood:
    """Return a flood that would end well at last, if anybody waited for it."""

    async def send() -> AsyncIterator[bytes]:
        yield start
        until = time.monotonic() + LONGEST
        for _ in range(LARGEST // len(block)):
            if time.monotonic() > until:
                break
            yield block
            await asyncio.sleep(pause)
        yield end

    return send


def chunked(block: bytes, pause: float = 0) -> Flood:
    """Return a body without end, in chunks."""
    chunk = b"%x\r\n%s\r\n" % (len(block), block)
    return endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", chunk, pause, b"0\r\n\r\n")


BOMB = bytes(8 * 1024 * 1024)
VICTIM = "http://127.0.0.1:{victim}"
ESCAPES = tuple("../" * depth + "escaped" for depth in range(1, 12))


def document(answer: Answer | Flood) -> dict[str, Answer | Flood]:
    return {"/nb/1.html": answer}


def leading(name: str, location: str, skipped: bool = True, path: str = "/nb/1.html") -> Attack:
    return Attack(name, pages={path: redirect(location)}, skipped=location if skipped else "")


def linking(name: str, link: str) -> Attack:
    return Attack(name, links=("1.html", link), skipped=link)


FOREIGN = (
    linking("foreign_link", f"{VICTIM}/foreign_link"),
    linking("user_link", "http://127.0.0.1:{own}@127.0.0.1:{victim}/user_link"),
    linking("own_user_link", "http://user:pw@127.0.0.1:{own}/own_user_link"),
    linking("backslash_link", "http://127.0.0.1:{victim}\\@127.0.0.1:{own}/backslash_link"),
    linking("file_link", "file://{secret}"),
    linking("data_link", "data:text/html,<h1>x</h1>"),
    linking("ftp_link", "ftp://127.0.0.1:{victim}/ftp_link"),
    leading("foreign_redirect", f"{VICTIM}/foreign_redirect"),
    leading("foreign_home", f"{VICTIM}/foreign_home", path="/"),
    leading("foreign_list", f"{VICTIM}/foreign_list", path="/nb/"),
    leading("foreign_robots", f"{VICTIM}/foreign_robots", path="/robots.txt"),
    leading("file_redirect", "file://{secret}", skipped=False),
    Attack(
        "foreign_frame",
        pages={"/nb/": (200, HTML, f'<iframe src="{VICTIM}/foreign_frame"></iframe>'.encode())},
        skipped=f"{VICTIM}/foreign_frame",
        reason="no known platform's list",
    ),
    Attack("to_specimen", answers=(PUBLIC,), links=("http://127.0.0.1:{specimen}/to_specimen",),
           skipped="http://127.0.0.1:{specimen}/to_specimen"),
    Attack("to_specimen_redirect", answers=(PUBLIC,),
           pages=document(redirect("http://127.0.0.1:{specimen}/to_specimen_redirect")),
           skipped="http://127.0.0.1:{specimen}/to_specimen_redirect"),
    Attack("odd_port", answers=(PUBLIC,), links=("http://odd-port.example:{victim}/odd_port",),
           skipped="http://odd-port.example:{victim}/odd_port"),
)  # fmt: skip

NO_ADDRESS = "no results for hostname lookup"
PRIVATE_ADDRESSES = (
    Attack("private_name", answers=(PRIVATE,), reason=NO_ADDRESS),
    Attack("private_six", answers=("",), reason=NO_ADDRESS),
    Attack("private_literal", host=PRIVATE, reason=NO_ADDRESS),
    Attack("metadata_literal", host="169.254.169.254", reason=NO_ADDRESS),
    Attack("short_literal", host="10.1", reason=NO_ADDRESS),
    Attack("decimal_literal", host="167772161", reason=NO_ADDRESS),
    Attack("octal_literal", host="012.0.0.1", reason=NO_ADDRESS),
    Attack("hex_literal", host="0xa.0x1", reason=NO_ADDRESS),
    Attack("loopback_name", host="localhost", reason=NO_ADDRESS),
    Attack("changing", answers=(PUBLIC, PUBLIC, PRIVATE), reason=NO_ADDRESS),
)


def floods(reason: str, **answers: Answer | Flood) -> tuple[Attack, ...]:
    """Return attacks by one document each."""
    return tuple(Attack(name, pages=document(answer), reason=reason) for name, answer in answers.items())


def by_robots(name: str, answer: Answer | Flood) -> Attack:
    """Return an attack by robots.txt, without which nothing is asked."""
    return Attack(name, pages={"/robots.txt": answer}, reason="robots.txt")


BOMBS = floods(
    "decodes to more than",
    gzip_bomb=coded("gzip", gzip.compress(BOMB, mtime=0)),
    deflate_bomb=coded("deflate", zlib.compress(BOMB)),
    bare_bomb=coded("deflate", zlib.compress(BOMB, wbits=-15)),
    layered_bomb=coded("gzip, gzip", gzip.compress(gzip.compress(BOMB, mtime=0), mtime=0)),
)
FLOODS = (
    *floods("bytes", endless_body=endless(OK + b"\r\n", b"x" * 65536), endless_chunks=chunked(b"x" * 32768)),
    *floods("larger than", huge_length=raw(OK + b"Content-Length: 99999999999\r\n\r\n")),
    *floods("took longer than", slow_body=chunked(b"x", 0.2), slow_head=endless(OK, b"X: y\r\n", 0.2, EMPTY)),
    *floods(
        "bytes of headers",
        endless_head=endless(OK, b"".join(b"X-%d: y\r\n" % n for n in range(4000)), end=EMPTY),
        endless_interim=endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, end=OK + EMPTY),
        many_headers=raw(OK, b"".join(b"X-%d: y\r\n" % n for n in range(100_000)), EMPTY),
    ),
    *floods(
        "500 content encodings", deep_bomb=coded(", ".join(["gzip"] * 500), gzip.compress(REPORT, mtime=0))
    ),
    *floods("more than 100 members", crumbled_bomb=coded("gzip", gzip.compress(b"", mtime=0) * 1000)),
    *BOMBS,
    by_robots("slow_robots", endless(OK, b"X: y\r\n", 0.2, EMPTY)),
    by_robots("bomb_robots", coded("gzip", gzip.compress(BOMB, mtime=0))),
    Attack(
        "redirect_loop",
        pages={f"/nb/{n}.html": redirect(f"{n + 1}.html") for n in range(1, 60)},
        reason="max redirections",
    ),
)

GARBAGE = (
    *floods("ConnectionDone", long_header=raw(OK + b"X: ", b"y" * 10_000_000, b"\r\n" + EMPTY)),
    *floods("non-decimal", negative_length=raw(OK + b"Content-Length: -5\r\n\r\n")),
    *floods("conflicting", two_lengths=raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy")),
    *floods("ParseError", no_http=raw(b"<html>\n<p>HTTP/0.9\n")),
    *floods("is cut", damaged_gzip=coded("gzip", gzip.compress(REPORT * 50, mtime=0)[:-20])),
)


def escaping_list() -> bytes:
    """Return a list whose titles and addresses would lead out of any folder."""
    item = '<li><a href="{}">{}样例局2020年政府信息公开工作年度报告</a>2021-01-31</li>'
    titled = [item.format(f"{number}.html", path) for number, path in enumerate(ESCAPES)]
    addressed = [item.format(path.replace("/", "%2f") + ".doc", "") for path in ESCAPES]
    return LIST.format("".join(titled + addressed)).encode()


HARMLESS = (
    Attack("specimen"),
    Attack("cookies", links=("1.html", "2.html", "http://127.0.0.1:{neighbour}/cookies")),
    Attack("plain_as_gzip", pages=document(coded("gzip", REPORT))),
    Attack("plain_as_deflate", pages=document(coded("deflate", REPORT))),
    Attack("alternating", answers=(PUBLIC, PRIVATE) * 10),
    Attack("escaping", pages={"/nb/": (200, HTML, escaping_list())}),
)

ATTACKS = (*FOREIGN, *PRIVATE_ADDRESSES, *FLOODS, *GARBAGE, *HARMLESS)
UNGUARDED = {
    "six_literal": "http://[fd00::1]:{victim}/six_literal",
    "six_loopback": "http://[::1]:{victim}/six_loopback",
    "six_mapped": "http://[::ffff:10.0.0.1]:{victim}/six_mapped",
    "literal_alone": "http://10.0.0.1:{victim}/literal_alone",
    "file_alone": "file://{secret}",
    "data_alone": "data:text/html,x",
}
"""Homes for which the guard stands aside."""
