"""The capture: one stored response, with what the crawl knew when it asked for it."""

import re
import zlib
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bs4.dammit import UnicodeDammit
from w3lib.url import safe_url_string

from archive.errors import BadRecord, ContentTooLarge

ROBOTS, HOME, PAGE, LIST = "robots", "home", "page", "list"
DETAIL, ATTACHMENT, PICTURE = "detail", "attachment", "picture"

CONTENT_LIMIT = 64 * 1024 * 1024
"""Bytes a body may decode to; the largest report seen has 30 MB."""

_LAYERS, _MEMBERS = 3, 100
"""Content encodings one upon the other, and gzip members one after the other, that are undone."""

# Bytes that no text has, and what documents begin with: these tell a body that was never deflated
# from one that was damaged.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# Labels that promise less than the pages hold: gb18030 contains both.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}

_UNASKED = {"iso-8859-1", "latin1", "windows-1252", "us-ascii", "ascii"}

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What the crawl knew when it asked. Empty for a file given by hand.

    Attributes:
        role: why it was asked: one of the constants above; only `detail` and `attachment`
            captures are read as documents; a `picture` is archived for those who can read it.
        portal: name of the portal; `portal_title` the publisher's own name.
        division: the portal's six-digit GB/T 2260 code.
        column: address of the list the link stood on; `column_title` its heading.
        link_text: text (or title attribute) of the link that was followed.
        listed_on: date printed beside that link, YYYY-MM-DD.
        referer: address of the page the link stood on.
        page_title: of what a page brings with it (an attachment, a frame, a picture): the title
            of that page, as its own link told it.
    """

    role: str = ""
    portal: str = ""
    portal_title: str = ""
    division: str = ""
    column: str = ""
    column_title: str = ""
    link_text: str = ""
    listed_on: str = ""
    referer: str = ""
    page_title: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response.

    Attributes:
        id: 32 hexadecimal digits, the UUID of the WARC response record.
        url, method, status, headers: the exchange; header names as received.
        body: as stored, before content decoding.
        fetched_at: UTC, `YYYY-MM-DDTHH:MM:SSZ`.
        digest: SHA-256 of the body, hexadecimal.
        file, offset, length: the response record's gzip member in `warc/<portal>/<file>`.
        refers_to: id of the capture whose body this one repeats (a WARC revisit), or empty;
            `body` is then empty and `digest` that of the repeated body. `status` is 304 where
            the server said so, 200 where it sent the same body again.
        judged: what the answer is instead of the page, where the crawl noticed: `challenge`,
            `cut` (the body did not come whole), `soft_404`, `home_page`, `list_page`, or the
            kind of the bytes where it is the wrong one (`html`, `pdf`, ...).
    """

    id: str = ""
    url: str = ""
    method: str = "GET"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fetched_at: str = ""
    digest: str = ""
    run: str = ""
    file: str = ""
    offset: int = 0
    length: int = 0
    refers_to: str = ""
    judged: str = ""
    context: Context = field(default=Context())

    def header(self, name: str) -> str:
        """Return the first value of a response header, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def leads_to(self) -> str:
        """Return the address that a redirect leads to, as a crawl asks for it, or an empty string."""
        location = self.header("location") if 300 <= self.status < 400 else ""
        try:
            # Headers are kept as Latin-1, and portals send addresses in raw UTF-8.
            target = safe_url_string(location.encode("latin-1")) if location else ""
            return urljoin(self.url, target).partition("#")[0] if target else ""
        except ValueError:
            return ""


def content(capture: Capture, limit: int = CONTENT_LIMIT) -> bytes:
    """Return the body with its content encodings (gzip, deflate) undone.

    A header that promises an encoding the bytes do not have is common on old portals: such
    a body is returned as it is.

    Raises:
        ContentTooLarge: The body decodes to more than `limit` bytes.
        BadRecord: The encoded body is damaged or cut, or coded in a way we never ask for.
    """
    body = capture.body
    codings = capture.header("content-encoding").lower().split(",")
    if len(codings) > _LAYERS:
        raise BadRecord(f"{capture.url}: {len(codings)} content encodings, one upon the other")
    for coding in map(str.strip, reversed(codings)):
        if coding in ("gzip", "x-gzip") and body[:2] == b"\x1f\x8b":
            body = _inflate(body, 31, limit)
        elif coding == "deflate":
            body = _undeflate(body, limit)
        elif coding in ("br", "zstd", "compress"):
            raise BadRecord(f"{capture.url}: content encoding {coding!r} was not asked for")
    return body


def _undeflate(body: bytes, limit: int) -> bytes:
    """Undo deflate: within zlib's frame as RFC 9110 has it, or bare, as some servers send it."""
    framed = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    try:
        return _inflate(body, 15 if framed else -15, limit)
    except BadRecord:
        if _NO_TEXT.search(body[:512]) and not body.startswith(_DOCUMENTS):
            raise
        return body


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    while body:
        inflater = zlib.decompressobj(window)
        try:
            parts.append(inflater.decompress(body, room + 1))
        except zlib.error as error:
            raise BadRecord(f"the compressed body is damaged: {error}") from error
        room -= len(parts[-1])
        if room < 0:
            raise ContentTooLarge(f"the body decodes to more than {limit} bytes")
        if not inflater.eof:
            raise BadRecord("the compressed body is cut")
        if window < 0 and inflater.unused_data.strip(b"\0\r\n"):
            # A bare stream has no checksum: that it ends with the body is all that shows it was one.
            raise BadRecord("the compressed body is damaged: it ends before its end")
        if len(parts) > _MEMBERS:
            raise BadRecord(f"the compressed body has more than {_MEMBERS} members")
        # A gzip body may be several members; anything else that follows is padding.
        body = inflater.unused_data if inflater.unused_data[:2] == b"\x1f\x8b" else b""
    return b"".join(parts)


def text(capture: Capture) -> str:
    """Return the body as text.

    Strictly valid UTF-8 first: pages labelled gb2312 that are UTF-8 are common, and no
    Chinese text in gb18030 is valid UTF-8 by accident. Then UTF-8 with a few broken
    characters (a cut page), then the declared charset, gb2312 and gbk widened to gb18030,
    then gb18030, that too with a few broken characters, then detection by BeautifulSoup's UnicodeDammit.

    Raises:
        ContentTooLarge, BadRecord: as `content`.
    """
    body = content(capture)
    lenient = body.decode("utf-8-sig", errors="replace")
    if _mostly_whole(lenient):
        return lenient
    declared = declared_charset(capture, body)
    for charset in dict.fromkeys((declared, "gb18030")):
        try:
            return body.decode(charset)
        except (LookupError, UnicodeError):
            continue
    lenient = body.decode("gb18030", errors="replace")
    if declared in ("gb18030", "") and _mostly_whole(lenient):
        return lenient
    return UnicodeDammit(body).unicode_markup or body.decode("gb18030", errors="replace")


def _mostly_whole(decoded: str) -> bool:
    """Tell whether at most one in fifty of the characters beyond ASCII is broken."""
    broken = decoded.count("\ufffd")
    return broken == 0 or broken * 50 <= sum(not character.isascii() for character in decoded)


def declared_charset(capture: Capture, body: bytes) -> str:
    """Return the charset that the header or else the page names, or an empty string.

    gb2312 and gbk are widened; Western labels are what servers send unasked, and count as none.
    """
    named = _HEADER_CHARSET.search(capture.header("content-type"))
    label = named[1].lower() if named else ""
    if not label or label in _UNASKED:
        meta = _META_CHARSET.search(body[:4096])
        label = meta[1].decode("ascii", errors="replace").lower() if meta else ""
    return "" if label in _UNASKED else _WIDER.get(label, label)
