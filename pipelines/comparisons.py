"""Findings in which several reports take part, written anew where one of them has changed.

Current revisions are compared: a report's with that of the year before, a government's summary
with those of what it sums up. The finding belongs to the later report, or to the summary.
"""

from collections.abc import Iterable, Iterator

import sqlite_utils

from pipelines import consecutive, descent, hierarchy, rows, schema
from pipelines.consecutive import Report, Value
from pipelines.duties import GOVERNMENT
from pipelines.forms import ITEMS, Key
from pipelines.hierarchy import LOWER, Part
from pipelines.reading import Compared
from pipelines.registers import STATE_NAMES

_YEARS = tuple(rule.code for rule in consecutive.RULES)
_HIERARCHY = (hierarchy.hierarchy_sum.__name__,)

_SUMMARIES = """
    SELECT r.id, a.name FROM agency a JOIN report r ON r.id = a.id || '-' || ?
    WHERE (a.division, a.kind) = (?, 'government') AND a.name LIKE '%人民政府'
"""
_PARTS = """
    SELECT r.id, r.revision, a.name, a.kind FROM agency a JOIN report r ON r.id = a.id || '-' || ?
    WHERE a.division = ?
"""
_LOWER = """
    SELECT r.id, r.revision, a.name FROM division d
    JOIN agency a ON (a.division, a.kind) = (d.id, 'government')
    JOIN report r ON r.id = a.id || '-' || ? WHERE d.parent = ? AND a.name LIKE '%人民政府'
"""


def rewrite(db: sqlite_utils.Database, agency: str, year: int) -> None:
    """Write anew what may be found otherwise since an agency's report on a year changed, came or went."""
    changed = descent.rewrite(db, agency, year)
    next_year = {(each, year + 1) for each in (agency, *descent.successors(db, agency))}
    for each in sorted(changed | next_year | {(agency, year)}):
        _write_years(db, *each)
    _write_summaries(db, agency, year)


def _write_years(db: sqlite_utils.Database, agency: str, year: int) -> None:
    """Write what a report does not carry on from that of the year before, if both are there."""
    later = _report(db, agency, year)
    if later is None:
        return
    _clear(db, later[0], _YEARS)
    earlier = _report(db, agency, year - 1)
    for predecessor in descent.predecessors(db, agency):
        earlier = earlier or _report(db, predecessor, year - 1)
    if earlier is None:
        return
    sides = [
        Report(report, year, _values(db, revision, consecutive.KEYS))
        for (report, revision), year in ((earlier, year - 1), (later, year))
    ]
    _write(db, later[1], consecutive.compare(*sides))


def _write_summaries(db: sqlite_utils.Database, agency: str, year: int) -> None:
    """Write what is found of the summaries that may cover an agency's report, or that are it."""
    name, kind, division, parent = db.execute(
        """SELECT a.name, a.kind, a.division, d.parent FROM agency a LEFT JOIN division d ON d.id = a.division
        WHERE a.id = ?""",
        (agency,),
    ).fetchone()
    is_summary = kind == GOVERNMENT and name.endswith("人民政府")
    for covered in (division, parent) if is_summary else (division,):
        for report, government in db.execute(_SUMMARIES, (year, covered)).fetchall():
            _write_summary(db, report, government, covered, year)


def _write_summary(db: sqlite_utils.Database, report: str, name: str, division: str, year: int) -> None:
    (revision,) = db.execute("SELECT revision FROM report WHERE id = ?", (report,)).fetchone()
    if revision is None:
        return
    _clear(db, report, _HIERARCHY)
    kinds = hierarchy.scope(_text(db, revision))
    if not kinds:
        return
    summary = Report(report, year, _values(db, revision, hierarchy.KEYS))
    parts = [part for part in _parts(db, division, year, kinds) if part.report.id != report]
    _write(db, revision, hierarchy.hierarchy_sum(name, summary, parts))


def _text(db: sqlite_utils.Database, revision: int) -> str:
    """Return the sections in which a report may say what its numbers cover."""
    found = db.execute("SELECT text FROM section WHERE revision = ? AND number IN (1, 6)", (revision,))
    return "\n".join(text or "" for (text,) in found.fetchall())


def _parts(db: sqlite_utils.Database, division: str, year: int, kinds: frozenset[str]) -> Iterator[Part]:
    found = [row for row in db.execute(_PARTS, (year, division)).fetchall() if row[3] in kinds]
    if LOWER in kinds:
        found += [(*row, LOWER) for row in db.execute(_LOWER, (year, division)).fetchall()]
    for report, revision, name, kind in found:
        if revision is not None:
            yield Part(name, kind, Report(report, year, _values(db, revision, hierarchy.KEYS)))


def _report(db: sqlite_utils.Database, agency: str, year: int) -> tuple[str, int] | None:
    """Return the id of a report and its current revision."""
    found = db.execute("SELECT id, revision FROM report WHERE id = ?", (rows.report_id(agency, year),))
    row: tuple[str, int | None] | None = found.fetchone()
    return (row[0], row[1]) if row and row[1] is not None else None


def _values(db: sqlite_utils.Database, revision: int, keys: Iterable[Key]) -> dict[Key, Value]:
    items = {ITEMS[key].id: key for key in keys}
    marks = ", ".join("?" * len(items))
    found = db.execute(
        f"SELECT item, value, state FROM cell WHERE revision = ? AND item IN ({marks})", (revision, *items)
    )
    return {items[item]: Value(value, STATE_NAMES[state]) for item, value, state in found.fetchall()}


def _clear(db: sqlite_utils.Database, report: str, checks: tuple[str, ...]) -> None:
    """Take away what was found before, of whichever revision was current then."""
    marks = ", ".join("?" * len(checks))
    db.execute(
        # The plus keeps SQLite from walking through all findings of these checks.
        f"""DELETE FROM finding WHERE +[check] IN ({marks}) AND revision IN
        (SELECT v.id FROM source s JOIN revision v ON v.source = s.id WHERE s.report = ?)""",
        (*checks, report),
    )


def _write(db: sqlite_utils.Database, revision: int, compared: Iterable[Compared]) -> None:
    db.conn.executemany(schema.insert("finding"), rows.compared_rows(revision, compared))
