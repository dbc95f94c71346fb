"""Excel workbooks in the binary form (.xls), and those of WPS (.et)."""

import io
from collections.abc import Iterator
from datetime import date, time, timedelta

import olefile
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from pipelines.documents.biff import BookFacts, SheetFacts, facts_of
from pipelines.documents.blocks import Document
from pipelines.documents.grids import LARGEST
from pipelines.documents.number_formats import printed
from pipelines.documents.sheets import Sheet, Slot, document_of, lines_of, without_hidden
from pipelines.errors import LimitExceeded, UnreadableDocument

_STREAMS = ("Workbook", "Book")
Value = int | float | str | bool | date | time | timedelta


def read_xls(body: bytes) -> Document:
    """Read a workbook into blocks.

    Raises:
        UnreadableDocument: It is damaged.
        LimitExceeded: A sheet is larger than any report.
        Encrypted: It opens with a password only.
    """
    return document_of(_sheets(body, facts_of(_stream(body))))


def _stream(body: bytes) -> bytes:
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as file:
            name = next(name for name in _STREAMS if file.exists(name))
            stream: bytes = file.openstream(name).read()
            return stream
    except (OSError, ValueError, StopIteration) as error:
        raise UnreadableDocument(f"the workbook is damaged or cut: {error}") from error


def _sheets(body: bytes, book: BookFacts) -> Iterator[Sheet]:
    for facts in book.sheets:  # before a sheet costs memory
        if facts.height * facts.width > LARGEST:
            raise LimitExceeded(f"a sheet has more than {LARGEST} cells")
    sheets = _values(body)
    if len(sheets) != len(book.sheets):
        raise UnreadableDocument("the workbook does not hold the sheets that it lists")
    for sheet, facts in zip(sheets, book.sheets, strict=True):
        yield without_hidden(_sheet(sheet, facts, book.codes), facts.rows, facts.columns)


def _values(body: bytes) -> list[CalamineSheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return [workbook.get_sheet_by_index(index) for index in range(len(workbook.sheet_names))]
    except BaseException as error:
        # Damaged files make calamine panic, and a panic is no Exception; nobody exports its class.
        if not isinstance(error, CalamineError) and type(error).__name__ != "PanicException":
            raise
        raise UnreadableDocument(f"the workbook is damaged: {str(error)[:200]}") from error


def _sheet(sheet: CalamineSheet, facts: SheetFacts, codes: list[str]) -> Sheet:
    cells: dict[Slot, str] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        for column, value in enumerate(values):
            style = facts.styles.get((row, column))
            text = _text(value, codes[style] if style is not None and style < len(codes) else "")
            if text:
                cells[row, column] = text
    merged = tuple(sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, cells | facts.errors, merged, frozenset(facts.blank_rows), facts.hidden)


def _text(value: Value, code: str) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return printed(value, code)
    return lines_of(value) if isinstance(value, str) else str(value)
