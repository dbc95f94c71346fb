"""What one publication offers for download: the database, and the files that its manifest names.

Only what is named here is ever sent: an address is looked up among these names, never in the folder.
Sizes and digests are known before the first answer, for a publication does not change.
"""

import hashlib
import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from archive.datapackage import DICTIONARY, PACKAGE
from archive.manifest import MANIFEST, SIGNATURE, SIGNERS, SUMS
from archive.parts import NONE
from archive.publish import DATABASE, STAMP, VERSION

BESIDE = (MANIFEST, SUMS, SIGNATURE, SIGNERS, PACKAGE, DICTIONARY)
"""What lies beside the database and its files, where it is there."""

TYPES = {
    ".db": "application/vnd.sqlite3",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
    # A compressed file is sent as what it is: as a Content-Encoding, clients would store other bytes
    # than those of which the digest tells.
    ".gz": "application/gzip",
    ".zst": "application/zstd",
    "": "text/plain; charset=utf-8",
}

# No part begins with a dot, so there is no way up and nothing hidden.
_NAME = re.compile(r"files(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
_SUM = re.compile(r"([0-9a-f]{64}) [ *](.+)")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of one table: what the manifest says of it. `year` and `form` may be missing."""

    path: str
    bytes: int
    sha256: str
    rows: int
    table: str
    format: str
    year: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be asked for.

    Attributes:
        path: where it lies.
        size, sha256: of its bytes.
        modified: the time of its version.
        saved_as: the name it is saved under, with the version in it.
    """

    path: Path
    size: int
    sha256: str
    modified: datetime
    saved_as: str

    @property
    def content_type(self) -> str:
        """Return what kind of file it is, by the end of its name."""
        return TYPES.get(self.path.suffix, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Offer:
    """All of one publication: its files by name, `gongkai.db` among them, and the parts of its tables."""

    version: str
    files: Mapping[str, File]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The parts of one table; `sizes` are bytes by format, all its parts together."""

    name: str
    rows: int
    sizes: Mapping[str, int]
    parts: tuple[Part, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years it has parts of, the first first."""
        return tuple(sorted({part.year for part in self.parts if part.year is not None}))

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the forms it has parts of."""
        return tuple(sorted({part.form for part in self.parts if part.form}))


@lru_cache(maxsize=8)
def offer(database: Path) -> Offer:
    """Return what the publication of a database offers."""
    folder = database.parent
    version, modified = _version(database)
    parts = tuple(part for part in _manifest(folder / MANIFEST) if _is_whole(folder, part))
    told = {**_sums(folder / SUMS), **{part.path: part.sha256 for part in parts}}
    # The database is `gongkai.db` whatever a copy of it is called.
    paths = {DATABASE: database, **{name: folder / name for name in BESIDE}}
    paths |= {part.path: folder / part.path for part in parts}
    files = {
        name: File(
            path, path.stat().st_size, told.get(name) or _digest(path), modified, _saved_as(name, version)
        )
        for name, path in paths.items()
        if path.is_file()
    }
    return Offer(version, files, parts)


def tables(parts: Iterable[Part]) -> list[Table]:
    """Return the parts by table, in the order of the tables' names.

    The formats hold the same rows, so those of one count.
    """
    found: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.table].append(part)
    return [_table(name, found[name]) for name in sorted(found)]


def _table(name: str, parts: list[Part]) -> Table:
    rows: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    for part in parts:
        rows[part.format] += part.rows
        sizes[part.format] += part.bytes
    ordered = sorted(parts, key=lambda part: (-(part.year or 0), part.form or "", part.path))
    return Table(name, max(rows.values()), dict(sorted(sizes.items())), tuple(ordered))


def _version(database: Path) -> tuple[str, datetime]:
    """Return name and time of the version: those of its folder, or for a copy elsewhere, its own."""
    name = database.parent.name
    if VERSION.fullmatch(name):
        return name, datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    modified = datetime.fromtimestamp(int(database.stat().st_mtime), UTC)
    return f"{modified:{STAMP}}", modified


def _saved_as(name: str, version: str) -> str:
    return f"gongkai-{version}.db" if name == DATABASE else f"gongkai-{version}-{PurePosixPath(name).name}"


def _manifest(path: Path) -> Iterator[Part]:
    """Yield the files that a manifest names; one that cannot be read is told and offers none."""
    try:
        listed = json.loads(path.read_bytes())["files"]
        # The database and what describes it have no table, and are offered by their own names.
        yield from [_part(each) for each in listed if each.get("table")]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("%s: no file is offered: %s: %s", path, type(error).__name__, error)


def _part(told: Mapping[str, Any]) -> Part:
    path, digest = str(told["path"]), str(told["sha256"])
    if not _NAME.fullmatch(path) or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError(f"{path!r} is no name of a file, or {digest!r} no SHA-256")
    year = told.get("year")
    return Part(
        path=path,
        bytes=int(told["bytes"]),
        sha256=digest,
        rows=int(told["rows"]),
        table=str(told["table"]),
        format=str(told["format"]),
        year=None if year in (None, NONE) else int(year),
        form=told.get("form"),
    )


def _is_whole(folder: Path, part: Part) -> bool:
    path = folder / part.path
    size = path.stat().st_size if path.is_file() else None
    if size != part.bytes:
        log.error("%s: not offered: it has %s bytes, its manifest says %s", path, size, part.bytes)
    return size == part.bytes


def _sums(path: Path) -> dict[str, str]:
    """Return the digests in a file as `sha256sum` writes it, by name."""
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    return {found[2]: found[1] for line in lines if (found := _SUM.fullmatch(line))}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
