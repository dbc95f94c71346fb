"""Where a cell stands, said in words; the short text is described with the field `cell.place`."""

import re

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


def _parts(place: str | None) -> dict[str, str | None]:
    match = _SHORT.fullmatch(place or "")
    return match.groupdict() if match else {}
