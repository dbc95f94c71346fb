"""The pages of a PDF file as pdfplumber reads them, one by one and within limits.

pdfplumber by itself asks for every page at once and draws a page to its end, however long that is.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import stream_value
from pdfminer.utils import PathSegment
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from pipelines.errors import DocumentError, Encrypted, LimitExceeded, UnreadableDocument

MOST_PAGES = 300
MOST_GLYPHS = 60_000
"""Characters of a page; the densest seen has 3,000."""

MOST_POINTS = 100_000
"""Points through which a page draws lines, boxes and curves."""

MOST_DRAWN = 6_000_000
"""Bytes of drawing instructions in a document; a page of tables has some 50,000."""

CALL = 1_000
"""Bytes that a call of a form counts for beside its own, as it takes as long: forms may call forms."""

_REFERENCE = re.compile(rb"(\d{1,9})\s{1,9}\d{1,5}\s{1,9}obj\s{1,9}(\d{1,9})\s{1,9}\d{1,5}\s{1,9}R\b")

# It tells the log of every oddity of a file; what matters here is what can be read.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects what a page draws, and refuses more than any report draws."""

    glyphs = points = 0

    def __init__(self, file: PDF, number: int, budget: "_Budget") -> None:
        super().__init__(file.rsrcmgr, pageno=number, laparams=None)
        self.budget = budget

    def render_char(self, *args: Any, **named: Any) -> float:
        self.glyphs += 1
        if self.glyphs > MOST_GLYPHS:
            raise LimitExceeded(f"a page has more than {MOST_GLYPHS} characters")
        return super().render_char(*args, **named)

    def paint_path(
        self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[PathSegment]
    ) -> None:
        self.points += len(path)
        if self.points > MOST_POINTS:
            raise LimitExceeded(f"a page draws lines through more than {MOST_POINTS} points")
        super().paint_path(gstate, stroke, fill, evenodd, path)


class _Budget:
    """Counts the drawing instructions of a document."""

    def __init__(self) -> None:
        self._bytes = 0

    def spend(self, streams: Sequence[object]) -> None:
        self._bytes += sum(CALL + len(stream_value(stream).get_data()) for stream in streams)
        if self._bytes > MOST_DRAWN:
            raise LimitExceeded(f"the document has more than {MOST_DRAWN} bytes of drawing instructions")


class _Interpreter(PDFPageInterpreter):
    """Runs the instructions of a page; pdfminer copies it for each form that they call."""

    device: _Device

    def execute(self, streams: Sequence[object]) -> None:
        self.device.budget.spend(streams)
        super().execute(streams)


def refuse_loops(body: bytes) -> None:
    """Look for objects that are but references to one another: pdfminer follows them for ever.

    Raises:
        UnreadableDocument: There are such objects.
    """
    heirs = {int(match[1]): int(match[2]) for match in _REFERENCE.finditer(body)}
    while heirs:
        number, path = next(iter(heirs)), set[int]()
        while number in heirs:
            path.add(number)
            number = heirs.pop(number)
        if number in path:
            raise UnreadableDocument(f"the PDF file is damaged: object {number} refers to itself")


@contextmanager
def naming_damage() -> Iterator[None]:
    """Raise what a damaged file ends in as an error of documents.

    Raises:
        UnreadableDocument: The file is damaged or cut.
        LimitExceeded: It is nested more deeply than can be read.
        Encrypted: It opens with a password only.
    """
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except RecursionError as error:
        raise LimitExceeded("the PDF file is nested more deeply than can be read") from error
    except Exception as error:
        # It is whatever the file's numbers and dictionaries make of the code: there is no list of it.
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise Encrypted("the document opens with a password only") from error
        detail = f"the PDF file is damaged or cut: {type(cause).__name__}: {cause}"
        raise UnreadableDocument(detail) from error


def pages_of(file: PDF) -> Iterator[Page]:
    """Yield the pages of an open file, each read once.

    Raises:
        LimitExceeded: It has more pages, or draws more, than any report.
    """
    budget = _Budget()
    for number, drawn in enumerate(PDFPage.create_pages(file.doc), start=1):
        if number > MOST_PAGES:
            raise LimitExceeded(f"the document has more than {MOST_PAGES} pages")
        page = Page(file, drawn, page_number=number)
        device = _Device(file, number, budget)
        _Interpreter(file.rsrcmgr, device).process_page(drawn)
        page._layout = device.get_result()  # where pdfplumber keeps what it has read itself
        yield page
