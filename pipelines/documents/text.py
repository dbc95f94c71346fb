"""Plain text: lines with tabs are rows of a table, other lines are paragraphs.

Blank lines and rules of hyphens inside a table are page breaks and leftovers of
conversions; a line without a tab ends the table. Fields are taken as they stand: rows of one
table often have unequal numbers of them, and which is which is for the alignment to say.
"""

from pipelines.documents.blocks import Block, Document, Paragraph
from pipelines.documents.grids import Span, expand
from pipelines.reading import Place


def read_text(text: str) -> Document:
    """Read lines into paragraphs and grids; places hold the line, from 1."""
    blocks: list[Block] = []
    rows: list[list[Span]] = []
    grids = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if "\t" in line and not _is_rule(line):
            rows.append([Span(field.strip(), line=number) for field in line.split("\t")])
        elif line.strip() and not _is_rule(line):
            grids += bool(rows)
            blocks.extend(_table(rows, grids))
            rows = []
            blocks.append(Paragraph(" ".join(line.split()), Place(line=number)))
    blocks.extend(_table(rows, grids + 1))
    title = next((block.text for block in blocks if isinstance(block, Paragraph)), "")
    return Document(title[:200], tuple(blocks))


def _table(rows: list[list[Span]], number: int) -> list[Block]:
    return [expand(rows, number)] if rows else []


def _is_rule(line: str) -> bool:
    """Tell whether the line only rules: hyphens, bars and spaces."""
    return "-" in line and not line.strip("-|:+ \t") and "---" in line
