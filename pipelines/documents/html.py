"""HTML pages, however they were pasted together.

lxml's parser repairs missing end tags. Tables inside tables are read each for itself; a
table that only arranges the page also gives its text as paragraphs. Space that the markup
does not hold is never put between characters: Word splits one number over two spans.
"""

from collections.abc import Iterator

from lxml import etree

from archive.markup import elements, roots
from pipelines.documents.blocks import Block, Document, Embedded, Heading, Paragraph
from pipelines.documents.element_paths import PathWalk
from pipelines.documents.embedded import hidden_markup, inside
from pipelines.documents.links import brought
from pipelines.documents.printed import keep_printed
from pipelines.documents.tables import (
    BREAKS,
    GRID,
    INLINE,
    Kinds,
    OpenTable,
    cell_of,
    collapse,
    mark_lines,
    table_kinds,
)
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.reading import Place

DEEPEST_PAGE = 3
"""Pages inside the text of pages: a report escaped in a string of JSON in a script is the third."""

SMALLEST_PICTURE = 200
"""Pixels a picture of a page of a report is at least wide and high; icons and buttons are smaller."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = frozenset({"td", "th"})


def read_html(markup: str, grids: int = 0, within: Embedded | None = None) -> Document:
    """Read a page into blocks.

    Args:
        markup: the page.
        grids: how many tables are counted before its own.
        within: where the markup is kept, if another page holds it as text.

    Raises:
        UnreadableDocument: There is no element in it, or nothing but frames.
        LimitExceeded: Elements are nested deeper than the parser goes, or a table is too large.
    """
    root = _parse(markup)
    title, meta = _title(root), dict(_metadata(root))
    links = brought(root)
    embedded, frames = tuple(hidden_markup(root, markup)), next(elements(root, "frame", "iframe"), None)
    if within:
        embedded = tuple(inside(within, each) for each in embedded)
    kinds = table_kinds(root)
    held = within or Embedded(markup, "")
    walk = PathWalk(root, f"{held.path} ".lstrip() if held.path is not None else None)
    page = _Page(kinds, keep_printed(root, kinds), grids, walk, held.line)
    mark_lines(kinds)
    blocks = page.read(root)
    if frames is not None and not (blocks or embedded):
        raise UnreadableDocument("the page shows nothing but frames, which are documents of their own")
    pictures = sum(map(_is_picture, elements(root, "img")))
    return Document(title, blocks, meta, embedded=embedded, pictures=pictures, links=links)


def read_embedded(document: Document) -> Document:
    """Return the document with the blocks behind its own that its embedded markup holds."""
    pages = [(held, 1) for held in document.embedded]
    while pages:
        held, depth = pages.pop(0)
        inner = read_html(held.markup, document.last_table, held)
        document = Document(
            document.title or inner.title,
            (*document.blocks, *inner.blocks),
            {**inner.meta, **document.meta},
            pictures=document.pictures,
            links=document.links,
        )
        if depth < DEEPEST_PAGE:
            pages += [(each, depth + 1) for each in inner.embedded]
    return document


def _parse(markup: str) -> etree._Element:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    data = markup.encode("utf-8", errors="replace").replace(b"\x00", b"")
    try:
        root = etree.fromstring(data, parser=parser)
    except etree.LxmlError as error:
        raise UnreadableDocument(f"the page cannot be parsed: {error}") from error
    if root is None:
        raise UnreadableDocument("no element in the page")
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise LimitExceeded("elements are nested deeper than 2048")
    return root


def _title(root: etree._Element) -> str:
    return collapse(next((title.text or "" for title in elements(root, "title")), ""))


def _metadata(root: etree._Element) -> Iterator[tuple[str, str]]:
    for meta in elements(root, "meta"):
        name, value = meta.get("name"), meta.get("content")
        if name and value and value.strip().lower() != "null":
            yield name.strip().lower(), collapse(value)


def _is_picture(image: etree._Element) -> bool:
    """Tell whether a picture may be one of a page: it leads nowhere and is not known to be small."""
    for side in ("width", "height"):
        size = image.get(side, "").strip().removesuffix("px")
        if size.isdecimal() and int(size) < SMALLEST_PICTURE:
            return False
    return next(image.iterancestors("a"), None) is None


class _Page:
    """Collects blocks while the page is walked once, without recursion."""

    def __init__(
        self,
        kinds: Kinds,
        hidden: frozenset[etree._Element],
        grids: int,
        walk: PathWalk,
        held_on: int | None,
    ) -> None:
        self._blocks: list[Block | None] = []
        self._kinds = kinds
        self._inline = INLINE in kinds.values()
        self._hidden = hidden
        self._tables: list[OpenTable] = []
        self._grids = grids
        self._walk = walk
        self._held_on = held_on
        self._buffer: list[str] = []
        self._began = Place()
        self._heading = 0

    def read(self, root: etree._Element) -> tuple[Block, ...]:
        """Walk the page and return its blocks."""
        for each in roots(root):
            walk = etree.iterwalk(each, events=("start", "end"))
            for event, element in walk:
                if event == "end":
                    self._end(element)
                elif self._start(element):
                    walk.skip_subtree()
            self._flush()
        return tuple(block for block in self._blocks if block is not None)

    def _start(self, element: etree._Element) -> bool:
        """Take a start tag; tell whether what the element holds has been dealt with."""
        tag = element.tag
        self._walk.enter(tag)
        if tag in BREAKS and self._starts_block(tag, element):
            return True
        if not tag.isascii():  # a title in angle brackets, which the parser took for an element
            self._text(f"<{tag}>")
        self._text(element.text)
        return False

    def _starts_block(self, tag: str, element: etree._Element) -> bool:
        """Begin a new line, and what else the element is; tell whether it was cells of a grid."""
        self._break(tag)
        if tag == "table":
            self._open_table(element)
        elif tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif self._tables and self._tables[-1].kind != INLINE:
            if tag == "tr":
                return self._open_row(element)
            if tag in _CELLS:
                return self._take_cell(element)
        return False

    def _end(self, element: etree._Element) -> None:
        """Take an end tag and the text behind it."""
        tag = element.tag
        if tag in BREAKS:
            self._break(tag)
            if tag == "table":
                self._close_table()
            elif tag == "tr" and self._tables:
                self._tables[-1].in_row = False
            elif tag in _HEADINGS:
                self._heading = 0
        self._walk.leave()
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        """Take text that stands outside the cells of a grid."""
        if text:
            if not self._buffer:
                self._began = Place(path=self._walk.here)
            self._buffer.append(text)

    def _flush(self) -> None:
        """End the paragraph."""
        if not self._buffer:
            return
        text = collapse("".join(self._buffer))
        self._buffer.clear()
        if text and self._heading:
            self._blocks.append(Heading(text, self._heading, self._began))
        elif text:
            self._blocks.append(Paragraph(text, self._began))

    def _break(self, tag: str) -> None:
        if tag == "br" and self._heading:
            self._buffer.append(" ")
        else:
            self._flush()

    def _open_table(self, element: etree._Element) -> None:
        table = OpenTable(self._kinds[element])
        if table.kind != INLINE:
            self._grids += 1
            table.number, table.slot = self._grids, len(self._blocks)
            self._blocks.append(None)
        self._tables.append(table)

    def _close_table(self) -> None:
        table = self._tables.pop()
        if table.kind != INLINE:
            self._blocks[table.slot] = table.grid(self._held_on)

    def _open_row(self, row: etree._Element) -> bool:
        """Open a row; in a grid take its cells at once where it holds nothing else, and say so."""
        table = self._tables[-1]
        table.in_row = False
        if row in self._hidden:
            return True
        spans, cells = table.row(), [(cell, cell.tag) for cell in row]
        if table.kind != GRID or self._hidden or not _CELLS.issuperset([tag for _, tag in cells]):
            return False
        path, kinds = self._walk.here, self._kinds if self._inline else None
        counts = {"td": 0, "th": 0}
        self._text(row.text)
        for cell, tag in cells:
            counts[tag] += 1
            spans.append(cell_of(cell, f"{path}/{tag}[{counts[tag]}]" if path else None, kinds))
            self._text(cell.tail)
        return True

    def _take_cell(self, cell: etree._Element) -> bool:
        """Add a cell to the row; tell whether its text belongs to the grid alone."""
        table = self._tables[-1]
        if cell in self._hidden:
            return True
        kinds = self._kinds if self._inline or table.kind != GRID else None
        table.row().append(cell_of(cell, self._walk.here, kinds))
        return table.kind == GRID
