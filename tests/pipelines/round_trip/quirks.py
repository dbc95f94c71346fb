"""What clerks, page breaks and converters do to a table that still says the same."""

from collections.abc import Iterator
from random import Random

from tests.pipelines.template import Box

Table = list[list[Box]]

MISPRINTS = {
    "2.其他法律行政法规禁止公开": ("2.其他法律行政止公开", "2.其他法律法规禁止公开"),
    "5.属于三类内部事务信息": ("5.属于三类内容事务信息",),
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": (
        "（二）部分公开（区分处理的，只计这一情形，不计其他情况）",
        "（二）部分公开",
    ),
    "现行有效件数": ("现行有效件数（历史累计）",),
    "行政复议": ("行政法复议",),
}


def is_label(text: str) -> bool:
    """Tell a label from a value (which is of a class of its own)."""
    return type(text) is str and bool(text)


def with_label_quirks(rows: Table, random: Random) -> Table:
    """Misprint labels, break them and pad them."""
    misprints, breaks, upright, nameless = (random.random() < 0.3 for _ in range(4))

    def quirky(text: str) -> str:
        if misprints and text in MISPRINTS:
            text = random.choice(MISPRINTS[text])
        if text == "三、本年度办理结果" and (upright or nameless):
            return "\n".join(text) if upright else ""
        if breaks and len(text) > 3 and random.random() < 0.3:
            at = random.randint(2, len(text) - 1)
            return text[:at] + random.choice(("\n", " ", "\xa0")) + text[at:]
        return text

    return [
        [(quirky(text) if is_label(text) else text, columns, high) for text, columns, high in row]
        for row in rows
    ]


def with_layout_quirks(rows: Table, random: Random) -> Table:
    """Add spare cells: one at the end of each line, or one beside （六） and （七）."""
    if random.random() < 0.15:
        rows = [[*row, ("", 1, 1)] for row in rows]
    if random.random() < 0.2:
        rows = [[box for cell in row for box in _halved(cell)] for row in rows]
    return rows


def _halved(cell: Box) -> tuple[Box, ...]:
    text, columns, high = cell
    alone = is_label(text) and columns == 2 and text.startswith(("（六）", "（七）"))
    return ((text, 1, high), ("", 1, high)) if alone else (cell,)


def break_table(
    rows: Table, ways: tuple[str, ...], random: Random, *, certain: bool
) -> Iterator[Table | str]:
    """Yield a table in one piece or, as page breaks leave it, in several, page numbers between them.

    Where it is certain, its heading is whole, and `ways` are those of `cut`.
    """
    page = 2
    while random.random() < 0.4 and len(rows) > heading_lines(rows) + 1:
        at = random.randint(max(heading_lines(rows), 1) if certain else 1, len(rows) - 1)
        upper, rows = cut(rows, at, random.choice(ways))
        yield upper
        if random.random() < 0.5:
            yield f"— {page} —"
        page += 1
    yield rows


def heading_lines(rows: Table) -> int:
    """Return how many lines stand before the first value; none where the table goes on."""
    return next(
        (
            number
            for number, row in enumerate(rows)
            if any(not is_label(text) and text != "" for text, *_ in row)
        ),
        len(rows),
    )


def cut(rows: Table, at: int, way: str) -> tuple[Table, Table]:
    """Cut a table before row `at`; a cell that hangs over the cut goes on below.

    Its text stands above (`kept`), on both sides (`repeated`) or half on each (`torn`), or the
    cell is not there below (`dropped`).
    """
    hanging: list[tuple[int, Box]] = []
    upper: Table = []
    for number, row in enumerate(placed(rows)[:at]):
        upper.append([])
        for column, (text, columns, high) in row:
            over = number + high - at
            half = len(text) // 2
            above, below = {"repeated": (text, text), "torn": (text[:half], text[half:])}.get(way, (text, ""))
            if over > 0:
                hanging.append((column, (below, columns, over)))
            upper[-1].append((above if over > 0 else text, columns, min(high, at - number)))
    lower = [list(row) for row in rows[at:]]
    if way != "dropped":
        first = sorted([*hanging, *placed(rows)[at]], key=lambda one: one[0])
        lower[0] = [box for _, box in first]
    return upper, lower


def placed(rows: Table) -> list[list[tuple[int, Box]]]:
    """Return each row's cells with the grid columns they begin in, from 0."""
    taken: set[tuple[int, int]] = set()
    result: list[list[tuple[int, Box]]] = []
    for number, row in enumerate(rows):
        line: list[tuple[int, Box]] = []
        column = 0
        for text, columns, high in row:
            while (number, column) in taken:
                column += 1
            line.append((column, (text, columns, high)))
            taken.update((number + down, column + right) for down in range(high) for right in range(columns))
            column += columns
        result.append(line)
    return result


def width(rows: Table) -> int:
    """Return the grid columns of the widest row."""
    return max((column + columns for row in placed(rows) for column, (_, columns, _) in row), default=0)
