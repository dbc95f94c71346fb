"""Plain text: lines with tabs, between bars (Markdown) or of a CSV file are rows of a table.

Blank lines, rules and page numbers inside a table are page breaks and leftovers of conversions;
any other line ends the table. Fields are taken as they stand: rows of one table often have
unequal numbers of them, and which is which is for the alignment to say. Columns that only
spaces hold apart are not read: a blank among them leaves no trace.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pipelines.documents.blocks import Block, Document, Paragraph
from pipelines.documents.grids import Span, expand
from pipelines.reading import Place

Fields = Callable[[str], list[str]]

_RULE = re.compile(r"[-|:+=─━│ \t]*(?:---|===|──|━━|:-|-:)[-|:+=─━│ \t]*")
_PAGE_NUMBER = re.compile(
    r"[—–\-·•] ?\d{1,4} ?[—–\-·•]|第 ?\d{1,4} ?页(?: ?[,，/]? ?共 ?\d{1,4} ?页)?|\d{1,4} ?/ ?\d{1,4}"
)
_BAR = re.compile(r"(?<!\\)[|│]")
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_FEWEST_COMMAS, _FEWEST_LINES = 3, 8
_LONGEST_CSV = 10_000
"""Characters of a line of CSV; a field of 131,073 is one that Python refuses."""


def read_text(text: str) -> Document:
    """Read lines into paragraphs and grids; places hold the line, from 1."""
    blocks: list[Block] = []
    rows: list[list[Span]] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fields_of = _commas if _is_csv(lines) else _marked
    grids = 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or _RULE.fullmatch(line) or (rows and _PAGE_NUMBER.fullmatch(line.strip())):
            continue
        fields = fields_of(line)
        title = "" if rows or fields_of is _marked else _lone(fields)
        if fields and not title:
            rows.append([Span(field, line=number) for field in fields])
            continue
        grids += bool(rows)
        blocks.extend(_table(rows, grids))
        rows = []
        blocks.append(Paragraph(" ".join((title or line.lstrip("# ")).split()), Place(line=number)))
    blocks.extend(_table(rows, grids + 1))
    title = next((block.text for block in blocks if isinstance(block, Paragraph)), "")
    return Document(title[:200], tuple(blocks))


def _table(rows: list[list[Span]], number: int) -> list[Block]:
    return [replace(expand(rows, number), loose=True)] if rows else []


def _marked(line: str) -> list[str]:
    """Return the fields of a line with tabs, or of one that begins and ends with a bar."""
    bare = line.strip()
    if len(bare) > 2 and bare[0] in "|│" and _BAR.match(bare, len(bare) - 1):
        return [_markdown(field) for field in _BAR.split(bare)[1:-1]]
    return [field.strip() for field in line.split("\t")] if "\t" in line else []


def _markdown(field: str) -> str:
    """Return a field of Markdown without its escapes and marks of bold type."""
    return "\n".join(_LINE_BREAK.split(field.strip().replace("\\|", "|").replace("**", "")))


def _is_csv(lines: list[str]) -> bool:
    """Tell whether nearly all lines have the same number of commas, and enough of them."""
    filled = [line for line in lines if line.strip()]
    if any(len(line) > _LONGEST_CSV for line in filled):
        return False
    counts = Counter(len(_commas(line)) - 1 for line in filled)
    ((commas, times),) = counts.most_common(1) or [(0, 0)]
    return commas >= _FEWEST_COMMAS and times >= _FEWEST_LINES and times >= 0.9 * len(filled)


def _commas(line: str) -> list[str]:
    """Return the fields of a line of CSV; a quoted field does not go on in the next line."""
    return [field.strip() for field in next(csv.reader([line]), [])]


def _lone(fields: list[str]) -> str:
    """Return the only field that is filled: above a table it is a title, its line filled up with commas."""
    filled = [field for field in fields if field]
    return filled[0] if len(filled) == 1 else ""
