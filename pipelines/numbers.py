"""What is printed in a cell, as a value and a state.

Blank, placeholder and zero are three things. What is not certainly one number is unreadable: digits
that white space sets apart are thousands or nothing, a number begins with no 0 that could be a
number of its own, and no more digits are taken than a float holds. Numbers in Chinese characters
are unreadable (三 may as well be a numbering), but for 零 and 〇 alone. A note in brackets behind
the number is no part of it. What is stored beside the value is the whole text as printed.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from pipelines.reading import BLANK, NUMBER, PLACEHOLDER, UNREADABLE
from pipelines.traditional import simplified

_ZERO = {"零", "〇"}
_NOTHING = {
    *("无", "暂无", "无数据", "不适用", "未涉及", "不涉及", "N/A", "n/a", "NA"),
    *("无变化", "未变化", "不变", "持平"),
}
"""Words for no number; 持平 means a change of 0, but prints none."""
_MARKS = re.compile(r"[/\\*_…\-−–—―]+")

_MINUS = {"-", "−", "–", "—", "―"}
_DOWN = {"减少", "净减", "减", "下降", "↓"}
_UP = {"新增", "增加", "增长", "净增", "增", "上升", "↑"}
_SIGN = "|".join(map(re.escape, ("+", *sorted(_MINUS), *sorted(_DOWN | _UP, key=len, reverse=True))))
_WHOLE = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|0|[1-9][0-9]*"
_PER_WAN = {"元": Decimal(10_000), "千元": Decimal(10), "万元": Decimal(1)}
_PER_WAN |= {"百万元": Decimal("0.01"), "亿元": Decimal("0.0001")}
_UNIT = "|".join(
    (*_PER_WAN, *("件次", "人次", "件", "项", "个", "条", "次", "份", "宗", "篇", "人", "起", "部"))
)
_NUMBER = re.compile(
    rf"(?:共 ?)?(?:(?P<sign>{_SIGN}) ?)?(?P<whole>{_WHOLE})(?:\.(?P<part>[0-9]+))? ?(?P<unit>{_UNIT})?"
    r" ?[①-⑳※*]?(?P<notes>(?: ?\((?:[^()]|\([^()]*\))*\))*)"
)
_NOTE_OF_UNIT = re.compile(rf" ?\((?:单位:?)?(?P<unit>{_UNIT})\)")
_NOTE_OF_NUMBER = re.compile(r"\( ?(?:单位)?:?[0-9., ]*[十百千万亿]|\((?![0-9①-⑳※*]\))[^一-鿿A-Za-z]*\)")
"""A note that counts by tens or more may change the number, one without a word be another: 22（23）.

One digit or sign alone is a footnote's mark.
"""
_SEVERED = re.compile(r"[0-9.,+\-−–—―](?:[\n\r\t\v\f]|\s\s)\s*[0-9.,]")
"""Digits on two lines of one cell, or far apart, are one number or two: the cell does not say."""
_WIDTH = str.maketrans("０１２３４５６７８９．，：＋－（）／＼〔〕【】［］[]", "0123456789.,:+-()/\\()()()()")
_UNSEEN = dict.fromkeys((*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD))

_DIGITS = 15
"""Digits that a float surely holds."""

LONGEST = 60
"""Characters of a cell that may still be a number with its note."""


def plain(text: str) -> str:
    """Return the text in simplified script, wide forms and brackets narrowed, white space single.

    >>> plain("１ ０２４件")
    '1 024件'
    """
    return " ".join(_narrow(text).split())


def _narrow(text: str) -> str:
    return simplified(text).translate(_UNSEEN).translate(_WIDTH)


def is_value(text: str) -> bool:
    """Tell whether a cell holds a number or a placeholder (and is no label).

    >>> is_value("22（其中修订16件）"), is_value("/"), is_value("1.属于国家秘密"), is_value("")
    (True, True, False, False)
    """
    return 0 < len(text) <= 2 * LONGEST and _is_short_value(text)


def read_value(
    text: str, *, money: bool = False, heading_unit: str = "", signed: bool = True
) -> tuple[str, int | float | None]:
    """Return state and value of one cell.

    Args:
        text: the cell as printed.
        money: the value is money and is wanted in 万元.
        heading_unit: the unit the cell's heading prints (元, 千元, 万元, 百万元, 亿元), which counts
            where the cell prints none; none at all means 万元.
        signed: the value is a change. Elsewhere 增3 or +3 says how much more there is, not how
            much, and is unreadable; a minus is read as printed, for a check to find.

    Returns:
        The state, and the value where the state is `number`: an int where it is whole.

    >>> read_value("1,024件"), read_value(" "), read_value("/"), read_value("2 1")
    (('number', 1024), ('blank', None), ('placeholder', None), ('unreadable', None))
    >>> read_value("-18"), read_value("减少2"), read_value("5000元", money=True)
    (('number', -18), ('number', -2), ('number', 0.5))
    >>> read_value("增3"), read_value("增3", signed=False), read_value("持平")
    (('number', 3), ('unreadable', None), ('placeholder', None))
    """
    read = _read_short if len(text) <= 2 * LONGEST else _read
    return read(text, money, heading_unit, signed)


def _read(text: str, money: bool, heading_unit: str, signed: bool) -> tuple[str, int | float | None]:
    printed = plain(text)
    if not printed:
        return BLANK, None
    if (together := printed.replace(" ", "").rstrip("。")) in _NOTHING or _MARKS.fullmatch(together):
        return PLACEHOLDER, None
    if printed in _ZERO:
        return NUMBER, 0
    match = _NUMBER.fullmatch(printed) if len(printed) <= LONGEST else None
    if match is None or _SEVERED.search(_narrow(text)):
        return UNREADABLE, None
    number = _decimal(match, signed=signed)
    factor = _factor(match, heading_unit, money=money)
    if number is None or factor is None:
        return UNREADABLE, None
    number /= factor
    return NUMBER, int(number) if number == number.to_integral_value() else float(number)


_read_short = lru_cache(maxsize=8192)(_read)


@lru_cache(maxsize=8192)
def _is_short_value(text: str) -> bool:
    return any(_read(text, money, "", True)[0] in (NUMBER, PLACEHOLDER) for money in (False, True))


def _decimal(match: re.Match[str], *, signed: bool) -> Decimal | None:
    sign = match["sign"] or ""
    whole = match["whole"].replace(",", "").replace(" ", "")
    part = match["part"] or "0"
    if len(whole) + len(part) > _DIGITS + 1 or (sign and sign not in _MINUS and not signed):
        return None
    number = Decimal(f"{whole}.{part}")
    return -number if sign in _MINUS | _DOWN else number


def _factor(match: re.Match[str], heading_unit: str, *, money: bool) -> Decimal | None:
    """Return by what the number is divided; None where that, or the kind of the unit, is in doubt."""
    noted = _NOTE_OF_UNIT.fullmatch(match["notes"])
    if not noted and _NOTE_OF_NUMBER.search(match["notes"]):
        return None
    unit = match["unit"] or (noted["unit"] if noted else "")
    if not money:
        return None if unit in _PER_WAN else Decimal(1)
    if not unit and "元" in match["notes"]:
        return None  # whose unit the note prints cannot be told
    return _PER_WAN.get(unit or heading_unit or "万元")


def has_digit(text: str) -> bool:
    """Tell whether a digit, of any script, stands in the text."""
    return any(unicodedata.category(character) == "Nd" for character in text)


def money_unit(heading: str) -> str:
    """Return the unit of money that a heading prints, or an empty string.

    >>> money_unit("采购总金额（单位：万元）"), money_unit("采购总金额（元）"), money_unit("采购总金额")
    ('万元', '元', '')
    >>> money_unit("采购总金额（百万美元）")
    '百万美元'
    """
    match = re.search("[十百千万亿]*[美欧港日]?元", "".join(simplified(heading).split()))
    return match[0] if match else ""
