"""The dates that a document, its address and its list give for its publication.

They often differ: the address tells when a site was moved, the signature when the text was
written. All are kept; the most trusted one counts.
"""

import re
from collections.abc import Iterator
from datetime import date

from archive.captures import Capture
from pipelines.documents import Document
from pipelines.reading import ADDRESS, LIST, META, PAGE, SIGNATURE, Dated
from pipelines.signature import signatures
from pipelines.titles import plain_digits

_DATE = re.compile(r"(?<!\d)(20\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})(?!\d)")
_LABEL = re.compile(r"(?:发布|公开|发文|成文|生成)(?:日期|时间)\s*[:：]?\s*(.{0,40})")
_ADDRESSES = (
    re.compile(r"/t(20\d\d)(\d\d)(\d\d)_"),
    re.compile(r"/(20\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(20\d\d)-?(\d\d)-?(\d\d)/"),
)


def dates(document: Document, capture: Capture) -> tuple[Dated, ...]:
    """Return the dates of publication, each once for each place it stands in, most trusted first."""
    found = (
        (META, _first([document.meta.get("pubdate", "")])),
        (PAGE, _first(_dated_lines(document))),
        (LIST, _first([capture.context.listed_on])),
        (ADDRESS, _of_address(capture.url)),
        (SIGNATURE, _first(dated for _, dated in signatures(document))),
    )
    return tuple(Dated(source, day) for source, day in found if day)


def first_date(text: str) -> str | None:
    """Return the first date in a text that the calendar has, as YYYY-MM-DD.

    >>> first_date("2021-02-31 或 ２０２１年３月１日"), first_date("2021年13月1日")
    ('2021-03-01', None)
    """
    days = (_day(*match.groups()) for match in _DATE.finditer(plain_digits(text)))
    return next((day for day in days if day), None)


def _first(texts: Iterator[str] | list[str]) -> str | None:
    return next((day for text in texts if (day := first_date(text))), None)


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _of_address(url: str) -> str | None:
    matches = (pattern.search(url) for pattern in _ADDRESSES)
    return next((day for match in matches if match and (day := _day(*match.groups()))), None)


def _dated_lines(document: Document) -> Iterator[str]:
    """Yield what stands behind 发布日期 and its like, in lines and in the cells of a box."""
    for line in document.lines:
        yield from (match[1] for match in _LABEL.finditer(line.text[:200]))
    yield from (value for name, value in document.boxes if _LABEL.match(name))
