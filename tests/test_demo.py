"""The whole way, in whole processes: crawl, archive, extract, publish; twice; and killed."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import warc
from archive.index import Index
from crawler.specimens import server as specimens
from crawler.specimens.plan import PORTALS
from tests.running import cells_by_path

pytestmark = pytest.mark.slow

GONGKAI = [str(Path(sys.executable).with_name("gongkai"))]
SECONDS = 240


def free_ports() -> int:
    """Return a port that is free together with those behind it, one for each specimen portal.

    It is none of those that the system gives to whoever asks for any: another test's server would take it.
    """
    while True:
        first = random.SystemRandom().randrange(20_000, 32_000)
        try:
            with ExitStack() as held:
                for port in range(first, first + len(PORTALS)):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


def run(*arguments: str, port: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GONGKAI_SPECIMEN_PORT": str(port)}
    return subprocess.run(
        [*GONGKAI, *arguments], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def dump(data: Path) -> list[str]:
    done = subprocess.run(
        [*GONGKAI, "dump", "--canonical", "--data", str(data)],
        capture_output=True, text=True, timeout=SECONDS, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def query(data: Path, database: str, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / database)) as db:
        return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, port: int) -> Path:
    """Return the data folder of one undisturbed demo."""
    data = tmp_path_factory.mktemp("demo")
    done = run("demo", "--no-serve", "--data", str(data), port=port)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for word in ("portals", "crawled", "read", "checked", "recall", "published"):
        assert word in done.stdout
    return data


def test_every_planted_report_is_found_and_every_cell_of_it_is_right(archive: Path) -> None:
    found = cells_by_path(archive / "gongkai.db")
    planted = {report.source: report for portal in PORTALS for report in portal.reports}
    assert set(found) == set(planted)
    for path, report in planted.items():
        assert found[path] == {key: tuple(cell) for key, cell in report.cells.items()}, path


def test_no_planted_page_that_is_no_report_is_taken_for_one(archive: Path) -> None:
    others = {page.path for portal in PORTALS for page in portal.others}
    rows = query(
        archive, "gongkai.db", "SELECT url, reading, reading_reason FROM capture WHERE role = 'detail'"
    )
    read = {"/" + str(url).split("/", 3)[3]: (reading, reason) for url, reading, reason in rows}
    crawled = others & set(read)
    assert crawled, "some non-reports must be crawled, or this shows nothing"
    for path in crawled:
        reading, reason = read[path]
        assert reading == "other"
        assert reason


def test_the_planted_faults_are_the_findings(archive: Path) -> None:
    sql = """SELECT s.url, f."check", f."table", f.row, f.column, f.expected, f.found FROM finding f
             JOIN revision r ON r.id = f.revision JOIN source s ON s.id = r.source
             WHERE f.severity = 'error'"""
    found = {("/" + str(url).split("/", 3)[3], *rest) for url, *rest in query(archive, "gongkai.db", sql)}
    planted = {
        (report.source, f.check, f.table, f.row, f.column, f.expected, f.found)
        for portal in PORTALS
        for report in portal.reports
        for f in report.faults
    }
    assert found == planted


def test_other_peoples_tools_read_every_warc_with_the_charset_declared(archive: Path) -> None:
    files = sorted(archive.glob("warc/*/*.warc.gz"))
    assert len(files) == len(PORTALS)
    kinds = set()
    for path in files:
        subprocess.run(["gzip", "-t", path], check=True)
        fastwarc = Path(sys.executable).with_name("fastwarc")
        subprocess.run([fastwarc, "check", "-p", path], check=True, capture_output=True)
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                if record.rec_type == "response" and record.rec_headers["WARC-Target-URI"].endswith(".html"):
                    kind = record.http_headers.get_header("content-type") or ""
                    charset = "gb18030" if "gb" in kind else "utf-8"
                    assert "样" in record.content_stream().read().decode(charset)
                    kinds.add(charset)
    assert kinds == {"gb18030", "utf-8"}


def test_a_second_demo_asks_for_no_report_and_changes_nothing(archive: Path, port: int) -> None:
    before = dump(archive)
    done = run("demo", "--no-serve", "--data", str(archive), port=port)
    assert done.returncode == 0, done.stdout + done.stderr
    sql = (
        "SELECT role, count(*) FROM capture WHERE run IN (SELECT max(id) FROM run GROUP BY portal) GROUP BY 1"
    )
    roles = dict(query(archive, "captures.db", sql))
    assert set(roles) == {"robots", "home", "list"}
    assert roles["robots"] == roles["home"] == len(PORTALS)
    assert dump(archive) == before
    sql = "SELECT sum(size) FROM capture GROUP BY run IN (SELECT max(id) FROM run GROUP BY portal) ORDER BY 1"
    again, first = (int(str(size)) for (size,) in query(archive, "captures.db", sql))
    assert again <= 0.02 * first
    newest = "SELECT role, status FROM capture WHERE run IN (SELECT max(id) FROM run GROUP BY portal)"
    assert {status for _, status in query(archive, "captures.db", newest)} == {304}
    # Two columns have one list each; a catalogue and its list; a column and its three years; one more.
    assert roles["list"] == 2 + 2 + 4 + 1
    for path in archive.glob("warc/*/*.warc.gz"):
        fastwarc = Path(sys.executable).with_name("fastwarc")
        subprocess.run([fastwarc, "check", "-p", path], check=True, capture_output=True)
    assert run("verify", "--data", str(archive), port=port).returncode == 0


@pytest.fixture
def started(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "GONGKAI_SPECIMEN_PORT": str(port)}
    process = subprocess.Popen(
        [*GONGKAI, "demo", "--no-serve", "--data", str(tmp_path)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()


def wait_for_records(data: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while sum(path.stat().st_size for path in data.glob("warc/*/*.open")) < size:
        assert process.poll() is None, "the crawl ended before it could be interrupted"
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_demo_that_is_ended_in_the_middle_and_run_again_is_as_if_it_had_not_been(
    archive: Path, tmp_path: Path, port: int, started: subprocess.Popen[bytes], number: int
) -> None:
    wait_for_records(tmp_path, 30_000, started)
    started.send_signal(number)
    code = started.wait(timeout=60)
    assert code == (-9 if number == signal.SIGKILL else 130)
    held = {record.id for path in tmp_path.glob("warc/*/*.open") for record in whole_records(path)}
    assert held
    done = run("demo", "--no-serve", "--data", str(tmp_path), port=port)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.glob("warc/*/*.open"))
    kept = {record.id for path in tmp_path.glob("warc/*/*.gz") for record in warc.read(path)}
    assert held <= kept
    assert max(n for (n,) in query(tmp_path, "captures.db", "SELECT interruptions FROM run")) == 1  # type: ignore[type-var]
    twice = query(
        tmp_path,
        "captures.db",
        "SELECT portal, url, count(*) n FROM capture GROUP BY 1, 2, method HAVING n > 1",
    )
    assert len(twice) <= len(PORTALS), "at most the request in flight of each portal is asked twice"
    assert dump(tmp_path) == dump(archive)


def scrapy(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("scrapy")), *arguments],
        env={**os.environ, "GONGKAI_DATA": str(data)},
        cwd=Path(__file__).parent.parent,
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def test_scrapys_own_commands_list_and_crawl_a_portal_into_the_database(tmp_path: Path) -> None:
    (portal,) = (portal for portal in PORTALS if portal.name == "jingshan")
    with specimens.serve(tmp_path):
        assert {portal.name for portal in PORTALS} < set(scrapy(tmp_path, "list").stdout.split())
        done = scrapy(tmp_path, "crawl", "jingshan")
    assert done.returncode == 0, done.stderr
    ((reports,),) = query(tmp_path, "gongkai.db", "SELECT count(*) FROM report")
    assert reports == len(portal.reports)
    assert query(tmp_path, "gongkai.db", "SELECT outcome FROM run") == [("ok",)]


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_kills_at_random_moments_lose_nothing(archive: Path, tmp_path: Path, port: int, seed: int) -> None:
    """Kill the whole demo (crawl, load or publication) up to four times, then let it end."""
    chance = random.Random(seed)
    environment = {**os.environ, "GONGKAI_SPECIMEN_PORT": str(port)}
    held: set[str] = set()
    for _ in range(chance.randint(1, 4)):
        process = subprocess.Popen(
            [*GONGKAI, "demo", "--no-serve", "--data", str(tmp_path)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.8, 7.0))
        process.kill()
        process.wait()
        held |= {record.id for path in tmp_path.glob("warc/*/*.gz*") for record in whole_records(path)}
    done = run("demo", "--no-serve", "--data", str(tmp_path), port=port)
    assert done.returncode == 0, done.stdout + done.stderr
    kept = {record.id for path in tmp_path.glob("warc/*/*.gz") for record in warc.read(path)}
    assert held <= kept
    assert dump(tmp_path) == dump(archive)


def whole_records(path: Path) -> Iterator[warc.Record]:
    try:
        yield from warc.read(path)
    except warc.TornRecord:
        return


def test_captures_db_can_be_deleted(archive: Path, port: int) -> None:
    before, known = dump(archive), index_rows(archive)
    assert {row[0] for row in known} == {"run", "skip", "asked", "capture"}
    (archive / "captures.db").unlink()
    done = run("extract", "--all", "--data", str(archive), port=port)
    assert done.returncode in (0, 1), done.stderr
    assert dump(archive) == before
    assert json.loads(before[0])
    assert index_rows(archive) == known


def index_rows(data: Path) -> list[tuple[str, str]]:
    """Return all that the index tells of runs, outcomes, skips, what was asked, and captures."""
    with Index(data) as index:
        return [
            (table, json.dumps(row, sort_keys=True))
            for table in ("run", "skip", "asked", "capture")
            for row in index.rows(table)
        ]
