"""By which printed words the tables of the forms are known, over all versions of the form.

Lists of indicators are none of these tables: their wordings repeat, so they are aligned by order too.
"""

from pipelines.forms import FORMS, Block
from pipelines.labels import stem, stems

Label = str
"""A printed label's stem."""

_TABLES = [table for form in FORMS for table in form.tables if not table.listed]
_BLOCKS: dict[str, list[Block]] = {table.code: [] for table in _TABLES}
for _table in _TABLES:
    _BLOCKS[_table.code].extend(_table.blocks)

ROWS: dict[str, dict[Label, str]] = {
    code: stems((row.code, row.printed) for block in blocks for row in block.rows)
    for code, blocks in _BLOCKS.items()
}
"""Table -> stem -> row, over all forms."""

COLUMNS: dict[str, dict[Label, str]] = {
    code: stems((column.code, column.printed) for block in blocks for column in block.columns)
    for code, blocks in _BLOCKS.items()
}
"""Table -> stem -> column, over all forms."""

ACROSS = frozenset(table.code for table in _TABLES if table.across)
"""Tables whose rows stand side by side, under headings of their own."""

STACKED = frozenset(table.code for table in _TABLES if len(table.blocks) > 1)
"""Tables of several blocks, each under headings of its own."""


def _outer_labels(blocks: list[Block]) -> frozenset[Label]:
    """Return the labels that group rows or columns."""
    captions = {text for block in blocks for text in (block.caption, *block.variants) if text}
    rows = {label for block in blocks for row in block.rows for label in row.labels[:-1]}
    columns = {label for block in blocks for column in block.columns for label in column.labels[:-1]}
    return frozenset(stem(label) for label in captions | rows | columns)


def _marks(code: str) -> frozenset[Label]:
    """Return the headings of the upper two lines that no other table prints."""
    columns = [column for block in _BLOCKS[code] for column in block.columns]
    upper = {label for column in columns for label in column.labels[:2]}
    upper |= {label for column in columns if len(column.labels) <= 2 for label in column.variants}
    others = {label for other in COLUMNS if other != code for label in COLUMNS[other]}
    return frozenset(stem(label) for label in upper) - others


def _group_marks(code: str) -> dict[Label, Label]:
    """Return the outermost label of each row by all of its wordings."""
    rows = [row for block in _BLOCKS[code] for row in block.rows]
    wordings = [(row.labels[0], row.printed if len(row.labels) == 1 else row.labels[:1]) for row in rows]
    return {stem(each): stem(outer) for outer, printed in wordings for each in printed}


GROUPS = {code: _outer_labels(blocks) for code, blocks in _BLOCKS.items()}
"""Table -> labels that group its rows or columns."""

MARKS = {code: _marks(code) for code in _BLOCKS}
"""Table -> headings that tell it from the others."""

GROUP_MARKS = {code: _group_marks(code) for code in sorted(ACROSS)}
"""Table whose rows stand side by side -> a wording over a group of its columns -> the outermost label."""

ANY_MARK = frozenset[Label]().union(*MARKS.values(), *GROUP_MARKS.values())
"""Labels without one of which a line heads no table."""

EITHER = stem("其他")
"""Names a row and a column of the same table."""
