"""Each software's specimen is crawled whole, and known by its home page; no other one's is."""

import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
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
from tests.running import cells_by_path, gongkai, rows

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

    @property
    def database(self) -> Path:
        return self.data / "gongkai.db"


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
    assert rows(crawl.database, "SELECT outcome FROM run WHERE portal = ?", name) == [("ok",)]
    planted = {
        report.source: {key: tuple(cell) for key, cell in report.cells.items()} for report in portal.reports
    }
    assert cells_by_path(crawl.database, name) == planted


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
