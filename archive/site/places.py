"""Where a cell stands, said in words; the short text is described with the field `cell.place`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.site.words import Words

_SHORT = re.compile(
    r"(?:p(?P<page>\d+))?(?:t(?P<table>\d+))?(?:r(?P<row>\d+))?(?:c(?P<column>\d+))?(?:l(?P<line>\d+))?"
    r"(?:b(?P<box>-?\d+(?:\.\d)?(?:,-?\d+(?:\.\d)?){3}))?(?P<path>.*)",
    re.DOTALL,
)


def grid_key(place: str | None) -> tuple[int, int]:
    """Return page and table of a place, the key of its row in `grid`; 0 where there is none.

    >>> grid_key("p3t2r4c3b72.1,120.5,90,134.1"), grid_key("t2r4c3/tr[5]"), grid_key(None)
    ((3, 2), (0, 2), (0, 0))
    """
    found = _parts(place)
    return int(found["page"] or 0), int(found["table"] or 0)


def in_words(place: str | None, language: str) -> str:
    """Return page, table, row, column, line and box of a place in one language; its path is no word.

    >>> in_words("t2r4c3l38/tr[5]/td[3]", "zh"), in_words("t2r4c3l38/tr[5]/td[3]", "en")
    ('表格 2，第 4 行，第 3 列，原文第 38 行', 'table 2, row 4, column 3, line 38 of the source')
    >>> in_words("p3b72.1,120.5,90,134.1", "en"), in_words(None, "en")
    ('page 3, box 72.1,120.5,90,134.1 pt', '')
    """
    found = _parts(place)
    words = _words(language)
    said = (words[name].format(found[name]) for name in _NAMES if found.get(name))
    return _SEPARATORS[language].join(said)


def path(place: str | None, root: str = "") -> str:
    """Return the path of a place, empty where it has none.

    Args:
        place: the short text.
        root: what the text leaves out; where it is not given, dots stand for it.

    >>> path("t2r4c3l38/tr[5]/td[3]"), path("t1r9c4!D12", "'表三'"), path("t1r9c4")
    ('…/tr[5]/td[3]', "'表三'!D12", '')
    """
    own = _parts(place).get("path") or ""
    whole = root + ("" if own == "." else own)
    cut = not root and whole and not whole.startswith(("/html", "'", "$"))
    return (f"…{whole}" if cut else whole) if own else ""


_NAMES = ("page", "table", "row", "column", "line", "box")
_SEPARATORS = {"zh": "，", "en": ", "}


@lru_cache(maxsize=4)
def _words(language: str) -> Mapping[str, str]:
    """Return each part with braces for its number: hundreds of places are said on one page."""
    t, number = Words(language), "{}"
    return {
        "page": str(t("report_place.page", number=number)),
        "table": str(t("report_place.table", number=number)),
        "row": str(t("report_place.row", number=number)),
        "column": str(t("report_place.column", number=number)),
        "line": str(t("report_place.line", number=number)),
        "box": str(t("report_place.box", number=number)),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A place as `cell.place` tells it, its path whole; what it does not tell is None.

    Attributes:
        page, table, row, column, line: from 1.
        box: left, top, right and bottom on the page, in points.
        path: of an element, of a cell in a workbook, or of a file in an archive; one within another is
            behind a space.
    """

    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    box: tuple[float, ...] | None = None
    path: str | None = None

    @property
    def element(self) -> str | None:
        """Return the path of the element where it leads through the page itself, and no markup held in it."""
        return self.path if self.path and self.path.startswith("/") and " " not in self.path else None


def parse(place: str | None, root: str = "") -> Place:
    """Return what a short text says; `root` as in `path`.

    >>> parse("t2r4c3l38/tr[5]/td[3]", "/html/body/table[1]").element
    '/html/body/table[1]/tr[5]/td[3]'
    >>> parse("p3t2r4c3b72.1,120.5,90,134.1").box
    (72.1, 120.5, 90.0, 134.1)
    """
    found = _parts(place)
    numbers = {
        name: int(value) if (value := found.get(name)) else None
        for name in ("page", "table", "row", "column", "line")
    }
    drawn, rest = found.get("box"), found.get("path")
    box = tuple(map(float, drawn.split(","))) if drawn else None
    return Place(**numbers, box=box, path=root + ("" if rest == "." else rest) if rest else None)


def _parts(place: str | None) -> dict[str, str | None]:
    match = _SHORT.fullmatch(place or "")
    return match.groupdict() if match else {}
