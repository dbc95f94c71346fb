"""What is offered for download, and the page that lists it."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from protego import Protego

from archive.publish import DATABASE, publish
from archive.site.downloads import offer, tables
from tests import sample_archive
from tests.browsing import get, page, words
from tests.published_files import CELLS, NOW, VERSION, make


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    return make(tmp_path_factory.mktemp("offered"))


def test_a_file_that_is_not_what_its_manifest_says_is_not_offered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, _ = make(tmp_path)
    (folder / CELLS).write_bytes(b"cut")
    offered = offer(folder / DATABASE)
    assert CELLS not in offered.files
    assert len(offered.parts) == 3
    assert "not offered: it has 3 bytes" in caplog.text


@pytest.mark.parametrize("name", ["../gongkai.db", "/etc/passwd", "files/../x", "files/.x", "x", "files/\0"])
def test_a_manifest_that_names_anything_but_files_offers_none(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder, _ = make(tmp_path)
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace(CELLS, name.replace("\0", "\\u0000")))
    assert offer(folder / DATABASE).parts == ()
    assert "no file is offered" in caplog.text


def test_rows_that_belong_to_no_year_are_offered_with_the_others(tmp_path: Path) -> None:
    database = sample_archive.load(tmp_path / "gongkai.db")
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("INSERT INTO finding (id, revision) VALUES (5, 77)")
    folder = publish(database, tmp_path / "public", now=NOW)
    years = {part.path: part.year for part in offer(folder / DATABASE).parts if part.table == "finding"}
    assert (years["files/finding-none.csv"], years["files/finding-2022.csv"]) == (None, 2022)


def test_the_page_lists_every_file_with_its_size_and_digest(offered: tuple[Path, dict[str, bytes]]) -> None:
    folder, files = offered
    soup = page(folder, "/downloads")
    hrefs = {str(link["href"]) for link in soup.select("main a[href^='/downloads/']")}
    assert hrefs == {f"/downloads/{VERSION}/{name}" for name in (*files, "dictionary.csv")} | {
        "/downloads/gongkai.db"
    }
    said = words(soup.select_one("main"))
    for name, body in files.items():
        if name.startswith("files/") or name == DATABASE:
            assert hashlib.sha256(body).hexdigest() in said
    assert words(soup.select_one("#table-cell")).startswith("cell 单元格")
    assert "6 行" in words(soup.select_one("#table-cell .facts")) and "2021–2022" in said
    for text in ("ODC-By 1.0", VERSION, "sha256sum -c", "curl -L -C -"):
        assert text in said
    assert soup.select("script") == []
    english = words(page(folder, "/en/downloads").select_one("main"))
    assert "Every file is complete" in english and "每个文件" not in english
    assert {answer.status_code for answer in get(folder, *sorted(hrefs))} == {200}


def test_crawlers_may_have_them(offered: tuple[Path, dict[str, bytes]]) -> None:
    (answer,) = get(offered[0], "/robots.txt")
    rules = Protego.parse(answer.text)
    for path in ("/downloads", "/downloads/gongkai.db", f"/downloads/{VERSION}/{CELLS}"):
        assert rules.can_fetch(path, "anyone")
    assert not rules.can_fetch("/gongkai/cell?item=1", "anyone")


def test_a_publication_without_files_says_so(published: Path, tmp_path: Path) -> None:
    alone = tmp_path / published.name
    alone.mkdir()
    shutil.copy(published / DATABASE, alone)
    assert "没有其他文件" in words(page(alone, "/downloads").select_one("main"))
    assert words(page(alone, "/").select_one(".masthead a[href='/zh/downloads']")) == "下载"


def test_formats_of_one_table_do_not_count_its_rows_twice(offered: tuple[Path, dict[str, bytes]]) -> None:
    parts = offer(offered[0] / DATABASE).parts
    twice = [*parts, *(replace(part, format="parquet") for part in parts)]
    assert [table.rows for table in tables(twice)] == [6, 6]
