"""Which format a document has, by its bytes.

What a server or a file name claims about the format is not asked: error pages are served
as PDF, and Word files are called .html.
"""

import re

from pipelines.errors import UnreadableDocument

HTML, TEXT = "html", "text"

# The first bytes of formats that a portal offers and this version does not read.
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip (docx, xlsx or an archive)"),
    (b"\xd0\xcf\x11\xe0", "doc, xls or wps"),
    (b"\x89PNG", "picture (png)"),
    (b"\xff\xd8\xff", "picture (jpeg)"),
    (b"GIF8", "picture (gif)"),
    (b"BM", "picture (bmp)"),
    (b"II*\x00", "picture (tiff)"),
    (b"MM\x00*", "picture (tiff)"),
    (b"Rar!", "rar archive"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"{\\rtf", "rtf"),
)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_TAG = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|table|tbody|tr|td|div|p|span|br|center|font|h[1-6])\b"
    rb"[^<]{0,2000}>",
    re.IGNORECASE,
)


def document_format(body: bytes) -> str:
    """Return the format that the bytes show: one of the constants above.

    Raises:
        UnreadableDocument: The body is empty, or of a format that is not read.
    """
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableDocument("the document is empty")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            raise UnreadableDocument(f"the bytes are a {name}, which is not read")
    if _is_binary(body):
        raise UnreadableDocument("the bytes are no text")
    return HTML if _TAG.search(body[:200_000]) else TEXT


def _is_binary(body: bytes) -> bool:
    """Tell whether the body holds more control bytes than a slip explains (UTF-16 has its mark)."""
    sample = body[:65536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 200 > len(sample)
