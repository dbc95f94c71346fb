"""What an .xls file says about its sheets beside the values of cells.

A reader of values gives errors as blanks, and neither number formats nor what is hidden; a sheet
with two far-off cells costs it all the memory between them. [MS-XLS] is the source of numbers here.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.documents.number_formats import builtin
from pipelines.documents.sheets import Slot
from pipelines.errors import Encrypted, UnreadableDocument

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _DATE1904 = 0x809, 0x0A, 0x2F, 0x85, 0x22
_FORMAT, _XF, _ROW, _COLINFO = 0x41E, 0xE0, 0x208, 0x7D
_FORMULA, _BOOLERR, _MULRK, _MULBLANK = 0x06, 0x205, 0xBD, 0xBE
_BLANK = 0x201
_FILLED = frozenset({_FORMULA, _BOOLERR, 0x203, 0x204, 0x27E, 0xFD, 0xD6})
"""Records of one cell: formula, error, number, label, packed number, shared and rich string."""

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
Record = tuple[int, bytes]


@dataclass(slots=True)
class SheetFacts:
    """One sheet: formats and errors of cells, rows with blank cells, hidden rows and columns.

    `height` and `width` are those of what is filled; `hidden` tells of the sheet as a whole.
    """

    hidden: bool
    height: int = 0
    width: int = 0
    styles: dict[Slot, int] = field(default_factory=dict)
    errors: dict[Slot, str] = field(default_factory=dict)
    blank_rows: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class BookFacts:
    """The sheets in order, and the number format of each style."""

    sheets: list[SheetFacts] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


def facts_of(stream: bytes) -> BookFacts:
    """Read the records of a workbook's stream.

    Raises:
        Encrypted: It opens with a password only.
        UnreadableDocument: A record is cut.
    """
    book = BookFacts()
    own: dict[int, str] = {}
    format_ids: list[int] = []
    try:
        for kind, data in _records(stream, 0):
            if kind == _FILEPASS:
                raise Encrypted("the workbook opens with a password only")
            if kind == _FORMAT:
                own[_word(data, 0)] = _string(data[2:])
            elif kind == _XF:
                format_ids.append(_word(data, 2))
            elif kind == _BOUNDSHEET:
                start, state = struct.unpack_from("<IB", data)
                book.sheets.append(_sheet(stream, start, hidden=bool(state & 3)))
    except struct.error as error:
        raise UnreadableDocument(f"a record of the workbook is cut: {error}") from error
    book.codes = [own.get(format_id) or builtin(format_id) for format_id in format_ids]
    return book


def _records(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records of one part of the stream, those of charts inside it left out."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _sheet(stream: bytes, start: int, *, hidden: bool) -> SheetFacts:
    sheet = SheetFacts(hidden)
    for kind, data in _records(stream, start):
        if kind in _FILLED:
            _take_cell(sheet, kind, data)
        elif kind == _MULRK:
            _take_numbers(sheet, data)
        elif kind in (_BLANK, _MULBLANK):
            sheet.blank_rows.add(_word(data, 0))
        elif kind == _ROW and _word(data, 12) & 0x20:
            sheet.rows.add(_word(data, 0))
        elif kind == _COLINFO and _word(data, 8) & 1:
            sheet.columns.update(range(_word(data, 0), min(_word(data, 2), 255) + 1))
    return sheet


def _take_cell(sheet: SheetFacts, kind: int, data: bytes) -> None:
    slot = _word(data, 0), _word(data, 2)
    _fill(sheet, slot, _word(data, 4))
    is_error = (kind == _BOOLERR and data[7:8] == b"\1") or (
        kind == _FORMULA and data[6:7] == b"\2" and data[12:14] == b"\xff\xff"
    )
    if is_error:
        code = data[6] if kind == _BOOLERR else data[8]
        sheet.errors[slot] = _ERRORS.get(code, "#N/A")


def _take_numbers(sheet: SheetFacts, data: bytes) -> None:
    """Take several numbers of one row: each has 2 bytes of style and 4 of its own."""
    row, first, last = _word(data, 0), _word(data, 2), _word(data, len(data) - 2)
    for column in range(first, min(last, 255) + 1):
        _fill(sheet, (row, column), _word(data, 4 + 6 * (column - first)))


def _fill(sheet: SheetFacts, slot: Slot, style: int) -> None:
    sheet.styles[slot] = style
    sheet.height, sheet.width = max(sheet.height, slot[0] + 1), max(sheet.width, slot[1] + 1)


def _word(data: bytes, at: int) -> int:
    (word,) = struct.unpack_from("<H", data, at)
    return int(word)


def _string(data: bytes) -> str:
    """Return a string of a format: its length, whether its characters have two bytes, they themselves."""
    length, wide = struct.unpack_from("<HB", data)
    text = data[3 : 3 + (length * 2 if wide & 1 else length)]
    return text.decode("utf-16-le" if wide & 1 else "latin-1", errors="replace")
