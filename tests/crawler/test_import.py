"""Archives that others made: taken in with equal cells, kept as they came, damaged ones told."""

import http.client
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from warcio.capture_http import capture_http

from archive.index import Index
from archive.verify import verify
from crawler.imports import KNOWN
from crawler.specimens.plan import PORTALS
from crawler.specimens.server import PORT_VARIABLE, serve
from tests.running import gongkai

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

CITY, COUNTY, *_ = PORTALS


@dataclass(frozen=True)
class Crawled:
    """A crawl of the city and the county, and archives that other programs made of the same pages."""

    data: Path
    portals: Path
    archives: dict[str, Path]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("others")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PORT_VARIABLE, "0")
        with serve(folder / "served", planted=(CITY, COUNTY)) as running:
            portals = folder / "portals.toml"
            shutil.copy(running.portals_file, portals)
            data = folder / "crawled"
            assert gongkai("crawl", "--portals", portals, "--data", data).returncode == 1
            urls = [
                running.addresses[at].rstrip("/") + path
                for at, portal in enumerate((CITY, COUNTY))
                for report in portal.reports
                for path in dict.fromkeys((report.path, report.source))
            ]
            archives = {"warcio": _by_warcio(folder / "warcio.warc.gz", urls)}
            if shutil.which("wget"):
                archives["wget"] = _by_wget(folder, urls)
            yield Crawled(data, portals, archives)


def _by_warcio(path: Path, urls: list[str]) -> Path:
    with capture_http(str(path)):
        for url in urls:
            parts = urlsplit(url)
            connection = http.client.HTTPConnection(parts.netloc)
            connection.request("GET", parts.path, headers={"Accept-Encoding": "gzip"})
            connection.getresponse().read()
            connection.close()
    return path


def _by_wget(folder: Path, urls: list[str]) -> Path:
    (folder / "urls.txt").write_text("\n".join(urls))
    command = [
        "wget",
        "-q",
        "--compression=gzip",
        "--warc-file=wget",
        "-i",
        "urls.txt",
        "-P",
        "wget",
        "--no-config",
    ]
    subprocess.run(command, cwd=folder, check=True, timeout=120)
    return folder / "wget.warc.gz"


def cells(data: Path) -> set[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        rows = db.execute(
            """SELECT s.url, i."table", i.row, i.column, c.value, c.state, r.agency, r.year FROM cell c
            JOIN form_item i ON i.id = c.item JOIN revision v ON v.id = c.revision
            JOIN source s ON s.id = v.source JOIN report r ON r.id = s.report"""
        )
        return set(rows)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["warcio", "wget"])
def test_an_archive_of_another_program_gives_the_cells_of_a_crawl(
    crawled: Crawled, tmp_path: Path, program: str
) -> None:
    if program not in crawled.archives:
        pytest.skip("wget is not installed")
    path = crawled.archives[program]
    before = path.read_bytes()
    done = gongkai("import", path, "--portals", crawled.portals, "--data", tmp_path / "data")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    wanted = cells(crawled.data)
    assert len(wanted) > 8_000
    assert cells(tmp_path / "data") == wanted
    assert path.read_bytes() == before
    (kept,) = (tmp_path / "data" / "imports").iterdir()
    assert kept.read_bytes() == before
    proof = verify(tmp_path / "data")
    assert proof.faults == []
    again = gongkai("import", path, "--portals", crawled.portals, "--data", tmp_path / "data")
    assert "taken" not in again.stdout.replace("not taken", "")
    assert f"not taken: {KNOWN}" in again.stdout


@pytest.mark.slow
def test_the_index_is_built_anew_from_what_was_taken_in_and_a_crawl_goes_on_after_it(
    crawled: Crawled, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    gongkai("import", crawled.archives["warcio"], "--portals", crawled.portals, "--data", data)
    with Index(data) as index:
        rows = list(index.rows("capture"))
        runs = list(index.rows("run"))
    (data / "captures.db").unlink()
    with Index(data) as index:
        index.catch_up()
        assert list(index.rows("capture")) == rows
        assert list(index.rows("run")) == runs
        assert index.before("huanhu") is None, "what was taken in is no walk of a list"
        assert index.columns("huanhu") == ()
    assert {run["outcome"] for run in runs} == {"imported"}
    assert all("warcio.warc.gz (SHA-256 " in str(run["reason"]) for run in runs)
    with closing(sqlite3.connect(data / "gongkai.db")) as db:
        assert {word for (word,) in db.execute("SELECT outcome FROM run")} == {"imported"}
