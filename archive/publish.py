"""A publication: `public/<version>/`, an immutable snapshot of the working database and its downloads.

A version is made whole in a hidden folder beside the others and swapped in by one rename, so
whoever looks into `public/` sees complete versions only, the newest being the one to serve.
A version is named by its time, `20261124T201555Z`, so names sort as they were made.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
    room,
    snapshot,
    summary,
    withholding,
)
from archive import versions as lying
from archive.errors import PublicationStopped, PublishError
from archive.gate import Alarm
from archive.tables import has_table, past_names
from archive.versions import DATABASE as DATABASE
from archive.versions import DRAFT
from archive.versions import STAMP as STAMP
from archive.versions import VERSION as VERSION
from archive.versions import newest as newest
from archive.versions import versions as versions

KEEP = 5
"""Versions kept. The server moves to a new version within seconds, but a reader may be in the
middle of a download of the old one, and the last few say what was changed when."""

WORK = ".work.db"
"""The snapshot within a draft until it is finished: its file may still hold what is deleted from it."""

COPIES = 2
"""How many times the database must fit onto the disk: as the snapshot and finished, then as it is and in the
downloads, which take about as much in a large archive."""

logger = logging.getLogger(__name__)


def publish(
    database: Path,
    public: Path,
    *,
    now: datetime,
    accept: str = "",
    key: Path | None = None,
) -> Path:
    """Publish a snapshot of the working database.

    Only one process at a time may publish into a folder (the caller holds the loader's lock):
    whatever a killed one left half made is cleared here. A version that is damaged is set aside
    (`archive.versions`), and the newest whole one is gone on from.

    Args:
        database: The working database; it is only read.
        public: The folder of versions; made if it is not there.
        now: Time of the publication, with its zone.
        accept: Why it is right to publish what the gate would stop; kept in the publication.
        key: Private key that signs the publication, if it is to be signed.

    Returns:
        The folder of the new version, or of the newest one if nothing has changed since.

    Raises:
        PublicationStopped: What was published before has vanished, or a total jumped (`gate`).
        PublishError: The database is missing, unreadable or empty, `public` cannot be written or has no
            room, or the key cannot sign.
    """
    if not database.is_file():
        raise PublishError(f"there is no database at {database}")
    signer = manifest.signer(key) if key else None
    try:
        _require_content(database)
        public.mkdir(parents=True, exist_ok=True)
        lying.clear_leftovers(public)
        last = lying.trusted(public)
        _require_room(database, last)
        with _draft(public) as draft:
            content = snapshot.take(database, draft / WORK)
            if last is not None and _stands(last, content, signer):
                folder = last
            else:
                version = _next_version(_names(public), now)
                made_at = _finish(draft / WORK, last, version, content, accept)
                snapshot.pack(draft / WORK, draft / DATABASE)
                _add_files(draft, last, {"version": version, "made_at": made_at, "content": content}, key)
                folder = _swap_in(draft, public / version)
    except (OSError, sqlite3.Error) as error:
        raise PublishError(f"{database} could not be published into {public}: {error}") from error
    # Also where nothing is new: whoever was killed after the swap has left versions that are to be no more.
    _retire(public)
    return folder


def _require_content(database: Path) -> None:
    """Refuse what no crawl or import ever wrote to, such as a folder whose name was mistyped."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        tables = [name for name in ("capture", "run", "report") if has_table(db, name)]
        if not any(db.execute(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0] for name in tables):
            raise PublishError(f"nothing is published: {database} holds nothing; crawl first")


def _require_room(database: Path, last: Path | None) -> None:
    largest = max(path.stat().st_size for path in (database, *([last / DATABASE] if last else [])))
    space = room.measure(database.parent, COPIES * largest, "a publication takes")
    if room.is_watched() and space.short:
        raise PublishError(
            f"nothing is published: {space}: free some, move the data folder, or have the disk not watched"
            f" with {room.NAMED}=0"
        )


@contextmanager
def _draft(public: Path) -> Iterator[Path]:
    """Make the draft's folder; whatever has not got a name of its own by the end is removed."""
    draft = public / DRAFT
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _swap_in(draft: Path, folder: Path) -> Path:
    """Give a whole draft its name, once all of it is on the disk."""
    for path in draft.iterdir():
        if path.is_file():
            disk.sync_file(path)
    disk.sync_folder(draft)
    draft.rename(folder)
    disk.sync_folder(folder.parent)
    return folder


def _stands(last: Path, content: str, signer: str | None) -> bool:
    """Tell whether a version is all that would be published now: its content, summaries, files, signature.

    Other rules may find more in its past rows, of which the content says nothing.
    """
    database = last / DATABASE
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        equal = db.execute("SELECT 1 FROM publication WHERE content = ?", (content,)).fetchone()
        same = equal and lineage.rules_of(db) in (None, redaction.rules()) and summary.complete(db)
    return bool(same) and manifest.is_signed(last, signer) and not next(manifest.faults(last), None)


def _names(public: Path) -> list[str]:
    """Return the names that a new version has to come after, those of damaged versions too."""
    return [*lying.aside(public), *(folder.name for folder in versions(public))]


def _next_version(names: list[str], now: datetime) -> str:
    """Return the name for `now`, or the second after the last of the names if the clock is not past it."""
    version, last = f"{now.astimezone(UTC):{STAMP}}", max(names, default="")
    if version > last:
        return version
    return f"{datetime.strptime(last, STAMP) + timedelta(seconds=1):{STAMP}}"


def _finish(work: Path, last: Path | None, version: str, content: str, accept: str) -> str:
    """Write the publication's own tables, past rows, and what makes the snapshot quick to read.

    Returns:
        When the version was made.

    Raises:
        PublicationStopped: There are alarms, and nobody accepts them.
    """
    made_at = f"{datetime.strptime(version, STAMP):%Y-%m-%dT%H:%M:%SZ}"
    public = work.parent.parent
    lost = [name for name in lying.aside(public) if last is None or name > last.name]
    with gate.beside(work, last / DATABASE if last else None) as db:
        alarms = gate.alarms(db) if last else _unguarded(public, lost)
        if alarms and not accept:
            raise PublicationStopped("\n".join(line for each in alarms for line in each.lines()))
        with db:
            edition.create(db)
            number = lineage.begin(db, after=last is not None, lost=len(lost))
            past.keep(db, number)
            if last:
                edition.write_changes(db, version, alarms, accept)
                _redact_told(db)
            accepted = masking.mask(accept)[0] if alarms else None
            edition.write_row(db, version, made_at, content, last.name if last else None, accepted)
            lineage.write_row(db, number, redaction.rules())
            summary.write(db)
        db.execute("ANALYZE main")
    return made_at


def _unguarded(public: Path, lost: list[str]) -> list[Alarm]:
    """Return the alarm that versions were published of which none is left to compare with."""
    if not lost:
        return []
    return [
        Alarm(
            "unguarded",
            len(lost),
            f"已发布的 {len(lost)} 个版本均已损坏，无从比对，其历史行不再保留",
            f"nothing can be compared, and no earlier version can be cited any more: all {len(lost)} that"
            f" are left are damaged; put a whole copy of one into {public}",
            tuple(lost),
        )
    ]


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
    One that is damaged is set aside. Whatever goes wrong here, the new version stands.
    """
    last, *others = versions(public)
    seen: manifest.Seen = {}
    for number, folder in enumerate(others, 1):
        try:
            _retire_one(folder, last, seen, old=number >= KEEP)
        except OSError as error:
            logger.error("version %s should not be served any more, and stays: %s", folder.name, error)
    for folder in list(lying.without_database(public)):
        try:
            lying.set_aside(folder, f"{DATABASE} is missing")
        except OSError as error:
            logger.error("version %s is damaged, and stays: %s", folder.name, error)


def _retire_one(folder: Path, last: Path, seen: manifest.Seen, *, old: bool) -> None:
    why = next(manifest.faults(folder, seen), None)
    try:
        with gate.beside(last / DATABASE, folder / DATABASE) as db:
            outdated = old or (why is None and withholding.shows(db))
    except sqlite3.Error as error:
        # Nobody can tell whether it shows what is withheld.
        outdated, why = old, (DATABASE, f"cannot be read: {error}")
    if outdated:
        shutil.rmtree(folder.rename(folder.with_name(f".{folder.name}")))
    elif why:
        lying.set_aside(folder, " ".join(why))
