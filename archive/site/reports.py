"""What the page of one report shows, asked from the database."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from datasette.database import Database

from archive.site.queries import rows
from archive.site.statute import Row, Table, layout

REPORT = """
SELECT report.*, agency.name AS agency_name, agency.division,
       coalesce((SELECT name FROM division_name AS named
                 WHERE named.division = division.id AND report.year BETWEEN from_year AND to_year),
                division.name) AS division_name,
       above.name AS above_name, revision.form, form.name AS form_name, form.source AS form_source
FROM report
JOIN agency ON agency.id = report.agency
LEFT JOIN division ON division.id = agency.division
LEFT JOIN division AS above ON above.id = division.parent
LEFT JOIN revision ON revision.id = report.revision
LEFT JOIN form ON form.id = revision.form
WHERE report.id = :report
"""

CELLS = """
SELECT form_cell.*, form_item."table", form_item.row, form_item.column, form_item.unit, form_item.label,
       cell.value, cell.text, cell.place, cell_state.name AS state
FROM form_cell
JOIN form_item ON form_item.id = form_cell.item
LEFT JOIN cell ON cell.revision = :revision AND cell.item = form_cell.item
LEFT JOIN cell_state ON cell_state.id = cell.state
ORDER BY form_cell.form, min(form_cell.item) OVER (PARTITION BY form_cell.form, form_item."table"),
         block, row_order, column_order
"""

STRAY = """
SELECT cell.item, cell.value, cell.text, cell.place, form_item.label, form_item.unit, cell_state.name AS state
FROM cell JOIN form_item ON form_item.id = cell.item JOIN cell_state ON cell_state.id = cell.state
WHERE cell.revision = :revision
"""

FINDINGS = """
SELECT finding.*, check_definition.number, check_definition.zh, check_definition.en,
       other.year AS other_year, agency.name AS other_agency
FROM finding LEFT JOIN check_definition ON check_definition.id = finding."check"
LEFT JOIN report AS other ON other.id = finding.against LEFT JOIN agency ON agency.id = other.agency
WHERE finding.revision = :revision
ORDER BY finding."pass", check_definition.number, finding."table", finding.row, finding.column
"""

SECTIONS = "SELECT * FROM section WHERE revision = :revision ORDER BY number"
PROBLEMS = "SELECT * FROM problem WHERE revision = :revision ORDER BY kind, id"
ABOUT_TABLES = "SELECT * FROM form_table"
WITHHELD = """
SELECT * FROM withheld WHERE lifted_at IS NULL AND digest IN (
    SELECT digest FROM revision WHERE id = :revision
    UNION SELECT digest FROM rendering WHERE revision = :revision)
ORDER BY made_at
"""


@dataclass(slots=True)
class Finding:
    """One finding, with the number it bears on the page and the passes that made it."""

    number: int
    row: Row
    passes: list[str]
    where: str = ""

    @property
    def assumed_only(self) -> bool:
        """Return whether it holds only if blanks count as 0."""
        return self.passes == ["assumed_zero"]

    @property
    def pinned(self) -> bool:
        """Return whether it concerns one cell, not a whole row or column."""
        return bool(self.row["row"] and self.row["column"])


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page of one report.

    Attributes:
        marks: per item the findings that concern it; `numbered` those whose number it bears.
        withheld: decisions by which the current revision is not shown.
        stray: cells of the revision that stand in none of the tables as printed.
    """

    head: Row
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    marks: dict[int, list[Finding]]
    numbered: dict[int, list[Finding]]
    stray: tuple[Row, ...]
    sections: tuple[Row, ...]
    problems: tuple[Row, ...]
    names: dict[str, str] = field(default_factory=dict)
    withheld: tuple[Row, ...] = ()


async def report(db: Database, report_id: str) -> Report | None:
    """Return what is to be shown of a report, or None if there is no such report."""
    heads = await rows(db, REPORT, report=report_id)
    if not heads:
        return None
    head = heads[0]
    of = {"revision": head["revision"]}
    chosen = printed(await rows(db, CELLS, **of), head["form"])
    about = {(row["form"], row["table"]): row for row in await rows(db, ABOUT_TABLES)}
    tables = tuple(layout(cells, about.get((form, name))) for (form, name), cells in chosen)
    shown = [cell for _, cells in chosen for cell in cells]
    items = {cell["item"] for cell in shown}
    findings = merged(await rows(db, FINDINGS, **of))
    marks, numbered = concerned(findings, shown)
    stray = [cell for cell in await rows(db, STRAY, **of) if cell["item"] not in items]
    return Report(
        head,
        tables,
        findings,
        marks,
        numbered,
        tuple(stray),
        tuple(await rows(db, SECTIONS, **of)),
        tuple(await rows(db, PROBLEMS, **of)),
        {table.code: table.heading for table in tables},
        # A publication that an earlier version of the program made has no such table.
        tuple(await rows(db, WITHHELD, **of)) if await db.table_exists("withheld") else (),
    )


def printed(cells: Iterable[Row], form: str | None) -> list[tuple[tuple[str, str], list[Row]]]:
    """Return for each statutory table the form's layout that holds most of the cells read.

    Every table has the form that its own labels show; where two forms print it alike, the
    revision's form is taken. A table of which no cell was read is left out.
    """
    layouts: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for cell in cells:
        layouts[cell["form"], cell["table"]].append(cell)
    best: dict[str, tuple[tuple[int, bool], tuple[str, str]]] = {}
    for key, group in layouts.items():
        held = sum(cell["state"] is not None for cell in group)
        rank = (held, key[0] == form)
        if held and (key[1] not in best or rank > best[key[1]][0]):
            best[key[1]] = (rank, key)
    return [(key, layouts[key]) for _, key in best.values()]


def merged(findings: Iterable[Row]) -> tuple[Finding, ...]:
    """Number the findings; one that both passes made is shown once, with both named."""
    found: dict[tuple[Any, ...], Finding] = {}
    for row in findings:
        names = ("check", "table", "row", "column", "expected", "found", "against")
        key = tuple(row[name] for name in names)
        if key in found:
            found[key].passes.append(row["pass"])
        else:
            found[key] = Finding(len(found) + 1, row, [row["pass"]])
    return tuple(found.values())


Marks = dict[int, list[Finding]]


def concerned(findings: Iterable[Finding], cells: list[Row]) -> tuple[Marks, Marks]:
    """Return which cells each finding concerns, and the one cell that bears its number.

    A finding without a row concerns its whole column, one without a column its whole row; the
    number then stands in the last of them. One without either concerns the table and no cell.
    """
    marks: Marks = defaultdict(list)
    numbered: Marks = defaultdict(list)
    for finding in findings:
        row = finding.row
        matching = [
            cell
            for cell in cells
            if (row["row"] or row["column"])
            and cell["table"] == row["table"]
            and row["row"] in (None, cell["row"])
            and row["column"] in (None, cell["column"])
        ]
        for cell in matching:
            marks[cell["item"]].append(finding)
        if matching:
            numbered[matching[-1]["item"]].append(finding)
            finding.where = _where(row, matching[-1])
    return marks, numbered


def _where(row: Row, cell: Row) -> str:
    """Name what a finding concerns, from the labels of the last cell it concerns."""
    if row["row"] and row["column"]:
        return str(cell["label"])
    labels = json.loads((cell["column_labels"] if row["column"] else cell["row_labels"]) or "[]")
    return str(labels[-1]) if labels and (row["row"] or row["column"]) else ""
