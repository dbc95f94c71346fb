"""Runs on the shelf and the index that is derived from them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import run_files, runs, warc
from archive.captures import DETAIL, LIST, Context
from archive.errors import BadRecord, LockHeld, UnknownCapture
from archive.exchanges import Answer, Exchange
from archive.index import Index
from archive.locks import hold
from archive.verify import verify

DATE = "2026-01-31T00:00:00Z"
DECLARED = {"title": "样例市", "division": "990100"}
VERDICT = {
    "outcome": "ok",
    "reason": "1 report",
    "listed": 1,
    "requests": 2,
    "captures": 2,
    "bytes": 6,
    "skips": [{"url": "http://h/x", "text": "通知", "reason": "not_a_report"}],
    "asked": [{"host": "h", "requests": 2, "bytes": 6, "failures": 0}],
}


def exchange(url: str, role: str, status: int = 200, method: str = "GET") -> Exchange:
    return Exchange(
        url=url,
        method=method,
        request_headers=(("Host", "h"),),
        request_body=b"",
        status=status,
        reason="OK",
        headers=(("Content-Type", "text/html"), ("X-Odd", "ÿ")),
        body=b"abc",
        date=DATE,
        fingerprint="f" + url,
        context=Context(role=role, portal="p", column="http://h/col", link_text="报告"),
    )


def write_run(data: Path, name: str = "20260131T000000Z") -> None:
    writer = runs.RunWriter(data / "warc", "p", name, {"software": "gongkai", "date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": DECLARED, "run": name})
    writer.store(exchange("http://h/col", LIST, method="POST"))
    writer.store(exchange("http://h/1", DETAIL))
    writer.store(exchange("http://h/gone", DETAIL, 404))
    writer.tell(runs.ENDED, DATE, VERDICT)
    writer.seal()


def test_the_index_is_rebuilt_whole_from_the_files(tmp_path: Path) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index:
        assert index.catch_up() == []
        first = {table: list(index.rows(table)) for table in ("run", "skip", "asked", "capture")}
        assert index.catch_up() == []
    assert first["run"][0]["outcome"] == "ok"
    assert first["skip"][0]["reason"] == "not_a_report"
    assert first["asked"][0]["requests"] == 2
    (tmp_path / "captures.db").unlink()
    with Index(tmp_path) as index:
        index.catch_up()
        assert {table: list(index.rows(table)) for table in first} == first
        assert len(index.pending()) == 1


def test_a_file_that_is_no_database_is_replaced_by_a_fresh_index(tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "captures.db").write_bytes(b"garbage" * 1000)
    with Index(tmp_path) as index:
        index.catch_up()
        assert len(list(index.rows("capture"))) == 3


def test_a_capture_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index:
        index.catch_up()
        (identity,) = index.pending()
        capture = index.capture(identity)
        assert capture.url == "http://h/1"
        assert capture.body == b"abc"
        assert capture.headers == (("Content-Type", "text/html"), ("X-Odd", "ÿ"))
        assert capture.context.link_text == "报告"
        assert next(row for row in index.rows("capture") if row["role"] == LIST)["method"] == "POST"
        with pytest.raises(UnknownCapture, match="no capture none"):
            index.capture("none")


@pytest.mark.parametrize(("status", "body"), [(304, b""), (200, b"abc")])
def test_a_revisit_is_read_with_the_body_that_it_stands_for(tmp_path: Path, status: int, body: bytes) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index:
        index.catch_up()
        stored = index.capture(next(row["id"] for row in index.rows("capture") if row["url"] == "http://h/1"))
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260201T000000Z", {"date": DATE})
    asked = replace(exchange("http://h/1", LIST, status), body=body, repeats=stored)
    made = writer.store(asked)
    writer.tell(runs.STARTED, DATE, {"portal": DECLARED})
    writer.tell(runs.ENDED, DATE, VERDICT)
    path = writer.seal()
    (answer,) = (item for item in runs.read_file(path) if isinstance(item, Answer))
    assert (answer.capture, answer.truncated) == (made, "")
    with Index(tmp_path) as index:
        index.catch_up()
        row = next(row for row in index.rows("capture") if row["id"] == made.id)
        assert (row["size"], row["refers_to"], row["digest"]) == (0, stored.id, stored.digest)
        revisit = index.capture(made.id)
    assert (revisit.body, revisit.digest, revisit.status) == (b"abc", stored.digest, status)
    assert verify(tmp_path).faults == []


def test_a_revisit_says_why_it_holds_no_body_and_passes_other_peoples_checks(tmp_path: Path) -> None:
    first = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    stored = first.store(exchange("http://h/1", DETAIL))
    first.seal()
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260201T000000Z", {"date": DATE})
    for status in (304, 200):
        writer.store(replace(exchange("http://h/1", DETAIL, status), repeats=stored))
    path = writer.seal()
    revisits = [item for item in warc.read(path) if item.type == "revisit"]
    assert [item.header("WARC-Profile").rpartition("/")[2] for item in revisits] == [
        "server-not-modified",
        "identical-payload-digest",
    ]
    assert [item.header("WARC-Truncated") for item in revisits] == ["", "length"]
    assert [item.block.partition(b"\r\n")[0] for item in revisits] == [b"", b"HTTP/1.1 200 OK"]
    for command in (["warcio", "check"], ["fastwarc", "check", "-p"]):
        program = Path(sys.executable).with_name(command[0])
        subprocess.run([program, *command[1:], path], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("url", "target"),
    [("http://h", "/"), ("http://h?a=/b", "/?a=/b"), ("http://h/x;y?z=1#part", "/x;y?z=1")],
)
def test_request_and_status_lines_are_as_http_wants_them(tmp_path: Path, url: str, target: str) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.store(replace(exchange(url, DETAIL), reason=""))
    records = {item.type: item for item in warc.read(writer.seal())}
    assert records["request"].block.startswith(f"GET {target} HTTP/1.1\r\n".encode())
    assert records["response"].block.startswith(b"HTTP/1.1 200 \r\n")


def test_an_index_of_another_version_is_built_anew(tmp_path: Path) -> None:
    write_run(tmp_path)
    with closing(sqlite3.connect(tmp_path / "captures.db")) as db:
        db.execute("CREATE TABLE capture (id TEXT)")
    with Index(tmp_path) as index:
        index.catch_up()
        assert len(list(index.rows("capture"))) == 3


def test_a_file_that_is_gone_is_an_error_of_the_archive(tmp_path: Path) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index:
        index.catch_up()
        (identity,) = index.pending()
        next((tmp_path / "warc" / "p").iterdir()).unlink()
        with pytest.raises(BadRecord):
            index.capture(identity)


def test_documents_of_the_run_itself_are_not_known_from_before(tmp_path: Path) -> None:
    write_run(tmp_path)
    with Index(tmp_path) as index:
        index.catch_up()
        assert index.known_documents("p", "20260131T000000Z") == {}
        assert set(index.known_documents("p", "20260201T000000Z")) == {"http://h/1"}
        assert index.columns("p") == ("http://h/col",)


def test_an_open_file_that_another_process_writes_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.store(exchange("http://h/1", DETAIL))
    open_file = next((tmp_path / "warc" / "p").iterdir())
    with open_file.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00half")
    with Index(tmp_path) as index:
        index.catch_up()
        assert len(index.pending()) == 1
    writer.close()


def test_a_file_with_a_strange_name_is_told_and_stops_nothing(tmp_path: Path) -> None:
    write_run(tmp_path)
    (tmp_path / "warc" / "p" / "p-20260131T000000Z-00000.warc.gz.bak").write_bytes(b"x")
    with Index(tmp_path) as index:
        (damage,) = index.catch_up()
        assert ".bak" in damage
        assert len(list(index.rows("capture"))) == 3


def test_header_bytes_come_back_as_they_were(tmp_path: Path) -> None:
    location = "/公开/1.html".encode().decode("latin-1")
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    # What Latin-1 calls a blank or a line break is part of the value: a byte of its UTF-8.
    odd = (("Location", location), ("X", "a\r\n b"), ("Y", "\xe5\x85"), ("Z", "\xa0\x85\xe5\xa0"))
    asked = replace(exchange("http://h/1", DETAIL, 302), headers=odd)
    made = writer.store(asked)
    writer.seal()
    with Index(tmp_path) as index:
        index.catch_up()
        assert index.capture(made.id).headers == (odd[0], ("X", "a b"), *odd[2:])


def test_a_cut_answer_is_neither_known_nor_read(tmp_path: Path) -> None:
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    writer.store(replace(exchange("http://h/1", DETAIL), truncated="disconnect", judged="cut"))
    writer.seal()
    with Index(tmp_path) as index:
        index.catch_up()
        assert index.known_documents("p", "20270101T000000Z") == {}
        assert index.pending() == index.documents() == []


def test_a_full_file_is_followed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "FILE_LIMIT", 2000)
    writer = runs.RunWriter(tmp_path / "warc", "p", "20260131T000000Z", {"date": DATE})
    for number in range(6):
        writer.store(exchange(f"http://h/{number}", DETAIL))
    writer.seal()
    files = run_files.files_of(tmp_path / "warc", "p", "20260131T000000Z")
    assert len(files) > 1
    assert all(path.name.endswith(".gz") for path in files)
    found = [item for path in files for item in runs.read_file(path) if isinstance(item, Answer)]
    assert [item.capture.url[-1] for item in found] == list("012345")


def test_each_file_of_a_run_says_what_the_run_is_also_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, name = tmp_path / "warc", "20260131T000000Z"
    writer = runs.RunWriter(folder, "p", name, {"date": DATE})
    writer.tell(runs.STARTED, DATE, {"portal": DECLARED, "run": name})
    writer.store(exchange("http://h/1", DETAIL))
    writer.close()
    monkeypatch.setattr(runs, "FILE_LIMIT", 1)
    again = runs.RunWriter(folder, "p", name, {"date": DATE})
    again.store(exchange("http://h/2", DETAIL))
    again.seal()
    files = run_files.files_of(folder, "p", name)
    assert len(files) == 2
    for path in files:
        head, told = [item for item, _ in zip(warc.read(path), range(2), strict=False)]
        assert (head.type, head.header("WARC-Filename")) == ("warcinfo", path.name)
        assert (told.type, told.json()["kind"], told.json()["portal"]) == ("metadata", runs.STARTED, DECLARED)


def test_a_lock_is_held_by_one_and_gone_with_it(tmp_path: Path) -> None:
    with hold(tmp_path, "h:80"), pytest.raises(LockHeld, match="'h:80'"), hold(tmp_path, "h:80"):
        pass
    with hold(tmp_path, "h:80"):
        pass
