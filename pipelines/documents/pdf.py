"""PDF files with a text layer, page by page: ruled tables, and the lines between them."""

import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pdfplumber

from pipelines.documents.blocks import Block, Document, Grid, Paragraph
from pipelines.documents.grids import expand
from pipelines.documents.pdf_lattices import lattices
from pipelines.documents.pdf_pages import naming_damage, pages_of, refuse_loops
from pipelines.documents.pdf_rules import Box, drawn_boxes, rules_of
from pipelines.documents.pdf_tables import (
    PrintedPage,
    hang_over,
    inside_of,
    rows_of,
    running_lines,
    share_columns,
)
from pipelines.documents.pdf_text import Glyph, Lines, column_of, paragraphs
from pipelines.errors import UnreadableDocument
from pipelines.reading import Place, Problem

_Part = Grid | tuple[PrintedPage, Lines]
"""A table, or the lines of a paragraph and the page that they begin on."""

Turn = Callable[[Box], Box]

_NAMELESS = re.compile(r"\(cid:\d+\)")
"""What pdfminer gives for a glyph whose font does not say which character it shows."""

UNKNOWN = "\ufffd"
MANY = 0.05
"""Share of a page's glyphs that are bullets and the like, and may be unknown."""

FULL = 0.6
"""Share of a page that a picture covers where the page is a scan."""


def read_pdf(body: bytes) -> Document:
    """Read a PDF file into blocks; places hold page and box.

    Raises:
        UnreadableDocument: It is damaged, or its pages are pictures.
        LimitExceeded: More pages, characters or rules than any report has.
        Encrypted: It opens with a password only.
    """
    refuse_loops(body)
    with naming_damage():
        file = pdfplumber.open(BytesIO(body))
        pages = [_read_page(page) for page in pages_of(file)]
        title = str(file.metadata.get("Title") or "")
    if not pages:
        raise UnreadableDocument("the PDF file is damaged: it has no pages")
    if not any(page.glyphs for page in pages):
        raise UnreadableDocument(f"the {len(pages)} pages are pictures, without any text")
    share_columns(pages)
    blocks = tuple(_joined(_parts(pages)))
    return Document(title=" ".join(title.split()), blocks=blocks, problems=tuple(_problems(pages)))


def _problems(pages: list[PrintedPage]) -> Iterator[Problem]:
    for page in pages:
        unknown = sum(glyph.text == UNKNOWN for glyph in page.glyphs)
        if page.is_scan:
            detail = f"page {page.number} is a picture: what it shows is not read"
            yield Problem("unreadable_document", detail, place=Place(page=page.number))
        if unknown > MANY * len(page.glyphs):
            detail = f"page {page.number} does not say which characters {unknown} of its glyphs are"
            yield Problem("unreadable_document", detail, place=Place(page=page.number))


def _read_page(page: Any) -> PrintedPage:
    characters = page.chars
    turn, back = _turned(page, characters)
    size = turn((0.0, 0.0, float(page.width), float(page.height)))
    glyphs = [Glyph(_NAMELESS.sub(UNKNOWN, each["text"]), *turn(_box(each))) for each in characters]
    rules = rules_of((turn(box), stroked) for box, stroked in drawn_boxes(page))
    covered = max(
        ((each["x1"] - each["x0"]) * (each["bottom"] - each["top"]) for each in page.images), default=0
    )
    is_scan = covered > FULL * float(page.width * page.height)
    read = PrintedPage(page.page_number, size[3] - size[1], glyphs, lattices(rules), is_scan, back)
    hang_over(read)
    return read


def _box(drawn: dict[str, Any]) -> Box:
    return drawn["x0"], drawn["top"], drawn["x1"], drawn["bottom"]


def _turned(page: Any, characters: list[dict[str, Any]]) -> tuple[Turn, Turn]:
    """Return what turns a box of the page upright, where most of its text is drawn sideways, and back."""
    width, height = float(page.width), float(page.height)
    upward = sum(each["matrix"][1] > 0 for each in characters if not each["upright"])
    downward = sum(each["matrix"][1] < 0 for each in characters if not each["upright"])
    if 2 * max(upward, downward) <= len(characters):
        return lambda box: box, lambda box: box
    if upward > downward:
        return (
            lambda box: (height - box[3], box[0], height - box[1], box[2]),
            lambda box: (box[1], height - box[2], box[3], height - box[0]),
        )
    return (
        lambda box: (box[1], width - box[2], box[3], width - box[0]),
        lambda box: (width - box[3], box[0], width - box[1], box[2]),
    )


def _parts(pages: list[PrintedPage]) -> Iterator[_Part]:
    """Yield the tables and the paragraphs of all pages in reading order."""
    tables = 0
    for page in pages:
        lines = running_lines(page)
        column = column_of([*(line.box for line in lines), *(lattice.box for lattice in page.lattices)])
        for lattice, glyphs in zip(page.lattices, inside_of(page), strict=True):
            above = [line for line in lines if line.box[1] < lattice.ys[0]]
            lines = lines[len(above) :]
            yield from ((page, each) for each in paragraphs(above, column))
            tables += 1
            yield expand(rows_of(lattice, glyphs, page), tables)
        yield from ((page, each) for each in paragraphs(lines, column))


def _joined(parts: Iterable[_Part]) -> Iterator[Block]:
    """Yield the blocks of a document: a paragraph that a page's end cuts is one."""
    open_: tuple[PrintedPage, Lines] | None = None
    for part in parts:
        if open_ and isinstance(part, tuple) and _goes_on(open_, part):
            lines = part[1]
            open_ = open_[0], open_[1]._replace(text=open_[1].text + lines.text, ends=lines.ends)
            continue
        if open_:
            yield _paragraph(*open_)
        open_ = part if isinstance(part, tuple) else None
        if isinstance(part, Grid):
            yield part
    if open_:
        yield _paragraph(*open_)


def _goes_on(before: tuple[PrintedPage, Lines], after: tuple[PrintedPage, Lines]) -> bool:
    return not (before[1].ends or after[1].begins) and after[0].number > before[0].number


def _paragraph(page: PrintedPage, lines: Lines) -> Paragraph:
    return Paragraph(lines.text, Place(page=page.number, box=page.place(lines.box)))
