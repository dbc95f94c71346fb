"""PDF files that hold no text to read, or more than any report: pictures, locked ones, and raw objects."""

import io
import zlib

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.pipelines.pdf_strips import FONT, MARGIN


def scan(pages: int, before: list[str] | None = None) -> bytes:
    """Return a PDF file of pages that are grey pictures, after a page of text."""
    body = io.BytesIO()
    canvas = Canvas(body, pagesize=A4, invariant=True)
    for number, text in enumerate(before or []):
        canvas.setFont(FONT, 12)
        canvas.drawString(MARGIN, A4[1] - MARGIN - 20 * number, text)
    if before:
        canvas.showPage()
    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (40, 60), 200)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def locked(password: str) -> bytes:
    """Return an encrypted PDF file that says 2022."""
    body = io.BytesIO()
    canvas = Canvas(body, encrypt=StandardEncryption(password, ownerPassword="owner"))
    canvas.drawString(MARGIN, A4[1] / 2, "2022")
    canvas.save()
    return body.getvalue()


def pages(count: int, content: bytes = b"", stream: bytes = b"") -> bytes:
    """Return a file of `count` pages that draw `content`, written out object by object."""
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(count))
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    form = b"/XObject<</X 3 0 R>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s%s>>>>" % (
        font,
        form,
    )
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream"
    drawn = b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), stream, content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        form,
        drawn,
    ]
    return written([*objects, *[page] * count])


def written(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (count, table, count, len(body))


def squeezed(content: bytes) -> bytes:
    return pages(1, zlib.compress(content, 9), b"/Filter/FlateDecode")
