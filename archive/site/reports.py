"""What one revision of a report says: cells in the tables as they are printed, findings, text, problems."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.site.printing import number
from archive.site.queries import found
from archive.site.registers import Registers
from archive.site.statute import Row, Table
from archive.tables import has_table

HEAD = """
SELECT report.id, report.agency, agency.name AS agency_name, report.year, report.title, report.published_on,
       report.due_on, report.days_late, report.status, report.gone_since, report.revision, agency.division,
       coalesce((SELECT name FROM division_name AS named
                 WHERE named.division = division.id AND report.year BETWEEN from_year AND to_year),
                division.name) AS division_name,
       above.id AS above, above.name AS above_name
FROM report
JOIN agency ON agency.id = report.agency
LEFT JOIN division ON division.id = agency.division
LEFT JOIN division AS above ON above.id = division.parent
WHERE report.id = :report
"""

YEARS = "SELECT id, year FROM report WHERE agency = :agency ORDER BY year, id LIMIT 60"

CELLS = "SELECT item, value, state, text, place FROM cell WHERE revision = :revision"

FINDINGS = """
SELECT finding.*, other.year AS against_year, agency.name AS against_agency
FROM finding
LEFT JOIN report AS other ON other.id = finding.against LEFT JOIN agency ON agency.id = other.agency
WHERE finding.revision = :revision
ORDER BY finding."pass", finding."check", finding."table", finding.row, finding.column, finding.id
LIMIT 500
"""

SECTIONS = "SELECT number, heading, text FROM section WHERE revision = :revision ORDER BY number"
PROBLEMS = """
SELECT id, kind, "table", row, "column", detail, place FROM problem WHERE revision = :revision
ORDER BY kind, id LIMIT 100
"""
WITHHELD = """
SELECT id, digest, reason, author, made_at FROM withheld WHERE lifted_at IS NULL AND digest IN (
    SELECT digest FROM revision WHERE id = :revision
    UNION SELECT digest FROM rendering WHERE revision = :revision)
ORDER BY made_at
"""

Cells = Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one revision says.

    Attributes:
        tables: the statutory tables, each in the form whose cells it has.
        cells: by item; those of the tables that the report lacks have the state None.
        stray: items of cells that stand in none of the tables.
        findings: each with the items that it concerns, and `pinned`, the one that bears its number.
    """

    tables: tuple[Table, ...]
    cells: Cells
    stray: tuple[int, ...]
    findings: tuple[Row, ...]
    sections: tuple[Row, ...]
    problems: tuple[Row, ...]
    withheld: tuple[Row, ...]


def head(conn: sqlite3.Connection, report_id: str) -> dict[str, Any] | None:
    """Return the row of a report, with the names of its agency and division in that year."""
    return next(iter(found(conn, HEAD, report=report_id)), None)


def years(conn: sqlite3.Connection, agency: str) -> list[dict[str, Any]]:
    """Return the reports of an agency, the first year first."""
    return found(conn, YEARS, agency=agency)


def read(conn: sqlite3.Connection, known: Registers, revision: int | None, form: str | None) -> Reading:
    """Return what a revision, whose form is `form`, says."""
    of = {"revision": revision}
    read_cells = {row["item"]: row for row in found(conn, CELLS, **of)}
    tables = printed(known.tables, read_cells.keys(), form)
    there = [row for table in tables for row in table.cells]
    items = [row["item"] for row in there]
    stray = tuple(sorted(read_cells.keys() - set(items)))
    # A publication that an earlier version of the program made has no such table.
    withheld = found(conn, WITHHELD, **of) if has_table(conn, "withheld") else []
    return Reading(
        tables,
        {item: _cell(known, item, read_cells.get(item)) for item in (*items, *stray)},
        stray,
        tuple(_finding(row, known, there) for row in merged(found(conn, FINDINGS, **of), known)),
        tuple(found(conn, SECTIONS, **of)),
        tuple(found(conn, PROBLEMS, **of)),
        tuple(withheld),
    )


def printed(
    tables: Mapping[tuple[str, str], Table], items: Iterable[int], form: str | None
) -> tuple[Table, ...]:
    """Return for each statutory table the form's layout that holds most of the cells read.

    Every table has the form that its own labels show; where two forms print it alike, the
    revision's form is taken. A table of which no cell was read is left out.
    """
    read_items = set(items)
    best: dict[str, tuple[tuple[int, bool], Table]] = {}
    for table in tables.values():
        held = sum(row["item"] in read_items for row in table.cells)
        rank = (held, table.form == form)
        if held and (table.code not in best or rank > best[table.code][0]):
            best[table.code] = (rank, table)
    return tuple(table for _, table in best.values())


def _cell(known: Registers, item: int, read_cell: Row | None) -> dict[str, Any]:
    """Return a cell with its words; its text is what is printed, None where the report has no such cell."""
    about = known.items[item]
    cell = {
        "item": item,
        **{name: about[name] for name in ("table", "row", "column", "label")},
        "label_en": about.get("label_en"),
        "unit": about["unit"],
    }
    if read_cell is None:
        return cell | {"value": None, "state": None, "text": None, "place": None}
    text = read_cell["text"]
    return cell | {
        "value": read_cell["value"],
        "state": known.states.get(read_cell["state"], ""),
        "text": number(read_cell["value"]) if text is None else text,
        "place": read_cell["place"],
    }


def merged(findings: Iterable[Row], known: Registers) -> list[dict[str, Any]]:
    """Number the findings in the order of their rules; what both passes found is one, with both named."""
    merged_rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in findings:
        names = ("check", "table", "row", "column", "expected", "found", "against")
        key = tuple(row[name] for name in names)
        if key not in merged_rows:
            rule = known.checks.get(row["check"], {})
            merged_rows[key] = {
                **{name: row[name] for name in ("id", "severity", *names, "against_agency", "against_year")},
                "arithmetic": row.get("arithmetic"),
                **{f"rule_{name}": rule.get(name) for name in ("number", "zh", "en")},
                "passes": [],
            }
        merged_rows[key]["passes"].append(row["pass"])
    ordered = sorted(merged_rows.values(), key=_order)
    return [{"number": place, **row} for place, row in enumerate(ordered, 1)]


def _order(finding: Row) -> tuple[str, int, str]:
    rule = finding["rule_number"] or ""
    return finding["passes"][0], len(rule), rule


def _finding(finding: dict[str, Any], known: Registers, cells: Sequence[Row]) -> Row:
    """Tell which items a finding concerns, and which of them bears its number.

    A finding without a row concerns its whole column, one without a column its whole row; the
    number then stands in the last of them. One without either concerns the table and no cell.
    """
    row, column = finding["row"], finding["column"]
    concerned = [
        cell
        for cell in cells
        if (row or column)
        and cell["table"] == finding["table"]
        and row in (None, cell["row"])
        and column in (None, cell["column"])
    ]
    items = [cell["item"] for cell in concerned]
    zh, en = _where(finding, concerned[-1], known) if concerned else ("", "")
    return finding | {"where": zh, "where_en": en, "items": items, "pinned": items[-1] if items else None}


def _where(finding: Row, cell: Row, known: Registers) -> tuple[str, str]:
    """Name what a finding concerns, in both languages, from the labels of the last cell it concerns."""
    if finding["row"] and finding["column"]:
        item = known.items[cell["item"]]
        return str(item["label"]), str(item.get("label_en") or item["label"])
    labels = json.loads((cell["column_labels"] if finding["column"] else cell["row_labels"]) or "[]")
    return (labels[-1], known.english.get(labels[-1], labels[-1])) if labels else ("", "")
