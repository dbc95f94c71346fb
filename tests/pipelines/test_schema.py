"""The tables carry their own meaning."""

import sqlite3
from collections.abc import Iterator

import pytest
import sqlite_utils

from pipelines import duties, rows, schema, search
from pipelines.checks import CHECKS
from pipelines.forms import ENGLISH, FORMS, ITEMS, form_cells


@pytest.fixture
def db() -> Iterator[sqlite_utils.Database]:
    database = sqlite_utils.Database(memory=True)
    with database.atomic():
        schema.create(database)
    yield database
    database.close()


def test_every_table_and_field_is_described_in_both_languages(db: sqlite_utils.Database) -> None:
    described = {(row["table"], row["field"]): row for row in db["description"].rows}
    tables = [table for table in db.tables if "_fts" not in table.name]
    there = {(table.name, name) for table in tables for name in ("", *table.columns_dict)}
    assert set(described) == there
    assert all(row["zh"].strip() and row["en"].strip() for row in described.values())
    assert all(any("一" <= sign <= "鿿" for sign in row["zh"]) for row in described.values())


def test_keys_foreign_keys_and_indexes_are_as_declared(db: sqlite_utils.Database) -> None:
    for table in schema.TABLES:
        made = db.table(table.name)
        assert tuple(made.pks) == table.key
        keys = {(key.column, key.other_table) for key in made.foreign_keys}
        assert keys == {(field.name, field.refers) for field in table.fields if field.refers}
        indexed = {tuple(index.columns) for index in made.indexes if index.origin == "c"}
        assert indexed == set(table.indexes)


def test_cells_take_no_rowid(db: sqlite_utils.Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        db.execute("SELECT rowid FROM cell")


def test_labels_name_fields_that_exist() -> None:
    for name, field in schema.LABEL_FIELDS.items():
        assert field in [each.name for each in schema.table(name).fields]


def test_the_registers_hold_every_form_item_and_check(db: sqlite_utils.Database) -> None:
    assert [row["id"] for row in db["form"].rows] == [form.code for form in FORMS]
    assert db["form_item"].count == len(ITEMS)
    assert db["form_cell"].count == sum(len(list(form_cells(form))) for form in FORMS) == 198 + 200 + 58
    assert {row["label"]: row["en"] for row in db["form_label"].rows} == ENGLISH
    assert all(row["label_en"].isprintable() for row in db["form_item"].rows)
    assert [row["id"] for row in db["check_definition"].rows] == [check.id for check in CHECKS]
    sections = db.execute("SELECT form, [table], section FROM form_table ORDER BY 1, 3").fetchall()
    assert [section for form, _, section in sections if form == "form_2019"] == [2, 3, 4]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_filling_the_registers_again_changes_nothing(db: sqlite_utils.Database) -> None:
    before = list(db.iterdump())
    with db.atomic():
        schema.fill(db)
    assert list(db.iterdump()) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020年政府信息公开", "2020 年 政 府 信 息 公 开"),
        ("GDP 公开\n二〇二一", "GDP 公 开 二 〇 二 一"),
        ("𠮷林", "𠮷 林"),
        ("  plain words\0", "plain words"),
        ("", ""),
    ],
)
def test_each_chinese_character_stands_between_single_spaces(text: str, expected: str) -> None:
    assert search.spaced(text) == expected


@pytest.mark.parametrize(
    "query",
    [
        "公开",
        "公 开",
        '"',
        "体育* OR",
        "NEAR(公开, 2)",
        "-公开",
        "text:公开",
        "^公",
        "()",
        "",
        "\0",
        "'; --",
        'a"b',
    ],
)
def test_no_query_is_syntax(db: sqlite_utils.Database, query: str) -> None:
    db.execute(
        "INSERT INTO section_fts (rowid, heading, text) VALUES (1, '', ?)", (search.spaced("没有的事"),)
    )
    found = "SELECT rowid FROM section_fts WHERE section_fts MATCH ?"
    assert db.execute(found, (search.phrases(query),)).fetchall() == []


@pytest.mark.parametrize(
    ("agency", "kind"),
    [
        ("新乡市人民政府", "government"),
        ("新乡市人民政府办公室", "government"),
        ("河南省人民政府办公厅", "government"),
        ("新乡市体育局", "department"),
        ("新乡市发展和改革委员会", "department"),
        ("河南省教育厅", "department"),
        ("样例镇人民政府", "township"),
        ("样例街道办事处", "township"),
        ("新乡样例技术产业开发区管理委员会", "zone"),
        ("国家税务总局新乡市税务局", "vertical"),
        ("新乡海关", "vertical"),
        ("样例大学", "other"),
    ],
)
def test_the_name_tells_the_kind_of_agency(agency: str, kind: str) -> None:
    assert duties.kind(agency) == kind


def test_ids_are_integers_that_every_program_reads_exactly() -> None:
    assert all(0 <= rows.number("sample", number) < 2**47 for number in range(1000))
    assert rows.section_search_id(2**47 - 1, 6) < 2**53
    assert rows.digest("ab", "c") != rows.digest("a", "bc")
