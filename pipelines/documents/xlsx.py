"""Excel workbooks (.xlsx), from their XML.

Readers made for data give neither errors (#REF!), formulas that were never computed, hidden rows
nor number formats: the first two would look blank, the others would not be what is printed.
Macros, links and queries are never followed.
"""

import io
from collections.abc import Iterator
from posixpath import normpath

from lxml import etree

from pipelines.documents.blocks import Document
from pipelines.documents.number_formats import NumberFormats
from pipelines.documents.ooxml import parse, refused, transitional, without_entities
from pipelines.documents.sheets import Sheet, document_of
from pipelines.documents.xlsx_cells import COLUMN, MERGED, ROW, Cells, X, rich
from pipelines.documents.zips import Members
from pipelines.errors import LimitExceeded, UnreadableDocument

MOST_MARKS = 8_000_000
"""Tags and attributes of one sheet, counted by `<` and `=`."""

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STRINGS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"


def read_xlsx(body: bytes) -> Document:
    """Read a workbook into blocks.

    Raises:
        UnreadableDocument: It is damaged.
        LimitExceeded: It is larger or deeper than any report.
        Encrypted: A part of it opens with a password only.
    """
    return document_of(_sheets(Members(body)))


def _sheets(members: Members) -> Iterator[Sheet]:
    book = parse(members[_BOOK], _BOOK)
    properties = book.find(X + "workbookPr")
    from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    styles = parse(members[_STYLES], _STYLES) if _STYLES in members else None
    strings = parse(members[_STRINGS], _STRINGS) if _STRINGS in members else ()
    texts = [rich(item) for item in strings]
    formats = NumberFormats(styles, from_1904=from_1904)
    targets = _targets(members)
    for sheet in book.iter(X + "sheet"):
        name, part = sheet.get("name", ""), targets.get(sheet.get(_ID, ""), "")
        if part not in members:
            raise UnreadableDocument(f"the sheet {name!r} is not in the workbook")
        cells = Cells(texts, formats)
        yield _sheet(name, members[part], cells, hidden=sheet.get("state", "visible") != "visible")


def _targets(members: Members) -> dict[str, str]:
    """Return the part that each relationship of the workbook points to."""
    relations = parse(members[_RELATIONS], _RELATIONS) if _RELATIONS in members else ()
    return {
        one.get("Id", ""): normpath(f"xl/{one.get('Target', '')}".replace("xl//", "")) for one in relations
    }


def _sheet(name: str, data: bytes, cells: Cells, *, hidden: bool) -> Sheet:
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise LimitExceeded(f"the sheet {name!r} holds more than {MOST_MARKS} tags and attributes")
    source = io.BytesIO(transitional(data))
    tags = (ROW, COLUMN, MERGED)
    events = etree.iterparse(source, tag=tags, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for _, element in events:
            cells.take(element)
    except etree.XMLSyntaxError as error:
        raise refused(error, name) from error
    without_entities(events.root, name)
    return cells.sheet(name, hidden=hidden)
