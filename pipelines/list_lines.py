"""A list of indicators as a form has it: its lines in order, and the words they are known by."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.forms import Row, Table
from pipelines.labels import LONGEST, near, stem, unified

_AMONG = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}[).、])?其中:?")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line of the list: a row, or (row None) a heading above rows."""

    stems: frozenset[str]
    row: Row | None


@lru_cache(maxsize=8192)
@lru_cache(maxsize=8192)
def wording(label: str) -> str:
    """Return what tells a label of a list from others: numbering and 其中 are left out.

    >>> wording("其中：1.涉及国家秘密"), wording("1、当面申请数")
    ('涉及国家秘密', '当面申请数')
    """
    return stem(_AMONG.sub("", unified(label))) if len(label) <= LONGEST else ""


@cache
def indicators(table: Table) -> tuple[Indicator, ...]:
    """Return the lines that a list prints, in order."""
    rows = [row for block in table.blocks for row in block.rows]
    own = {row.labels[-1] for row in rows}
    found: dict[str | Row, Indicator] = {}
    for row in rows:
        for outer in row.labels[:-1]:
            if outer not in own:
                found.setdefault(outer, Indicator(frozenset({wording(outer)}), None))
        found[row] = Indicator(frozenset(map(wording, row.printed)), row)
    return tuple(found.values())


def known(label: str, names: dict[str, str]) -> tuple[str | None, bool]:
    """Return the stem of the form that a label is, or nearly is, and whether to the letter."""
    printed = wording(label)
    if printed in names:
        return printed, True
    return (near(printed, names) if printed else None), False
