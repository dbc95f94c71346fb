"""How a report prints its numbers: zeros left blank, placeholders, separators, signs, units."""

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.specimens.figures import Figures
from crawler.specimens.statute import DISCLOSURE, Key

CLEAN, WORD, UNCLOSED, NESTED = "clean", "word", "unclosed", "nested"
NUMBER, BLANK, PLACEHOLDER = "number", "blank", "placeholder"

Cells = Mapping[Key, tuple[int | float | None, str]]
"""What a right reading of a page gives for each cell: (value, state)."""


@dataclass(frozen=True, slots=True)
class Markup:
    """The habits of whoever typed a report.

    Attributes:
        flavour: how the tables are marked up: one of the four constants above.
        articles: captions of table two as the wording of article 20 instead of its items.
        zeros: what stands for 0 in tables three and four ("" leaves the cell blank).
        absent: what stands for 0 in table two ("/", "—", "无").
        thousands: separators in large numbers.
        signed: a plus before positive changes; `words` writes 增3 and 减2 instead.
        yuan: the sum of purchases in 元, with the unit in the cell.
        year_first: 2021年某局… instead of 某局2021年….
        anonymous: the title names no agency.
    """

    flavour: str = CLEAN
    articles: bool = False
    zeros: str = "0"
    absent: str = "0"
    thousands: bool = False
    signed: bool = False
    words: bool = False
    yuan: bool = False
    year_first: bool = False
    anonymous: bool = False


def cells_of(figures: Figures, markup: Markup) -> Cells:
    """Return what each printed cell says: a zero may be blank or a placeholder."""
    return {key: (value, NUMBER) if value else _zero(key, markup) for key, value in figures.items()}


def texts_of(cells: Cells, markup: Markup) -> dict[Key, str]:
    """Return each cell as it is printed."""
    return {key: _text(key, value, state, markup) for key, (value, state) in cells.items()}


def _zero(key: Key, markup: Markup) -> tuple[int | None, str]:
    printed = _printed_zero(key, markup)
    if printed == "0":
        return 0, NUMBER
    return None, PLACEHOLDER if printed else BLANK


def _printed_zero(key: Key, markup: Markup) -> str:
    return markup.absent if key[0] == DISCLOSURE else markup.zeros


def _text(key: Key, value: int | float | None, state: str, markup: Markup) -> str:
    if value is None:
        return "" if state == BLANK else _printed_zero(key, markup)
    if key[2] == "amount_wan" and value:
        return _money(key[1], value, markup)
    if key[2] == "items_change" and value and markup.words:
        return f"{'增' if value > 0 else '减'}{abs(value)}"
    sign = "+" if key[2] == "items_change" and value > 0 and markup.signed else ""
    return sign + (f"{value:,}" if markup.thousands else f"{value}")


def _money(row: str, wan: float, markup: Markup) -> str:
    """Return a sum: purchases name their unit where the heading does not."""
    if row == "procurement" and markup.yuan:
        return f"{round(wan * 10_000):,}元" if markup.thousands else f"{round(wan * 10_000)}元"
    printed = f"{wan:,.4f}" if markup.thousands else f"{wan:.4f}"
    return printed + ("万元" if row == "procurement" and not markup.articles else "")
