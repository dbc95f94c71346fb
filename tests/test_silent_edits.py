"""From a real portal that edits in silence to the changes that the database tells, in whole processes."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.specimens.plan import PORTALS
from crawler.specimens.planted import PlantedReport
from crawler.specimens.softwares import SOFTWARES
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer
from tests.running import gongkai, rows

pytestmark = pytest.mark.slow

HUANHU = PORTALS[0]
KEPT, EDITED, REMOVED, MOVED, ATTACHED, SHELL = [
    report for report in HUANHU.reports if report.invented and not report.part and report.year < 2024
][:6]
SUITS = ("review", "suit_after_review", "total")


def page(report: PlantedReport, *, edited: bool = False, counter: int = 0) -> bytes:
    """Return a report's page as its portal prints it, with a counter of readers on it."""
    cells = {**report.cells, SUITS: (777, "number")} if edited else report.cells
    changed = replace(HUANHU, reports=(replace(report, cells=cells),), others=())
    body = SOFTWARES[HUANHU.software].pages(changed)[report.path].body
    return body.replace(b"</h1>", f"</h1><p>浏览次数：{counter}</p>".encode())


def shell(report: PlantedReport, *files: str) -> bytes:
    links = "".join(f"<p><a href='{file}'>附件</a></p>" for file in files)
    return f"<title>{report.title}</title><h1>{report.title}</h1>{links}".encode()


def column(entries: dict[str, PlantedReport]) -> bytes:
    rows = "".join(
        f'<li><a href="{path}">{each.title}</a><b>2024-01-31</b></li>' for path, each in entries.items()
    )
    return f'<ul>{rows}</ul><script>createPageHTML(1, 0, "index", "html")</script>'.encode()


def name(report: PlantedReport) -> str:
    return f"{report.year}{report.agency}"


LISTED = {
    "kept.html": KEPT,
    "edited.html": EDITED,
    "removed.html": REMOVED,
    "moved.html": MOVED,
    "attached.html": ATTACHED,
    "shell.html": SHELL,
}


def before() -> dict[str, Answer]:
    return {
        "/": HOME,
        "/nb/": (200, HTML, column(LISTED)),
        **{f"/nb/{path}": (200, HTML, page(each)) for path, each in LISTED.items()},
        "/nb/attached.html": (200, HTML, shell(ATTACHED, "one.doc")),
        "/nb/one.doc": (200, {"Content-Type": "application/msword"}, page(ATTACHED)),
        "/nb/shell.html": (200, HTML, shell(SHELL, "same.doc")),
        "/nb/same.doc": (200, {"Content-Type": "application/msword"}, page(SHELL)),
    }


def edit(pages: dict[str, Answer]) -> None:
    """Let the portal change in all the ways that leave no word of it on the portal."""
    pages["/nb/kept.html"] = (200, HTML, page(KEPT, counter=12_345))
    pages["/nb/edited.html"] = (200, HTML, page(EDITED, edited=True, counter=9))
    del pages["/nb/removed.html"]
    pages["/nb/moved.html"] = (301, {"Location": "/nb/2024/new.html"}, b"")
    pages["/nb/2024/new.html"] = (200, HTML, page(MOVED))
    pages["/nb/attached.html"] = (200, HTML, shell(ATTACHED, "two.doc"))
    pages["/nb/two.doc"] = (200, {"Content-Type": "application/msword"}, page(ATTACHED, edited=True))
    pages["/nb/same.doc"] = (200, {"Content-Type": "application/msword"}, page(SHELL, edited=True))
    entries = {path: each for path, each in LISTED.items() if path not in ("removed.html", "moved.html")}
    pages["/nb/"] = (200, HTML, column({**entries, "2024/new.html": MOVED}))


def make_old(data: Path) -> None:
    """Let all that is archived be from half a year ago, so that it is looked at again."""
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        db.execute("UPDATE capture SET fetched_at = '2026-05-31T00:00:00Z'")


def test_each_silent_edit_is_told_as_what_it_is(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with bad_portals.serve(tmp_path, {"editing": before()}) as (portals, handlers):
        crawl = ("crawl", "--portals", portals, "--data", data)
        first = gongkai(*crawl)
        assert "changed " not in first.stdout
        make_old(data)
        edit(handlers["editing"].pages)
        second = gongkai(*crawl)
    assert "Traceback" not in first.stderr + second.stderr
    sql = """SELECT c.kind, r.year || a.name, c.parts, c.last_seen, c.first_seen > '2026-11' FROM change c
        JOIN report r ON r.id = c.report JOIN agency a ON a.id = r.agency"""
    half_a_year_ago = "2026-05-31T00:00:00Z"
    assert set(rows(data / "gongkai.db", sql)) == {
        ("edited", name(EDITED), 1, half_a_year_ago, 1),
        ("removed", name(REMOVED), 0, half_a_year_ago, 1),
        ("moved", name(MOVED), 0, half_a_year_ago, 1),
        ("attachment", name(ATTACHED), 1, half_a_year_ago, 1),
        ("attachment", name(SHELL), 1, half_a_year_ago, 1),
    }
    assert "changed     5 on the portals since they were last looked at" in second.stdout
    assert "→ 777" in second.stdout
    gone = rows(data / "gongkai.db", "SELECT r.year FROM report r WHERE gone_since IS NOT NULL")
    assert gone == [(REMOVED.year,)]
    told = rows(data / "gongkai.db", "SELECT zh FROM coverage WHERE zh LIKE '%已从网站消失%'")
    assert len(told) == 1
