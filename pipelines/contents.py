"""What a document says, apart from the page around it: the same content is the same revision.

Content is what the statute asks for: the cells of the tables, the text of the sections, the title, and
the date of publication that the page itself gives. Navigation, counters, markup, line breaks, spaces
and the width of characters are the portal's affair, and an edit of them is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipelines.reading import META, NUMBER, PAGE, Cell, Dated, Reading, Section
from pipelines.rows import digest, plain

Key = tuple[str, str, str]

_SPACE = re.compile(r"\s+")
_COUNTER = re.compile(
    r"[【\[(（]?(?:(?:本文|网站|总)?(?:浏览|阅读|点击|访问|查看)(?:次数|人数|人次|总?量|数)?|字号|字体|大中小)"
    r"[:：]?[\d,]*(?:次|人次)?(?:大中小)?[】\])）]?"
)
"""A line that only counts readers or changes the size of letters, as portals put between paragraphs."""

_OWN_DATES = (META, PAGE)
"""Where a page itself gives its date: a list and an address are not the page's."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one cell prints: its state, its value if it is a number, and the text where that tells more."""

    state: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one document says.

    Attributes:
        title: as printed.
        dates: the page's own dates of publication, YYYY-MM-DD.
        cells: what is printed in each cell that was read.
        sections: heading and text of each section by its number.
    """

    title: str
    dates: tuple[str, ...]
    cells: Mapping[Key, Figure]
    sections: Mapping[int, tuple[str, str]]

    def digest(self) -> str:
        """Return 32 hexadecimal digits that are the same for the same content."""
        cells = sorted((key, cell.state, cell.value, cell.text) for key, cell in self.cells.items())
        sections = sorted((number, *map(bare, texts)) for number, texts in self.sections.items())
        return digest("content", bare(self.title), self.dates, cells, sections)[:32]


def content_of(reading: Reading) -> Content:
    """Return what a reading holds as content."""
    return content(
        reading.title,
        reading.dates,
        ((cell.key, printed(cell)) for cell in reading.cells),
        reading.sections,
    )


def content(
    title: str, dates: Iterable[Dated], cells: Iterable[tuple[Key, Figure]], sections: Iterable[Section]
) -> Content:
    """Put content together from its parts, wherever they were kept."""
    own = sorted({each.date for each in dates if each.source in _OWN_DATES})
    texts = {section.number: (section.heading, section.text) for section in sections}
    return Content(title, tuple(own), dict(cells), texts)


def printed(cell: Cell) -> Figure:
    """Return what a cell prints.

    >>> from pipelines.reading import Place
    >>> printed(Cell("requests", "received_new", "total", 1024, "number", "1，024", Place()))
    Figure(state='number', value=1024.0, text='')
    """
    return said(cell.state, cell.value, cell.text)


@lru_cache(maxsize=16_384)  # most cells print one of a few small numbers
def said(state: str, value: float | None, text: str) -> Figure:
    """Return what a cell of this state prints; thousands separators and spaces tell nothing."""
    number = float(value) if value is not None else None
    word = bare(text).replace(",", "")
    return Figure(state, number, "" if state == NUMBER and word == plain(number) else word)


def bare(text: str) -> str:
    """Return a text without what no reader sees as a change: width, spaces, counters between the lines.

    >>> bare("本年 新收\\n浏览次数：1,024\\n１４件。")
    '本年新收14件。'
    """
    return unicodedata.normalize("NFKC", unspaced(text))


def unspaced(text: str) -> str:
    """Return a text without spaces, line breaks and counters, its characters as they are printed."""
    lines = (_SPACE.sub("", line) for line in text.splitlines())
    return "".join(line for line in lines if not _COUNTER.fullmatch(unicodedata.normalize("NFKC", line)))
