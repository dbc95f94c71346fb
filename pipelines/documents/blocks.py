"""What every format is read into: a title, metadata, and blocks in reading order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.reading import Place, Problem

NOWHERE = Place()


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

    `place.row` and `place.column` are those of its origin, the upper left slot.
    """

    text: str
    place: Place
    rows: int = 1
    columns: int = 1

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


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        title: the format's own title property, or an empty string.
        blocks: in reading order.
        meta: the metadata by lower-case name.
        problems: what stands in the document and could not be made a block.
        embedded: tables that the page only holds as text (in a script, in a frame's attribute),
            as markup; `read_embedded` makes a document of them.
        pictures: how many pictures of some size stand in the page and lead nowhere.
        members: of an archive, the documents in it; their blocks and problems are also its own.
    """

    title: str = ""
    blocks: tuple[Block, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    embedded: tuple[str, ...] = ()
    pictures: int = 0
    members: tuple["Document", ...] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return the grids in reading order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def lines(self) -> tuple[Heading | Paragraph, ...]:
        """Return headings and paragraphs in reading order."""
        return tuple(block for block in self.blocks if not isinstance(block, Grid))
