"""ZIP files opened safely: what docx, xlsx and archives of documents have in common.

Sizes are checked twice: as the directory claims them, before anything is inflated, and while
inflating, because the directory may lie. Names are never used as paths.
"""

import io
import zlib
from collections.abc import Iterator, Mapping
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive.captures import CONTENT_LIMIT
from pipelines.errors import Encrypted, LimitExceeded, UnreadableDocument

MOST_MEMBERS = 10_000
"""Members of one file, those of files stored in it included: a report has twenty or so."""

_ENTRY = b"PK\x01\x02"
_ENCRYPTED, _UTF8 = 0x1, 0x800
_DAMAGED = (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_CHUNK = 1 << 16


class Members(Mapping[str, bytes]):
    """The members of a ZIP file by name, inflated when asked for; of a name used twice, the last.

    All that is inflated counts against one limit.

    Attributes:
        limit: bytes that may still be inflated.
    """

    def __init__(self, body: bytes, limit: int = CONTENT_LIMIT) -> None:
        """Read the directory.

        Raises:
            LimitExceeded: There are more members than any report has.
            UnreadableDocument: There is no directory, or a damaged one.
        """
        if body.count(_ENTRY) > MOST_MEMBERS:  # before the directory costs memory
            raise LimitExceeded(f"the ZIP file has more than {MOST_MEMBERS} members")
        try:
            self._file = ZipFile(io.BytesIO(body))
        except _DAMAGED as error:
            raise UnreadableDocument(f"the ZIP file is damaged or cut: {error}") from error
        self._infos = {name_of(info): info for info in self._file.infolist() if not info.is_dir()}
        self.limit = limit

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def size(self, name: str) -> int:
        """Return the size that the directory claims for a member, in bytes."""
        return self._infos[name].file_size

    def __getitem__(self, name: str) -> bytes:
        """Inflate a member.

        Raises:
            KeyError: No member has this name.
            Encrypted: A password is asked for.
            LimitExceeded: It is larger than what may still be inflated.
            UnreadableDocument: It is damaged, or compressed in a way that is not read.
        """
        info = self._infos[name]
        if info.flag_bits & _ENCRYPTED:
            raise Encrypted(f"{name!r} opens with a password only")
        if info.file_size > self.limit:
            raise LimitExceeded(f"{name!r} inflates to {info.file_size} bytes")
        data = self._inflate(info, name)
        self.limit -= len(data)
        return data

    def _inflate(self, info: ZipInfo, name: str) -> bytes:
        data = bytearray()
        try:
            with self._file.open(info) as member:
                while chunk := member.read(_CHUNK):
                    data += chunk
                    if len(data) > self.limit:
                        raise LimitExceeded(f"{name!r} inflates to more than its directory says")
        except _DAMAGED as error:
            raise UnreadableDocument(f"{name!r} is damaged: {error}") from error
        return bytes(data)


def name_of(info: ZipInfo) -> str:
    """Return a member's name; without the flag that says UTF-8, Chinese programs write GBK."""
    if info.flag_bits & _UTF8:
        return info.filename
    raw = info.filename.encode("cp437", errors="replace")
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename
