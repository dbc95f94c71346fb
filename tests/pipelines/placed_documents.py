"""Random reports in every format, in shapes in which it is hard to say where a cell stands."""

import json
import re
from collections.abc import Callable
from html import escape
from io import BytesIO
from random import Random

from openpyxl import load_workbook

from tests.pipelines.office_files import zipped
from tests.pipelines.round_trip import markup, office, pdf
from tests.pipelines.round_trip.reports import Report
from tests.pipelines.test_mhtml import saved
from tests.pipelines.test_text import as_csv

UTF_8 = '<html><meta charset="utf-8">'
SHEET = "it's 表三"


def html_with_lines(report: Report, random: Random) -> bytes:
    """Print a page with each cell on a line of its own."""
    return markup.html(report, random).replace(b"<td", b"\n<td")


def html_with_inline_tables(report: Report, random: Random) -> bytes:
    """Print a page in which every other number stands in a table of its own inside its cell."""
    body = markup.html(report, random)
    inline = rb"\1<table class=x><tr><td>\2</td></tr></table></td>"
    return re.sub(rb"(<td[^>]*>)(\d*[02468])</td>", inline, body)


def html_in_odd_elements(report: Report, random: Random) -> bytes:
    """Print a page whose tables stand in elements that XPath has no name for."""
    body = markup.html(report, random)
    return body.replace(b"<table>", b"<o:p></o:p><o:p><st1:a.b><table>").replace(
        b"</table>", b"</table></st1:a.b></o:p>"
    )


def html_in_a_script(report: Report, random: Random) -> bytes:
    """Print a page that a script writes, in a string."""
    text = json.dumps(whole(report, random)).replace("/", "\\/")
    return f"{UTF_8}<title>{report.parts[0]}</title><body>\n<p>x\n<script>var a = {text};</script>".encode()


def html_in_a_frame(report: Report, random: Random) -> bytes:
    """Print a page that stands in the attribute of a frame."""
    title = report.parts[0]
    return f"{UTF_8}<title>{title}</title><body>\n\n<p>x<p>y{_frame(whole(report, random))}".encode()


def html_in_a_script_in_a_frame(report: Report, random: Random) -> bytes:
    inner = html_in_a_script(report, random).decode()
    return f"{UTF_8}<title>{report.parts[0]}</title><body>\n{_frame(inner)}".encode()


def _frame(page: str) -> str:
    line = escape(page).replace("\n", "&#10;")
    return f'<iframe srcdoc="{line}"></iframe>'


def as_json(report: Report, random: Random) -> bytes:
    """Print what an address for programs gives."""
    return json.dumps({"title": report.parts[0], "content": whole(report, random)}).encode()


def as_mhtml(report: Report, random: Random) -> bytes:
    return saved(whole(report, random).replace("<td", "\n<td"), charset="utf-8")


def whole(report: Report, random: Random) -> str:
    """Print a page as text."""
    body = markup.html(report, random)
    return body.decode("gb18030" if b"charset=gb18030" in body else "utf-8")


def csv_lines(report: Report, random: Random) -> bytes:
    tables = [markup.slots(part) for part in report.parts if not isinstance(part, str)]
    text = as_csv(tables).replace("\xa0", " ")
    return "\n".join([f"{report.parts[0]},,,,,,,,,,,,,,", *text.splitlines()]).encode()


def xlsx_off_the_corner(report: Report, random: Random) -> bytes:
    """Print a workbook whose sheets begin in C4, with a hidden row and a hidden column before."""
    book = load_workbook(BytesIO(office.xlsx(report, random, corner=(4, 3))))
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"{SHEET} {number}"
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["A"].hidden = True
    body = BytesIO()
    book.save(body)
    return body.getvalue()


def pdf_sideways(report: Report, random: Random) -> bytes:
    """Print a PDF file whose text runs upward on pages that are not turned."""
    for number in range(100):
        body = pdf.pdf(report, Random(f"{random.random()} {number}"))
        if b"/Rotate 90" in body:
            return body.replace(b"/Rotate 90", b"/Rotate 0 ")
    raise AssertionError("none of the pages is turned")


def in_an_archive(kind: str) -> Callable[[Report, Random], bytes]:
    """Return what puts a document into an archive, behind one that has a table of its own."""
    other = "<table><tr><td>样本<td>无</table>"
    render = {"html": html_with_lines, "xlsx": office.xlsx, "docx": office.docx, "pdf": pdf.pdf}[kind]
    return lambda report, random: zipped({"1.html": other, f"it's 样本/2.{kind}": render(report, random)})


PRINTED: dict[str, tuple[str, Callable[[Report, Random], bytes]]] = {
    "html": ("html", html_with_lines),
    "inline tables": ("html", html_with_inline_tables),
    "elements without a name": ("html", html_in_odd_elements),
    "script": ("html", html_in_a_script),
    "frame": ("html", html_in_a_frame),
    "script in a frame": ("html", html_in_a_script_in_a_frame),
    "json": ("json", as_json),
    "mhtml": ("mhtml", as_mhtml),
    "text": ("text", markup.text),
    "markdown": ("markdown", markup.markdown),
    "csv": ("csv", csv_lines),
    "docx": ("docx", office.docx),
    "xlsx": ("xlsx", office.xlsx),
    "xlsx off the corner": ("xlsx", xlsx_off_the_corner),
    "pdf": ("pdf", pdf.pdf),
    "pdf sideways": ("pdf", pdf_sideways),
    **{f"{kind} in an archive": ("zip", in_an_archive(kind)) for kind in ("html", "xlsx", "docx", "pdf")},
}
"""What is printed: the kind of document, and how it is made."""
