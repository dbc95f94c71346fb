"""One document's rows in the place of those it gave before.

Everything here runs inside the loader's transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from archive.captures import LIST, Capture
from pipelines import agencies, places, reports, rows, schema
from pipelines.contents import content_of
from pipelines.forms import ITEMS, PROSE
from pipelines.reading import Problem, Reading
from pipelines.search import spaced

_SET_BY_READING = ("reading", "reading_reason", "extractor")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a document gave. All are 0 where an earlier capture already spoke for its content."""

    reports: int = 0
    cells: int = 0
    sections: int = 0
    findings: int = 0
    problems: int = 0


def replace(db: sqlite_utils.Database, capture: Capture, reading: Reading, extractor: str) -> Loaded:
    """Write a reading by this version of the extractor, unless an earlier capture speaks for it."""
    if capture.context.role == LIST:
        _write_list(db, capture, reading, extractor)
        return Loaded()
    _write_capture(db, capture, reading, extractor)
    document = reports.document(db, capture.id)
    if _is_spoken_for(db, document, capture, extractor):
        reports.widen(db, document[1])
        return Loaded()
    touched = reports.touched(db, document)
    reports.clear(db, document)
    writer = _Writer(db, document, capture, reading, extractor)
    loaded = writer.write()
    reports.settle(db, touched | reports.touched(db, document))
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
    """Note the reading of a capture; its other fields are written only if the index did not bring them."""
    context = capture.context
    if context.portal:
        specimen = int(context.division.startswith("99"))
        portal = {"id": context.portal, "title": context.portal_title, "division": context.division}
        _insert(db, "portal", {**portal, "specimen": specimen})
    if capture.run:
        _insert(db, "run", {"id": capture.run, "portal": context.portal or None})
    _insert(db, "capture", _capture_fields(capture))
    db.execute(
        "UPDATE capture SET reading = ?, reading_reason = ?, extractor = ? WHERE id = ?",
        (rows.verdict(reading), reading.reason, extractor, capture.id),
    )


def _write_list(db: sqlite_utils.Database, capture: Capture, reading: Reading, extractor: str) -> None:
    """Note the agencies that a list names. What was listed once stays known."""
    _insert(db, "capture", _capture_fields(capture))
    db.execute("UPDATE capture SET extractor = ? WHERE id = ?", (extractor, capture.id))
    db.conn.executemany(
        """INSERT INTO listed_agency (portal, name, url) VALUES (?, ?, ?)
        ON CONFLICT (portal, name) DO UPDATE SET url = min(url, excluded.url)""",
        ((capture.context.portal, name, capture.url) for name in reading.agencies),
    )


def _insert(db: sqlite_utils.Database, table: str, row: Mapping[str, Any]) -> None:
    """Write a row with the fields that are given, unless its key is there."""
    db.execute(schema.insert(table, "INSERT OR IGNORE", tuple(row)), tuple(row.values()))


def _is_spoken_for(
    db: sqlite_utils.Database, document: reports.Document, capture: Capture, extractor: str
) -> bool:
    """Tell whether an earlier capture of the same document was read by this extractor."""
    found = db.execute(
        """SELECT 1 FROM capture WHERE portal IS ? AND url = ? AND digest = ? AND extractor = ?
        AND (fetched_at, id) < (?, ?)""",
        (*document, extractor, capture.fetched_at, capture.id),
    )
    return found.fetchone() is not None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one reading of a document of which nothing is in the database."""

    db: sqlite_utils.Database
    document: reports.Document
    capture: Capture
    reading: Reading
    extractor: str

    def write(self) -> Loaded:
        """Write a report with all that hangs on it, or the problems of what is none."""
        name, year = self.reading.agency, self.reading.year
        agency = agencies.agency(name, year, self.capture.context) if name and year else None
        report = rows.report_id(agency.id, year) if agency and year else None
        self._many("file_link", [(*self.document, link) for link in self.reading.links])
        if not self.reading.is_report or not agency or not report or not year:
            return self._write_problems(None, report, _unclear(self.reading))
        agencies.write_agency(self.db, agency)
        _insert(self.db, "report", {"id": report, "agency": agency.id, "year": year})
        revision, spoken_for = self._write_revision(report)
        return Loaded() if spoken_for else self._write_contents(revision, report, year)

    def _write_contents(self, revision: int, report: str, year: int) -> Loaded:
        """Write all that hangs on a revision."""
        cells = [cell for cell in self.reading.cells if cell.key in ITEMS]
        roots = places.roots(cell.place for cell in cells)
        self._many("grid", rows.grid_rows(revision, roots))
        self._many("cell", [rows.cell_row(revision, cell, roots) for cell in cells])
        self._write_sections(revision)
        findings = self._many("finding", list(rows.finding_rows(revision, self.reading.findings)))
        self._many("published_date", list(rows.date_rows(revision, year, self.reading.dates)))
        found = self.reading.problems + _foreign(self.reading)
        problems = self._write_problems(revision, report, found).problems
        return Loaded(1, len(cells), len(self.reading.sections), findings, problems)

    def _write_revision(self, report: str) -> tuple[int, bool]:
        """Write source, revision and rendering.

        Returns:
            The revision's id, and whether an earlier capture speaks for it: the same content on
            another rendering of the page, read by this extractor. What hangs on the revision is then
            left as it is.
        """
        portal, url, digest = self.document
        source, content = rows.source_id(portal, url, report), content_of(self.reading).digest()
        revision = rows.revision_id(source, content)
        _insert(self.db, "source", {"id": source, "report": report, "portal": portal, "url": url})
        _insert(
            self.db,
            "rendering",
            {"source": source, "digest": digest, "revision": revision, "capture": self.capture.id},
        )
        if reports.speaks(self.db, revision, self.extractor) <= (self.capture.fetched_at, self.capture.id):
            return revision, True
        reports.clear_revision(self.db, revision)
        fields = {"id": revision, "source": source, "content": content, **self._revision_fields()}
        _insert(self.db, "revision", fields)
        return revision, False

    def _revision_fields(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "capture": self.capture.id,
            "form": reading.form or PROSE.code,
            "digest": self.document[2],
            "title": reading.title,
            "published_on": reading.published_on,
            "published_from": reading.published_from,
            "extractor": self.extractor,
        }

    def _write_sections(self, revision: int) -> None:
        sections = [
            (revision, part.number, part.heading, part.text, rows.section_search_id(revision, part.number))
            for part in self.reading.sections
        ]
        self._many("section", sections)
        self.db.conn.executemany(
            "INSERT INTO section_fts (rowid, heading, text) VALUES (?, ?, ?)",
            ((row[4], spaced(row[2]), spaced(row[3])) for row in sections),
        )

    def _write_problems(
        self, revision: int | None, report: str | None, problems: tuple[Problem, ...]
    ) -> Loaded:
        found = list(rows.problem_rows(self.document, self.capture.id, revision, report, problems))
        return Loaded(problems=self._many("problem", found))

    def _many(self, table: str, found: list[rows.Row]) -> int:
        self.db.conn.executemany(schema.insert(table), found)
        return len(found)


def _capture_fields(capture: Capture) -> dict[str, Any]:
    context = capture.context
    return {
        "id": capture.id,
        "portal": context.portal or None,
        "run": capture.run or None,
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
        "judged": capture.judged,
        "location": capture.leads_to,
        "referer": context.referer,
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
