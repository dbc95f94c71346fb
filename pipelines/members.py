"""Archives of documents: whether what they hold is one report.

Their documents are read as one, so that tables in an attachment belong to the report. Where they
are different reports, that would give one agency the numbers of another.
"""

from archive.captures import Capture
from pipelines.documents import Document
from pipelines.errors import UnreadableDocument
from pipelines.extract import Extraction, extract
from pipelines.identity import identify
from pipelines.reading import NUMBER, PLACEHOLDER, Cell


def require_one_report(document: Document, extraction: Extraction) -> None:
    """Refuse an archive whose members are different reports, or differ about one number.

    Args:
        document: the archive's document.
        extraction: what its grids hold, taken together.

    Raises:
        UnreadableDocument: Its numbers could belong to either of two reports.
    """
    identities = [identify(member, Capture()) for member in document.members]
    reports = [identity for identity in identities if identity.title.is_report]
    for words in ({one.agency for one in reports}, {one.year for one in reports}):
        told = sorted(str(word) for word in words if word)
        if len(told) > 1:
            raise UnreadableDocument(f"the archive holds different reports: {', '.join(told)}")
    _require_agreement(document, extraction)


def _require_agreement(document: Document, extraction: Extraction) -> None:
    known: dict[tuple[str, str, str], tuple[str, float | None]] = {}
    for member in document.members:
        cells = extract(member).cells
        if any(map(_is_filled, cells)):
            for cell in cells:
                if known.setdefault(cell.key, (cell.state, cell.value)) != (cell.state, cell.value):
                    raise UnreadableDocument(f"documents of the archive differ in {'/'.join(cell.key)}")
    for cell in extraction.cells:
        # A table that no document holds by itself has been put together from two.
        if _is_filled(cell) and known.get(cell.key) != (cell.state, cell.value):
            raise UnreadableDocument(f"no document of the archive holds {'/'.join(cell.key)} by itself")


def _is_filled(cell: Cell) -> bool:
    return cell.state in (NUMBER, PLACEHOLDER)
