"""The gate before a publication: what was published must not vanish without a word.

Two databases are compared, the new snapshot and the newest publication. Whatever was published
and is no more, and every total that moved further than news moves it, is an alarm; somebody looks
and either mends the database or says why it is right so. A report that is gone from its portal
is still in the database and is no alarm.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive import withholding
from archive.tables import PAST, has_table, table_names

SAMPLES = 5
"""Instances that are told of each alarm; the rest is counted."""

SHRUNKEN = 0.05
"""Share of its rows that a table may lose: entries of lists and names of agencies come and go by
single rows, while a pass of the loader that fails takes whole portals."""

LEAST_ROWS = 20
"""Rows below which a loss is noise: one page of a small archive holds about as many entries."""

JUMP = 1.5
"""How many times as many findings of one check, or problems of one kind, there may be on the same
documents: agencies do not err half as often again from one publication to the next, a broken
reader does."""

LEAST_JUDGED = 50
"""Findings or problems below which that is noise: one document can bring a dozen."""

GROWTH = 2.0
"""How many times as much one portal's past may hold: a crawl that finds the columns that were missed
doubles it at most, a reader that takes notices for reports does worse."""

LEAST_GROWTH = {"report": 2_000, "agency": 500, "cell": 400_000}
"""Additions below which growth is what it looks like: a large portal has 500 agencies and publishes as
many reports a year, each of 200 cells; four years of them may come at once."""

_BY_THEMSELVES = ("finding", "problem", "report", "cell", "description", "masked")
"""Tables with a rule of their own, and those that follow from what is no loss: program text, masks."""

# Somebody decided that these are not shown, and `withheld` says why: no loss of theirs is an alarm.
_SHOWN = "NOT IN (SELECT id FROM temp.withheld_either)"

_MATCHED = """
    CREATE TEMP TABLE matched AS
    SELECT v.id AS old, s.report, coalesce(
        (SELECT n.id FROM main.revision n WHERE n.id = v.id),
        (SELECT r.revision FROM main.rendering r WHERE (r.source, r.digest) = (v.source, v.digest))) AS new
    FROM before.revision v JOIN before.source s ON s.id = v.source
    WHERE s.report IN (SELECT id FROM main.report) AND v.id NOT IN (SELECT id FROM temp.withheld_either)
"""
"""What reads a published revision's bytes now, in reports that stay. A new version of the reader makes
new revisions of the same bytes, and other bytes may stand for a revision since."""

_CELL = """
    coalesce(a.name, m.report) || ' ' || coalesce(r.year, '') || ' ' || coalesce(i.label, c.item)
    || coalesce(' = ' || c.text, ' = ' || c.value, '')
    FROM temp.matched m JOIN before.cell c ON c.revision = m.old
    LEFT JOIN main.cell n ON n.revision = m.new AND n.item = c.item
    LEFT JOIN before.report r ON r.id = m.report LEFT JOIN before.agency a ON a.id = r.agency
    LEFT JOIN before.form_item i ON i.id = c.item
"""

_GONE = {
    "report": (
        "已发布而不复存在的年度报告",
        "reports that were published and are no more",
        """coalesce(a.name, b.agency) || ' ' || b.year || ' ' || coalesce(b.title, '')
        FROM before.report b LEFT JOIN before.agency a ON a.id = b.agency
        WHERE b.id NOT IN (SELECT id FROM main.report) ORDER BY b.id""",
    ),
    "cell": (
        "报告仍在、已发布而不复存在的单元格",
        "cells that were published and are no more, in reports that stay",
        f"{_CELL} WHERE n.revision IS NULL ORDER BY m.old, c.item",
    ),
    "number": (
        "已发布而不再读作数字的单元格",
        "numbers that were published and are not read as numbers any more",
        f"{_CELL} WHERE n.revision IS NOT NULL AND c.value IS NOT NULL AND n.value IS NULL"
        " ORDER BY m.old, c.item",
    ),
}
"""What may not vanish at all: words in Chinese and English, and the query that tells what did."""

_KNOWN = "coalesce(s.portal, '') IN (SELECT id FROM before.portal UNION SELECT '')"
_GROWN = {
    "report": (
        "年度报告",
        "reports",
        f"SELECT count(DISTINCT s.report) FROM {{0}}.source s WHERE {_KNOWN}",
    ),
    "agency": (
        "行政机关",
        "agencies",
        f"SELECT count(DISTINCT r.agency) FROM {{0}}.report r JOIN {{0}}.source s ON s.report = r.id"
        f" WHERE {_KNOWN}",
    ),
    "cell": (
        "单元格",
        "cells",
        "SELECT count(*) FROM {0}.source s JOIN {0}.revision v ON v.source = s.id"
        f" JOIN {{0}}.cell c ON c.revision = v.id WHERE {_KNOWN}",
    ),
}
"""Totals on the portals that were published before: a new portal is growth, whatever it brings."""

_COUNTED = {
    "finding": (
        "检查发现",
        "findings",
        'SELECT f."check", count(*) FROM {0}.finding f JOIN {0}.revision v ON v.id = f.revision'
        f" WHERE v.source IN (SELECT id FROM before.source) AND v.id {_SHOWN} GROUP BY 1",
    ),
    "problem": (
        "读取问题",
        "problems",
        "SELECT p.kind, count(*) FROM {0}.problem p"
        " WHERE p.capture IN (SELECT id FROM before.capture) GROUP BY 1",
    ),
}
"""What is held of the documents that were published before, by check and by kind."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that was published and vanished, or a total that jumped."""

    kind: str
    count: int
    zh: str
    en: str
    samples: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield it in words, a line each."""
        yield self.en
        yield from (f"  {' '.join(sample.split())}" for sample in self.samples)
        if 0 < len(self.samples) < self.count:
            yield f"  and {self.count - len(self.samples)} more"


@contextmanager
def beside(snapshot: Path, published: Path | None) -> Iterator[sqlite3.Connection]:
    """Open a snapshot as `main`, to be written too, and a publication, if any, as `before`, to be read."""
    with closing(sqlite3.connect(f"{snapshot.absolute().as_uri()}?mode=rw", uri=True)) as db:
        if published:
            db.execute("ATTACH ? AS before", (f"{published.absolute().as_uri()}?mode=ro",))
        yield db


def alarms(db: sqlite3.Connection) -> list[Alarm]:
    """Return what speaks against publishing `main` after `before` (see `beside`)."""
    withholding.mark_both(db)
    db.execute(_MATCHED)
    try:
        return [*_vanished(db), *_shrunken(db), *_grown(db), *_judged(db)]
    finally:
        db.execute("DROP TABLE temp.matched")


def _vanished(db: sqlite3.Connection) -> Iterator[Alarm]:
    for kind, (zh, en, query) in _GONE.items():
        count = 0
        samples = []
        for (sample,) in db.execute(f"SELECT {query}"):
            count += 1
            if count <= SAMPLES:
                samples.append(sample)
        if count:
            yield Alarm(kind, count, f"{zh}：{count}", f"{en}: {count}", tuple(samples))


def _shrunken(db: sqlite3.Connection) -> Iterator[Alarm]:
    for table in table_names(db, "before"):
        # Past rows are carried over when the gate has been passed.
        if table.startswith(("publication", PAST)):
            continue
        before = _one(db, f'SELECT count(*) FROM before."{table}"{_shown(db, table)}')
        there = has_table(db, table)
        after = _one(db, f'SELECT count(*) FROM main."{table}"{_shown(db, table)}') if there else 0
        lost = before - after
        bounded = table in _BY_THEMSELVES or lost < LEAST_ROWS or lost <= SHRUNKEN * before
        if (there and bounded) or not before:
            continue
        yield Alarm(
            "table",
            lost,
            f"表 {table} 由 {before} 行减至 {after} 行",
            f"table {table} shrank from {before} to {after} rows",
        )


def _shown(db: sqlite3.Connection, table: str) -> str:
    """Return what leaves out of a count the rows of revisions that are withheld."""
    of = db.execute(
        "SELECT 1 FROM pragma_table_info(?, 'before') WHERE name = 'revision'", (table,)
    ).fetchone()
    return f" WHERE revision IS NULL OR revision {_SHOWN}" if of else ""


def _grown(db: sqlite3.Connection) -> Iterator[Alarm]:
    for kind, (zh, en, query) in _GROWN.items():
        before, after = (_one(db, query.format(schema)) for schema in ("before", "main"))
        if after > GROWTH * before and after - before >= LEAST_GROWTH[kind]:
            yield Alarm(
                "total",
                after - before,
                f"原有网站上的{zh}由 {before} 增至 {after}",
                f"{en} on the same portals jumped from {before} to {after}",
            )


def _judged(db: sqlite3.Connection) -> Iterator[Alarm]:
    for kind, (zh, en, query) in _COUNTED.items():
        before, after = (_counts(db, query.format(schema)) for schema in ("before", "main"))
        for name in sorted({*before, *after}):
            was, now = before.get(name, 0), after.get(name, 0)
            # Problems that were overcome are what a better reader is for; checks that fell silent are not.
            fell = kind == "finding" and was > JUMP * now
            if (now > JUMP * was or fell) and abs(now - was) >= LEAST_JUDGED:
                yield Alarm(
                    kind,
                    abs(now - was),
                    f"同样文件的{zh}（{name}）由 {was} 变为 {now}",
                    f"{en} {name!r} in the same documents went from {was} to {now}",
                )


def _counts(db: sqlite3.Connection, query: str) -> Mapping[str, int]:
    return {str(name): int(count) for name, count in db.execute(query)}


def _one(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
