"""The page of one report: `/report/<id>`, and with `?revision=<id>` another of its revisions.

Its data (`/report/<id>.json`), whose names do not change:

* `report`: id, title, agency, division, year, dates, status, `revision` (the current one), `gone_since`
* `revision`: the revision shown, as in `revisions`, with `current`; null where none was read
* `figures`: the few numbers at the top: `indicator`, `value`, `share` of `among`, `basis`, `items`
* `tables`: the statutory tables in printed order: `table`, `form`, `heading`, `unit`, and `cells`, each with
  `item`, codes (`table`, `row`, `column`), `label`, `value`, `state` (number, blank, placeholder,
  unreadable; null: the report has no such cell), `text` as printed, `unit`, `place`
* `stray`: cells that stand in none of these tables
* `findings`: `number`, `check` with its rule, `severity`, `passes`, codes, `expected`, `found`, `arithmetic`,
  `against`, `items` concerned
* `indicators`: values with their definitions; of the current revision only
* `changes`, newest first, with what was `changed`; `changes_counted`, of which the newest are here
* `revisions` and `sources`: every version of the content and every place of publication
* `coverage`, `sections`, `problems`, `corrections`, `withheld`, `years` (the agency's reports)
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from archive.site import history, indicators, printed, reports
from archive.site.history import History
from archive.site.pages import Asked, View
from archive.site.queries import at_once
from archive.site.registers import Registers, registers
from archive.site.reports import Reading
from archive.site.statute import Row
from archive.site.words import LANGUAGES, Words


@dataclass(frozen=True, slots=True)
class Told:
    """All that is asked of the database; `shown` is the revision on the page."""

    head: Row
    shown: Row | None
    reading: Reading
    history: History
    indicators: list[dict[str, Any]]
    years: list[dict[str, Any]]


async def report(asked: Asked) -> View:
    """Return the page of a report, or that there is none, or no such revision of it."""
    report_id, wanted = asked.part("report"), asked.said("revision")
    known = await registers(asked.db)
    told = await at_once(asked.db, lambda conn: _ask(conn, known, report_id, wanted))
    if told is None:
        return View("missing.html", {"id": report_id}, status=404)
    if wanted and told.shown is None:
        return View("no_revision.html", {"id": report_id, "revision": wanted}, status=404)
    return View("report.html", _data(told, known), more=_more(asked, told, known))


def _ask(conn: sqlite3.Connection, known: Registers, report_id: str, wanted: str) -> Told | None:
    head = reports.head(conn, report_id)
    if head is None:
        return None
    current = head["revision"]
    number = _revision(wanted) if wanted else current
    past = history.history(conn, known, head, number)
    shown = next((row for row in past.revisions if row["id"] == number), None)
    return Told(
        head,
        {**shown, "current": number == current} if shown else None,
        reports.read(conn, known, number, shown["form"] if shown else None),
        past,
        indicators.indicators(conn, known, report_id) if number == current else [],
        reports.years(conn, head["agency"]),
    )


def _revision(wanted: str) -> int:
    """Return the id that was asked for, or one that no revision has."""
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else -1


def _data(told: Told, known: Registers) -> dict[str, Any]:
    reading, past = told.reading, told.history
    forms = tuple(table.form for table in reading.tables)
    return {
        "report": told.head,
        "revision": told.shown,
        "figures": indicators.figures(told.indicators, known, forms, reading.cells),
        "tables": printed.as_data(reading.tables, reading.cells),
        "stray": [reading.cells[item] for item in reading.stray],
        "findings": reading.findings,
        "problems": reading.problems,
        "corrections": past.corrections,
        "withheld": reading.withheld,
        "indicators": told.indicators,
        "coverage": past.coverage,
        "changes": past.changes,
        "changes_counted": past.counted,
        "revisions": past.revisions,
        "sources": past.sources,
        "sections": reading.sections,
        "years": told.years,
    }


def _more(asked: Asked, told: Told, known: Registers) -> dict[str, Any]:
    if asked.language not in LANGUAGES:
        return {}
    reading, past = told.reading, told.history
    printer = printed.Printer(reading, Words(asked.language), _links(asked, told.shown))
    first, folded = indicators.groups(told.indicators)
    place = {row["source"]: row for row in past.sources}
    return {
        "lines": [printer.table(table) for table in reading.tables],
        "strays": [printer.cell(item) for item in reading.stray],
        "names": {table.code: (table.heading, table.heading_en) for table in reading.tables},
        "form": known.forms.get(told.shown["form"]) if told.shown else None,
        "forms": known.forms,
        "place": place,
        "official": place.get(told.shown["source"]) if told.shown else None,
        "first": first,
        "folded": folded,
        "dates": history.dates(past.coverage["dates"]) if past.coverage else (),
        "sides": history.sides,
    }


def _links(asked: Asked, shown: Row | None) -> Callable[[int], str]:
    """Return what gives the address of a cell: in the stored original, or else in the tables of the site."""
    path = asked.datasette.urls.path
    if shown is None:
        return lambda item: ""
    revision = shown["id"]
    if shown["fetched_at"] is None:
        rows = path("/gongkai/cell/")
        return lambda item: f"{rows}{revision},{item}"
    original = path(f"/{asked.language}/capture/{quote(shown['capture'], safe='')}")
    return lambda item: f"{original}?cell={revision},{item}"
