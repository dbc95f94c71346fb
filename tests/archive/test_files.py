"""Downloads are complete and equal in every format, described, hashed, and kept while unchanged."""

import csv
import gzip
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from archive import formats, manifest, parts
from archive.errors import PublishError
from archive.publish import DATABASE, publish
from tests import sample_archive, sample_history
from tests.archive.test_gate import change, rows
from tests.sample_archive import HOSTILE

NOW = datetime(2026, 11, 24, 20, 15, 55, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NASTY = '=SUM(1,2)\r\n"引号"，\t换行\n 与 \u2028 ' + HOSTILE


def read_csv(path: Path) -> list[list[str | None]]:
    """Read CSV with NULL and the empty text apart, as its own reader in these tests."""
    text = path.read_bytes().decode("utf-8-sig")
    lines: list[list[str | None]] = [[]]
    for match in re.finditer(r'(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])', text):
        quoted, plain, end = match.groups()
        lines[-1].append((plain or None) if quoted is None else quoted.replace('""', '"'))
        if end == "\n":
            lines.append([])
    assert lines.pop() == []
    return lines


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().split("\n") if line]


def read_parquet(path: Path) -> list[dict[str, Any]]:
    return pyarrow.parquet.read_table(path, partitioning=None).to_pylist()  # type: ignore[no-any-return]


def typed(value: str | None, type_: str) -> object:
    if value is None or type_ == parts.STRING:
        return value
    return int(value) if type_ == parts.INTEGER else float(value)


def entries(folder: Path, **wanted: object) -> Iterator[manifest.File]:
    for each in manifest.read(folder).values():
        if all(getattr(each, name) == value for name, value in wanted.items()):
            yield each


def tables(folder: Path) -> list[parts.Table]:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return parts.tables(db)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a publication with history, past rows and hostile text; tests only read it."""
    home = tmp_path_factory.mktemp("files")
    database = sample_history.load(home / "gongkai.db")
    sample_archive.load(database)
    publish(database, home / "public", now=NOW - timedelta(hours=1))
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE section SET text = ? WHERE heading LIKE '五%'", (NASTY,))
        db.execute("UPDATE report SET title = '' WHERE year = 2020")
        db.execute("INSERT INTO finding (id, revision) VALUES (5, 77), (6, NULL)")
    return publish(database, home / "public", now=NOW, accept="a test")


def test_every_table_is_complete_and_equal_in_every_format(folder: Path) -> None:
    for table in tables(folder):
        own = [field for field in table.fields if field.sql.startswith("t.")]
        fields = ", ".join(f'"{field.name}"' for field in own)
        held = sorted(map(repr, rows(folder / DATABASE, f'SELECT {fields} FROM "{table.name}"')))
        types = {field.name: field.type for field in table.fields}
        found: dict[str, list[dict[str, Any]]] = {ending: [] for ending in formats.FORMATS}
        for each in entries(folder, table=table.name, format="csv"):
            names, *lines = read_csv(folder / each.path)
            assert names == list(types)
            assert len(lines) == each.rows
            found["csv"] += [
                {str(name): typed(value, types[str(name)]) for name, value in zip(names, line, strict=True)}
                for line in lines
            ]
        for each in entries(folder, table=table.name, format="jsonl.gz"):
            found["jsonl.gz"] += read_jsonl(folder / each.path)
        for each in entries(folder, table=table.name, format="parquet"):
            found["parquet"] += read_parquet(folder / each.path)
        assert found["csv"] == found["jsonl.gz"] == found["parquet"]
        written = [tuple(row[field.name] for field in own) for row in found["parquet"]]
        assert sorted(map(repr, written)) == held


def test_hostile_text_is_kept_and_readable_by_other_programs(folder: Path) -> None:
    with (folder / "files/section-2022.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {row["text"] for row in csv.DictReader(file)}
    assert NASTY in texts
    assert any(HOSTILE in text for text in texts)


def test_a_null_is_told_from_an_empty_text(folder: Path) -> None:
    _, *lines = read_csv(folder / "files/report-2020.csv")
    assert {line[3] for line in lines} == {""}
    raw = (folder / "files/report-2020.csv").read_text(encoding="utf-8-sig")
    assert ',"",' in raw
    assert ",," in raw


def test_csv_opens_in_excel_as_chinese(folder: Path) -> None:
    for each in entries(folder, format="csv"):
        assert (folder / each.path).read_bytes().startswith(b"\xef\xbb\xbf")


def test_cells_are_divided_by_year_and_form_and_can_be_read_by_themselves(folder: Path) -> None:
    paths = [each.path for each in entries(folder, table="cell", format="csv")]
    assert paths == [
        "files/cell-2020-form_2019.csv",
        "files/cell-2020-form_2021.csv",
        "files/cell-2021-form_2021.csv",
        "files/cell-2022-form_2021.csv",
    ]
    (found,) = [
        row for row in read_parquet(folder / "files/cell-2022-form_2021.parquet") if row["value"] == 48.7917
    ]
    assert (found["agency_name"], found["year"], found["form"]) == ("样本市展示局", 2022, "form_2021")
    assert (found["table"], found["row"], found["column"]) == ("disclosure", "fees", "amount_wan")
    assert (found["unit"], found["state_name"]) == ("万元", "number")


def test_rows_that_belong_to_no_report_are_not_lost(folder: Path) -> None:
    assert [row["id"] for row in read_parquet(folder / "files/finding-none.parquet")] == [5, 6]


def test_the_manifest_names_every_file_with_its_length_and_digest(folder: Path) -> None:
    named = manifest.read(folder)
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there == {*named, "manifest.json", "SHA256SUMS"}
    for path, each in named.items():
        data = (folder / path).read_bytes()
        assert (each.bytes, each.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["version"], told["made_at"]) == ("20261124T201555Z", "2026-11-24T20:15:55Z")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")


def test_the_data_package_describes_every_file_in_both_languages(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text())
    resources = {each["name"]: each for each in package["resources"]}
    assert set(resources) == {"database", *(table.name for table in tables(folder))}
    for name, each in resources.items():
        assert re.fullmatch(r"[a-z0-9._-]+", name)
        paths = each["path"] if isinstance(each["path"], list) else [each["path"]]
        assert paths
        assert all((folder / path).is_file() for path in paths)
        for field in each.get("schema", {}).get("fields", ()):
            assert re.fullmatch(r".+ / .+", field["description"]), (name, field)
        for key in each.get("schema", {}).get("foreignKeys", ()):
            assert key["reference"]["resource"] in {"", *resources}
    schema = resources["cell"]["schema"]
    assert schema["primaryKey"] == ["revision", "item"]
    assert {"fields": ["item"], "reference": {"resource": "form_item", "fields": ["id"]}} in schema[
        "foreignKeys"
    ]
    assert resources["cell"]["rows"] == rows(folder / DATABASE, "SELECT count(*) FROM cell")[0][0]


def test_the_dictionary_explains_every_table_and_field(folder: Path) -> None:
    names, *lines = read_csv(folder / "dictionary.csv")
    assert names == ["table", "field", "type", "key", "refers", "zh", "en"]
    wanted = {
        (table.name, field.name) for table in tables(folder) for field in (None, *table.fields) if field
    }
    assert {(line[0], line[1]) for line in lines if line[1]} == wanted
    assert all(line[5] and line[6] for line in lines)


def test_an_unchanged_part_keeps_file_and_hash(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW)
    change(database, "UPDATE cell SET text = '改' WHERE value = 48.7917")
    second = publish(database, tmp_path / "public", now=LATER)
    old, new = manifest.read(first), manifest.read(second)
    changed = {path for path in new if path.startswith("files/") and new[path] != old.get(path)}
    assert {path.split(".")[0].removeprefix("files/") for path in changed} == {
        "cell-2022-form_2021",
        "past_cell-2026",
        "publication",
        "publication_version",
    }
    for path in new:
        same = (first / path).exists() and os.path.samefile(first / path, second / path)
        assert same == (path.startswith("files/") and path not in changed)


def test_a_linked_part_outlives_the_version_it_comes_from(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW)
    change(database, "UPDATE portal SET title = '又一个'")
    second = publish(database, tmp_path / "public", now=LATER)
    shutil.rmtree(first)
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=second).returncode == 0


def test_a_part_whose_bytes_were_spoilt_is_written_anew(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW)
    known = manifest.read(first)
    (first / "files/agency.csv").write_bytes(b"spoilt")
    change(database, "UPDATE portal SET title = '又一个'")
    second = publish(database, tmp_path / "public", now=LATER)
    assert manifest.read(second)["files/agency.csv"] == known["files/agency.csv"]
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=second).returncode == 0


def test_where_links_cannot_be_made_it_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    database = sample_archive.load(tmp_path / "gongkai.db")
    first = publish(database, tmp_path / "public", now=NOW)
    change(database, "UPDATE portal SET title = '又一个'")
    second = publish(database, tmp_path / "public", now=LATER)
    assert manifest.read(second)["files/agency.csv"] == manifest.read(first)["files/agency.csv"]
    assert not os.path.samefile(first / "files/agency.csv", second / "files/agency.csv")
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=second).returncode == 0


def test_two_archives_of_one_content_have_the_same_files(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        database = sample_archive.load(tmp_path / name / "gongkai.db")
        made.append(publish(database, tmp_path / name / "public", now=NOW))
    one, two = map(manifest.read, made)
    for path in one:
        assert path == DATABASE or one[path] == two[path]


def test_a_value_that_does_not_fit_its_field_is_one_clear_error(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    change(database, "UPDATE capture SET status = 'zweihundert'")
    with pytest.raises(PublishError, match="capture cannot be written"):
        publish(database, tmp_path / "public", now=NOW)


def test_a_table_of_which_a_row_got_lost_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    monkeypatch.setitem(
        parts._DIVIDED, "agency", parts._Division("CASE t.name WHEN '样本市体育馆' THEN 1 END")
    )
    publish(database, tmp_path / "whole", now=NOW)
    monkeypatch.setattr(parts, "_years", lambda *_: [])
    with pytest.raises(PublishError, match=r"files of 'agency' hold 1 rows of 2"):
        publish(database, tmp_path / "public", now=NOW)
