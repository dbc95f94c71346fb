"""Pages saved with their pictures: the page is read, and what else there is, is said."""

from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from archive.captures import Capture
from pipelines.documents import read_document
from pipelines.errors import LimitExceeded, UnreadableDocument
from pipelines.read import read_capture
from tests.pipelines.template import Habits, keys_of, page

TABLE = "<table><tr><td>样本</td><td>4711</td></tr></table>"


def saved(*pages: str, charset: str = "gb18030") -> bytes:
    file = MIMEMultipart("related", type="text/html")
    for text in pages:
        file.attach(MIMEText(text, "html", charset))
    file.attach(MIMEImage(b"\x89PNG", "png"))
    return file.as_bytes()


def read_whole(body: bytes) -> list[str]:
    return [
        cell.text for grid in read_document(Capture(body=body)).grids for row in grid.rows for cell in row
    ]


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_every_cell_of_a_saved_report_is_exact(charset: str) -> None:
    texts = {key: str(1000 + number) for number, key in enumerate(keys_of("form_2021"))}
    reading = read_capture(Capture(body=saved(page("form_2021", texts, Habits(word=True)), charset=charset)))
    assert {(cell.table, cell.row, cell.column): cell.text for cell in reading.cells} == texts
    assert reading.agency == "某某市样本局"
    assert reading.problems == ()


def test_what_word_and_browsers_write_before_the_page_is_no_part_of_it() -> None:
    word = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=_N"\r\n\r\nThis document is a '
        b"Single File Web Page.\r\n\r\n----=_N\r\nContent-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: "
        b'quoted-printable\r\nContent-Type: text/html; charset="us-ascii"\r\n\r\n<table><tr><td width=3D"9">4=\r\n'
        b"7</td><td>1</td></tr></table>\r\n----=_N--\r\n"
    )
    assert read_whole(word) == ["47", "1"]
    assert read_whole(b"From: <Saved by a browser>\nSubject: x\n y\n" + saved(TABLE)) == ["样本", "4711"]


def test_a_page_that_speaks_of_mails_is_a_page() -> None:
    assert read_whole(f"<p>MIME-Version: 1.0\nContent-Type: text/html\n{TABLE}".encode()) == ["样本", "4711"]


def test_a_cut_file_and_tables_of_other_pages_are_problems() -> None:
    cut = read_document(Capture(body=saved(TABLE)[:-30]))
    assert ["is cut" in problem.detail for problem in cut.problems] == [True]
    more = read_document(Capture(body=saved(TABLE, "<p>样本", TABLE.replace("4711", "5"))))
    assert ["1 more pages" in problem.detail for problem in more.problems] == [True]
    assert len(more.grids) == 1


def test_a_file_without_a_page_or_of_too_many_parts_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="without the page"):
        read_whole(saved())
    with pytest.raises(LimitExceeded, match="parts"):
        read_whole(saved(TABLE) + b"\n--x" * 10_001)
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    with pytest.raises(LimitExceeded, match="nested"):
        read_whole(b"MIME-Version: 1.0\n" + nested)
