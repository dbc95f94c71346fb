"""All text in files that are no pages: PDF, Office, archives, mails. Roughly: only a search reads it.

What a file does not say of itself is not asked: no layout, no order. Where text cannot be reached, that is
an error, never an empty text.
"""

import html
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive import captures, kinds
from archive.captures import Capture
from archive.errors import Unsearchable
from archive.kinds import Kind, kind_of

MOST_MEMBERS, MOST_INFLATED, DEEPEST = 5_000, 256 * 1024 * 1024, 4
"""Of an archive: members, bytes they inflate to all together, archives one inside the other."""

MOST_PAGES = 1_000

_BY_SUFFIX = {
    kind.suffix: kind
    for kind in (kinds.PDF, kinds.DOCX, kinds.XLSX, kinds.ZIP, kinds.DOC, kinds.XLS, kinds.RTF)
}
_XML_BREAK = re.compile(
    r"</(?:\w+:)?(?:p|div|li|h\d|title|tc|tr|si|c|v|row|t[dh]|TextCode)\s*>|<(?:\w+:)?(?:br|cr|tab)\b[^>]*>",
    re.IGNORECASE,
)
_XML_TAG = re.compile(r"<[^>]*>")
_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?\??|\\(par|cell|row|line|tab|sect|page)\b ?|\\[a-zA-Z]+-?\d* ?"
    r"|\\([^a-zA-Z])|[{}\r\n]"
)


def load() -> None:
    """Load the libraries that texts are told with, before memory is limited."""
    import olefile  # noqa: F401
    import pypdfium2  # noqa: F401
    import python_calamine  # noqa: F401


def texts(suffix: str, body: bytes) -> Iterator[str]:
    """Yield all text in a file of the kind whose names end so.

    Raises:
        Unsearchable: It cannot be told.
    """
    yield from _texts(_BY_SUFFIX[suffix], body, [MOST_INFLATED], 1)


def _texts(kind: Kind, body: bytes, room: list[int], depth: int) -> Iterator[str]:
    if kind in (kinds.DOCX, kinds.XLSX, kinds.ZIP):
        yield from _zip(body, room, depth, is_package=kind is not kinds.ZIP)
    elif kind is kinds.UNKNOWN:
        raise Unsearchable("a file in the archive is of no kind that is known here")
    elif kind in _FLAT:
        yield from _FLAT[kind](body)


def _text(body: bytes) -> Iterator[str]:
    yield from _plain(Capture(body=body))


def _mail(body: bytes) -> Iterator[str]:
    for part in mail_parts(body):
        yield from _plain(part)


def _plain(part: Capture) -> Iterator[str]:
    text = captures.text(part)
    yield text
    yield without_tags(text)


def without_tags(text: str) -> str:
    """Return a text without what stands in angle brackets, its blocks on lines of their own."""
    return html.unescape(_XML_TAG.sub("", _XML_BREAK.sub("\n", text)))


def _pdf(body: bytes) -> Iterator[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
        if len(document) > MOST_PAGES:
            raise Unsearchable(f"the PDF file has more than {MOST_PAGES} pages")
        for page in document:
            yield page.get_textpage().get_text_range()
    except pypdfium2.PdfiumError as error:
        raise Unsearchable(f"the PDF file cannot be opened: {error}") from error


def _zip(body: bytes, room: list[int], depth: int, *, is_package: bool) -> Iterator[str]:
    """Yield the texts of an archive's members; those of a package of Office that are no text are left."""
    if depth > DEEPEST:
        raise Unsearchable("archives are nested too deeply")
    try:
        with ZipFile(BytesIO(body)) as file:
            members = [each for each in file.infolist() if not each.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise Unsearchable(f"the archive has more than {MOST_MEMBERS} members")
            for member in members:
                yield member.filename
                data = _inflated(file, member, room)
                kind = kind_of(data)
                if not (is_package and kind is kinds.UNKNOWN):
                    yield from _texts(kind, data, room, depth + 1)
    except (BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise Unsearchable(f"the archive is damaged, or needs a password: {error}") from error


def _inflated(file: ZipFile, member: ZipInfo, room: list[int]) -> bytes:
    with file.open(member) as stream:
        data = stream.read(room[0] + 1)
    room[0] -= len(data)
    if room[0] < 0:
        raise Unsearchable(f"the archive inflates to more than {MOST_INFLATED} bytes")
    return data


def _ole(body: bytes) -> Iterator[str]:
    """Yield what the streams hold read as UTF-16, whichever byte it begins with, and as GB 18030."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(body)) as file:
            names = ["/".join(entry) for entry in file.listdir()]
            if any(name.lower() == "encryptedpackage" for name in names):
                raise Unsearchable("the Office file opens with a password only")
            streams = [file.openstream(name).read() for name in names]
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise Unsearchable(f"the OLE file is damaged: {error}") from error
    for data in streams:
        for text in (data, data[1:]):
            yield text.decode("utf-16-le", errors="replace")
        yield data.decode("gb18030", errors="replace")


def _xls(body: bytes) -> Iterator[str]:
    yield from _ole(body)
    yield from _workbook(body)


def _workbook(body: bytes) -> Iterator[str]:
    """Yield the values of an old workbook, whose numbers are no text in its bytes."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(body))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                yield "\n".join(map(_printed, row))
    except (python_calamine.CalamineError, ValueError) as error:
        raise Unsearchable(f"the workbook cannot be opened: {error}") from error


def _printed(value: Any) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _rtf(body: bytes) -> Iterator[str]:
    """Yield the text of an RTF file: its escapes are bytes of GB 18030, or UTF-16."""
    parts: list[bytes] = []
    at = 0
    source = body.decode("latin-1")
    for token in _RTF.finditer(source):
        parts.append(source[at : token.start()].encode("latin-1"))
        at = token.end()
        if token[1]:
            parts.append(bytes.fromhex(token[1]))
        elif token[2]:
            code = int(token[2]) % 0x10000
            parts.append(chr(code if not 0xD800 <= code < 0xE000 else 0xFFFD).encode("gb18030"))
        elif token[3] or token[4]:
            parts.append(b"\n" if token[3] else token[4].encode("latin-1"))
    parts.append(source[at:].encode("latin-1"))
    yield b"".join(parts).decode("gb18030", errors="replace")


_FLAT: dict[Kind, Callable[[bytes], Iterator[str]]] = {
    kinds.HTML: _text,
    kinds.TEXT: _text,
    kinds.MHTML: _mail,
    kinds.PDF: _pdf,
    kinds.RTF: _rtf,
    kinds.DOC: _ole,
    kinds.XLS: _xls,
}
"""How the text of a file that holds no other files is told; pictures and empty files have none."""


def mail_parts(body: bytes) -> Iterator[Capture]:
    """Yield the parts of a mail that are text, their transfer encodings undone.

    Raises:
        Unsearchable: Its parts are nested more deeply than can be told.
    """
    try:
        parts = list(message_from_bytes(body).walk())
    except RecursionError as error:
        raise Unsearchable("the mail is nested too deeply") from error
    for part in parts:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and kind_of(payload) in (kinds.HTML, kinds.TEXT):
            yield Capture(headers=(("Content-Type", str(part["Content-Type"])),), body=payload)
