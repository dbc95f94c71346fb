"""Programs of other people that read a format for us, run so that no document can do harm through them.

Each run has a folder of its own that is deleted afterwards, no network, limits of time, memory and
file size, and no life beyond that of the process which started it. The network is taken away
by a namespace of its own; where the kernel refuses that (some containers), what is left is that
each program is told to fetch nothing.
"""

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pipelines.errors import LimitExceeded, MissingProgram
from pipelines.processes import die_with_parent

SECONDS = 25.0
"""Time of one run; two of them take less than a worker has, so that the document says what took long."""

MEMORY = 1 << 30
"""Bytes of address space; LibreOffice 7.4 takes 453 MB for a report."""

LARGEST_FILE = 64 << 20
"""Bytes of a file that is written; a report takes 30 kB."""

_PREFIX = "gongkai-program-"
_LEFT_OVER = 3600.0  # seconds: far longer than any run
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_DEAD = "http://127.0.0.1:9"
_libc = ctypes.CDLL(None, use_errno=True)


def find_program(name: str, packages: str) -> Path:
    """Return where a program is, links resolved.

    Raises:
        MissingProgram: It is not on the PATH; the message names Debian's packages.
    """
    found = shutil.which(name)
    if found is None:
        raise MissingProgram(f"{name} is not installed: apt install {packages}")
    return Path(found).resolve()


@contextmanager
def own_folder() -> Iterator[Path]:
    """Yield a folder for one run, deleted afterwards; a killed process leaves its own to a later call."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _age(folder) > _LEFT_OVER:
            shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:  # another process was faster
        return 0.0


def run(command: Sequence[str | Path], folder: Path, *, seconds: float | None = None) -> tuple[int, bytes]:
    """Run a program in its folder; return its exit status and what it printed.

    Raises:
        LimitExceeded: It did not end within the time (`SECONDS` if not told), or wrote too large a file.
    """
    seconds = SECONDS if seconds is None else seconds
    name = Path(command[0]).name
    printed = folder / "printed"
    with printed.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - a program that an operator installed
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,  # what it starts is killed with it
            preexec_fn=partial(_confine, os.getpid(), seconds),
        )
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise LimitExceeded(f"{name} did not read the document within {seconds:g} seconds") from error
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if -status in (signal.SIGXFSZ, signal.SIGXCPU):
        raise LimitExceeded(f"{name} makes more of the document than {LARGEST_FILE >> 20} MB")
    return status, printed.read_bytes()


def _environment(folder: Path) -> dict[str, str]:
    place = str(folder)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), _DEAD)
    return {"PATH": os.defpath, "HOME": place, "TMPDIR": place, "LC_ALL": "C.UTF-8", **proxies}


def _confine(parent: int, seconds: float) -> None:
    """Limit this process, between fork and exec."""
    _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    # After unshare, because new credentials make the kernel forget it.
    die_with_parent(parent)
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_CORE: 0,
    }
    for limit, wanted in limits.items():
        hard = resource.getrlimit(limit)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (value, value))
