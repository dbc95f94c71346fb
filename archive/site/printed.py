"""The statutory tables as a page prints them: every cell with its link, its title and its marks.

Everything is put together here, for templates are slow at what is done two hundred times.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archive.site.places import in_words
from archive.site.reports import Reading
from archive.site.statute import Block, Label, Row, Table
from archive.site.words import Words

ABSENT, BLANK = "absent", "blank"


@dataclass(frozen=True, slots=True)
class Printed:
    """One cell as it is printed.

    Attributes:
        kind: names of its classes: its state, and how findings concern it.
        link: where the stored original shows it; empty for one that the report lacks.
        title: its names, unit, state and place in the reader's language.
        quoted: whether the text is no number, but what the report has in its place.
        unit: empty where it is that of its table.
        numbers: of the findings whose mark it bears.
    """

    item: int
    kind: str
    link: str
    title: str
    text: str
    quoted: bool
    unit: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of values, None where the form has no cell."""

    labels: tuple[Label, ...]
    cells: tuple[Printed | None, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A table, and for each of its blocks the lines."""

    table: Table
    blocks: tuple[tuple[Block, tuple[Line, ...]], ...]


class Printer:
    """Prints the cells of one reading in one language.

    Args:
        reading: What is printed.
        t: The reader's words.
        link: Gives the address of an item's cell.
    """

    def __init__(self, reading: Reading, t: Words, link: Callable[[int], str]) -> None:
        self.cells, self.t, self.link = reading.cells, t, link
        self.marks: dict[int, list[Row]] = defaultdict(list)
        for finding in reading.findings:
            for item in finding["items"]:
                self.marks[item].append(finding)
        self._label = "label" if t.language == "zh" else "label_en"
        self._states = {
            "blank": str(t("report.state_blank")),
            "placeholder": str(t("report.state_placeholder")),
            "unreadable": str(t("report.state_unreadable")),
        }
        self._absent = str(t("report.state_absent"))
        self._joint = "；" if t.language == "zh" else "; "

    def table(self, table: Table) -> Lines:
        """Return a table with its cells."""
        return Lines(table, tuple((block, self._lines(block, table.unit)) for block in table.blocks))

    def _lines(self, block: Block, unit: str) -> tuple[Line, ...]:
        return tuple(
            Line(line.labels, tuple(self.cell(row["item"], unit) if row else None for row in line.cells))
            for line in block.lines
        )

    def cell(self, item: int, unit: str = "") -> Printed:
        """Return a cell of a table whose unit is given."""
        cell = self.cells[item]
        label = str(cell[self._label] or cell["label"])
        if cell["state"] is None:
            return Printed(item, ABSENT, "", f"{label}{self._joint}{self._absent}", "", False, "", ())
        state = self._states.get(cell["state"], "")
        place = in_words(cell["place"], self.t.language)
        parts = (label, state, place)
        numbers = tuple(each["number"] for each in self.marks.get(item, ()) if each["pinned"] == item)
        return Printed(
            item=item,
            kind=f"{cell['state']}{self._concerned(item)}",
            link=self.link(item),
            title=self._joint.join(part for part in parts if part),
            text=cell["text"],
            quoted=cell["state"] != "number",
            unit="" if cell["unit"] == unit or cell["state"] != "number" else cell["unit"],
            numbers=numbers,
        )

    def _concerned(self, item: int) -> str:
        """Return the classes of a cell that findings concern: one alone, a whole row, a whole column."""
        found = self.marks.get(item)
        if not found:
            return ""
        single = [each for each in found if each["row"] and each["column"]]
        swept = "" if single else " swept-row" if found[0]["row"] else " swept"
        assumed = all(each["passes"] == ["assumed_zero"] for each in single or found)
        return f" concerned{swept}{' assumed' if assumed else ''}"


def as_data(tables: Iterable[Table], cells: Mapping[int, Row]) -> list[dict[str, Any]]:
    """Return the tables with their cells as plain rows, in printed order."""
    return [
        {
            **{name: getattr(table, name) for name in ("form", "heading", "heading_en", "section", "unit")},
            "table": table.code,
            "cells": [cells[row["item"]] for row in table.cells],
        }
        for table in tables
    ]
