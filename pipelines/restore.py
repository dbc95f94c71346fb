"""`gongkai restore`: an archive from its WARC files and its journal, or a publication in place of that."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from archive import backups, locks, publish, restoring
from archive.commands import FINE, LOOK, bar, data_option
from archive.errors import RestoreError
from archive.tables import has_table
from archive.verify import verify
from pipelines import journal
from pipelines.commands import load_now
from pipelines.journal import CORRECTION, LIFTING, REEXTRACTION, WITHDRAWAL, WITHHOLDING, Entry
from pipelines.load import Loader
from pipelines.pending import WAIT
from pipelines.publish_command import publish_now
from pipelines.read import EXTRACTOR

_EXPECTED = ("not_sealed", "torn")
"""What an interrupted run leaves and its next start mends: no fault of a restore."""

_CORRECTIONS = """
    SELECT c.*, i."table", i."row", i."column" FROM correction c LEFT JOIN form_item i ON i.id = c.item
    ORDER BY made_at, c.id
"""
_WITHHELD = "SELECT * FROM withheld ORDER BY made_at, id"
_REREAD = "SELECT reextraction, number, capture, report, cause, item, [before], [after] FROM reread"
_CAUSES = "SELECT cause, count(*) FROM reread WHERE reextraction = ? GROUP BY cause ORDER BY cause"


@click.command()
@data_option
@click.argument(
    "sources", metavar="FROM...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
def restore(data: Path, sources: Sequence[Path]) -> int:
    """Restore an archive into an empty data folder, from what was kept of it.

    FROM is another machine's data folder, its warc/ folder or a portal's folder in it, single WARC files,
    imports/, journal.jsonl; and a publication (public/<version>), whose versions go on, whose corrections,
    withholdings and re-extractions stand in for a lost journal, and with which the result is compared.
    Everything is copied and proved, then read, loaded and published. Where reports, cells or numbers of the
    publication are no more nothing is published until somebody says why that is right: gongkai publish
    --accept. Nothing is overwritten; safe to run again after a kill. Exit code 1: something is damaged or was
    not read to its end, the publication is stopped, or the result differs.

    \b
    Example:
        gongkai restore /backup/warc /backup/journal.jsonl /backup/public/20261124T201555Z --data data
    """
    plan = backups.gather(sources, data)
    with restoring.held(data, plan):
        copied, there = restoring.take(data, plan, bar("copying"))
        click.echo(f"copied      {copied} files; {there} were there")
        for line in plan.left:
            click.echo(f"left        {line}")
        if plan.publication is not None:
            restoring.take_publication(data, plan.publication)
            count = rebuild_journal(data, plan.publication)
            click.echo(f"journal     {count} entries rebuilt from the publication")
        load_now(data)
        if plan.publication is not None:
            _take_over(data, plan.publication)
        code = publish_now(data)
        # Where it was stopped the newest version is not what was restored.
        made = publish.newest(data / "public") if code == FINE else None
        code = max(code, _prove(data))
        if plan.publication is None:
            return max(code, _unread(data))
        return max(code, _compare(made or data, plan.publication))


def _take_over(data: Path, publication: Path) -> None:
    """Write what re-extractions read otherwise, which can be read from no archive again."""
    lock = locks.hold(data, locks.LOADER, WAIT)
    with _opened(publication) as db, lock, Loader(data / publish.DATABASE, EXTRACTOR) as loader:
        if has_table(db, "reread"):
            loader.take_over(db.execute(_REREAD))


def _unread(data: Path) -> int:
    """Tell of documents that this machine had no time or memory for: another may have read them."""
    with _opened(data) as db:
        query = "SELECT count(DISTINCT capture) FROM problem WHERE kind = 'limit_exceeded'"
        ((count,),) = db.execute(query)
    if count:
        click.echo(f"unread      {count} documents took more time or memory than they may", err=True)
    return LOOK if count else FINE


def _prove(data: Path) -> int:
    proof = verify(data)
    click.echo(f"proved      {proof.files} files, {proof.records} records, {len(proof.faults)} faults")
    for fault in proof.faults:
        click.echo(f"{fault.kind:11} {fault.file}: {fault.detail}", err=True)
    return LOOK if any(fault.kind not in _EXPECTED for fault in proof.faults) else FINE


def _compare(made: Path, publication: Path) -> int:
    # What was published is compared with what is: neither holds what is withheld.
    found = restoring.differences(publication, made / publish.DATABASE)
    for table, published, restored in found:
        click.echo(f"differs     {table}: {published} rows published, {restored} restored", err=True)
    if not found:
        click.echo(f"equal       as many rows as in {publication} of {', '.join(restoring.COMPARED)}")
    return LOOK if found else FINE


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    database = folder / publish.DATABASE
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as db:
            yield db
    except (sqlite3.DatabaseError, ValueError) as error:
        raise RestoreError(f"{database}: it cannot be read: {error}") from error


def rebuild_journal(data: Path, publication: Path) -> int:
    """Append to the journal what a publication says people decided and the journal does not.

    Such an entry says from which version it is; done twice it is done once.

    Returns:
        How many entries were appended.

    Raises:
        RestoreError: The publication cannot be read.
        JournalDamaged, OSError: The journal cannot be read or written.
    """
    known = {_key(entry) for entry in journal.read(data)}
    missing = [each for each in _entries(publication) if _key(each) not in known]
    for entry in missing:
        journal.append(data, entry)
    return len(missing)


def _key(entry: Entry) -> tuple[str, str | None]:
    # A re-extraction is known by its time.
    return entry["kind"], entry.get("at" if entry["kind"] == REEXTRACTION else "id")


def _entries(publication: Path) -> Iterator[Entry]:
    with _opened(publication) as db:
        db.row_factory = sqlite3.Row
        corrections = db.execute(_CORRECTIONS).fetchall()
        withheld = db.execute(_WITHHELD).fetchall() if has_table(db, "withheld") else []
        anew = db.execute("SELECT * FROM reextraction ORDER BY id") if has_table(db, "reextraction") else []
        reextractions = [_reextraction(row, db.execute(_CAUSES, (row["id"],)).fetchall()) for row in anew]
        ((version,),) = db.execute("SELECT version FROM publication")
    rebuilt = {"rebuilt_from": version}
    for row in corrections:
        yield {"kind": CORRECTION, **rebuilt, **_correction(row)}
        if row["withdrawn_at"]:
            yield {"kind": WITHDRAWAL, **rebuilt, **_taken_back(row, "withdrawn")}
    for row in withheld:
        names = ("id", "capture", "digest", "author", "reason")
        yield {"kind": WITHHOLDING, **rebuilt, "at": row["made_at"], **{name: row[name] for name in names}}
        if row["lifted_at"]:
            yield {"kind": LIFTING, **rebuilt, **_taken_back(row, "lifted")}
    for entry in reextractions:
        yield {"kind": REEXTRACTION, **rebuilt, **entry}


def _reextraction(row: sqlite3.Row, causes: list[tuple[str, int]]) -> dict[str, Any]:
    names = ("extractor", "reason", "documents", "differing")
    told = {"at": row["id"], "extractors": row["extractors"].split(), **{name: row[name] for name in names}}
    return {**told, "differences": dict(causes)}


def _taken_back(row: sqlite3.Row, how: str) -> dict[str, Any]:
    who = {"author": row[f"{how}_by"], "reason": row[f"{how}_why"]}
    return {"id": row["id"], "at": row[f"{how}_at"], **who}


def _correction(row: sqlite3.Row) -> dict[str, Any]:
    names = ("id", "report", "digest", "before", "after", "author", "reason")
    what = ("part",) if row["part"] else ("table", "row", "column", "value")
    return {"at": row["made_at"], **{name: row[name] for name in (*names, *what)}}
