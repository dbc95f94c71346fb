"""The tables of a page: what each is for, and its cells while the page is walked."""

import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from pipelines.documents.blocks import Grid
from pipelines.documents.grids import Span, expand

GRID, LAYOUT, INLINE = "grid", "layout", "inline"

_SPACE = re.compile(r"\s+")
_COUNT = re.compile(r"\s*(\d{1,7})")


def table_kinds(root: lxml.html.HtmlElement) -> list[str]:
    """Return what each table is for, in the order of their start tags.

    `inline` tables hold one cell inside another table's cell; `layout` tables hold other tables,
    or a single cell; the rest are grids.
    """
    kinds: list[str] = []
    open_tables: list[
        tuple[int, list[bool]]
    ] = []  # index, [for each cell or data table in it: is it a table]
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "td", "th")):
        if element.tag != "table":
            if event == "start" and open_tables:
                open_tables[-1][1].append(False)
        elif event == "start":
            open_tables.append((len(kinds), []))
            kinds.append(GRID)
        else:
            index, parts = open_tables.pop()
            kinds[index] = _kind(parts, nested=bool(open_tables))
            if open_tables and kinds[index] != INLINE:
                open_tables[-1][1].append(True)
    return kinds


def _kind(parts: list[bool], *, nested: bool) -> str:
    if any(parts):
        return LAYOUT
    if len(parts) > 1:
        return GRID
    return INLINE if nested else LAYOUT


@dataclass(slots=True)
class OpenCell:
    """A cell whose end tag has not come yet."""

    rows: int
    columns: int
    path: str | None
    line: int | None
    parts: list[str] = field(default_factory=list)

    def span(self) -> Span:
        """Return the cell with its text, one line for each paragraph in it."""
        lines = (collapse(part) for part in "".join(self.parts).split("\n"))
        text = "\n".join(line for line in lines if line)
        return Span(text, self.rows, self.columns, self.path, self.line)


@dataclass(slots=True)
class OpenTable:
    """A table whose end tag has not come yet; `slot` is its place among the blocks."""

    kind: str
    number: int = 0
    slot: int = 0
    rows: list[list[OpenCell]] = field(default_factory=list)
    in_row: bool = False
    in_cell: bool = False

    def grid(self) -> Grid | None:
        """Return the table with its spans expanded; None where there is but one cell."""
        if self.kind == INLINE or sum(len(row) for row in self.rows) < 2:
            return None
        rows = [[cell.span() for cell in row] for row in self.rows]
        return expand(rows, self.number, flows=self.kind == LAYOUT)


def span_of(value: str | None, *, zero: int) -> int:
    """Return a declared span of a cell; what is no number is 1, and a 0 is `zero`."""
    match = _COUNT.match(value or "1")
    return (int(match[1]) or zero) if match else 1


def collapse(text: str) -> str:
    """Return the text with each run of white space as one space."""
    return _SPACE.sub(" ", text).strip()
