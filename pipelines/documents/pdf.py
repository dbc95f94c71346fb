"""PDF files with a text layer, page by page: ruled tables, and the lines between them."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipelines.documents.blocks import Block, Document, Paragraph
from pipelines.documents.grids import Span, expand
from pipelines.documents.pdf_lattices import Lattice, Slot, lattices
from pipelines.documents.pdf_rules import NEAR, Box, drawn_boxes, rules_of
from pipelines.documents.pdf_text import Glyph, TextLine, cell_text, is_page_number, lines_of, paragraphs
from pipelines.errors import DocumentError, Encrypted, LimitExceeded, UnreadableDocument
from pipelines.reading import Place, Problem

MOST_PAGES = 300
MOST_GLYPHS = 60_000
"""Pages of a document and characters of a page; the longest report seen has 40 pages."""

FULL = 0.6
"""Share of a page that a picture covers where the page is a scan."""

# It tells the log of every oddity of a file; what matters here is what can be read.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


@dataclass(slots=True)
class _Page:
    """What one page holds, in the direction in which it is read."""

    number: int
    height: float
    glyphs: list[Glyph]
    lattices: list[Lattice]
    is_scan: bool


def read_pdf(body: bytes) -> Document:
    """Read a PDF file into blocks; places hold page and box.

    Raises:
        UnreadableDocument: It is damaged, or its pages are pictures.
        LimitExceeded: More pages, characters or rules than any report has.
        Encrypted: It opens with a password only.
    """
    pages = list(_pages(body))
    if not any(page.glyphs for page in pages):
        raise UnreadableDocument(f"the {len(pages)} pages are pictures, without any text")
    _share_columns(pages)
    tables = 0
    blocks: list[Block] = []
    for page in pages:
        for block in _blocks(page, tables + 1):
            tables += not isinstance(block, Paragraph)
            blocks.append(block)
    return Document(blocks=tuple(blocks), problems=tuple(_scans(pages)))


def _scans(pages: list[_Page]) -> Iterator[Problem]:
    for page in pages:
        if page.is_scan:
            detail = f"page {page.number} is a picture: what it shows is not read"
            yield Problem("unreadable_document", detail, place=Place(page=page.number))


def _pages(body: bytes) -> Iterator[_Page]:
    try:
        with pdfplumber.open(BytesIO(body)) as file:
            for page in file.pages[: MOST_PAGES + 1]:
                if page.page_number > MOST_PAGES:
                    raise LimitExceeded(f"the document has more than {MOST_PAGES} pages")
                yield _read_page(page)
                page.close()
    except (DocumentError, MemoryError, RecursionError):
        raise
    except Exception as error:
        # A damaged file ends in whatever its numbers and dictionaries raise: there is no list of it.
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise Encrypted("the document opens with a password only") from error
        raise UnreadableDocument(
            f"the PDF file is damaged or cut: {type(cause).__name__}: {cause}"
        ) from error


def _read_page(page: Any) -> _Page:
    characters = page.chars
    if len(characters) > MOST_GLYPHS:
        raise LimitExceeded(f"page {page.page_number} has more than {MOST_GLYPHS} characters")
    turn = _turned(page, characters)
    size = turn((0.0, 0.0, float(page.width), float(page.height)))
    glyphs = [Glyph(each["text"], *turn(_box(each))) for each in characters]
    rules = rules_of((turn(box), stroked) for box, stroked in drawn_boxes(page))
    covered = max(
        ((each["x1"] - each["x0"]) * (each["bottom"] - each["top"]) for each in page.images), default=0
    )
    is_scan = covered > FULL * float(page.width * page.height)
    return _Page(page.page_number, size[3] - size[1], glyphs, lattices(rules), is_scan)


def _box(drawn: dict[str, Any]) -> Box:
    return drawn["x0"], drawn["top"], drawn["x1"], drawn["bottom"]


def _turned(page: Any, characters: list[dict[str, Any]]) -> Any:
    """Return what turns a box of the page upright, where most of its text is drawn sideways."""
    width, height = float(page.width), float(page.height)
    upward = sum(each["matrix"][1] > 0 for each in characters if not each["upright"])
    downward = sum(each["matrix"][1] < 0 for each in characters if not each["upright"])
    if 2 * max(upward, downward) <= len(characters):
        return lambda box: box
    if upward > downward:
        return lambda box: (height - box[3], box[0], height - box[1], box[2])
    return lambda box: (box[1], width - box[2], box[3], width - box[0])


def _share_columns(pages: list[_Page]) -> None:
    """Give the parts of a table that goes on over pages the columns of all its parts."""
    parts: list[_Page] = []
    for page, following in zip(pages, [*pages[1:], None], strict=True):
        parts.append(page)
        if following is None or not _goes_on(page, following):
            _unite(parts)
            parts = []
        elif len(page.lattices) > 1:  # another table has begun below the one that came to its end
            _unite(parts)
            parts = [page]


def _unite(parts: list[_Page]) -> None:
    """Give one table's parts, the last of each page and then the first, the same columns."""
    if len(parts) < 2:
        return
    places = [(page, -1 if page is parts[0] else 0) for page in parts]
    xs: tuple[float, ...] = ()
    for page, which in places:
        xs = _union(xs, page.lattices[which].xs)
    for page, which in places:
        page.lattices[which] = replace(page.lattices[which], xs=xs)


def _goes_on(before: _Page, after: _Page) -> bool:
    """Tell whether the last table of a page goes on as the first of the next one."""
    if not before.lattices or not after.lattices:
        return False
    last, first = before.lattices[-1].box, after.lattices[0].box
    if abs(last[0] - first[0]) > 2 * NEAR or abs(last[2] - first[2]) > 2 * NEAR:
        return False
    below = any(line.box[1] > last[3] for line in _running(before))
    above = any(line.box[3] < first[1] for line in _running(after))
    return not (below or above)


def _union(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted([*one, *(x for x in other if all(abs(x - mine) > NEAR for mine in one))]))


def _running(page: _Page) -> list[TextLine]:
    """Return the lines outside of tables, without the page's number."""
    outside = [glyph for glyph in page.glyphs if _table_of(page, glyph) is None]
    return [line for line in lines_of(outside) if not is_page_number(line, page.height)]


def _table_of(page: _Page, glyph: Glyph) -> int | None:
    """Return the smallest table that a character stands in, by its number on the page."""
    x, y = (glyph.x0 + glyph.x1) / 2, glyph.middle
    around = [
        ((box[2] - box[0]) * (box[3] - box[1]), number)
        for number, box in enumerate(lattice.box for lattice in page.lattices)
        if box[0] <= x < box[2] and box[1] <= y < box[3]
    ]
    return min(around)[1] if around else None


def _blocks(page: _Page, table: int) -> Iterator[Block]:
    """Yield tables and paragraphs from the top of the page to its bottom; tables count from `table`."""
    inside: dict[int, list[Glyph]] = {number: [] for number in range(len(page.lattices))}
    for glyph in page.glyphs:
        number = _table_of(page, glyph)
        if number is not None:
            inside[number].append(glyph)
    lines = _running(page)
    for number, lattice in enumerate(page.lattices):
        above = [line for line in lines if line.box[1] < lattice.ys[0]]
        lines = lines[len(above) :]
        yield from _paragraphs(above, page.number)
        yield expand(_rows(lattice, inside[number], page), table + number)
    yield from _paragraphs(lines, page.number)


def _paragraphs(lines: list[TextLine], page: int) -> Iterator[Paragraph]:
    for text, box in paragraphs(lines):
        yield Paragraph(text, Place(page=page, box=_rounded(box)))


def _rows(lattice: Lattice, glyphs: Iterable[Glyph], page: _Page) -> Iterator[list[Span]]:
    """Yield the cells of a table row by row, each where it begins."""
    regions = lattice.regions()
    texts: dict[Slot, list[Glyph]] = {}
    for glyph in glyphs:
        slot = lattice.slot((glyph.x0 + glyph.x1) / 2, glyph.middle)
        if slot is not None:
            texts.setdefault(regions[slot], []).append(glyph)
    ends = {first: slot for slot, first in sorted(regions.items())}  # the last slot of each cell
    for row in range(len(lattice.ys) - 1):
        yield [
            _cell(lattice, first, ends[first], texts.get(first, []), page)
            for first in _starting(regions, row)
        ]


def _starting(regions: dict[Slot, Slot], row: int) -> list[Slot]:
    return sorted({first for first in regions.values() if first[0] == row})


def _cell(lattice: Lattice, first: Slot, last: Slot, glyphs: list[Glyph], page: _Page) -> Span:
    box = lattice.xs[first[1]], lattice.ys[first[0]], lattice.xs[last[1] + 1], lattice.ys[last[0] + 1]
    rows, columns = last[0] - first[0] + 1, last[1] - first[1] + 1
    return Span(cell_text(glyphs), rows, columns, page=page.number, box=_rounded(box))


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(value, 1) for value in box)
    return x0, top, x1, bottom
