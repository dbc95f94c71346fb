"""A stored original as it is shown: unstyled and harmless, with what was asked for marked in it.

Of a page or text a copy is made (`archive.copies`); of a PDF file a page is drawn, at an address of its own
(`/capture/<id>/page.png`). Of other files it is said in words where a cell stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from archive import captures, copies, kinds, pdf_page
from archive.captures import Capture
from archive.copies import Wanted
from archive.errors import ArchiveError, ContentTooLarge, OriginalRefused, ProgramFailed
from archive.kinds import Kind
from archive.originals import Original, Originals
from archive.site.spots import Spot, spot
from archive.stored import DAMAGED, TOO_LARGE


@dataclass(frozen=True, slots=True)
class View:
    """What the page of an original shows.

    Attributes:
        row: of the table `capture`; `kind` what its bytes are.
        spot: what was asked for; `is_marked` whether it is marked in what is shown.
        markup: the original, made harmless; empty where it cannot be shown so.
        title, raw, is_held: as of `copies.Copy`.
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
    is_held: bool = False
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
    return _copy(original, body, kind, wanted) if kind in copies.KINDS else View(original.row, kind, wanted)


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


def _copy(original: Original, body: bytes, kind: Kind, wanted: Spot | None) -> View:
    told = (("Content-Type", original.capture.header("content-type")),)
    try:
        made = copies.copy(Capture(headers=told, body=body), kind, _wanted(wanted))
    except (ContentTooLarge, ProgramFailed) as error:
        raise OriginalRefused(TOO_LARGE, str(error)) from error
    safe = Markup(made.markup)  # noqa: S704 (nothing in it can do anything)
    return View(original.row, kind, wanted, safe, made.title, made.raw, made.is_marked, made.is_held)


def _wanted(wanted: Spot | None) -> Wanted:
    if wanted is None:
        return Wanted()
    place = wanted.place
    path = place.element or place.path or ""
    return Wanted(wanted.heading, path, bool(path and not place.element), wanted.printed, place.line or 0)
