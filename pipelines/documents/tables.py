"""The tables of a page: what each is for, and its cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from pipelines.documents.blocks import Grid
from pipelines.documents.grids import Span, expand

GRID, LAYOUT, INLINE = "grid", "layout", "inline"

SKIPPED = frozenset(
    {
        *("head", "script", "style", "noscript", "template", "svg", "select", "textarea", "iframe"),
        *("object", "button", "input", "audio", "video"),
    }
)
"""Elements whose content is no text of the page."""

BREAKS = frozenset(
    {
        *("p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre", "center", "blockquote", "form"),
        *("section", "article", "header", "footer", "nav", "main", "aside", "figure", "address", "fieldset"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "body"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
"""Elements before and after which a new line begins."""

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_BREAK = "\x1f"
_COUNT = re.compile(r"\s*(\d{1,7})")


def table_kinds(root: etree._Element) -> dict[etree._Element, str]:
    """Return what each table is for.

    `inline` tables hold one cell inside another table's cell; `layout` tables hold other tables,
    or a single cell; the rest are grids.
    """
    kinds: dict[etree._Element, str] = {}
    parts: list[list[bool]] = []  # of each open table: for every cell and data table in it, is it a table
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("table", "td", "th")):
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


def cell_of(element: etree._Element, path: str | None, kinds: Mapping[etree._Element, str]) -> Span:
    """Return a cell with its own text, one line for each paragraph in it; `kinds` of the page's tables."""
    lines = (collapse(part) for part in _text(element, kinds).split(_BREAK))
    text = "\n".join(line for line in lines if line)
    rows, columns = spans_of(element)
    return Span(text, rows, columns, path, cast(int | None, element.sourceline))


def _text(cell: etree._Element, kinds: Mapping[etree._Element, str]) -> str:
    if not len(cell):
        return cell.text or ""
    parts = [cell.text or ""]
    walk = etree.iterwalk(cell, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if element is cell:
            continue
        if element.tag in BREAKS:
            parts.append(_BREAK)
        if event != "start":
            parts.append(element.tail or "")
        elif element.tag in SKIPPED or (element.tag == "table" and kinds[element] != INLINE):
            walk.skip_subtree()
        else:
            parts.append(element.text or "")
    return "".join(parts)


def spans_of(element: etree._Element) -> tuple[int, int]:
    """Return the rows (0: all that are left) and columns a cell claims; what is no number is 1."""
    rows, columns = (_COUNT.match(element.get(name) or "1") for name in ("rowspan", "colspan"))
    return int(rows[1]) if rows else 1, (int(columns[1]) if columns else 1) or 1


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

    def grid(self) -> Grid | None:
        """Return the table with its spans expanded; None where there is but one cell."""
        if sum(len(row) for row in self.rows) < 2:
            return None
        return expand(self.rows, self.number, flows=self.kind == LAYOUT)


def collapse(text: str) -> str:
    """Return the text with each run of white space as one space, and without what cannot be seen."""
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())
