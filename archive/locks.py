"""Locks that die with their process: two commands at once never mix, a killed one leaves none."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import LockHeld

LOADER = "loader"


@contextmanager
def hold(data: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` of a data folder while the block runs.

    Raises:
        LockHeld: Another process holds it.
        OSError: The folder cannot be written.
    """
    folder = data / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    # The file stays: unlinking it would let two processes lock two files of one name.
    with (folder / (re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".lock")).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld(f"another command holds {name} in {data}") from error
        yield
