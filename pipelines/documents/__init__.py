"""Bytes in, `Document` out: one module per format, chosen by the bytes themselves."""

from collections.abc import Callable

from archive import captures
from archive.captures import Capture
from archive.errors import ArchiveError, ContentTooLarge
from pipelines.documents.archives import read_archive
from pipelines.documents.blocks import Block, Document, Grid, GridCell, Heading, Paragraph
from pipelines.documents.docx import read_docx
from pipelines.documents.embedded import read_data
from pipelines.documents.formats import (
    DATA,
    DOC,
    DOCX,
    HTML,
    MHTML,
    PDF,
    RTF,
    TEXT,
    XLS,
    XLSX,
    ZIP,
    document_format,
)
from pipelines.documents.html import read_embedded, read_html
from pipelines.documents.libreoffice import read_doc, read_rtf
from pipelines.documents.mhtml import read_mhtml
from pipelines.documents.pdf import read_pdf
from pipelines.documents.text import read_text
from pipelines.documents.xls import read_xls
from pipelines.documents.xlsx import read_xlsx
from pipelines.errors import LimitExceeded, UnreadableDocument

__all__ = [
    "Block",
    "Document",
    "Grid",
    "GridCell",
    "Heading",
    "Paragraph",
    "read_document",
    "read_embedded",
]


def _read_archive(body: bytes) -> Document:
    return read_archive(body, lambda member: read_document(Capture(body=member)))


_TEXTUAL: dict[str, Callable[[str], Document]] = {HTML: read_html, TEXT: read_text, DATA: read_data}
_BINARY: dict[str, Callable[[bytes], Document]] = {
    DOCX: read_docx,
    DOC: read_doc,
    MHTML: read_mhtml,
    PDF: read_pdf,
    RTF: read_rtf,
    XLS: read_xls,
    XLSX: read_xlsx,
    ZIP: _read_archive,
}


def read_document(capture: Capture) -> Document:
    """Read a capture's body.

    Raises:
        DocumentError: No format this room reads, damaged, encrypted, or past a limit.
    """
    try:
        body = captures.content(capture)
        kind = document_format(body)
        if kind in _TEXTUAL:
            return _TEXTUAL[kind](captures.text(capture))
        if kind in _BINARY:
            return _BINARY[kind](body)
        raise UnreadableDocument(f"the document is a {kind}, which is not read")
    except ContentTooLarge as error:
        raise LimitExceeded(str(error)) from error
    except ArchiveError as error:
        raise UnreadableDocument(str(error)) from error
