"""Word documents (.docx): the body in reading order.

Read from the XML itself, in less time than python-docx takes. Headers, footers, notes
and comments are parts of their own and no text of the report. Nor is the title property: whoever
writes this year's report into last year's file leaves last year's title there.
"""

from collections.abc import Iterator

from lxml import etree

from pipelines.documents.blocks import Block, Document, Grid, Heading, Paragraph
from pipelines.documents.docx_styles import Numbering, Styles, level_of, numbering_of
from pipelines.documents.docx_tables import TABLE, WordCell, holds_grids, is_grid, parts_of, spans
from pipelines.documents.docx_text import Line, read_line
from pipelines.documents.grids import expand
from pipelines.documents.ooxml import W, parse, printed, value
from pipelines.documents.tables import collapse
from pipelines.documents.zips import Members
from pipelines.errors import UnreadableDocument
from pipelines.reading import Problem

_BODY, _STYLES, _NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
_PARAGRAPH = W + "p"
_FOREIGN = frozenset((W + "altChunk", W + "subDoc"))
_PICTURE = "\ufffc"
"""Stands in a cell that holds a picture and no text: it is not blank, and it is no number."""


def read_docx(body: bytes) -> Document:
    """Read a Word document into blocks.

    Raises:
        UnreadableDocument: It is damaged, or holds pictures and no text.
        LimitExceeded: It is larger or deeper than any report.
        Encrypted: A part of it opens with a password only.
    """
    members = Members(body)
    parts = {name: parse(members[name], name) for name in (_BODY, _STYLES, _NUMBERING) if name in members}
    reader = _Reader(Styles(parts.get(_STYLES)), Numbering(parts.get(_NUMBERING)))
    for element in parts[_BODY].iterchildren(W + "body"):
        reader.walk(element)
    blocks = tuple(block for block in reader.blocks if block is not None)
    if reader.pictures and not any(_has_text(block) for block in blocks):
        raise UnreadableDocument(f"the document holds {reader.pictures} pictures and no text")
    return Document(blocks=blocks, problems=tuple(reader.problems), pictures=reader.pictures)


def _has_text(block: Block) -> bool:
    if isinstance(block, Grid):
        return any(cell.text not in ("", _PICTURE) for row in block.rows for cell in row)
    return bool(block.text)


class _Reader:
    """Collects blocks; each paragraph is read once, because lists are counted while reading."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.blocks: list[Block | None] = []
        self.problems: list[Problem] = []
        self.pictures = 0
        self._styles = styles
        self._numbering = numbering
        self._grids = 0

    def walk(self, element: etree._Element) -> None:
        """Take the paragraphs and tables in an element."""
        for child in printed(element):
            if child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == TABLE and is_grid(child):
                self._table(child)
            elif child.tag == TABLE:
                for part in parts_of(child):
                    self.walk(part)
            elif child.tag in _FOREIGN:
                detail = "a part of the document is another document inside it, which is not read"
                self.problems.append(Problem("unreadable_document", detail))

    def _paragraph(self, paragraph: etree._Element) -> None:
        line, texts = self._read(paragraph)
        level = self._level(paragraph)
        if level and texts:
            self.blocks.append(Heading(" ".join(texts), level))
        else:
            self.blocks.extend(map(Paragraph, texts))
        for box in line.boxes:
            self.walk(box)

    def _read(self, paragraph: etree._Element) -> tuple[Line, list[str]]:
        """Return a paragraph and its lines of text, with the number that Word counts before them."""
        line = read_line(paragraph, self._styles)
        self.pictures += line.pictures
        properties = paragraph.find(W + "pPr")
        listed = numbering_of(properties) or self._styles.numbering(_style_of(paragraph))
        label = self._numbering.label(listed) if listed else ""
        gap = "" if label.endswith(("、", "）")) else " "
        texts = [text for text in map(collapse, f"{label}{gap}{line.text}".split("\n")) if text]
        return line, texts

    def _level(self, paragraph: etree._Element) -> int:
        own = level_of(paragraph.find(W + "pPr"))
        return self._styles.level(_style_of(paragraph)) if own is None else own

    def _table(self, table: etree._Element) -> None:
        self._grids += 1
        number, slot = self._grids, len(self.blocks)
        self.blocks.append(None)
        flows = holds_grids(table)
        texts = self._flowing if flows else self._cell
        self.blocks[slot] = expand(spans(table, texts), number, flows=flows)

    def _flowing(self, cell: WordCell) -> str:
        """Take what a cell of a table that only arranges holds as blocks; return its text too."""
        start = len(self.blocks)
        for part in cell.parts:
            self.walk(part)
        return "\n".join(
            block.text for block in self.blocks[start:] if isinstance(block, Heading | Paragraph)
        )

    def _cell(self, cell: WordCell) -> str:
        """Return the text of a cell, one line for each in it; a number in a text box is in the cell."""
        before = self.pictures
        text = "\n".join(line for part in cell.parts for line in self._cell_lines(part))
        return _PICTURE if not text and self.pictures > before else text

    def _cell_lines(self, element: etree._Element) -> Iterator[str]:
        for child in printed(element):
            if child.tag == _PARAGRAPH:
                line, texts = self._read(child)
                yield from texts
                for box in line.boxes:
                    yield from self._cell_lines(box)
            elif child.tag == TABLE:
                for part in parts_of(child):
                    yield from self._cell_lines(part)


def _style_of(paragraph: etree._Element) -> str | None:
    return value(paragraph, f"{W}pPr/{W}pStyle")
