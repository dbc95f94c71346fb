"""Formats are told by bytes: what a server or a file name says is not asked."""

import pytest

from pipelines.documents.formats import DOC, DOCX, HTML, PDF, RTF, XLS, XLSX, ZIP, document_format
from pipelines.errors import Encrypted, LimitExceeded, UnreadableDocument
from tests.pipelines.office_files import ole, zipped


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("[Content_Types].xml", "word/document.xml"), DOCX),
        (("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (("word/document.xml",), ZIP),
        (("报告.docx",), ZIP),
    ],
)
def test_a_zip_file_is_what_its_members_make_it(names: tuple[str, ...], kind: str) -> None:
    assert document_format(zipped(dict.fromkeys(names, ""))) == kind


@pytest.mark.parametrize("names", [("[Content_Types].xml", "ppt/presentation.xml"), ("OFD.xml",)])
def test_a_package_of_another_kind_is_not_read(names: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableDocument, match="which is not read|neither Word nor Excel"):
        document_format(zipped(dict.fromkeys(names, "")))


def test_a_package_without_its_list_of_parts_is_damaged() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        document_format(zipped(dict.fromkeys(("_rels/.rels", "xl/workbook.xml"), "")))


def test_a_zip_file_cut_short_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="damaged or cut"):
        document_format(zipped({"[Content_Types].xml": "", "word/document.xml": ""})[:-30])


def test_a_directory_of_very_many_members_is_refused_before_it_is_read() -> None:
    with pytest.raises(LimitExceeded, match="members"):
        document_format(b"PK\x03\x04" + b"PK\x01\x02" * 20_000)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"GIF89a", "gif"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "bmp"),
        (b"II*\x00", "tiff"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"),
    ],
)
def test_a_picture_is_said_to_be_one(start: bytes, name: str) -> None:
    with pytest.raises(UnreadableDocument, match=f"picture \\({name}\\)"):
        document_format(start + bytes(100))


def test_text_that_begins_like_a_picture_is_text() -> None:
    assert document_format("BM 指标\t1".encode()) == "text"


def test_a_pdf_file_is_one_whatever_its_bytes_spell_and_a_page_that_speaks_of_one_is_none() -> None:
    assert document_format(b"%PDF-1.3\n<</Author(<p\xff\xd8>)>>") == PDF
    assert document_format(b"junk\r\n%PDF-1.3\n<p>") == PDF
    assert document_format(b"<html><p>%PDF-1.3</p>") == HTML


def test_rich_text_is_told_by_its_first_bytes() -> None:
    assert document_format(b"{\\rtf1\\ansi 1}") == RTF


@pytest.mark.parametrize(("stream", "kind"), [("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS)])
def test_an_ole_file_is_what_its_streams_make_it(stream: str, kind: str) -> None:
    assert document_format(ole({"SummaryInformation": b"", stream: b""})) == kind


def test_an_ole_file_around_an_encrypted_document_says_so() -> None:
    with pytest.raises(Encrypted):
        document_format(ole({"EncryptionInfo": b"", "EncryptedPackage": b""}))


def test_an_ole_file_of_another_kind_or_cut_is_unreadable() -> None:
    body = ole({"PowerPoint Document": b""})
    for cut in (len(body), 700, 400):
        with pytest.raises(UnreadableDocument):
            document_format(body[:cut])
