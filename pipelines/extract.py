"""A document's statutory cells.

Strict reading: every printed line is matched or becomes a problem, every row and column of
the form is found or becomes one, and a number that could belong to two places belongs
to none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.breaks import rejoin
from pipelines.documents import Document
from pipelines.forms import FORMS, Form, Table, forms_with, table_of
from pipelines.headings import Headings, headings
from pipelines.labels import stem
from pipelines.lines import Found, Layout, SegmentReader
from pipelines.listed import Listed, read_listed
from pipelines.reading import Cell, Problem
from pipelines.recognise import DISCLOSURE, REQUESTS, REVIEW, ROWS, Segment, segments
from pipelines.review import read_review
from pipelines.unknown import unknown_lists

_PARTS = ("other_no_correction", "other_fee_unpaid", "other_misc")
_WHOLE = "other_handling"


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the grids of a document hold.

    Attributes:
        form: code of the form of table two, else of table three, else of a list of indicators;
            None without tables.
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
    form = _form_of(segment for _, segment in cut if segment.table == DISCLOSURE)
    found: dict[str, list[Found]] = {DISCLOSURE: [], REQUESTS: [], REVIEW: []}
    problems: list[Problem] = []
    refused: list[Problem] = []  # under a heading of an earlier grid: perhaps of another table
    used: set[int] = set()
    for index, segment in cut:
        lines, troubles, is_ours = _read(segment, form)
        if segment.continued:
            # A line that is blank so far may be the upper end of one that the page's end cuts.
            known = {line.row for line in found[segment.table] if line.is_filled}
            lines = [line for line in lines if line.row not in known]
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
        extraction = _assemble(found, form, problems, used)
    return _with_lists(extraction, document)


def _read(segment: Segment, form: Form | None) -> tuple[list[Found], list[Problem], bool]:
    """Return the rows found in a segment, what could not be read, and whether it is a table of ours."""
    if segment.table == REVIEW:
        rows, problems = read_review(segment)
        return rows, problems, bool(rows or problems)
    reader = SegmentReader(
        segment, Layout.of(segment.table, form.code if form and segment.table == DISCLOSURE else None)
    )
    reader.read()
    return reader.found, reader.problems, reader.is_ours


def _assemble(
    found: dict[str, list[Found]], form: Form | None, problems: list[Problem], used: set[int]
) -> Extraction:
    kept = {table: list(_settle(table, lines, problems)) for table, lines in found.items()}
    kept[REQUESTS] = list(_without_heading_row(kept[REQUESTS], problems))
    requests_form = _requests_form({line.row for line in kept[REQUESTS]}, form)
    forms = {DISCLOSURE: form, REQUESTS: requests_form, REVIEW: form or requests_form}
    cells: list[Cell] = []
    for table, lines in kept.items():
        ordered = sorted(lines, key=lambda line: list(ROWS[table].values()).index(line.row))
        cells.extend(cell for line in ordered for cell in line.cells)
        problems.extend(problem for line in ordered for problem in line.problems)
        problems.extend(_missing(table, forms[table] or FORMS[0], lines, bool(found[table])))
    named = form or requests_form
    return Extraction(named.code if named else None, tuple(cells), tuple(problems), frozenset(used))


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


def _form_of(disclosure: Iterable[Segment]) -> Form | None:
    """Choose the form of table two by its printed headings; a headings's own wording counts double."""
    printed = [headings(segment.heading) for segment in disclosure]
    scores = {form.code: sum(_score(one, form) for one in printed) for form in forms_with(DISCLOSURE)}
    best = max(scores.values(), default=0)
    return next((form for form in FORMS if best and scores.get(form.code) == best), None)


def _score(printed: Headings, form: Form) -> int:
    """Count the headings that the form prints: 2 in its own words, 1 in a variant."""
    columns = [column for block in table_of(form, DISCLOSURE).blocks for column in block.columns]
    own = {stem(column.labels[-1]) for column in columns}
    other = {stem(wording) for column in columns for wording in column.variants}
    seen = {stem(cell.text) for cells in printed.cells for cell in cells}
    return 2 * len(seen & own) + len(seen & (other - own))


def _requests_form(rows: set[str], form: Form | None) -> Form | None:
    """Tell the form of table three by how it prints （六）其他处理, else take that of table two."""
    for candidate in FORMS:
        codes = {row.code for table in candidate.tables for block in table.blocks for row in block.rows}
        if rows & {_WHOLE, *_PARTS} and rows & {_WHOLE, *_PARTS} <= codes:
            return candidate
    return form


def _settle(table: str, lines: list[Found], problems: list[Problem]) -> Iterator[Found]:
    """Yield each row once; a row printed twice with different numbers is refused."""
    for row in dict.fromkeys(line.row for line in lines):
        same = [line for line in lines if line.row == row]
        sure = [line for line in same if line.exact] or same
        unsure = [line for line in same if line.exact != sure[0].exact]
        detail = "is only near a row that is there"
        problems.extend(line.as_problem("unknown_row", f"{line.label!r} {detail}") for line in unsure)
        filled = [line for line in sure if line.is_filled] or sure[:1]
        if len({line.values for line in filled}) == 1:
            yield filled[0]
        else:
            detail = f"{filled[0].label!r} is printed {len(filled)} times with different numbers"
            problems.append(filled[0].as_problem("unattributed_number", detail, row=row))


def _without_heading_row(lines: list[Found], problems: list[Problem]) -> Iterator[Found]:
    """Leave （六）其他处理 out where it only heads its three parts."""
    parts = any(line.row in _PARTS for line in lines)
    for line in lines:
        if line.row != _WHOLE or not parts:
            yield line
        elif line.is_filled:
            detail = f"{line.label!r} heads three rows and has numbers of its own"
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
