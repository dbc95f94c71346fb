"""What people decided not to publish, taken out of a snapshot; the row of `withheld` and this sign remain."""

import sqlite3

from archive.fulltext import FullText
from archive.masking import MASK
from archive.tables import FROM, PAST, TO, has_table, past_names, types_of

SIGN = MASK.format("不予公开")
SIGN_EN = "■■■ (withheld)"

STANDING = "SELECT digest FROM main.withheld WHERE lifted_at IS NULL"

_OF_REVISION = ("cell", "grid", "section", "finding", "indicator")
"""Tables whose rows of a withheld revision go; when and where it was published is still told."""

_REVISIONS = "(SELECT id FROM temp.withheld_revision)"

_MARKED = {
    "capture": ("id", f"digest IN ({STANDING})"),
    "address": ("url", f"digest IN ({STANDING})"),
    "report": ("id", f"revision IN {_REVISIONS}"),
    "change": ("id", f"before IN {_REVISIONS} OR after IN {_REVISIONS}"),
}
"""What else quotes withheld revisions: temporary tables `withheld_…` of these fields in these rows."""

_CAPTURES, _ADDRESSES, _REPORTS, _CHANGES = (f"(SELECT id FROM temp.withheld_{name})" for name in _MARKED)

_BLANKED = (
    ("revision", "title = :sign", f"id IN {_REVISIONS}"),
    ("report", "title = :sign", f"revision IN {_REVISIONS}"),
    ("capture", "link_text = NULL, reading_reason = NULL", f"digest IN ({STANDING})"),
    ("skip", "text = NULL", f"url IN {_ADDRESSES}"),
    ("change", "zh = :sign, en = :sign_en", _MARKED["change"][1]),
    ("changed", "before = NULL, after = NULL, zh = :sign, en = :sign_en", f"change IN {_CHANGES}"),
    (
        "problem",
        "detail = :sign, [row] = NULL, [column] = NULL, place = NULL",
        f"capture IN {_CAPTURES} OR revision IN {_REVISIONS}",
    ),
    (
        "correction",
        "before = NULL, after = NULL, value = NULL, reason = :sign,"
        " withdrawn_why = iif(withdrawn_at IS NULL, NULL, :sign)",
        f"digest IN ({STANDING})",
    ),
    ("reread", "before = NULL, after = NULL", f"capture IN {_CAPTURES}"),
    # What another report is compared with is told in the words of the sum.
    ("finding", "arithmetic = NULL, expected = NULL", f"against IN {_REPORTS}"),
)
"""What loses its words: table, what is set, and in which rows."""


def mark(db: sqlite3.Connection, *, ever: bool = False) -> None:
    """Make the temporary table `withheld_revision`: ids of what was read from bytes that are withheld.

    Args:
        db: A snapshot.
        ever: Also what only earlier versions showed, in the tables of past rows.
    """
    db.execute("DROP TABLE IF EXISTS temp.withheld_revision")
    db.execute("CREATE TEMP TABLE withheld_revision (id INTEGER PRIMARY KEY)")
    if not has_table(db, "withheld"):
        return
    # The same content may have come in other bytes too; it is withheld whichever speak for it.
    for revision in _kinds(db, "revision", ever=ever):
        _mark(db, f"SELECT id FROM {revision} WHERE digest IN ({STANDING})")
    renderings = _kinds(db, "rendering", ever=ever)
    for rendering in renderings:
        _mark(db, f"SELECT revision FROM {rendering} WHERE digest IN ({STANDING})")
    # Each reader that read the same bytes gave their content another id.
    while ever and any(
        _mark(
            db,
            f"SELECT v.id FROM {revision} v JOIN {rendering} r ON (r.source, r.digest) = (v.source, v.digest)"
            f" WHERE r.revision IN {_REVISIONS}",
        )
        for revision in _kinds(db, "revision", ever=ever)
        for rendering in renderings
    ):
        continue


def _mark(db: sqlite3.Connection, query: str) -> bool:
    return db.execute(f"INSERT OR IGNORE INTO temp.withheld_revision {query}").rowcount > 0


def _kinds(db: sqlite3.Connection, table: str, *, ever: bool) -> list[str]:
    """Return a table, and if what was ever shown is asked for, its table of past rows."""
    names = (table, PAST + table) if ever else (table,)
    return [f"main.{name}" for name in names if has_table(db, name)]


def _mark_quotes(db: sqlite3.Connection, *, ever: bool) -> None:
    for name, (field, where) in _MARKED.items():
        db.execute(f"DROP TABLE IF EXISTS temp.withheld_{name}")
        db.execute(f"CREATE TEMP TABLE withheld_{name} (id PRIMARY KEY)")
        for kind in _kinds(db, "capture" if name == "address" else name, ever=ever):
            db.execute(f"INSERT OR IGNORE INTO temp.withheld_{name} SELECT {field} FROM {kind} WHERE {where}")


def mark_both(db: sqlite3.Connection) -> None:
    """Make `withheld_either` too: their ids in `main` and, if they differ there, in `before`."""
    mark(db)
    db.execute("DROP TABLE IF EXISTS temp.withheld_either")
    db.execute("CREATE TEMP TABLE withheld_either AS SELECT id FROM temp.withheld_revision")
    if has_table(db, "withheld"):
        db.execute(
            f"""INSERT INTO temp.withheld_either
            SELECT id FROM before.revision WHERE digest IN ({STANDING})
            UNION SELECT v.id FROM before.revision v JOIN main.rendering r
                ON (r.source, r.digest) = (v.source, v.digest) WHERE r.revision IN {_REVISIONS}"""
        )


def apply(db: sqlite3.Connection, index: FullText) -> None:
    """Take out of a snapshot whatever was read from withheld bytes, or quotes it."""
    mark(db)
    if not has_table(db, "withheld"):
        return
    _mark_quotes(db, ever=False)
    index.about_to_change("section", f"revision IN {_REVISIONS}")
    index.about_to_change("report", f"revision IN {_REVISIONS}")
    for table in _OF_REVISION:
        db.execute(f"DELETE FROM main.{table} WHERE revision IN {_REVISIONS}")
    for table, what, where in _BLANKED:
        _blank(db, table, what, where)


def forget(db: sqlite3.Connection) -> None:
    """Take out of past rows and `publication_change` what earlier versions showed and is withheld now."""
    if not has_table(db, "withheld") or not db.execute(STANDING).fetchone():
        return
    mark(db, ever=True)
    _mark_quotes(db, ever=True)
    for table in past_names(db):
        _forget_rows(db, table, table.removeprefix(PAST))
    for table, what, where in _BLANKED:
        if has_table(db, PAST + table):
            # Nobody decided what becomes of fields that there are no more: they go.
            lost = types_of(db, PAST + table).keys() - types_of(db, table).keys() - {FROM, TO}
            more = "".join(f', "{name}" = NULL' for name in sorted(lost))
            _blank(db, PAST + table, what + more, where)
    sources = " UNION ALL ".join(f"SELECT id, report FROM {each}" for each in _kinds(db, "source", ever=True))
    for revision in _kinds(db, "revision", ever=True):
        _blank(
            db,
            "publication_change",
            "zh = :sign, en = :sign_en",
            f"""report IN (SELECT s.report FROM {revision} v JOIN ({sources}) s ON s.id = v.source
            WHERE v.id IN {_REVISIONS}) AND kind NOT IN ('withheld', 'accepted')""",
        )


def _forget_rows(db: sqlite3.Connection, table: str, name: str) -> None:
    gone = not has_table(db, name) and "revision" in types_of(db, table)
    if name in _OF_REVISION or gone:
        db.execute(f"DELETE FROM main.{table} WHERE revision IN {_REVISIONS}")


def _blank(db: sqlite3.Connection, table: str, what: str, where: str) -> None:
    db.execute(f"UPDATE main.{table} SET {what} WHERE {where}", {"sign": SIGN, "sign_en": SIGN_EN})


def shows(before: sqlite3.Connection) -> bool:
    """Tell whether `before` shows what `main` withholds, or was made before anything was masked."""
    if not has_table(before, "masked", "before"):
        return True
    told = "SELECT digest FROM before.withheld WHERE lifted_at IS NULL"
    there = has_table(before, "withheld", "before")
    query = STANDING + (f" AND digest NOT IN ({told})" if there else "")
    return has_table(before, "withheld") and before.execute(f"SELECT EXISTS ({query})").fetchone() == (1,)
