"""All versions that were ever made: their numbers, and what a citation of one is checked by.

Only the last few versions are kept as folders; the table `publication_version` names all whose rows are
kept (`past`), the newest last.
"""

import sqlite3

from archive.tables import has_table

FIELDS = (
    ("number", "INTEGER PRIMARY KEY", "版本序号", "Number of the version, from 1: what from_version names"),
    ("version", "TEXT", "版本", "Version: the time it was made"),
    ("made_at", "TEXT", "生成时间（UTC）", "Made at, UTC"),
    ("content", "TEXT", "内容摘要", "SHA-256 over all rows of all tables, in key order, as they were then"),
    ("reports", "INTEGER", "年度报告数", "Reports"),
    ("cells", "INTEGER", "单元格数", "Cells"),
    ("rules", "TEXT", "遮盖程序摘要", "SHA-256 of the program text that masked and withheld"),
)
"""The fields of `publication_version`: name, type, description zh and en."""

_TOLD = "version, made_at, content, reports, cells"
"""What a publication tells of itself, also one that was made before versions had numbers."""


def begin(db: sqlite3.Connection, *, after: bool, lost: int = 0) -> int:
    """Make the table, with the versions that came before; return the number of the one that is being made.

    Args:
        db: The new snapshot as `main`, the publication before as `before` (`gate.beside`).
        after: There is one. If it was made before versions had numbers it is number 1.
        lost: How many were made after it and are damaged: their numbers, which their copies may be cited
            by, are given to no other.
    """
    columns = ", ".join(f"{name} {type_}" for name, type_, *_ in FIELDS)
    db.execute(f"CREATE TABLE main.publication_version ({columns})")
    names = ", ".join(name for name, *_ in FIELDS)
    if after and has_table(db, "publication_version", "before"):
        db.execute(
            f"INSERT INTO main.publication_version ({names}) SELECT {names} FROM before.publication_version"
        )
    elif after:
        first = f"SELECT 1, {_TOLD} FROM before.publication"
        db.execute(f"INSERT INTO main.publication_version (number, {_TOLD}) {first}")
    described = [("publication_version", name, zh, en) for name, _, zh, en in FIELDS]
    described.append(
        ("publication_version", "", "历次版本", "All versions whose rows are here or in the tables past_*.")
    )
    db.executemany(
        'INSERT OR REPLACE INTO main.description ("table", field, zh, en) VALUES (?, ?, ?, ?)', described
    )
    (number,) = db.execute("SELECT coalesce(max(number), 0) + 1 FROM main.publication_version").fetchone()
    # One that was made before rows had numbers is number 1, and what follows it is told from that.
    return int(number) + (lost if after and has_table(db, "publication_version", "before") else 0)


def write_row(db: sqlite3.Connection, number: int, rules: str) -> None:
    """Write the row of the version that is being made, whose own row in `publication` is there."""
    db.execute(
        f"INSERT INTO main.publication_version (number, {_TOLD}, rules)"
        f" SELECT ?, {_TOLD}, ? FROM main.publication",
        (number, rules),
    )


def rules_of(db: sqlite3.Connection, schema: str = "main") -> str | None:
    """Return by which rules a publication was masked and withheld; None where it does not tell."""
    if not has_table(db, "publication_version", schema):
        return None
    query = f"SELECT rules FROM {schema}.publication_version ORDER BY number DESC LIMIT 1"
    return str(db.execute(query).fetchone()[0])
