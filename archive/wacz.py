"""WACZ: the originals of one source in one file, as replay software opens them.

A ZIP file whose members are stored, not packed: the records as they lie in our WARC files, an index, the
list of pages, and the digests of all that. The same originals give the same bytes.

Source: WACZ 1.1.1 (Webrecorder).
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from archive import cdx
from archive.errors import OriginalRefused
from archive.originals import UNKNOWN, Original, Originals
from archive.stored import TOO_LARGE

LIMIT = 100 * 1024 * 1024
"""Bytes of records in one file; beyond it, records are to be had one by one."""

VERSION = "1.1.1"
DATA, INDEX, PAGES = "archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"

OK = 200

Row = Mapping[str, Any]
Put = Callable[[bytes], None]


def write(path: Path, originals: Originals, source: str) -> None:
    """Write the originals of a source's address that the public may have.

    Raises:
        OriginalRefused: There is no such source, none of its originals may be had, or they are too large.
        OSError: The file cannot be written.
    """
    told, rows, refused = originals.of_source(source)
    if sum(row["length"] or 0 for row in rows) > LIMIT:
        raise OriginalRefused(TOO_LARGE, f"the originals of {source} have more than {LIMIT} bytes")
    if not rows:
        raise refused[0] if refused else OriginalRefused(UNKNOWN, f"{source} has no original")
    moment = max(str(row["fetched_at"]) for row in rows)
    with ZipFile(path, "w", ZIP_STORED) as file:
        shelf = _Shelf(file, moment)
        with shelf.opened(DATA) as put:
            records = _Records(put)
            taken = _take(records, originals, rows, refused)
        shelf.put(INDEX, "".join(sorted(records.lines)).encode())
        shelf.put(PAGES, _pages(told, taken))
        package = _json(_package(told, refused, moment, shelf.resources))
        shelf.put(PACKAGE, package)
        shelf.put(DIGEST, _json({"path": PACKAGE, "hash": _hash(package)}))


class _Shelf:
    """Puts files into the ZIP file, all of one time, and keeps what the package tells of each."""

    def __init__(self, file: ZipFile, moment: str) -> None:
        self._file = file
        year, month, day, hour, minute, second = map(int, re.findall(r"\d+", moment)[:6])
        # ZIP knows no time before 1980.
        self._moment = (max(year, 1980), month, day, hour, minute, second)
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def opened(self, name: str) -> Iterator[Put]:
        digest, sizes = hashlib.sha256(), [0]
        with self._file.open(ZipInfo(name, self._moment), "w") as stream:

            def put(data: bytes) -> None:
                digest.update(data)
                sizes.append(stream.write(data))

            yield put
        told = {"path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": sum(sizes)}
        self.resources.append({"name": name.rpartition("/")[2], **told})

    def put(self, name: str, data: bytes) -> None:
        with self.opened(name) as put:
            put(data)


class _Records:
    """Writes records one after the other, each once, and tells where the responses lie."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._known: set[bytes] = set()
        self.size = 0
        self.lines: set[str] = set()

    def add(self, original: Original) -> None:
        for member in original.members:
            digest = hashlib.sha256(member.data).digest()
            if digest in self._known:
                continue
            if self.size + len(member.data) > LIMIT:
                raise OriginalRefused(TOO_LARGE, f"the originals have more than {LIMIT} bytes")
            self._known.add(digest)
            if member.answers:
                name, length = DATA.rpartition("/")[2], len(member.data)
                self.lines.add(cdx.line(member.answers, self.size, length, name, repeats=member.repeats))
            self._put(member.data)
            self.size += len(member.data)


def _take(
    records: _Records, originals: Originals, rows: Iterable[Row], refused: list[OriginalRefused]
) -> list[Row]:
    """Write what may be had; return the rows of that, and put into `refused` why others are left out."""
    taken: list[Row] = []
    for row in rows:
        try:
            found = originals.read(row["id"])
        except OriginalRefused as error:
            refused.append(error)
        else:
            records.add(found)
            taken.append(row)
    if not taken:
        raise refused[0]
    return taken


def _pages(source: Row, taken: Iterable[Row]) -> bytes:
    """Return the list of pages: each whole answer at the source's address."""
    lines: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    lines += [
        {"id": row["id"], "url": row["url"], "ts": row["fetched_at"], "title": source["title"] or row["url"]}
        for row in taken
        if row["url"] == source["url"] and row["status"] == OK
    ]
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def _package(
    source: Row, refused: Iterable[OriginalRefused], moment: str, resources: list[dict[str, Any]]
) -> dict[str, Any]:
    reasons = Counter(error.why for error in refused)
    left = ", ".join(f"{count} {why}" for why, count in sorted(reasons.items()))
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": source["title"] or source["url"],
        "description": f"Stored originals of one address. Left out: {left or 'none'}.",
        "created": moment,
        "software": "Gongkai",
        "mainPageUrl": source["url"],
        "mainPageDate": moment,
        "resources": list(resources),
    }


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
