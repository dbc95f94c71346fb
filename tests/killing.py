"""Runs the command line and has it killed at a chosen moment: `python -m tests.killing MOMENT NTH ARGUMENT...`.

SIGKILL from outside seldom hits the instant between two steps. Here the process ends itself, with no
chance to clean up, when it comes to the moment for the NTH time.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import gongkai
from archive import publish, runs, warc
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
RETIRING = "before versions are retired"
OTHERS: Mapping[str, Moment] = {
    DECIDING: (journal, "append", None, True),
    RETIRING: (publish, "_retire", None, False),
}


def arm(moment: str, nth: int) -> None:
    """Have this process killed when it comes to a moment for the nth time."""
    owner, name, other, after = {**MOMENTS, **OTHERS}[moment]
    step, left = getattr(owner, name), [nth]

    def stepped(*values: Any) -> Any:
        left[0] -= 1
        if left[0] or not after:
            die_if(not left[0])
            return step(*values)
        (other or step)(*values)
        return die_if(True)

    setattr(owner, name, stepped)


def die_if(now: bool) -> None:
    """End without a word, if it is time."""
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))
    sys.argv[1:] = sys.argv[3:]
    gongkai.main()
