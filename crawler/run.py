"""One run: what it writes to the shelf, and what an interrupted one has there already.

No queue of requests is kept. A run that was cut off is started again from its start pages,
and what it has archived is answered from the archive (`replay`), so nothing that was
archived can be lost and nothing that was not can be taken for done.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from archive import clock, locks, logs, run_files, runs, warc
from archive.captures import Capture
from archive.errors import ArchiveError, LockHeld
from archive.exchanges import Answer, Exchange
from archive.index import Index
from archive.repair import Damage, cut_back
from crawler.facts import Tally
from crawler.portal import Portal

logger = logging.getLogger(__name__)

_NAME = "%Y%m%dT%H%M%SZ"

SYNC_RECORDS = 64
SYNC_SECONDS = 1.0
"""Power loss costs at most what came since the last sync; a killed process costs nothing."""

SMALL = 65_536
"""Bytes of a body that is compressed at once: about two milliseconds of work."""

FINAL = {*range(200, 300), 301, 302, 303, 307, 308, 404, 410}
"""Answers that need not be asked again when a run is continued; 429, 5xx and challenges do."""


def utc_now() -> str:
    """Return the time as WARC headers write it."""
    return f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"


@dataclass(slots=True)
class _Waiting:
    captures: list[Capture]
    synced: asyncio.Future[None]


class Run:
    """One run of one portal, open for writing.

    Each response waits for its own record, which the operating system then has. Waiting for the
    disk itself, the index, and the compression of large bodies are left to a thread.

    Args:
        data: The data folder.
        portal: The portal.
        info: Fields of each file's `warcinfo` record.
        ended_before: How many of its runs had ended when somebody decided to begin this one, if that matters.

    Raises:
        LockHeld: Another process crawls the portal, or has crawled it since.
        OSError: The data folder cannot be written.
    """

    def __init__(
        self, data: Path, portal: Portal, info: Mapping[str, str], ended_before: int | None = None
    ) -> None:
        self.portal = portal
        self.answers: dict[str, Capture] = {}
        self.tally = Tally()
        # One run of a portal at a time, whoever starts it; a killed one leaves no lock.
        self._held = ExitStack()
        try:
            self._held.enter_context(locks.hold(data, locks.portal_lock(portal.name)))
            self.index = Index(data)
        except BaseException:
            self._held.close()
            raise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"warc-{portal.name}")
        self._waiting: _Waiting | None = None
        self._underway: _Waiting | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._timer: asyncio.TimerHandle | None = None
        try:
            if ended_before is not None and self.index.ended(portal.name) > ended_before:
                raise LockHeld(f"{portal.name}: another command has crawled it meanwhile")
            self._begin(data / "warc", info)
        except BaseException:
            self._close()
            raise

    def _begin(self, folder: Path, info: Mapping[str, str]) -> None:
        found = run_files.interrupted(folder, self.portal.name)
        began = utc_now()
        self.continued, self._told = 0, False
        if found and self._recover(folder, found):
            # It had ended; only the last renaming was missing.
            self.continued = 0
            found = None
        self.name = found or fresh_name(folder, self.portal.name, began)
        logs.run_begins(self.portal.name, f"{self.portal.name}/{self.name}")
        self.index.catch_up(self.portal.name)
        self._writer = runs.RunWriter(folder, self.portal.name, self.name, {**info, "date": began})
        if found and self._told:
            self.continued += 1
            self._tell(runs.CONTINUED, {"interruptions": self.continued, "outcome": "interrupted"})
        else:
            self._tell(runs.STARTED, {"portal": self.portal.declaration(), "run": self.name})

    def _recover(self, folder: Path, name: str) -> bool:
        """Cut torn tails back and recall what the run holds; tell whether it had ended."""
        files = run_files.files_of(folder, self.portal.name, name)
        opened = [path for path in files if path.name.endswith(warc.OPEN)]
        for path in opened:
            cut_back(path)
        ended = False
        for path in files:
            for item in runs.read_file(path):
                self._recall(item)
                ended = ended or (isinstance(item, runs.Event) and item.kind == runs.ENDED)
        if ended:
            self.answers, self.tally = {}, Tally()
            for path in opened:
                warc.Writer(path.with_name(path.name.removesuffix(warc.OPEN))).seal()
        return ended

    def _recall(self, item: Answer | runs.Event | Damage) -> None:
        if isinstance(item, Damage):
            # What stood there is asked again.
            logger.error("%s", item.detail)
        elif isinstance(item, Answer):
            # A body that came again as it was is not here to be counted.
            self.tally.answered(item.capture, len(item.capture.body))
            final = item.capture.status in FINAL or item.capture.refers_to
            if final and not item.truncated and not item.capture.judged:
                self.answers[item.fingerprint] = replace(item.capture, body=b"")
        elif item.kind == runs.FAILED:
            self.tally.failed(str(item.value["url"]))
        elif item.kind == runs.STARTED:
            self._told = True
        elif item.kind == runs.CONTINUED:
            self.continued = int(item.value["interruptions"])

    def _tell(self, kind: str, value: Mapping[str, Any]) -> None:
        date = utc_now()
        self._writer.tell(kind, date, value)
        self._writer.sync()
        self.index.add_event(self.portal.name, self.name, runs.Event(kind, date, value))

    async def store(self, exchange: Exchange) -> Capture:
        """Write an exchange; return when the operating system has it.

        Raises:
            OSError: The disk is full or failing.
        """
        self._raise_failure()
        # A thread's turn takes longer than to compress a page.
        small = len(exchange.body) < SMALL
        packed = runs.pack(exchange) if small else await self._in_thread(runs.pack, exchange)
        capture = self._writer.append(packed)
        waiting = self._waiting or _Waiting([], asyncio.get_running_loop().create_future())
        self._waiting = waiting
        waiting.captures.append(capture)
        if len(waiting.captures) >= SYNC_RECORDS:
            await self.sync()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(SYNC_SECONDS, self._sync_in_background)
        return capture

    def _sync_in_background(self) -> None:
        # Kept, or the loop would drop it; a failure is raised by whatever is stored next.
        self._syncing = asyncio.get_running_loop().create_task(self.sync())
        self._syncing.add_done_callback(lambda task: task.cancelled() or task.exception())

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise OSError(str(self._failure)) from self._failure

    async def fail(self, url: str, reason: str, fingerprint: str) -> None:
        """Write that a request got no answer."""
        value = {"url": url, "reason": reason, "fingerprint": fingerprint}
        self._writer.tell(runs.FAILED, utc_now(), value)

    async def synced(self) -> None:
        """Return when all that is stored by now is on the disk and in the index."""
        waiting = self._waiting or self._underway
        if waiting is not None:
            await asyncio.shield(waiting.synced)
        self._raise_failure()

    async def sync(self) -> None:
        """Put what is waiting onto the disk, then into the index."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        self._underway = waiting
        try:
            await self._in_thread(self._sync, waiting.captures)
        except (OSError, ArchiveError) as error:
            self._failure = error
        finally:
            # Whoever waits is woken in any case, and then meets the failure.
            waiting.synced.set_result(None)
        self._raise_failure()

    def _sync(self, captures: list[Capture]) -> None:
        self._writer.sync()
        self.index.add(captures)

    async def _in_thread(self, work: Callable[..., Any], *values: Any) -> Any:
        # What the thread logs is of this portal too.
        work = partial(contextvars.copy_context().run, work)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)

    async def end(self, verdict: Mapping[str, Any]) -> None:
        """Write what came of the run and seal its file."""
        try:
            await self.sync()
            await self.synced()
            await self._in_thread(self._tell, runs.ENDED, verdict)
            path = await self._in_thread(self._writer.seal)
            self.index.know_file(path)
        finally:
            self._writer.close()
            self._close()

    async def leave(self) -> None:
        """Put everything onto the disk and leave the run to be continued by the next start."""
        try:
            await self.sync()
            await self.synced()
        finally:
            self._writer.close()
            self._close()

    def abandon(self) -> None:
        """Close after the disk failed; what was synced stays, the next start continues."""
        if self._timer is not None:
            self._timer.cancel()
        # A sync may be under way.
        self._thread.shutdown()
        self._writer.close()
        self._close()

    def _close(self) -> None:
        self._thread.shutdown()
        self.index.close()
        self._held.close()


def fresh_name(folder: Path, portal: str, began: str) -> str:
    """Return a name for a run that begins now: its start to the second, later than any before."""
    name = datetime.fromisoformat(began).strftime(_NAME)
    last = max(run_files.names(folder, portal), default="")
    if name <= last:
        # Also when the clock has gone back: what comes later sorts later.
        name = (datetime.strptime(last, _NAME) + timedelta(seconds=1)).strftime(_NAME)
    return name
