"""A document's statutory cells.

Strict reading: every printed line is matched or becomes a problem, every row and column of
the form is found or becomes one, and a number that could belong to two places belongs
to none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.across import Groups, read_across
from pipelines.breaks import rejoin
from pipelines.documents import Document
from pipelines.forms import FORMS, Form, Table, table_of
from pipelines.lines import Found, Layout, SegmentReader
from pipelines.listed import Listed, read_listed
from pipelines.reading import Cell, Problem
from pipelines.recognise import Segment, segments
from pipelines.unknown import unknown_lists
from pipelines.versions import candidates, followed, parts_of
from pipelines.wordings import ACROSS, ROWS


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the grids of a document hold.

    Attributes:
        form: code of the form of table two, else of table three, else of a list of indicators;
            None without tables, or where they could be of several forms.
        cells: in the order of the form.
        problems: what was printed and not read, or not printed at all.
        grids: indexes (from 0, among the document's grids) that hold statutory tables.
    """

    form: str | None
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    grids: frozenset[int]


def extract(document: Document) -> Extraction:
    """Read the statutory tables of a document, whichever form each follows."""
    cut = list(segments(document.grids))
    rejoin([segment for _, segment in cut])
    forms = candidates(segment for _, segment in cut)
    found: dict[str, list[Found]] = {table: [] for table in ROWS}
    problems: list[Problem] = []
    refused: list[Problem] = []  # under a heading of an earlier grid: perhaps of another table
    used: set[int] = set()
    for index, segment in cut:
        lines, troubles, is_ours = _read(segment, tuple(form.code for form in forms[segment.table]))
        if segment.continued:
            lines = list(_going_on(lines, found[segment.table], problems))
        if lines or (is_ours and not segment.continued):
            found[segment.table].extend(lines)
            problems.extend(troubles)
            used.add(index)
        elif is_ours:
            refused.extend(troubles)
    extraction = Extraction(None, (), tuple(dict.fromkeys(refused)), frozenset())
    if used:
        there = {(table, line.row) for table, lines in found.items() for line in lines}
        problems.extend(one for one in refused if one.row and (one.table, one.row) not in there)
        extraction = _assemble(found, forms, problems, used)
    return _with_lists(extraction, document)


def _going_on(lines: list[Found], before: list[Found], problems: list[Problem]) -> Iterator[Found]:
    """Yield the lines under a heading of an earlier grid but for rows that this one filled already.

    A line that is blank so far may be the upper end of one that the page's end cuts.
    """
    filled = {line.row: line for line in before if line.is_filled}
    for line in lines:
        same = filled.get(line.row)
        if same is None:
            yield line
        elif line.is_filled and line.values != same.values:
            detail = f"{line.label!r} is printed again with other numbers, under no heading of its own"
            problems.append(line.as_problem("unattributed_number", detail, row=line.row))


def _read(segment: Segment, forms: tuple[str, ...]) -> tuple[list[Found], list[Problem], bool]:
    """Return the rows found in a segment, what could not be read, and whether it is a table of ours."""
    if segment.table in ACROSS:
        rows, problems = read_across(segment, Groups.of(segment.table, forms[0]))
        return rows, problems, bool(rows or problems)
    reader = SegmentReader(segment, Layout.of(segment.table, forms))
    reader.read()
    return reader.found, reader.problems, reader.is_ours


def _assemble(
    found: dict[str, list[Found]],
    candidates: dict[str, tuple[Form, ...]],
    problems: list[Problem],
    used: set[int],
) -> Extraction:
    settled = {table: list(_settle(table, lines, problems)) for table, lines in found.items()}
    kept = {table: list(_without_heading_rows(lines, problems)) for table, lines in settled.items()}
    forms = followed({table: [line.row for line in lines] for table, lines in kept.items()}, candidates)
    cells: list[Cell] = []
    for table, lines in kept.items():
        form = forms[table] or candidates[table][0]
        order = _order(table, form)
        ordered = sorted(lines, key=lambda line: order.index(line.row))
        cells.extend(cell for line in ordered for cell in line.cells)
        problems.extend(problem for line in ordered for problem in line.problems)
        problems.extend(_missing(table, form, lines, bool(found[table])))
    named = next((form.code for form in forms.values() if form), None)
    return Extraction(named, tuple(cells), tuple(problems), frozenset(used))


@lru_cache(maxsize=64)
def _order(table: str, form: Form) -> list[str]:
    """Return all rows of a table: those of this form first, in its order."""
    rows = [row.code for block in table_of(form, table).blocks for row in block.rows]
    return list(dict.fromkeys((*rows, *ROWS[table].values())))


def _with_lists(extraction: Extraction, document: Document) -> Extraction:
    """Add the lists of indicators, and say where a table of no known form stands."""
    for form in FORMS:
        for table in (one for one in form.tables if one.listed):
            left = [each for each in enumerate(document.grids) if each[0] not in extraction.grids]
            listed = read_listed(left, table)
            if listed.found or listed.problems:
                extraction = _with_list(extraction, listed, form, table)
    return replace(extraction, problems=(*extraction.problems, *unknown_lists(document, extraction.grids)))


def _with_list(extraction: Extraction, listed: Listed, form: Form, table: Table) -> Extraction:
    order = [row.code for block in table.blocks for row in block.rows]
    kept = sorted(
        _settle(table.code, listed.found, listed.problems), key=lambda found: order.index(found.row)
    )
    own = [problem for found in kept for problem in found.problems]
    missing = _missing(table.code, form, listed.found, printed=True)
    return Extraction(
        extraction.form or form.code,
        (*extraction.cells, *(cell for found in kept for cell in found.cells)),
        (*extraction.problems, *listed.problems, *own, *missing),
        extraction.grids | listed.grids,
    )


def _settle(table: str, lines: list[Found], problems: list[Problem]) -> Iterator[Found]:
    """Yield each row once; a row printed twice with different numbers is refused."""
    rows: dict[str, list[Found]] = {}
    for line in lines:
        rows.setdefault(line.row, []).append(line)
    for row, same in rows.items():
        sure = [line for line in same if line.exact] or same
        unsure = [line for line in same if line.exact != sure[0].exact]
        detail = "is only near a row that is there"
        problems.extend(line.as_problem("unknown_row", f"{line.label!r} {detail}") for line in unsure)
        filled = [line for line in sure if line.is_filled] or sure[:1]
        if len(filled) == 1 or len({line.values for line in filled}) == 1:
            yield filled[0]
        else:
            detail = f"{filled[0].label!r} is printed {len(filled)} times with different numbers"
            problems.append(filled[0].as_problem("unattributed_number", detail, row=row))


def _without_heading_rows(lines: list[Found], problems: list[Problem]) -> Iterator[Found]:
    """Leave out a row that heads others of its table, as （六）其他处理 does where its parts are printed."""
    there = {line.row for line in lines}
    for line in lines:
        if there.isdisjoint(parts_of(line.table, line.row)):
            yield line
        elif line.is_filled:
            detail = f"{line.label!r} heads other rows and has numbers of its own"
            problems.append(line.as_problem("unknown_row", detail))


def _missing(table: str, form: Form, lines: list[Found], printed: bool) -> Iterator[Problem]:
    """Yield what the form asks for and the document does not print."""
    if not printed:
        yield Problem("no_tables", f"the table {table} is not there", table)
        return
    rows = [row for block in table_of(form, table).blocks for row in block.rows]
    there = {line.row for line in lines}
    for row in rows:
        if row.code not in there:
            yield Problem("missing_row", f"the row {row.labels[-1]} could not be found", table, row.code)
