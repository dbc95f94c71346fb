"""Runs the command line and has it killed at a chosen moment: `python -m tests.killing MOMENT NTH ARGUMENT...`.

SIGKILL from outside seldom hits the instant between two steps. Here the process ends itself, with no
chance to clean up, when it comes to the moment for the NTH time.

A moment is a name of `MOMENTS`, or `module:name`, before that function or method is called. `A > B` is B,
counted from when A has been reached.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any

import gongkai
from archive import runs, warc
from archive.index import Index
from pipelines import journal

Step = Callable[..., Any]

_write_all = warc.Writer._write_all


def tear(writer: warc.Writer, data: bytes) -> None:
    """Write half of what is to be written, as a process does that is killed in the middle."""
    _write_all(writer, data[: len(data) // 2])


Moment = tuple[type | ModuleType, str, Step | None, bool]
"""Where to stop: class or module, what it calls, what is done in its place (itself if None), and whether after it."""

MOMENTS: Mapping[str, Moment] = {
    "before the run is told": (runs.RunWriter, "tell", None, False),
    "in the middle of a record": (warc.Writer, "_write_all", tear, True),
    "between record and sync": (warc.Writer, "append", None, True),
    "between sync and index": (Index, "add", None, False),
    "after the index": (Index, "add", None, True),
    "between end and seal": (warc.Writer, "seal", None, False),
    "between seal and index": (Index, "know_file", None, False),
}
"""Moments of a run."""

DECIDING = "between journal and database"
OTHERS: Mapping[str, Moment] = {DECIDING: (journal, "append", None, True)}


def moment_of(name: str) -> Moment:
    """Return a moment by its name."""
    known = {**MOMENTS, **OTHERS}
    if name in known:
        return known[name]
    module, _, path = name.partition(":")
    owner = importlib.import_module(module)
    *classes, last = path.split(".")
    for each in classes:
        owner = getattr(owner, each)
    return owner, last, None, False


def arm(moments: str, nth: int) -> None:
    """Have this process killed when it comes to a moment for the nth time."""
    first, _, rest = moments.partition(" > ")
    owner, name, other, after = moment_of(first)
    step, left = getattr(owner, name), [1 if rest else nth]
    strike = partial(arm, rest, nth) if rest else die

    def stepped(*values: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and after:
            (other or step)(*values, **named)
        if left[0] == 0:
            strike()
        return step(*values, **named)

    setattr(owner, name, stepped)


def die() -> None:
    """End without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))
    sys.argv[1:] = sys.argv[3:]
    gongkai.main()
