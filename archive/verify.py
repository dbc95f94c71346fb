"""Proves every record of the archive, and mends what can be mended.

A record is proved by its length and its block digest; a response besides by its payload digest
and by the index, which must name it at its place. A revisit must point at a sealed record.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive import repair, runs, warc
from archive.errors import BadRecord
from archive.index import Index, Row


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `kind` in a word, where, and what in words.

    Kinds: `damaged`, `torn`, `misnamed`, `payload`, `not_indexed`, `index_differs`, `lost`,
    `revisit`, `not_sealed`.
    """

    kind: str
    file: str
    detail: str


@dataclass(slots=True)
class Proof:
    """What was proved: counts, and all faults; `mended` says what a repair did."""

    files: int = 0
    records: int = 0
    responses: int = 0
    faults: list[Fault] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


def verify(data: Path) -> Proof:
    """Prove every record under `data/warc` against itself and the index. Changes nothing.

    Raises:
        OSError: The folder cannot be read.
    """
    proof = Proof()
    with Index(data) as index:
        indexed = {row["id"]: row for row in index.rows("capture")}
    seen: set[str] = set()
    sealed: set[str] = set()
    revisits: list[tuple[str, str]] = []
    for path in sorted((data / "warc").glob("*/*")):
        for item in _prove_file(path, indexed, proof):
            seen.add(item.id)
            if item.type == "revisit":
                revisits.append((path.name, item.header("WARC-Refers-To")))
            elif path.name.endswith(".warc.gz"):
                sealed.add(item.header("WARC-Record-ID"))
    for identity in indexed.keys() - seen:
        row = indexed[identity]
        proof.faults.append(Fault("lost", row["file"], f"{row['url']}: the indexed record is not there"))
    for name, target in revisits:
        if target not in sealed:
            proof.faults.append(Fault("revisit", name, f"{target} is no sealed record"))
    return proof


def _prove_file(path: Path, indexed: dict[str, Row], proof: Proof) -> Iterator[warc.Record]:
    """Prove a file's records; yield its responses and revisits."""
    proof.files += 1
    try:
        runs.parse_name(path)
    except BadRecord as error:
        proof.faults.append(Fault("misnamed", path.name, str(error)))
        return
    is_open = path.name.endswith(warc.OPEN)
    for item in repair.salvage(path):
        if isinstance(item, repair.Damage):
            torn = is_open and item.offset + item.length == path.stat().st_size
            proof.faults.append(Fault("torn" if torn else "damaged", path.name, item.detail))
            continue
        proof.records += 1
        if item.type == "warcinfo" and item.header("WARC-Filename") != path.name.removesuffix(warc.OPEN):
            proof.faults.append(
                Fault("misnamed", path.name, f"was written as {item.header('WARC-Filename')}")
            )
        elif item.type in ("response", "revisit"):
            proof.responses += 1
            proof.faults.extend(_prove_response(path, item, indexed.get(item.id)))
            yield item
    if is_open:
        proof.faults.append(
            Fault("not_sealed", path.name, "is still being written, or waits to be continued")
        )


def _prove_response(path: Path, item: warc.Record, row: Row | None) -> Iterator[Fault]:
    body = item.block.partition(b"\r\n\r\n")[2]
    where = f"{item.header('WARC-Target-URI')} at {item.offset}"
    if item.type == "response" and item.header("WARC-Payload-Digest") != warc.digest(body):
        yield Fault("payload", path.name, f"{where}: the body does not match its digest")
    if row is None:
        yield Fault("not_indexed", path.name, f"{where}: the index does not know it")
        return
    place = (path.name.removesuffix(warc.OPEN), item.offset, item.length)
    if (row["file"], row["offset"], row["length"]) != place:
        yield Fault("index_differs", path.name, f"{where}: the index has it at {row['file']} {row['offset']}")
    elif item.type == "response" and row["digest"] != hashlib.sha256(body).hexdigest():
        yield Fault("index_differs", path.name, f"{where}: the index has another digest")


def mend(data: Path, proof: Proof) -> None:
    """Mend what `proof` found wrong, as far as it can be; what was done is added to `mended`.

    Torn tails are cut back, the index is built anew from the files, and captures whose
    records are damaged or gone are forgotten, so that the next crawl asks for them again.
    The caller holds the locks of all portals. Damaged bytes are never touched.
    """
    for fault in proof.faults:
        if fault.kind == "torn":
            path = data / "warc" / runs.parse_name(Path(fault.file))[0] / fault.file
            proof.mended.append(f"{fault.file}: {repair.cut_back(path)} torn bytes cut off")
    if any(fault.kind in ("lost", "not_indexed", "index_differs") for fault in proof.faults):
        with Index(data) as index:
            index.rebuild()
            proof.mended.append(f"captures.db: built anew, {len(list(index.rows('capture')))} captures")
