"""The tables of a page: what each is for, and its cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import cast

from lxml import etree

from archive.markup import elements, roots
from pipelines.documents.blocks import Grid
from pipelines.documents.grids import Span, expand

GRID, LAYOUT, INLINE = "grid", "layout", "inline"

Kinds = Mapping[etree._Element, str]

LINES = frozenset(
    {
        *("p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre", "center", "blockquote", "form"),
        *("section", "article", "header", "footer", "nav", "main", "aside", "figure", "address", "fieldset"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "summary"),
    }
)
"""Elements before and after which a new line begins, in a cell too."""

BREAKS = LINES | {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "body"}
"""Elements before and after which a new line begins."""

BREAK = "\u2028"
"""Stands between the lines of a cell: Unicode's own separator of lines, which is white space."""

_LAST_LINE = 65535
"""The last that libxml2 counts: it stands for all below."""
_CELLS = ("td", "th")
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_COUNT = re.compile(r"[\s\\\"']*(\d{1,7})")
_string = etree.XPath("string()", smart_strings=False)


def string_of(element: etree._Element) -> str:
    """Return all the text of an element."""
    return cast(str, _string(element))


def table_kinds(root: etree._Element) -> dict[etree._Element, str]:
    """Return what each table is for.

    `inline` tables hold one cell inside another table's cell; `layout` tables hold other tables,
    or a single cell; the rest are grids.
    """
    tables = list(elements(root, "table"))
    if all(next(table.iterancestors("table"), None) is None for table in tables):
        return {
            table: _kind([False for _ in islice(table.iter(*_CELLS), 2)], nested=False) for table in tables
        }
    return _nested_kinds(root)


def _nested_kinds(root: etree._Element) -> dict[etree._Element, str]:
    kinds: dict[etree._Element, str] = {}
    parts: list[list[bool]] = []  # of each open table: for every cell and data table in it, is it a table
    walks = (etree.iterwalk(each, events=("start", "end"), tag=("table", *_CELLS)) for each in roots(root))
    for event, element in chain.from_iterable(walks):
        if element.tag != "table":
            if event == "start" and parts:
                parts[-1].append(False)
        elif event == "start":
            parts.append([])
        else:
            kinds[element] = _kind(parts.pop(), nested=bool(parts))
            if parts and kinds[element] != INLINE:
                parts[-1].append(True)
    return kinds


def _kind(parts: list[bool], *, nested: bool) -> str:
    if any(parts):
        return LAYOUT
    if len(parts) > 1:
        return GRID
    return INLINE if nested else LAYOUT


def mark_lines(kinds: Kinds) -> None:
    """Put `BREAK` where a line begins in the cells of grids, so that their text can be taken whole."""
    for table, kind in kinds.items():
        if kind == GRID:
            for element in table.iter(*LINES):
                if element.tag != "br":
                    element.text = BREAK + (element.text or "")
                element.tail = BREAK + (element.tail or "")


def cell_of(cell: etree._Element, path: str | None, kinds: Kinds | None) -> Span:
    """Return a cell with its own text, one line for each paragraph in it.

    Args:
        cell: the element.
        path: its path.
        kinds: of the page's tables, where one may stand in the cell.
    """
    text = cell.text
    if len(cell):
        text = _text(cell, kinds) if kinds else string_of(cell)
    rows, columns = _count(cell.get("rowspan")), _count(cell.get("colspan"))
    line = cast(int | None, cell.sourceline)
    if line == _LAST_LINE:
        line = None
    return Span(_lines(text) if text else "", rows, columns or 1, path, line)


def _text(cell: etree._Element, kinds: Kinds) -> str:
    """Return the text of a cell without that of the data tables in it."""
    parts = [cell.text or ""]
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if element is cell:
            continue
        if element.tag in BREAKS:
            parts.append(BREAK)
        if event == "end":
            parts.append(element.tail or "")
        elif element.tag == "table" and kinds[element] != INLINE:
            walk.skip_subtree()
        else:
            parts.append(element.text or "")
    return "".join(parts)


@lru_cache(maxsize=1024)
def _lines(text: str) -> str:
    """Return the lines that are not blank, each collapsed."""
    if BREAK not in text:
        return collapse(text)
    return "\n".join(line for line in map(collapse, text.split(BREAK)) if line)


@lru_cache(maxsize=256)
def _count(claimed: str | None) -> int:
    """Return the rows (0: all that are left) or columns a cell claims; what is no number is 1."""
    number = _COUNT.match(claimed or "")
    return int(number[1]) if number else 1


@dataclass(slots=True)
class OpenTable:
    """A table whose end tag has not come yet; `slot` is its place among the blocks."""

    kind: str
    number: int = 0
    slot: int = 0
    rows: list[list[Span]] = field(default_factory=list)
    in_row: bool = False

    def row(self) -> list[Span]:
        """Return the open row; a cell without a row opens one."""
        if not self.in_row:
            self.rows.append([])
            self.in_row = True
        return self.rows[-1]

    def grid(self, held_on: int | None) -> Grid | None:
        """Return the table with its spans expanded; None where there is but one cell.

        Args:
            held_on: the line on which its markup is kept, if that is text of another page.
        """
        if sum(len(row) for row in self.rows) < 2:
            return None
        if held_on:
            self.rows = [[span._replace(line=held_on) for span in row] for row in self.rows]
        return expand(self.rows, self.number, flows=self.kind == LAYOUT)


def collapse(text: str) -> str:
    """Return the text with each run of white space as one space, and without what cannot be seen."""
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())
