"""Standard output, which people read, and whose end must not be the end of a crawl."""

import io
import logging
import os
import select
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import wraps
from typing import ParamSpec, TextIO

from archive import logs

logger = logging.getLogger(__name__)

P = ParamSpec("P")

FAILED, CUT = 3, 141
"""Codes of a command that could not do what it should, and of one whose reader went away, as behind `| head`:
what a shell says of SIGPIPE."""


class Unheard(io.TextIOBase):
    """Writes to a stream until that fails, and from then on to nobody; `lost` is why."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """What the stream does with a character that its encoding lacks."""
        return self._stream.errors

    def isatty(self) -> bool:
        """Tell whether a person may watch."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the stream's number, as far as it has one."""
        return self._stream.fileno()

    def write(self, text: str) -> int:
        """Write, to whomever."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """Have it written."""
        try:
            self._stream.flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        self.lost = error
        logs.note(logger, logging.WARNING, "nobody can read what the command says", reason=str(error))
        let_go(self._stream)


def goes_on_unheard(work: Callable[P, int]) -> Callable[P, int]:
    """Have work that returns a code go on where nobody reads what it says, or no disk has room for it."""

    @wraps(work)
    def going_on(*args: P.args, **known: P.kwargs) -> int:
        # None where the process was started with a closed output.
        output = Unheard(sys.stdout or open(os.devnull, "w"))  # noqa: SIM115 (kept)
        with redirect_stdout(output):
            code = work(*args, **known)
        if code or output.lost is None:
            return code
        return CUT if isinstance(output.lost, BrokenPipeError) else FAILED

    return going_on


def is_cut() -> bool:
    """Tell whether whoever read standard output has gone."""
    if sys.stdout is None:
        return False
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def let_go(stream: TextIO) -> None:
    """Lead a stream to nowhere, so that what it still holds is no error at the end of the process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
