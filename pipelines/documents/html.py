"""HTML pages, however they were pasted together.

lxml's parser repairs missing end tags. Tables inside tables are read each for itself; a
table that only arranges the page also gives its text as paragraphs. Space that the markup
does not hold is never put between characters: Word splits one number over two spans.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from pipelines.documents.blocks import Block, Document, Heading, Paragraph
from pipelines.documents.grids import Span, expand
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.reading import Place

GRID, LAYOUT, INLINE = "grid", "layout", "inline"

DEEPEST_PATH = 200
"""Elements nested deeper than this get no path: paths of a hostile page would fill the memory."""

_SKIPPED = {
    *("head", "script", "style", "noscript", "template", "svg", "select", "textarea", "iframe", "object"),
    *("button", "input", "audio", "video"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BREAKS = {
    *("p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "hr", "pre", "center", "blockquote", "form"),
    *("section", "article", "header", "footer", "nav", "main", "aside", "figure", "address", "fieldset"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "body", *_HEADINGS),
}
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_SPACE = re.compile(r"\s+")
_COUNT = re.compile(r"\s*(\d{1,7})")


def read_html(markup: str) -> Document:
    """Read a page into blocks.

    Raises:
        UnreadableDocument: There is no element in it.
        LimitExceeded: Elements are nested deeper than the parser goes, or a table is too large.
    """
    root = _parse(markup)
    page = _Page(_table_kinds(root))
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element.tag in _SKIPPED:
                walk.skip_subtree()
            page.start(element)
        elif event == "end":
            page.end(element)
        else:
            page.text(element.tail)
    page.flush()
    blocks = tuple(block for block in page.blocks if block is not None)
    return Document(_collapse(root.findtext(".//title") or ""), blocks, dict(_metadata(root)))


def _parse(markup: str) -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    data = markup.replace("\x00", "").encode("utf-8", errors="replace")
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except etree.ParserError as error:
        raise UnreadableDocument(f"no element in the page: {error}") from error
    except etree.LxmlError as error:
        raise UnreadableDocument(f"the page cannot be parsed: {error}") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise LimitExceeded("elements are nested deeper than 2048")
    return root


def _metadata(root: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name, value = meta.get("name"), meta.get("content")
        if name and value and value.strip().lower() != "null":
            yield name.strip().lower(), _collapse(value)


def _table_kinds(root: lxml.html.HtmlElement) -> list[str]:
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
class _Cell:
    rows: int
    columns: int
    path: str | None
    line: int | None
    parts: list[str] = field(default_factory=list)

    def span(self) -> Span:
        lines = (_collapse(part) for part in "".join(self.parts).split("\n"))
        text = "\n".join(line for line in lines if line)
        return Span(text, self.rows, self.columns, self.path, self.line)


@dataclass(slots=True)
class _Table:
    kind: str
    number: int = 0
    slot: int = 0
    rows: list[list[_Cell]] = field(default_factory=list)
    in_row: bool = False
    in_cell: bool = False


class _Page:
    """Collects blocks while the page is walked once, without recursion."""

    def __init__(self, kinds: list[str]) -> None:
        self.blocks: list[Block | None] = []
        self._kinds = iter(kinds)
        self._tables: list[_Table] = []
        self._grids = 0
        self._path: list[str] = []
        self._children: list[Counter[str]] = [Counter()]
        self._buffer: list[str] = []
        self._began = Place()
        self._heading = 0

    def start(self, element: lxml.html.HtmlElement) -> None:
        tag = element.tag
        self._children[-1][tag] += 1
        count = self._children[-1][tag]
        self._path.append(tag if tag in ("html", "body") else f"{tag}[{count}]")
        self._children.append(Counter())
        if tag in _SKIPPED:
            return
        if tag in _BREAKS:
            self._break(tag)
        if tag == "table":
            self._open_table()
        elif tag in ("tr", "td", "th"):
            self._open_row_or_cell(element)
        elif tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        self.text(element.text)

    def end(self, element: lxml.html.HtmlElement) -> None:
        tag = element.tag
        if tag in _BREAKS:
            self._break(tag)
        if tag == "table":
            self._close_table()
        elif tag in ("tr", "td", "th"):
            self._close_row_or_cell(tag)
        elif tag in _HEADINGS:
            self._heading = 0
        self._path.pop()
        self._children.pop()
        self.text(element.tail)

    def text(self, text: str | None) -> None:
        """Take text where it stands: into the open cell, and into the paragraph unless in a grid."""
        if not text:
            return
        table = self._table()
        printed = _UNSEEN.sub("", text.replace("\r", " ").replace("\n", " "))
        if table and table.in_cell:
            table.rows[-1][-1].parts.append(printed)
            if table.kind == GRID:
                return
        if not self._buffer:
            self._began = Place(path=self._where())
        self._buffer.append(printed)

    def flush(self) -> None:
        """End the paragraph."""
        text = _collapse("".join(self._buffer))
        self._buffer.clear()
        if text and self._heading:
            self.blocks.append(Heading(text, self._heading, self._began))
        elif text:
            self.blocks.append(Paragraph(text, self._began))

    def _table(self) -> _Table | None:
        """Return the innermost table that is read for itself."""
        return next((table for table in reversed(self._tables) if table.kind != INLINE), None)

    def _where(self) -> str | None:
        return "/" + "/".join(self._path) if len(self._path) <= DEEPEST_PATH else None

    def _break(self, tag: str) -> None:
        table = self._table()
        if table and table.in_cell:
            table.rows[-1][-1].parts.append("\n")
        if tag == "br" and self._heading:
            self._buffer.append(" ")
        else:
            self.flush()

    def _open_table(self) -> None:
        table = _Table(next(self._kinds))
        if table.kind != INLINE:
            self._grids += 1
            table.number, table.slot = self._grids, len(self.blocks)
            self.blocks.append(None)
        self._tables.append(table)

    def _close_table(self) -> None:
        table = self._tables.pop()
        if table.kind == INLINE or sum(len(row) for row in table.rows) < 2:
            return
        rows = [[cell.span() for cell in row] for row in table.rows]
        self.blocks[table.slot] = expand(rows, table.number, flows=table.kind == LAYOUT)

    def _open_row_or_cell(self, element: lxml.html.HtmlElement) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.kind == INLINE:
            return
        if element.tag == "tr" or not table.in_row:
            table.rows.append([])
            table.in_row, table.in_cell = True, False
        if element.tag != "tr":
            spans = (_span(element.get("rowspan"), zero=0), _span(element.get("colspan"), zero=1))
            table.rows[-1].append(_Cell(*spans, self._where(), element.sourceline))
            table.in_cell = True

    def _close_row_or_cell(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.kind == INLINE:
            return
        table.in_cell = False
        if tag == "tr":
            table.in_row = False


def _span(value: str | None, *, zero: int) -> int:
    """Return a declared span; what is no number is 1, and a 0 is `zero`."""
    match = _COUNT.match(value or "1")
    return (int(match[1]) or zero) if match else 1


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
