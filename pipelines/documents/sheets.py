"""Worksheets cut into what a document has: lines of text, and grids.

A report kept in a workbook prints its title, its headings and its tables one below the other, and
a line of text is a cell merged over the columns of the table. Each grid counts its own rows;
`Place.line` is the row of the sheet, hidden ones counted, and `Place.path` sheet and cell, as '表三'!D12.
Columns are those of the sheet that are shown.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from pipelines.documents.blocks import Block, Document, Paragraph
from pipelines.documents.grids import LARGEST, Span, expand
from pipelines.documents.tables import collapse
from pipelines.errors import LimitExceeded
from pipelines.numbers import is_value
from pipelines.reading import Place, Problem

_NUMBERED = re.compile(r"[一二三四五六七八九十]+\s*[、.．]")
Slot = tuple[int, int]
Ranges = tuple[tuple[Slot, Slot], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the text of each cell that holds some, by (row, column) from 0.

    Attributes:
        merged: of each merged range the first and the last slot.
        blank_rows: rows with cells that hold nothing but are there, to be written in.
        hidden: whether nobody sees the sheet.
        gone: hidden rows and hidden columns, which are left out, in their order.
    """

    name: str
    cells: Mapping[Slot, str]
    merged: Ranges = ()
    blank_rows: frozenset[int] = frozenset()
    hidden: bool = False
    gone: tuple[Sequence[int], Sequence[int]] = ((), ())


def document_of(sheets: Iterable[Sheet]) -> Document:
    """Return the visible sheets as one document; a hidden one that holds a table is a problem.

    Raises:
        LimitExceeded: A sheet has more than `LARGEST` slots up to its last filled row and column.
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    grids = 0
    for sheet in sheets:
        rows = _rows(sheet)
        if not sheet.hidden:
            new = list(_blocks(rows, grids))
            grids += sum(not isinstance(block, Paragraph) for block in new)
            blocks += new
        elif any(row.is_line for row in rows):
            detail = f"the hidden sheet {sheet.name!r} holds a table, which is not read"
            problems.append(Problem("unattributed_number", detail))
    return Document(blocks=tuple(blocks), problems=tuple(problems))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: where each of its cells begins, the cell itself, and the first slots that hold text.

    `hangs` tells whether a cell from above reaches into it.
    """

    spans: Mapping[int, Span]
    filled: tuple[int, ...]
    hangs: bool

    @property
    def is_line(self) -> bool:
        """Tell whether it is a line of a table: one cell with text stands beside another."""
        return len(self.filled) + self.hangs > 1

    @property
    def stop(self) -> int:
        """Return the slot behind the last cell that holds text."""
        return self.filled[-1] + self.spans[self.filled[-1]].columns if self.filled else 0


def _rows(sheet: Sheet) -> list[_Row]:
    height, width = _extent(sheet)
    if height * width > LARGEST:
        raise LimitExceeded(f"the sheet {sheet.name!r} has more than {LARGEST} cells")
    texts = dict(sheet.cells)
    spans: dict[Slot, Slot] = {}
    covered: set[Slot] = set()
    budget = 2 * LARGEST
    for (top, left), (bottom, right) in sheet.merged:
        high, wide = min(bottom + 1, height) - top, min(right + 1, width) - left
        if high < 1 or wide < 1 or (top, left) in covered or (top, left) in spans:
            continue
        budget -= high * wide
        if budget < 0:
            raise LimitExceeded(f"the sheet {sheet.name!r} has merged cells over more than {LARGEST} others")
        slots = [(top + y, left + x) for y in range(high) for x in range(wide)]
        # What the other slots hold nobody sees; two numbers in one cell are refused later.
        texts[top, left] = "\n".join(text for slot in slots if (text := texts.get(slot, "")))
        spans[top, left] = high, wide
        covered.update(slots[1:])
    lines, names = _shown(height, sheet.gone[0]), list(map(_letters, _shown(width, sheet.gone[1])))
    quoted = sheet.name.replace("'", "''")
    paths = ([f"'{quoted}'!{name}{line + 1}" for name in names] for line in lines)
    return [
        _row(number, line + 1, row, texts, spans, covered)
        for number, (line, row) in enumerate(zip(lines, paths, strict=True))
    ]


def _shown(many: int, gone: Sequence[int]) -> list[int]:
    """Return which rows (or columns) of the sheet the first ones are that are shown."""
    hidden = set(gone)
    return list(islice((number for number in count() if number not in hidden), many))


def _letters(column: int) -> str:
    """Return what a column, counted from 0, is called.

    >>> _letters(0), _letters(25), _letters(26), _letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _row(
    number: int,
    line: int,
    paths: list[str],
    texts: Mapping[Slot, str],
    spans: Mapping[Slot, Slot],
    covered: set[Slot],
) -> _Row:
    cells: dict[int, Span] = {}
    hangs, reach = False, 0
    for column, path in enumerate(paths):
        slot = number, column
        if slot not in covered:
            rows, columns = spans.get(slot, (1, 1))
            cells[column] = Span(texts.get(slot, ""), rows, columns, path, line)
            reach = column + columns
        hangs = hangs or column >= reach
    return _Row(cells, tuple(column for column, cell in cells.items() if cell.text), hangs)


def _extent(sheet: Sheet) -> Slot:
    """Return the rows and columns up to the last filled cell.

    One row more where cells to be written in stand below: a blank form ends in such a row.
    """
    if not sheet.cells:
        return 0, 0
    height = max(row for row, _ in sheet.cells) + 1
    return height + (height in sheet.blank_rows), max(column for _, column in sheet.cells) + 1


def _blocks(rows: list[_Row], grids: int) -> Iterator[Block]:
    """Yield the lines of text and the grids of a sheet, after so many grids in the document.

    All grids are as wide as the widest, so that a table in two parts keeps its columns.
    """
    width = max((row.stop for row in rows), default=0)
    run: list[_Row] = []
    above: _Row | None = None  # the line of the table that this row may go on from
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if not _is_text(row, above, after):
            run.append(row)
            above = row if row.is_line else above if row.filled else None
            continue
        above = None
        for block in _grid(run, width, grids + 1):
            grids += 1
            yield block
        run = []
        cell = row.spans[row.filled[0]]
        for line in cell.text.split("\n"):
            yield Paragraph(line, Place(path=cell.path, line=cell.line))
    yield from _grid(run, width, grids + 1)


def _is_text(row: _Row, above: _Row | None, after: _Row | None) -> bool:
    """Tell whether a row is a line of text and no line of the table above or below it.

    Its one cell must begin no later than the table's lines and reach as far as they do; a label
    whose values are blank does not, nor one beside cells that are merged to hold a value. Between
    two lines of a table it must be numbered too, for a table has captions of its own.
    """
    if len(row.filled) != 1 or row.hangs:
        return False
    if any(span.columns > 1 and not span.text for span in row.spans.values()):
        return False
    tables = [one for one in (above, after) if one and one.is_line]
    cell = row.spans[row.filled[0]]
    if is_value(cell.text) or any(row.filled[0] > one.filled[0] for one in tables if not one.hangs):
        return False
    if all(row.stop >= one.stop for one in tables):
        return len(tables) < 2 or bool(_NUMBERED.match(cell.text))
    # A line not merged at all: over a table it is a title, below one it may be a row without values.
    return tables == [after] and cell.columns == 1


def _grid(run: list[_Row], width: int, number: int) -> Iterator[Block]:
    """Yield the grid of a run of rows, if any of them holds something."""
    first = next((index for index, row in enumerate(run) if row.filled), None)
    if first is None:
        return
    rows = run[first:]
    yield expand(
        ((_cut(span, width - at) for at, span in row.spans.items() if at < width) for row in rows), number
    )


def _cut(span: Span, columns: int) -> Span:
    return span._replace(columns=min(span.columns, columns))


def lines_of(text: str) -> str:
    """Return the text of a cell, its lines collapsed and blank ones left out."""
    return "\n".join(line for part in text.split("\n") if (line := collapse(part)))


def without_hidden(sheet: Sheet, rows: set[int], columns: set[int]) -> Sheet:
    """Return a sheet without these rows and columns, what is below or beside them moved up."""
    if not rows and not columns:
        return sheet
    cells, merged = sheet.cells, sheet.merged
    gone = sorted(rows), sorted(columns)

    def shown(slot: Slot) -> Slot:
        return slot[0] - bisect_left(gone[0], slot[0]), slot[1] - bisect_left(gone[1], slot[1])

    blank = frozenset(shown((row, 0))[0] for row in sheet.blank_rows - rows)
    kept = {shown(at): text for at, text in cells.items() if at[0] not in rows and at[1] not in columns}
    ranges = []
    for first, last in merged:
        (top, left), (below, beside) = shown(first), shown((last[0] + 1, last[1] + 1))
        if top < below and left < beside:
            ranges.append(((top, left), (below - 1, beside - 1)))
            if first in cells:  # shown even where the first slot itself is hidden
                kept[top, left] = cells[first]
    return Sheet(sheet.name, kept, tuple(ranges), blank, sheet.hidden, gone)
