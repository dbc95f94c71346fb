"""`crawl --due` killed in each phase of run, load and publication: nothing is lost, nothing is half published."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive import unfinished
from archive.publish import DATABASE, versions
from archive.verify import verify
from crawler import settings
from pipelines.dump import dump_canonical
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HTML, Handler
from tests.crawler.test_gaps import portal, title
from tests.running import rows
from tests.test_kills import assert_nothing_runs

ROOT = Path(__file__).parent.parent
SITES = {
    "one": portal("甲样市"),
    "two": portal("乙样市"),
    "three": portal("丙样市"),
    "shut": {"/": (403, HTML, b"no")},
}
SECRET = title("甲样市教育局", 2022)
"""Title of a report that is published, and then withheld."""


@dataclass(frozen=True)
class Archive:
    """An archive with one portal crawled, published, and a report of it withheld since; the others are due."""

    data: Path
    file: Path
    undisturbed: list[str]
    handlers: dict[str, type[Handler]]

    def copy(self, folder: Path) -> Path:
        """Return a copy of it; what was asked of the portals before does not count."""
        for handler in self.handlers.values():
            handler.asked.clear()
        return shutil.copytree(self.data, folder / "data")


def start(data: Path, file: Path, moment: str = "", nth: int = 1) -> subprocess.Popen[str]:
    program = ["tests.killing", moment, str(nth)] if moment else ["gongkai"]
    notices = data.parent / "notices.jsonl"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GONGKAI_CONTACT": "",
        "GONGKAI_NOTIFY": f"sh -c 'cat >> {notices}'",
        "marked": str(data),
    }
    command = [sys.executable, "-m", *program, "crawl", "--due", "--portals", str(file), "--data", str(data)]
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(data: Path, file: Path) -> str:
    with start(data, file) as process:
        said, _ = process.communicate(timeout=240)
    assert process.returncode in (0, 1), said
    assert "Traceback" not in said
    return said


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("due")
    data = folder / "data"
    with bad_portals.serve(folder, SITES) as (file, handlers):
        command = [sys.executable, "-m", "gongkai"]
        run = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "capture_output": True}
        subprocess.run([*command, "crawl", "one", "--portals", file, "--data", data], check=True, **run)
        ((capture,),) = rows(data / DATABASE, "SELECT id FROM capture WHERE url LIKE '%/nb/c.html'")
        said = ["--by", "李明", "--reason", "含申请人姓名", "--data", data]
        subprocess.run([*command, "withhold", str(capture), *said], check=True, **run)
        (first,) = versions(data / "public")
        assert rows(first / DATABASE, "SELECT count(*) FROM report WHERE title = ?", SECRET) == [(1,)]
        known = Archive(data, file, [], handlers)
        whole = known.copy(folder / "undisturbed")
        finish(whole, file)
        known.undisturbed.extend(dump_canonical(whole / DATABASE))
        yield known


def published(data: Path) -> list[Path]:
    """Return the versions that can be seen, each of which must be whole."""
    found = [path for path in (data / "public").iterdir() if not path.name.startswith(".")]
    for version in found:
        lines = (version / "SHA256SUMS").read_text().splitlines()
        sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
        there = {str(path.relative_to(version)) for path in version.rglob("*") if path.is_file()}
        assert there - {"SHA256SUMS"} == sums.keys(), version
        for name, digest in sums.items():
            assert hashlib.sha256((version / name).read_bytes()).hexdigest() == digest, (version, name)
    return found


def assert_whole(archive: Archive, data: Path, kills: int) -> None:
    """Look at an archive whose crawl was killed, and then run again until its end."""
    assert_nothing_runs(data)
    assert verify(data).faults == []
    assert list(dump_canonical(data / DATABASE)) == archive.undisturbed
    found = published(data)
    assert set((data / "public").iterdir()) == set(found), "nothing half made is left"
    for version in found:
        assert rows(version / DATABASE, "SELECT count(*) FROM report WHERE title = ?", SECRET) == [(0,)]
    for database in (data / DATABASE, max(found) / DATABASE):
        assert rows(database, "SELECT count(*) FROM report") == [(9,)]
    assert not unfinished.is_left(data)
    assert '"portal": "shut"' in (data.parent / "notices.jsonl").read_text()
    assert_nothing_asked_is_lost(archive, data, kills)
    said = finish(data, archive.file)
    assert "due         0 of 4 portals" in said
    assert "published" not in said, "a third start has nothing left to do"


def assert_nothing_asked_is_lost(archive: Archive, data: Path, kills: int) -> None:
    urls = [str(url) for (url,) in rows(data / "captures.db", "SELECT url FROM capture")]
    held = Counter(f"{urlsplit(url).netloc}{urlsplit(url).path}" for url in urls)
    hosts = dict(rows(data / "captures.db", "SELECT portal, max(url) FROM capture GROUP BY portal"))
    for name, handler in archive.handlers.items():
        if name == "one":
            continue
        host = urlsplit(str(hosts[name])).netloc
        asked = Counter(f"{host}{path}" for path in handler.asked)
        assert asked.keys() <= held.keys()
        assert sum((asked - held).values()) <= kills * settings.CONCURRENT_REQUESTS


def kill(archive: Archive, data: Path, moment: str, nth: int) -> None:
    with start(data, archive.file, moment, nth) as process:
        said, _ = process.communicate(timeout=240)
    assert process.returncode == -9, said
    assert published(data)


def kill_and_finish(archive: Archive, folder: Path, moment: str, nth: int) -> None:
    data = archive.copy(folder)
    kill(archive, data, moment, nth)
    finish(data, archive.file)
    assert_whole(archive, data, 1)


SWAP, RETIRE = "archive.publish:_swap_in", "archive.publish:_retire"
PHASES = [
    ("in the middle of a record", 12),
    ("between end and seal", 1),
    ("pipelines.replacement:replace", 5),
    ("gongkai.crawling:publish_now", 1),
    ("archive.files:_write", 10),
    (f"{SWAP} > pathlib:Path.rename", 1),
    (f"{RETIRE} > shutil:rmtree", 1),
]
"""One moment of each phase: fetching, the run's end, load, before the publication, its files, swap, retiring."""

MORE = [
    ("between record and sync", 9),
    ("after the index", 3),
    ("between seal and index", 1),
    ("archive.notify:_call", 1),
    ("archive.notify:_write", 1),
    ("pipelines.pending:_load_runs", 1),
    ("archive.index:Index.done", 3),
    ("pipelines.covering:write", 1),
    ("archive.commands:publish_told", 1),
    ("pipelines.publish_command:_tell", 1),
    ("archive.redaction:redact", 1),
    ("archive.snapshot:_content", 1),
    ("archive.edition:write_changes", 1),
    ("archive.manifest:write", 1),
    (f"{SWAP} > archive.disk:sync_folder", 1),
    (f"{SWAP} > archive.disk:sync_folder", 2),
    (RETIRE, 1),
    (f"{RETIRE} > pathlib:Path.rename", 1),
    ("archive.unfinished:end", 1),
]


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "nth"), PHASES)
def test_killed_in_a_phase_it_is_finished_by_the_next_start(
    archive: Archive, tmp_path: Path, moment: str, nth: int
) -> None:
    kill_and_finish(archive, tmp_path, moment, nth)


@pytest.mark.soak
@pytest.mark.parametrize(("moment", "nth"), MORE)
def test_killed_at_further_moments_it_is_finished_by_the_next_start(
    archive: Archive, tmp_path: Path, moment: str, nth: int
) -> None:
    kill_and_finish(archive, tmp_path, moment, nth)


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "nth"), [PHASES[0], PHASES[4]])
def test_of_two_at_once_one_may_be_killed(archive: Archive, tmp_path: Path, moment: str, nth: int) -> None:
    data = archive.copy(tmp_path)
    with start(data, archive.file, moment, nth) as first, start(data, archive.file) as second:
        said = [process.communicate(timeout=240)[0] for process in (first, second)]
    # The second may have taken all there was for the first to do.
    assert first.returncode in (-9, 0, 1), said
    assert second.returncode in (0, 1), said
    assert published(data)
    finish(data, archive.file)
    assert_whole(archive, data, 1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_killed_from_outside_again_and_again_two_at_once(archive: Archive, tmp_path: Path, seed: int) -> None:
    chance, data, kills = random.Random(seed), archive.copy(tmp_path), 12
    for _ in range(kills):
        both = [start(data, archive.file) for _ in range(2)]
        for process in both:
            time.sleep(chance.uniform(0.3, 4.0))
            process.kill()
        for process in both:
            process.communicate()
        published(data)
    finish(data, archive.file)
    finish(data, archive.file)
    assert_whole(archive, data, 2 * kills)
