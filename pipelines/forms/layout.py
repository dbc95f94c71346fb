"""The parts a form is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

EXACT, APPROXIMATE, NONE = "exact", "approximate", "none"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One printed column; forms that share one hold the same object.

    Attributes:
        code: published code.
        labels: printed headings, outermost first.
        unit: 件, 项, 个 or 万元; empty where each row has its own.
        comparability: whether the series continues in the other forms.
        variants: other wordings and misprints of the innermost heading.
        signed: the value may be negative.
        part_of: code of the column that is the sum of those that name it, in each row.
    """

    code: str
    labels: tuple[str, ...]
    unit: str = "件"
    comparability: str = EXACT
    variants: tuple[str, ...] = ()
    signed: bool = False
    part_of: str = ""

    @property
    def printed(self) -> tuple[str, ...]:
        """Return every wording of the innermost heading."""
        return (self.labels[-1], *self.variants)


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row.

    Attributes:
        code: published code.
        labels: printed labels, outermost first.
        variants: other wordings and misprints of the innermost label.
        comparability, unit: go before the column's, where they are not empty.
        part_of: code of the row that is the sum of those that name it, in each column.
    """

    code: str
    labels: tuple[str, ...]
    variants: tuple[str, ...] = ()
    comparability: str = ""
    unit: str = ""
    part_of: str = ""

    @property
    def printed(self) -> tuple[str, ...]:
        """Return every wording of the innermost label."""
        return (self.labels[-1], *self.variants)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share their columns, under a caption of their own where there are several.

    Every combination of its rows and columns is a cell of the form.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One statutory table.

    Attributes:
        code: published code.
        name: short name.
        heading: heading of the section in which it stands.
        blocks: in printed order.
        across: the rows stand side by side as groups of columns over a single line of
            values (table four), instead of below each other.
        listed: a list of indicators, one value a row (the annex): wordings vary, labels repeat.
        corner: what is printed where headings and labels meet.
        understood: labels that say nothing about a single cell.
        balance: codes of rows: the first ones and the second ones have the same sum, in each column.
    """

    code: str
    name: str
    heading: str
    blocks: tuple[Block, ...]
    across: bool = False
    listed: bool = False
    corner: str = ""
    understood: tuple[str, ...] = ()
    balance: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One version of the statutory form, of which there is one object.

    Attributes:
        last_year: None while in force.
        english: what its printed labels say, as far as no form before says it.
    """

    code: str
    name: str
    first_year: int
    last_year: int | None
    source: str
    tables: tuple[Table, ...]
    english: Mapping[str, str] = field(default_factory=dict, repr=False)
