"""Personal data is found wherever in the bytes of a file it stands; what cannot be looked through is said."""

import base64
import gzip
import io
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from random import Random

import docx
import olefile
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import processes, texts
from archive.captures import Capture
from archive.errors import ProgramFailed, Unsearchable
from archive.kinds import EMPTY, HTML, PDF, TEXT, UNKNOWN, XLSX, kind_of
from archive.masking import mask
from archive.texts import PIECE, found_in, holds_personal_data, pieces
from tests.pipelines import pdf_files
from tests.pipelines.office_files import zipped

NUMBER, OFFICE = "13812345678", "0373-3051234"
CARD = "11010519491231002X"


def word(text: str) -> bytes:
    """Return a Word file that says this, its characters in runs of three each."""
    document, saved = docx.Document(), io.BytesIO()
    paragraph = document.add_paragraph("联系电话：")
    for at in range(0, len(text), 3):
        paragraph.add_run(text[at : at + 3]).bold = at % 2 == 0
    document.save(saved)
    return saved.getvalue()


def workbook(value: object) -> bytes:
    book, saved = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["B2"], sheet["C2"] = "电话", value  # type: ignore[assignment]
    book.save(saved)
    return saved.getvalue()


def rtf(text: str) -> bytes:
    escaped = "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))
    return b"{\\rtf1\\ansi{\\fonttbl{\\f0 SimSun;}}\\pard " + escaped.encode() + b"\\par}"


def mail(text: str) -> bytes:
    whole = MIMEMultipart("related")
    whole.attach(MIMEText(f"<p>{text}", "html", "gb18030"))
    return whole.as_bytes()


def scripted(text: str) -> bytes:
    written = "".join(f"\\u{ord(each):04x}" for each in text)
    return f'<p>x<script>var a = "{written}";</script>'.encode()


HELD = {
    "a page": lambda text: f"<p>{text}".encode(),
    "a page in GB 18030": lambda text: f"<meta charset=gbk><p>{text}".encode("gb18030"),
    "a comment": lambda text: f"<p>x<!-- {text} -->".encode(),
    "an attribute": lambda text: f"<p>x<img alt='{text}'>".encode(),
    "entities": lambda text: ("<p>" + "".join(f"&#{ord(each)};" for each in text)).encode(),
    "an attribute of entities": lambda text: (
        "<p title='" + "".join(f"&#x{ord(each):x};" for each in text) + "'>x"
    ).encode(),
    "elements": lambda text: ("<p>" + "".join(f"<b>{each}</b>" for each in text)).encode(),
    "a script": scripted,
    "JSON": lambda text: f'{{"a": "{text}"}}'.encode(),
    "a text": lambda text: f"a\tb\n{text}\n".encode(),
    "a long line": lambda text: ("办理" * 10_000 + f" {text} " + "办理" * 10_000).encode(),
    "a mail": mail,
    "RTF": rtf,
    "Word": word,
    "a workbook": workbook,
    "a PDF file": lambda text: pdf_files.pdf_of(["某某市样本局", text]),
    "an archive": lambda text: zipped({"a.txt": "x", "b.docx": word(text)}),
    "an archive in an archive": lambda text: zipped({"a.zip": zipped({"b.html": f"<p>{text}"})}),
    "the name of a file in an archive": lambda text: zipped({f"{text}.txt": "x"}),
}
IN_PROGRAMS = ("RTF", "Word", "a workbook", "a PDF file", "an archive", "an archive in an archive")


def held(name: str, text: str) -> Capture:
    return Capture(id="a", body=HELD[name](text))


@pytest.mark.slow
@pytest.mark.parametrize("name", HELD)
def test_a_mobile_number_is_found_wherever_it_stands_and_an_offices_is_none(name: str) -> None:
    assert holds_personal_data(held(name, NUMBER))
    assert not holds_personal_data(held(name, OFFICE))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in HELD if name != "a workbook"])
def test_a_home_and_an_identity_card_are_found_too(name: str) -> None:
    assert holds_personal_data(held(name, "家庭住址：样例市甲路1号"))
    assert holds_personal_data(held(name, f"身份证号{CARD}"))


@pytest.mark.slow
def test_a_number_is_found_in_a_workbook_where_it_is_no_text() -> None:
    assert holds_personal_data(Capture(body=workbook(13812345678)))
    assert not holds_personal_data(Capture(body=workbook(1381234567)))


@pytest.mark.slow
@pytest.mark.parametrize("body", [b"x", b"<p>x", b"", b"\x89PNG\r\n", word("x")])
def test_a_number_in_the_name_of_the_file_is_found(body: bytes) -> None:
    for name, found in ((NUMBER, True), (OFFICE, False)):
        named = (("Content-Disposition", f"attachment; filename=%E5%BC%A0{name}.txt"),)
        assert holds_personal_data(Capture(headers=named, body=body)) == found


def test_an_encoded_body_is_looked_through_as_what_it_is() -> None:
    packed = gzip.compress(f"<p>{NUMBER}".encode(), mtime=0)
    assert holds_personal_data(Capture(headers=(("Content-Encoding", "gzip"),), body=packed))
    with pytest.raises(Unsearchable):
        holds_personal_data(Capture(headers=(("Content-Encoding", "gzip"),), body=packed[:-4]))


@pytest.mark.parametrize(
    "body",
    [
        b"Rar!\x1a\x07\x00" + bytes(range(256)),
        b"7z\xbc\xaf\x27\x1c" + bytes(range(256)),
        bytes(range(256)),
        olefile.MAGIC + b"WordDocument"[:4] + bytes(600),
        b"%PDF-1.7\n" + b"x" * 100,
        zipped({"a.txt": "x"})[:-30],
        zipped({"a.rar": b"Rar!\x1a\x07\x00" + bytes(range(256))}),
    ],
    ids=["rar", "7z", "binary", "OLE", "PDF", "ZIP cut", "rar in a ZIP"],
)
@pytest.mark.slow
def test_what_cannot_be_looked_through_is_an_error_and_never_clean(body: bytes) -> None:
    with pytest.raises(Unsearchable):
        holds_personal_data(Capture(body=body))


def encrypted_zip() -> bytes:
    body = bytearray(zipped({"a.txt": "x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + at] |= 1
    return bytes(body)


@pytest.mark.slow
def test_an_archive_that_needs_a_password_cannot_be_looked_through() -> None:
    with pytest.raises(Unsearchable, match="password"):
        holds_personal_data(Capture(body=encrypted_zip()))


@pytest.mark.slow
def test_a_bomb_costs_one_answer() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(4):
            file.writestr(f"{number}.txt", bytes(100_000_000))
    # Told by its size, or on a busy machine by the time it takes.
    with pytest.raises(Unsearchable):
        holds_personal_data(Capture(body=bomb.getvalue()))


@pytest.mark.slow
def test_a_program_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "SECONDS", 0.05)
    with pytest.raises(Unsearchable):
        holds_personal_data(Capture(body=word(OFFICE)))


@pytest.mark.slow
def test_a_program_that_prints_too_much_or_ends_badly_gives_no_answer() -> None:
    with pytest.raises(ProgramFailed):
        processes.run("archive.texts", [".docx", ""], word(OFFICE), seconds=30, most=3)
    with pytest.raises(ProgramFailed):
        processes.run("archive.texts", [".exe", ""], b"x", seconds=30, most=100)


def test_a_picture_and_nothing_hold_no_text() -> None:
    assert not holds_personal_data(Capture(body=b"\x89PNG\r\n" + NUMBER.encode()))
    assert not holds_personal_data(Capture(body=b""))


ALPHABET = "138１３ -－.　\t\n住址家现：地:@＠qq.com163一二村号室Xx，6２62"


@settings(deadline=None)
@given(
    st.text(ALPHABET, max_size=60) | st.builds("{}{}{}".format, st.text(ALPHABET), st.just(NUMBER), st.text())
)
def test_nothing_that_would_be_masked_is_overlooked_for_speed(text: str) -> None:
    assert found_in([text]) == bool(mask(text)[1])


@pytest.mark.parametrize(
    "text",
    ["a＠qq.com", "a@163.com", "家住甲村1号", "现住于甲村1号", "地址：甲村", "住址 : 甲村", "１３８12345678"],
)
def test_each_sign_of_personal_data_is_looked_at(text: str) -> None:
    assert found_in([text]) == bool(mask(text)[1])


@settings(deadline=None)
@given(
    st.lists(st.text("住一1\n， ", min_size=1, max_size=PIECE), max_size=5), st.randoms(use_true_random=False)
)
def test_pieces_hold_all_of_a_text_in_order(parts: list[str], random: Random) -> None:
    text = "".join(part * random.randrange(1, 9) for part in parts)
    at = 0
    for piece in pieces(text):
        assert 0 < len(piece) <= PIECE or not piece
        found = text.find(piece, max(at - 600, 0))
        assert 0 <= found <= at + 1
        at = found + len(piece)
    assert at in (len(text), max(len(text) - 1, 0))


@pytest.mark.parametrize("cut", range(-15, 16))
def test_a_number_is_found_where_pieces_meet(cut: int) -> None:
    before = "办" * (PIECE + cut - 1) + "："
    assert found_in([f"{before}{NUMBER}。{'办' * PIECE}"])
    assert not found_in([f"{before}{'7' * 5}{NUMBER}。{'办' * PIECE}"])
    assert found_in([f"{'，' * (PIECE + cut)}138-1234-5678。{'办' * PIECE}"])
    assert found_in([f"{'，' * (PIECE + cut)}家庭住址：样例市甲路1号。{'办' * PIECE}"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", EMPTY),
        (b" \0\0", EMPTY),
        (b"\n<html>", HTML),
        (b"<?xml version='1.0'?><a/>", HTML),
        (b"a < b, 3 > 2", TEXT),
        (b"\xef\xbb\xbfa,b", TEXT),
        (b"x" * 300 + b"%PDF-1.4", PDF),
        (b"<p>%PDF-1.4", HTML),
        (bytes(range(256)), UNKNOWN),
        ("\ufeff年报".encode("utf-16-le"), TEXT),
        (workbook("x"), XLSX),
    ],
)
def test_a_kind_is_told_by_the_bytes(body: bytes, kind: object) -> None:
    assert kind_of(body) is kind


def test_base64_in_a_page_is_no_number() -> None:
    picture = base64.b64encode(Random(1).randbytes(200_000)).decode()
    assert not holds_personal_data(Capture(body=f"<img src='data:image/png;base64,{picture}'>".encode()))
