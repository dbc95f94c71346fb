"""A citation names a version, and gives the same rows whatever is published later."""

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import cited, manifest
from archive.errors import CiteError, PublicationStopped, RestoreError
from archive.publish import DATABASE, KEEP, publish, versions
from archive.restoring import take_publication
from archive.tables import content_names, past_names, types_of
from pipelines.load import Loader
from tests import sample_archive
from tests.archive.test_gate import change
from tests.published_files import reseal
from tests.running import rows

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
TABLES = {
    # Clustered and not, keys of one and of several fields, of texts and numbers, and none.
    "leaf": "CREATE TABLE leaf (a TEXT NOT NULL, b INTEGER NOT NULL, c REAL, d TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID",
    "word": "CREATE TABLE word (id TEXT PRIMARY KEY, c TEXT, d REAL)",
    "count": "CREATE TABLE count (id INTEGER PRIMARY KEY, c INTEGER, d TEXT)",
    "loose": "CREATE TABLE loose (a, c TEXT)",
}
INTEGERS = (None, 0, 1, -7, 2**53 + 1)
NUMBERS = (None, 0.0, 1, 0.5, 1e300, -0.1, 2**53)
TEXTS = (None, "", "0", "1.0", "年报", "a\0b", "'\"", "NULL", "𠮷")
VALUES = {
    "INTEGER": INTEGERS,
    "REAL": NUMBERS,
    "FLOAT": NUMBERS,
    "TEXT": TEXTS,
    "": INTEGERS + NUMBERS + TEXTS,
}

Saved = dict[str, tuple[list[str], list[str]]]
"""What a version's own database holds: fields and rows of each table, the rows in some fixed order."""


def at(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def saved(database: Path) -> Saved:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        fields = {table: list(types_of(db, table)) for table in content_names(db)}
        return {table: (names, held(db, table, names)) for table, names in fields.items()}


def held(db: sqlite3.Connection, table: str, fields: list[str]) -> list[str]:
    names = ", ".join(f'"{name}"' for name in fields)
    return sorted(map(repr, db.execute(f'SELECT {names} FROM "{table}"')))


def require_same(folder: Path, version: str, then: Saved) -> None:
    """Require that a publication gives all rows of a version, and nothing else."""
    with closing(cited.opened(folder / DATABASE, version)) as db:
        for table, (fields, rows_then) in then.items():
            assert held(db, table, fields) == rows_then, (version, table)
            for name in set(cited.fields(db, table)) - {*fields, "from_version"}:
                assert held(db, table, [name]) == ["(None,)"] * len(rows_then), (version, table, name)
        for table in set(cited.tables(db)) - set(then):
            assert db.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,), (version, table)


class Story:
    """A working database that is changed at random and published again and again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.database = sample_archive.load(folder / "gongkai.db")
        self.public = folder / "public"
        self.gone: list[tuple[str, tuple[object, ...]]] = []
        self.then: dict[str, Saved] = {}
        change(self.database, *TABLES.values())

    def publish(self) -> Path:
        folder = publish(self.database, self.public, now=at(len(self.then)), accept="random")
        self.then[folder.name] = saved(folder / DATABASE)
        return folder

    def turn(self) -> None:
        """Insert, change, delete and restore some rows."""
        with closing(sqlite3.connect(self.database)) as db, db:
            for table in (*TABLES, "cell", "section", "problem", "capture"):
                for _ in range(self.chance.randrange(4)):
                    self.change(db, table)
            for table, row in self.chance.sample(self.gone, len(self.gone) // 2):
                marks = ", ".join("?" * len(row))
                db.execute(f'INSERT OR IGNORE INTO "{table}" VALUES ({marks})', row)

    def change(self, db: sqlite3.Connection, table: str) -> None:
        types = types_of(db, table)
        found = db.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()
        what = self.chance.choice(("insert", "insert", "update", "delete"))
        if what == "insert" and table in TABLES:
            values = [self.value(name, type_) for name, type_ in types.items()]
            db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values))})", values)
            return
        key = [name for name in types if name in ("a", "b", "id", "revision", "item", "number")]
        other = [name for name in types if name not in (*key, "search_id")]
        where = " AND ".join(f'"{name}" IS ?' for name in key)
        for row in self.chance.sample(found, min(1, len(found))):
            place = [value for name, value in zip(types, row, strict=True) if name in key]
            if what == "delete":
                db.execute(f'DELETE FROM "{table}" WHERE {where}', place)
                self.gone.append((table, row))
            else:
                name = self.chance.choice(other)
                value = self.value(name, types[name])
                db.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE {where}', [value, *place])

    def value(self, name: str, type_: str) -> object:
        keys: dict[str, tuple[object, ...]] = {"id": (1, 2, 3, 4), "a": ("x", "y", "年"), "b": (1, 2, 3)}
        return self.chance.choice(keys.get(name, VALUES[type_]))


def tell(folder: Path, seed: int, turns: int) -> None:
    story = Story(folder, seed)
    newest = story.publish()
    for _ in range(turns - 1):
        story.turn()
        newest = story.publish()
    assert len(story.then) > KEEP
    for version, then in story.then.items():
        require_same(newest, version, then)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return sample_archive.load(tmp_path / "gongkai.db")


def turns(database: Path, *steps: str) -> tuple[Path, dict[str, Saved]]:
    """Publish a database, and again after each step; return the newest publication and what each held."""
    public = database.parent / "public"
    then: dict[str, Saved] = {}
    for number, step in enumerate(("SELECT 1", *steps)):
        # Something is new in each, or it would be no version.
        change(database, *step.split(";"), f"UPDATE agency SET level = '{number}'")
        newest = publish(database, public, now=at(number), accept="a test")
        then[newest.name] = saved(newest / DATABASE)
    return newest, then


def test_what_is_read_anew_alike_stays_as_it_stood(database: Path) -> None:
    public = database.parent / "public"
    publish(database, public, now=at(0))
    with Loader(database, "later") as loader:
        for sample in sample_archive.REPORTS:
            loader.load_reading(sample_archive.capture(sample), sample_archive.reading(sample))
    newest = publish(database, public, now=at(1)) / DATABASE
    past = {table: rows(newest, f'SELECT count(*) FROM "{table}"')[0][0] for table in past_names_of(newest)}
    told = {table for table, count in past.items() if count}
    assert told == {"past_capture", "past_revision"}


def past_names_of(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as db:
        return list(past_names(db))


def test_rows_say_since_when_they_stand_and_past_ones_until_when(database: Path) -> None:
    folder, _ = turns(
        database,
        "UPDATE portal SET title = '乙'",
        "UPDATE portal SET title = '丙'; DELETE FROM problem",
    )
    assert rows(folder / DATABASE, "SELECT title, from_version FROM portal") == [("丙", 3)]
    past = "SELECT title, from_version, to_version FROM past_portal ORDER BY from_version"
    assert rows(folder / DATABASE, past) == [("样本市门户", 1, 2), ("乙", 2, 3)]
    assert rows(folder / DATABASE, "SELECT from_version, to_version FROM past_problem") == [(1, 3)]
    assert rows(folder / DATABASE, "SELECT DISTINCT from_version FROM cell") == [(1,)]
    assert rows(folder / DATABASE, "SELECT number FROM publication") == [(3,)]
    told = rows(
        folder / DATABASE, "SELECT number, version, reports, cells FROM publication_version ORDER BY 1"
    )
    assert told == [(number, f"20261124T2{number - 1}1555Z", 3, 398) for number in (1, 2, 3)]


def test_a_row_that_comes_back_stands_anew_and_the_hole_is_seen(database: Path) -> None:
    put = "INSERT INTO problem (id, kind) VALUES (7, 'no_tables')"
    folder, then = turns(database, put, "DELETE FROM problem WHERE id = 7", put)
    assert rows(folder / DATABASE, "SELECT from_version FROM problem WHERE id = 7") == [(4,)]
    assert rows(folder / DATABASE, "SELECT id, from_version, to_version FROM past_problem") == [(7, 2, 3)]
    for version, held_then in then.items():
        require_same(folder, version, held_then)


def remade(fields: str, rest: str = "") -> str:
    """Return what makes the table of leaves anew, with the rows that it has."""
    filled = "INSERT OR IGNORE INTO t SELECT * FROM leaf; DROP TABLE leaf; ALTER TABLE t RENAME TO leaf"
    return f"CREATE TABLE t ({fields}){rest}; {filled}"


LEAVES = "('x', 1, 0.5, '007'), ('x', 2, NULL, NULL), ('y', 1, 3, '3.0')"
OTHERWISE = (
    "ALTER TABLE leaf ADD COLUMN e TEXT",
    "ALTER TABLE leaf ADD COLUMN e TEXT; UPDATE leaf SET e = '新' WHERE b = 1",
    "ALTER TABLE leaf ADD COLUMN e INTEGER NOT NULL DEFAULT 7",
    "ALTER TABLE leaf DROP COLUMN d",
    "ALTER TABLE leaf RENAME COLUMN d TO e",
    "ALTER TABLE leaf RENAME TO stem",
    "DROP TABLE stem; DROP TABLE leaf",
    # The same values of other types, another key, a key of another type, and no key.
    remade("a TEXT NOT NULL, b INTEGER NOT NULL, c TEXT, d INTEGER, PRIMARY KEY (a, b)"),
    remade("a TEXT NOT NULL, b INTEGER, c REAL, d TEXT, PRIMARY KEY (a)", " WITHOUT ROWID"),
    remade("a TEXT NOT NULL, b TEXT NOT NULL, c REAL, d TEXT, PRIMARY KEY (a, b)"),
    remade("a TEXT, b INTEGER, c REAL, d TEXT"),
)


@pytest.mark.slow
def test_a_table_may_be_made_otherwise_from_version_to_version(database: Path) -> None:
    first = f"DROP TABLE IF EXISTS leaf; {TABLES['leaf']}; INSERT INTO leaf VALUES {LEAVES}"
    steps = [each for step in OTHERWISE for each in (first, step)]
    folder, then = turns(database, *steps, first, "UPDATE leaf SET c = 2 WHERE b = 1")
    assert len(then) == len(steps) + 3
    for version, held_then in then.items():
        require_same(folder, version, held_then)


def test_a_column_that_is_new_and_empty_leaves_the_rows_as_they_are(database: Path) -> None:
    folder, _ = turns(
        database, "ALTER TABLE cell ADD COLUMN note TEXT", "UPDATE cell SET note = 'x' WHERE value = 17"
    )
    found = rows(folder / DATABASE, "SELECT from_version, count(*) FROM cell GROUP BY 1 ORDER BY 1")
    assert found == [(1, 397), (3, 1)]
    assert rows(folder / DATABASE, "SELECT value, note, from_version, to_version FROM past_cell") == [
        (17, None, 1, 3)
    ]


def strip(folder: Path) -> None:
    """Make a publication as it was made before versions had numbers."""
    with closing(sqlite3.connect(folder / DATABASE)) as db, db:
        for table in content_names(db):
            db.execute(f'ALTER TABLE "{table}" DROP COLUMN from_version')
        for table in [*past_names(db), "publication_version"]:
            db.execute(f"DROP TABLE {table}")
        db.execute("ALTER TABLE publication DROP COLUMN number")
        db.execute("DELETE FROM description WHERE field IN ('from_version') OR [table] LIKE 'past%'")
    reseal(folder)


def test_a_publication_from_before_rows_had_numbers_is_one_version(database: Path) -> None:
    public = database.parent / "public"
    for number in range(2):
        change(database, f"UPDATE portal SET title = '{number}'")
        strip(publish(database, public, now=at(number)))
    first = versions(public)[0]
    then = saved(first / DATABASE)
    change(database, "UPDATE cell SET text = '改' WHERE value = 17", "DELETE FROM problem")
    folder = publish(database, public, now=at(2))
    require_same(folder, first.name, then)
    require_same(folder, folder.name, saved(folder / DATABASE))
    known = rows(folder / DATABASE, "SELECT number, version FROM publication_version ORDER BY 1")
    assert known == [(1, first.name), (2, folder.name)]
    assert rows(folder / DATABASE, "SELECT from_version, count(*) FROM cell GROUP BY 1") == [(1, 397), (2, 1)]
    with pytest.raises(CiteError, match=f"here are the rows of from {first.name} to {folder.name}"):
        cited.opened(folder / DATABASE, versions(public)[-1].name)


def test_the_versions_go_on_where_the_archive_was_restored(database: Path, tmp_path: Path) -> None:
    lost, then = turns(database, "UPDATE portal SET title = '乙'", "DELETE FROM problem")
    kept = lost.rename(tmp_path / "backup")
    new = tmp_path / "new"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM report WHERE year = 2020")
    take_publication(new, kept)
    take_publication(new, kept)
    (taken,) = versions(new / "public")
    assert taken.name == lost.name
    with pytest.raises(PublicationStopped, match="reports that were published and are no more: 1"):
        publish(database, new / "public", now=NOW)
    assert versions(new / "public") == [taken]
    # Its clock is behind.
    folder = publish(database, new / "public", now=NOW - timedelta(days=9), accept="lost")
    take_publication(new, kept)
    assert folder.name == f"{at(2) + timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    assert rows(folder / DATABASE, "SELECT number, previous FROM publication") == [
        (4, f"{at(2):%Y%m%dT%H%M%SZ}")
    ]
    for version, held_then in then.items():
        require_same(folder, version, held_then)
    assert publish(database, new / "public", now=NOW) == folder
    with pytest.raises(RestoreError, match="does not go on from"):
        take_publication(new, publish(database, tmp_path / "other", now=at(9)))


def test_past_rows_are_divided_by_the_year_that_ended_them(database: Path) -> None:
    public = database.parent / "public"
    for year, number in ((2026, 1), (2026, 2), (2026, 3), (2027, 4)):
        change(database, f"UPDATE portal SET title = '{number}'")
        folder = publish(database, public, now=NOW.replace(year=year) + timedelta(minutes=number))
    change(database, "UPDATE portal SET title = '5'")
    last = publish(database, public, now=NOW.replace(year=2028))
    old, new = manifest.read(folder), manifest.read(last)
    past = {
        path: each.rows
        for path, each in new.items()
        if path.startswith("files/past_") and path.endswith("csv")
    }
    assert past == {f"files/past_portal-{year}.csv": rows for year, rows in ((2026, 2), (2027, 1), (2028, 1))}
    for path in ("files/past_portal-2026.csv", "files/past_portal-2027.parquet"):
        assert new[path] == old[path]
        assert (last / path).samefile(folder / path)
    assert new["files/cell-2022-form_2021.csv"] == old["files/cell-2022-form_2021.csv"]
    read = (last / "files/past_portal-2026.csv").read_text(encoding="utf-8-sig").splitlines()
    assert read[0] == "id,title,division,home,platform,specimen,from_version,to_version"
    assert [line.split(",")[1] for line in read[1:]] == ["1", "2"]
    assert [line.split(",")[-2:] for line in read[1:]] == [["1", "2"], ["2", "3"]]


def test_nothing_is_published_anew_over_one_from_before_numbers(database: Path) -> None:
    public = database.parent / "public"
    first = publish(database, public, now=NOW)
    strip(first)
    assert publish(database, public, now=at(1)) == first


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_newest_publication_gives_the_rows_of_every_version(tmp_path: Path, seed: int) -> None:
    tell(tmp_path, seed, 8)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 130))
def test_the_newest_publication_gives_the_rows_of_every_version_over_many(tmp_path: Path, seed: int) -> None:
    tell(tmp_path, seed, 12)
