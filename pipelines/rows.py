"""From a capture and its reading to the rows of the database: pure, no database here.

Every id is derived from content, never counted and never from a capture's id, so that two
crawls of the same pages give the same rows.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from archive.captures import Capture
from pipelines import places
from pipelines.duties import YEARS
from pipelines.forms import ITEMS
from pipelines.reading import Cell, Compared, Dated, Finding, Problem, Reading
from pipelines.registers import STATES

Row = tuple[Any, ...]

REPORT, NOT_A_REPORT, UNREADABLE = "report", "other", "unreadable"
_UNREADABLE_KINDS = {"unreadable_document", "encrypted", "limit_exceeded", "missing_program"}
_SECTIONS = 16


def digest(*parts: object) -> str:
    """Return 64 hexadecimal digits for values of which none can run into the next."""
    return hashlib.sha256("\0".join(repr(part) for part in parts).encode()).hexdigest()


def number(*parts: object) -> int:
    """Return an integer below 2**47, which every program reads exactly, for these values."""
    return int(digest(*parts)[:16], 16) >> 17


def agency_id(division: str | None, name: str) -> str:
    """Return an agency's id: 10 hexadecimal digits from division and full name."""
    return digest("agency", division, name)[:10]


def report_id(agency: str, year: int) -> str:
    """Return a report's id, `<agency>-<year>`."""
    return f"{agency}-{year}"


def source_id(portal: str | None, url: str, report: str) -> str:
    """Return a source's id. The report belongs to it: an address may carry another one next year."""
    return digest("source", portal, url, report)[:16]


def revision_id(source: str, content: str) -> int:
    """Return a revision's id from its source and the content's digest.

    Which extractor read it is no part of it: a citation of a cell leads to it after all was read anew, and a
    publication then keeps no past rows of what reads the same.
    """
    return number("revision", source, content)


def search_id(report: str) -> int:
    """Return the row of a report in the full-text index."""
    return number("report", report)


def section_search_id(revision: int, section: int) -> int:
    """Return the row of a section in the full-text index, below 2**51."""
    return revision * _SECTIONS + section


def content_digest(capture: Capture) -> str:
    """Return the SHA-256 of the stored body, computed where the capture does not carry it."""
    return capture.digest or hashlib.sha256(capture.body).hexdigest()


def verdict(reading: Reading) -> str:
    """Return what a document was read as: a report, another document, or unreadable."""
    if reading.is_report:
        return REPORT
    unreadable = any(problem.kind in _UNREADABLE_KINDS for problem in reading.problems)
    return UNREADABLE if unreadable else NOT_A_REPORT


def plain(value: int | float | None) -> str:
    """Return a value as it is printed where nothing is peculiar about it.

    >>> plain(3.0), plain(48.7917), plain(None)
    ('3', '48.7917', '')
    """
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def cell_row(revision: int, cell: Cell, roots: places.Roots) -> Row:
    """Return (revision, item, value, state, text, place); the text only where it tells more."""
    text = None if cell.text == plain(cell.value) else cell.text
    place = places.write(cell.place, roots)
    return revision, ITEMS[cell.key].id, cell.value, STATES[cell.state], text, place


def grid_rows(revision: int, roots: places.Roots) -> list[Row]:
    """Return the rows of `grid`: what the paths of each table have in common."""
    return [(revision, *table, root) for table, root in sorted(roots.items())]


def finding_rows(revision: int, findings: tuple[Finding, ...]) -> Iterator[Row]:
    """Yield the rows of `finding`."""
    for content, ordinal in _counted(_finding(finding) for finding in findings):
        yield number("finding", revision, content, ordinal), revision, *content, None, None


def compared_rows(revision: int, compared: Iterable[Compared]) -> Iterator[Row]:
    """Yield the rows of `finding` for findings between reports, with arithmetic and the other report."""
    contents = ((*_finding(each.finding), each.arithmetic, each.against) for each in compared)
    for content, ordinal in _counted(contents):
        yield number("finding", revision, content, ordinal), revision, *content


def _finding(finding: Finding) -> Row:
    return (
        finding.check,
        finding.severity,
        finding.pass_,
        finding.table,
        finding.row,
        finding.column,
        finding.expected,
        finding.found,
    )


def date_rows(revision: int, year: int, dates: tuple[Dated, ...]) -> Iterator[Row]:
    """Yield the rows of `published_date`."""
    for dated in dates:
        yield revision, dated.source, dated.date, _note(year, dated.date)


def _note(year: int, day: str) -> str | None:
    if day <= f"{year}-12-31":
        return "before_year_end"
    return "years_later" if int(day[:4]) > year + YEARS else None


def problem_rows(
    document: Row, capture: str, revision: int | None, report: str | None, problems: tuple[Problem, ...]
) -> Iterator[Row]:
    """Yield the rows of `problem`, of a revision or of a document that gave none."""
    for content, ordinal in _counted(_problem(problem) for problem in problems):
        yield number("problem", document, revision, content, ordinal), capture, revision, *content, report


def _problem(problem: Problem) -> Row:
    return (
        problem.kind,
        problem.table,
        problem.row,
        problem.column,
        problem.detail,
        places.write(problem.place),
    )


def _counted(rows: Iterator[Row]) -> Iterator[tuple[Row, int]]:
    """Number equal rows, so that each has an id of its own."""
    seen: Counter[Row] = Counter()
    for row in rows:
        seen[row] += 1
        yield row, seen[row]
