"""Each software's specimen is crawled whole, and known by its home page; no other one's is."""

import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

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
    """What came of looking at every portal, and of one crawl of what was printed then, as it was."""

    probes: list[subprocess.CompletedProcess[str]]
    done: subprocess.CompletedProcess[str]
    data: Path
    names: dict[str, str]
    requests: list[tuple[str, str, str]]
    probed: list[tuple[str, str, str]]

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.data / "gongkai.db")) as db:
            return db.execute(sql, values).fetchall()


def gongkai(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [GONGKAI, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("trials")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PORT_VARIABLE, "0")
        with serve(folder / "portals", planted=ALL) as running:
            probes = [gongkai("probe", address) for address in running.addresses]
            (folder / "probed.toml").write_text("\n".join(probe.stdout for probe in probes))
            probed = list(running.requests)
            done = gongkai("crawl", "--portals", folder / "probed.toml", "--data", folder / "data")
            printed = tomllib.loads((folder / "probed.toml").read_text())
            names = {portal.name: name for portal, name in zip(ALL, printed, strict=True)}
            requests = running.requests[len(probed) :]
            yield Crawl(probes, done, folder / "data", names, requests, probed)


@pytest.mark.slow
def test_a_look_prints_what_crawls_the_portal_unchanged(crawl: Crawl) -> None:
    for probe, portal in zip(crawl.probes, ALL, strict=True):
        assert probe.returncode == 0, probe.stderr
        ((_, table),) = tomllib.loads(probe.stdout).items()
        assert table["title"] == portal.title
        assert table["division"] == portal.division
        (column,) = table["columns"]
        assert column.endswith(portal.column)
        assert table.get("platform", GENERAL) == portal.software
        assert f"SiteIDCode {portal.division}0001" in probe.stdout
        assert "robots.txt of 127.0.0.1" in probe.stdout
    reports = {report.path for portal in ALL for report in portal.reports}
    looked = Counter(name for name, _, path in crawl.probed if path in reports)
    assert set(looked.values()) == {1}, "a look asks for one report"


@pytest.mark.slow
@each_portal
def test_all_that_is_planted_is_found_nothing_missed_nothing_wrongly_taken(
    crawl: Crawl, portal: SpecimenPortal
) -> None:
    assert "Traceback" not in crawl.done.stderr
    name = crawl.names[portal.name]
    assert crawl.rows("SELECT outcome FROM run WHERE portal = ?", name) == [("ok",)]
    states = dict(crawl.rows("SELECT id, name FROM cell_state"))
    sql = """SELECT s.url, i."table", i.row, i.column, c.value, c.state FROM cell c
             JOIN form_item i ON i.id = c.item JOIN revision r ON r.id = c.revision
             JOIN source s ON s.id = r.source WHERE s.portal = ?"""
    found: dict[str, dict[tuple[object, ...], tuple[object, object]]] = {}
    for url, table, row, column, value, state in crawl.rows(sql, name):
        path = "/" + str(url).split("/", 3)[3]
        found.setdefault(path, {})[table, row, column] = (value, states[state])
    planted = {
        report.source: {key: tuple(cell) for key, cell in report.cells.items()} for report in portal.reports
    }
    assert found == planted


@pytest.mark.slow
@each_portal
def test_everything_is_asked_for_once_and_nothing_that_is_no_document(
    crawl: Crawl, portal: SpecimenPortal
) -> None:
    asked = [path for name, method, path in crawl.requests if name == portal.name and method == "GET"]
    assert asked
    assert len(asked) == len(set(asked))
    assert {path for path in asked if path.endswith((".css", ".js"))} <= {"/js/webBuilderCommon.js"}


def test_a_list_that_answers_only_its_own_pages_refuses_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PORT_VARIABLE, "0")
    (portal,) = (portal for portal in TRIALS if portal.software == "truecms")
    with serve(tmp_path, planted=(portal,)) as running:
        url = running.addresses[0].rstrip("/") + SOFTWARES["truecms"].guarded + "?startrecord=1&endrecord=2"
        for referer, status in ((None, 403), ("http://other.invalid/", 403), (running.addresses[0], 404)):
            request = Request(url, headers={"Referer": referer} if referer else {})
            with pytest.raises(HTTPError) as refused:
                urlopen(request, timeout=10)
            refused.value.close()
            assert refused.value.code == status
