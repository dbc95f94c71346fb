"""The entries of a printed list of indicators: label, unit and value of each, wherever they stand.

A grid may hold several lists side by side, and columns of ordinals, codes, units and of the totals
of all years. Which column holds the year's numbers must be certain: it is the only one with
numbers, or the only one whose heading does not say that it holds something else.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.documents import Grid, GridCell
from pipelines.headings import headings
from pipelines.list_lines import known, wording
from pipelines.numbers import has_digit, is_value, read_value
from pipelines.reading import NUMBER
from pipelines.recognise import Line

_UNIT = re.compile(r"\(?(?:条|件|次|篇|个|人|人次|份|项|[千万亿]?元)\)?")
_OTHERWISE = re.compile(
    r"(?<!本年)(?<!年度)(?<!当年)累计|历年|上年|上一年|去年|同比|增减|增长|变化|代码|序号|编号|行次|备注|说明"
)
_COUNTS = re.compile(r"统计数|数量|数据|数值|本年|当年|年度|20\d\d年")


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed line of a list.

    Attributes:
        labels: the cells of its label, outermost first.
        stem: the wording of the form that the label is, or None; `exact` if to the letter.
        value: slot of the year's number, or None where no column or no slot is certain.
        unit: as printed, or an empty string.
    """

    line: Line
    labels: tuple[GridCell, ...]
    stem: str | None
    exact: bool
    value: int | None
    unit: str

    @property
    def label(self) -> str:
        """Return the label as printed."""
        return " ".join(cell.text for cell in self.labels)

    @property
    def has_number(self) -> bool:
        """Tell whether a number is printed outside the label."""
        mine = {id(cell) for cell in self.labels}
        return any(
            has_digit(cell.text) and is_value(cell.text) for cell in self.line.printed if id(cell) not in mine
        )


@dataclass(frozen=True, slots=True)
class _Strip:
    """Columns of one list in a grid: its labels', and those of unit and number where they are certain."""

    labels: range
    stop: int
    unit: int | None
    value: int | None


def entries(grid: Grid, names: dict[str, str]) -> list[list[Entry]]:
    """Return the entries of each list in a grid, from left to right; none where no list is in it."""
    lines = [Line(slots, number) for number, slots in enumerate(grid.rows)]
    width = Counter(len(line.slots) for line in lines).most_common(1)
    found = list(_strips(lines, names, width[0][0])) if width else []
    return [[_entry(line, strip, names, width[0][0]) for line in lines] for strip in found]


def _strips(lines: list[Line], names: dict[str, str], width: int) -> Iterator[_Strip]:
    """Yield the lists: a column of labels begins one, unless the one before has no numbers yet."""
    starts = {
        column
        for line in lines
        for column, cell in enumerate(line.slots)
        if cell.text and (cell.place.column or 0) == column + 1 and wording(cell.text) in names
    }
    columns = sorted(starts)
    first: int | None = None
    for column, after in zip(columns, [*columns[1:], width], strict=False):
        first = column if first is None else first
        strip = _strip(lines, range(first, column + 1), after)
        if strip is not None:
            yield strip
            first = None


def _strip(lines: list[Line], labels: range, stop: int) -> _Strip | None:
    """Return the columns of a list, or None where no column behind the labels has units or numbers."""
    begin = next((line.row for line in lines if line.has_values), 0)
    over = headings(line for line in lines[:begin])
    below = {
        c: [line.slots[c].text for line in lines if c < len(line.slots)] for c in range(labels.stop, stop)
    }
    units = [c for c, texts in below.items() if sum(map(_is_unit, texts)) * 2 > sum(map(bool, texts))]
    path = {c: over.path(c) if c < over.width else "" for c in below}
    numbers = [c for c, texts in below.items() if any(read_value(text)[0] == NUMBER for text in texts)]
    numbers = numbers or [c for c in below if c not in units and _COUNTS.search(path[c])]
    if not numbers:
        return None
    sure = [c for c in numbers if not _OTHERWISE.search(path[c])]
    unit = units[0] if len(units) == 1 else None
    return _Strip(labels, stop, unit, sure[0] if len(sure) == 1 else None)


def _is_unit(text: str) -> bool:
    return bool(_UNIT.fullmatch("".join(text.split())))


def _entry(line: Line, strip: _Strip, names: dict[str, str], width: int) -> Entry:
    mine = line.slots[strip.labels.start : strip.labels.stop]
    labels = tuple({id(cell): cell for cell in mine if cell.text}.values())
    texts = [cell.text for cell in labels]
    joined = ["".join(texts[start:]) for start in range(len(texts) - 1, -1, -1)][:3]
    tried = [known(text, names) for text in joined if wording(text)]
    found, exact = next(
        (one for one in tried if one[1]), next((one for one in tried if one[0]), (None, False))
    )
    regular = len(line.slots) == width
    unit = line.slots[strip.unit].text if regular and strip.unit is not None else ""
    value = strip.value if regular and not (has_digit(unit) or _is_label(line, strip)) else None
    return Entry(line, labels, found, exact, value, unit)


def _is_label(line: Line, strip: _Strip) -> bool:
    """Tell whether the label, or a number of the line above, reaches into the column of numbers."""
    cell = line.slots[strip.value] if strip.value is not None else None
    return (
        cell is not None
        and bool(cell.text)
        and ((cell.place.column or 0) <= strip.labels.stop or not cell.starts_in(line.row))
    )
