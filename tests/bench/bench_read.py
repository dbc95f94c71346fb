"""Reading one report against the bare library that parses its format: part of `make bench`.

For each document two things are timed in rounds that alternate with a reference, which parses the
same bytes and takes the text of every cell, nothing else: the way from bytes to the cells of the
form, and the whole reading of a capture, with agency, year, dates, sections and checks. Only the
ratios say anything.
"""

import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from io import BytesIO
from random import Random

import docx
import lxml.html
import pdfplumber

from archive.captures import Capture
from pipelines.documents import read_document
from pipelines.extract import extract
from pipelines.read import read_capture
from tests.bench.page import write_section
from tests.bench.reports import clean, navigation, word_paste
from tests.pipelines.round_trip import office, pdf
from tests.pipelines.round_trip.reports import Report, make

ROUNDS, SHORTEST = 51, 0.03
"""Rounds for each document, and the seconds that one timing lasts at least."""

KEPT = (
    "\nEvery round reads the document anew. What is kept from one document to the next, as in an archive of "
    "reports, is what single labels, styles and short cells mean: here all of it is known after the first round."
)

Grid = list[list[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its library, the most a reading may take of its time, and the documents."""

    library: str
    target: float
    reference: Callable[[bytes], object]
    documents: dict[str, Callable[[], bytes]]


def lxml_grids(body: bytes) -> list[Grid]:
    """Parse a page and expand the spans of all its tables."""
    root = lxml.html.fromstring(body)
    return [_grid(table) for table in root.iter("table")]


def _grid(table: lxml.html.HtmlElement) -> Grid:
    slots: dict[tuple[int, int], str] = {}
    rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in slots:
                column += 1
            text = " ".join(cell.text_content().split())
            high, wide = int(cell.get("rowspan", 1)), int(cell.get("colspan", 1))
            for down in range(high):
                for right in range(wide):
                    slots[number + down, column + right] = text
            column += wide
    width = max((column for _, column in slots), default=-1) + 1
    return [[slots.get((number, column), "") for column in range(width)] for number in range(len(rows))]


def pdfplumber_alone(body: bytes) -> list[object]:
    """Open a file and take tables and text of every page, with the library's defaults."""
    with pdfplumber.open(BytesIO(body)) as file:
        return [(page.extract_tables(), page.extract_text()) for page in file.pages]


def docx_cells(body: bytes) -> list[str]:
    """Open a file and take the text of every cell and paragraph."""
    document = docx.Document(BytesIO(body))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


def printed(render: Callable[[Report, Random], bytes], number: int) -> bytes:
    """Print one of the random reports of the tests, its tables whole."""
    random = Random(number)
    return render(make(random, fixed=True), random)


FORMATS = {
    "HTML": Format(
        "lxml",
        3.0,
        lxml_grids,
        {
            "a clean page": clean,
            "a page with navigation tables": navigation,
            "pasted from Word": word_paste,
        },
    ),
    "PDF": Format(
        "pdfplumber",
        1.2,
        pdfplumber_alone,
        {f"random report {number}": partial(printed, pdf.pdf, number) for number in (3, 5)},
    ),
    "DOCX": Format(
        "python-docx",
        1.5,
        docx_cells,
        {f"random report {number}": partial(printed, office.docx, number) for number in (3, 5)},
    ),
}


def read(body: bytes) -> None:
    """Read a report; one that does not give all its cells must not be timed."""
    reading = read_capture(Capture(body=body))
    if not reading.is_report or reading.problems:
        raise SystemExit(f"the document does not read: {reading.reason}, {reading.problems}")


def seconds(task: Callable[[bytes], object], body: bytes) -> float:
    """Return how long a task takes, repeated until it can be timed."""
    began, times = time.process_time(), 0
    while (spent := time.process_time() - began) < SHORTEST:
        task(body)
        times += 1
    return spent / times


def cells(body: bytes) -> None:
    """Read the cells of a report, and nothing else of it."""
    extract(read_document(Capture(body=body)))


def ratios(body: bytes, reference: Callable[[bytes], object]) -> tuple[list[float], list[float]]:
    """Return the time to the cells and that of the whole reading by that of the reference, round by round."""
    read(body)
    rounds = [[seconds(task, body) for task in (cells, read, reference)] for _ in range(ROUNDS)]
    return [some / alone for some, _, alone in rounds], [whole / alone for _, whole, alone in rounds]


def main() -> None:
    """Measure every document of every format and write the section."""
    lines = []
    for name, kind in FORMATS.items():
        lines += [
            f"Against {kind.library} ({name}), at most {kind.target:g} of its time to the cells to reach:\n"
        ]
        for what, document in kind.documents.items():
            body = document()
            found, whole = ratios(body, kind.reference)
            lines.append(
                f"* {what} ({len(body) / 1000:.0f} KB): median **{statistics.median(found):.2f}** of {ROUNDS} "
                f"interleaved rounds (least {min(found):.2f}, greatest {max(found):.2f}); "
                f"with identity, sections and checks {statistics.median(whole):.2f}"
            )
            sys.stdout.write(f"{name}, {lines[-1].removeprefix('* ')}\n")
        lines.append("")
    libraries = ", ".join(f"{kind.library} {version(kind.library)}" for kind in FORMATS.values())
    lines.append(f"Python {platform.python_version()}, {libraries}.")
    lines.append(KEPT)
    write_section("Reading one report, against the bare library", "\n".join(lines))


if __name__ == "__main__":
    main()
