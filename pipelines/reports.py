"""What a report's own row says is computed from its revisions, here, after each change of them."""

from collections.abc import Iterable
from typing import Any

import sqlite_utils

from pipelines import disagreements, duties, rows
from pipelines.search import spaced

Row = tuple[Any, ...]
Document = tuple[str | None, str, str]
"""Portal, address, digest of the content."""

_REVISIONS = """
    SELECT v.id, s.id, v.form = 'prose', v.title, v.published_on, v.first_seen, NOT (p.division = a.division
        OR EXISTS (SELECT 1 FROM division_name n WHERE (n.division, n.code) = (a.division, p.division)))
    FROM revision v JOIN source s ON s.id = v.source JOIN report r ON r.id = s.report
    JOIN agency a ON a.id = r.agency LEFT JOIN portal p ON p.id = s.portal WHERE r.id = ?
"""


def document(db: sqlite_utils.Database, capture: str) -> Document:
    """Return which document a capture in the database is of."""
    row: Document = db.execute("SELECT portal, url, digest FROM capture WHERE id = ?", (capture,)).fetchone()
    return row


def seen(db: sqlite_utils.Database, which: Document) -> Row:
    """Return when a document was first and last captured."""
    row: Row = db.execute(
        """SELECT min(fetched_at), max(fetched_at) FROM capture
        WHERE portal IS ? AND url = ? AND digest = ?""",
        which,
    ).fetchone()
    return row


def widen(db: sqlite_utils.Database, url: str | None = None) -> None:
    """Bring `first_seen` and `last_seen` of revisions (of one address) to what the captures tell."""
    changed = db.execute(
        f"""SELECT v.id, s.report, min(c.fetched_at), max(c.fetched_at) FROM revision v
        JOIN source s ON s.id = v.source
        JOIN capture c ON c.portal IS s.portal AND (c.url, c.digest) = (s.url, v.digest)
        {"WHERE s.url = ?" if url else ""}
        GROUP BY v.id HAVING (v.first_seen, v.last_seen) <> (min(c.fetched_at), max(c.fetched_at))""",
        (url,) if url else (),
    ).fetchall()
    db.conn.executemany(
        "UPDATE revision SET first_seen = ?, last_seen = ? WHERE id = ?",
        ((first, last, revision) for revision, _, first, last in changed),
    )
    for report in sorted({row[1] for row in changed}):
        refresh(db, report)


def clear(db: sqlite_utils.Database, which: Document) -> list[str]:
    """Take out all that a document gave before, whichever extractor read it.

    Returns:
        The reports that lost a revision.
    """
    found = db.execute(
        """SELECT v.id, s.report FROM revision v JOIN source s ON s.id = v.source
        WHERE s.portal IS ? AND s.url = ? AND v.digest = ?""",
        which,
    ).fetchall()
    for revision, _ in found:
        _clear_revision(db, revision)
    db.execute(
        # The plus keeps SQLite from walking through all problems that have no revision.
        """DELETE FROM problem WHERE +revision IS NULL AND capture IN
        (SELECT id FROM capture WHERE portal IS ? AND url = ? AND digest = ?)""",
        which,
    )
    return [report for _, report in found]


def _clear_revision(db: sqlite_utils.Database, revision: int) -> None:
    sections = db.execute("SELECT search_id, heading, text FROM section WHERE revision = ?", (revision,))
    # An index without content forgets a row only when it is told what the row held.
    db.conn.executemany(
        "INSERT INTO section_fts (section_fts, rowid, heading, text) VALUES ('delete', ?, ?, ?)",
        [(key, spaced(heading), spaced(text)) for key, heading, text in sections],
    )
    db.execute("UPDATE report SET revision = NULL WHERE revision = ?", (revision,))
    for table in ("cell", "section", "finding", "problem", "published_date"):
        db.execute(f"DELETE FROM [{table}] WHERE revision = ?", (revision,))
    db.execute("DELETE FROM revision WHERE id = ?", (revision,))


def refresh(db: sqlite_utils.Database, report: str) -> None:
    """Write a report's title, dates, status and current revision from its revisions.

    Current is the newest revision of the best source: one with statutory tables before one
    without, one on the portal of the agency's own division before others, then by id.
    """
    found = db.execute(_REVISIONS, (report,)).fetchall()
    newest: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: (row[5] or "", row[0])):
        newest[row[1]] = row
    best = min(newest.values(), key=lambda row: (row[2], row[6] != 0, row[1]))
    disagreements.write(db, best[0], [row[0] for row in newest.values()], [row[0] for row in found])
    published = min((row[4] for row in found if row[4]), default=None)
    agency, kind, year = db.execute(
        "SELECT a.name, a.kind, r.year FROM report r JOIN agency a ON a.id = r.agency WHERE r.id = ?",
        (report,),
    ).fetchone()
    duty = duties.timeliness(kind, year, published)
    _search(db, report, best[3], agency)
    db.execute(
        """UPDATE report SET title = ?, published_on = ?, due_on = ?, days_late = ?, status = ?, revision = ?
        WHERE id = ?""",
        (best[3], published, duty.due_on, duty.days_late, duty.status, best[0], report),
    )


def _search(db: sqlite_utils.Database, report: str, title: str, agency: str) -> None:
    """Put a report into the full-text index in the place of what is there."""
    key = rows.search_id(report)
    _unsearch(db, report)
    db.execute(
        "INSERT INTO report_fts (rowid, title, agency) VALUES (?, ?, ?)", (key, spaced(title), spaced(agency))
    )
    db.execute("UPDATE report SET search_id = ? WHERE id = ?", (key, report))


def _unsearch(db: sqlite_utils.Database, report: str) -> None:
    indexed = db.execute(
        """SELECT r.search_id, r.title, a.name FROM report r JOIN agency a ON a.id = r.agency
        WHERE r.id = ? AND r.search_id IS NOT NULL""",
        (report,),
    ).fetchall()
    db.conn.executemany(
        "INSERT INTO report_fts (report_fts, rowid, title, agency) VALUES ('delete', ?, ?, ?)",
        [(key, spaced(title), spaced(agency)) for key, title, agency in indexed],
    )


def prune(db: sqlite_utils.Database, reports: Iterable[str]) -> None:
    """Refresh reports that lost a revision; take out those left without any, and what they leave bare."""
    for report in reports:
        db.execute(
            """DELETE FROM source WHERE report = ?
            AND NOT EXISTS (SELECT 1 FROM revision WHERE revision.source = source.id)""",
            (report,),
        )
        if db.execute("SELECT 1 FROM source WHERE report = ?", (report,)).fetchone():
            refresh(db, report)
        else:
            _unsearch(db, report)
            db.execute("DELETE FROM report WHERE id = ?", (report,))
            _prune_agencies(db)


def _prune_agencies(db: sqlite_utils.Database) -> None:
    db.execute("DELETE FROM agency WHERE NOT EXISTS (SELECT 1 FROM report WHERE report.agency = agency.id)")
    bare = """FROM division WHERE NOT EXISTS (SELECT 1 FROM agency WHERE agency.division = division.id)
        AND NOT EXISTS (SELECT 1 FROM division below WHERE below.parent = division.id)"""
    while db.execute(f"SELECT 1 {bare}").fetchone():
        db.execute(f"DELETE FROM division_name WHERE division IN (SELECT id {bare})")
        db.execute(f"DELETE {bare}")
