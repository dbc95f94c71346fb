"""The program as people run it, and what its database holds afterwards."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

GONGKAI = str(Path(sys.executable).with_name("gongkai"))

_CELLS = """
    SELECT s.url, i."table", i.row, i.column, c.value, t.name FROM cell c
    JOIN form_item i ON i.id = c.item JOIN cell_state t ON t.id = c.state
    JOIN revision v ON v.id = c.revision JOIN source s ON s.id = v.source
"""

Cells = dict[tuple[object, ...], tuple[object, object]]


def gongkai(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    command = [GONGKAI, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def rows(database: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Return what a query finds in a database."""
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql, values).fetchall()


def cells_by_path(database: Path, portal: str = "") -> dict[str, Cells]:
    """Return value and state of every cell, by the path of its source and its key; of one portal or of all."""
    found: dict[str, Cells] = {}
    for url, *key, value, state in rows(database, f"{_CELLS} WHERE ? IN ('', s.portal)", portal):
        found.setdefault("/" + str(url).split("/", 3)[3], {})[tuple(key)] = (value, state)
    return found
