"""Fifty readers while versions follow each other: no request fails, no answer mixes versions, none goes back."""

import json
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.publish import DATABASE, STAMP, publish
from archive.site import assets
from tests import sample_archive
from tests.reading_crowd import ASK_LATER, FIRST, Ask, Crowd, Reader, marks, plant
from tests.serving import serving

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
READERS, REPORTS = 50, 12


def stamp(number: int) -> str:
    return f"{NOW + timedelta(hours=number):{STAMP}}"


@dataclass
class Edition:
    """An archive of which each version bears its number everywhere, and the bytes of all files ever published.

    The version `withheld` withholds a report, so that those before it are removed while one is being served.
    """

    folder: Path
    withheld: int = -1
    last: int = -1
    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def public(self) -> Path:
        return self.folder / "public"

    def publish(self) -> None:
        """Publish the next version, and keep its files by their digests."""
        self.last += 1
        plant(self.folder / DATABASE, self.last)
        if self.last == self.withheld:
            withhold_last_report(self.folder / DATABASE)
        made = publish(self.folder / DATABASE, self.public, now=NOW + timedelta(hours=self.last))
        assert made.name == stamp(self.last)
        listed = json.loads((made / "manifest.json").read_bytes())["files"]
        for each in listed:
            self.files.setdefault(each["sha256"], (self.last, (made / each["path"]).read_bytes()))


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    first = sample_archive.REPORTS[0]
    samples = tuple(
        replace(first, agency=f"样本市第{number}展示局", url=f"http://specimen.localhost/{number}.html")
        for number in range(REPORTS)
    )
    sample_archive.load(tmp_path / DATABASE, samples)
    edition = Edition(tmp_path)
    edition.publish()
    return edition


def withhold_last_report(database: Path) -> None:
    """Withhold what one report was read from, so that the versions that show it are removed at once."""
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(
            """INSERT INTO withheld (id, capture, digest, reason, author, made_at)
            SELECT 'w', v.capture, v.digest, '样本', '样本', '2026-11-24T00:00:00Z' FROM report r
            JOIN revision v ON v.id = r.revision ORDER BY r.id DESC LIMIT 1"""
        )


def asks(edition: Edition) -> tuple[Ask, ...]:
    """Return one of everything that a site has."""
    with closing(sqlite3.connect(edition.folder / DATABASE)) as db:
        report, revision, item = db.execute(
            "SELECT r.id, r.revision, c.item FROM report r JOIN cell c ON c.revision = r.revision ORDER BY 1, 3"
        ).fetchone()
    listed = json.loads((edition.public / stamp(edition.last) / "manifest.json").read_bytes())["files"]
    cells = next(each["path"] for each in listed if each["path"].startswith("files/cell"))
    over_parts = (
        "SELECT 'cell', value, count(*) FROM cell GROUP BY 2 UNION ALL SELECT title, 0, 0 FROM report"
    )
    return (
        Ask("home", "/zh/"),
        Ask("report", f"/en/report/{report}"),
        Ask("search", f"/zh/search?q={quote('样本')}"),
        Ask("list of downloads", "/en/downloads"),
        Ask("row page", f"/gongkai/cell/{revision},{item}"),
        Ask("table page", "/gongkai/report"),
        Ask("rows as JSON", "/gongkai/cell.json?_size=1000&_shape=array"),
        Ask("rows, facets and count", "/gongkai/cell.json?_facet=value&_facet=state&_size=20"),
        Ask("another table", f"/gongkai/section.json?_shape=objects&revision={revision}"),
        Ask("SQL", f"/gongkai.json?sql={quote(over_parts)}"),
        Ask("CSV stream", "/gongkai/cell.csv?_stream=on&_size=max"),
        Ask("slow CSV stream", "/gongkai/cell.csv?_stream=on&_size=max", slowly=True),
        Ask("database", f"/downloads/{DATABASE}", is_file=True),
        Ask("database, slowly", f"/{DATABASE}", is_file=True, slowly=True),
        Ask("part of the database", f"/downloads/{DATABASE}", is_file=True, ranged=True),
        Ask("file", f"/downloads/{cells}", is_file=True),
        Ask("part of a file of one version", f"/downloads/{{version}}/{cells}", is_file=True, ranged=True),
        Ask("style sheet", assets.address("gongkai.css"), marked=False),
        Ask("Datasette's own style sheet", "/-/static/app.css", marked=False),
    )


def until_served(readers: list[Reader], number: int, seconds: float = 60.0) -> None:
    """Wait until every reader has seen a version."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not all(reader.newest >= number for reader in readers):
        time.sleep(0.05)
    assert all(reader.newest >= number for reader in readers), f"version {number} is not served"


def read_while_publishing(
    edition: Edition, publications: int, asked: tuple[Ask, ...], count: int = READERS, pause: float = 0.2
) -> list[Reader]:
    """Have readers ask while versions follow each other; return them when they have ended, without a failure."""
    stamps = {stamp(number): number for number in range(publications + 1)}
    with serving(edition.public) as site:
        crowd = Crowd(site.port, asked, stamps, pause)
        readers = [Reader(crowd, number) for number in range(count)]
        try:
            for reader in readers:
                reader.start()
            until_served(readers, 0)
            for number in range(1, publications + 1):
                edition.publish()
                until_served(readers, number)
        finally:
            crowd.stop.set()
            for reader in readers:
                reader.join()
    assert Counter(failure for reader in readers for failure in reader.failures) == {}
    return readers


def backwards(readers: list[Reader]) -> list[tuple[str, int, int]]:
    """Return the answers of an earlier version than their reader had seen when he opened the connection."""
    return [
        (answer.kind, answer.known, answer.version)
        for reader in readers
        for answer in reader.answers
        if answer.version is not None and answer.version < answer.known
    ]


def require_whole_files(edition: Edition, readers: list[Reader]) -> None:
    """See that what came of files are their bytes, and that the database tells of its one version only."""
    for answer in (each for reader in readers for each in reader.answers if each.etag):
        number, body = edition.files[answer.etag]
        assert answer.digest == part_of(body, answer.start), answer.kind
        assert number >= answer.known, f"{answer.kind}: {number} after {answer.known}"
    for number, body in edition.files.values():
        if body.startswith(b"SQLite format 3"):
            assert values_in(body) == {FIRST + number}


@cache
def part_of(body: bytes, start: int) -> bytes:
    """Return the digest of a file from a byte on."""
    return sha256(body[start:]).digest()


def values_in(database: bytes) -> set[float]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(database)
        return {value for (value,) in db.execute("SELECT DISTINCT value FROM cell")}


def require_all_seen(edition: Edition, readers: list[Reader]) -> None:
    """See that the crowd asked for everything, and was answered by every version."""
    answers = [answer for reader in readers for answer in reader.answers]
    kinds = Counter(answer.kind for answer in answers)
    assert set(kinds) == {ask.kind for ask in asks(edition)}
    assert {answer.version for answer in answers} >= set(range(edition.last + 1))


def refused(readers: list[Reader]) -> set[str]:
    """Return what some reader was told to ask for later."""
    return {answer.kind for reader in readers for answer in reader.answers if answer.status == ASK_LATER}


def crowd_through(edition: Edition, publications: int) -> list[Reader]:
    readers = read_while_publishing(edition, publications, asks(edition))
    require_whole_files(edition, readers)
    require_all_seen(edition, readers)
    assert backwards(readers) == []
    return readers


def test_an_answer_of_two_versions_is_known_by_its_marks() -> None:
    stamps = {stamp(number): number for number in range(4)}
    for text in (
        '[{"value": 770001.0}]',
        "第1版",
        '"\\u7b2c1\\u7248"',
        stamp(1),
        "770001,x770002,2770003,77000199",
    ):
        assert marks(text.encode(), stamps) == {1}, text
    assert marks(f"770001 第2版 {stamp(3)} 20990101T000000Z".encode(), stamps) == {1, 2, 3, -1}


@pytest.mark.slow
def test_fifty_readers_never_see_two_versions_in_one_answer(edition: Edition) -> None:
    assert refused(crowd_through(edition, 3)) == set()


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_fifty_readers_through_thirty_publications(edition: Edition) -> None:
    assert refused(crowd_through(edition, 30)) == set()


@pytest.mark.slow
def test_a_version_that_is_withdrawn_refuses_its_files_for_a_moment_and_nothing_else(
    edition: Edition,
) -> None:
    edition.withheld = 2
    readers = crowd_through(edition, 2)
    files = {ask.kind for ask in asks(edition) if ask.is_file}
    assert refused(readers) <= files


@pytest.mark.slow
def test_who_has_seen_a_version_gets_no_earlier_one_on_a_new_connection(edition: Edition) -> None:
    # What is answered fastest shows best whether two versions answer at one time.
    version = Ask("version", "/gongkai/publication.json?_shape=array&_col=version")
    readers = read_while_publishing(edition, 4, (version,), count=8, pause=0)
    assert backwards(readers) == []
