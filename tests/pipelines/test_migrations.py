"""An earlier database is led to this version with all its rows."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils
from sample_readings import capture, report

from pipelines import migrations, schema
from pipelines.dump import dump_canonical
from pipelines.errors import NewerDatabase
from pipelines.load import Loader

VERSION_0 = (Path(__file__).parent / "version_0.sql").read_text(encoding="utf-8")
REGISTERS = {"form", "form_item", "form_table", "form_cell", "cell_state", "check_definition", "description"}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    database = sqlite_utils.Database(tmp_path / "gongkai.db")
    database.executescript(VERSION_0)
    yield database
    database.close()


def contents(db: sqlite_utils.Database) -> dict[str, list[dict[str, object]]]:
    return {table.name: list(table.rows) for table in db.tables if "_fts" not in table.name}


def layout(db: sqlite_utils.Database) -> dict[str, object]:
    tables = [db.table(table.name) for table in schema.TABLES]
    return {
        table.name: (
            {column.name: column.type for column in table.columns},
            table.pks,
            sorted(key.column for key in table.foreign_keys if key.column),
            sorted(tuple(index.columns) for index in table.indexes if index.origin == "c"),
        )
        for table in tables
    }


def test_every_version_has_its_migration() -> None:
    assert len(migrations.MIGRATIONS) == schema.VERSION


def test_an_old_database_gets_the_layout_of_a_new_one(db: sqlite_utils.Database) -> None:
    assert migrations.bring_up(db) == 0
    assert migrations.version(db) == schema.VERSION
    fresh = sqlite_utils.Database(memory=True)
    with fresh.atomic():
        schema.create(fresh)
    assert layout(db) == layout(fresh)
    fresh.close()


def test_no_row_is_lost_or_changed(db: sqlite_utils.Database) -> None:
    before = contents(db)
    migrations.bring_up(db)
    after = contents(db)
    for name, old_rows in before.items():
        if name not in REGISTERS:
            shared = [
                {field: row[field] for field in old} for old, row in zip(old_rows, after[name], strict=True)
            ]
            assert shared == old_rows
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("SELECT title, published_on FROM revision").fetchall() == [
        ("样例市旧版测试局2021年年度报告", "2022-01-20")
    ]
    assert db.execute("SELECT id FROM capture WHERE extractor = '0.0'").fetchall() == [("aa",)]
    assert db.execute("SELECT level FROM agency").fetchall() == [("specimen",)]
    assert db.execute("SELECT report FROM problem").fetchall() == [("0123456789-2021",)]


def test_an_old_database_learns_what_its_labels_say_in_english(db: sqlite_utils.Database) -> None:
    migrations.bring_up(db)
    (words,) = db.execute("SELECT en FROM form_label WHERE label = '（三）不予公开'").fetchone()
    assert words == "(3) Refused"
    assert db.execute("SELECT count(*) FROM form_item WHERE label_en IS NULL").fetchone() == (0,)


def test_the_date_of_each_revision_becomes_the_first_of_its_dates(db: sqlite_utils.Database) -> None:
    with db.atomic():
        migrations._to_1(db)
        db.execute("UPDATE revision SET published_from = 'page'")
        migrations._to_2(db)
    assert db.execute("SELECT * FROM published_date").fetchall() == [(77, "page", "2022-01-20", None)]


def test_an_old_database_can_be_searched_and_loaded_into(db: sqlite_utils.Database, tmp_path: Path) -> None:
    with Loader(tmp_path / "gongkai.db", "1") as loader:
        for table, word in (("section", "体 育"), ("report", "旧 版")):
            found = f"SELECT count(*) FROM {table} WHERE search_id IN (SELECT rowid FROM {table}_fts(?))"
            assert loader.db.execute(found, (f'"{word}"',)).fetchone() == (1,)
        loader.load_reading(capture(1), report(1))
        assert loader.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert loader.db["report"].count == 2
    migrated = [line for line in dump_canonical(tmp_path / "gongkai.db") if f'"{capture(1).url}"' in line]
    assert migrated


def test_a_migration_that_fails_leaves_the_old_database(
    db: sqlite_utils.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(db)

    def fail(database: sqlite_utils.Database) -> None:
        migrations._to_1(database)
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(migrations, "MIGRATIONS", (fail,))
    with pytest.raises(sqlite3.OperationalError, match="disk full"):
        migrations.bring_up(db)
    assert contents(db) == before
    assert migrations.version(db) == 0


def test_a_later_version_is_refused(db: sqlite_utils.Database) -> None:
    db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = contents(db)
    with pytest.raises(NewerDatabase, match=str(schema.VERSION + 1)):
        migrations.bring_up(db)
    assert contents(db) == before


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    with Loader(path, "1") as loader:
        loader.load_reading(capture(1), report(1))
        before = list(loader.db.iterdump())
    with Loader(path, "1") as loader:
        assert list(loader.db.iterdump()) == before
