"""What is not to be published: a person's decision about one stored original, with date, author and reason.

It stands in the journal; the table `withheld` is written from it. The archive and the working database keep
all; `archive.withholding` leaves it out when a publication is built.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlite_utils

from pipelines import journal, rows, schema
from pipelines.errors import BadWithholding
from pipelines.journal import LIFTING, WITHHOLDING, Entry

_LONGEST = 2_000


def withhold(
    db: sqlite_utils.Database, data: Path, capture: str, author: str, reason: str, now: str
) -> tuple[str, int]:
    """Withhold all captures of the bytes of one; return the decision's id and how many captures these are.

    Raises:
        BadWithholding: There is no such capture, or it is withheld already.
        OSError: The journal cannot be written.
    """
    _require_words(author, reason)
    digest = _digest(db, capture)
    standing = _standing(db, digest)
    if standing:
        raise BadWithholding(f"the capture {capture} is withheld already, by the decision {standing}")
    entry: dict[str, Any] = {"kind": WITHHOLDING, "capture": capture, "digest": digest, "at": now}
    entry |= {"author": author.strip(), "reason": reason.strip()}
    entry["id"] = rows.digest(*(entry[name] for name in sorted(entry)))[:10]
    journal.append(data, entry)
    write(db, [entry])
    (captures,) = db.execute("SELECT count(*) FROM capture WHERE digest = ?", (digest,)).fetchone()
    return str(entry["id"]), int(captures)


def lift(db: sqlite_utils.Database, data: Path, capture: str, author: str, reason: str, now: str) -> str:
    """Lift what withholds a capture; the decision stays on record, and by whom and why it was lifted.

    Raises:
        BadWithholding: There is no such capture, or it is not withheld.
        OSError: The journal cannot be written.
    """
    _require_words(author, reason)
    identity = _standing(db, _digest(db, capture))
    if identity is None:
        raise BadWithholding(f"the capture {capture} is not withheld")
    entry = {"kind": LIFTING, "id": identity, "at": now, "author": author.strip(), "reason": reason.strip()}
    journal.append(data, entry)
    write(db, [entry])
    return identity


def write(db: sqlite_utils.Database, entries: Iterable[Entry]) -> None:
    """Tell the database what the journal says of withholding; what it knows is written again."""
    for entry in entries:
        if entry["kind"] == WITHHOLDING:
            names = ("id", "capture", "digest", "reason", "author", "at")
            row = (*map(entry.get, names), None, None, None)
            db.execute(schema.insert("withheld", "INSERT OR IGNORE"), row)
        elif entry["kind"] == LIFTING:
            db.execute(
                "UPDATE withheld SET lifted_at = ?, lifted_by = ?, lifted_why = ? WHERE id = ?",
                (entry["at"], entry["author"], entry["reason"], entry["id"]),
            )


def _require_words(author: str, reason: str) -> None:
    for name, text in (("author", author), ("reason", reason)):
        if not text.strip():
            raise BadWithholding(f"withholding and lifting need their {name}")
        if len(text) > _LONGEST:
            raise BadWithholding(f"the {name} has at most {_LONGEST} characters")


def _digest(db: sqlite_utils.Database, capture: str) -> str:
    found = db.execute("SELECT digest FROM capture WHERE id = ?", (capture,)).fetchone()
    if found is None or not found[0]:
        raise BadWithholding(f"there is no capture {capture!r}; the table capture has the id of each")
    return str(found[0])


def _standing(db: sqlite_utils.Database, digest: str) -> str | None:
    found = db.execute("SELECT id FROM withheld WHERE digest = ? AND lifted_at IS NULL", (digest,)).fetchone()
    return str(found[0]) if found else None
