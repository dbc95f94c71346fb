"""The database of the synthetic archive: rows in bulk, and what several reports have part in by `pipelines`."""

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import sqlite_utils

from pipelines import agencies, comparisons, covering, descent, duties, reports, rows, schema, succession
from pipelines.load import Loader
from pipelines.read import EXTRACTOR
from pipelines.reading import Problem
from tests.bench.synthetic import country, figures, lives, people, printing, texts
from tests.bench.synthetic.country import Portal, Publisher
from tests.bench.synthetic.rows import Rows, add
from tests.bench.synthetic.runs import TODAY, Answer, capture_row, rows_of, runs_of

BATCH = 400
"""Agencies whose rows are held at a time: some 2,500 reports, 500,000 cells, 400 MB."""

CACHE = 1_500_000
"""KiB of the database held in memory: revisions come in no order of their ids."""

SUMMARIES = 0.2
"""Governments whose reports say that their numbers cover all departments and towns."""

_FTS = {"section_fts": "heading, text", "report_fts": "title, agency"}


def write(data: Path, count: int, seed: int) -> Path:
    """Write `gongkai.db` (and the journal) into a folder, in the place of what is there.

    Args:
        data: The folder; it is made if it is not there.
        count: Reports.
        seed: What everything is drawn from.

    Returns:
        The database.

    Raises:
        ValueError: The country has not enough agencies.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / "gongkai.db"
    for each in (path, data / "journal.jsonl", *data.glob("gongkai.db-*")):
        each.unlink(missing_ok=True)
    with Loader(path, EXTRACTOR) as loader:
        db = loader.db
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE}"):
            db.execute(f"PRAGMA {pragma}")
        _write(db, data, count, seed)
        db.execute("PRAGMA journal_mode = WAL")
    return path


def _write(db: sqlite_utils.Database, data: Path, count: int, seed: int) -> None:
    indexes = _drop_indexes(db)
    settling = _Settling()
    for batch in _batches(country.publishers(count, seed)):
        found: Rows = defaultdict(list)
        for publisher in batch:
            agencies.write_agency(db, publisher.agency)
            _add_publisher(found, publisher, seed, settling)
        _insert(db, found)
        _say(f"{len(settling.portals)} portals, {settling.reports} reports")
    found = defaultdict(list)
    for portal in settling.portals.values():
        for table, each in rows_of(portal, seed).items():
            found[table] += each
    _insert(db, found)
    for sql in indexes:
        db.execute(sql)
    _say("indexes")
    settling.settle(db)
    _say(f"{len(settling.histories)} reports with a history")
    people.write(db, data, Random(f"people {seed}"))
    covering.write(db, TODAY.date())
    db.conn.commit()
    _say("coverage")


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def _drop_indexes(db: sqlite_utils.Database) -> list[str]:
    """Drop the indexes, which are made faster when the rows are there; return how to make them."""
    found = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        db.execute(f"DROP INDEX [{name}]")
    return [sql for _, sql in found]


def _batches(publishers: Iterator[Publisher]) -> Iterator[list[Publisher]]:
    batch: list[Publisher] = []
    for each in publishers:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _insert(db: sqlite_utils.Database, found: Rows) -> None:
    for table, each in found.items():
        # In the order of their keys, so that a page is filled at one go.
        each.sort(key=lambda row: row[0])
        if table in _FTS:
            db.conn.executemany(f"INSERT INTO {table} (rowid, {_FTS[table]}) VALUES (?, ?, ?)", each)
        else:
            db.conn.executemany(schema.insert(table), each)


class _Settling:
    """What is left to `pipelines`: histories, successions and summaries."""

    def __init__(self) -> None:
        self.portals: dict[str, Portal] = {}
        self.histories: list[str] = []
        self.summaries: list[tuple[str, int]] = []
        self.divisions: dict[str, tuple[str, int]] = {}
        self.reports = 0

    def note(self, life: lives.Life, sums_up: bool) -> None:
        """Remember what a report has part in."""
        agency, publisher = life.publisher.agency, life.publisher
        self.reports += 1
        self.portals |= {each.id: each for each in (publisher.portal, publisher.above)}
        if not life.is_plain:
            self.histories.append(rows.report_id(agency.id, life.year))
        if sums_up:
            self.summaries.append((agency.id, life.year))
        division = agency.division
        if (
            division
            and life.year == publisher.years[0]
            and succession.may_take_part(agency.name, division.names)
        ):
            self.divisions.setdefault(division.id, (agency.id, life.year))

    def settle(self, db: sqlite_utils.Database) -> None:
        """Write what follows from several reports."""
        for report in self.histories:
            reports.refresh(db, report)
        changed = {pair for each in self.divisions.values() for pair in descent.rewrite(db, *each)}
        for each in sorted(changed | set(self.summaries)):
            comparisons.rewrite(db, *each)


def _add_publisher(found: Rows, publisher: Publisher, seed: int, settling: _Settling) -> None:
    """Add all reports of an agency, and what its portal's lists say of it."""
    random = Random(f"reports {seed} {publisher.agency.id}")
    sums_up = publisher.kind == duties.GOVERNMENT and random.random() < SUMMARIES
    series, before = figures.Series(), None
    for year in publisher.years:
        life = _life(publisher, year, random, seed, series, sums_up)
        before = add(found, life, before)
        settling.note(life, sums_up)
    _add_listed(found, publisher)
    _add_missed(found, publisher, random, seed)


def _life(
    publisher: Publisher, year: int, random: Random, seed: int, series: figures.Series, sums_up: bool
) -> lives.Life:
    form = figures.form_of(random, year)
    numbers = figures.numbers(random, form, publisher.requests, series)
    cells = printing.cells(random, form, numbers, publisher.habit)
    name, weight = publisher.agency.name, 2.5 if publisher.kind == duties.GOVERNMENT else 1.0
    unit = name.removesuffix("人民政府")[:-2][-1:] if sums_up else ""
    sections = texts.sections(random, name, publisher.word, year, weight, unit)
    reading = lives.reading_of(publisher, year, form, cells, sections, random)
    return lives.life_of(publisher, year, reading, random, seed)


def _add_listed(found: Rows, publisher: Publisher) -> None:
    """Add the agency to those that its portal's list names, and with some of them one without a report."""
    url, name = f"{publisher.portal.home}xxgk/ndbg/", publisher.agency.name
    found["listed_agency"].append((publisher.portal.id, name, url))
    if publisher.kind == duties.GOVERNMENT:
        bare = f"{name.removesuffix('人民政府')}公共资源交易中心"
        found["listed_agency"].append((publisher.portal.id, bare, url))


def _add_missed(found: Rows, publisher: Publisher, random: Random, seed: int) -> None:
    """Add what is known of a year the agency misses: a file that could not be read, or a refusal."""
    missed = set(range(publisher.years[0], publisher.years[-1])) - set(publisher.years)
    for year in sorted(missed):
        run = runs_of(publisher.portal, seed)[-1]
        url = f"{publisher.portal.home}files/{year + 1}/{publisher.agency.id}.doc"
        title = f"{publisher.agency.name}{year}年政府信息公开工作年度报告"
        status, reading = random.choice(((403, None), (404, None), (200, "unreadable")))
        answer = Answer(publisher.portal, run, "attachment", url, run.started, status=status, link_text=title,
                        reading=reading, reason="文件损坏" if reading else "")  # fmt: skip
        found["capture"].append(capture_row(answer))
        if reading:
            document, problem = (
                (answer.portal.id, url, answer.digest),
                Problem("unreadable_document", "文件损坏"),
            )
            found["problem"] += rows.problem_rows(document, answer.id, None, None, (problem,))
