"""Places as short text, as `cell.place` and `problem.place` hold them, and back.

    place  = [ "p" page ] [ "t" table ] [ "r" row ] [ "c" column ] [ "l" line ] [ box ] [ path ]
    box    = "b" x0 "," top "," x1 "," bottom      points to a tenth, as pdfplumber counts them
    path   = { within " " } ( element | cell )  |  within
    within = member | element | "$"                where the document or the markup is kept
    member = "'" name "'"                          a file in an archive, a quotation mark doubled
    element                                        an XPath from the root, as /html/body/table[2]
    cell   = "'" sheet "'!" column row             as '表三'!D12, a quotation mark doubled

A path is one within another where the markup it leads through is itself only text: that of a script,
an attribute, or a whole document that is no page (`$`). Cells of one table have most of their paths in
common: that part, the *root*, is kept once, in the table `grid`; the text then holds what comes behind
it, which begins with `/` or `!`, or is `.` where nothing does. `problem.place` holds whole paths.

Source: XPath 1.0, 2.5 (abbreviated syntax); ECMA-376 Part 1, 18.17.2.3 (A1 references).
"""

import re
from collections.abc import Iterable, Mapping

from pipelines.reading import Place

Table = tuple[int, int]
"""Page and number of a table, 0 where there is none."""

Roots = Mapping[Table, str]

ITSELF = "."
"""Stands for the root itself, as in XPath."""

_NO_ROOTS: Roots = {}
_NUMBER = r"(-?\d+(?:\.\d)?)"
_SHORT = re.compile(
    r"(?:p(\d+))?(?:t(\d+))?(?:r(\d+))?(?:c(\d+))?(?:l(\d+))?"
    rf"(?:b{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER})?(.*)",
    re.DOTALL,
)


def table_of(place: Place) -> Table:
    """Return page and table of a place, which say under which root it stands."""
    return place.page or 0, place.table or 0


def roots(places: Iterable[Place]) -> dict[Table, str]:
    """Return for each table the longest path that those of its cells have in common.

    >>> roots([Place(table=2, path="/html/body/table[1]/tr[5]/td[3]"), Place(table=3),
    ...        Place(table=2, path="/html/body/table[1]/tr[51]/td[3]")])
    {(0, 2): '/html/body/table[1]'}
    """
    paths: dict[Table, list[str]] = {}
    for place in places:
        if place.path is not None:
            paths.setdefault(table_of(place), []).append(place.path)
    common = {table: _common(found) for table, found in paths.items()}
    return {table: root for table, root in common.items() if root}


def _common(paths: list[str]) -> str:
    first, last = min(paths), max(paths)
    if first == last:
        return first
    ends = (at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1])
    end = next(ends, len(first))
    return first[: max(first.rfind("/", 0, end), first.rfind("!", 0, end), 0)]


def write(place: Place, roots: Roots = _NO_ROOTS) -> str | None:
    """Return a place as short text; None where nothing of it is known.

    Args:
        place: the place.
        roots: what the paths of each table have in common, and the text leaves out.

    >>> write(Place(table=2, row=4, column=3, line=38))
    't2r4c3l38'
    >>> write(Place(table=2, row=4, column=3, path="/html/body/table/tr[5]/td"), {(0, 2): "/html/body/table"})
    't2r4c3/tr[5]/td'
    >>> write(Place(table=1, row=9, column=4, path="'表三'!D12", line=12))
    "t1r9c4l12'表三'!D12"
    >>> write(Place(page=3, table=2, row=4, column=3, box=(72.1, 120.5, 90.0, 134.1)))
    'p3t2r4c3b72.1,120.5,90,134.1'
    """
    page, table, row, column, path, box, line = place
    text = "" if page is None else f"p{page}"
    text += "" if table is None else f"t{table}"
    text += "" if row is None else f"r{row}"
    text += "" if column is None else f"c{column}"
    text += "" if line is None else f"l{line}"
    text += "" if box is None else f"b{','.join(map(_point, box))}"
    if path is not None:
        root = roots.get((page or 0, table or 0), "")
        if not path.startswith(root):
            raise ValueError(f"the path {path!r} does not begin with the root of its table, {root!r}")
        text += path[len(root) :] or ITSELF
    return text or None


def _point(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def parse(text: str | None, roots: Roots = _NO_ROOTS) -> Place:
    """Return the place that `write` made the text from, with the same roots.

    Raises:
        ValueError: It is no such text.

    >>> parse("t2r4c3/tr[5]/td", {(0, 2): "/html/body/table"}).path
    '/html/body/table/tr[5]/td'
    >>> parse("p3t2r4c3b72.1,120.5,90,134.1").box
    (72.1, 120.5, 90.0, 134.1)
    """
    match = _SHORT.fullmatch(text or "")
    assert match is not None  # every part may be missing, and the last takes anything
    *short, rest = match.groups()
    page, table, row, column, line = (None if each is None else int(each) for each in short[:5])
    box = None if short[5] is None else (float(short[5]), float(short[6]), float(short[7]), float(short[8]))
    place = Place(page, table, row, column, None, box, line)
    if not rest:
        return place
    root = roots.get(table_of(place), "")
    if rest[0] not in ("/!" if root else "/'$") and not (root and rest == ITSELF):
        raise ValueError(f"{text!r} is no place: {rest!r} is no path")
    return place._replace(path=root + ("" if rest == ITSELF else rest))
