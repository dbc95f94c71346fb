"""One number as somebody prints it, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

BLANKS = ("", "", " ", "\xa0\xa0\xa0\xa0\xa0\xa0\xa0", "\u3000")
PLACEHOLDERS = ("/", "—", "-", "无", "不适用")
_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_UNITS = {"万元": Decimal(1), "元": Decimal("0.0001"), "亿元": Decimal(10_000)}


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in a cell, the state it must be read as, and the number it means."""

    text: str
    state: str
    value: int | float | None


def count(random: Random) -> Printed:
    """Print a count of pieces, or leave it out."""
    number = random.choice(
        (0, random.randint(1, 99), random.randint(100, 99_999), random.randint(10**6, 10**9))
    )
    return _absent(random) or Printed(_dressed(str(number), f"{number:,}", "件", random), "number", number)


def change(random: Random) -> Printed:
    """Print a change against the year before: signed, in words, or unsigned for an increase."""
    number = random.randint(0, 2_000)
    falls = number > 0 and random.random() < 0.5
    sign = random.choice(("-", "－", "减", "减少")) if falls else random.choice(("", "+", "增", "增加"))
    return _absent(random) or Printed(f"{sign}{number}", "number", -number if falls else number)


def money(random: Random) -> Printed:
    """Print a sum in 万元, with its own unit at times."""
    amount = Decimal(random.randint(0, 10**8)).scaleb(-random.choice((0, 2, 4, 6)))
    unit = random.choice(("", "", *_UNITS))
    value = amount * _UNITS.get(unit, Decimal(1))
    number = int(value) if value == value.to_integral_value() else float(value)
    return _absent(random) or Printed(_dressed(f"{amount:f}", f"{amount:,f}", unit, random), "number", number)


def _absent(random: Random) -> Printed | None:
    chance = random.random()
    if chance < 0.1:
        return Printed(random.choice(BLANKS), "blank", None)
    return Printed(random.choice(PLACEHOLDERS), "placeholder", None) if chance < 0.2 else None


def _dressed(bare: str, grouped: str, unit: str, random: Random) -> str:
    """Return a number as it comes: most are bare, a unit of money always stands."""
    always = unit if unit in _UNITS else ""
    styles: tuple[Callable[[], str], ...] = (
        *(lambda: bare + always,) * 6,
        lambda: grouped + always,
        lambda: bare.translate(_WIDE) + always,
        lambda: bare + unit,
        lambda: f"\u3000{bare}{always}\xa0",
        lambda: f"{bare}{always}（其中修订{random.randint(1, 99)}件）",
    )
    return random.choice(styles)()
