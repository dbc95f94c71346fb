"""What kind of file a stored body is: by its bytes, whatever the server called them.

Coarser than the reading of documents: it is asked which text a body may hold, how it can be shown, and
whether it may be handed over as a file.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        name: as it is said; `suffix` the end of a file's name; `media_type` as it is sent.
        is_handed: whether it is handed over as it is: opened on a reader's own machine, a page would run its
            scripts there as if it were the reader's.
    """

    name: str
    suffix: str
    media_type: str
    is_handed: bool = True

    @property
    def is_picture(self) -> bool:
        """Return whether it is a picture, which holds no text."""
        return self.media_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument"
HTML = Kind("HTML", ".html", "text/html", is_handed=False)
MHTML = Kind("MHTML", ".mhtml", "multipart/related", is_handed=False)
TEXT = Kind("text", ".txt", "text/plain")
PDF = Kind("PDF", ".pdf", "application/pdf")
DOCX = Kind("Word", ".docx", f"{_OFFICE}.wordprocessingml.document")
XLSX = Kind("Excel", ".xlsx", f"{_OFFICE}.spreadsheetml.sheet")
DOC = Kind("Word 97", ".doc", "application/msword")
XLS = Kind("Excel 97", ".xls", "application/vnd.ms-excel")
RTF = Kind("RTF", ".rtf", "application/rtf")
ZIP = Kind("ZIP", ".zip", "application/zip")
UNKNOWN = Kind("unknown", ".bin", "application/octet-stream", is_handed=False)
EMPTY = Kind("empty", ".bin", "application/octet-stream", is_handed=False)

_PICTURES = (
    (re.compile(rb"\x89PNG\r\n"), Kind("PNG", ".png", "image/png")),
    (re.compile(rb"\xff\xd8\xff"), Kind("JPEG", ".jpg", "image/jpeg")),
    (re.compile(rb"GIF8"), Kind("GIF", ".gif", "image/gif")),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), Kind("BMP", ".bmp", "image/bmp")),
    (re.compile(rb"II\*\0|MM\0\*"), Kind("TIFF", ".tif", "image/tiff")),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Kind("WebP", ".webp", "image/webp")),
)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_JUNK = 1024
"""Bytes that may stand before the first of a PDF file (ISO 32000-1, implementation note 13)."""

_ELEMENT = re.compile(
    rb"<\s*(?:!doctype|\?xml|/?[a-z][a-z0-9:._-]{0,40})(?:[\s/][^<>]{0,4000})?>", re.IGNORECASE
)
_MAIL = re.compile(
    rb"\A[\w-]+:(?=[\s\S]{0,8000}^mime-version:)[\s\S]{0,8000}^content-type:", re.MULTILINE | re.IGNORECASE
)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_SAMPLE = 65_536
_LOOKED_AT = 200_000
"""Bytes in which the first tag is looked for, as readers of documents do."""


def kind_of(body: bytes) -> Kind:
    """Return the kind of a body whose content encodings are undone.

    >>> kind_of(b"<p>x").name, kind_of(b"%PDF-1.4 ...").name, kind_of(b"a, b").name
    ('HTML', 'PDF', 'text')
    """
    start = body[: _SAMPLE * 2].lstrip(_BLANK)
    if not start.strip(b"\0"):
        return EMPTY
    if start.startswith(b"PK\x03\x04"):
        return DOCX if b"word/document.xml" in body else XLSX if b"xl/workbook.xml" in body else ZIP
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole_kind(body)
    if start.startswith(b"{\\rtf"):
        return RTF
    if b"%PDF-" in start[:_JUNK] and not _ELEMENT.search(start[:_JUNK].partition(b"%PDF-")[0]):
        return PDF
    picture = next((kind for signature, kind in _PICTURES if signature.match(start)), None)
    return picture or _textual_kind(body, start)


def _ole_kind(body: bytes) -> Kind:
    """Tell Word from Excel by the names of the streams, which are in UTF-16."""
    if "WordDocument".encode("utf-16-le") in body:
        return DOC
    return XLS if any(name.encode("utf-16-le") in body for name in ("Workbook", "Book")) else UNKNOWN


def _textual_kind(body: bytes, start: bytes) -> Kind:
    if _MAIL.match(start[:_SAMPLE]):
        return MHTML
    sample = body[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 200 > len(sample) and not sample.startswith(_UTF_16):
        return UNKNOWN
    return HTML if _ELEMENT.search(body, 0, _LOOKED_AT) else TEXT
