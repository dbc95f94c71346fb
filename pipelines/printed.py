"""What a check may look at: the cells of one report, and what the report says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.reading import UNREADABLE, Cell

Key = tuple[str, str, str]
"""Codes of table, row and column."""


@dataclass(frozen=True)
class Printed:
    """What one report prints; `form`, `year` and `agency` are None where they are not known.

    Attributes:
        cells: every cell, by its key, in the order of the form.
        form: code of the report's form.
        year: the year reported on.
        agency: the agency's full name.
    """

    cells: Mapping[Key, Cell]
    form: str | None = None
    year: int | None = None
    agency: str | None = None

    @cached_property
    def values(self) -> Mapping[Key, int | float]:
        """The value of each cell that can be read, 0 where none is printed."""
        return {key: cell.value or 0 for key, cell in self.cells.items() if cell.state != UNREADABLE}
