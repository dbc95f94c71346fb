"""The boxes above a report: tables in which a cell says what stands right of it (发布机构, 发布日期)."""

from collections.abc import Sequence
from itertools import pairwise

from pipelines.documents import Document

Boxed = Sequence[tuple[str, str]]
"""Pairs of a label and what stands right of it, both without white space."""

_BOXES, _ROWS = 4, 20


def boxed(document: Document) -> Boxed:
    """Return each cell at the top that may be a label, with its neighbour; a number labels nothing."""
    rows = (row for grid in document.grids[:_BOXES] for row in grid.rows[:_ROWS])
    pairs = (pair for row in rows for pair in pairwise(row))
    return [
        (_bare(label.text), _bare(value.text))
        for label, value in pairs
        if label.text and not label.text[0].isdigit()
    ]


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip(":：")
