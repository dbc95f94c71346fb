"""The statutory tables as they are printed, laid out from the rows of `form_cell`.

Labels come as lists, outermost first; where neighbours share a label it is printed once and
spans them, and the last label of a short list spans what is left, as on the form. Every text that is
printed has what it says in English beside it, empty where nobody has said so.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label and how many columns and rows it spans."""

    text: str
    across: int
    down: int
    en: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of values: the labels that begin on it, and the rows of its cells (None: no cell)."""

    labels: tuple[Label, ...]
    cells: tuple[Row | None, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its caption, its headings line by line, its lines of values.

    Attributes:
        blank: columns of the table that this block leaves unused.
    """

    caption: str
    headings: tuple[tuple[Label, ...], ...]
    lines: tuple[Line, ...]
    blank: int
    caption_en: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One statutory table of one form: `stub` columns of row labels, then `width` columns of values.

    `unit` is that of most cells; if there are others (`mixed`), these show their own. `cells` are the rows
    of all cells, in printed order.
    """

    form: str
    code: str
    heading: str
    heading_en: str
    corner: str
    corner_en: str
    section: int | None
    stub: int
    width: int
    unit: str
    mixed: bool
    blocks: tuple[Block, ...]
    cells: tuple[Row, ...]


def layout(rows: Sequence[Row], about: Row | None, english: Mapping[str, str]) -> Table:
    """Lay out one table of one form.

    Args:
        rows: Of `form_cell` joined with `form_item`, all of one form and table, at least one,
            in printed order; whatever else a row holds is kept for its cell.
        about: Its row of `form_table`, if there is one.
        english: What printed texts say in English.
    """
    placed = [_Placed.of(row, turned=bool(about and about["across"])) for row in rows]
    if about and about["across"]:
        placed = [item.moved(1, number) for number, item in enumerate(placed, 1)]
    units = Counter(str(row["unit"] or "") for row in rows).most_common()
    stub = max(len(item.row_labels) for item in placed)
    width = max(item.column for item in placed)
    blocks = groupby(placed, key=lambda item: item.block)
    heading, corner = (about["heading"], about["corner"] or "") if about else (rows[0]["table"], "")
    return Table(
        form=rows[0]["form"],
        code=rows[0]["table"],
        heading=heading,
        heading_en=english.get(heading, ""),
        corner=corner,
        corner_en=english.get(corner, ""),
        section=about["section"] if about else None,
        stub=stub,
        width=width,
        unit=units[0][0],
        mixed=len(units) > 1,
        blocks=tuple(_block(list(items), stub, width, english) for _, items in blocks),
        cells=tuple(rows),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of the form where it is printed."""

    block: int
    caption: str
    line: int
    column: int
    row_labels: Labels
    column_labels: Labels
    row: Row

    @classmethod
    def of(cls, row: Row, *, turned: bool) -> "_Placed":
        down, along = (tuple(json.loads(row[name] or "[]")) for name in ("row_labels", "column_labels"))
        if turned:
            down, along = (), down + along
        caption = row["block_label"] or ""
        return cls(row["block"], caption, row["row_order"], row["column_order"], down, along, row)

    def moved(self, line: int, column: int) -> "_Placed":
        return _Placed(self.block, self.caption, line, column, self.row_labels, self.column_labels, self.row)


def _block(items: list[_Placed], stub: int, width: int, english: Mapping[str, str]) -> Block:
    columns = {item.column: item for item in items}
    used = max(columns)
    headings = _spans([columns[n].column_labels if n in columns else () for n in range(1, used + 1)])
    lines = [(line, list(group)) for line, group in groupby(items, key=lambda item: item.line)]
    labels = _spans([group[0].row_labels for _, group in lines], depth=stub)
    by_depth: list[list[Label]] = [[] for _ in lines]
    for depth_labels in labels:
        for position, label in depth_labels:
            turned = Label(label.text, label.down, label.across, english.get(label.text, ""))
            by_depth[position].append(turned)
    return Block(
        caption=items[0].caption,
        caption_en=english.get(items[0].caption, ""),
        headings=tuple(
            tuple(replace(label, en=english.get(label.text, "")) for _, label in depth) for depth in headings
        ),
        lines=tuple(
            Line(tuple(found), _cells(group, used)) for found, (_, group) in zip(by_depth, lines, strict=True)
        ),
        blank=width - used,
    )


def _cells(group: list[_Placed], used: int) -> tuple[Row | None, ...]:
    cells = {item.column: item.row for item in group}
    return tuple(cells.get(number) for number in range(1, used + 1))


def _spans(labels: list[Labels], depth: int = 0) -> list[list[tuple[int, Label]]]:
    """Return per depth the (position, label)s that begin there, with their spans.

    Positions run along the first axis; a label spans `across` positions and `down` depths.
    """
    depth = max([depth, *map(len, labels)])
    return [list(_at_depth(labels, level, depth)) for level in range(depth)]


def _at_depth(labels: list[Labels], level: int, depth: int) -> Iterator[tuple[int, Label]]:
    position = 0
    # A label that is a line of its own does not head the lines below that repeat it.
    for (prefix, _), group in groupby(labels, key=lambda each: (each[: level + 1], len(each) == level + 1)):
        size = len(list(group))
        if len(prefix) == level + 1:
            last = all(len(each) == level + 1 for each in labels[position : position + size])
            yield position, Label(prefix[level], across=size, down=depth - level if last else 1)
        position += size
