"""The tables of a Word document: which cells are one, and which slots are skipped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.documents.grids import WIDEST, Span
from pipelines.documents.ooxml import W, number, printed, switch, value

TABLE = W + "tbl"
_ROW, _CELL = W + "tr", W + "tc"
_RESTART = "restart"
_UNPRINTED = (f"{W}trPr/{W}hidden", f"{W}trPr/{W}del")
_DELETED_CELL = f"{W}tcPr/{W}cellDel"


@dataclass(slots=True)
class WordCell:
    """A printed cell: the elements that make it up, the first slot it covers (from 0), and how many.

    `merge` is None, `restart` where cells below may go on with it, else the word that it goes on.
    """

    parts: list[etree._Element]
    first: int
    columns: int
    merge: str | None
    rows: int = 1


@dataclass(slots=True)
class WordRow:
    """A printed row; `before` and `after` are the slots skipped at its ends."""

    before: int
    after: int
    cells: list[WordCell] = field(default_factory=list)


def is_grid(table: etree._Element) -> bool:
    """Tell whether a table has more than one cell; one is only a frame around text."""
    return sum(len(row.cells) for row in rows_of(table)) > 1


def holds_grids(table: etree._Element) -> bool:
    """Tell whether a table only arranges others: one stands in its cells, or in a text box there."""
    return any(is_grid(inner) for inner in table.iterdescendants(TABLE))


def rows_of(table: etree._Element) -> Iterator[WordRow]:
    """Yield the rows of a table; those deleted or hidden are not printed."""
    for element in printed(table):
        if element.tag == _ROW and not any(switch(element, path) for path in _UNPRINTED):
            row = WordRow(_skipped(element, "gridBefore"), _skipped(element, "gridAfter"))
            for cell in printed(element):
                if cell.tag == _CELL and cell.find(_DELETED_CELL) is None:
                    _add(row, cell)
            yield row


def parts_of(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the cells of a table as marked up."""
    for row in rows_of(table):
        for cell in row.cells:
            yield from cell.parts


def spans(table: etree._Element, text: Callable[[WordCell], str]) -> list[list[Span]]:
    """Return the rows of a table; `text` gives that of a cell, asked once for each, in order."""
    return [
        [
            *_gap(row.before),
            *(Span(text(cell), cell.rows, cell.columns) for cell in row.cells),
            *_gap(row.after),
        ]
        for row in _merged(rows_of(table))
    ]


def _merged(rows: Iterable[WordRow]) -> list[WordRow]:
    """Join cells with those above that they go on with.

    Word does not show what such a cell holds. It is kept all the same: two numbers in one cell are
    refused later, one that nobody sees would be read.
    """
    merged: list[WordRow] = []
    above: dict[int, WordCell] = {}
    for row in rows:
        open_, kept = {}, []
        for cell in row.cells:
            origin = above.get(cell.first) if cell.merge != _RESTART else None
            if cell.merge and origin and origin.columns == cell.columns:
                origin.rows += 1
                origin.parts += cell.parts
                open_[cell.first] = origin
            else:
                kept.append(cell)
                open_.update({cell.first: cell} if cell.merge else {})
        above = open_
        merged.append(WordRow(row.before, row.after, kept))
    return merged


def _add(row: WordRow, element: etree._Element) -> None:
    """Add a cell to its row, or to the cell on its left where it goes on with that."""
    columns = min(max(number(element, f"{W}tcPr/{W}gridSpan", 1), 1), WIDEST)
    last = row.cells[-1] if row.cells else None
    if last and value(element, f"{W}tcPr/{W}hMerge") not in (None, _RESTART):
        last.columns += columns
        last.parts.append(element)
        return
    first = last.first + last.columns if last else row.before
    row.cells.append(WordCell([element], first, columns, value(element, f"{W}tcPr/{W}vMerge")))


def _skipped(row: etree._Element, name: str) -> int:
    return min(number(row, f"{W}trPr/{W}{name}", 0), WIDEST)


def _gap(columns: int) -> list[Span]:
    return [Span("", columns=columns)] if columns else []
