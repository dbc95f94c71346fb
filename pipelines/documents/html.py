"""HTML pages, however they were pasted together.

lxml's parser repairs missing end tags. Tables inside tables are read each for itself; a
table that only arranges the page also gives its text as paragraphs. Space that the markup
does not hold is never put between characters: Word splits one number over two spans.
"""

import re
from collections import Counter
from collections.abc import Iterator

import lxml.html
from lxml import etree

from pipelines.documents.blocks import Block, Document, Heading, Paragraph
from pipelines.documents.tables import GRID, INLINE, OpenCell, OpenTable, collapse, span_of, table_kinds
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.reading import Place

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


def read_html(markup: str) -> Document:
    """Read a page into blocks.

    Raises:
        UnreadableDocument: There is no element in it.
        LimitExceeded: Elements are nested deeper than the parser goes, or a table is too large.
    """
    root = _parse(markup)
    page = _Page(table_kinds(root))
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
    return Document(collapse(root.findtext(".//title") or ""), blocks, dict(_metadata(root)))


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
            yield name.strip().lower(), collapse(value)


class _Page:
    """Collects blocks while the page is walked once, without recursion."""

    def __init__(self, kinds: list[str]) -> None:
        self.blocks: list[Block | None] = []
        self._kinds = iter(kinds)
        self._tables: list[OpenTable] = []
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
        text = collapse("".join(self._buffer))
        self._buffer.clear()
        if text and self._heading:
            self.blocks.append(Heading(text, self._heading, self._began))
        elif text:
            self.blocks.append(Paragraph(text, self._began))

    def _table(self) -> OpenTable | None:
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
        table = OpenTable(next(self._kinds))
        if table.kind != INLINE:
            self._grids += 1
            table.number, table.slot = self._grids, len(self.blocks)
            self.blocks.append(None)
        self._tables.append(table)

    def _close_table(self) -> None:
        table = self._tables.pop()
        if table.kind != INLINE:
            self.blocks[table.slot] = table.grid()

    def _open_row_or_cell(self, element: lxml.html.HtmlElement) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.kind == INLINE:
            return
        if element.tag == "tr" or not table.in_row:
            table.rows.append([])
            table.in_row, table.in_cell = True, False
        if element.tag != "tr":
            spans = (span_of(element.get("rowspan"), zero=0), span_of(element.get("colspan"), zero=1))
            table.rows[-1].append(OpenCell(*spans, self._where(), element.sourceline))
            table.in_cell = True

    def _close_row_or_cell(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.kind == INLINE:
            return
        table.in_cell = False
        if tag == "tr":
            table.in_row = False
