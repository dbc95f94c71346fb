"""A database that is opened to be read, also where nothing may be written."""

import os
import sqlite3
from pathlib import Path


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing in a database.

    Raises:
        sqlite3.DatabaseError: It cannot be opened.
    """
    return sqlite3.connect(uri(path), uri=True)


def uri(path: Path) -> str:
    """Return the address by which SQLite reads a database.

    To read one that keeps a log (WAL) SQLite makes files beside it. Where it may not, and there is no log,
    nobody has the database open, and it is read as what does not change.
    """
    log = path.with_name(path.name + "-wal")
    alone = not log.exists() and not writable(path.parent)
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"


def writable(folder: Path) -> bool:
    """Tell whether files may be made in a folder: by its rights, and by how its disk is mounted."""
    return os.access(folder, os.W_OK | os.X_OK)
