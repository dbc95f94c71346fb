"""What is printed in a cell, as a value and a state.

Blank, placeholder and zero are three things. What is not certainly one number is
unreadable: a space inside a number is a thousands separator or nothing.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE
from pipelines.traditional import simplified

PLACEHOLDERS = frozenset(
    {
        *("/", "\\", "-", "--", "---", "—", "——", "–", "―", "−", "*", "…", "……", "_", "__"),
        *("无", "暂无", "不适用", "未涉及", "不涉及", "N/A", "n/a", "NA"),
    }
)

_SIGN = r"[+\-−–—―]|增加?|减少?|[↑↓]"
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+"
_UNIT = r"亿元|万元|元|件次|件|项|个|条|次|份|宗"
_NUMBER = re.compile(
    rf"(?P<sign>{_SIGN})? ?(?P<whole>{_DIGITS})(?: ?\. ?(?P<part>\d+))? ?(?P<unit>{_UNIT})?"
    rf" ?(?:\([^()]*\))?"
)
_BROKEN = re.compile(r"\d\s*\n\s*[\d.,]")
"""Digits on two lines of one cell are one number or two: the cell does not say."""
_DOWN = {"-", "−", "–", "—", "―", "减", "减少", "↓"}
_WORDS = {"增", "增加", "减", "减少", "↑", "↓"}
_WIDTH = str.maketrans("０１２３４５６７８９．，＋－（）／", "0123456789.,+-()/")
_PER_WAN = {"元": Decimal(10_000), "亿元": Decimal("0.0001")}

LONGEST = 60
"""Characters of a cell that may still be a number with its note."""


def plain(text: str) -> str:
    """Return the text in simplified script, full-width forms narrowed and white space single.

    >>> plain("１ ０２４件")
    '1 024件'
    """
    return " ".join(simplified(text).translate(_WIDTH).split())


def is_value(text: str) -> bool:
    """Tell whether a cell holds a number or a placeholder (and is no label).

    >>> is_value("22（其中修订16件）"), is_value("/"), is_value("1.属于国家秘密"), is_value("")
    (True, True, False, False)
    """
    return 0 < len(text) <= 2 * LONGEST and _read_short(text, False, "")[0] in (NUMBER, PLACEHOLDER)


def read_value(text: str, *, money: bool = False, heading_unit: str = "") -> tuple[str, int | float | None]:
    """Return state and value of one cell.

    Args:
        text: the cell as printed.
        money: the value is money and is wanted in 万元.
        heading_unit: the unit the cell's heading prints (元, 万元, 亿元), which counts where
            the cell prints none; none at all means 万元.

    Returns:
        The state, and the value where the state is `number`: an int where it is whole.

    >>> read_value("1,024件"), read_value(" "), read_value("/"), read_value("2 1")
    (('number', 1024), ('blank', None), ('placeholder', None), ('unreadable', None))
    >>> read_value("-18"), read_value("减少2"), read_value("5000元", money=True)
    (('number', -18), ('number', -2), ('number', 0.5))
    """
    read = _read_short if len(text) <= 2 * LONGEST else _read
    return read(text, money, heading_unit)


def _read(text: str, money: bool, heading_unit: str) -> tuple[str, int | float | None]:
    printed = plain(text)
    if not printed:
        return BLANK, None
    if _BROKEN.search(text):
        return UNREADABLE, None
    if printed in PLACEHOLDERS:
        return PLACEHOLDER, None
    number = _decimal(printed, heading_unit if money else "", money=money)
    if number is None:
        return UNREADABLE, None
    return NUMBER, int(number) if number == number.to_integral_value() else float(number)


_read_short = lru_cache(maxsize=8192)(_read)


def _decimal(printed: str, heading_unit: str, *, money: bool) -> Decimal | None:
    if printed == "零":
        return Decimal(0)
    match = _NUMBER.fullmatch(printed) if len(printed) <= LONGEST else None
    unit = (match["unit"] or "") if match else ""
    # Money in a column of counts, or pieces in a column of money, is not what was asked for.
    if match is None or (unit and unit.endswith("元") != money):
        return None
    whole = match["whole"].replace(",", "").replace(" ", "")
    number = Decimal(f"{whole}.{match['part'] or '0'}")
    if match["sign"] in _DOWN:
        number = -number
    return number / _PER_WAN.get(unit or heading_unit, Decimal(1)) if money else number


def has_digit(text: str) -> bool:
    """Tell whether a digit, of any script, stands in the text."""
    return any(unicodedata.category(character) == "Nd" for character in text)


def money_unit(heading: str) -> str:
    """Return the unit of money that a heading prints, or an empty string.

    >>> money_unit("采购总金额（单位：万元）"), money_unit("采购总金额（元）"), money_unit("采购总金额")
    ('万元', '元', '')
    """
    match = re.search(r"亿元|万元|元", "".join(simplified(heading).split()))
    return match[0] if match else ""
