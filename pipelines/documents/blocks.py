"""What every format is read into: a title, metadata, and blocks in reading order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pipelines.reading import Place, Problem

NOWHERE = Place()

_BOXES, _ROWS, _LONGEST = 4, 20, 20
"""Grids, and rows of each, that may be a box that says what the document is; characters of its words."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the format itself marks as a heading; `level` counts from 1."""

    text: str
    level: int
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text, its white space collapsed."""

    text: str
    place: Place = NOWHERE


class GridCell(NamedTuple):
    """One printed cell; where it spans, the same object stands in every slot it covers.

    `place.row` and `place.column` are those of its origin, the upper left slot. `below` is where its
    text stands if not there: in the lower half of a row that a page's end cuts.
    """

    text: str
    place: Place
    rows: int = 1
    columns: int = 1
    below: Place | None = None

    @property
    def text_place(self) -> Place:
        """Return where its text stands."""
        return self.below or self.place

    def starts_in(self, row: int) -> bool:
        """Tell whether row `row` of the grid (from 0) is the first that the cell covers."""
        return self.place.row == row + 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed, spans expanded: R rows of slots, of unequal length where they are printed so.

    Attributes:
        flows: the text of its cells is also there as paragraphs (a table used for layout).
        loose: its cells are what stands between tabs or bars of a text, which may have lost some.
    """

    rows: tuple[tuple[GridCell, ...], ...]
    flows: bool = False
    loose: bool = False


Block = Heading | Paragraph | Grid


class Embedded(NamedTuple):
    """Markup that a page only holds as text, and where: a path of `pipelines.places`, and a line."""

    markup: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes:
        title: the format's own title property, or an empty string.
        blocks: in reading order.
        meta: the metadata by lower-case name.
        problems: what stands in the document and could not be made a block.
        embedded: tables that the page only holds as text (in a script, in a frame's attribute),
            as markup and where it is kept; `read_embedded` makes a document of them.
        pictures: how many pictures of some size stand in the page and lead nowhere.
        links: addresses, as a page writes them, of the files it links and of what its frames hold.
        members: of an archive, the documents in it; their blocks and problems are also its own.
    """

    title: str = ""
    blocks: tuple[Block, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    pictures: int = 0
    members: tuple["Document", ...] = ()
    links: tuple[str, ...] = ()

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The grids in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @cached_property
    def last_table(self) -> int:
        """The highest number of a table; some have none because they hold a single cell."""
        firsts = (next((row[0] for row in grid.rows if row), None) for grid in self.grids)
        return max((cell.place.table or 0 for cell in firsts if cell), default=0)

    @cached_property
    def lines(self) -> tuple[Heading | Paragraph, ...]:
        """Headings and paragraphs in reading order."""
        return tuple(block for block in self.blocks if not isinstance(block, Grid))

    @cached_property
    def boxes(self) -> tuple[tuple[str, str], ...]:
        """Short words and what stands beside them in the first rows of the first grids: 发布机构, 某某局."""
        rows = (row for grid in self.grids[:_BOXES] for row in grid.rows[:_ROWS])
        pairs = (pair for row in rows for pair in pairwise(row))
        words = ((name.text, value.text) for name, value in pairs if _is_word(name) and name is not value)
        return tuple(("".join(name.split()), "".join(value.split())) for name, value in words)


def _is_word(cell: GridCell) -> bool:
    return 0 < len(cell.text) <= _LONGEST and not cell.text[0].isdecimal()
