"""What stands under a report: the agency that signs it, and the day."""

import re
from collections.abc import Iterator

from pipelines.documents import Document
from pipelines.names import LONGEST_NAME, full_name
from pipelines.titles import plain_digits

_DAY = re.compile(r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
_CHINESE = re.compile(r"(二[〇○零OＯ0].{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$")
_BODY = re.compile(r"\s*[一1]\s*[、.．]")
_NUMERALS = "〇一二三四五六七八九"


def signatures(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (signer, date) of the lines behind the first heading that are a day, the last first.

    The signer stands in the same line or in the one before, and is empty where that names none.
    """
    lines = [line.text for line in document.lines]
    start = next((index for index, text in enumerate(lines) if _BODY.match(text)), len(lines))
    for index in range(len(lines) - 1, start, -1):
        text = western(plain_digits(lines[index]).strip(" 。（）()"))
        day = _DAY.search(text)
        if day and len(text) <= LONGEST_NAME + len(day[0]):
            signer = text[: day.start()].strip() or lines[index - 1]
            if full_name(signer) or not text[: day.start()].strip():
                yield full_name(signer) or "", day[0]


def western(text: str) -> str:
    """Return a text with a day written in Chinese at its end in figures.

    >>> western("某某市样本局二〇二一年一月二十五日"), western("十日")
    ('某某市样本局2021年1月25日', '十日')
    """
    return _CHINESE.sub(lambda match: f"{_year(match[1])}年{_count(match[2])}月{_count(match[3])}日", text)


def _year(numerals: str) -> str:
    return "".join(str(max(0, _NUMERALS.find(numeral))) for numeral in numerals)


def _count(numerals: str) -> int:
    """Return a number from 1 to 99: 二十五, 十, 三."""
    tens, ten, ones = numerals.rpartition("十")
    return (_NUMERALS.find(tens) if tens else 1) * 10 * bool(ten) + (_NUMERALS.find(ones) if ones else 0)
