"""Which stored originals the public may have, and their bytes.

Asked of a publication, not of the working database: what that withholds or masks is not handed out here
either. And as an original holds more than was read from it, all its text is looked through as well.
"""

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive import stored, texts
from archive.captures import Capture
from archive.errors import OriginalRefused, Unsearchable
from archive.stored import ABSENT, DAMAGED
from archive.tables import has_table

UNKNOWN, WITHHELD, MASKED, UNSEARCHABLE = "unknown", "withheld", "masked", "unsearchable"
"""Why an original is refused (`OriginalRefused.why`), besides the reasons of `stored`."""

_CAPTURE = "SELECT * FROM capture WHERE id = ?"
_BEFORE = """
SELECT coalesce(max("offset" + length), 0) FROM capture
WHERE run = :run AND file = :file AND "offset" < :offset
"""
_OF_SOURCE = """
SELECT id FROM capture
WHERE portal IS :portal AND (url = :url OR referer = :url AND role IN ('attachment', 'picture'))
ORDER BY fetched_at, file, "offset"
"""
_SOURCE = """
SELECT source.*, report.title FROM source LEFT JOIN report ON report.id = source.report WHERE source.id = ?
"""

# What was read from these bytes: by this capture's own id, or at its address from the same bytes.
_READ = """
WITH here (id) AS (SELECT id FROM source WHERE url = :url),
read (id) AS (SELECT id FROM revision WHERE capture = :id
    UNION SELECT id FROM revision WHERE source IN (SELECT id FROM here) AND digest = :digest
    UNION SELECT revision FROM rendering WHERE source IN (SELECT id FROM here) AND digest = :digest)
"""
_WITHHELD = f"""{_READ}
SELECT * FROM withheld WHERE lifted_at IS NULL AND (digest = :digest
    OR digest IN (SELECT digest FROM revision WHERE id IN (SELECT id FROM read))
    OR digest IN (SELECT digest FROM rendering WHERE source IN (SELECT id FROM here)
        AND revision IN (SELECT id FROM read)))
ORDER BY made_at
"""
_MASKED = f"""{_READ}
SELECT 1 FROM masked WHERE
    "table" IN ('revision', 'cell', 'section')
        AND CAST(substr(key, 1, instr(key || ' ', ' ') - 1) AS INTEGER) IN (SELECT id FROM read)
    OR "table" = 'capture' AND key = :id AND field <> 'link_text'
    OR "table" = 'problem' AND key IN (SELECT id FROM problem WHERE capture = :id
        OR revision IN (SELECT id FROM read))
    OR "table" = 'reread' AND key IN (SELECT reextraction || ' ' || number FROM reread WHERE capture = :id)
LIMIT 1
"""
"""Where it was masked what it says, whoever said it: `link_text` is of the page that led here."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A gzip member that holds one record; `answers` is the capture's row if that is its response.

    `repeats` tells that it repeats the body of another response (a revisit).
    """

    data: bytes
    answers: Row | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """A stored original as it may be handed out.

    Attributes:
        row: of the table `capture`.
        capture: with its headers, and its body, of a revisit the body it repeats.
        members: what makes sense together: the record that tells of the file, the request where it is found,
            the response; of a revisit first those of the response that it repeats.
    """

    row: Row
    capture: Capture
    members: tuple[Member, ...]


class Originals:
    """The originals of one publication. Threads may share it.

    Args:
        database: The publication's database.
        folder: The archive's `warc` folder; None where there is none on this machine.
    """

    def __init__(self, database: Path, folder: Path | None) -> None:
        self.database, self._folder = database, folder
        self._looked: dict[tuple[str, ...], str] = {}
        self._lock = threading.Lock()

    def connect(self) -> closing[sqlite3.Connection]:
        """Return a connection to the publication that only reads."""
        uri = f"{self.database.absolute().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(uri, uri=True)
        db.row_factory = sqlite3.Row
        return closing(db)

    @property
    def are_here(self) -> bool:
        """Return whether originals are kept on this machine at all."""
        return self._folder is not None and self._folder.is_dir()

    def row(self, identity: str) -> Row:
        """Return the row of a capture whose original may be handed out, as far as the publication tells.

        Raises:
            OriginalRefused: It is not known, withheld or masked.
        """
        with self.connect() as db:
            row = _row(db, identity)
            if decisions(db, row):
                raise OriginalRefused(WITHHELD, f"the bytes of {identity} are withheld", identity)
            if has_table(db, "masked") and db.execute(_MASKED, row).fetchone():
                raise OriginalRefused(MASKED, f"what was read from {identity} is masked here", identity)
        return row

    def told(self, identity: str) -> Row:
        """Return the row of a capture, whether or not its original may be handed out.

        Raises:
            OriginalRefused: It is not known.
        """
        with self.connect() as db:
            return _row(db, identity)

    def decisions(self, identity: str) -> list[Row]:
        """Return the decisions, rows of `withheld`, by which a capture is not shown."""
        with self.connect() as db:
            return decisions(db, _row(db, identity))

    def of_source(self, source: str) -> tuple[Row, list[Row], list[OriginalRefused]]:
        """Return a source's row with its report's title, and the captures of its address.

        What its page brings is among them. They are in the order of time; those that are withheld or masked
        are not among them, and told apart by why.

        Raises:
            OriginalRefused: There is no such source.
        """
        with self.connect() as db:
            found = db.execute(_SOURCE, (source,)).fetchone()
            if found is None:
                raise OriginalRefused(UNKNOWN, f"there is no source {source!r} in this publication")
            ids = db.execute(_OF_SOURCE, dict(found)).fetchall()
        rows, refused = [], []
        for each in ids:
            try:
                rows.append(self.row(each["id"]))
            except OriginalRefused as error:
                refused.append(error)
        return dict(found), rows, refused

    def read(self, identity: str) -> Original:
        """Return an original with its bytes: proved by its digest, and looked through for personal data.

        Raises:
            OriginalRefused: It may not be handed out, is not here, is damaged or too large.
        """
        row = self.row(identity)
        if self._folder is None or not self.are_here:
            raise OriginalRefused(ABSENT, "originals are not kept on this machine")
        original = self._read(self._folder, row)
        self._look_through(original.capture)
        return original

    def _read(self, folder: Path, row: Row) -> Original:
        found = stored.read(folder, row)
        members = self._members(folder, row, found)
        if not found.refers_to:
            return Original(row, found, members)
        try:
            repeated = self.row(found.refers_to)
        except OriginalRefused as refused:
            why = DAMAGED if refused.why == UNKNOWN else refused.why
            raise OriginalRefused(why, f"what {row['id']} repeats: {refused}") from refused
        body = stored.read(folder, repeated)
        if body.refers_to or body.digest != row["digest"]:
            raise OriginalRefused(DAMAGED, f"what {row['id']} repeats has other bytes")
        headers = found.headers or body.headers
        whole = replace(found, status=body.status, headers=headers, body=body.body, digest=body.digest)
        return Original(row, whole, (*self._members(folder, repeated, body), *members))

    def _members(self, folder: Path, row: Row, found: Capture) -> tuple[Member, ...]:
        with self.connect() as db:
            (start,) = db.execute(_BEFORE, row).fetchone()
        *told, response = stored.members(folder, row, start)
        return *map(Member, told), Member(response, row, bool(found.refers_to))

    def _look_through(self, capture: Capture) -> None:
        """Refuse what holds personal data; what came of it is kept, for the bytes never change."""
        told = ("content-encoding", "content-type", "content-disposition")
        key = (capture.digest, *map(capture.header, told))
        with self._lock:
            why = self._looked.get(key)
        if why is None:
            why = _why_not(capture)
            with self._lock:
                self._looked[key] = why
        if why:
            raise OriginalRefused(why, f"{capture.id} is proved by its digest only", capture.id)


def decisions(db: sqlite3.Connection, row: Row) -> list[Row]:
    """Return the decisions, rows of `withheld`, by which a capture is not shown."""
    if not has_table(db, "withheld"):
        return []
    return [dict(each) for each in db.execute(_WITHHELD, row)]


def _row(db: sqlite3.Connection, identity: str) -> Row:
    found = db.execute(_CAPTURE, (identity,)).fetchone()
    if found is None:
        raise OriginalRefused(UNKNOWN, f"there is no capture {identity!r} in this publication")
    return dict(found)


def _why_not(capture: Capture) -> str:
    try:
        return MASKED if texts.holds_personal_data(capture) else ""
    except Unsearchable:
        return UNSEARCHABLE
