"""A new extractor beside the old: what it reads otherwise is listed, and replaced only with a reason."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import runs
from archive.captures import DETAIL, Capture, Context
from archive.exchanges import Exchange
from crawler.specimens.plan import PORTALS
from crawler.specimens.softwares import SOFTWARES
from pipelines.dump import dump_canonical
from pipelines.read import read_capture
from pipelines.workers import read_all
from tests.running import rows

ROOT = Path(__file__).parent.parent.parent
HUANHU = PORTALS[0]
REPORTS = [report for report in HUANHU.reports if not report.part][:8]
DATE = "2026-01-31T00:00:00Z"
WRONG, RIGHT = 3, 4711
"""The fault: an extractor that takes every 3 for 4711."""

pytestmark = pytest.mark.slow


def gongkai(tree: Path, *arguments: object, code: int | None = 0) -> str:
    """Run the program of a source tree, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", *map(str, arguments)],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program with a deliberate fault, and the version of a later one."""
    tree = tmp_path_factory.mktemp("faulty") / "gongkai"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "tests", "docs", "data", "__pycache__"))
    cells = tree / "pipelines" / "cells.py"
    source = cells.read_text()
    place = "    if state == UNREADABLE:\n"
    assert source.count(place) == 1
    cells.write_text(source.replace(place, f"    value = {RIGHT} if value == {WRONG} else value\n{place}"))
    read = tree / "pipelines" / "read.py"
    read.write_text(read.read_text().replace('EXTRACTOR = "', 'EXTRACTOR = "faulty-'))
    return tree


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder in which eight reports were read."""
    writer = runs.RunWriter(tmp_path / "warc", HUANHU.name, "20260131T000000Z", {"date": DATE})
    declared = {"title": HUANHU.title, "division": HUANHU.division, "home": "http://h/", "platform": None}
    writer.tell(runs.STARTED, DATE, {"portal": {**declared, "local": True}, "run": "x"})
    pages = SOFTWARES[HUANHU.software].pages(HUANHU)
    for report in REPORTS:
        context = Context(
            role=DETAIL, portal=HUANHU.name, portal_title=HUANHU.title, division=HUANHU.division
        )
        url = f"http://h{report.path}"
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        body = pages[report.path].body
        writer.store(Exchange(url, "GET", (), b"", 200, "OK", headers, body, DATE, url, context))
    nothing: dict[str, object] = {"skips": [], "asked": [], "lists": [], "listed": 8, "requests": 8}
    verdict = {"outcome": "ok", "reason": "", "captures": 8, "bytes": 8, "walk": "full", **nothing}
    writer.tell(runs.ENDED, DATE, verdict)
    writer.seal()
    gongkai(ROOT, "extract", "--pending", "--data", tmp_path, code=None)
    assert rows(tmp_path / "gongkai.db", "SELECT count(*) FROM report") == [(len(REPORTS),)]
    return tmp_path


def planted() -> set[tuple[str, str]]:
    """Return the cells that the fault changes: address and key."""
    return {
        (f"http://h{report.path}", ".".join(key))
        for report in REPORTS
        for key, (value, _) in report.cells.items()
        if value == WRONG
    }


def test_a_deliberate_fault_shows_in_exactly_the_cells_it_changes(data: Path, faulty: Path) -> None:
    before = list(dump_canonical(data / "gongkai.db"))
    printed = gongkai(faulty, "extract", "--all", "--diff", "--json", "--data", data, code=1)
    found = [json.loads(line) for line in printed.splitlines()]
    cells = [each for each in found if each["cell"]]
    assert len(planted()) > 20
    assert {(each["url"], each["cell"]) for each in cells} == planted()
    assert len(cells) == len(planted())
    assert {(each["cause"], each["before"], each["after"]) for each in cells} == {
        ("cell_value", str(WRONG), str(RIGHT))
    }
    # Sums that no longer add up follow from the cells; nothing else differs.
    assert {each["cause"] for each in found} <= {"cell_value", "finding"}
    assert list(dump_canonical(data / "gongkai.db")) == before
    words = gongkai(faulty, "extract", "--all", "--diff", "--data", data, code=1)
    assert f"compared    {len(REPORTS)} documents, " in words
    assert f"cell_value  {len(planted())}" in words
    assert f"'{WRONG}' -> '{RIGHT}'  http://h/" in words


def test_the_same_extractor_reads_nothing_otherwise(data: Path) -> None:
    assert gongkai(ROOT, "extract", "--all", "--diff", "--json", "--data", data) == ""


def test_what_is_applied_is_kept_with_its_reason_and_is_no_change_of_the_agencys(
    data: Path, faulty: Path
) -> None:
    before = list(dump_canonical(data / "gongkai.db"))
    gongkai(faulty, "extract", "--all", "--apply", "--reason", "a trial", "--data", data, code=None)
    assert rows(data / "gongkai.db", f"SELECT count(*) FROM cell WHERE value = {RIGHT}") == [
        (len(planted()),)
    ]
    assert rows(data / "gongkai.db", "SELECT count(*) FROM change") == [(0,)]
    ((extractors, extractor, reason, documents),) = rows(
        data / "gongkai.db", "SELECT extractors, extractor, reason, documents FROM reextraction"
    )
    assert extractor == f"faulty-{extractors}"
    assert (reason, documents) == ("a trial", len(REPORTS))
    kept = rows(data / "gongkai.db", "SELECT before, after FROM reread WHERE cause = 'cell_value'")
    assert kept == [(str(WRONG), str(RIGHT))] * len(planted())
    (entry,) = [json.loads(line) for line in (data / "journal.jsonl").read_text().splitlines()]
    assert entry["differences"]["cell_value"] == len(planted())
    gongkai(ROOT, "extract", "--all", "--data", data, code=None)
    assert list(dump_canonical(data / "gongkai.db")) == before
    assert rows(data / "gongkai.db", "SELECT count(*) FROM reextraction") == [(2,)]


def test_options_that_do_not_fit_are_a_usage_error(tmp_path: Path) -> None:
    for wrong in (("--diff",), ("--pending", "--diff"), ("--all", "--diff", "--apply"), ("--reason", "x")):
        gongkai(ROOT, "extract", *wrong, "--data", tmp_path, code=2)


def test_one_process_and_many_read_the_same_bytes_alike() -> None:
    pages = SOFTWARES[HUANHU.software].pages(HUANHU)
    captures = [Capture(id=report.path, body=pages[report.path].body) for report in REPORTS]
    alone = [(capture.id, reading) for capture, reading in read_all(captures, processes=1)]
    assert [(capture.id, reading) for capture, reading in read_all(captures, processes=4)] == alone
    assert [(capture.id, read_capture(capture)) for capture in captures] == alone
    assert all(reading.cells for _, reading in alone)
