"""What is still wanted, told from the database alone."""

from pathlib import Path

import pytest

from archive.captures import Context
from archive.wanted import gaps, held_reports
from pipelines.load import Loader

AGENCY = "('x', '样例市体育局', '990300', 'department', 2)"


def capture(name: str, at: int, status: int = 200, **more: str) -> dict[str, object]:
    known = {"role": "detail", "link_text": name, "listed_on": "2024-01-20", "method": "GET", **more}
    url = f"http://h/{name}"
    return {
        "id": f"{name}{at}", "portal": "p", "run": "p/1", "url": url, "status": status,
        "fetched_at": f"2026-11-24T00:00:{at:02}Z", "digest": f"{name}{at}", "judged": "", **known,
    }  # fmt: skip


CAPTURES = [
    # Read as broken, and as it was at the next look, which nobody read again.
    capture("broken", 1, reading="unreadable"),
    capture("broken", 2),
    capture("same", 1, reading="unreadable"),
    capture("same", 2, 304),
    capture("mended", 1, reading="unreadable"),
    capture("mended", 2, reading="report"),
    capture("shut", 1, 403),
    capture("opened", 1, 403),
    capture("opened", 2, reading="other"),
    capture("challenge", 1, 200, judged="challenge"),
    capture("dead", 1, 404),
    capture("led", 1, 302),
    capture("busy", 1, 503),
    capture("picture", 1, 403, role="picture"),
    capture("page", 1, reading="other"),
    capture("file", 1, reading="unreadable", role="attachment", referer="http://h/page"),
]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "gongkai.db"
    with Loader(path, "1") as loader:
        portals = [{"id": "p", "title": "样例市", "division": "990300"}, {"id": "q", "title": "又一市"}]
        loader.load_runs(portals, [{"id": "p/1", "portal": "p"}], [], CAPTURES)
        db = loader.db
        for each in CAPTURES:
            db.execute("UPDATE capture SET reading = ? WHERE id = ?", (each.get("reading"), each["id"]))
        db.execute("INSERT INTO division (id, name, level) VALUES ('990300', '样例市', 'specimen')")
        db.execute(f"INSERT INTO agency (id, name, division, kind, level) VALUES {AGENCY}")
        for portal in ("p", "q"):
            db.execute("INSERT INTO agency_portal (agency, portal) VALUES ('x', ?)", (portal,))
        states = ("not_found", "blocked", "unreadable", "not_searched", "on_time", "late", "not_due_yet")
        for year, state in enumerate(states, 2019):
            db.execute("INSERT INTO coverage (agency, year, state) VALUES ('x', ?, ?)", (year, state))
        db.execute("INSERT INTO report (id, agency, year) VALUES ('r', 'x', 2021)")
        db.execute("INSERT INTO source (id, report, portal, url) VALUES ('s', 'r', 'p', 'http://h/prose')")
        db.execute("UPDATE coverage SET report = 'r' WHERE year = 2021")
        db.commit()
    return path


def test_each_gap_is_wanted_on_each_portal_of_its_agency(database: Path) -> None:
    found = gaps(database)
    assert found.keys() == {"p", "q"}
    wanted = {("样例市体育局", year) for year in (2019, 2020, 2021, 2022)}
    assert found["p"].reports == found["q"].reports == wanted
    assert found["p"].places == {"样例市体育局": "样例市"}
    assert held_reports(database) == {("样例市体育局", 2021)}


def test_what_was_refused_or_not_read_is_known_by_its_address(database: Path) -> None:
    found = gaps(database)
    documents = found["p"].documents
    names = {url.rpartition("/")[2] for url in documents}
    assert names == {"broken", "same", "shut", "challenge", "busy", "file"}
    assert documents["http://h/shut"] == Context(role="detail", link_text="shut", listed_on="2024-01-20")
    assert documents["http://h/file"].page_title == "page"
    assert (found["q"].documents, found["q"].stands) == ({}, frozenset())


def test_a_report_that_is_held_and_not_read_is_known_by_where_it_stands(database: Path) -> None:
    assert gaps(database)["p"].stands == {"http://h/prose"}


def test_no_database_and_none_of_ours_are_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing has been crawled"):
        gaps(tmp_path / "gongkai.db")
    (tmp_path / "gongkai.db").write_bytes(b"no database at all, but bytes enough to look at" * 100)
    with pytest.raises(OSError, match="gongkai.db"):
        gaps(tmp_path / "gongkai.db")
