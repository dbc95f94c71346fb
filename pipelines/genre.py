"""Which documents are annual reports on disclosure, and what shows it.

Columns also hold notices on how to compile reports, work summaries, reports on government by
law, index pages and error pages.
"""

from dataclasses import dataclass

from pipelines.extract import Extraction
from pipelines.identity import Identity
from pipelines.reading import NUMBER, PLACEHOLDER, Section

FIRST_TABLES = 2019
"""First year reported on with statutory tables."""

_ENOUGH_SECTIONS = 3


@dataclass(frozen=True, slots=True)
class Genre:
    """Whether a document is a report, and the reason in words."""

    is_report: bool
    reason: str


def judge(extraction: Extraction, identity: Identity, sections: tuple[Section, ...]) -> Genre:
    """Tell whether a document is an annual report.

    A report has statutory tables with something in them, or the title of a report and its
    sections.
    """
    title = identity.title
    filled = sum(cell.state in (NUMBER, PLACEHOLDER) for cell in extraction.cells)
    whole = len(sections) >= _ENOUGH_SECTIONS
    if extraction.cells and not filled and not (title.is_report and title.year):
        return Genre(False, "a blank form: no cell of its tables is filled")
    if title.is_other and not (filled and whole):
        return Genre(False, f"the title is that of something else: {title.text!r}")
    if filled and (whole or title.is_report or filled >= 20):
        return Genre(True, "statutory tables")
    if title.is_report and whole:
        return Genre(True, "title and sections of a report")
    if title.is_report:
        return Genre(False, "the title of a report, but neither its tables nor its sections")
    return Genre(False, "neither statutory tables nor the title of a report")
