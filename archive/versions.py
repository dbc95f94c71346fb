"""Which versions lie in `public/`, which of them can be trusted, and what becomes of one that cannot.

A version whose bytes are not those that were published is set aside: it keeps its files under a hidden name,
where nobody is served from it, until somebody has looked at it. Nothing is ever deleted for being damaged.
"""

import logging
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from archive import manifest
from archive.errors import PublishError

DATABASE = "gongkai.db"
DRAFT = ".draft"

STAMP = "%Y%m%dT%H%M%SZ"
"""How versions are named: by when they were made, UTC."""

VERSION = re.compile(r"\d{8}T\d{6}Z")
LEFTOVER = re.compile(rf"\.draft|\.{VERSION.pattern}")
ASIDE = re.compile(rf"\.({VERSION.pattern})\.damaged(-\d+)?")

logger = logging.getLogger(__name__)


def versions(public: Path) -> list[Path]:
    """Return the folders of all complete versions in `public`, newest first."""
    if not public.is_dir():
        return []
    folders = (folder for folder in public.iterdir() if VERSION.fullmatch(folder.name))
    return sorted((f for f in folders if (f / DATABASE).is_file()), reverse=True)


def newest(public: Path) -> Path | None:
    """Return the folder of the newest complete version in `public`, or None."""
    return next(iter(versions(public)), None)


def clear_leftovers(public: Path) -> None:
    """Remove what a killed publication left half made. The caller holds the loader's lock."""
    for folder in public.iterdir() if public.is_dir() else ():
        if LEFTOVER.fullmatch(folder.name):
            shutil.rmtree(folder)


def trusted(public: Path) -> Path | None:
    """Return the newest version whose database is the one that was published.

    Newer ones are set aside. What these alone showed is not kept by the versions that follow.
    """
    for folder in versions(public):
        why = database_fault(folder)
        if not why:
            return folder
        set_aside(folder, why)
        logger.error(
            "what version %s alone showed cannot be cited from the next version on, which goes on from the"
            " newest whole one; a whole copy of it answers: gongkai rows --database",
            folder.name,
        )
    return None


def database_fault(folder: Path) -> str:
    """Say why a version's database cannot be trusted to be the one that was published; "" if it can."""
    try:
        told = manifest.read(folder).get(DATABASE)
    except PublishError:
        told = None
    why = manifest.fault(folder, told) if told is not None else _unreadable(folder / DATABASE)
    return f"{DATABASE} {why}" if why else ""


def _unreadable(database: Path) -> str:
    """Say what SQLite finds wrong with a database of which no digest is known."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            ((found,),) = db.execute("PRAGMA quick_check(1)")
            db.execute("SELECT version FROM publication").fetchone()
    except sqlite3.Error as error:
        return f"cannot be read: {error}"
    return "" if found == "ok" else f"is damaged: {found}"


def set_aside(folder: Path, why: str) -> Path:
    """Hide a damaged version from whoever serves or publishes, and say where it is.

    Raises:
        OSError: It cannot be renamed.
    """
    names = (f".{folder.name}.damaged{f'-{number}' if number > 1 else ''}" for number in count(1))
    target = next(path for path in map(folder.with_name, names) if not path.exists())
    folder.rename(target)
    # Whatever else serves `public` must not hand it out either.
    target.chmod(0o700)
    logger.error(
        "version %s is damaged: %s; it is moved to %s, and served no more. Remove it when nobody needs it",
        folder.name,
        why,
        target,
    )
    return target


def aside(public: Path) -> list[str]:
    """Return the names of the versions that were set aside, oldest first."""
    found = (ASIDE.fullmatch(folder.name) for folder in public.iterdir())
    return sorted({match[1] for match in found if match})


def without_database(public: Path) -> Iterator[Path]:
    """Yield folders of versions that have files and no database: nobody can tell what these show."""
    for folder in public.iterdir() if public.is_dir() else ():
        if VERSION.fullmatch(folder.name) and not (folder / DATABASE).is_file() and any(folder.iterdir()):
            yield folder
