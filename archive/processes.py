"""Programs of our own that handle hostile bytes: in a process each, with limits, gone when we are gone.

A library that hangs, takes all memory or is broken into then costs one answer and not the site.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence

from archive.errors import ProgramFailed

PR_SET_PDEATHSIG = 1

_HANDED_ON = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR")
"""What such a program needs of our environment; the rest is not its business."""


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent is gone, however that ended."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def confine(parent: int, memory: int, seconds: int) -> None:
    """Limit this process, once it has loaded what it needs; nothing it does is written to disk.

    Args:
        parent: Process that waits for the answer.
        memory: Bytes of address space beyond what it has now.
        seconds: Time of the processor.
    """
    die_with(parent)
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))


def run(module: str, arguments: Sequence[str], body: bytes, *, seconds: float, most: int) -> bytes:
    """Run one of our modules on a body; return what it prints.

    Args:
        module: Its name. It is called with our process id and then the arguments, gets the body on its
            standard input, and calls `confine` before it looks at it.
        arguments: Words of its command line.
        body: What it is to handle.
        seconds: Time after which it is killed.
        most: Bytes that it may print.

    Raises:
        ProgramFailed: It ended badly, took too long or printed too much.
    """
    with tempfile.TemporaryFile() as given:
        given.write(body)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 (our own module)
            # -P: a folder `archive` where the command is run must not be taken for ours.
            [sys.executable, "-P", "-m", module, str(os.getpid()), *arguments],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
            start_new_session=True,
        )
        return _answer(process, module, seconds, most)


def _answer(process: subprocess.Popen[bytes], module: str, seconds: float, most: int) -> bytes:
    assert process.stdout is not None
    late = threading.Timer(seconds, process.kill)
    late.start()
    try:
        with process.stdout as pipe:
            printed = pipe.read(most + 1)
        if len(printed) > most:
            process.kill()
        status = process.wait()
    finally:
        late.cancel()
        process.kill()
        process.wait()
    if status:
        raise ProgramFailed(f"{module} ended with status {status} after {len(printed)} bytes")
    return printed
