"""Numbers as a worksheet prints them: rounded, with their unit, as a percentage or a date.

Of a format only the first section is followed: what it prints for positive numbers. Negative
ones keep their sign, and a zero that a format hides or draws as a dash stays 0.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree

_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_GENERAL = "General"
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_BUILT_IN |= dict.fromkeys((37, 38), "#,##0") | dict.fromkeys((39, 40), "#,##0.00")
_BUILT_IN |= dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy")

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|'
    r"(?P<digits>[0#?][0#?,]*(?:\.[0#?]*)?,*)|(?P<other>.)",
    re.DOTALL,
)
_SCALED = re.compile(r"[0#?],+(?:\.|$)|,$")
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_OTHERWISE = re.compile(r"/|E[+-]|\[[<>=]")
_LITERALS = ("quoted", "escaped", "currency", "other")
_LONGEST = 20
"""Digits behind the point that are written out."""


def builtin(format_id: int) -> str:
    """Return the format that Excel gives this number; dates all look alike here."""
    return _BUILT_IN.get(format_id, _GENERAL)


class NumberFormats:
    """The number formats of a workbook, by the style of a cell."""

    def __init__(self, styles: etree._Element | None, *, from_1904: bool) -> None:
        """Begin with the workbook's styles; its days are counted from 1904, or else 1900."""
        self._codes: list[str] = []
        self._from_1904 = from_1904
        if styles is not None:
            own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(_X + "numFmt")}
            for style in styles.iterfind(f"{_X}cellXfs/{_X}xf"):
                format_id = style.get("numFmtId", "0")
                self._codes.append(own.get(format_id) or builtin(_index(format_id)))

    def printed(self, value: str, style: str) -> str:
        """Return a number as a cell of this style prints it; what is no number as it stands."""
        try:
            number = float(value)
        except ValueError:
            return value
        at = _index(style)
        code = self._codes[at] if at < len(self._codes) else _GENERAL
        return printed(number, code, from_1904=self._from_1904)


def _index(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def printed(value: float, code: str, *, from_1904: bool = False) -> str:
    """Return a number as this format prints it.

    Fifteen digits of it count, as in Excel: 0.1 + 0.2 is 0.3.

    >>> printed(0.1 + 0.2, "General"), printed(5000, '0"元"'), printed(0.155, "0%"), printed(12.345, "0.00")
    ('0.3', '5000元', '16%', '12.35')
    """
    number = Decimal(f"{value:.15g}")
    if not number.is_finite():
        return str(value)
    section = code.split(";")[0]
    tokens = list(_TOKEN.finditer(section))
    bare = "".join(token["digits"] or token["other"] or "" for token in tokens)
    if _GENERAL.lower() in section.lower() or bare in ("", "@"):
        return plain(number)
    return _date(number, from_1904) if _DATE.search(bare) else _formatted(number, tokens, section)


def _date(number: Decimal, from_1904: bool) -> str:
    origin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    try:
        moment = origin + timedelta(days=float(number))
    except OverflowError:
        return f"{plain(number)} (date)"
    return moment.date().isoformat() if number == int(number) else moment.isoformat(" ", "minutes")


def _formatted(number: Decimal, tokens: list[re.Match[str]], section: str) -> str:
    """Return the number with the literals of its format; with the format itself where that scales it."""
    digits = [token["digits"] for token in tokens if token["digits"]]
    if any(_SCALED.search(one) for one in digits):
        return f"{plain(number)} [{section}]"
    if len(digits) != 1 or _OTHERWISE.search(section):
        return plain(number)
    shown = number * 100 if any(token["other"] == "%" for token in tokens) else number
    parts = (
        _rounded(shown, digits[0]) if token["digits"] else next(filter(None, token.group(*_LITERALS)), "")
        for token in tokens
    )
    return "".join(parts).strip()


def _rounded(number: Decimal, digits: str) -> str:
    """Return the number with as many decimals as the placeholders say; `0` prints even a nought."""
    decimals = digits.partition(".")[2]
    most, least = min(len(decimals), _LONGEST), decimals.rstrip("#?").count("0")
    try:
        whole, _, part = format(number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP), "f").partition(".")
    except InvalidOperation:
        return plain(number)
    part = part[:least] + part[least:].rstrip("0")
    return f"{whole}.{part}" if part else whole


def plain(number: Decimal) -> str:
    """Return a number without an exponent, where that is not absurd.

    >>> plain(Decimal("12.0")), plain(Decimal("0.30")), plain(Decimal("1E+3"))
    ('12', '0.3', '1000')
    """
    if number == number.to_integral_value():
        return str(int(number))
    exponent = number.as_tuple().exponent
    text = format(number, "f") if isinstance(exponent, int) and exponent > -_LONGEST else str(number)
    return text.rstrip("0") if "E" not in text else text
