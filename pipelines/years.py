"""The year a document reports on: its title's, else its period's, else that of its sentences."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from pipelines.documents import Document
from pipelines.titles import Title, parse_title, parse_year, plain_digits

FIRST_YEAR = 2008
"""The first regulations came into force on 1 May 2008."""

_SPAN = re.compile(
    r"(20\d\d)\s*年?\s*[年.\-]?\s*0?1\s*[月.\-]\s*0?1\s*日?[^。\d]{0,8}(?:(20\d\d)\s*[年.\-])?\s*12\s*[月.\-]\s*31"
)
_PERIOD = re.compile(r"(?:统计|数据)[^。]{0,12}(?:期限|时间|范围)[^。]{0,12}?(20\d\d)\s*年")
_MENTION = re.compile(r"(?<!\d)(20\d\d)\s*年(?!\s*修|\s*第|\s*\d+\s*月\s*\d+\s*日)")
_ENOUGH_MENTIONS = 2


def period_years(document: Document) -> tuple[int, ...]:
    """Return the years of the first period of statistics that is printed: one, or two where it spans more."""
    for text in _texts(document):
        span = _SPAN.search(text)
        if span:
            return tuple(dict.fromkeys(int(year) for year in span.groups() if year))
        period = _PERIOD.search(text)
        if period:
            return (int(period[1]),)
    return ()


def titled(titles: Iterable[Title]) -> int | None:
    """Return the year that the reports' titles among these name, where they name one only."""
    return only({title.year for title in titles if title.is_report and title.year})


def only(years: Collection[int]) -> int | None:
    """Return the only one of these years, None where there is none or are several."""
    return next(iter(years)) if len(years) == 1 else None


def body_year(document: Document) -> int | None:
    """Return the year with which a sentence of the report begins."""
    openings = (text[:12] for text in _texts(document) if re.match(r"\s*20\d\d\s*年", text))
    return next((year for text in openings if (year := parse_year(text))), None)


def recycled_year(document: Document, year: int) -> int | None:
    """Return the year that the text speaks of where it never names the year it should.

    A text copied from the year before names that one again and again. The year after is no
    sign: plans and signatures name it.
    """
    mentions: Counter[int] = Counter()
    for text in _texts(document):
        named = [int(match[1]) for match in _MENTION.finditer(text)]
        if named and not _PERIOD.search(text) and not parse_title(text).is_report:
            mentions.update(named)
    if mentions[year]:
        return None
    others = [(count, other) for other, count in mentions.items() if other != year + 1]
    count, other = max(others, default=(0, None))
    return other if count >= _ENOUGH_MENTIONS else None


def _texts(document: Document) -> Iterator[str]:
    return (plain_digits(line.text) for line in document.lines)
