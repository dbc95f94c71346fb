"""Which originals the public may have, and that their bytes are proved; nothing outside the folder is read."""

import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from warcio import ArchiveIterator as Records

from archive.captures import DETAIL
from archive.errors import OriginalRefused
from archive.originals import Original, Originals
from archive.publish import publish
from pipelines.pending import load_pending
from tests import stored_originals
from tests.stored_originals import HOST, LATER, NOW, PAGE, Archive, begin, exchange

pytestmark = pytest.mark.slow

SHOWN = ("/page.html", "/report.pdf", "/report.docx", "/report.xlsx", "/report.txt", "/", "/seal.png")
ALONE = ["warcinfo", "request", "response"]


def refused(originals: Originals, identity: str) -> str:
    with pytest.raises(OriginalRefused) as caught:
        originals.read(identity)
    return caught.value.why


def bytes_of(original: Original) -> bytes:
    return b"".join(member.data for member in original.members)


def kinds_in(original: Original) -> list[str]:
    return [record.rec_type for record in Records(io.BytesIO(bytes_of(original)))]


@pytest.mark.parametrize("path", SHOWN)
def test_readers_of_warc_files_find_in_a_record_alone_the_very_bytes_that_came(
    stored: Archive, path: str, tmp_path: Path
) -> None:
    body = stored_originals.bodies()[path][0]
    original = stored.originals.read(stored.captures[path].id)
    assert original.capture.body == body
    data = io.BytesIO(bytes_of(original))
    held = [(each.rec_type, each.content_stream().read()) for each in Records(data, check_digests="raise")]
    assert [kind for kind, _ in held] == ALONE
    assert held[2][1] == body
    (tmp_path / "a.warc.gz").write_bytes(bytes_of(original))
    for program in (["warcio", "check"], ["fastwarc", "check", "-p"]):
        command = [Path(sys.executable).with_name(program[0]), *program[1:], tmp_path / "a.warc.gz"]
        subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize("path", ["/page.html", "/report.pdf"])
def test_a_revisit_brings_the_record_whose_body_it_repeats(stored: Archive, path: str) -> None:
    original = stored.originals.read(stored.captures[f"again {path}"].id)
    assert original.capture.body == stored_originals.bodies()[path][0]
    assert kinds_in(original) == [*ALONE, "warcinfo", "request", "revisit"]
    heads = [each.rec_headers for each in Records(io.BytesIO(bytes_of(original)))]
    assert heads[5].get_header("WARC-Refers-To") == heads[2].get_header("WARC-Record-ID")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/withheld.html", "withheld"),
        ("again /withheld.html", "withheld"),
        ("/masked.html", "masked"),
        ("/aside.html", "masked"),
        ("/more.rar", "unsearchable"),
    ],
)
def test_what_is_withheld_or_masked_or_cannot_be_looked_through_is_refused(
    stored: Archive, path: str, why: str
) -> None:
    assert refused(stored.originals, stored.captures[path].id) == why


@pytest.mark.parametrize("identity", ["", "0" * 32, "../x", "%", "\0", "capture"])
def test_an_unknown_capture_is_refused(stored: Archive, identity: str) -> None:
    assert refused(stored.originals, identity) == "unknown"


@pytest.fixture
def copied(stored: Archive, tmp_path: Path) -> Iterator[Archive]:
    """Yield a copy of the archive that a test may damage."""
    data = tmp_path / "data"
    shutil.copytree(stored.data, data)
    yield replace(stored, data=data, published=data / "public" / stored.published.name)


def change(archive: Archive, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(archive.database)) as db, db:
        db.execute(sql, values)


def warc_of(archive: Archive, path: str) -> Path:
    return archive.data / "warc" / "specimen" / archive.captures[path].file


def test_other_bytes_of_what_is_withheld_are_withheld_at_that_address(copied: Archive) -> None:
    page = copied.captures["/page.html"]
    assert copied.originals.read(page.id)
    # As if the same content had been seen in other bytes, and these were withheld.
    change(
        copied,
        """INSERT INTO rendering (source, digest, revision, capture, first_seen, last_seen)
        SELECT source, 'other', revision, capture, first_seen, last_seen
        FROM rendering WHERE digest = ?""",
        page.digest,
    )
    change(copied, "UPDATE withheld SET digest = 'other'")
    assert refused(copied.originals, page.id) == "withheld"
    assert refused(copied.originals, copied.captures["again /page.html"].id) == "withheld"
    assert copied.originals.read(copied.captures["/report.pdf"].id)


def test_what_is_lifted_is_shown_again(copied: Archive) -> None:
    change(copied, "UPDATE withheld SET lifted_at = '2026-12-01T00:00:00Z'")
    assert copied.originals.read(copied.captures["/withheld.html"].id)


@pytest.mark.parametrize(
    ("table", "key", "why"),
    [
        ("revision", "{}", "masked"),
        ("cell", "{} 12", "masked"),
        ("section", "{} 3", "masked"),
        ("section", "1{} 3", ""),
        ("report", "{}", ""),
    ],
)
def test_an_original_from_which_something_masked_was_read_is_refused(
    copied: Archive, table: str, key: str, why: str
) -> None:
    page = copied.captures["/page.html"]
    with closing(sqlite3.connect(copied.database)) as db:
        (revision,) = db.execute("SELECT id FROM revision WHERE capture = ?", (page.id,)).fetchone()
    change(copied, "INSERT INTO masked VALUES (?, 'text', ?, 'x', 1)", table, key.format(revision))
    if why:
        assert refused(copied.originals, page.id) == why
    else:
        assert copied.originals.read(page.id)


def test_a_capture_is_refused_for_what_was_masked_of_its_own_rows(copied: Archive) -> None:
    archive, pdf, docx = copied, copied.captures["/report.pdf"].id, copied.captures["/report.docx"].id
    change(archive, "INSERT INTO masked VALUES ('capture', 'link_text', ?, 'x', 1)", pdf)
    assert archive.originals.read(pdf)
    change(archive, "INSERT INTO masked VALUES ('capture', 'reading_reason', ?, 'x', 1)", pdf)
    assert refused(archive.originals, pdf) == "masked"
    change(archive, "INSERT INTO problem (id, capture, kind) VALUES (77, ?, 'x')", docx)
    change(archive, "INSERT INTO masked VALUES ('problem', 'detail', '77', 'x', 1)")
    assert refused(archive.originals, docx) == "masked"


def test_a_publication_from_before_masking_and_withholding_is_looked_through_all_the_same(
    copied: Archive,
) -> None:
    change(copied, "DROP TABLE masked")
    change(copied, "DROP TABLE withheld")
    assert copied.originals.read(copied.captures["/withheld.html"].id)
    assert refused(copied.originals, copied.captures["/masked.html"].id) == "masked"


@pytest.mark.parametrize(
    "file",
    [
        "../../outside/specimen-20260131T080000Z-00000.warc.gz",
        "/etc/passwd",
        "../specimen/specimen-20260131T080000Z-00000.warc.gz",
        "specimen-20260131T080000Z-00000.warc.gz/..",
        "specimen-20260131T080000Z-00009.warc.gz",
        "specimen-20260131T080000Z-00000.warc.gz\0",
        "",
        None,
    ],
)
def test_no_file_is_read_that_is_not_in_the_folder(copied: Archive, file: str | None) -> None:
    outside = copied.data / "outside"
    shutil.copytree(copied.data / "warc" / "specimen", outside)
    page = copied.captures["/page.html"]
    change(copied, "UPDATE capture SET file = ? WHERE id = ?", file, page.id)
    assert refused(copied.originals, page.id) == "absent"


def test_a_link_that_leads_out_of_the_folder_is_not_followed(copied: Archive) -> None:
    file = warc_of(copied, "/page.html")
    file.rename(copied.data / file.name)
    file.symlink_to(copied.data / file.name)
    assert refused(copied.originals, copied.captures["/page.html"].id) == "absent"
    (copied.data / file.name).replace(file)
    assert copied.originals.read(copied.captures["/page.html"].id)


def test_without_the_folder_or_the_file_it_is_said_that_originals_are_not_here(copied: Archive) -> None:
    page = copied.captures["/page.html"].id
    warc_of(copied, "/page.html").unlink()
    assert refused(copied.originals, page) == "absent"
    assert refused(copied.originals, copied.captures["again /page.html"].id) == "absent"
    assert refused(Originals(copied.database, copied.data / "nowhere"), page) == "absent"
    assert refused(Originals(copied.database, None), page) == "absent"


@pytest.mark.parametrize("damage", ["cut", "flipped", "zeros", "empty"])
def test_a_damaged_file_is_said_to_be_damaged(copied: Archive, damage: str) -> None:
    file, page = warc_of(copied, "/page.html"), copied.captures["/page.html"]
    data = bytearray(file.read_bytes())
    middle = page.offset + page.length // 2
    if damage == "cut":
        data = data[:middle]
    elif damage == "flipped":
        data[middle] ^= 1
    else:
        data[page.offset : page.offset + 40] = bytes(40)
    file.write_bytes(b"" if damage == "empty" else data)
    assert refused(copied.originals, page.id) == "damaged"
    assert refused(copied.originals, copied.captures["again /page.html"].id) == "damaged"


def test_what_is_damaged_beside_a_record_costs_it_nothing_but_that(copied: Archive) -> None:
    file, page = warc_of(copied, "/page.html"), copied.captures["/page.html"]
    data = bytearray(file.read_bytes())
    data[page.offset - 8] ^= 1
    file.write_bytes(data)
    assert kinds_in(copied.originals.read(page.id)) == ["warcinfo", "response"]
    data[40] ^= 1
    file.write_bytes(data)
    assert kinds_in(copied.originals.read(page.id)) == ["response"]


@pytest.mark.parametrize(
    ("field", "value"), [("offset", 0), ("offset", 10**9), ("length", 5), ("digest", "ab" * 32)]
)
def test_a_row_that_does_not_fit_its_record_is_refused(copied: Archive, field: str, value: object) -> None:
    page = copied.captures["/page.html"]
    change(copied, f'UPDATE capture SET "{field}" = ? WHERE id = ?', value, page.id)
    assert refused(copied.originals, page.id) == "damaged"


def test_what_a_revisit_repeats_must_be_known_and_have_the_bytes_it_names(copied: Archive) -> None:
    again, page = copied.captures["again /page.html"], copied.captures["/page.html"]
    change(copied, "UPDATE capture SET digest = ? WHERE id = ?", "ab" * 32, again.id)
    assert refused(copied.originals, again.id) == "damaged"
    change(copied, "DELETE FROM capture WHERE id = ?", page.id)
    assert refused(copied.originals, again.id) == "damaged"


def test_an_original_beyond_the_limit_is_refused(copied: Archive) -> None:
    page = copied.captures["/page.html"]
    change(copied, "UPDATE capture SET size = 1000000000 WHERE id = ?", page.id)
    assert refused(copied.originals, page.id) == "too_large"


def test_an_original_in_a_file_that_is_still_open_is_shown_and_after_it_is_sealed_too(tmp_path: Path) -> None:
    archive = stored_originals.build(tmp_path / "data", sealed=False)
    (opened,) = (archive.data / "warc").glob("*/*.open")
    again = archive.captures["again /page.html"]
    assert kinds_in(archive.originals.read(again.id))[-1] == "revisit"
    opened.rename(opened.with_suffix(""))
    assert kinds_in(archive.originals.read(again.id))[-1] == "revisit"


def test_the_captures_of_a_source_are_told_with_what_its_page_brings(stored: Archive) -> None:
    with stored.originals.connect() as db:
        sources = dict(db.execute("SELECT url, id FROM source").fetchall())
    source, rows, left = stored.originals.of_source(sources[f"{HOST}/page.html"])
    assert source["title"].startswith("某某市样本局")
    found = [row["id"] for row in rows]
    wanted = ("/page.html", "/seal.png", "/more.rar", "again /page.html")
    assert found == [stored.captures[path].id for path in wanted]
    assert left == []
    _, rows, left = stored.originals.of_source(sources[f"{HOST}/withheld.html"])
    assert (rows, [each.why for each in left]) == ([], ["withheld", "withheld"])


def test_a_document_that_was_loaded_since_is_not_of_this_publication(copied: Archive) -> None:
    writer = begin(copied.data, "2026-03-31T08:00:00Z")
    found = writer.store(exchange("/late.html", PAGE.encode(), "text/html", DETAIL, LATER))
    writer.close()
    load_pending(copied.data, NOW)
    assert refused(copied.originals, found.id) == "unknown"
    later = publish(copied.data / "gongkai.db", copied.data / "public", now=NOW.replace(hour=23))
    assert Originals(later / "gongkai.db", copied.data / "warc").read(found.id).capture.body == PAGE.encode()
