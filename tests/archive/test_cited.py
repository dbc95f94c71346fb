"""What is cited by a version is found again: by a command, by an address, and by queries of then."""

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from datasette.plugins import pm

import gongkai
from archive import cited
from archive.publish import DATABASE, publish, versions
from archive.site import application
from tests import sample_archive
from tests.archive.test_gate import change, many
from tests.archive.test_versions import at
from tests.archive.test_withholding import BEFORE, decide, load
from tests.browsing import get
from tests.running import rows
from tests.sample_archive import capture

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"{at(number):%Y%m%dT%H%M%SZ}" for number in range(3))
HELD = "SELECT r.year, i.label, c.value FROM cell c JOIN form_item i ON i.id = c.item JOIN report r USING (revision)"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with three versions; tests only read it."""
    folder = tmp_path_factory.mktemp("data")
    database = sample_archive.load(folder / "gongkai.db")
    change(database, many("skip", "run, url, text", "'specimen-1', n, '链接' || n", 2500))
    publish(database, folder / "public", now=NOW)
    change(database, "UPDATE cell SET value = 99 WHERE value = 17", "DELETE FROM skip WHERE url = '7'")
    publish(database, folder / "public", now=at(1))
    change(database, "DELETE FROM problem", "UPDATE report SET title = '=1+1\x1b[2J' WHERE year = 2020")
    publish(database, folder / "public", now=at(2))
    return folder


Said = tuple[int, str, str]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> Said:
    code = gongkai.exit_code(["rows", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_a_table_is_printed_as_it_was_published(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for version, folder in zip((FIRST, SECOND, THIRD), reversed(versions(data / "public")), strict=True):
        code, said, _ = call(capsys, "cell", "--data", data, "--version", version)
        assert code == 0
        printed = [tuple(json.loads(line).values()) for line in said.splitlines()]
        assert printed == rows(folder / DATABASE, "SELECT * FROM cell ORDER BY revision, item")


def test_without_a_version_the_newest_is_printed_and_csv_on_request(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, _ = call(capsys, "report", "--data", data, "--csv")
    header, *lines = csv.reader(io.StringIO(said))
    assert (code, len(lines)) == (0, 3)
    assert header[:4] == ["id", "agency", "year", "title"]
    # Not to a terminal, it is what it is.
    assert "=1+1\x1b[2J" in {line[3] for line in lines}


def test_a_query_of_then_finds_what_it_found_then(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = f"{HELD} WHERE c.value IN (17, 99)"
    for version, value in ((FIRST, 17), (SECOND, 99), (THIRD, 99)):
        code, said, _ = call(capsys, query, "--data", data, "--version", version)
        assert (code, json.loads(said)["value"], json.loads(said)["year"]) == (0, value, 2022)


def test_a_database_that_was_downloaded_is_enough(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "downloaded.db"
    copy.write_bytes((versions(data / "public")[0] / DATABASE).read_bytes())
    code, said, _ = call(capsys, "SELECT count(*) AS n FROM skip", "--database", copy, "--version", FIRST)
    assert (code, said) == (0, '{"n":2500}\n')


@pytest.mark.parametrize(
    ("what", "version", "message"),
    [
        ("cell", "20200101T000000Z", f"no version '20200101T000000Z'; here are the rows of from {FIRST}"),
        ("cells", FIRST, "no table 'cells' with versions"),
        ("publication_change", FIRST, "no table 'publication_change' with versions"),
        ("SELECT colour FROM cell", FIRST, "gives no rows: no such column"),
        ("DELETE FROM cell", FIRST, "gives no rows"),
        ("DELETE FROM main.cell", FIRST, "gives no rows"),
        ("SELECT 1; SELECT 2", FIRST, "gives no rows"),
        ("SELECT x'00' AS blob", FIRST, "gives no rows"),
    ],
)
def test_what_is_not_there_is_one_clear_error(
    data: Path, capsys: pytest.CaptureFixture[str], what: str, version: str, message: str
) -> None:
    code, said, errors = call(capsys, what, "--data", data, "--version", version)
    assert (code, said) == (3, "")
    assert message in errors
    assert len(errors.splitlines()) == 1


def test_where_nothing_is_published_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, errors = call(capsys, "cell", "--data", tmp_path)
    assert (code, "nothing is published" in errors) == (3, True)


@pytest.mark.slow
def test_it_is_said_that_something_is_withheld_since(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = load(tmp_path)
    publish(database, tmp_path / "public", now=NOW)
    decide(tmp_path, capture(BEFORE).id)
    folder = publish(database, tmp_path / "public", now=at(1))
    code, _, errors = call(capsys, "report", "--data", tmp_path, "--version", FIRST)
    assert (code, errors) == (0, "gongkai: left out is what was read from 1 originals, withheld since\n")
    assert call(capsys, "report", "--data", tmp_path, "--version", SECOND)[2] == ""
    first, second = (
        each.json()["withheld_since"] for each in get(folder, f"/version/{FIRST}", f"/version/{SECOND}")
    )
    assert (first, second) == (1, 0)


def test_an_address_gives_the_same_rows_in_every_later_publication(data: Path) -> None:
    third, second, first = versions(data / "public")
    ((revision, item),) = rows(first / DATABASE, "SELECT revision, item FROM cell WHERE value = 17")
    asked = [
        f"/version/{FIRST}/cell.csv?revision={revision}&item={item}",
        *(
            f"/version/{FIRST}/{table}.{ending}"
            for table in ("cell", "skip", "problem", "report")
            for ending in ("csv", "jsonl")
        ),
    ]
    answers = [[each.content for each in get(folder, *asked)] for folder in (first, second, third)]
    assert answers[0] == answers[1] == answers[2]
    assert [len(body.splitlines()) for body in answers[0]] == [2, 399, 398, 2501, 2500, 2, 1, 4, 3]


def test_a_version_tells_what_it_was_and_where_its_rows_are(data: Path) -> None:
    folder = versions(data / "public")[0]
    listed, one = get(folder, "/version", f"/version/{FIRST}")
    assert [(each["number"], each["version"]) for each in listed.json()] == [
        (3, THIRD),
        (2, SECOND),
        (1, FIRST),
    ]
    assert listed.json()[2]["url"] == f"http://localhost/version/{FIRST}"
    told = one.json()
    assert (told["version"], told["reports"], told["withheld_since"]) == (FIRST, 3, 0)
    tables = {each["table"]: each for each in told["tables"]}
    assert {"cell", "report", "withheld"} < set(tables)
    assert not any(name.startswith(("past_", "publication")) for name in tables)
    # The query goes with any SQLite, and with the site's own page for queries.
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        assert len(db.execute(tables["skip"]["sql"]).fetchall()) == 2500
    assert tables["skip"]["csv"] == f"http://localhost/version/{FIRST}/skip.csv"


def test_an_address_of_nothing_is_404_in_words(data: Path) -> None:
    for path, message in (
        ("/version/20200101T000000Z", "no version '20200101T000000Z'"),
        ("/version/20200101T000000Z/cell.csv", "no version '20200101T000000Z'"),
        (f"/version/{FIRST}/cells.csv", "no table 'cells'"),
        (f"/version/{FIRST}/cell.csv?colour=1", "no field 'colour' in cell"),
        (f"/version/{FIRST}/cell.csv?revision%22=1", "no field 'revision\"' in cell"),
    ):
        (answer,) = get(versions(data / "public")[0], path)
        assert (answer.status_code, message in answer.json()["error"]) == (404, True), path
    (answer,) = get(versions(data / "public")[0], f"/version/{FIRST}/report.jsonl?title=' OR 1 --")
    assert (answer.status_code, answer.text) == (200, "")


@pytest.fixture
def reading(data: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module that answers, as Datasette has loaded it, with batches of ten rows."""
    get(versions(data / "public")[0], "/version")
    module = next(each for each in pm.get_plugins() if getattr(each, "__name__", "") == "cited.py")
    monkeypatch.setattr(module, "BATCH", 10)
    return module


def test_what_takes_too_long_is_refused(data: Path, reading: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, path = versions(data / "public")[0], f"/version/{FIRST}/skip.csv?text=none"
    assert [answer.text for answer in get(folder, path)] == ["run,url,text,reason,from_version\n"]
    monkeypatch.setattr(reading, "PATIENCE", -1.0)
    (answer,) = get(folder, path)
    assert (answer.status_code, "takes too long" in answer.json()["error"]) == (503, True)


def stream(folder: Path, path: str, at_first: Callable[[], None], *received: str) -> list[dict[str, Any]]:
    """Ask the site as a server does; return what it sends until it ends or fails."""
    sent: list[dict[str, Any]] = []
    coming = iter(received)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and sent:
            raise RuntimeError("a second answer, where a server closes the connection")
        sent.append(message)
        if len(sent) == 2:
            at_first()

    async def receive() -> dict[str, Any]:
        while len(sent) < 2:
            await asyncio.sleep(0.001)
        kind = next(coming, None)
        if kind is None:
            await asyncio.sleep(60)
        return {"type": kind}

    async def ask() -> None:
        site = application(folder / DATABASE)
        await site.invoke_startup()
        plain = {"type": "http", "method": "GET", "headers": [], "query_string": b"", "path": path}
        with suppress(RuntimeError):
            await site.app()({**plain, "raw_path": path.encode()}, receive, send)
        site.executor.shutdown()

    asyncio.run(ask())
    return sent


def test_an_answer_that_cannot_be_finished_is_broken_off(
    data: Path, reading: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_patience() -> None:
        monkeypatch.setattr(reading, "PATIENCE", -1.0)

    folder, path = versions(data / "public")[0], f"/version/{FIRST}/skip.csv"
    whole = stream(folder, path, lambda: None)
    assert len(whole) == 1 + 1 + 250 + 1
    assert not whole[-1].get("more_body")
    monkeypatch.setattr(reading, "EVERY", 1)
    cut = stream(folder, path, lose_patience)
    assert 2 <= len(cut) < 10
    assert cut[-1]["more_body"]


def test_nothing_is_read_for_somebody_who_left(data: Path, reading: Any) -> None:
    folder, path = versions(data / "public")[0], f"/version/{FIRST}/skip.csv"
    sent = stream(folder, path, lambda: None, "http.request", "http.disconnect")
    assert 2 <= len(sent) < 200


def test_tables_of_past_rows_are_below_the_others_in_the_list(data: Path) -> None:
    (answer,) = get(versions(data / "public")[0], "/gongkai.json")
    hidden = {each["name"]: each["hidden"] for each in answer.json()["tables"]}
    assert (hidden["cell"], hidden["past_cell"], hidden["publication_version"]) == (False, True, False)
    (answer,) = get(versions(data / "public")[0], "/gongkai/past_cell.json?_shape=array")
    assert [(row["value"], row["from_version"], row["to_version"]) for row in answer.json()] == [(17.0, 1, 2)]


def test_fields_of_every_version_are_known(data: Path) -> None:
    with closing(cited.opened(versions(data / "public")[0] / DATABASE, FIRST)) as db:
        assert cited.fields(db, "portal")[-1] == "from_version"
