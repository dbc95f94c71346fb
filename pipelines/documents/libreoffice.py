"""Word's older files (.doc, which WPS writes too, and .rtf), which LibreOffice turns into .docx.

LibreOffice ends with status 0 whether it read a document or not, and may lose a table; so what came
out is what counts, and is compared with what another program shows.
"""

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import olefile

from pipelines.documents.antiword import Shown, show
from pipelines.documents.blocks import Document
from pipelines.documents.docx import read_docx
from pipelines.documents.programs import find_program, own_folder, run
from pipelines.errors import Encrypted, MissingProgram, UnreadableDocument
from pipelines.reading import Problem

_PACKAGES = "libreoffice-writer-nogui antiword"
_FLAGS, _ENCRYPTED = 10, 0x0100  # [MS-DOC] 2.5.2 FibBase: the bit fEncrypted
_RESTART, _STARTS = 81, 2
"""Status with which it asks to be started again, as it does with a new profile; how often it is."""

# No macro, no link, no server: a document is read, not obeyed. Properties that a version of LibreOffice
# does not know (DisableActiveContent came with 7.5) it passes over.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetNoProxy", ""),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
)


def read_doc(body: bytes) -> Document:
    """Read a Word 97-2003 document into blocks; places are those of the .docx made from it.

    Raises:
        Encrypted: It opens with a password only.
        UnreadableDocument: It is damaged, or holds pictures and no text.
        LimitExceeded: It is larger than any report, or LibreOffice does not end.
        MissingProgram: LibreOffice is not installed.
    """
    if _is_encrypted(body):
        raise Encrypted("the Word document opens with a password only")
    with own_folder() as folder:
        source = folder / "document.doc"
        source.write_bytes(body)
        document = _convert(source, folder)
        return replace(document, problems=(*document.problems, *_compared(document, source, folder)))


def read_rtf(body: bytes) -> Document:
    """Read a Rich Text document into blocks; places are those of the .docx made from it.

    Raises:
        UnreadableDocument: It is damaged, or holds pictures and no text.
        LimitExceeded: It is larger than any report, or LibreOffice does not end.
        MissingProgram: LibreOffice is not installed.
    """
    with own_folder() as folder:
        source = folder / "document.rtf"
        source.write_bytes(body)
        document = _convert(source, folder)
    if b"\\trowd" in body and not document.grids:
        problem = Problem("no_tables", "LibreOffice shows no table, and the document has rows of one")
        return replace(document, problems=(*document.problems, problem))
    return document


def _is_encrypted(body: bytes) -> bool:
    """Tell whether the document says of itself that it is; a damaged one says nothing."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as file, file.openstream("WordDocument") as stream:
            flags = stream.read(_FLAGS + 2)[_FLAGS:]
    except (OSError, IndexError, ValueError):
        return False
    return bool(int.from_bytes(flags, "little") & _ENCRYPTED)


def _convert(source: Path, folder: Path) -> Document:
    made = folder / "made" / "document.docx"
    command = [
        *_command(folder),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", made.parent, source),
    ]
    for _ in range(_STARTS):
        status, _ = run(command, folder)
        if status != _RESTART:
            break
    if not made.exists():
        raise UnreadableDocument(f"LibreOffice cannot read the document (status {status})")
    return read_docx(made.read_bytes())


def _command(folder: Path) -> list[str | Path]:
    """Return how LibreOffice is started, with a profile of its own in the folder."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    return [
        _soffice(),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
    ]


def _soffice() -> Path:
    """Return the program itself: the script of this name would start it as a process of its own."""
    script = find_program("soffice", _PACKAGES)
    program = script.with_name("soffice.bin")
    return program if program.exists() else script


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _compared(document: Document, source: Path, folder: Path) -> tuple[Problem, ...]:
    """Return what antiword shows in tables and LibreOffice does not."""
    try:
        shown = show(source, folder)
    except MissingProgram as error:
        unsure = "LibreOffice shows no table, and whether it lost one cannot be told: "
        return () if document.grids else (Problem(error.kind, f"{unsure}{error}"),)
    return tuple(_lost(document, shown))


def _lost(document: Document, shown: Shown) -> list[Problem]:
    if shown.cells and not document.grids:
        return [Problem("no_tables", "LibreOffice lost the tables of the document, which antiword shows")]
    cells = {id(cell): cell for grid in document.grids for row in grid.rows for cell in row}
    missing = shown.numbers - Counter(cell.text for cell in cells.values())
    if not missing:
        return []
    few = ", ".join(list(missing)[:5])
    detail = f"antiword shows {missing.total()} numbers in tables that LibreOffice does not: {few}"
    return [Problem("unattributed_number", detail)]
