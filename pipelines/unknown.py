"""Statistics of no known form: said to be there, so that they are not lost without a word."""

import re
from collections.abc import Iterator

from pipelines.documents import Document, Grid
from pipelines.numbers import has_digit, is_value
from pipelines.reading import Problem
from pipelines.recognise import Line

_HEADING = re.compile(r"统计指标|指标名称|指标项目")
_RUN_TOGETHER = re.compile(r"(?:统计指标|指标名称)\W{0,4}(?:计量)?(?:单位|统计数|数量|20\d\d)")
_SHOWN = 60


def unknown_lists(document: Document, read: frozenset[int]) -> Iterator[Problem]:
    """Yield a problem for each table headed as a list of indicators that is none of the forms'.

    Args:
        document: the document.
        read: indexes (among the grids) of the tables that were read.
    """
    for index, grid in enumerate(document.grids):
        if index not in read and _is_list(grid):
            first = grid.rows[0][0]
            text = " | ".join(cell.text for cell in Line(grid.rows[0], 0).printed)
            yield Problem(
                "unattributed_number",
                _detail("a list of indicators of no known form", text),
                place=first.place,
            )
    for line in document.lines:
        match = _RUN_TOGETHER.search(line.text)
        if match and has_digit(line.text[match.end() :]):
            text = line.text[match.start() :]
            yield Problem(
                "unattributed_number",
                _detail("a list of indicators that has lost its cells", text),
                place=line.place,
            )


def _is_list(grid: Grid) -> bool:
    headed = any(_HEADING.search(cell.text) for row in grid.rows[:5] for cell in row)
    return headed and any(is_value(cell.text) for row in grid.rows for cell in row)


def _detail(what: str, text: str) -> str:
    return f"{what}; its numbers are not read: {text[:_SHOWN]!r}"
