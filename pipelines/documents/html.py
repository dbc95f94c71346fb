"""HTML pages, however they were pasted together.

lxml's parser repairs missing end tags. Tables inside tables are read each for itself; a
table that only arranges the page also gives its text as paragraphs. Space that the markup
does not hold is never put between characters: Word splits one number over two spans.
"""

from collections.abc import Iterator

from lxml import etree

from pipelines.documents.blocks import Block, Document, Heading, Paragraph
from pipelines.documents.tables import (
    BREAKS,
    GRID,
    INLINE,
    SKIPPED,
    OpenTable,
    cell_of,
    collapse,
    table_kinds,
)
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.reading import Place

DEEPEST_PATH = 200
"""Elements nested deeper than this get no path: paths of a hostile page would fill the memory."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}


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
            if page.start(element):
                walk.skip_subtree()
        elif event == "end":
            page.end(element)
        else:
            page.text(element.tail)
    page.flush()
    blocks = tuple(block for block in page.blocks if block is not None)
    return Document(collapse(root.findtext(".//title") or ""), blocks, dict(_metadata(root)))


def _parse(markup: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    data = markup.replace("\x00", "").encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(data, parser=parser)
    except etree.LxmlError as error:
        raise UnreadableDocument(f"the page cannot be parsed: {error}") from error
    if root is None:
        raise UnreadableDocument("no element in the page")
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise LimitExceeded("elements are nested deeper than 2048")
    return root


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    for meta in root.iter("meta"):
        name, value = meta.get("name"), meta.get("content")
        if name and value and value.strip().lower() != "null":
            yield name.strip().lower(), collapse(value)


class _Page:
    """Collects blocks while the page is walked once, without recursion."""

    def __init__(self, kinds: dict[etree._Element, str]) -> None:
        self.blocks: list[Block | None] = []
        self._kinds = kinds
        self._tables: list[OpenTable] = []
        self._grids = 0
        self._path: list[str] = []
        self._children: list[dict[str, int]] = [{}]
        self._buffer: list[str] = []
        self._began = Place()
        self._heading = 0

    def start(self, element: etree._Element) -> bool:
        """Take a start tag; tell whether what the element holds has been dealt with."""
        tag = str(element.tag)
        siblings = self._children[-1]
        siblings[tag] = count = siblings.get(tag, 0) + 1
        self._path.append(self._below(tag, count))
        self._children.append({})
        if tag in SKIPPED:
            return True
        if tag in BREAKS and self._starts_block(tag, element):
            return True
        self.text(element.text)
        return False

    def _starts_block(self, tag: str, element: etree._Element) -> bool:
        """Begin a new line, and what else the element is; tell whether it was a grid's cell."""
        self._break(tag)
        if tag == "table":
            self._open_table(element)
        elif tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in ("tr", "td", "th") and self._tables and self._tables[-1].kind != INLINE:
            return self._open_row_or_cell(tag, element)
        return False

    def end(self, element: etree._Element) -> None:
        """Take an end tag and the text behind it."""
        tag = element.tag
        if tag in BREAKS:
            self._break(str(tag))
            if tag == "table":
                self._close_table()
            elif tag == "tr" and self._tables:
                self._tables[-1].in_row = False
            elif tag in _HEADINGS:
                self._heading = 0
        self._path.pop()
        self._children.pop()
        self.text(element.tail)

    def text(self, text: str | None) -> None:
        """Take text that stands outside the cells of a grid."""
        if text:
            if not self._buffer:
                self._began = Place(path=self._where())
            self._buffer.append(text)

    def flush(self) -> None:
        """End the paragraph."""
        if not self._buffer:
            return
        text = collapse("".join(self._buffer))
        self._buffer.clear()
        if text and self._heading:
            self.blocks.append(Heading(text, self._heading, self._began))
        elif text:
            self.blocks.append(Paragraph(text, self._began))

    def _where(self) -> str | None:
        return self._path[-1] if self._path and len(self._path) <= DEEPEST_PATH else None

    def _below(self, tag: str, count: int) -> str:
        """Return the path of a child of the element that is open; none is built too deep down."""
        if len(self._path) >= DEEPEST_PATH:
            return ""
        step = tag if tag in ("html", "body") else f"{tag}[{count}]"
        return f"{self._path[-1] if self._path else ''}/{step}"

    def _break(self, tag: str) -> None:
        if tag == "br" and self._heading:
            self._buffer.append(" ")
        else:
            self.flush()

    def _open_table(self, element: etree._Element) -> None:
        table = OpenTable(self._kinds[element])
        if table.kind != INLINE:
            self._grids += 1
            table.number, table.slot = self._grids, len(self.blocks)
            self.blocks.append(None)
        self._tables.append(table)

    def _close_table(self) -> None:
        table = self._tables.pop()
        if table.kind != INLINE:
            self.blocks[table.slot] = table.grid()

    def _open_row_or_cell(self, tag: str, element: etree._Element) -> bool:
        table = self._tables[-1]
        if tag == "tr":
            table.in_row = False
            table.row()
            return False
        table.row().append(cell_of(element, self._where(), self._kinds))
        return table.kind == GRID
