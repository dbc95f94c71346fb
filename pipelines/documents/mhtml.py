"""Pages saved with their pictures in one file (MHTML, RFC 2557): Word and browsers write them, often as .doc.

The file is a mail; its first page of HTML is the document. Lines are those of that page.
"""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message

from archive import captures
from archive.captures import Capture
from pipelines.documents.blocks import Document
from pipelines.documents.html import read_html
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.reading import Problem

MOST_PARTS = 10_000
"""Lines that could begin a part; a report has a page and some pictures."""


def read_mhtml(body: bytes) -> Document:
    """Read the first page in the file into blocks.

    Raises:
        UnreadableDocument: There is no page in it.
        LimitExceeded: It has more parts than any report, or they are nested more deeply.
    """
    if body.count(b"\n--") > MOST_PARTS:
        raise LimitExceeded(f"the file has more than {MOST_PARTS} parts")
    try:
        parts = list(message_from_bytes(body).walk())
    except RecursionError as error:
        raise LimitExceeded("parts are nested more deeply than can be read") from error
    pages = [_page(part) for part in parts if part.get_content_type() == "text/html"]
    if not pages:
        raise UnreadableDocument("the file is a saved page (MHTML) without the page")
    first, *others = (read_html(page) for page in pages)
    return replace(first, problems=(*first.problems, *_problems(parts, others)))


def _page(part: Message) -> str:
    # Transfer encodings are undone here; charsets where those of all pages are.
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return captures.text(Capture(headers=(("Content-Type", str(part["Content-Type"])),), body=payload))


def _problems(parts: list[Message], others: list[Document]) -> Iterator[Problem]:
    if any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in parts for defect in part.defects):
        yield Problem("unreadable_document", "the file is cut: the last of its parts has no end")
    tables = sum(any(not grid.flows for grid in document.grids) for document in others)
    if tables:
        detail = f"{tables} more pages in the file have tables, which are not read"
        yield Problem("unreadable_document", detail)
