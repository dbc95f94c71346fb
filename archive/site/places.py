"""Where a cell stands, said in words; the short text is described with the field `cell.place`."""

import re
from collections.abc import Mapping
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


def _parts(place: str | None) -> dict[str, str | None]:
    match = _SHORT.fullmatch(place or "")
    return match.groupdict() if match else {}
