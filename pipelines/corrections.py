"""Corrections by people: dated, attributed, shown beside the reading and never in its place.

They stand in the journal; the table `correction` is written from it. A correction is of what one stored
original prints, so it names the digest of its bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils

from pipelines import journal, rows, schema
from pipelines.errors import BadCorrection
from pipelines.forms import ITEMS, Key
from pipelines.journal import CORRECTION, WITHDRAWAL, Entry
from pipelines.names import full_name
from pipelines.numbers import read_value
from pipelines.reading import UNREADABLE

AGENCY, YEAR = "agency", "year"
BLANK = "blank"
"""How a cell in which nothing is printed is written on the command line."""

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says of a report.

    Attributes:
        report: id of the report.
        target: a cell, as `table.row.column`, or `agency` or `year`.
        value: what is printed; `blank` for nothing.
        author, reason: who says so, and why.
    """

    report: str
    target: str
    value: str
    author: str
    reason: str


def add(db: sqlite_utils.Database, data: Path, draft: Draft, now: str) -> str:
    """Write a correction into the journal and the database; return its id.

    Raises:
        BadCorrection: It names no report, cell or value that there is, or says what was read anyway.
        OSError: The journal cannot be written.
    """
    found = db.execute(
        """SELECT v.id, v.digest, a.name, r.year FROM report r JOIN revision v ON v.id = r.revision
        JOIN agency a ON a.id = r.agency WHERE r.id = ?""",
        (draft.report,),
    ).fetchone()
    if found is None:
        raise BadCorrection(f"there is no report {draft.report!r}; gongkai serve shows the id of each")
    revision, digest, agency, year = found
    _require_words(draft)
    entry: dict[str, Any] = {"kind": CORRECTION, "report": draft.report, "digest": digest, "at": now}
    entry |= {"author": draft.author.strip(), "reason": draft.reason.strip()}
    if draft.target in (AGENCY, YEAR):
        entry |= _part(draft, agency if draft.target == AGENCY else str(year))
    else:
        entry |= _cell(db, draft, revision)
    if entry["before"] == entry["after"]:
        raise BadCorrection(
            f"{draft.target} was read as {entry['before']!r}, which is what the correction says"
        )
    entry["id"] = rows.digest(*(entry[name] for name in sorted(entry)))[:10]
    journal.append(data, entry)
    write(db, [entry])
    return str(entry["id"])


def _require_words(draft: Draft) -> None:
    for name, text in (("author", draft.author), ("reason", draft.reason), ("value", draft.value)):
        if not text.strip():
            raise BadCorrection(f"a correction needs its {name}")
        if len(text) > _LONGEST:
            raise BadCorrection(f"the {name} of a correction has at most {_LONGEST} characters")


def _part(draft: Draft, before: str) -> dict[str, Any]:
    after = draft.value.strip()
    if draft.target == AGENCY and full_name(after) is None:
        raise BadCorrection(f"{after!r} is no full name of an agency")
    if draft.target == YEAR and not (after.isdecimal() and len(after) == 4):
        raise BadCorrection(f"{after!r} is no year")
    return {"part": draft.target, "before": before, "after": after}


def _cell(db: sqlite_utils.Database, draft: Draft, revision: int) -> dict[str, Any]:
    key = _key(draft.target)
    item = ITEMS[key]
    row = db.execute(
        "SELECT value, text FROM cell WHERE (revision, item) = (?, ?)", (revision, item.id)
    ).fetchone()
    before = "" if row is None else row[1] or rows.plain(row[0])
    after = "" if draft.value == BLANK else draft.value.strip()
    state, value = read_value(after, money=item.unit == "万元", heading_unit="万元", signed=True)
    if state == UNREADABLE:
        raise BadCorrection(f"{after!r} is no number, no blank and no sign such as /")
    return {
        "table": key[0],
        "row": key[1],
        "column": key[2],
        "before": before,
        "after": after,
        "value": value,
    }


def _key(target: str) -> Key:
    parts = tuple(target.split("."))
    if len(parts) == 3 and (key := (parts[0], parts[1], parts[2])) in ITEMS:
        return key
    tables = ", ".join(sorted({table for table, _, _ in ITEMS}))
    raise BadCorrection(
        f"{target!r} is no cell: write table.row.column by their codes, such as requests.received_new.total, "
        f"of the tables {tables}; or agency, or year"
    )


def withdraw(
    db: sqlite_utils.Database, data: Path, identity: str, author: str, reason: str, now: str
) -> None:
    """Withdraw a correction; it stays, and says by whom and why it was withdrawn.

    Raises:
        BadCorrection: There is no such correction, or it was withdrawn before.
        OSError: The journal cannot be written.
    """
    found = db.execute("SELECT withdrawn_at FROM correction WHERE id = ?", (identity,)).fetchone()
    if found is None:
        raise BadCorrection(f"there is no correction {identity!r}; gongkai correction list names them")
    if found[0]:
        raise BadCorrection(f"the correction {identity} was withdrawn at {found[0]}")
    if not author.strip() or not reason.strip():
        raise BadCorrection("a withdrawal needs its author and its reason")
    entry = {
        "kind": WITHDRAWAL,
        "id": identity,
        "at": now,
        "author": author.strip(),
        "reason": reason.strip(),
    }
    journal.append(data, entry)
    write(db, [entry])


def write(db: sqlite_utils.Database, entries: Iterable[Entry]) -> None:
    """Tell the database what the journal says of corrections; what it knows is written again."""
    for entry in entries:
        if entry["kind"] == CORRECTION:
            db.execute(schema.insert("correction", "INSERT OR IGNORE"), tuple(_row(entry)))
        elif entry["kind"] == WITHDRAWAL:
            db.execute(
                "UPDATE correction SET withdrawn_at = ?, withdrawn_by = ?, withdrawn_why = ? WHERE id = ?",
                (entry["at"], entry["author"], entry["reason"], entry["id"]),
            )


def _row(entry: Entry) -> Iterator[Any]:
    key = entry.get("table"), entry.get("row"), entry.get("column")
    item = ITEMS[key].id if all(key) else None  # type: ignore[index]
    names = ("part", "digest", "before", "after", "value", "reason", "author", "at")
    yield from (entry["id"], entry["report"], item, *map(entry.get, names), None, None, None)
