"""From a report's life to the rows of the database, by the functions that `load` uses."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines import consecutive, duties, places, rows
from pipelines.consecutive import Report, Value
from pipelines.contents import content_of
from pipelines.forms import ITEMS
from pipelines.indicators.values import values_of
from pipelines.read import EXTRACTOR
from pipelines.reading import Dated, Reading
from pipelines.search import spaced
from tests.bench.synthetic.lives import Life, Stand
from tests.bench.synthetic.runs import Answer, capture_row

Rows = defaultdict[str, list[tuple[Any, ...]]]
"""Rows by table, their values in the order of its fields; those of the full-text indexes too."""


def add(found: Rows, life: Life, before: Report | None) -> Report | None:
    """Add the rows of a report.

    One whose places or versions are several is added bare: `reports.refresh` of `pipelines` writes what
    follows from them, as in every load.

    Args:
        found: Takes the rows.
        life: The report.
        before: The report on the year before, if that is as plain.

    Returns:
        What the report on the next year is compared with; None where this one is not plain.
    """
    report = rows.report_id(life.publisher.agency.id, life.year)
    for stand in life.stands:
        _add_stand(found, report, life, stand)
    if not life.is_plain:
        found["report"].append((report, life.publisher.agency.id, life.year, *[None] * 8))
        return None
    return _add_plain(found, report, life, before)


def _add_stand(found: Rows, report: str, life: Life, stand: Stand) -> None:
    portal, source = stand.portal.id, rows.source_id(stand.portal.id, stand.url, report)
    captures = [*stand.answers, *([stand.page] if stand.page else [])]
    found["capture"] += map(capture_row, captures)
    if stand.page:
        found["file_link"].append((portal, stand.page.url, stand.page.digest, stand.url))
    times = _seen(stand.answers) if life.is_plain else {}
    first, last = times.get(0, (None, None))
    looked = (first, last, None, last, len(stand.answers), None) if life.is_plain else (None,) * 6
    found["source"].append((source, report, portal, stand.url, "present" if life.is_plain else None, *looked))
    for version, reading in enumerate(stand.readings):
        answer = next(each for each in stand.answers if each.version == version)
        _add_revision(found, report, source, answer, reading, (first, last))


def _seen(answers: Iterable[Answer]) -> dict[int, tuple[str, str]]:
    seen: dict[int, tuple[str, str]] = {}
    for each in answers:
        first, _ = seen.get(each.version, (each.fetched_at, ""))
        seen[each.version] = first, each.fetched_at
    return seen


def _add_revision(
    found: Rows, report: str, source: str, answer: Answer, reading: Reading, times: tuple[str | None, ...]
) -> None:
    content = content_of(reading).digest()
    revision, digest = rows.revision_id(source, content), answer.digest
    found["revision"].append(
        (revision, source, answer.id, reading.form, digest, content, reading.title, reading.published_on,
         reading.published_from, *times, EXTRACTOR)
    )  # fmt: skip
    found["rendering"].append((source, digest, revision, answer.id, *times))
    roots = places.roots(cell.place for cell in reading.cells)
    found["grid"] += rows.grid_rows(revision, roots)
    found["cell"] += [rows.cell_row(revision, cell, roots) for cell in reading.cells]
    for part in reading.sections:
        key = rows.section_search_id(revision, part.number)
        found["section"].append((revision, part.number, part.heading, part.text, key))
        found["section_fts"].append((key, spaced(part.heading), spaced(part.text)))
    found["finding"] += rows.finding_rows(revision, reading.findings)
    found["published_date"] += rows.date_rows(revision, reading.year or 0, reading.dates)
    document = (answer.portal.id, answer.url, digest)
    found["problem"] += rows.problem_rows(document, answer.id, revision, report, reading.problems)


def _add_plain(found: Rows, report: str, life: Life, before: Report | None) -> Report:
    """Add what follows from the one reading of a report: its own row, its indicators, what it carries on."""
    (stand,), agency = life.stands, life.publisher.agency
    (reading,) = stand.readings
    revision = found["revision"][-1][0]
    dates = sorted({(each.source, each.date) for each in reading.dates})
    first_seen = stand.answers[0].fetched_at
    duty = duties.timeliness(life.publisher.kind, life.year, [Dated(*each) for each in dates], first_seen)
    key = rows.search_id(report)
    found["report"].append(
        (report, agency.id, life.year, reading.title, duty.published_on, duty.due_on, duty.days_late,
         duty.status, revision, None, key)
    )  # fmt: skip
    found["report_fts"].append((key, spaced(reading.title), spaced(agency.name)))
    items = {ITEMS[cell.key].id: (cell.state, cell.value) for cell in reading.cells}
    values = values_of(items, reading.form or "", due=bool(duty.due_on), days_late=duty.days_late)
    found["indicator"] += [(report, each.indicator, revision, *each[1:]) for each in values]
    told = Report(report, life.year, _compared(reading))
    if before and before.year == life.year - 1:
        found["finding"] += rows.compared_rows(revision, consecutive.compare(before, told))
    return told


def _compared(reading: Reading) -> dict[tuple[str, str, str], Value]:
    return {cell.key: Value(cell.value, cell.state) for cell in reading.cells if cell.key in consecutive.KEYS}
