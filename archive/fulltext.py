"""The full-text indexes of a snapshot, kept true to texts that are changed in it.

They hold no content, so a row is forgotten only when they are told what it held.
"""

import re
import sqlite3
from collections.abc import Iterable

_CHINESE = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_CHINESE}]|[^{_CHINESE}\\s\0]+")

_INDEXED = {
    "section": (
        ("heading", "text"),
        "SELECT search_id, heading, text FROM main.section WHERE search_id IS NOT NULL",
    ),
    "report": (
        ("title", "agency"),
        "SELECT search_id, title, (SELECT name FROM main.agency WHERE id = report.agency) FROM main.report"
        " WHERE search_id IS NOT NULL",
    ),
}

Row = tuple[int, str | None, str | None]


def spaced(text: str | None) -> str:
    """Return the text as the indexes hold it: each Chinese character between single spaces.

    >>> spaced("2020年 GDP公开")
    '2020 年 GDP 公 开'
    """
    return " ".join(_WORD.findall(text or ""))


class FullText:
    """The indexes of one snapshot: told before a text is changed, they are renewed in the end."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        held = {name for (name,) in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
        self._before: dict[str, dict[int, Row]] = {name: {} for name in _INDEXED if f"{name}_fts" in held}

    def about_to_change(self, table: str, where: str, values: Iterable[object] = ()) -> None:
        """Keep what rows of a table hold in its index, if it has one, before they are changed or deleted."""
        if table == "agency":
            table, where = "report", f"agency IN (SELECT id FROM main.agency WHERE {where})"
        if table in self._before:
            found = self._db.execute(f"{_INDEXED[table][1]} AND {where}", tuple(values)).fetchall()
            for row in found:
                self._before[table].setdefault(row[0], row)

    def renew(self) -> None:
        """Put the rows that were changed into the indexes in the place of what they held."""
        for table, before in self._before.items():
            fields, query = _INDEXED[table]
            names = ", ".join(("rowid", *fields))
            self._db.executemany(
                f"INSERT INTO {table}_fts ({table}_fts, {names}) VALUES ('delete', ?, ?, ?)",
                [_spaced(row) for row in before.values()],
            )
            for key in before:
                after = self._db.execute(f"{query} AND search_id = ?", (key,)).fetchall()
                self._db.executemany(
                    f"INSERT INTO {table}_fts ({names}) VALUES (?, ?, ?)", [_spaced(row) for row in after]
                )
            # Until its parts are merged an index keeps the words of rows that it has been told to forget,
            # also those that the loader deleted.
            self._db.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('optimize')")


def _spaced(row: Row) -> tuple[int, str, str]:
    return row[0], spaced(row[1]), spaced(row[2])
