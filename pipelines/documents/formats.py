"""Which format a document has, by its bytes.

What a server or a file name claims about the format is not asked: error pages are served
as PDF, and Word files are called .html.
"""

import io
import re
import struct

import olefile

from pipelines.documents.zips import Members
from pipelines.errors import Encrypted, UnreadableDocument

HTML, MHTML, TEXT, DATA = "html", "mhtml", "text", "data"
"""`data` is JSON, or a script."""
DOCX, XLSX, ZIP = "docx", "xlsx", "zip"
DOC, XLS, RTF, PDF = "doc", "xls", "rtf", "pdf"
"""`doc` and `xls` are those of WPS too (.wps, .et)."""

# The first bytes of formats that a portal offers and this version does not read.
_UNREAD = (
    (re.compile(rb"\x89PNG"), "picture (png)"),
    (re.compile(rb"\xff\xd8\xff"), "picture (jpeg)"),
    (re.compile(rb"GIF8"), "picture (gif)"),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), "picture (bmp)"),
    (re.compile(rb"II\*\0|MM\0\*"), "picture (tiff)"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "picture (webp)"),
    (re.compile(rb"Rar!"), "rar archive"),
    (re.compile(rb"7z\xbc\xaf"), "7z archive"),
)
_ZIP, _OLE, _RTF, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF-"
_MAIL = (
    re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE),
    re.compile(rb"^content-type:\s*(multipart/|text/html)", re.IGNORECASE | re.MULTILINE),
)
"""Header lines with which a page saved with its pictures begins (RFC 2557)."""
_HEADER = 8192
"""Bytes in which they are looked for."""
_JUNK = 1024
"""Bytes that may stand before the first of a PDF file (ISO 32000-1, implementation note 13)."""
_DATA = re.compile(
    rb"""\s*(?:[{\[]\s*["'{\[]|["']\s*<|[\w.$]+\s*\(\s*["'`{\[]|(?:var|let|const)\s+[\w$]+\s*=|window\s*[.\[])"""
)
"""How JSON, JSONP and scripts begin."""
_RULE = re.compile(rb"^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t\r]*$", re.MULTILINE)
_PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|table)\b", re.IGNORECASE)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_TAG = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|table|tbody|tr|td|div|p|span|br|center|font|h[1-6])\b"
    rb"[^<]{0,2000}>",
    re.IGNORECASE,
)


def document_format(body: bytes) -> str:
    """Return the format that the bytes show: one of the constants above.

    Raises:
        UnreadableDocument: The body is empty, damaged, or of a format that is not read.
        LimitExceeded: A ZIP file has more members than any report has.
        Encrypted: An Office document opens with a password only.
    """
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableDocument("the document is empty")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((_ZIP, _OLE)):
        return _package_format(body) if start.startswith(_ZIP) else _ole_format(body)
    if start.startswith(_RTF):
        return RTF
    junk, signature, _ = start[:_JUNK].partition(_PDF)
    if signature and not _TAG.search(junk):
        return PDF
    unread = next((name for signature, name in _UNREAD if signature.match(start)), None)
    if unread:
        raise UnreadableDocument(f"the document is a {unread}, which is not read")
    if _is_binary(body) and not _is_mail(start[:_HEADER]):
        raise UnreadableDocument("the bytes are no text")
    return _textual_format(body, start)


def _textual_format(body: bytes, start: bytes) -> str:
    """Return the format of a text; `start` is the body without what may stand before any text."""
    if _is_mail(start[:_HEADER]):
        return MHTML
    if _DATA.match(start) and b"td" in start.lower():
        return DATA
    return HTML if _TAG.search(body[:200_000]) and not _is_markdown(body) else TEXT


def _is_markdown(body: bytes) -> bool:
    """Tell whether tags are but line breaks in the tables of a Markdown text."""
    return not _PAGE.search(body) and bool(_RULE.search(body))


def _package_format(body: bytes) -> str:
    """Return the format of a ZIP file, by the names of its members."""
    names = Members(body)
    if "[Content_Types].xml" not in names:
        if "OFD.xml" in names or "mimetype" in names:
            raise UnreadableDocument("the document is OFD or OpenDocument, which is not read")
        if "_rels/.rels" in names:
            raise UnreadableDocument("the Office document is damaged: it does not say what its parts are")
        return ZIP
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise UnreadableDocument("the document is of Office, but neither Word nor Excel")


def _ole_format(body: bytes) -> str:
    """Return the format of an OLE file, by the names of its streams."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as file:
            streams = {entry[0].lower() for entry in file.listdir()}
    except (OSError, ValueError, IndexError, struct.error, RecursionError) as error:
        raise UnreadableDocument(f"the OLE file is damaged or cut: {error}") from error
    if "encryptedpackage" in streams:
        raise Encrypted("the Office document opens with a password only")
    if "worddocument" in streams:
        return DOC
    if streams & {"workbook", "book"}:
        return XLS
    raise UnreadableDocument("the OLE file holds neither a Word nor an Excel document")


def _is_mail(start: bytes) -> bool:
    header = start.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return re.match(rb"[\w-]+:", header) is not None and all(line.search(header) for line in _MAIL)


def _is_binary(body: bytes) -> bool:
    """Tell whether the body holds more control bytes than a slip explains (UTF-16 has its mark)."""
    sample = body[:65536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 200 > len(sample)
