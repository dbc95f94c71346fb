"""Telling somebody when a portal turns bad, and when that is over: one command of the operator's.

What was told is kept in `notified.json`, portal by portal as soon as the command has taken it. A
notice that could not be given is given by the next crawl; one that was, never again.
"""

import json
import logging
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from archive import disk, logs, stopped
from archive.errors import ArchiveError, NotifyError, NotifyHangs
from archive.health import BAD, UNDECLARED, Health, look
from archive.locks import hold
from archive.status import plain
from archive.stopped import Stop

logger = logging.getLogger(__name__)

TOLD = "notified.json"
LIMIT = 30.0
"""Seconds the command may take."""

NO_PORTAL, PUBLISHED, STOPPED = "", "published", "stopped"
"""Of the publication, which is of no portal: its name in a notice, and its two states."""

MANY = 20
"""Changes above which one call takes them all: a network that is down is one mishap, not hundreds."""

Notice = dict[str, Any]
Notices = Mapping[str, Notice]


def notify(
    data: Path,
    command: str,
    now: datetime,
    known: Collection[str] | None = None,
    *,
    limit: float = LIMIT,
) -> None:
    """Tell what has turned since it was told last. Whatever goes wrong is printed, and stops nothing.

    Args:
        data: The data folder.
        command: Words as in a shell, but no shell reads them; nothing is told if it is empty.
        now: The time, with its zone.
        known: Names of the portals that are declared, as `health.look` takes them.
        limit: Seconds that the command may take each time.
    """
    if not command.strip():
        return
    try:
        words = shlex.split(command)
        # Two crawls that end together must not both tell of one portal.
        with hold(data, "notify", wait=limit):
            _tell_all(data, words, now, look(data, {}, now, known), limit)
    except (OSError, ValueError, ArchiveError) as error:
        _complain("no notice was given", error)


def _complain(what: str, error: Exception) -> None:
    logs.note(logger, logging.WARNING, what, reason=str(error))
    click.echo(f"gongkai: {what}: {plain(str(error))}", err=True)


def _tell_all(
    data: Path, words: Sequence[str], now: datetime, portals: Sequence[Health], limit: float
) -> None:
    told = _read(data / TOLD)
    turned = [*turns(portals, told, now), *_publication(stopped.read(data), told, now)]
    calls = [turned] if len(turned) > MANY else [[notice] for notice in turned]
    for notices in calls:
        try:
            _call(words, json.dumps(notices if len(turned) > MANY else notices[0]), limit)
        except NotifyHangs:
            raise
        except NotifyError as error:
            names = ", ".join(notice["portal"] or "the publication" for notice in notices)
            _complain(f"{names}: no notice was given", error)
            continue
        for notice in notices:
            turned_to = {"portal": notice["portal"], "was": notice["was"], "now": notice["now"]}
            logs.note(logger, logging.INFO, "notice was given", **turned_to)
        told = _after(told, notices)
        _write(data / TOLD, told)


def turns(portals: Sequence[Health], told: Notices, now: datetime) -> Iterator[Notice]:
    """Yield a notice for each portal that has turned bad, or well again, since it was told last."""
    for health in portals:
        name = health.facts.portal
        was = str(told[name]["now"]) if name in told else health.before
        if health.state == UNDECLARED or health.bad == (was in BAD):
            continue
        yield {
            "portal": name,
            "title": health.facts.title,
            "was": was,
            "now": health.state,
            "reason": health.reason,
            "since": health.since,
            "at": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }


def _publication(stop: Stop | None, told: Notices, now: datetime) -> Iterator[Notice]:
    """Yield a notice where the gate has stopped the publication since it was told last, or lets one pass."""
    if (stop is None) == (NO_PORTAL not in told):
        return
    yield {
        "portal": NO_PORTAL,
        "title": "",
        "was": PUBLISHED if stop else STOPPED,
        "now": STOPPED if stop else PUBLISHED,
        "reason": "; ".join(" ".join(each.split()) for each in stop.reasons) if stop else "",
        "since": stop.since if stop else "",
        "at": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def _after(told: Notices, notices: Sequence[Notice]) -> Notices:
    """Return what is told by now: only what is bad need be remembered."""
    bad = {notice["portal"]: notice for notice in notices if notice["now"] in (*BAD, STOPPED)}
    well = {notice["portal"] for notice in notices} - bad.keys()
    return {name: each for name, each in {**told, **bad}.items() if name not in well}


def _read(path: Path) -> Notices:
    try:
        told = json.loads(path.read_bytes())
        return {str(name): {"now": str(each["now"])} | each for name, each in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        click.echo(f"gongkai: {path} is damaged, what is bad is told once more: {error}", err=True)
        return {}


def _write(path: Path, told: Notices) -> None:
    disk.replace_file(path, json.dumps(told, indent=1, sort_keys=True) + "\n")


def _call(words: Sequence[str], told: str, limit: float) -> None:
    # What it says goes into a file: a pipe would be waited for as long as anything it starts has it.
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603 (the operator's own command, and no shell)
                words,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise NotifyError(f"{words[0]}: {error}") from error
        with process:
            _feed(process, told, limit)
        if process.returncode:
            raise NotifyError(f"{words[0]} ended with {process.returncode}: {_end(said)}")


def _feed(process: subprocess.Popen[bytes], told: str, limit: float) -> None:
    try:
        process.communicate(f"{told}\n".encode(), limit)
    except subprocess.TimeoutExpired:
        raise NotifyHangs(f"{process.args!r} took longer than {limit:g} seconds") from None
    finally:
        if process.poll() is None:
            # With all that it has started; Ctrl-C comes through here too.
            os.killpg(process.pid, signal.SIGKILL)


def _end(said: IO[bytes]) -> str:
    said.seek(0)
    written = said.read(100_000).decode(errors="replace").strip().splitlines()
    return written[-1][:300] if written else "it said nothing"
