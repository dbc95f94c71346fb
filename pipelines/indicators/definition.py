"""What an indicator is made of: words, operands in each form, and where its series breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.forms import ANNEX_2014, FORM_2019, FORM_2021, FORM_KEYS, ITEMS, Form, Key

RATE, SHARE, COUNT, LEVEL = "rate", "share", "count", "level"
DAYS, SCORE, FLAG = "days", "score", "flag"

MINIMUM = 30
"""Cases under which a rate or a share tells little: one case more moves it by over three points."""


class Operand(NamedTuple):
    """A cell that goes into a sum where the report's table follows this form."""

    form: str
    key: Key
    factor: int = 1


class Sum(NamedTuple):
    """One side of an indicator: what it is in words, and its operands in each form that knows it.

    There are no operands where the side is not a sum of cells.
    """

    zh: str
    en: str
    operands: tuple[Operand, ...] = ()


class Join(NamedTuple):
    """Whether the series may be joined from one form to the next, and why."""

    from_form: str
    to_form: str
    comparability: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator.

    Attributes:
        id: published code, never changed.
        zh, en: its name.
        kind: rate, share, count, level, days, score, flag.
        unit: of the value; empty for a ratio.
        numerator, denominator: what is divided; without a denominator the numerator is the value.
        joins: one for each step from form to form.
        minimum: cases that the denominator should have.
        note_zh, note_en: how it is to be read.
    """

    id: str
    zh: str
    en: str
    kind: str
    unit: str
    numerator: Sum
    denominator: Sum | None
    joins: tuple[Join, ...]
    minimum: int | None = None
    note_zh: str = ""
    note_en: str = ""

    def terms(self) -> Iterator[tuple[str, Operand]]:
        """Yield `numerator` or `denominator` with each operand."""
        for operand in self.numerator.operands:
            yield "numerator", operand
        for operand in self.denominator.operands if self.denominator else ():
            yield "denominator", operand


def in_form(form: Form, *keys: Key, factor: int = 1) -> tuple[Operand, ...]:
    """Return the operands that these cells of a form are."""
    return tuple(Operand(form.code, key, factor) for key in keys)


def in_both(table: str, *rows: str, column: str = "total", factor: int = 1) -> tuple[Operand, ...]:
    """Return the operands that these rows are, both in the form of 2019 and in that of 2021."""
    keys = [(table, row, column) for row in rows]
    return tuple(part for form in (FORM_2019, FORM_2021) for part in in_form(form, *keys, factor=factor))


def in_words(operands: tuple[Operand, ...]) -> tuple[str, str]:
    """Return a sum in words, Chinese and English, as the newest form that knows it prints it."""
    newest = [part for part in operands if part.form == operands[-1].form]
    zh = "＋".join(ITEMS[part.key].label for part in newest)
    return zh, " + ".join(".".join(part.key) for part in newest)


Reason = tuple[str, str, str]
"""Comparability, and the reason in Chinese and in English."""


def joins(before: Reason, after: Reason) -> tuple[Join, ...]:
    """Return the steps from the annex to the form of 2019, and from that to the form of 2021."""
    return (
        Join(ANNEX_2014.code, FORM_2019.code, *before),
        Join(FORM_2019.code, FORM_2021.code, *after),
    )


def rows_of(form: Form, table: str, beginning: str) -> tuple[str, ...]:
    """Return the codes of the rows of a table that begin so, in the form's order."""
    keys = (key for key in ITEMS if key in FORM_KEYS[form.code] and key[0] == table)
    return tuple(dict.fromkeys(row for _, row, _ in keys if row.startswith(beginning)))
