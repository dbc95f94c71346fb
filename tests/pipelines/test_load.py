"""Loading is replacement: whole, repeatable, and the same in any order."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sample_readings import CONTEXT, capture, notice, report

from archive.captures import Capture, Context
from pipelines import load
from pipelines.dump import dump_canonical
from pipelines.load import Loader
from pipelines.reading import BLANK, NUMBER, Cell, Place, Problem, Reading

Pairs = list[tuple[Capture, Reading]]


def load_all(path: Path, pairs: Pairs, extractor: str = "1") -> list[str]:
    with Loader(path, extractor) as loader:
        for each in pairs:
            loader.load_reading(*each)
        assert loader.db.execute("PRAGMA foreign_key_check").fetchall() == []
    return list(dump_canonical(path))


def count(path: Path, table: str, where: str = "1") -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])
    finally:
        db.close()


def value(path: Path, sql: str) -> object:
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchone()[0]
    finally:
        db.close()


def test_a_report_is_loaded_with_everything_that_hangs_on_it(path: Path) -> None:
    with Loader(path, "1") as loader:
        loaded = loader.load_reading(capture(1), report(1))
    assert loaded == load.Loaded(reports=1, cells=200, sections=2, findings=1, problems=2)
    assert count(path, "cell") == 200
    assert count(path, "problem") == 2
    assert value(path, "SELECT reading FROM capture") == "report"
    assert value(path, "SELECT level FROM division") == "specimen"


def test_loading_twice_changes_nothing(path: Path) -> None:
    unreadable = Reading(reason="empty", problems=(Problem("unreadable_document", "empty"),))
    pairs = [(capture(1), report(1)), (capture(2), notice()), (capture(3), unreadable)]
    assert load_all(path, pairs) == load_all(path, pairs)


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    pairs: Pairs = [(capture(number), report(number % 4, 2020 + number % 3)) for number in range(12)]
    # The same pages once more, a page with new content, and one office on two pages.
    pairs += [(capture(n, at="2023-01-01T00:00:00Z", run="2"), report(n % 4, 2020 + n % 3)) for n in range(4)]
    pairs += [(capture(5, body="edited", at="2023-01-01T00:00:00Z", run="2"), report(1, 2022))]
    pairs += [(capture(50), report(1, 2022)), (capture(51), notice())]
    dumps = []
    for seed in range(3):
        random.Random(seed).shuffle(pairs)
        dumps.append(load_all(tmp_path / f"{seed}.db", pairs))
    assert dumps[0] == dumps[1] == dumps[2]
    assert len(dumps[0]) > 200


def test_loading_in_batches_gives_the_same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 3)
    pairs: Pairs = [(capture(number), report(number)) for number in range(8)]
    with Loader(tmp_path / "batches.db", "1") as loader:
        loaded = list(loader.load_readings(pairs))
    assert [each[0] for each in loaded] == [each[0] for each in pairs]
    assert list(dump_canonical(tmp_path / "batches.db")) == load_all(tmp_path / "single.db", pairs)


def test_a_batch_is_yielded_only_when_it_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 2)
    pairs: Pairs = [(capture(number), report(number)) for number in range(4)]
    with Loader(path, "1") as loader:
        readings = loader.load_readings(pairs)
        next(readings)
        assert count(path, "report") == 2
        readings.close()  # type: ignore[attr-defined]


def test_the_same_content_seen_again_is_one_revision_seen_longer(path: Path) -> None:
    late, early = "2023-05-05T00:00:00Z", "2022-02-01T00:00:00Z"
    load_all(path, [(capture(1, at=late, run="2"), report(1)), (capture(1, at=early), report(1))])
    assert count(path, "revision") == 1
    assert value(path, "SELECT first_seen || ' ' || last_seen FROM revision") == f"{early} {late}"
    assert value(path, "SELECT capture FROM revision") == capture(1, at=early).id


def test_new_content_at_one_address_is_a_second_revision_and_the_current_one(path: Path) -> None:
    edited = capture(1, body="edited", at="2023-05-05T00:00:00Z", run="2")
    changed = replace(report(1), sections=report(1).sections[:1])
    load_all(path, [(edited, changed), (capture(1), report(1))])
    assert count(path, "revision") == 2
    assert count(path, "source") == 1
    current = "SELECT v.digest FROM report r JOIN revision v ON v.id = r.revision"
    assert value(path, current) == edited.digest


def test_another_extractor_takes_the_place_of_the_first(path: Path) -> None:
    again = load_all(path, [(capture(1), report(1))], "1") and load_all(path, [(capture(1), report(1))], "2")
    assert again == load_all(path.with_name("fresh.db"), [(capture(1), report(1))], "2")
    with Loader(path, "2") as loader:
        assert loader.loaded("1") == set()
        assert loader.loaded("2") == {capture(1).id}


def test_what_another_extractor_reads_alike_keeps_its_name_and_gets_all_that_it_says(path: Path) -> None:
    """A page seen twice with another counter: one content, and where its cells stand is said by who read last."""
    pairs = [
        (capture(1, body=f"{number} visits", at=f"202{number}-05-05T00:00:00Z", run=str(number)), report(1))
        for number in (2, 3, 4)
    ]
    anew = replace(report(1), cells=tuple(each._replace(place=Place(table=7)) for each in report(1).cells))
    fresh = load_all(path.with_name("fresh.db"), [(seen, anew) for seen, _ in pairs], "2")
    before = load_all(path, pairs, "1")
    name = value(path, "SELECT id FROM revision")
    for order in (0, 1, 2), (2, 1, 0), (1, 2, 0):
        assert load_all(path, [(pairs[number][0], anew) for number in order], "2") == fresh
        assert value(path, "SELECT id FROM revision") == name
        assert load_all(path, [pairs[number] for number in order], "1") == before != fresh


def test_a_report_read_anew_as_none_leaves_nothing_behind(path: Path) -> None:
    load_all(path, [(capture(1), report(1)), (capture(2), report(2))], "1")
    dump = load_all(path, [(capture(1), notice()), (capture(2), report(2))], "2")
    assert dump == load_all(
        path.with_name("fresh.db"), [(capture(2), report(2)), (capture(1), notice())], "2"
    )
    assert count(path, "report") == 1


def test_a_report_read_anew_under_another_name_moves_whole(path: Path) -> None:
    load_all(path, [(capture(1), report(1))], "1")
    renamed = replace(report(1), agency="长垣市样例测试局")
    assert load_all(path, [(capture(1), renamed)], "2") == load_all(
        path.with_name("fresh.db"), [(capture(1), renamed)], "2"
    )
    assert value(path, "SELECT division FROM agency") == "410783"


@pytest.mark.parametrize("unclear", [{"agency": None}, {"year": None}])
def test_a_report_of_unclear_identity_becomes_a_problem_and_is_not_lost(
    path: Path, unclear: dict[str, None]
) -> None:
    reading = replace(report(1), **unclear, problems=())
    load_all(path, [(capture(1), reading)])
    assert count(path, "report") == count(path, "cell") == 0
    assert value(path, "SELECT kind FROM problem") == "unclear_identity"
    assert value(path, "SELECT capture FROM problem") == capture(1).id


def test_two_unreadable_records_give_a_problem_each(path: Path) -> None:
    first, second = capture(1), capture(2)
    broken = Reading(problems=(Problem("unreadable_document", "torn"),))
    with Loader(path, "1") as loader:
        loader.load_reading(first, notice())
        loader.load_reading(second, notice())
        # What is left of a capture whose record is damaged: its id.
        loader.load_reading(Capture(id=first.id), broken)
        loader.load_reading(Capture(id=second.id), broken)
    assert count(path, "problem") == 2
    assert count(path, "capture", "url = ''") == 0
    assert value(path, "SELECT DISTINCT reading FROM capture") == "unreadable"


def test_a_file_given_by_hand_needs_no_portal(path: Path) -> None:
    alone = replace(capture(1), context=Context(), run="")
    pairs: Pairs = [(alone, replace(report(1), agency="新乡市样例局"))]
    assert load_all(path, pairs) == load_all(path, pairs)
    assert value(path, "SELECT division FROM agency") == "410700"


def test_a_cell_of_no_form_becomes_a_problem(path: Path) -> None:
    odd = Cell("requests", "no_such_row", "total", 7, NUMBER, "7", Place(table=2))
    load_all(path, [(capture(1), replace(report(1), cells=(odd,), problems=()))])
    assert count(path, "cell") == 0
    assert value(path, 'SELECT "row" FROM problem') == "no_such_row"


def test_what_is_printed_is_kept_only_where_it_differs_from_the_value(path: Path) -> None:
    load_all(path, [(capture(1), report(1))])
    assert count(path, "cell", "text IS NOT NULL") == 2
    assert count(path, "cell", "text = '/' AND value IS NULL") == 1
    assert count(path, "cell", "text = '3件' AND value = 3") == 1
    assert count(path, "cell", "value = 48.7917 AND text IS NULL") == 1
    blank = f"state = (SELECT id FROM cell_state WHERE name = '{BLANK}') AND value IS NULL AND text IS NULL"
    assert count(path, "cell", blank) == 1


def test_runs_never_erase_a_reading_and_readings_never_erase_a_run(path: Path) -> None:
    taken = capture(1)
    row = {"id": taken.id, "portal": "sample", "run": taken.run, "url": taken.url, "digest": taken.digest}
    with Loader(path, "1") as loader:
        loader.load_reading(taken, report(1))
        loader.load_runs(
            [{"id": "sample", "title": "样例市人民政府", "home": "http://127.0.0.1:8101/", "unknown": 1}],
            [{"id": taken.run, "portal": "sample", "outcome": "ok"}],
            [{"run": taken.run, "url": "http://127.0.0.1/other", "text": "通知", "reason": "not_a_report"}],
            [row | {"fetched_at": taken.fetched_at, "status": 200}],
        )
        loader.load_reading(taken, report(1))
        loader.load_runs([{"id": "sample"}], [{"id": taken.run}], [], [{"id": taken.id}])
    assert value(path, "SELECT reading FROM capture") == "report"
    assert value(path, "SELECT outcome FROM run") == "ok"
    assert value(path, "SELECT home FROM portal") == "http://127.0.0.1:8101/"
    assert value(path, "SELECT division FROM portal") == CONTEXT.division
    assert count(path, "skip") == 1


def test_captures_brought_later_widen_what_was_seen(path: Path) -> None:
    taken = capture(1)
    again = {"id": "f" * 32, "portal": "sample", "run": taken.run, "url": taken.url, "digest": taken.digest}
    with Loader(path, "1") as loader:
        loader.load_reading(taken, report(1))
        loader.load_runs([], [], [], [again | {"fetched_at": "2024-01-01T00:00:00Z", "status": 304}])
    assert value(path, "SELECT last_seen FROM revision") == "2024-01-01T00:00:00Z"


def test_a_cell_takes_few_bytes(path: Path) -> None:
    pairs: Pairs = [(capture(number), replace(report(number), sections=())) for number in range(200)]
    with Loader(path, "1") as loader:
        list(loader.load_readings(pairs))
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    size, cells = db.execute(
        "SELECT (SELECT sum(pgsize) FROM dbstat WHERE name = 'cell' OR name LIKE '%grid%'), (SELECT count(*) FROM cell)"
    ).fetchone()
    db.close()
    assert cells == 40_000
    assert size / cells <= 35  # with its place in full


@pytest.mark.parametrize(
    ("name", "year", "published", "due", "days", "status"),
    [
        ("新乡市样例局", 2021, "2022-02-03", "2022-01-31", 3, "late"),
        ("新乡市样例局", 2021, "2022-01-31", "2022-01-31", 0, "on_time"),
        ("新乡市样例局", 2021, None, "2022-01-31", None, "date_unknown"),
        ("牧野区人民政府", 2021, "2022-03-31", "2022-03-31", 0, "on_time"),
        ("样例镇人民政府", 2021, "2022-09-01", None, None, "no_deadline"),
        ("样例街道办事处", 2018, "2019-04-01", "2019-03-31", 1, "late"),
        ("国家税务总局新乡市税务局", 2020, "2021-01-30", "2021-01-31", 0, "on_time"),
        ("新乡市样例局", 2018, "2019-03-31", "2019-03-31", 0, "on_time"),
    ],
)
def test_the_legal_date_follows_the_kind_of_agency_and_the_law_of_the_year(
    path: Path, name: str, year: int, published: str | None, due: str | None, days: int | None, status: str
) -> None:
    load_all(path, [(capture(1), replace(report(1), agency=name, year=year, published_on=published))])
    db = sqlite3.connect(path)
    row = db.execute("SELECT due_on, days_late, status FROM report").fetchone()
    db.close()
    assert row == (due, days, status)
