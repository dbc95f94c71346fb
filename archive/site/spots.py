"""What of an original is to be marked: a cell, a section or a problem, asked from the publication.

A request names it: `cell=REVISION,ITEM`, `section=REVISION,NUMBER` or `problem=ID`. A place is one of the
bytes it was read from: of other bytes it would mark something else, so it is refused there.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.errors import OriginalRefused
from archive.site import places
from archive.site.places import Place, grid_key, parse

NOT_HERE = "not_here"
"""Why nothing can be marked (`OriginalRefused.why`): it is unknown, or was read from another original."""

_OF_THIS = "(revision.capture = :id OR revision.digest = :digest)"

_CELL = f"""
SELECT cell.place, cell.value, cell.text, cell_state.name AS state, cell_state.meaning,
       form_item.label, form_item.unit
FROM cell JOIN revision ON revision.id = cell.revision
JOIN form_item ON form_item.id = cell.item JOIN cell_state ON cell_state.id = cell.state
WHERE cell.revision = :first AND cell.item = :second AND {_OF_THIS}
"""
_ROOT = "SELECT path FROM grid WHERE revision = ? AND page = ? AND number = ?"
_SECTION = f"""
SELECT section.heading FROM section JOIN revision ON revision.id = section.revision
WHERE section.revision = :first AND section.number = :second AND {_OF_THIS}
"""
_PROBLEM = """
SELECT problem.kind, problem.detail, problem.place FROM problem
WHERE problem.id = :first AND problem.capture IN (SELECT id FROM capture WHERE digest = :digest)
"""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """What is marked.

    Attributes:
        query: the request for it.
        label: what it is, of a problem its kind; `said` what was read there; `printed` of a cell, as it is
            printed.
        place: where it stands; `short` is its short text, `path` its path.
        heading: of a section, whose place is that of its heading; else empty.
    """

    query: str
    label: str
    said: str
    place: Place = field(default=Place())
    short: str = ""
    path: str = ""
    heading: str = ""
    printed: str = ""

    @property
    def kind(self) -> str:
        """Return what is marked: `cell`, `section` or `problem`."""
        return self.query.partition("=")[0]


def spot(db: sqlite3.Connection, capture: Row, asked: Mapping[str, str]) -> Spot | None:
    """Return what a request asks to be marked in a capture, or None if it asks for nothing.

    Raises:
        OriginalRefused: There is no such thing, or it was read from another original.
    """
    for name, find in (("cell", _cell), ("section", _section), ("problem", _problem)):
        if name in asked:
            first, _, second = asked[name].partition(",")
            wanted = {**capture, "first": _number(first), "second": _number(second)}
            found = find(db, wanted, f"{name}={asked[name]}")
            if found is None:
                raise OriginalRefused(NOT_HERE, f"{name} {asked[name]!r} was not read from {capture['id']}")
            return found
    return None


def _number(text: str) -> int | str:
    """Return a key as the database has it; SQLite's numbers have 64 bits."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else text


def _cell(db: sqlite3.Connection, wanted: Row, query: str) -> Spot | None:
    row = db.execute(_CELL, wanted).fetchone()
    if row is None:
        return None
    root = db.execute(_ROOT, (wanted["first"], *grid_key(row["place"]))).fetchone()
    around = root["path"] if root else ""
    printed = row["text"] or (f"{row['value']:.10g}" if row["value"] is not None else "")
    place, path = parse(row["place"], around), places.path(row["place"], around)
    return Spot(
        query, row["label"], printed or row["meaning"], place, row["place"] or "", path, printed=printed
    )


def _section(db: sqlite3.Connection, wanted: Row, query: str) -> Spot | None:
    row = db.execute(_SECTION, wanted).fetchone()
    heading = (row["heading"] or "") if row else ""
    return Spot(query, "", heading, heading=heading) if row else None


def _problem(db: sqlite3.Connection, wanted: Row, query: str) -> Spot | None:
    row = db.execute(_PROBLEM, wanted).fetchone()
    if row is None:
        return None
    short = row["place"] or ""
    return Spot(query, row["kind"], row["detail"] or "", parse(short), short, places.path(short))
