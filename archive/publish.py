"""A publication: `public/<version>/`, an immutable snapshot of the working database and its downloads.

A version is made whole in a hidden folder beside the others and swapped in by one rename, so
whoever looks into `public/` sees complete versions only, the newest being the one to serve.
A version is named by its time, `20261124T201555Z`, so names sort as they were made.
"""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import (
    datapackage,
    disk,
    edition,
    files,
    fulltext,
    gate,
    lineage,
    manifest,
    masking,
    parts,
    past,
    redaction,
    snapshot,
    summary,
    withholding,
)
from archive.errors import PublicationStopped, PublishError
from archive.tables import past_names

DATABASE = "gongkai.db"
KEEP = 5
"""Versions kept. The server moves to a new version within seconds, but a reader may be in the
middle of a download of the old one, and the last few say what was changed when."""

STAMP = "%Y%m%dT%H%M%SZ"
DRAFT = ".draft"
WORK = ".work.db"
"""The snapshot within a draft until it is finished: its file may still hold what is deleted from it."""

VERSION = re.compile(r"\d{8}T\d{6}Z")
LEFTOVER = re.compile(rf"\.draft|\.{VERSION.pattern}")


def versions(public: Path) -> list[Path]:
    """Return the folders of all complete versions in `public`, newest first."""
    if not public.is_dir():
        return []
    folders = (folder for folder in public.iterdir() if VERSION.fullmatch(folder.name))
    return sorted((f for f in folders if (f / DATABASE).is_file()), reverse=True)


def newest(public: Path) -> Path | None:
    """Return the folder of the newest complete version in `public`, or None."""
    return next(iter(versions(public)), None)


def publish(
    database: Path,
    public: Path,
    *,
    now: datetime,
    accept: str = "",
    key: Path | None = None,
    history: Path | None = None,
) -> Path:
    """Publish a snapshot of the working database.

    Only one process at a time may publish into a folder (the caller holds the loader's lock):
    whatever a killed one left half made is cleared here.

    Args:
        database: The working database; it is only read.
        public: The folder of versions; made if it is not there.
        now: Time of the publication, with its zone.
        accept: Why it is right to publish what the gate would stop; kept in the publication.
        key: Private key that signs the publication, if it is to be signed.
        history: Folder of a publication whose versions go on where `public` has none, after a restore.

    Returns:
        The folder of the new version, or of the newest one if nothing has changed since.

    Raises:
        PublicationStopped: What was published before has vanished, or a total jumped (`gate`).
        PublishError: The database is missing or unreadable, `public` cannot be written, or the key
            cannot sign.
    """
    if not database.is_file():
        raise PublishError(f"there is no database at {database}")
    if key:
        manifest.signer(key)
    try:
        public.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(public)
        draft = public / DRAFT
        draft.mkdir()
        content = snapshot.take(database, draft / WORK)
        last = newest(public)
        if last is not None and _stands(last, content, key):
            shutil.rmtree(draft)
            # Whoever was killed after the swap has left versions that are to be no more.
            _retire(public)
            return last
        version = _next_version(_name(last or history), now)
        made_at = _finish(draft / WORK, last, history, version, content, accept)
        snapshot.pack(draft / WORK, draft / DATABASE)
        _add_files(draft, last, {"version": version, "made_at": made_at, "content": content}, key)
        return _swap_in(draft, public / version)
    except PublicationStopped:
        shutil.rmtree(public / DRAFT)
        raise
    except (OSError, sqlite3.Error) as error:
        raise PublishError(f"{database} could not be published into {public}: {error}") from error


def _swap_in(draft: Path, folder: Path) -> Path:
    """Give a whole draft its name, once all of it is on the disk."""
    for path in draft.iterdir():
        if path.is_file():
            disk.sync_file(path)
    disk.sync_folder(draft)
    draft.rename(folder)
    disk.sync_folder(folder.parent)
    _retire(folder.parent)
    return folder


def _clear_leftovers(public: Path) -> None:
    for folder in public.iterdir():
        if LEFTOVER.fullmatch(folder.name):
            shutil.rmtree(folder)


def _stands(last: Path, content: str, key: Path | None) -> bool:
    """Tell whether a version is all that would be published now: its content, summaries, files, signature.

    Other rules may find more in its past rows, of which the content says nothing.
    """
    wanted = [manifest.SUMS, manifest.SIGNATURE] if key else [manifest.SUMS]
    database = last / DATABASE
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        equal = db.execute("SELECT 1 FROM publication WHERE content = ?", (content,)).fetchone()
        same = equal and lineage.rules_of(db) in (None, redaction.rules()) and summary.complete(db)
    return bool(same) and all((last / name).is_file() for name in wanted)


def _name(folder: Path | None) -> str | None:
    """Return the name of a version, wherever its folder lies and whatever that is called."""
    if folder is None:
        return None
    with closing(sqlite3.connect(f"{(folder / DATABASE).absolute().as_uri()}?mode=ro", uri=True)) as db:
        return str(db.execute("SELECT version FROM publication").fetchone()[0])


def _next_version(last: str | None, now: datetime) -> str:
    """Return the name for `now`, or the second after `last` if the clock is not past it."""
    version = f"{now.astimezone(UTC):{STAMP}}"
    if last is None or version > last:
        return version
    return f"{datetime.strptime(last, STAMP) + timedelta(seconds=1):{STAMP}}"


def _finish(
    work: Path, last: Path | None, history: Path | None, version: str, content: str, accept: str
) -> str:
    """Write the publication's own tables, past rows, and what makes the snapshot quick to read.

    Returns:
        When the version was made.

    Raises:
        PublicationStopped: The gate has alarms, and nobody accepts them.
    """
    made_at = f"{datetime.strptime(version, STAMP):%Y-%m-%dT%H:%M:%SZ}"
    before = last or history
    with gate.beside(work, before / DATABASE if before else None) as db:
        # A restored archive is compared with what it was by those who restore it.
        alarms = gate.alarms(db) if last else []
        if alarms and not accept:
            raise PublicationStopped("\n".join(line for each in alarms for line in each.lines()))
        with db:
            edition.create(db)
            number = lineage.begin(db, after=before is not None)
            past.keep(db, number)
            if before:
                edition.write_changes(db, version, alarms, accept)
                _redact_told(db)
            accepted = masking.mask(accept)[0] if alarms else None
            edition.write_row(db, version, made_at, content, _name(before), accepted)
            lineage.write_row(db, number, redaction.rules())
            summary.write(db)
        db.execute("ANALYZE main")
    return made_at


def _redact_told(db: sqlite3.Connection) -> None:
    """What earlier versions said of a report must not say again what is not published any more."""
    withholding.forget(db)
    # Past rows were masked when they were published, by the rules of then.
    again = past_names(db) if lineage.rules_of(db, "before") != redaction.rules() else []
    redaction.mask(db, fulltext.FullText(db), ["publication_change", *again])


def _add_files(draft: Path, last: Path | None, version: dict[str, str], key: Path | None) -> None:
    """Write the downloads, what describes them, and what they are checked by."""
    made = [manifest.describe(draft, DATABASE, format="sqlite"), *files.write(draft, draft / DATABASE, last)]
    with closing(sqlite3.connect(f"{(draft / DATABASE).absolute().as_uri()}?mode=ro", uri=True)) as db:
        tables = parts.tables(db)
    datapackage.write_package(draft, version["version"], version["made_at"], tables, made)
    datapackage.write_dictionary(draft, tables)
    made += [manifest.describe(draft, name) for name in (datapackage.PACKAGE, datapackage.DICTIONARY)]
    manifest.write(draft, version, made)
    if key:
        manifest.sign(draft, key)


def _retire(public: Path) -> None:
    """Remove all but the newest versions, each hidden first, so that none is ever seen half.

    A version that shows what is withheld since goes at once: whoever downloads from it has to begin anew.
    """
    last, *others = versions(public)
    for number, folder in enumerate(others, 1):
        with gate.beside(last / DATABASE, folder / DATABASE) as db:
            outdated = number >= KEEP or withholding.shows(db)
        if outdated:
            shutil.rmtree(folder.rename(public / f".{folder.name}"))
