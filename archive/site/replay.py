"""A stored original as it is shown: unstyled and harmless, with what was asked for marked in it.

A page is written anew (`harmless`), a text line by line; of a PDF file a page is drawn, elsewhere
(`/capture/<id>/page.png`). Of other files it is said in words where a cell stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree
from markupsafe import Markup, escape

from archive import captures, file_texts, kinds, markup, pdf_page
from archive.captures import Capture
from archive.errors import ArchiveError, ContentTooLarge, OriginalRefused, ProgramFailed
from archive.kinds import Kind
from archive.originals import Original, Originals
from archive.site.harmless import DROPPED, LONGEST, MARK, harmless
from archive.site.spots import Spot, spot
from archive.stored import DAMAGED, TOO_LARGE

LIMIT = 20 * 1024 * 1024
"""Bytes of a page or text that is shown."""

RAW = 4000
"""Characters that are shown of a line in whose markup a cell is hidden."""

MOST_LOOKED_AT, MOST_PIECES = 100_000, 40
"""Elements among which a heading is looked for, and pieces of text that it is put together from."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page of an original shows.

    Attributes:
        row: of the table `capture`; `kind` what its bytes are.
        spot: what was asked for; `is_marked` whether it is marked in what is shown.
        markup: the original, made harmless; empty where it cannot be shown so. `title` is what a page calls
            itself, which stands outside of it.
        raw: the line of the source in which the cell is hidden, in a script or other text.
        page, pages: of a PDF file, which page is drawn, and how many there are; else 0.
        trouble: what kept a PDF file from being drawn.
    """

    row: Mapping[str, Any]
    kind: Kind
    spot: Spot | None
    markup: Markup = field(default=Markup())
    title: str = ""
    raw: str = ""
    is_marked: bool = False
    page: int = 0
    pages: int = 0
    trouble: str = ""


def view(originals: Originals, identity: str, asked: Mapping[str, str]) -> View:
    """Return what is shown of an original; takes as long as the original is large.

    Raises:
        OriginalRefused: It may not be shown, cannot be, is too large, or what is asked for is not in it.
    """
    original = originals.read(identity)
    with originals.connect() as db:
        wanted = spot(db, original.row, asked)
    return show(original, wanted, page_number(asked, wanted))


def show(original: Original, wanted: Spot | None, page: int) -> View:
    """Return what is shown of an original that may be shown; as `view`.

    Args:
        original: with its bytes.
        wanted: what is to be marked.
        page: of a PDF file, which page.
    """
    body = content(original, captures.CONTENT_LIMIT)
    kind = kinds.kind_of(body)
    if kind is kinds.PDF:
        return _pdf(original, body, wanted, page)
    if kind not in (kinds.HTML, kinds.MHTML, kinds.TEXT):
        return View(original.row, kind, wanted)
    if len(body) > LIMIT:
        raise OriginalRefused(TOO_LARGE, f"the text has more than {LIMIT} bytes")
    try:
        return _textual(original, kind, wanted)
    except ContentTooLarge as error:
        raise OriginalRefused(TOO_LARGE, str(error)) from error


def content(original: Original, limit: int) -> bytes:
    """Return the body of an original, its content encodings undone.

    Raises:
        OriginalRefused: It decodes to more than `limit` bytes, or not at all.
    """
    try:
        return captures.content(original.capture, limit)
    except ContentTooLarge as error:
        raise OriginalRefused(TOO_LARGE, str(error)) from error
    except ArchiveError as error:
        raise OriginalRefused(DAMAGED, str(error)) from error


def page_number(asked: Mapping[str, str], wanted: Spot | None) -> int:
    """Return the page of a PDF file that a request asks for, or that holds what it asks to be marked."""
    page = asked.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 0
    return number or (wanted.place.page if wanted else None) or 1


def _pdf(original: Original, body: bytes, wanted: Spot | None, page: int) -> View:
    try:
        pages = pdf_page.count(body)
    except ProgramFailed as error:
        return View(original.row, kinds.PDF, wanted, trouble=str(error))
    is_marked = bool(wanted and wanted.place.box and wanted.place.page == page)
    return View(original.row, kinds.PDF, wanted, page=min(page, pages), pages=pages, is_marked=is_marked)


def _textual(original: Original, kind: Kind, wanted: Spot | None) -> View:
    shown = original.capture if kind is not kinds.MHTML else _page_of_mail(original)
    text = captures.text(shown)
    place = wanted.place if wanted else None
    if kind is kinds.TEXT:
        return _lines(original, text, wanted)
    root = markup.parse(text)
    marked = None
    if wanted and wanted.heading:
        marked = _heading(root, wanted.heading)
    elif place and place.element:
        marked = markup.element_at(root, place.element)
    written = harmless(root, marked)
    hidden = place is not None and place.path is not None and not place.element
    raw = _raw(text, place.line) if place and hidden else ""
    title = " ".join((root.findtext(".//title") or "").split())[:LONGEST]
    is_marked, safe = MARK in written, Markup(written)  # noqa: S704 (nothing else is)
    return View(original.row, kind, wanted, safe, title, raw, is_marked)


def _page_of_mail(original: Original) -> Capture:
    """Return the first page in a saved page (MHTML), which is the one that was read."""
    parts = file_texts.mail_parts(content(original, LIMIT))
    pages = (part for part in parts if part.header("content-type").lower().startswith("text/html"))
    return next(pages, Capture(body=b""))


def _heading(root: etree._Element, heading: str) -> etree._Element | None:
    """Return the first element that says just the heading, and of those inside it the innermost."""
    wanted = "".join(heading.split())
    elements = (each for part in markup.roots(root) for each in part.iter())
    looked_at = (each for each in islice(elements, MOST_LOOKED_AT) if each.tag not in DROPPED)
    found = next((each for each in looked_at if _says(each, wanted)), None)
    while (
        found is not None
        and (inner := next((each for each in found if _says(each, wanted)), None)) is not None
    ):
        found = inner
    return found


def _says(element: etree._Element, wanted: str) -> bool:
    """Tell whether an element holds these words and no others, white space apart."""
    pieces = [str(piece) for piece in islice(element.itertext(), MOST_PIECES + 1)]
    return len(pieces) <= MOST_PIECES and "".join("".join(pieces).split()) == wanted


def _raw(text: str, line: int | None) -> str:
    lines = text.split("\n")
    return lines[line - 1][:RAW] if line and line <= len(lines) else text[:RAW]


def _lines(original: Original, text: str, wanted: Spot | None) -> View:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = wanted.place.line if wanted else None
    if wanted and wanted.heading:
        marked = next((n for n, line in enumerate(lines, 1) if line.strip() == wanted.heading.strip()), None)
    written = Markup("<pre>{}</pre>").format(Markup("\n").join(_numbered(lines, marked)))
    return View(original.row, kinds.TEXT, wanted, written, is_marked=MARK in written)


def _numbered(lines: list[str], marked: int | None) -> Iterator[Markup]:
    mark = Markup(MARK)  # noqa: S704 (our own)
    for number, line in enumerate(lines, 1):
        yield mark + escape(line) + Markup("</mark>") if number == marked else escape(line)
