"""The snapshot that a publication begins with: a copy of the database, redacted; packed in the end."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from archive import redaction
from archive.tables import key_of, table_names


def take(database: Path, target: Path) -> str:
    """Write the snapshot, without what is not to be published; return the digest of its content."""
    uri = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        redaction.redact(copy)
        return _content(copy)


def _content(db: sqlite3.Connection) -> str:
    """Return a digest of all rows in key order; two equal databases have equal digests."""
    digest = hashlib.sha256()
    for table in table_names(db):
        key = ", ".join(f'"{name}"' for name in key_of(db, table))
        digest.update(f"{table}\n".encode())
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY {key}'):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def pack(work: Path, target: Path) -> None:
    """Write a finished snapshot anew, without anything that was deleted from it, and remove it."""
    with closing(sqlite3.connect(work)) as db:
        db.execute("VACUUM INTO ?", (str(target),))
    work.unlink()
