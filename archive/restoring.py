"""`gongkai restore`: an archive's files, taken from wherever they were kept, onto an empty machine.

Files are copied and never linked: a crawl appends to open files and people to the journal, and a backup
must not grow with them. A copy has its name only once all of it is on the disk, so a killed restore is
simply run again.
"""

import errno
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from archive import disk, locks, manifest, publish, versions, warc
from archive.backups import IMPORTS, JOURNAL, PART, PIECE, WARC, Plan, begins_with, grows, same_size
from archive.errors import RestoreError
from archive.tables import has_table

COMPARED = (
    *("report", "revision", "cell", "finding", "problem", "change"),
    *("correction", "withheld", "reextraction", "reread"),
)
"""Tables whose numbers of rows must be those of the publication."""

Progress = Callable[[int, int], None]
"""Called after each file: how many are done, and how many there are."""


@contextmanager
def held(data: Path, plan: Plan) -> Iterator[None]:
    """Keep crawls and imports off the data folder while the block runs.

    Raises:
        LockHeld: One of them runs.
        OSError: The folder cannot be written.
    """
    with ExitStack() as stack:
        stack.enter_context(locks.hold(data, IMPORTS))
        for portal in plan.portals():
            stack.enter_context(locks.hold(data, locks.portal_lock(portal)))
        yield


def take(data: Path, plan: Plan, progress: Progress | None = None) -> tuple[int, int]:
    """Copy all files that are not there yet; return how many were copied, and how many were there.

    Raises:
        RestoreError: The folder holds another archive or a file with other bytes, or a copy failed.
        LockHeld: A loader runs.
        OSError: The folder cannot be written.
    """
    copied = there = 0
    with locks.hold(data, locks.LOADER):
        _require_empty(data, plan)
        for left in _unfinished(data):
            left.unlink()
        missing = {path: file for path, file in plan.files.items() if not _is_there(data / path, file)}
        there = len(plan.files) - len(missing)
        for path, file in missing.items():
            _copy(file, data / path)
            copied += 1
            if progress is not None:
                progress(copied, len(missing))
    return copied, there


def _unfinished(data: Path) -> list[Path]:
    """Return what a killed restore had half copied."""
    folders = (data.glob(f"{WARC}/*/*{PART}"), data.glob(f"{IMPORTS}/*{PART}"), data.glob(f"{JOURNAL}{PART}"))
    return [path for found in folders for path in found]


def _require_empty(data: Path, plan: Plan) -> None:
    """Refuse a folder with anything in it that a restore of these files would not have put there."""
    planned = {path.name.removesuffix(warc.OPEN) for path in plan.files}
    found = [path for path in sorted(data.glob(f"{WARC}/*/*")) if path.suffix != PART]
    for path in found:
        if path.name.removesuffix(warc.OPEN) not in planned:
            raise RestoreError(f"{data} holds another archive: {path.name} is not among what is restored")
    for name in (publish.DATABASE, "captures.db"):
        if not found and _holds_captures(data / name):
            raise RestoreError(f"{data} holds another archive: {name} without its WARC files")


def _holds_captures(database: Path) -> bool:
    """Tell whether a database holds what was archived; a command in a mistyped folder makes others."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return has_table(db, "capture") and bool(db.execute("SELECT 1 FROM capture").fetchone())
    except sqlite3.DatabaseError:
        return True


def take_publication(data: Path, publication: Path) -> None:
    """Copy a publication into the data folder: its versions go on, and the gate compares with it.

    Raises:
        RestoreError: What is published there does not go on from it, or it cannot be read or copied.
        LockHeld: A loader runs.
        OSError: The folder cannot be written.
    """
    name = _versions_of(publication)[-1]
    public = data / "public"
    with locks.hold(data, locks.LOADER):
        found = versions.newest(public)
        if found is not None:
            if name not in _versions_of(found):
                raise RestoreError(f"{found} does not go on from {publication}: move one of them away")
            return
        versions.clear_leftovers(public)
        draft = public / versions.DRAFT
        try:
            for path in sorted(path for path in publication.rglob("*") if path.is_file()):
                _copy(path, draft / path.relative_to(publication))
            draft.rename(public / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        disk.sync_folder(public)


def _versions_of(publication: Path) -> list[str]:
    """Return the names of the versions that a publication answers for, its own the last."""
    database = publication / publish.DATABASE
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            known = has_table(db, "publication_version")
            before = db.execute("SELECT version FROM publication_version") if known else ()
            ((own,),) = db.execute("SELECT version FROM publication")
            return [*(version for (version,) in before if version != own), str(own)]
    except (sqlite3.DatabaseError, ValueError) as error:
        raise RestoreError(f"{database}: its versions cannot be read: {error}") from error


def _is_there(target: Path, source: Path) -> bool:
    """Tell whether a file is there already, or what it has become since.

    Raises:
        RestoreError: Another file is in its place.
    """
    sealed = target.with_name(target.name.removesuffix(warc.OPEN))
    opened = sealed.with_name(sealed.name + warc.OPEN)
    if target == opened and sealed.exists():
        return True
    in_place = opened if target == sealed and opened.exists() else target
    if not in_place.exists():
        return False
    if (
        in_place != target
        or not begins_with(target, source)
        or not (grows(target) or same_size(target, source))
    ):
        raise RestoreError(f"{in_place} has other bytes than {source}: nothing is overwritten, move one away")
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy a file; it has its name when it is on the disk and proved equal."""
    # No name that the index would take for a file of the archive, should nobody run this again.
    part = target.with_name(target.name.replace(".warc.gz", "") + PART)
    digest = hashlib.sha256()
    try:
        disk.make_folder(target.parent)
        with source.open("rb") as stream, part.open("wb") as file:
            while piece := stream.read(PIECE):
                digest.update(piece)
                file.write(piece)
        disk.sync_file(part)
        if manifest.sha256(part) != digest.hexdigest():
            raise RestoreError(f"{part} is not what was read from {source}: one of the disks is failing")
        part.rename(target)
        disk.sync_folder(target.parent)
    except OSError as error:
        again = "; run it again when there is room" if error.errno == errno.ENOSPC else ""
        raise RestoreError(f"{source} could not be copied to {target}: {error.strerror}{again}") from error


def differences(publication: Path, database: Path) -> list[tuple[str, int | None, int | None]]:
    """Return the tables whose numbers of rows differ: name, published, restored; None where there is none.

    Raises:
        RestoreError: One of the databases cannot be read.
    """
    published, restored = _counts(publication / publish.DATABASE), _counts(database)
    return [
        (table, published.get(table), restored.get(table))
        for table in COMPARED
        if published.get(table) != restored.get(table)
    ]


def _counts(database: Path) -> dict[str, int]:
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            held = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            return {
                table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
                for table in COMPARED
                if table in held
            }
    except sqlite3.DatabaseError as error:
        raise RestoreError(f"{database}: {error}") from error
