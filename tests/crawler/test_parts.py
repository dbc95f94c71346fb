"""Whole crawls, three after one another, of portals whose reports are not in the page that a list names."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer, column, page
from tests.test_commands import run

pytestmark = pytest.mark.slow

TEXT = {"Content-Type": "text/plain"}
PNG = (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n" + bytes(200))
FILE = (200, TEXT, "样例局样本附件".encode())
TITLE = "样例局2000年政府信息公开工作年度报告"
LOGIN = (200, HTML, "<p>请登录</p>".encode())


def portal(body: str, **more: Answer) -> dict[str, Answer]:
    """Return a portal with one report's page; the rest by the name of the file beside it."""
    files = {f"/nb/{name.replace('__', '.')}": answer for name, answer in more.items()}
    return {"/": HOME, "/nb/": (200, HTML, column("1.html")), "/nb/1.html": (200, HTML, page(body)), **files}


PORTALS: dict[str, dict[str, Answer]] = {
    "bringing": {
        **portal(
            "<a href='a.txt'>附件一</a><a href='old.doc'>附件二</a><a href='dead.pdf'>附件三</a>"
            "<a href='http://127.0.0.1:9/far.pdf'>别处</a><a href='closed.pdf'>不许</a>"
            "<iframe src='http://127.0.0.1:9/frame'></iframe><img src='scan.png'><img src='dead.png'>",
            a__txt=FILE, old__doc=(302, {"Location": "new.doc"}, b""), new__doc=FILE, scan__png=PNG,
        ),
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /nb/closed.pdf\n"),
    },
    "framed_report": portal(
        "<iframe src='shell.html'></iframe>",
        shell__html=(200, HTML, b"<a href='a.txt'>x</a><iframe src='deep.html'></iframe><iframe src='1.html'></iframe>"),
        a__txt=FILE,
    ),
    "framed_list": portal("<p>x</p><iframe src='side.html'></iframe>", side__html=(200, HTML, column("x.html"))),
    "busy": portal("<a href='busy.pdf'>附件</a>", busy__pdf=(400, {}, b"")),
    "login": portal("<a href='down.jsp?filename=x.pdf'>附件</a>", down__jsp=LOGIN),
    "edited": portal("<a href='a.txt'>附件</a>", a__txt=FILE, b__txt=FILE),
    "crowded": portal(
        "".join(f"<img src='{n}.png'><a href='{n}.txt'>附</a>" for n in range(105)),
        **{f"{n}__png": PNG for n in range(105)}, **{f"{n}__txt": FILE for n in range(105)},
    ),
}  # fmt: skip


@dataclass
class Crawls:
    """What came of three crawls: what each portal was asked, and how each run ended."""

    data: Path
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "captures.db")) as db:
            return db.execute(sql, values).fetchall()

    def runs(self, name: str) -> list[tuple[str, str]]:
        return self.rows("SELECT outcome, reason FROM run WHERE portal = ? ORDER BY id", name)

    def outcomes(self, name: str) -> list[str]:
        return [outcome for outcome, _ in self.runs(name)]

    def skips(self, name: str) -> dict[str, str]:
        first = "(SELECT min(id) FROM run WHERE portal = ?)"
        rows = self.rows(f"SELECT url, reason FROM skip WHERE run = {first}", name)
        return {url.rpartition("/")[2]: reason for url, reason in rows}

    def documents(self, number: int, name: str) -> list[str]:
        """Return what a crawl asked for besides robots.txt, the home page and the list."""
        return [path[4:] for path in self.asked[number][name] if path.startswith("/nb/") and path != "/nb/"]


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("parts")
    made = Crawls(folder / "data")
    with bad_portals.serve(folder, PORTALS) as (portals, handlers):
        for number in range(3):
            done = run("crawl", "--portals", portals, "--data", made.data)
            assert done.returncode in (0, 1), done.stdout + done.stderr
            assert "Traceback" not in done.stderr
            made.asked.append({name: list(handler.asked) for name, handler in handlers.items()})
            for handler in handlers.values():
                handler.asked.clear()
            handlers["busy"].pages["/nb/busy.pdf"] = (200, {}, b"%PDF-1.4 " + bytes(99))
            both = "<a href='a.txt'>附件</a><a href='b.txt'>新附件</a>"
            handlers["edited"].pages["/nb/1.html"] = (200, HTML, page(both))
            if number == 0:
                with closing(sqlite3.connect(made.data / "captures.db")) as db, db:
                    db.execute(
                        "UPDATE capture SET fetched_at = '2026-01-31T00:00:00Z' WHERE portal = 'edited'"
                    )
    return made


def test_what_a_page_brings_is_archived_with_what_the_page_knew(crawls: Crawls) -> None:
    sql = "SELECT url, role, status, context FROM capture WHERE portal = 'bringing' AND url LIKE '%/nb/_%.%'"
    rows = {
        url.rpartition("/")[2]: (role, status, json.loads(known))
        for url, role, status, known in crawls.rows(sql)
    }
    assert {name: row[:2] for name, row in rows.items()} == {
        "1.html": ("detail", 200),
        "a.txt": ("attachment", 200),
        "old.doc": ("attachment", 302),
        "new.doc": ("attachment", 200),
        "dead.pdf": ("attachment", 404),
        "scan.png": ("picture", 200),
        "dead.png": ("picture", 404),
    }  # fmt: skip
    context = rows["a.txt"][2]
    assert (context["page_title"], context["link_text"]) == (TITLE, "附件一")
    assert (context["listed_on"], context["referer"][-10:]) == ("2021-01-31", "/nb/1.html")
    assert context["column"].endswith("/nb/")
    assert "page_title" not in rows["1.html"][2]


def test_a_dead_attachment_is_a_note_and_each_part_that_is_left_has_its_reason(crawls: Crawls) -> None:
    outcome, reason = crawls.runs("bringing")[0]
    assert outcome == "ok"
    assert "1 archived now, and 3 that pages bring with them; 2 links are dead: http" in reason
    assert crawls.skips("bringing") == {
        "far.pdf": "foreign_host", "frame": "foreign_host", "closed.pdf": "robots",
        "dead.pdf": "absent", "dead.png": "absent",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["bringing", "framed_report", "framed_list", "crowded"])
def test_an_unchanged_portal_is_asked_for_no_part_again(crawls: Crawls, name: str) -> None:
    assert crawls.outcomes(name)[1:] == ["unchanged", "unchanged"]
    assert crawls.documents(1, name) == crawls.documents(2, name) == []


def test_a_frame_brings_files_but_no_frame_and_nothing_goes_in_circles(crawls: Crawls) -> None:
    assert sorted(crawls.documents(0, "framed_report")) == ["1.html", "a.txt", "shell.html"]
    sql = "SELECT role, context FROM capture WHERE portal = 'framed_report' AND url LIKE '%/' || ?"
    for name, role, referer in (("shell.html", "detail", "1.html"), ("a.txt", "attachment", "shell.html")):
        ((found, context),) = crawls.rows(sql, name)
        assert found == role
        assert json.loads(context)["page_title"] == TITLE
        assert json.loads(context)["referer"].endswith(referer)


def test_a_frame_with_something_else_in_it_is_no_failure(crawls: Crawls) -> None:
    outcome, reason = crawls.runs("framed_list")[0]
    assert outcome == "ok"
    assert "side.html (a list instead of a document)" in reason


def test_a_page_of_which_something_could_not_be_had_is_asked_again_by_the_next_run(crawls: Crawls) -> None:
    assert crawls.outcomes("busy") == ["failed", "ok", "unchanged"]
    assert "busy.pdf (400)" in crawls.runs("busy")[0][1]
    assert crawls.skips("busy") == {"1.html": "incomplete"}
    assert crawls.documents(1, "busy") == ["1.html", "busy.pdf"]
    assert crawls.documents(2, "busy") == []


def test_a_page_in_the_place_of_a_file_fails_one_run_and_is_told_by_the_next(crawls: Crawls) -> None:
    assert crawls.outcomes("login") == ["failed", "unchanged", "unchanged"]
    assert "down.jsp?filename=x.pdf (a web page instead of a file)" in crawls.runs("login")[0][1]
    assert crawls.documents(1, "login") == ["1.html", "down.jsp?filename=x.pdf"]
    assert crawls.documents(2, "login") == []


def test_a_changed_page_brings_what_is_new_and_known_files_are_looked_at_when_they_are_due(
    crawls: Crawls,
) -> None:
    assert crawls.documents(1, "edited") == ["1.html", "a.txt", "b.txt"]
    assert crawls.documents(2, "edited") == []
    sql = "SELECT url FROM capture WHERE portal = 'edited' AND refers_to <> '' AND url LIKE '%.txt'"
    assert [url.rpartition("/")[2] for (url,) in crawls.rows(sql)] == ["a.txt"]
    assert "1 archived now, 1 of them changed since, and 1 that pages bring" in crawls.runs("edited")[1][1]


def test_of_one_page_only_so_many_files_and_pictures_are_asked_for(crawls: Crawls) -> None:
    endings = [name.rpartition(".")[2] for name in crawls.documents(0, "crowded")]
    assert (endings.count("png"), endings.count("txt")) == (40, 100)
    assert list(crawls.skips("crowded").values()) == ["beyond_limit"] * 70


def test_files_are_read_and_pictures_are_not(crawls: Crawls) -> None:
    with closing(sqlite3.connect(crawls.data / "gongkai.db")) as db:
        rows = db.execute(
            "SELECT role, reading IS NOT NULL FROM capture WHERE portal = 'bringing' AND status = 200"
        )
        read = {role: done for role, done in rows if role in ("detail", "attachment", "picture")}
    assert read == {"detail": 1, "attachment": 1, "picture": 0}
