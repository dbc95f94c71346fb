"""Where a cell stands, said in words; the short text is described with the field `cell.place`."""

import re
from dataclasses import dataclass

_SHORT = re.compile(
    r"(?:p(?P<page>\d+))?(?:t(?P<table>\d+))?(?:r(?P<row>\d+))?(?:c(?P<column>\d+))?(?:l(?P<line>\d+))?"
    r"(?:b(?P<box>-?\d+(?:\.\d)?(?:,-?\d+(?:\.\d)?){3}))?(?P<path>.*)",
    re.DOTALL,
)
_WORDS = {
    "page": ("第 {} 页", "page {}"),
    "table": ("表格 {}", "table {}"),
    "row": ("第 {} 行", "row {}"),
    "column": ("第 {} 列", "column {}"),
    "line": ("原文第 {} 行", "line {} of the source"),
    "box": ("方框 {} 磅", "box {} pt"),
}


def grid_key(place: str | None) -> tuple[int, int]:
    """Return page and table of a place, the key of its row in `grid`; 0 where there is none.

    >>> grid_key("p3t2r4c3b72.1,120.5,90,134.1"), grid_key("t2r4c3/tr[5]"), grid_key(None)
    ((3, 2), (0, 2), (0, 0))
    """
    found = _parts(place)
    return int(found["page"] or 0), int(found["table"] or 0)


def in_words(place: str | None, root: str = "") -> str:
    """Return a place in both languages, its path behind it.

    Args:
        place: the short text.
        root: the path that the text leaves out; where it is not given, dots stand for it.

    >>> in_words("t2r4c3l38/tr[5]/td[3]")
    '表格 2，第 4 行，第 3 列，原文第 38 行 table 2, row 4, column 3, line 38 of the source · …/tr[5]/td[3]'
    >>> in_words("t1r9c4!D12", "'表三'")
    "表格 1，第 9 行，第 4 列 table 1, row 9, column 4 · '表三'!D12"
    """
    found = _parts(place)
    known = [(words, found[name]) for name, words in _WORDS.items() if found[name]]
    zh = "，".join(words[0].format(value) for words, value in known)
    en = ", ".join(words[1].format(value) for words, value in known)
    path = root + ("" if found["path"] == "." else found["path"] or "")
    if not root and path and not path.startswith(("/html", "'", "$")):
        path = f"…{path}"
    return " · ".join(part for part in (f"{zh} {en}".strip(), path if found["path"] else "") if part)


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
    """Return what a short text says; `root` as in `in_words`.

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
