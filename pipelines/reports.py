"""What a report's own row says is computed from its revisions, here, after each change of them."""

from collections.abc import Iterable
from typing import Any

import sqlite_utils

from pipelines import changes, comparisons, disagreements, duties, indicator_rows, rows
from pipelines.reading import Dated
from pipelines.search import spaced

Row = tuple[Any, ...]
Document = tuple[str | None, str, str]
"""Portal, address, digest of the content."""

LAST = ("~", "")
"""Later than any capture: nothing speaks for a revision that is not there."""

_REVISIONS = """
    SELECT v.id, s.id, v.form = 'prose', v.title, v.published_on, v.last_seen, NOT (p.division = a.division
        OR EXISTS (SELECT 1 FROM division_name n WHERE (n.division, n.code) = (a.division, p.division))),
        s.state <> 'present'
    FROM revision v JOIN source s ON s.id = v.source JOIN report r ON r.id = s.report
    JOIN agency a ON a.id = r.agency LEFT JOIN portal p ON p.id = s.portal WHERE r.id = ?
"""

_SEEN = """
    UPDATE rendering SET (first_seen, last_seen) = (
        SELECT min(c.fetched_at), max(c.fetched_at) FROM source s
        JOIN capture c ON c.portal IS s.portal AND c.url = s.url
        WHERE s.id = rendering.source AND c.digest = rendering.digest AND c.status IN (200, 304))
    WHERE source IN (SELECT id FROM source WHERE report = ?)
"""
_SEEN_AS = """
    UPDATE revision SET (first_seen, last_seen) = (
        SELECT min(first_seen), max(last_seen) FROM rendering WHERE rendering.revision = revision.id)
    WHERE source IN (SELECT id FROM source WHERE report = ?)
"""


def document(db: sqlite_utils.Database, capture: str) -> Document:
    """Return which document a capture in the database is of."""
    row: Document = db.execute("SELECT portal, url, digest FROM capture WHERE id = ?", (capture,)).fetchone()
    return row


def touched(db: sqlite_utils.Database, which: Document) -> set[str]:
    """Return the reports that a document may change: those at its address, and of files it brings."""
    portal, url, _ = which
    found = db.execute(
        """SELECT report FROM source WHERE portal IS ? AND url = ?
        UNION SELECT s.report FROM capture c JOIN source s ON s.portal IS c.portal AND s.url = c.url
        WHERE c.portal IS ? AND c.referer = ? AND c.referer <> ''""",
        (portal, url, portal, url),
    )
    return {report for (report,) in found}


def widen(db: sqlite_utils.Database, url: str | None = None) -> None:
    """Refresh the reports of which (at one address) there are answers that their history does not tell."""
    changed = db.execute(
        f"""SELECT DISTINCT s.report FROM source s JOIN capture c ON c.portal IS s.portal AND c.url = s.url
        {"WHERE s.url = ?" if url else ""}
        GROUP BY s.id HAVING (s.looks, s.looked_at) IS NOT (count(*), max(c.fetched_at))""",
        (url,) if url else (),
    ).fetchall()
    for (report,) in sorted(changed):
        refresh(db, report)


def clear(db: sqlite_utils.Database, which: Document) -> None:
    """Take out all that a document gave before, whichever extractor read it."""
    found = db.execute(
        """SELECT r.source, r.digest, r.revision FROM source s JOIN rendering r ON r.source = s.id
        WHERE s.portal IS ? AND s.url = ? AND r.digest = ?""",
        which,
    ).fetchall()
    for source, digest, revision in found:
        db.execute("DELETE FROM rendering WHERE (source, digest) = (?, ?)", (source, digest))
        if not db.execute("SELECT 1 FROM rendering WHERE revision = ?", (revision,)).fetchone():
            clear_revision(db, revision)
    db.execute("DELETE FROM file_link WHERE portal = ? AND page = ? AND digest = ?", which)
    db.execute(
        # The plus keeps SQLite from walking through all problems that have no revision.
        """DELETE FROM problem WHERE +revision IS NULL AND capture IN
        (SELECT id FROM capture WHERE portal IS ? AND url = ? AND digest = ?)""",
        which,
    )


def speaks(db: sqlite_utils.Database, revision: int, extractor: str) -> tuple[str, str]:
    """Return time and id of the capture that an extractor read a revision from; `LAST` where it did not."""
    found = db.execute(
        """SELECT c.fetched_at, c.id FROM revision v JOIN capture c ON c.id = v.capture
        WHERE (v.id, v.extractor) = (?, ?)""",
        (revision, extractor),
    ).fetchone()
    return (found[0], found[1]) if found else LAST


def clear_revision(db: sqlite_utils.Database, revision: int) -> None:
    """Take out a revision and all that hangs on it."""
    sections = db.execute("SELECT search_id, heading, text FROM section WHERE revision = ?", (revision,))
    # An index without content forgets a row only when it is told what the row held.
    db.conn.executemany(
        "INSERT INTO section_fts (section_fts, rowid, heading, text) VALUES ('delete', ?, ?, ?)",
        [(key, spaced(heading), spaced(text)) for key, heading, text in sections],
    )
    db.execute("UPDATE report SET revision = NULL WHERE revision = ?", (revision,))
    of = "SELECT s.report FROM revision v JOIN source s ON s.id = v.source WHERE v.id = ?"
    db.execute(f"DELETE FROM indicator WHERE report = ({of}) AND revision = ?", (revision, revision))
    for table in ("cell", "grid", "section", "finding", "problem", "published_date"):
        db.execute(f"DELETE FROM [{table}] WHERE revision = ?", (revision,))
    db.execute("DELETE FROM revision WHERE id = ?", (revision,))


def refresh(db: sqlite_utils.Database, report: str) -> None:
    """Write what follows from a report's revisions and captures: its history, dates and current revision.

    Current is the newest revision of the best source: one that is there before one that is gone, one with
    statutory tables before one without, one on the portal of the agency's own division, then by id.
    """
    db.execute(_SEEN, (report,))
    db.execute(_SEEN_AS, (report,))
    agency, name, kind, year, current = db.execute(
        """SELECT a.id, a.name, a.kind, r.year, r.revision FROM report r JOIN agency a ON a.id = r.agency
        WHERE r.id = ?""",
        (report,),
    ).fetchone()
    told = changes.write(db, report, year)
    found = db.execute(_REVISIONS, (report,)).fetchall()
    newest: dict[str, Row] = {}
    for row in sorted(found, key=lambda row: (row[5] or "", row[0])):
        newest[row[1]] = row
    best = min(newest.values(), key=lambda row: (row[7], row[2], row[6] != 0, row[1]))
    there = [row[0] for row in newest.values() if not row[7]] or [best[0]]
    disagreements.write(db, best[0], there, [row[0] for row in found])
    first, edited = _dates(db, report)
    duty = duties.timeliness(kind, year, first, told.first_seen, edited)
    _search(db, report, best[3], name)
    db.execute(
        """UPDATE report SET title = ?, published_on = ?, due_on = ?, days_late = ?, status = ?, revision = ?,
        gone_since = ? WHERE id = ?""",
        (
            best[3],
            duty.published_on,
            duty.due_on,
            duty.days_late,
            duty.status,
            best[0],
            told.gone_since,
            report,
        ),
    )
    indicator_rows.write(db, report)
    if current != best[0]:
        comparisons.rewrite(db, agency, year)


def _dates(db: sqlite_utils.Database, report: str) -> tuple[list[Dated], list[Dated]]:
    """Return the dates of publication that each source bore when it was first seen, and those of later."""
    found = db.execute(
        """SELECT d.source, d.date, v.first_seen = min(v.first_seen) OVER (PARTITION BY v.source)
        FROM published_date d JOIN revision v ON v.id = d.revision JOIN source s ON s.id = v.source
        WHERE s.report = ?""",
        (report,),
    ).fetchall()
    first = {row[:2] for row in found if row[2]}
    later = {row[:2] for row in found} - first
    return [Dated(*each) for each in sorted(first)], [Dated(*each) for each in sorted(later)]


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


def settle(db: sqlite_utils.Database, reports: Iterable[str]) -> None:
    """Refresh reports; take out those left without any revision, and what they leave bare."""
    for report in sorted(reports):
        db.execute(
            """DELETE FROM source WHERE report = ?
            AND NOT EXISTS (SELECT 1 FROM rendering WHERE rendering.source = source.id)""",
            (report,),
        )
        if db.execute("SELECT 1 FROM source WHERE report = ?", (report,)).fetchone():
            refresh(db, report)
        else:
            _unsearch(db, report)
            changes.clear(db, report)
            db.execute("DELETE FROM coverage WHERE report = ?", (report,))  # written anew at the load's end
            agency, year = db.execute("SELECT agency, year FROM report WHERE id = ?", (report,)).fetchone()
            db.execute("DELETE FROM report WHERE id = ?", (report,))
            comparisons.rewrite(db, agency, year)
            prune_agencies(db)


def prune_agencies(db: sqlite_utils.Database) -> None:
    """Take out agencies without a report that nothing else names, and divisions without an agency."""
    db.execute(
        """DELETE FROM agency WHERE NOT EXISTS (SELECT 1 FROM report WHERE report.agency = agency.id)
        AND NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.agency = agency.id)"""
    )
    bare = """FROM division WHERE NOT EXISTS (SELECT 1 FROM agency WHERE agency.division = division.id)
        AND NOT EXISTS (SELECT 1 FROM division below WHERE below.parent = division.id)"""
    while db.execute(f"SELECT 1 {bare}").fetchone():
        db.execute(f"DELETE FROM division_name WHERE division IN (SELECT id {bare})")
        db.execute(f"DELETE {bare}")
