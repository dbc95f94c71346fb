"""Locks that die with their process: two commands at once never mix, a killed one leaves none."""

import fcntl
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from archive.errors import LockHeld

LOADER = "loader"


def portal_lock(portal: str) -> str:
    """Return the name of the lock on a portal's files: one run at a time, and no repair during it."""
    return f"portal {portal}"


def machine_folder() -> Path:
    """Return the folder whose locks all archives of this user on this machine share.

    `GONGKAI_LOCKS` names another, for services that see no home or several users who crawl.

    Raises:
        OSError: It cannot be made, or is somebody else's.
    """
    # Not the folder for temporary files: it may be another for each service, and is swept.
    named = os.environ.get("GONGKAI_LOCKS")
    if named:
        return Path(named)
    folder = Path(os.path.expanduser("~/.cache/gongkai"))
    if not folder.is_absolute():
        raise FileNotFoundError("there is no home for the locks of hosts: set GONGKAI_LOCKS to a folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} is not ours")
    return folder


@contextmanager
def hold(data: Path, name: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock `name` of a folder while the block runs.

    Args:
        data: The data folder, or `machine_folder()`.
        name: A host, or `LOADER`.
        wait: Seconds to wait for another process to let go.

    Raises:
        LockHeld: Another process holds it.
        OSError: The folder cannot be written.
    """
    # The file stays: unlinking it would let two processes lock two files of one name.
    with path(data, name).open("a") as file:
        until = time.monotonic() + wait
        while not take(file):
            if time.monotonic() >= until:
                raise LockHeld(f"another command holds {name!r} in {data}: {_holder(file)}")
            time.sleep(0.2)
        _sign(file)
        yield


def _sign(file: IO[str]) -> None:
    """Write who holds the lock, for whoever finds it held. What a killed one wrote means nothing."""
    file.truncate(0)
    file.write(f"process {os.getpid()}, {' '.join([Path(sys.argv[0]).name, *sys.argv[1:2]])}")
    file.flush()


def _holder(file: IO[str]) -> str:
    return Path(file.name).read_text(errors="replace").strip() or "it has only just begun"


def path(data: Path, name: str) -> Path:
    """Return the file of a lock; its folder is made.

    Raises:
        OSError: The folder cannot be written.
    """
    folder = data / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / (re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".lock")


def take(file: IO[Any]) -> bool:
    """Take an open file's lock, which goes with the file; tell whether nobody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
