"""Each software's specimen is crawled whole, and known by its home page; no other one's is."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.platforms import GENERAL, PLATFORMS, recognise_site
from crawler.specimens.plan import PORTALS, SpecimenPortal
from crawler.specimens.server import PORT_VARIABLE, serve
from crawler.specimens.softwares import SOFTWARES
from crawler.specimens.trials import TRIALS

GONGKAI = str(Path(sys.executable).with_name("gongkai"))
ALL = (*PORTALS, *TRIALS)
each_portal = pytest.mark.parametrize("portal", ALL, ids=lambda portal: portal.software)


def test_every_software_has_a_specimen_and_a_platform() -> None:
    assert {portal.software for portal in ALL} == set(SOFTWARES) == set(PLATFORMS)


@each_portal
def test_a_home_page_shows_the_traces_of_its_own_software_only(portal: SpecimenPortal) -> None:
    software = SOFTWARES[portal.software]
    home = software.pages(portal)["/index.html"].body.decode(software.charset)
    found = {name for name, each in PLATFORMS.items() if each.traces and each.traces.search(home)}
    assert found == {portal.software} - {GENERAL}
    assert recognise_site(home) == (portal.software if portal.software != GENERAL else None)


@dataclass(frozen=True)
class Crawl:
    """What came of one crawl of all trials."""

    done: subprocess.CompletedProcess[str]
    data: Path
    requests: list[tuple[str, str, str]]

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.data / "gongkai.db")) as db:
            return db.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("trials")
    before = os.environ.get(PORT_VARIABLE)
    os.environ[PORT_VARIABLE] = "0"
    try:
        with serve(folder / "portals", planted=TRIALS) as running:
            command = [GONGKAI, "crawl", "--portals", running.portals_file, "--data", folder / "data"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
            yield Crawl(done, folder / "data", running.requests)
    finally:
        del os.environ[PORT_VARIABLE]
        if before is not None:
            os.environ[PORT_VARIABLE] = before


@pytest.mark.slow
@pytest.mark.parametrize("portal", TRIALS, ids=lambda portal: portal.software)
def test_all_that_is_planted_is_found_nothing_missed_nothing_wrongly_taken(
    crawl: Crawl, portal: SpecimenPortal
) -> None:
    assert "Traceback" not in crawl.done.stderr
    assert crawl.rows("SELECT outcome FROM run WHERE portal = ?", portal.name) == [("ok",)]
    states = dict(crawl.rows("SELECT id, name FROM cell_state"))
    sql = """SELECT s.url, i."table", i.row, i.column, c.value, c.state FROM cell c
             JOIN form_item i ON i.id = c.item JOIN revision r ON r.id = c.revision
             JOIN source s ON s.id = r.source WHERE s.portal = ?"""
    found: dict[str, dict[tuple[object, ...], tuple[object, object]]] = {}
    for url, table, row, column, value, state in crawl.rows(sql, portal.name):
        path = "/" + str(url).split("/", 3)[3]
        found.setdefault(path, {})[table, row, column] = (value, states[state])
    planted = {
        report.source: {key: tuple(cell) for key, cell in report.cells.items()} for report in portal.reports
    }
    assert found == planted


@pytest.mark.slow
@pytest.mark.parametrize("portal", TRIALS, ids=lambda portal: portal.software)
def test_every_page_of_a_list_is_asked_for_once(crawl: Crawl, portal: SpecimenPortal) -> None:
    asked = [path for name, _, path in crawl.requests if name == portal.name]
    assert len(asked) == len(set(asked))
    assert not [path for path in asked if "style" in path or ".js" in path]
