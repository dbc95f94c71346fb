"""One document's rows in the place of those it gave before.

Everything here runs inside the loader's transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from archive.captures import Capture
from pipelines import places, reports, rows, schema
from pipelines.forms import ITEMS, PROSE
from pipelines.reading import Problem, Reading
from pipelines.search import spaced

_SET_BY_READING = ("reading", "reading_reason", "extractor")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a document gave. All are 0 where an earlier capture already spoke for it."""

    reports: int = 0
    cells: int = 0
    sections: int = 0
    findings: int = 0
    problems: int = 0


def replace(db: sqlite_utils.Database, capture: Capture, reading: Reading, extractor: str) -> Loaded:
    """Write a reading by this version of the extractor, unless an earlier capture speaks for it."""
    _write_capture(db, capture, reading, extractor)
    if _is_spoken_for(db, capture, extractor):
        reports.widen(db, capture.url)
        return Loaded()
    emptied = reports.clear(db, capture)
    loaded = _write_report(db, capture, reading, extractor) if reading.is_report else None
    if loaded is None:
        loaded = _write_problems(db, capture, None, _unclear(reading))
    reports.prune(db, emptied)
    return loaded


def upsert(db: sqlite_utils.Database, table: str, mappings: Iterable[Mapping[str, Any]]) -> None:
    """Write mappings of field names to values; what is missing or None erases nothing."""
    definition = schema.table(table)
    names = [field.name for field in definition.fields if field.name not in _SET_BY_READING]
    quoted = ", ".join(f"[{name}]" for name in names)
    kept = ", ".join(
        f"[{name}] = coalesce(excluded.[{name}], [{table}].[{name}])"
        for name in names
        if name not in definition.key
    )
    db.conn.executemany(
        f"INSERT INTO [{table}] ({quoted}) VALUES ({', '.join('?' * len(names))}) "
        f"ON CONFLICT ({', '.join(definition.key)}) DO UPDATE SET {kept}",
        ([mapping.get(name) for name in names] for mapping in mappings),
    )


def _write_capture(db: sqlite_utils.Database, capture: Capture, reading: Reading, extractor: str) -> None:
    context = capture.context
    specimen = int(context.division.startswith("99"))
    _insert(db, "portal", (context.portal, context.portal_title, context.division, None, None, specimen))
    _insert(db, "run", (capture.run, context.portal, *[None] * 8))
    upsert(db, "capture", [_capture_fields(capture)])
    db.execute(
        "UPDATE capture SET reading = ?, reading_reason = ?, extractor = ? WHERE id = ?",
        (rows.verdict(reading), reading.reason, extractor, capture.id),
    )


def _insert(db: sqlite_utils.Database, table: str, row: tuple[Any, ...]) -> None:
    """Write a row with all its fields, unless its key is there."""
    db.execute(f"INSERT OR IGNORE INTO [{table}] VALUES ({', '.join('?' * len(row))})", row)


def _is_spoken_for(db: sqlite_utils.Database, capture: Capture, extractor: str) -> bool:
    """Tell whether an earlier capture of the same document was read by this extractor."""
    found = db.execute(
        """SELECT 1 FROM capture WHERE portal = ? AND url = ? AND digest = ? AND extractor = ?
        AND (fetched_at, id) < (?, ?)""",
        (*reports.document(capture), extractor, capture.fetched_at, capture.id),
    )
    return found.fetchone() is not None


def _write_report(
    db: sqlite_utils.Database, capture: Capture, reading: Reading, extractor: str
) -> Loaded | None:
    """Write a report with all that hangs on it; None where its identity is unclear."""
    if not reading.agency or reading.year is None:
        return None
    agency = places.write_agency(db, reading.agency, reading.year, capture.context)
    report = rows.report_id(agency, reading.year)
    source = rows.source_id(capture.context.portal, capture.url, report)
    revision = rows.revision_id(source, rows.content_digest(capture), extractor)
    db.execute(
        "INSERT OR IGNORE INTO report (id, agency, year) VALUES (?, ?, ?)", (report, agency, reading.year)
    )
    _insert(db, "source", (source, report, capture.context.portal, capture.url))
    _insert(db, "revision", (revision, source, *_revision_fields(db, capture, reading), extractor))
    loaded = _write_content(db, capture, reading, revision)
    reports.refresh(db, report)
    return loaded


def _revision_fields(db: sqlite_utils.Database, capture: Capture, reading: Reading) -> rows.Row:
    """Return what stands between the source and the extractor in a row of `revision`."""
    document = reports.document(capture)
    return (
        capture.id,
        reading.form or PROSE.code,
        document[2],
        reading.title,
        reading.published_on,
        reading.published_from,
        *reports.seen(db, *document),
    )


def _write_content(db: sqlite_utils.Database, capture: Capture, reading: Reading, revision: int) -> Loaded:
    cells = [cell for cell in reading.cells if cell.key in ITEMS]
    db.conn.executemany(
        "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?)", (rows.cell_row(revision, cell) for cell in cells)
    )
    _write_sections(db, reading, revision)
    findings = list(rows.finding_rows(revision, reading.findings))
    db.conn.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", findings)
    problems = _write_problems(db, capture, revision, reading.problems + _foreign(reading)).problems
    return Loaded(1, len(cells), len(reading.sections), len(findings), problems)


def _write_sections(db: sqlite_utils.Database, reading: Reading, revision: int) -> None:
    sections = [
        (revision, part.number, part.heading, part.text, rows.section_search_id(revision, part.number))
        for part in reading.sections
    ]
    db.conn.executemany("INSERT INTO section VALUES (?, ?, ?, ?, ?)", sections)
    db.conn.executemany(
        "INSERT INTO section_fts (rowid, heading, text) VALUES (?, ?, ?)",
        ((row[4], spaced(row[2]), spaced(row[3])) for row in sections),
    )


def _write_problems(
    db: sqlite_utils.Database, capture: Capture, revision: int | None, problems: tuple[Problem, ...]
) -> Loaded:
    found = list(rows.problem_rows(capture, revision, problems))
    db.conn.executemany("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", found)
    return Loaded(problems=len(found))


def _capture_fields(capture: Capture) -> dict[str, Any]:
    context = capture.context
    return {
        "id": capture.id,
        "portal": context.portal,
        "run": capture.run,
        "role": context.role,
        "url": capture.url,
        "method": capture.method,
        "status": capture.status,
        "content_type": capture.header("content-type"),
        "fetched_at": capture.fetched_at,
        "digest": rows.content_digest(capture),
        "size": len(capture.body),
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "link_text": context.link_text,
        "listed_on": context.listed_on,
    }


def _unclear(reading: Reading) -> tuple[Problem, ...]:
    """Return the problems of a reading without rows; a report among them says why it has none."""
    if not reading.is_report or any(problem.kind == "unclear_identity" for problem in reading.problems):
        return reading.problems
    detail = f"agency {reading.agency!r}, year {reading.year!r}, title {reading.title!r}"
    return (*reading.problems, Problem("unclear_identity", detail))


def _foreign(reading: Reading) -> tuple[Problem, ...]:
    """Return a problem for each cell that no form knows, so that none is dropped without a word."""
    return tuple(
        Problem("unattributed_number", f"{cell.text!r} is no cell of any form", *cell.key, cell.place)
        for cell in reading.cells
        if cell.key not in ITEMS
    )
