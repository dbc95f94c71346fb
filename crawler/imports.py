"""What others archived, taken into the archive: reports that have vanished exist only there.

The file itself is kept as it came, under `imports/` in the data folder. What stands at the address of a
declared portal becomes a run of that portal, of its own kind: each capture keeps the date on which it
was made, and the run names the file. A copy on any other host is never read as the report.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bs4 import BeautifulSoup

from archive import captures, disk, locks, runs
from archive.captures import Capture, Context
from archive.errors import ArchiveError
from archive.exchanges import Exchange
from archive.index import Index
from archive.known import IMPORTED
from crawler.documents import may_be_report
from crawler.files import file_name
from crawler.foreign import Found, Other
from crawler.judge import CUT, HTML, PACKED, PDF, judge, kind
from crawler.portal import Portal
from crawler.run import fresh_name, utc_now

FOLDER = "imports"
_UNFINISHED = "unfinished-"

NO_PORTAL, NO_PAGE, NOT_FOUND, KNOWN = (
    "on hosts that no declared portal owns",
    "that are no page or file",
    "answers that are no 200",
    "here already",
)
FILES = (PDF, PACKED)
"""Kinds of bytes that may be a report though no address names a file."""

_SHOWN = 5


@dataclass(slots=True)
class Tally:
    """What came of an import.

    Attributes:
        taken: captures by portal; `documents` how many of them may be reports.
        left: what was not taken, by why; `damaged` what is wrong with the files, one line each.
    """

    taken: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    left: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)


def take_in(data: Path, file: Path, items: Iterable[Found | Other], portals: Sequence[Portal]) -> Tally:
    """Take the responses of one file into the archive.

    Args:
        data: The data folder.
        file: The file they come from.
        items: What it holds (`foreign.read`).
        portals: The portals that may own an address; the one with the longest host wins.

    Raises:
        LockHeld: A portal is being crawled, or another import runs.
        OSError: The file cannot be read, or the data folder not written.
    """
    tally = Tally()
    with ExitStack() as stack:
        stack.enter_context(locks.hold(data, FOLDER))
        _sweep(data)
        origin = _keep(data, file)
        unfinished = stack.enter_context(TemporaryDirectory(dir=_folder(data), prefix=_UNFINISHED))
        shelves = _Shelves(data, Path(unfinished), origin, stack)
        for item in items:
            _take(item, portals, shelves, tally)
        shelves.finish()
    return tally


def _take(item: Found | Other, portals: Sequence[Portal], shelves: "_Shelves", tally: Tally) -> None:
    if isinstance(item, Other):
        if item.damaged:
            tally.damaged.append(item.why)
        else:
            tally.left[item.why] += 1
        return
    portal = _owner(item.url, portals)
    if portal is None:
        tally.left[NO_PORTAL] += 1
    elif item.status != 200:
        tally.left[NOT_FOUND] += 1
    elif not (role := _role(item)):
        tally.left[NO_PAGE] += 1
    elif shelves.of(portal).put(item, role):
        tally.taken[portal.name] += 1
        tally.documents += role != captures.PAGE
    else:
        tally.left[KNOWN] += 1


def _owner(url: str, portals: Sequence[Portal]) -> Portal | None:
    owners = [portal for portal in portals if portal.owns(url)]
    return max(owners, key=lambda each: max(map(len, each.hosts)), default=None)


def _role(item: Found) -> str:
    """Return why a crawl would have asked; empty for what is neither page nor file.

    A page that does not speak of a report is no document.
    """
    seen = Capture(url=item.url, headers=item.headers, body=item.body)
    try:
        found = kind(captures.content(seen))
    except ArchiveError:
        return captures.ATTACHMENT if file_name(item.url) else ""
    if found != HTML:
        return captures.ATTACHMENT if found in FILES or file_name(item.url) else ""
    soup = BeautifulSoup(captures.text(seen), "lxml")
    heads = [tag.get_text(" ", strip=True) for tag in soup.find_all(["title", "h1", "h2", "h3"], limit=20)]
    metas = [str(tag.get("content") or "") for tag in soup.find_all("meta", attrs={"name": True}, limit=40)]
    return captures.DETAIL if any(map(may_be_report, (*heads, *metas))) else captures.PAGE


class _Shelves:
    """One run for each portal that something is taken for, begun when it is needed."""

    def __init__(self, data: Path, unfinished: Path, origin: dict[str, str], stack: ExitStack) -> None:
        self._data, self._unfinished, self._origin, self._stack = data, unfinished, origin, stack
        self._shelves: dict[str, _Shelf] = {}

    def of(self, portal: Portal) -> "_Shelf":
        if portal.name not in self._shelves:
            self._stack.enter_context(locks.hold(self._data, locks.portal_lock(portal.name)))
            self._shelves[portal.name] = _Shelf(self._data, self._unfinished, portal, self._origin)
        return self._shelves[portal.name]

    def finish(self) -> None:
        for shelf in self._shelves.values():
            shelf.finish()


class _Shelf:
    """A portal's part of an import: written apart, and put into the archive when it is whole.

    A crash leaves nothing that a crawl could take for its own.
    """

    def __init__(self, data: Path, unfinished: Path, portal: Portal, origin: dict[str, str]) -> None:
        self._data, self._unfinished, self._portal, self._origin = data, unfinished, portal, origin
        self._writer: runs.RunWriter | None = None
        self._count = self._bytes = 0
        with Index(data) as index:
            index.catch_up(portal.name)
            self._known = index.keys(portal.name)

    def put(self, item: Found, role: str) -> bool:
        """Store a response, unless the archive has it."""
        key = (item.url, item.date, hashlib.sha256(item.body).hexdigest())
        if key in self._known:
            return False
        self._known.add(key)
        self._writer = self._writer or self._begin()
        self._writer.store(self._exchange(item, role))
        self._count += 1
        self._bytes += len(item.body)
        return True

    def _begin(self) -> runs.RunWriter:
        began = utc_now()
        name = fresh_name(self._data / "warc", self._portal.name, began)
        info = {"software": "gongkai", "format": "WARC File Format 1.1", "date": began, **self._origin}
        writer = runs.RunWriter(self._unfinished, self._portal.name, name, info)
        value = {"portal": self._portal.declaration(), "run": name, "imported": self._origin}
        writer.tell(runs.STARTED, began, value)
        return writer

    def _exchange(self, item: Found, role: str) -> Exchange:
        portal = self._portal
        context = Context(role=role, portal=portal.name, portal_title=portal.title, division=portal.division)
        seen = Capture(url=item.url, headers=item.headers, body=item.body, context=context)
        return Exchange(
            url=item.url,
            method="GET",
            request_headers=(),
            request_body=b"",
            status=item.status,
            reason=item.reason,
            headers=item.headers,
            body=item.body,
            date=item.date,
            fingerprint=f"imported {item.record}".strip(),
            context=context,
            truncated=item.truncated,
            judged=CUT if item.truncated else judge(seen),
        )

    def finish(self) -> None:
        """End the run and put its files into the archive."""
        if self._writer is None:
            return
        self._writer.tell(runs.ENDED, utc_now(), self._verdict())
        self._writer.seal()
        folder = self._data / "warc" / self._portal.name
        disk.make_folder(folder)
        # The first file last: a run whose beginning is there is all there.
        for path in sorted((self._unfinished / self._portal.name).iterdir(), reverse=True):
            path.rename(folder / path.name)
        disk.sync_folder(folder)
        with Index(self._data) as index:
            index.catch_up(self._portal.name)

    def _verdict(self) -> dict[str, Any]:
        origin = self._origin
        file, sha256 = origin["imported-file"], origin["imported-sha256"]
        reason = f"{self._count} captures out of {file} (SHA-256 {sha256})"
        nothing: dict[str, Any] = {"listed": 0, "requests": 0, "skips": [], "asked": [], "lists": []}
        counts = {"captures": self._count, "bytes": self._bytes}
        return {"outcome": IMPORTED, "reason": reason, "walk": "", **nothing, **counts}


def _folder(data: Path) -> Path:
    folder = data / FOLDER
    disk.make_folder(folder)
    return folder


def _sweep(data: Path) -> None:
    """Remove what an import that was killed left unfinished: nothing of it is in the archive."""
    for left in _folder(data).glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    for left in _folder(data).glob("*.part"):
        left.unlink()


def _keep(data: Path, file: Path) -> dict[str, str]:
    """Keep a file as it came, once; return what is told of it."""
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    kept = _folder(data) / f"{sha256[:16]}-{file.name}"
    if not kept.exists():
        draft = kept.with_name(f"{kept.name}.part")
        shutil.copyfile(file, draft)
        disk.sync_file(draft)
        draft.rename(kept)
        disk.sync_folder(kept.parent)
    return {"imported-file": file.name, "imported-sha256": sha256}


def lines(tally: Tally) -> Iterator[str]:
    """Yield what came of an import, in words."""
    for portal, count in sorted(tally.taken.items()):
        yield f"{portal}: {count} taken"
    yield f"{tally.documents} of them may be reports"
    for why, count in tally.left.most_common():
        yield f"{count} not taken: {why}"
    yield from tally.damaged[:_SHOWN]
    if len(tally.damaged) > _SHOWN:
        yield f"… and {len(tally.damaged) - _SHOWN} more that cannot be read"
