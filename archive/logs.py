"""What a command does, told to programs: entries in `data/logs/` besides what it prints.

Entries come from the standard library's loggers. Each names its command, and the portal and run that
it is of, which the code that logs need not know: whoever works on a portal says so once, with `about`.
What people are told on the terminal in other words is an entry too, by `note`.

Only a command that changes an archive writes there, from the moment at which it begins to.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive.log_lines import Entries, Lines

FOLDER = "logs"
WHERE, COMMAND = "GONGKAI_LOG", "GONGKAI_COMMAND"
"""What says where entries go, and tells a child process of which command it is."""

OFF, STDERR = "off", "stderr"
"""Values of `GONGKAI_LOG` that name no folder: no entries; all to standard error in place of words."""

OURS = ("archive", "crawler", "gongkai", "pipelines")
"""Our own loggers tell what happens, those of the libraries only what goes wrong."""

SECRET = ("GONGKAI_CONTACT", "GONGKAI_NOTIFY")
_SHORT = 8
"""Characters of a word of these below which it is no secret, but `mail` or `-fsS`."""

_logger = logging.getLogger(__name__)
_about: ContextVar[tuple[str, str]] = ContextVar("about", default=("", ""))
_runs: dict[str, str] = {}
"""The run of each portal that this process crawls, or has crawled."""


@dataclass(slots=True)
class _Log:
    """The log of this process. `plain` is what says in words what goes wrong; `entries` is the log."""

    plain: logging.Handler | None = None
    entries: logging.Handler | None = None
    where: str = ""
    command: str = ""
    began: float = 0.0


_log = _Log()


class _Context(logging.Filter):
    """Lets through what is worth an entry, and tells it which portal and run it is of."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING and record.name.partition(".")[0] not in OURS:
            return False
        # Scrapy says which spider it is of, which is more certain than where the loop has got to.
        portal, run = _about.get()
        spider = getattr(record, "spider", None)
        if spider is not None and spider.name != portal:
            portal, run = spider.name, ""
        run = run or _runs.get(portal, "")
        fields = getattr(record, "fields", {})
        record.entry = {"portal": portal, "run": run, **fields}
        return True


def install() -> None:
    """Say in words on standard error what goes wrong; `begin` adds the entries. Once a process."""
    # On the handler, not the logger: Scrapy opens all loggers to everything.
    _log.plain = logging.StreamHandler()
    _log.plain.setLevel(logging.WARNING)
    _log.plain.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s: %(message)s"))
    _log.plain.addFilter(lambda record: not hasattr(record, "fields"))
    logging.root.addHandler(_log.plain)
    _log.began = time.monotonic()


def begin(data: Path) -> None:
    """Note that the running command begins to change an archive; further calls do nothing.

    Where `install` was not called, as in a program that uses this one, nothing is written.
    """
    if _log.plain is None or _log.command:
        return
    context = click.get_current_context(silent=True)
    _log.command = context.command_path.partition(" ")[2] if context else "gongkai"
    where = os.environ.get(WHERE) or str(data / FOLDER)
    # Child processes work in another folder.
    _log.where = where if where in (OFF, STDERR) else str(Path(where).absolute())
    _write_entries(_log.plain)
    note(_logger, logging.INFO, "the command begins", data=str(data.absolute()))


def join() -> None:
    """Write to the log of the process that started this one, if it has one."""
    _log.command, _log.where = os.environ.get(COMMAND, ""), os.environ.get(WHERE, "")
    plain = logging.lastResort
    if plain is not None and _log.command:
        logging.root.addHandler(plain)
        _write_entries(plain)


def for_children() -> Mapping[str, str]:
    """Return what a child's environment holds for `join`."""
    return {WHERE: _log.where, COMMAND: _log.command} if _log.command else {}


def _write_entries(plain: logging.Handler) -> None:
    if _log.where == OFF:
        return
    if _log.where == STDERR:
        _log.entries = logging.StreamHandler(sys.stderr)
        logging.root.removeHandler(plain)
    else:
        _log.entries = Lines(Path(_log.where))
    _log.entries.setLevel(logging.INFO)
    _log.entries.setFormatter(Entries(_log.command, dict(_secrets())))
    _log.entries.addFilter(_Context())
    logging.root.addHandler(_log.entries)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def _secrets() -> Iterator[tuple[str, str]]:
    for name in SECRET:
        value = os.environ.get(name, "").strip()
        for text in (value, *value.split()):
            # `print 'x'` as a word is x in what goes wrong.
            word = text.strip("'\"")
            if len(word) >= _SHORT or word == value != "":
                yield word, f"${name}"


def end(code: int) -> None:
    """Note with which code the command ends; say so where entries could not be written."""
    if not _log.command:
        return
    seconds = round(time.monotonic() - _log.began, 1)
    note(_logger, logging.INFO, "the command ends", code=code, seconds=seconds)
    lost = _log.entries.lost if isinstance(_log.entries, Lines) else 0
    if lost:
        click.echo(f"gongkai: {lost} entries of the log could not be written to {_log.where}", err=True)


def note(
    logger: logging.Logger,
    level: int,
    message: str,
    *,
    error: BaseException | None = None,
    **fields: Any,
) -> None:
    """Write an entry that is not printed: the terminal is told in other words, or need not be told.

    Args:
        logger: The logger of the module.
        level: As of the standard library.
        message: What happened.
        error: What went wrong, which goes in with its traceback.
        fields: Further members of the entry; `portal` and `run` where `about` does not tell.
    """
    if _log.entries is None:
        # Nobody reads it, and what has no handler would be printed.
        return
    logger.log(level, "%s", message, exc_info=error, extra={"fields": fields})


@contextmanager
def about(portal: str, run: str = "") -> Iterator[None]:
    """Say that what happens in this block is of a portal, and of its run if that is not its latest one."""
    before = _about.set((portal, run))
    try:
        yield
    finally:
        _about.reset(before)


def run_begins(portal: str, run: str) -> None:
    """Say which run of a portal this process goes on with."""
    _runs[portal] = run
