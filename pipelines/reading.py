"""What a document was read as: the values that flow from `extract` to `load`.

Everything here is plain data, so that the same bytes give the same reading in any
process. The JSON of `gongkai extract --json` is `Reading.as_json`.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

NUMBER, BLANK, PLACEHOLDER, UNREADABLE = "number", "blank", "placeholder", "unreadable"
ERROR, WARNING, NOTICE = "error", "warning", "notice"
AS_PRINTED, ASSUMED_ZERO = "as_printed", "assumed_zero"
META, PAGE, LIST, ADDRESS, SIGNATURE = "meta", "page", "list", "address", "signature"

Json = dict[str, Any]


class Place(NamedTuple):
    """Where something stands in its document. Members a format does not know are None.

    `table`, `row` and `column` count from 1: the table in the document (in HTML those of a single
    cell count, unless they stand in another's cell; in Word they do not), the row and the grid column
    (spans expanded) in the table, hidden ones left out. `line` counts the source's lines (an element
    is on that on which its start tag ends), in a workbook the rows of the sheet, hidden ones too.
    `path` is an element path in HTML, sheet and cell in a workbook; before them stands where the page
    or the workbook is kept (grammar: `pipelines.places`). `page` and `box` belong to PDF and pictures:
    x0, top, x1, bottom, in points of the page as shown.
    """

    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    path: str | None = None
    box: tuple[float, float, float, float] | None = None
    line: int | None = None

    def as_json(self) -> Json:
        """Return the place with all its members, unknown ones None."""
        return {
            "page": self.page,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "path": self.path,
            "box": list(self.box) if self.box else None,
            "line": self.line,
        }


_NOWHERE = Place()


class Cell(NamedTuple):
    """One statutory cell: the value is None unless the state is `number`."""

    table: str
    row: str
    column: str
    value: int | float | None
    state: str
    text: str
    place: Place

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the published codes (table, row, column)."""
        return self.table, self.row, self.column


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections (一 to 六); its text leaves the statutory tables out."""

    number: int
    heading: str
    text: str


class Finding(NamedTuple):
    """A check that fails; `table`, `row` and `column` are None where it is about more than one of them."""

    check: str
    severity: str
    pass_: str
    table: str | None
    row: str | None
    column: str | None
    expected: int | float | None
    found: int | float | None


class Compared(NamedTuple):
    """A finding in which another report takes part: the sum as it was done, and the id of that report."""

    finding: Finding
    arithmetic: str
    against: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read."""

    kind: str
    detail: str
    table: str | None = None
    row: str | None = None
    column: str | None = None
    place: Place = _NOWHERE


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of publication (YYYY-MM-DD) and where it stands: meta, page, list, address, signature."""

    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One document, read.

    `is_report` is False for a document that is no annual report at all (a notice, a work
    summary); `reason` then says in words what showed it, and the document gives no rows but its
    capture's. `form` is the form of table two (of table three where there is no table two),
    `prose` when there are no statutory tables. `published_on` is YYYY-MM-DD or None,
    `published_from` names where that date stood; `other_dates` stood in other, less trusted places.
    `links` are the addresses of what the page brings: files, and pages in its frames. `agencies` are those
    that a list names, which is no document.
    """

    title: str = ""
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    is_report: bool = False
    reason: str = ""
    published_on: str | None = None
    published_from: str | None = None
    other_dates: tuple[Dated, ...] = ()
    cells: tuple[Cell, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    links: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    @property
    def dates(self) -> tuple[Dated, ...]:
        """Return all dates of publication that were found, the most trusted first."""
        if not self.published_on or not self.published_from:
            return self.other_dates
        return Dated(self.published_from, self.published_on), *self.other_dates

    def as_json(self, file: str) -> Json:
        """Return the object that `gongkai extract FILE --json` prints (DESIGN.md, contracts)."""
        return {
            "file": file,
            "title": self.title,
            "agency": self.agency,
            "year": self.year,
            "form": self.form,
            "cells": [_cell_json(cell) for cell in self.cells],
            "sections": [
                {"number": section.number, "heading": section.heading, "text": section.text}
                for section in self.sections
            ],
            "findings": [_finding_json(finding) for finding in self.findings],
            "problems": [_problem_json(problem) for problem in self.problems],
        }


def _cell_json(cell: Cell) -> Json:
    return {
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "value": cell.value,
        "state": cell.state,
        "text": cell.text,
        "place": cell.place.as_json(),
    }


def _finding_json(finding: Finding) -> Json:
    return {
        "check": finding.check,
        "severity": finding.severity,
        "pass": finding.pass_,
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        "expected": finding.expected,
        "found": finding.found,
    }


def _problem_json(problem: Problem) -> Json:
    return {
        "kind": problem.kind,
        "table": problem.table,
        "row": problem.row,
        "column": problem.column,
        "detail": problem.detail,
        "place": problem.place.as_json(),
    }
