"""What is archived of each portal: its runs, what was had last, what it holds. Read-only.

Asked from `captures.db` and `gongkai.db`; neither is made, mended or waited for.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from archive import reading
from archive.index_file import is_damage, open_to_read
from archive.known import GAPS as FOR_GAPS
from archive.known import IMPORTED
from archive.wanted import GAPS

_RUNS = f"""SELECT portal, started_at, ended_at, outcome, reason FROM run
    WHERE coalesce(outcome, '') <> '{IMPORTED}' AND coalesce(walk, '') <> '{FOR_GAPS}'
    ORDER BY started_at DESC, id DESC"""
_ATTEMPTS = f"""SELECT portal, max(started_at) FROM run WHERE coalesce(outcome, '') <> '{IMPORTED}'
    GROUP BY portal"""
_DECLARED = "SELECT portal, declaration, max(id) FROM run WHERE declaration IS NOT NULL GROUP BY portal"
# What was imported was not had from the portal, and a page in the place of a page tells nothing of it.
_CAPTURED = f"""SELECT capture.portal, max(fetched_at) FROM capture LEFT JOIN run ON run.id = capture.run
    WHERE status IN (200, 304) AND judged = '' AND role IN ('list', 'detail', 'attachment', 'picture')
    AND coalesce(outcome, '') <> '{IMPORTED}' GROUP BY capture.portal"""
_ENTRIES = """SELECT portal, max(listed_on) FROM capture
    WHERE listed_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]' AND listed_on <= ? GROUP BY portal"""

_REPORTS = """SELECT source.portal, max(report.year || ' ' || coalesce(report.published_on, '')) FROM report
    JOIN source ON source.report = report.id WHERE source.portal IS NOT NULL GROUP BY source.portal"""
# A report that was not due when the database was loaded may be by now.
_WANTED = f"""SELECT DISTINCT p.portal, c.due_on FROM coverage c JOIN agency_portal p ON p.agency = c.agency
    WHERE c.state IN ({", ".join(f"'{state}'" for state in (*GAPS, "not_due_yet"))}) AND c.due_on <> ''
    ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run that walked a portal's lists; `ended_at` is empty until it has ended. Times are UTC."""

    started_at: str
    ended_at: str = ""
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is archived of a portal.

    Attributes:
        portal, title: its name, and the publisher's.
        runs: newest first; what was imported, and looking for gaps, is none.
        attempted: start of the newest run of any kind.
        captured: when a page of its lists or reports was last had.
        entry: the newest date beside an entry of its lists.
        year, published_on: of the newest report held.
        due: legal dates of reports that are wanted there, the earliest first.
    """

    portal: str
    title: str = ""
    runs: Sequence[Run] = ()
    attempted: str = ""
    captured: str = ""
    entry: str = ""
    year: int | None = None
    published_on: str = ""
    due: Sequence[str] = ()


def read(data: Path, declared: Mapping[str, str], today: date) -> list[Facts]:
    """Return what is archived of each portal that was crawled or is declared.

    Args:
        data: The data folder.
        declared: Titles of portals by their names; a portal of which nothing is archived is told too.
        today: Entries that are dated later are not believed.

    Raises:
        OSError: The index or the database is damaged, or the index is gone.
    """
    index, database = data / "captures.db", data / "gongkai.db"
    if not index.exists() and any((data / "warc").glob("*/*.warc.gz*")):
        raise FileNotFoundError(f"{index} is gone: the next crawl builds it anew")
    rows, attempts, declarations, captured, entries = _ask(
        index, _RUNS, _ATTEMPTS, _DECLARED, _CAPTURED, (_ENTRIES, str(today))
    )
    reports, wanted = _ask(database, _REPORTS, _WANTED)
    runs, due = _by_portal(rows), _by_portal(wanted)
    titles = {portal: _title(text) for portal, text, _ in declarations} | dict(declared)
    held, had, seen, tried = map(dict, (reports, captured, entries, attempts))
    return [
        Facts(
            portal=portal,
            title=titles.get(portal, ""),
            runs=tuple(Run(*(each or "" for each in told)) for told in runs[portal]),
            attempted=tried.get(portal) or "",
            captured=had.get(portal) or "",
            entry=seen.get(portal) or "",
            year=int(held[portal][:4]) if portal in held else None,
            published_on=held[portal][5:] if portal in held else "",
            due=tuple(day for (day,) in due[portal]),
        )
        for portal in sorted({*tried, *declared})
    ]


def _by_portal(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found = defaultdict(list)
    for portal, *told in rows:
        found[portal].append(tuple(told))
    return found


def _title(declaration: str) -> str:
    try:
        return str(json.loads(declaration).get("title", ""))
    except (ValueError, AttributeError):
        return ""


def _ask(path: Path, *queries: str | tuple[str, str]) -> list[list[Any]]:
    """Return the rows of each query, all of one moment; none where there is no file."""
    if not path.exists():
        return [[] for _ in queries]
    asked = [query if isinstance(query, tuple) else (query,) for query in queries]
    try:
        with closing(open_to_read(path) if path.name == "captures.db" else reading.connect(path)) as db:
            db.execute("BEGIN")
            return [db.execute(sql, values).fetchall() for sql, *values in asked]
    except sqlite3.DatabaseError as error:
        mended = ": the next crawl mends it, if it can be mended" if is_damage(error) else ""
        raise OSError(f"{path}: {error}{mended}") from error
