"""What people decided not to publish, taken out of a snapshot; the row of `withheld` and this sign remain."""

import sqlite3

from archive.fulltext import FullText
from archive.masking import MASK
from archive.tables import has_table

SIGN = MASK.format("不予公开")
SIGN_EN = "■■■ (withheld)"

STANDING = "SELECT digest FROM main.withheld WHERE lifted_at IS NULL"

_OF_REVISION = ("cell", "grid", "section", "finding", "indicator")
"""Tables whose rows of a withheld revision go; when and where it was published is still told."""

_REVISIONS = "(SELECT id FROM temp.withheld_revision)"
_CAPTURES = f"(SELECT id FROM main.capture WHERE digest IN ({STANDING}))"
_ADDRESSES = f"(SELECT url FROM main.capture WHERE digest IN ({STANDING}))"
_REPORTS = f"(SELECT id FROM main.report WHERE revision IN {_REVISIONS})"
_CHANGES = f"(SELECT id FROM main.change WHERE before IN {_REVISIONS} OR after IN {_REVISIONS})"

_BLANKED = (
    ("revision", "title = :sign", f"id IN {_REVISIONS}"),
    ("report", "title = :sign", f"id IN {_REPORTS}"),
    ("capture", "link_text = NULL, reading_reason = NULL", f"id IN {_CAPTURES}"),
    ("skip", "text = NULL", f"url IN {_ADDRESSES}"),
    ("change", "zh = :sign, en = :sign_en", f"id IN {_CHANGES}"),
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


def mark(db: sqlite3.Connection) -> None:
    """Make the temporary table `withheld_revision`: ids of what was read from bytes that are withheld."""
    db.execute("DROP TABLE IF EXISTS temp.withheld_revision")
    db.execute("CREATE TEMP TABLE withheld_revision (id INTEGER PRIMARY KEY)")
    if has_table(db, "withheld"):
        # The same content may have come in other bytes too; it is withheld whichever speak for it.
        db.execute(
            f"""INSERT OR IGNORE INTO temp.withheld_revision
            SELECT id FROM main.revision WHERE digest IN ({STANDING})
            UNION SELECT revision FROM main.rendering WHERE digest IN ({STANDING})"""
        )


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
    index.about_to_change("section", f"revision IN {_REVISIONS}")
    index.about_to_change("report", f"id IN {_REPORTS}")
    for table in _OF_REVISION:
        db.execute(f"DELETE FROM main.{table} WHERE revision IN {_REVISIONS}")
    for table, what, where in _BLANKED:
        db.execute(f"UPDATE main.{table} SET {what} WHERE {where}", {"sign": SIGN, "sign_en": SIGN_EN})


def forget(db: sqlite3.Connection) -> None:
    """Take out of `publication_change` what earlier versions told of reports that are withheld now."""
    mark(db)
    db.execute(
        f"""UPDATE main.publication_change SET zh = ?, en = ?
        WHERE report IN (SELECT s.report FROM main.revision v JOIN main.source s ON s.id = v.source
            WHERE v.id IN {_REVISIONS}) AND kind NOT IN ('withheld', 'accepted')""",
        (SIGN, SIGN_EN),
    )


def shows(before: sqlite3.Connection) -> bool:
    """Tell whether `before` shows what `main` withholds, or was made before anything was masked."""
    if not has_table(before, "masked", "before"):
        return True
    told = "SELECT digest FROM before.withheld WHERE lifted_at IS NULL"
    there = has_table(before, "withheld", "before")
    query = STANDING + (f" AND digest NOT IN ({told})" if there else "")
    return has_table(before, "withheld") and before.execute(f"SELECT EXISTS ({query})").fetchone() == (1,)
