"""Readers by the dozen, who ask a site for all it has and look whether an answer is of one version.

A version is planted in all it publishes (`plant`): as a number in every cell, as words in every text. What an
answer says of it is then found by the same marks in pages, JSON, CSV and SQL alike.
"""

import http.client
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

from archive.fulltext import FullText

FIRST = 770_000
"""The number of version 0; that of each other is as many more."""

_NUMBER = re.compile(rb"(?<![\w.])77(\d{4})(?:\.0)?(?!\w)")
_WORDS = re.compile("(?:第|\\\\u7b2c)(\\d+)(?:版|\\\\u7248)".encode())
_STAMP = re.compile(rb"(?<!\w)\d{8}T\d{6}Z(?!\w)")

WHOLE, PART, NOT_FOUND, ASK_LATER = 200, 206, 404, 503

IDLE = 4.0
"""Seconds for an answer after which its connection is not asked on. A server counts as idle who has yet to read
what the kernels hold for him, and may close the connection (RFC 9112 §9.5); ours does after 5 s."""


def plant(database: Path, number: int) -> None:
    """Put the number of a version into every cell, indicator, finding, title and text of a database."""
    value, words = FIRST + number, f"第{number}版"
    with closing(sqlite3.connect(database)) as db, db:
        index = FullText(db)
        for table in ("section", "report"):
            index.about_to_change(table, "true")
        db.execute("UPDATE cell SET value = ?, text = NULL, state = 1", (value,))
        db.execute("UPDATE indicator SET value = ?, numerator = ?, denominator = NULL", (value, value))
        db.execute("UPDATE finding SET expected = ?, found = ?", (value, value))
        db.execute("UPDATE report SET title = '样本年报' || ?", (words,))
        db.execute("UPDATE revision SET title = '样本年报' || ?", (words,))
        db.execute("UPDATE section SET text = ?", (f"{words}的正文。" * 20,))
        db.execute("UPDATE problem SET detail = ?", (words,))
        index.renew()


def marks(body: bytes, stamps: Mapping[str, int]) -> set[int]:
    """Return the numbers of all versions that an answer tells of; -1 for a stamp that is no version's."""
    found = {int(number) for number in _NUMBER.findall(body)}
    found |= {int(number) for number in _WORDS.findall(body)}
    return found | {stamps.get(stamp.decode(), -1) for stamp in _STAMP.findall(body)}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what was asked, and what came.

    Attributes:
        kind: name of what was asked.
        known: the newest version that its reader had seen when the connection was opened.
        version: that of the answer; None where it bears no mark (a style sheet, a part of a file).
        status: of the answer: 200, 206, 404 where a version was asked for that is not served, or 503 where
            it says when to ask again.
        etag, start, digest: of a file, where in it the bytes stand that came, and their SHA-256: a long crowd
            would fill the memory with the bytes themselves.
    """

    kind: str
    known: int
    version: int | None
    status: int
    etag: str = ""
    start: int = 0
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to ask for: its address may hold `{version}`; `ranged` asks for a part of a file."""

    kind: str
    address: str
    marked: bool = True
    is_file: bool = False
    ranged: bool = False
    slowly: bool = False


@dataclass(slots=True)
class Crowd:
    """What all readers share: what they ask, the versions there are by their stamps, and until when.

    `pause` is the most seconds that a reader rests after an answer; who never rests keeps no connection.
    """

    port: int
    asks: tuple[Ask, ...]
    stamps: Mapping[str, int]
    pause: float = 0.2
    stop: threading.Event = field(default_factory=threading.Event)


class Reader(threading.Thread):
    """Asks for one thing after the other, on connections that are kept for a while or opened anew each time."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        super().__init__(name=f"reader {number}")
        self.crowd, self.random = crowd, Random(number)
        self.kept = self.random.choice((1, 1, 3, 30)) if crowd.pause else 1
        self.answers: list[Answer] = []
        self.failures: list[str] = []
        self.newest = -1

    def run(self) -> None:
        """Ask until told to stop; what goes wrong is kept, and asking goes on."""
        while not self.crowd.stop.is_set():
            asked: list[str] = []
            try:
                self._sit(asked)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failures.append(f"{asked[-1:]}: {type(error).__name__}: {error}")

    def _sit(self, asked: list[str]) -> None:
        """Ask so many times on one connection."""
        known = self.newest
        with closing(_Connection(self.crowd.port, slow=self.random.random() < 0.1)) as connection:
            for _ in range(self.kept):
                ask, began = self.random.choice(self.crowd.asks), time.monotonic()
                asked.append(ask.kind)
                try:
                    self.answers.append(self._ask(connection, ask, known))
                except _Closed:
                    break
                if self.crowd.stop.is_set() or time.monotonic() - began > IDLE:
                    break
                time.sleep(self.random.random() * self.crowd.pause)

    def _ask(self, connection: "_Connection", ask: Ask, known: int) -> Answer:
        stamp = self.random.choice(list(self.crowd.stamps))
        headers = {"Range": f"bytes={self.random.randrange(2_000)}-"} if ask.ranged else {}
        connection.request("GET", ask.address.replace("{version}", stamp), headers=headers)
        answer = connection.getresponse()
        body = _taken(answer, self.random if ask.slowly else None)
        if answer.status == ASK_LATER and answer.headers["retry-after"]:
            return Answer(ask.kind, known, None, answer.status)
        is_file = ask.is_file and answer.status != NOT_FOUND
        version = None if is_file else self._version(ask, answer.status, body, self.crowd.stamps[stamp])
        self.newest = max(self.newest, -1 if version is None else version)
        if not is_file:
            return Answer(ask.kind, known, version, answer.status)
        assert answer.status == (PART if ask.ranged else WHOLE), f"{answer.status} {body[:200]!r}"
        etag = answer.headers["etag"].strip('"')
        return Answer(ask.kind, known, None, answer.status, etag, _start(answer), sha256(body).digest())

    def _version(self, ask: Ask, status: int, body: bytes, asked: int) -> int | None:
        """Return the one version that a page or its data tell of."""
        found = marks(body, self.crowd.stamps)
        if "{version}" in ask.address and status == NOT_FOUND:
            # Only what names a version that is not served may be refused, and the page says which one is.
            found.discard(asked)
        else:
            assert status == WHOLE, f"{status} {body[:200]!r}"
        assert len(found) <= 1, f"versions are mixed: {found}"
        assert found or not ask.marked, f"no version is named: {body[:200]!r}"
        return next(iter(found), None)


def _start(answer: http.client.HTTPResponse) -> int:
    told = answer.headers["content-range"]
    return int(told.removeprefix("bytes ").partition("-")[0]) if told else 0


def _taken(answer: http.client.HTTPResponse, slowly: Random | None) -> bytes:
    """Return the body; a slow reader takes it bit by bit, for longer than a version stays."""
    if slowly is None:
        return answer.read()
    parts = []
    while part := answer.read(30_000):
        parts.append(part)
        time.sleep(slowly.random() * 0.1)
    return b"".join(parts)


class _Connection(http.client.HTTPConnection):
    """A connection that takes little at a time where it is slow, so that the server has to wait for it."""

    def __init__(self, port: int, *, slow: bool) -> None:
        super().__init__("127.0.0.1", port, timeout=60)
        self._slow = slow
        self._opened = False

    def connect(self) -> None:
        # One connection is one look at which version is there: it must not be opened anew behind our back.
        if self._opened:
            raise _Closed
        self._opened = True
        self.sock = socket.socket()
        if self._slow:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self.sock.settimeout(self.timeout)
        self.sock.connect((self.host, self.port))


class _Closed(Exception):
    """The server has said that it closes the connection, as it may after any answer."""
