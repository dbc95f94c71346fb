"""Documents read in processes that can be killed: one bad file costs one problem.

A worker is a fresh interpreter that reads one document at a time under limits of memory and
time. It is killed and replaced at the limit, and it is gone when its parent is gone. Not the
standard pools: there one killed worker fails everything queued, a hung task cannot be stopped,
and orphans outlive a killed parent.
"""

import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from pathlib import Path

from archive import logs
from archive.captures import Capture
from pipelines.reading import Problem, Reading

SECONDS = 60.0
MEMORY = 1 << 30
"""Limits of one document: seconds of time, bytes of address space beyond the interpreter's."""

WINDOW = 8
"""Documents a worker may be ahead of the slowest one, so that memory stays bounded."""

_ROOT = Path(__file__).parent.parent
"""Where the program is found: a folder, or an egg that Scrapyd runs as it is."""


def _environment() -> dict[str, str]:
    """Return the environment in which a worker finds this program first, whatever is installed besides."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **logs.for_children()}


@dataclass(slots=True)
class _Task:
    capture: Capture
    reading: Reading | None = None


@dataclass(slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection
    task: _Task | None = None
    deadline: float = field(default=0.0)

    def give(self, task: _Task, seconds: float) -> None:
        self.task = task
        self.deadline = time.monotonic() + seconds
        self.pipe.send(task.capture)

    def kill(self) -> int:
        """End the process; return its exit status."""
        self.pipe.close()
        self.process.kill()
        return self.process.wait()


def read_all(
    captures: Iterable[Capture],
    *,
    processes: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Iterator[tuple[Capture, Reading]]:
    """Read captures in worker processes; yield each with its reading, in their order.

    Captures are taken from the iterable as they are needed. A document that meets a limit
    has the problem `limit_exceeded`; one that kills its worker, `unreadable_document`.

    Args:
        captures: What to read.
        processes: Number of workers; the machine's cores if not told.
        seconds: Time for one document.
        memory: Bytes of address space for one document, beyond what a worker starts with.
    """
    pool = _Pool(processes or os.cpu_count() or 1, seconds, memory)
    try:
        yield from pool.run(iter(captures))
    finally:
        pool.close()


class _Pool:
    def __init__(self, size: int, seconds: float, memory: int) -> None:
        self._size, self._seconds, self._memory = size, seconds, memory
        self._workers: list[_Worker] = []
        self._tasks: deque[_Task] = deque()

    def run(self, captures: Iterator[Capture]) -> Iterator[tuple[Capture, Reading]]:
        while True:
            self._feed(captures)
            if not self._tasks:
                return
            self._collect()
            while self._tasks and self._tasks[0].reading is not None:
                done = self._tasks.popleft()
                assert done.reading is not None
                yield done.capture, done.reading

    def _feed(self, captures: Iterator[Capture]) -> None:
        room = self._size * WINDOW - len(self._tasks)
        idle = [worker for worker in self._workers if worker.task is None]
        wanted = min(room, self._size - len(self._workers) + len(idle))
        for capture in islice(captures, max(wanted, 0)):
            task = _Task(capture)
            self._tasks.append(task)
            worker = idle.pop() if idle else self._start()
            try:
                worker.give(task, self._seconds)
            except OSError:
                self._died(worker)

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [
                    sys.executable,
                    # A folder `pipelines` where the command is run must not be taken for ours.
                    "-P",
                    "-m",
                    "pipelines.worker",
                    str(theirs.fileno()),
                    str(self._memory),
                    str(os.getpid()),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
                # Ctrl-C is the parent's to handle: it ends its workers itself.
                start_new_session=True,
            )
        worker = _Worker(process, Connection(ours.detach()))
        self._workers.append(worker)
        return worker

    def _collect(self) -> None:
        """Wait until a worker has answered, died or run out of time."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        if not busy:
            return
        nearest = min(worker.deadline for worker in busy.values())
        ready = wait(list(busy), timeout=max(0.0, nearest - time.monotonic()))
        for pipe in ready:
            worker = busy[pipe]  # type: ignore[index]
            try:
                answer = worker.pipe.recv()
            except (EOFError, OSError):
                self._died(worker)
            else:
                self._answered(worker, answer)
        now = time.monotonic()
        for worker in busy.values():
            if worker.task is not None and worker.deadline <= now:
                self._replace(worker, "limit_exceeded", f"not read within {self._seconds:g} seconds")

    def _answered(self, worker: _Worker, reading: Reading) -> None:
        assert worker.task is not None
        worker.task.reading = reading
        worker.task = None

    def _died(self, worker: _Worker) -> None:
        status = worker.process.wait(timeout=10)
        self._replace(worker, "unreadable_document", f"the process that read it ended with status {status}")

    def _replace(self, worker: _Worker, kind: str, detail: str) -> None:
        self._workers.remove(worker)
        worker.kill()
        if worker.task is not None:
            self._answered(worker, Reading(problems=(Problem(kind, detail),)))

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers.clear()
