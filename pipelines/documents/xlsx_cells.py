"""The cells of one Excel worksheet, taken one element after the other."""

import re

from lxml import etree

from pipelines.documents.number_formats import NumberFormats
from pipelines.documents.sheets import Sheet, Slot, lines_of, without_hidden
from pipelines.errors import UnreadableDocument

X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL, ROW, COLUMN, MERGED = X + "c", X + "row", X + "col", X + "mergeCell"

_TEXT, _RUN = X + "t", X + "r"
_APART = tuple(f"{X}rPr/{X}{name}" for name in ("vertAlign", "strike"))
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def rich(item: etree._Element) -> str:
    """Return a string made of runs; raised and struck-out runs stay apart, reading aids are no text."""
    parts = []
    for child in item:
        if child.tag == _TEXT:
            parts.append(child.text or "")
        elif child.tag == _RUN:
            text = child.findtext(_TEXT) or ""
            parts.append(f" {text} " if any(child.find(path) is not None for path in _APART) else text)
    return "".join(parts)


class Cells:
    """Collects cells and merged ranges by the rows and columns of the file."""

    def __init__(self, strings: list[str], formats: NumberFormats) -> None:
        """Begin a sheet; `strings` are the workbook's, which cells refer to by number."""
        self._strings = strings
        self._formats = formats
        self._cells: dict[Slot, str] = {}
        self._merged: list[tuple[Slot, Slot]] = []
        self._hidden: tuple[set[int], set[int]] = set(), set()
        self._blank_rows: set[int] = set()
        self._row = -1

    def take(self, element: etree._Element) -> None:
        """Take a row, a merged range or a column; what it held is given free.

        Raises:
            UnreadableDocument: It stands where no sheet has a cell.
        """
        if element.tag == ROW:
            self._take_row(element)
        elif element.tag == MERGED:
            first, _, last = element.get("ref", "").partition(":")
            self._merged.append((_slot(first), _slot(last or first)))
        elif _is_hidden(element):
            self._hide_columns(element)
        element.clear()

    def sheet(self, name: str, *, hidden: bool) -> Sheet:
        """Return what was taken as a sheet, hidden rows and columns left out."""
        sheet = Sheet(name, self._cells, tuple(self._merged), frozenset(self._blank_rows), hidden)
        return without_hidden(sheet, *self._hidden)

    def _take_row(self, row: etree._Element) -> None:
        """Take the cells of a row; what has no number of its own follows what came before."""
        given = row.get("r")
        self._row = _whole(given, _LAST_ROW) - 1 if given else self._row + 1
        if _is_hidden(row):
            self._hidden[0].add(self._row)
        slot = self._row, -1
        for cell in row.iterchildren(CELL):
            reference = cell.get("r")
            slot = _slot(reference) if reference else (slot[0], slot[1] + 1)
            text = lines_of(self._text(cell)) if len(cell) else ""
            if text:
                self._cells[slot] = text
            else:
                self._blank_rows.add(slot[0])

    def _hide_columns(self, element: etree._Element) -> None:
        first, last = (_whole(element.get(name, ""), _LAST_COLUMN) for name in ("min", "max"))
        if first - 1 not in self._hidden[1]:
            self._hidden[1].update(range(first - 1, last))

    def _text(self, cell: etree._Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(X + "v")
        if kind == "inlineStr":
            inline = cell.find(X + "is")
            return "" if inline is None else rich(inline)
        formula = cell.find(X + "f")
        if formula is not None and not value and kind != "str":
            return f"={formula.text or ''}"  # never computed: no number, but not blank either
        if not value:
            return ""
        if kind == "s":
            return self._strings[_whole(value, len(self._strings) - 1)]
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._formats.printed(value, cell.get("s", "")) if kind == "n" else value


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") in ("1", "true")


def _slot(reference: str) -> Slot:
    """Return row and column, from 0, of a reference such as B7."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise UnreadableDocument(f"no cell is called {reference[:20]!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _whole(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
    if not 0 <= number <= most:
        raise UnreadableDocument(f"{text[:20]!r} is not a number from 0 to {most}")
    return number
