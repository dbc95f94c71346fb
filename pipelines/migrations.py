"""How a database of an earlier version becomes one of this version, with all its rows.

`MIGRATIONS[n]` leads from version n to n + 1. A migration names what it changes in words of
its own and never uses the tables of `schema`, which move on while it must stay as it is.
"""

from collections.abc import Callable

import sqlite_utils

from pipelines import indicator_rows, schema
from pipelines.errors import NewerDatabase
from pipelines.migration_3 import to_3
from pipelines.rows import search_id
from pipelines.search import spaced

Migration = Callable[[sqlite_utils.Database], None]


def bring_up(db: sqlite_utils.Database) -> int:
    """Create an empty database, or lead an earlier one to this version, in one transaction.

    The registers are written anew where their words changed.

    Returns:
        The version that was found.

    Raises:
        NewerDatabase: A later program wrote it; nothing is changed.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        found = _lift(db)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return found


def _lift(db: sqlite_utils.Database) -> int:
    found = version(db)
    if found > schema.VERSION:
        raise NewerDatabase(f"database version {found!r}, this program knows {schema.VERSION!r} at most")
    if not db.table_names():
        schema.create(db)
        return found
    for number in range(found, schema.VERSION):
        MIGRATIONS[number](db)
        db.execute(f"PRAGMA user_version = {number + 1}")
    schema.fill(db)
    if found < schema.VERSION:
        indicator_rows.write_all(db)
    return found


def version(db: sqlite_utils.Database) -> int:
    """Return the version written in the database, 0 where none was."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _to_1(db: sqlite_utils.Database) -> None:
    """Add full-text search, the extractor of each capture, and each revision's title and date."""
    added: dict[str, dict[str, type]] = {
        "capture": {"extractor": str},
        "report": {"search_id": int},
        "section": {"search_id": int},
        "revision": {"title": str, "published_on": str, "published_from": str},
    }
    for table, columns in added.items():
        for name, kind in columns.items():
            db.table(table).add_column(name, kind)
    db.table("division_name").transform(pk=("division", "from_year", "code"))
    _create_form_table(db)
    _index_reports(db)
    _index_sections(db)
    db.table("source").create_index(["url"], if_not_exists=True)
    _fill_revisions(db)


def _create_form_table(db: sqlite_utils.Database) -> None:
    columns = {"form": str, "table": str, "section": int, "heading": str, "corner": str, "across": int}
    key = ("form", "table")
    db.create_table("form_table", columns, pk=key, not_null=key, foreign_keys=[("form", "form", "id")])


def _index_reports(db: sqlite_utils.Database) -> None:
    db.execute("CREATE VIRTUAL TABLE [report_fts] USING FTS5 (title, agency, content='')")
    rows = db.execute(
        "SELECT r.id, r.title, a.name FROM report r JOIN agency a ON a.id = r.agency"
    ).fetchall()
    for identity, title, agency in rows:
        number = search_id(identity)
        db.execute("UPDATE report SET search_id = ? WHERE id = ?", (number, identity))
        db.execute(
            "INSERT INTO report_fts (rowid, title, agency) VALUES (?, ?, ?)",
            (number, spaced(title or ""), spaced(agency or "")),
        )
    db.table("report").create_index(["search_id"])


def _index_sections(db: sqlite_utils.Database) -> None:
    db.execute("CREATE VIRTUAL TABLE [section_fts] USING FTS5 (heading, text, content='')")
    for revision, number, heading, text in db.execute(
        "SELECT revision, number, heading, text FROM section"
    ).fetchall():
        key = revision * 16 + number
        db.execute(
            "UPDATE section SET search_id = ? WHERE (revision, number) = (?, ?)", (key, revision, number)
        )
        db.execute(
            "INSERT INTO section_fts (rowid, heading, text) VALUES (?, ?, ?)",
            (key, spaced(heading or ""), spaced(text or "")),
        )
    db.table("section").create_index(["search_id"])


def _fill_revisions(db: sqlite_utils.Database) -> None:
    """What version 0 said of the report alone is said of its revisions."""
    db.execute(
        """UPDATE revision SET (title, published_on) = (
            SELECT r.title, r.published_on FROM source s JOIN report r ON r.id = s.report
            WHERE s.id = revision.source)"""
    )
    db.execute(
        """UPDATE capture SET extractor = (
            SELECT max(extractor) FROM revision WHERE revision.capture = capture.id)"""
    )


def _to_2(db: sqlite_utils.Database) -> None:
    """Add the level of each agency, all dates of each revision, and the report a problem belongs to."""
    db.table("agency").add_column("level", str)
    db.execute(
        """UPDATE agency SET level = CASE kind WHEN 'township' THEN 'township'
        ELSE (SELECT level FROM division WHERE division.id = agency.division) END"""
    )
    columns = {"revision": int, "source": str, "date": str, "note": str}
    key = ("revision", "source")
    db.create_table(
        "published_date", columns, pk=key, not_null=key, foreign_keys=[("revision", "revision", "id")]
    )
    db.execute(
        """INSERT INTO published_date (revision, source, date)
        SELECT id, published_from, published_on FROM revision WHERE published_from IS NOT NULL"""
    )
    db.table("problem").add_column("report", str)
    db.execute(
        """UPDATE problem SET report = (SELECT s.report FROM revision v JOIN source s ON s.id = v.source
        WHERE v.id = problem.revision)"""
    )
    db.table("problem").create_index(["report"])


def _to_4(db: sqlite_utils.Database) -> None:
    """Add what the labels of the forms say in English; the registers are filled at every start."""
    db.table("form_item").add_column("label_en", str)
    db.create_table("form_label", {"label": str, "en": str}, pk="label", not_null=("label",))


MIGRATIONS: tuple[Migration, ...] = (_to_1, _to_2, to_3, _to_4)
"""The migration at place n leads from version n to n + 1."""
