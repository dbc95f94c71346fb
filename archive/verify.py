"""`gongkai verify`: proves every stored record, and mends what can be mended.

A record is proved by its length and its block digest; a response besides by its payload digest
and by the index, whose row must be what the record says. A revisit must point at a sealed
response with the digest it names. A file must have the name it was written under, and a run
all its files, its beginning and its end. A publication's files must be those that its manifest names.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import index_file, index_rows, manifest, repair, run_files, runs, versions, warc
from archive.captures import Capture
from archive.errors import BadRecord
from archive.exchanges import Answer
from archive.index import Index
from archive.index_rows import capture_row
from archive.proof import REMEDIES, Fault, Proof

Progress = Callable[[str, int, int], None]
"""Called before each file: its name, its number from 1, and how many there are."""

_OF_THE_INDEX = ("no_index", "lost", "not_indexed", "index_differs")


def verify(data: Path, progress: Progress | None = None) -> Proof:
    """Prove every record under `data/warc` against itself and the index, and publications. Changes nothing.

    Raises:
        OSError: There is no archive, or it cannot be read.
    """
    folder = data / "warc"
    if not folder.is_dir():
        raise FileNotFoundError(f"{data}: no archive is here (there is no folder 'warc')")
    prover = _Prover(data)
    try:
        paths = sorted(folder.glob("*/*"))
        published = [*versions.versions(data / "public"), *versions.without_database(data / "public")]
        for number, path in enumerate([*paths, *published], 1):
            if progress is not None:
                progress(path.name, number, len(paths) + len(published))
            if number > len(paths):
                prover.prove_publication(path)
            else:
                prover.prove_file(path)
        prover.prove_whole()
    finally:
        prover.close()
    return prover.proof


@dataclass(slots=True)
class _Told:
    """What the files of one run told of it."""

    serials: set[int] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    is_open: bool = False
    waiting: int = 0


class _Prover:
    """Proves file after file, and keeps what only all of them together can tell."""

    def __init__(self, data: Path) -> None:
        self.proof = Proof()
        self._seen: dict[str, str] = {}  # file by record id
        self._answered: set[str] = set()
        self._sealed: dict[str, str] = {}  # digest by capture id
        self._revisits: list[Capture] = []
        self._runs: defaultdict[str, _Told] = defaultdict(_Told)
        self._published: manifest.Seen = {}
        # What the index must say of runs, as the files tell it.
        self._events = sqlite3.connect(":memory:")
        self._events.executescript(index_file.SCHEMA)
        self._index = self._open_index(data / "captures.db")

    def _open_index(self, path: Path) -> sqlite3.Connection | None:
        try:
            return index_file.open_to_read(path)
        except sqlite3.DatabaseError as error:
            self._fault("no_index", path.name, str(error) if path.exists() else "is missing")
            return None

    def close(self) -> None:
        self._events.close()
        if self._index is not None:
            self._index.close()

    def _fault(self, kind: str, file: str, detail: str) -> None:
        self.proof.faults.append(Fault(kind, file, detail))

    def prove_file(self, path: Path) -> None:
        """Prove a file's name and all its records."""
        self.proof.files += 1
        try:
            portal, run, serial = run_files.parse_name(path)
        except BadRecord as error:
            self._fault("misnamed", path.name, str(error))
            return
        if portal != path.parent.name:
            self._fault("misnamed", path.name, f"lies in the folder of {path.parent.name!r}")
        key = f"{portal}/{run}"
        told = self._runs[key]
        told.serials.add(serial)
        self._prove_records(path, key, told)
        if path.name.endswith(warc.OPEN):
            told.is_open = True
            waiting = f"; {told.waiting} of its responses are not indexed yet" if told.waiting else ""
            self._fault("not_sealed", path.name, "is still being written, or waits to be continued" + waiting)
            if run_files.is_overtaken(path):
                self._fault("twofold", path.name, "stands beside a sealed file of the same name")

    def _prove_records(self, path: Path, key: str, told: _Told) -> None:
        unfinished: dict[str, int] = {}
        for item in runs.read_records(path, self._proved(path, unfinished)):
            if isinstance(item, repair.Damage):
                self._fault(_tear(path, item), path.name, item.detail)
            elif isinstance(item, runs.Event):
                told.kinds.add(item.kind)
                for step in index_rows.tell(key, item):
                    self._events.execute(*step)
            else:
                if unfinished.pop(item.capture.id, None) is None:
                    self._fault("twofold", path.name, f"{item.capture.url}: has a second metadata record")
                self._prove_answer(path, item, told)
        for offset in unfinished.values():
            kind = "torn" if path.name.endswith(warc.OPEN) else "damaged"
            self._fault(kind, path.name, f"the response at {offset} has no metadata record")

    def _proved(self, path: Path, unfinished: dict[str, int]) -> Iterator[warc.Record | repair.Damage]:
        """Yield a file's records, each proved by itself."""
        for item in repair.salvage(path):
            if isinstance(item, warc.Record):
                self.proof.records += 1
                self._prove_record(path, item)
                if item.type in ("response", "revisit"):
                    self.proof.responses += 1
                    unfinished[item.id] = item.offset
            yield item

    def _prove_record(self, path: Path, item: warc.Record) -> None:
        where = f"{item.header('WARC-Target-URI')} at {item.offset}"
        if item.id in self._seen:
            self._fault(
                "twofold", path.name, f"{where}: record {item.id} stands in {self._seen[item.id]} too"
            )
        self._seen[item.id] = path.name
        if item.type == "warcinfo" and item.header("WARC-Filename") != path.name.removesuffix(warc.OPEN):
            self._fault("misnamed", path.name, f"was written as {item.header('WARC-Filename')}")
        elif item.type == "response":
            body = item.block.partition(b"\r\n\r\n")[2]
            if item.header("WARC-Payload-Digest") != warc.digest(body):
                self._fault("payload", path.name, f"{where}: the body does not match its digest")

    def _prove_answer(self, path: Path, item: Answer, told: _Told) -> None:
        capture = item.capture
        self._answered.add(capture.id)
        if capture.refers_to:
            self._revisits.append(capture)
        elif not path.name.endswith(warc.OPEN):
            self._sealed[capture.id] = capture.digest
        where = f"{capture.url} at {capture.offset}"
        wanted = capture_row(capture)
        names = ", ".join(wanted)
        rows = self._ask(f"SELECT {names} FROM capture WHERE id = ?", (capture.id,))
        if rows == [] and path.name.endswith(warc.OPEN):
            # Not a fault: the next start indexes what a kill or a full disk kept from the index.
            told.waiting += 1
        elif rows == []:
            self._fault("not_indexed", path.name, f"{where}: the index does not know it")
        for row in rows or ():
            other = [name for name, found in zip(wanted, row, strict=True) if wanted[name] != found]
            if other:
                self._fault("index_differs", path.name, f"{where}: the index has another {', '.join(other)}")

    def _ask(self, sql: str, values: tuple[str, ...] = ()) -> list[tuple[str, ...]] | None:
        """Return the rows of a query, or None where there is no index that can be read."""
        if self._index is None:
            return None
        try:
            return self._index.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._fault("no_index", "captures.db", str(error))
            self._index.close()
            self._index = None
            return None

    def prove_publication(self, folder: Path) -> None:
        """Prove that the files of a version are those that were published."""
        found = list(manifest.faults(folder, self._published))
        # What a publication removed while it was read is no fault of its.
        for name, detail in found if folder.is_dir() else ():
            self._fault("published", f"{folder.name}/{name}", detail)
        self.proof.versions += 1

    def prove_whole(self) -> None:
        """Prove what takes all files: the index's rows, revisits and runs."""
        for identity, file, url in self._ask("SELECT id, file, url FROM capture ORDER BY 2, 1") or ():
            if identity not in self._answered:
                self._fault("lost", file, f"{url}: the indexed record is not there")
        for revisit in self._revisits:
            where, target = f"{revisit.url} at {revisit.offset}", revisit.refers_to
            if target not in self._sealed:
                self._fault("revisit", revisit.file, f"{where}: {target} is no sealed response")
            elif self._sealed[target] != revisit.digest:
                self._fault("revisit", revisit.file, f"{where}: {target} has another body than it says")
        for key, told in self._runs.items():
            self._prove_run(key.replace("/", "-"), told)
        for table in ("run", "skip", "asked"):
            self._prove_events(table)

    def _prove_events(self, table: str) -> None:
        """Prove what the index tells of runs; an open one's next start tells it anew."""
        sql = f"SELECT * FROM {table}"
        opened = {run for run, told in self._runs.items() if told.is_open}
        key = "id" if table == "run" else "run"
        names = [column[1] for column in self._events.execute(f"PRAGMA table_info({table})")]
        place = names.index(key)
        found = {row for row in self._ask(sql) or () if row[place] not in opened}
        wanted = {row for row in self._events.execute(sql) if row[place] not in opened}
        if self._index is not None and found != wanted:
            runs_named = ", ".join(sorted({str(row[place]) for row in found ^ wanted})[:3])
            self._fault(
                "index_differs", "captures.db", f"{table}: differs from what the files tell of {runs_named}"
            )

    def _prove_run(self, name: str, told: _Told) -> None:
        for serial in sorted(set(range(max(told.serials))) - told.serials):
            self._fault("incomplete", name, f"the file numbered {serial:05d} is gone")
        if told.is_open:
            # Its next start tells what it was killed before it could tell.
            return
        for kind, word in ((runs.STARTED, "began"), (runs.ENDED, "ended")):
            if kind not in told.kinds:
                self._fault("incomplete", name, f"no record tells how the run {word}")


def _tear(path: Path, damage: repair.Damage) -> str:
    at_end = damage.offset + damage.length == path.stat().st_size
    return "torn" if at_end and path.name.endswith(warc.OPEN) else "damaged"


def mend(data: Path, proof: Proof) -> None:
    """Mend what `proof` found wrong, as far as it can be.

    Torn tails are cut back, the index is built anew from the files, and captures whose
    records are damaged or gone are forgotten, so that the next crawl asks for them again.
    The caller holds the locks of all portals. Damaged bytes are never touched.
    """
    for name in dict.fromkeys(fault.file for fault in proof.faults if fault.kind == "torn"):
        path = data / "warc" / run_files.parse_name(Path(name))[0] / name
        proof.mended.append(f"{name}: {repair.cut_back(path)} torn bytes cut off")
    if any(fault.kind in _OF_THE_INDEX for fault in proof.faults):
        with Index(data) as index:
            index.rebuild()
            proof.mended.append(f"captures.db: built anew, {sum(1 for _ in index.rows('capture'))} captures")
    for fault in proof.faults:
        if fault.kind in REMEDIES:
            proof.left.append(f"{fault.file}: {fault.detail}: {REMEDIES[fault.kind]}")
