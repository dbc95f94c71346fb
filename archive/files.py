"""The downloads of a publication: every table as CSV, JSON Lines and Parquet, under `files/`.

A part whose rows are what they were keeps its files: they are linked from the version before, after
their bytes have been checked, so five versions of an archive take little more room than one.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path

from archive import disk, manifest
from archive.errors import PublishError
from archive.formats import BATCH, FORMATS, VERSION, Row
from archive.manifest import File
from archive.parts import Part, Table, parts, tables

FOLDER = "files"


class _Digest:
    """The digest of a part: of its fields and rows, and of how they are written."""

    def __init__(self, table: Table) -> None:
        fields = [(field.name, field.type) for field in table.fields]
        self._hash = hashlib.sha256(repr((VERSION, table.name, fields)).encode())
        self.rows = 0

    def take(self, batch: list[Row]) -> list[Row]:
        self.rows += len(batch)
        self._hash.update(repr(batch).encode("utf-8", "surrogatepass"))
        return batch

    def __str__(self) -> str:
        return self._hash.hexdigest()


def write(folder: Path, database: Path, last: Path | None) -> list[File]:
    """Write the files of all tables of a publication's database.

    Args:
        folder: The publication's folder; its `files/` is made.
        database: Its database, finished.
        last: The folder of the version before, whose unchanged files are kept.

    Raises:
        PublishError: A table's parts do not hold all its rows, or a value does not fit its field.
    """
    (folder / FOLDER).mkdir()
    before = _known(last) if last else {}
    files = []
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        for table in tables(db):
            made = [file for part in parts(db, table) for file in _part(folder, db, part, last, before)]
            _require_complete(db, table, made)
            files += made
    disk.sync_folder(folder / FOLDER)
    return files


def _known(last: Path) -> Mapping[str, File]:
    """Return the files of the version before; none where nobody can tell any more what they were."""
    try:
        return manifest.read(last)
    except PublishError:
        return {}


def _require_complete(db: sqlite3.Connection, table: Table, made: Iterable[File]) -> None:
    held = db.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
    for ending in FORMATS:
        written = sum(file.rows or 0 for file in made if file.format == ending)
        if written != held:
            raise PublishError(f"the {ending} files of {table.name!r} hold {written} rows of {held}")


def _part(
    folder: Path, db: sqlite3.Connection, part: Part, last: Path | None, before: Mapping[str, File]
) -> Iterator[File]:
    """Write a part in all formats, or link what was written of it before; yield its files."""
    paths = {ending: f"{FOLDER}/{part.stem}.{ending}" for ending in FORMATS}
    known = [before[path] for path in paths.values() if path in before]
    if last and len(known) == len(paths) and _unchanged(db, part, last, known):
        for each in known:
            _link(last / each.path, folder / each.path)
        yield from known
        return
    digest = _write(folder, db, part, paths)
    for ending, path in paths.items():
        yield manifest.describe(
            folder,
            path,
            rows=digest.rows,
            table=part.table.name,
            year=part.year,
            form=part.form,
            format=ending,
            content=str(digest),
        )


def _unchanged(db: sqlite3.Connection, part: Part, last: Path, known: Iterable[File]) -> bool:
    """Tell whether a part's rows are those of its known files, and these are as they were written."""
    digest = _Digest(part.table)
    for batch in _batches(part.rows(db)):
        digest.take(batch)
    return all(
        each.content == str(digest)
        and (last / each.path).is_file()
        and manifest.sha256(last / each.path) == each.sha256
        for each in known
    )


def _write(folder: Path, db: sqlite3.Connection, part: Part, paths: Mapping[str, str]) -> _Digest:
    digest = _Digest(part.table)
    try:
        with ExitStack() as opened:
            writers = [
                opened.enter_context(closing(FORMATS[ending](folder / path, part.table)))
                for ending, path in paths.items()
            ]
            for batch in _batches(part.rows(db)):
                digest.take(batch)
                for writer in writers:
                    writer.write(batch)
    # pyarrow's own errors are of these kinds, and so is text that is no Unicode.
    except (ValueError, TypeError) as error:
        raise PublishError(f"{part.stem} cannot be written: {error}") from error
    for path in paths.values():
        disk.sync_file(folder / path)
    return digest


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the file system knows no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        disk.sync_file(target)
