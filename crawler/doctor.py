"""What a machine needs to crawl on its own: each thing is looked at, and said with its remedy."""

import json
import os
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import index_file, manifest, reading, status
from archive.errors import PublishError
from archive.index_file import is_damage
from archive.locks import machine_folder
from crawler import room
from crawler.clock_check import wrong_days
from crawler.errors import BadRoom, PortalError
from crawler.portal import Portal, is_contact
from crawler.registry import read_registry, unnamed
from crawler.room import nearest
from crawler.units import KEY, NOTIFY

OK, WARNING, ERROR = "ok", "warning", "error"

LEAST_BYTES, LEAST_SHARE = 5_000_000_000, 0.1
"""Free space below which a disk is soon full: a few days of a large crawl."""

PYTHONS = (3, 11), (3, 14)
"""The first version that is supported, and the first that is not."""

PROGRAMS = {"soffice": "libreoffice-writer-nogui", "antiword": "antiword"}
"""Programs that some documents are read with, and their packages in Debian."""

UNREAD = "this says nothing of what it holds: look at the rights of file and folder, and at the disk"
"""Remedy where a database cannot be opened or read: to move away a whole one would do harm."""

AHEAD = timedelta(minutes=2)
"""How far a time may lie ahead: file systems and other machines have clocks of their own."""

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Check:
    """What came of one look: `said` what was found, `remedy` what to do about it."""

    name: str
    state: str
    said: str
    remedy: str = ""

    def line(self) -> str:
        """Return it as one line."""
        remedy = f": {self.remedy}" if self.remedy else ""
        return f"{self.state:8} {self.name}: {self.said}{remedy}"


def examine(data: Path, files: Sequence[Path], contact: str, now: datetime, version: int) -> list[Check]:
    """Look at everything; nothing is changed.

    Args:
        data: The data folder.
        files: Files with further portals.
        contact: Who is asked about the crawl.
        now: The time.
        version: The version of the database that this program writes.
    """
    return [
        _python(sys.version_info[:2]),
        *_portals(files, contact),
        _writable(data),
        _space(data),
        *(_program(name, package) for name, package in PROGRAMS.items()),
        _notify(os.environ.get(NOTIFY, "")),
        _signing(os.environ.get(KEY, "")),
        _clock(data, now),
        _database(data / "gongkai.db", version),
        _index(data),
        _publication(data),
        _locks(data),
    ]


def _python(version: tuple[int, int]) -> Check:
    first, over = PYTHONS
    said = f"{version[0]}.{version[1]}"
    if first <= version < over:
        return Check("python", OK, said)
    return Check("python", WARNING, said, f"tested are {first[0]}.{first[1]} to {over[0]}.{over[1] - 1}")


def _portals(files: Sequence[Path], contact: str) -> Iterator[Check]:
    try:
        declared, confirmed = len(read_registry(files)), unnamed(files)
    except PortalError as error:
        yield Check("portals", ERROR, "; ".join(str(error).splitlines()), "mend the declaration")
        confirmed = ()
    else:
        said = f"{len(confirmed)} confirmed of {declared} declared"
        remedy = "gongkai portals --check visits them; set `checked`, or name a file with --portals"
        yield Check("portals", OK, said) if confirmed else Check("portals", WARNING, said, remedy)
    yield _contact(confirmed, contact)


def _contact(confirmed: Sequence[Portal], contact: str) -> Check:
    if is_contact(contact):
        return Check("contact", OK, contact)
    said = f"{contact!r} is no mail or web address" if contact else "GONGKAI_CONTACT is not set"
    needed = any(not portal.local for portal in confirmed)
    remedy = "no public host is asked without: export GONGKAI_CONTACT=you@example.org"
    return Check("contact", ERROR if needed else WARNING, said, remedy)


def _writable(data: Path) -> Check:
    folder = nearest(data)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        said = f"{folder} cannot be written: {error.strerror}"
        return Check("data", ERROR, said, "give it to the user who crawls, or free space")
    return Check("data", OK, f"{data} can be written" if folder == data else f"{data} can be made")


def _space(data: Path) -> Check:
    try:
        disk = room.look(data)
    except BadRoom as error:
        return Check("disk", ERROR, str(error), f"set {room.NAMED} to a number, or not at all")
    said = f"{disk.free / 1e9:,.1f} GB free, {disk.free / disk.total:.0%}"
    if disk.short:
        return Check("disk", ERROR, f"{said}: no crawl begins: {disk}", room.REMEDY)
    if disk.free >= LEAST_BYTES and disk.free >= LEAST_SHARE * disk.total:
        return Check("disk", OK, said)
    return Check("disk", WARNING, said, "free some, or move the data folder: a crawl ends where it is full")


def _program(name: str, package: str) -> Check:
    found = shutil.which(name)
    if found:
        return Check(name, OK, found)
    return Check(name, WARNING, "missing: .doc and .rtf files wait for it", f"apt install {package}")


def _notify(command: str) -> Check:
    if not command.strip():
        remedy = f"nobody is told when a portal turns bad: set {NOTIFY} to a command that tells you"
        return Check("notify", WARNING, f"{NOTIFY} is not set", remedy)
    try:
        program = shlex.split(command)[0]
    except (ValueError, IndexError) as error:
        return Check("notify", WARNING, f"{NOTIFY} cannot be read as words: {error}", "close its quotes")
    found = shutil.which(program)
    if found:
        return Check("notify", OK, found)
    # The rest of the command may hold what nobody else is to know.
    remedy = f"install it, or set {NOTIFY} to another command"
    return Check("notify", WARNING, f"{program!r} is missing", remedy)


def _signing(key: str) -> Check:
    if not key:
        return Check("signing", OK, f"{KEY} is not set: publications are not signed")
    try:
        manifest.signer(Path(key))
    except PublishError as error:
        remedy = "nothing is published until the user who crawls can use it"
        return Check("signing", WARNING, "; ".join(str(error).splitlines()), remedy)
    return Check("signing", OK, f"{key} can be used")


def _clock(data: Path, now: datetime) -> Check:
    try:
        newest = max(_times(data), default=None, key=lambda each: each[0])
    except OSError as error:
        return Check("clock", WARNING, f"could not be compared with the archive: {error}")
    if newest and newest[0] > now + AHEAD:
        said = f"it is {now:{_STAMP}}, and {newest[1]} is of {newest[0]:{_STAMP}}"
        remedy = "set the clock (timedatectl): every date that is archived comes from it"
        return Check("clock", ERROR, said, remedy)
    return Check("clock", OK, f"{now:{_STAMP}}, later than all that is archived")


def _times(data: Path) -> Iterator[tuple[datetime, str]]:
    """Yield times that must have passed, each with what bears it.

    Not those of locks: they say when a host may be asked next.
    """
    for path in (data / "gongkai.db", *data.glob("warc/*/*"), *data.glob("public/*")):
        yield datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else _NEVER, path.name
    try:
        with closing(index_file.open_to_read(data / "captures.db")) as db:
            wrong = json.dumps(list(wrong_days(data)))
            found = [
                db.execute(
                    f"SELECT max({time}), ? FROM {table}"
                    f" WHERE substr({time}, 1, 10) NOT IN (SELECT value FROM json_each(?))",
                    (f"a {table}", wrong),
                ).fetchone()
                for table, time in (("capture", "fetched_at"), ("run", "started_at"))
            ]
    except sqlite3.DatabaseError:
        # That is another check's to tell.
        found = []
    yield from ((datetime.fromisoformat(at), what) for at, what in found if at)


_NEVER = datetime.min.replace(tzinfo=UTC)


def _database(path: Path, version: int) -> Check:
    if not path.exists():
        return Check("database", OK, "there is none yet: the first crawl makes it")
    rebuild = "move it away, and gongkai extract --all builds it anew from the WARC files"
    try:
        with closing(reading.connect(path)) as db:
            (found,) = db.execute("PRAGMA user_version").fetchone()
            wrong = _quick_check(db)
    except sqlite3.DatabaseError as error:
        return Check("database", ERROR, f"{path}: {error}", rebuild if is_damage(error) else UNREAD)
    if wrong:
        return Check("database", ERROR, f"{path} is damaged: {wrong}", rebuild)
    if found > version:
        said = f"version {found}, this program knows {version} at most"
        return Check("database", ERROR, said, "update the program")
    older = "" if found == version else f"; the next load makes it version {version}"
    return Check("database", OK, f"whole, version {found}{older}")


def _index(data: Path) -> Check:
    path = data / "captures.db"
    if not path.exists():
        return Check("index", OK, "there is none: it is built from the WARC files when it is needed")
    try:
        with closing(index_file.open_to_read(path)) as db:
            wrong = _quick_check(db)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            return Check("index", WARNING, f"{path}: {error}", UNREAD)
        wrong = str(error)
    if wrong:
        remedy = "nothing is lost: delete it, and it is built anew from the WARC files"
        return Check("index", WARNING, f"{path}: {wrong}", remedy)
    return Check("index", OK, "whole")


def _publication(data: Path) -> Check:
    found = status.published(data)
    made = f"{found.version}, {found.at}" if found.version else "there is none yet"
    if found.stop is None:
        return Check("publication", OK, made)
    said = f"{made}; the next one is stopped since {found.stop.since or '?'}"
    return Check("publication", ERROR, said, 'gongkai publish says why; if it is right: --accept "why"')


def _quick_check(db: sqlite3.Connection) -> str:
    """Return what SQLite finds wrong; empty if nothing."""
    found = [str(line) for (line,) in db.execute("PRAGMA quick_check(3)")]
    return "" if found == ["ok"] else "; ".join(found)


def _locks(data: Path) -> Check:
    try:
        folders = (data / "locks", machine_folder() / "locks")
    except OSError as error:
        remedy = "set GONGKAI_LOCKS to a folder that all who crawl on this machine may write"
        return Check("locks", ERROR, str(error), remedy)
    inodes = _locked(Path("/proc/locks").read_text())
    held = [said for folder in folders for said in _held(folder.glob("*.lock"), inodes)]
    return Check("locks", OK, f"held: {'; '.join(held)}" if held else "none is held")


def _locked(listing: str) -> set[str]:
    """Return the inodes of locked files. The kernel is asked: to try a lock would be to take it.

    >>> _locked("1: FLOCK  ADVISORY  WRITE 1234 fd:01:567 0 EOF")
    {'567'}
    """
    words = [line.split() for line in listing.splitlines()]
    return {line[5].rpartition(":")[2] for line in words if len(line) > 5 and line[1] == "FLOCK"}


def _held(paths: Iterable[Path], inodes: set[str]) -> Iterator[str]:
    """Yield which files are locked, and by whom."""
    for path in sorted(paths):
        if str(path.stat().st_ino) in inodes:
            yield f"{path.stem} ({path.read_text(errors='replace').strip() or 'just begun'})"
