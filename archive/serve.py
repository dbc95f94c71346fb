"""Serve the newest publication, and each newer one as soon as it is there.

The parent holds the listening socket and looks for new publications; each publication is
served by a process of its own (`archive.site.__main__`). The new one is ready before the old one
stops, so no connection is refused or dropped, and every answer comes whole from one version. The new
one accepts its first connection when the old one has accepted its last: who has seen a version gets no
earlier one on a connection that is opened after that. What is opened between the two waits in the
socket's queue for a moment. (Replacing the file under a running Datasette gives mixed or old answers.)

A publication that cannot be served is told, and the newest of the others is served in its place; it is tried
again when its database changes, and after a while, for what was amiss may have been the machine.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from archive.errors import ServeError
from archive.versions import DATABASE, database_fault, newest, versions

READY = b"1"
"""A child sends it on its line when the publication has answered, and has it back when it is to serve."""

PORT = 8001
POLL = 1.0
"""Seconds between two looks for a new publication."""

START_LIMIT = 120.0
"""Seconds a publication may need until it answers: it counts the rows of its tables first."""

HAND_OVER_LIMIT = 5.0
"""Seconds that a process may need to accept no more before the next one begins all the same."""

END_LIMIT = 30.0
"""Seconds a process may need to end before it is killed; longer than any query may take."""

RETRY = 600.0
"""Seconds until a publication that could not be served is tried again: memory and disks come back."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """The process that serves one publication; it closes its end of the line when it accepts no more."""

    folder: Path
    process: subprocess.Popen[bytes]
    line: socket.socket

    def begin(self) -> None:
        """Have the process accept connections; one that has ended meanwhile is no error."""
        with suppress(OSError):
            self.line.sendall(READY)

    def leave(self) -> None:
        """Ask the process to end, and wait until it accepts no more, for so long as that may take."""
        self.end(signal.SIGTERM)
        self.line.settimeout(HAND_OVER_LIMIT)
        with suppress(OSError):
            self.line.recv(1)

    def has_ended(self) -> bool:
        """Tell whether the process has ended."""
        if self.process.poll() is None:
            return False
        self.line.close()
        return True

    def end(self, sig: signal.Signals) -> None:
        """Ask the process to end; a process that has ended is no error."""
        self.process.send_signal(sig)

    def wait(self) -> None:
        """Wait until the process has ended, and kill it at the limit."""
        try:
            self.process.wait(END_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.line.close()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a publication is not served, as its database was then, and until when it is not tried again."""

    why: str
    state: tuple[int, ...]
    until: float

    def holds(self, folder: Path) -> bool:
        """Tell whether the publication need not be tried again yet."""
        return time.monotonic() < self.until and _state(folder) == self.state


def _state(folder: Path) -> tuple[int, ...]:
    """Return what changes when a publication's database is put right."""
    try:
        found = (folder / DATABASE).stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(slots=True)
class Shift:
    """Who serves: the child at work, those that are ending, versions that would not start."""

    public: Path
    warc: Path
    listener: socket.socket
    stop: threading.Event
    serving: Child | None = None
    leaving: list[Child] = field(default_factory=list)
    refused: dict[Path, Refusal] = field(default_factory=dict)

    def turn(self) -> None:
        """Bring the newest publication on duty that can be served, if it is not."""
        self.leaving = [child for child in self.leaving if not child.has_ended()]
        if self.serving and self.serving.has_ended():
            log.error("the process serving %s ended by itself; starting another", self.serving.folder.name)
            self.serving = None
        for folder in versions(self.public):
            if self.stop.is_set() or (self.serving and self.serving.folder == folder):
                return
            if folder in self.refused and self.refused[folder].holds(folder):
                continue
            child = self._start(folder)
            if child:
                self._hand_over(child)
                return

    def _hand_over(self, child: Child) -> None:
        if self.serving:
            self.serving.leave()
            self.leaving.append(self.serving)
        child.begin()
        self.serving = child
        self.refused.pop(child.folder, None)
        log.info("serving version %s", child.folder.name)

    def told(self) -> str:
        """Say why nothing is served."""
        lines = [f"the publications in {self.public} cannot be served"]
        lines += [f"{folder.name}: {refusal.why}" for folder, refusal in sorted(self.refused.items())]
        return "\n".join(lines)

    def close(self) -> None:
        """End all children."""
        children = [*self.leaving, *([self.serving] if self.serving else [])]
        for child in children:
            child.end(signal.SIGINT)
        for child in children:
            child.wait()

    def _start(self, folder: Path) -> Child | None:
        """Start a process on a publication; return it once it answers, and refuse one that does not."""
        own, other = socket.socketpair()
        try:
            with other:
                child = Child(folder, self._open(folder, other), own)
        except OSError as error:
            own.close()
            self._refuse(folder, f"no process could be started: {error}")
            return None
        if self._hears(own) and own.recv(1) == READY:
            return child
        child.process.kill()
        child.wait()
        if not self.stop.is_set():
            self._refuse(folder, database_fault(folder) or "its process did not answer, or ended before")
        return None

    def _refuse(self, folder: Path, why: str) -> None:
        self.refused[folder] = Refusal(why, _state(folder), time.monotonic() + RETRY)
        log.error(
            "version %s is not served: %s; it is tried again when its database changes, or in %.0f minutes",
            folder.name,
            why,
            RETRY / 60,
        )

    def _open(self, folder: Path, line: socket.socket) -> subprocess.Popen[bytes]:
        numbers = {"--socket": self.listener.fileno(), "--line": line.fileno(), "--parent": os.getpid()}
        words = {**numbers, "--warc": self.warc.absolute()}
        given = [str(word) for pair in words.items() for word in pair]
        return subprocess.Popen(  # noqa: S603 (our own module)
            # -P: a folder `archive` where the command is run must not be taken for ours.
            [sys.executable, "-P", "-m", "archive.site", str(folder / DATABASE), *given],
            pass_fds=(self.listener.fileno(), line.fileno()),
            # Ctrl-C on the terminal reaches the parent alone, which then ends the children.
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )

    def _hears(self, line: socket.socket) -> bool:
        for _ in range(round(START_LIMIT / 0.2)):
            if self.stop.is_set():
                return False
            if select.select([line], [], [], 0.2)[0]:
                return True
        return False


def serve(
    public: Path,
    host: str = "127.0.0.1",
    port: int = PORT,
    *,
    warc: Path | None = None,
    on_ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the newest publication until SIGTERM or Ctrl-C. Call it in the main thread.

    Args:
        public: The folder of versions (`archive.publish`).
        host: Name or address to listen on.
        port: Port; 0 takes a free one.
        warc: The folder of WARC files, from which originals are shown; beside `public` if not told. It need
            not be there.
        on_ready: Called once with the site's address when it answers.

    Raises:
        ServeError: Nothing is published, the address cannot be had, or the publication
            cannot be served.
    """
    if newest(public) is None:
        raise ServeError(f"nothing is published in {public}: crawl first")
    stop = threading.Event()
    with _listening(host, port) as listener, _stopped_by_signals(stop):
        shift = Shift(public, warc or public.parent / "warc", listener, stop)
        try:
            shift.turn()
            if shift.serving:
                on_ready(_address(host, listener))
            while not stop.is_set():
                if shift.serving is None:
                    raise ServeError(shift.told())
                stop.wait(POLL)
                shift.turn()
        finally:
            listener.close()
            shift.close()


def require_free(host: str, port: int) -> None:
    """Find out whether an address can be listened on, before the work is done that is to be served.

    Raises:
        ServeError: It cannot.
    """
    _listening(host, port).close()


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise ServeError(f"{host}:{port} cannot be listened on: ports go from 0 to 65535")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise ServeError(
            f"{host}:{port} cannot be listened on: {error}; choose another port with --port"
        ) from error
    # Two processes accept from it for a moment: whoever comes second must not block.
    listener.setblocking(False)
    return listener


def _address(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}/"


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, on_signal) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
