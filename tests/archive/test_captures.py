"""A stored body is read as text whatever charset it claims."""

import gzip
import zlib

import pytest

from archive.captures import Capture, content, text
from archive.errors import BadRecord, ContentTooLarge

PAGE = '<meta charset="gb2312"><p>样例市镕㑇体育局</p>'


def page(body: bytes, kind: str = "text/html", coding: str = "") -> Capture:
    headers = (("Content-Type", kind), ("Content-Encoding", coding)) if coding else (("Content-Type", kind),)
    return Capture(url="http://127.0.0.1:1/", headers=headers, body=body)


@pytest.mark.parametrize("charset", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=iso-8859-1", "text/html; charset=GBK"])
def test_neither_header_nor_meta_is_believed_against_the_bytes(charset: str, kind: str) -> None:
    assert text(page(PAGE.encode(charset), kind)) == PAGE


def test_gb18030_without_any_label_is_read() -> None:
    assert text(page("<p>样例市体育局</p>".encode("gb18030"))) == "<p>样例市体育局</p>"


def test_big5_is_believed_when_it_says_so() -> None:
    assert text(page("<p>體育局</p>".encode("big5"), "text/html; charset=big5")) == "<p>體育局</p>"


def test_a_page_cut_inside_a_character_stays_utf8() -> None:
    cut = ("政府信息公开" * 30).encode()[:-1]
    assert text(page(cut)).startswith("政府信息公开政府信息公开")


@pytest.mark.parametrize("label", ["gb2312", "gb18030", ""])
def test_a_page_cut_inside_a_character_stays_gb18030(label: str) -> None:
    cut = f"<meta charset={label}>{'某某市样本局政府信息公开' * 30}".encode("gb18030")[:-1]
    assert "某某市样本局政府信息公开某某市" in text(page(cut))


def test_an_unknown_charset_does_not_stop_reading() -> None:
    assert text(page("体育局".encode("gb18030"), "text/html; charset=x-nonsense")) == "体育局"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"abc", mtime=0)),
        ("x-gzip", gzip.compress(b"a", mtime=0) + gzip.compress(b"bc", mtime=0)),
        ("deflate", zlib.compress(b"abc")),
        ("deflate", zlib.compress(b"abc", wbits=-15)),
        ("gzip", b"abc"),
        ("deflate", b"abc"),
        ("gzip, deflate", b"abc"),
        ("deflate, gzip", gzip.compress(zlib.compress(b"abc"), mtime=0)),
    ],
)
def test_content_encodings_are_undone(coding: str, packed: bytes) -> None:
    assert content(page(packed, coding=coding)) == b"abc"


@pytest.mark.parametrize(
    "body",
    [
        PAGE.encode("gb18030"),
        PAGE.encode() * 100,
        b'{"a": 1}',
        b"x^2",
        b"%PDF-1.4\n\x00\x01",
        b"PK\x03\x04\x00",
        b"",
    ],
)
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_body_that_is_not_coded_as_promised_is_returned_as_it_is(body: bytes, coding: str) -> None:
    assert content(page(body, coding=coding)) == body


FRAMED, BARE = (zlib.compress(bytes(range(256)) * 9, wbits=window) for window in (15, -15))


@pytest.mark.parametrize(
    "packed",
    [FRAMED[:-9], BARE[:-9], FRAMED[:20] + b"\xff" * 9 + FRAMED[29:], b"\xff" + BARE[1:], BARE + b"more"],
)
def test_a_damaged_or_cut_deflate_is_an_error(packed: bytes) -> None:
    with pytest.raises(BadRecord):
        content(page(packed, coding="deflate"))


def test_encodings_and_members_without_number_are_refused_at_once() -> None:
    with pytest.raises(BadRecord, match="one upon the other"):
        content(page(b"abc", coding=", ".join(["deflate"] * 1000)))
    with pytest.raises(BadRecord, match="members"):
        content(page(gzip.compress(b"", mtime=0) * 1_000_000, coding="gzip"))


def test_a_decompression_bomb_is_refused_before_it_fills_memory() -> None:
    bomb = gzip.compress(bytes(50_000_000), mtime=0)
    with pytest.raises(ContentTooLarge):
        content(page(bomb, coding="gzip"), limit=1_000_000)


@pytest.mark.parametrize("packed", [gzip.compress(b"abc", mtime=0)[:-3], b"\x1f\x8b\x08garbage"])
def test_a_cut_or_damaged_encoding_is_an_error(packed: bytes) -> None:
    with pytest.raises(BadRecord):
        content(page(packed, coding="gzip"))


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/nb/年 报.html", "http://h/nb/%E5%B9%B4%20%E6%8A%A5.html"),
        ("b.html#top", "http://h/nb/b.html"),
        ("//other/x", "http://other/x"),
        ("http://[x/y", ""),
        ("", ""),
    ],
)
def test_a_redirect_leads_where_the_crawl_asks(location: str, target: str) -> None:
    headers = (("Location", location.encode().decode("latin-1")),)
    assert Capture(url="http://h/nb/a.html", status=302, headers=headers).leads_to == target
    assert Capture(url="http://h/nb/a.html", status=200, headers=headers).leads_to == ""
