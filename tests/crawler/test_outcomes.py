"""Whole crawls, three after one another, over portals that change between them."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler import manners, settings
from tests.crawler import bad_portals
from tests.crawler.bad_portals import ENTRY, HOME, HTML, Answer, column, page
from tests.test_commands import run

pytestmark = pytest.mark.slow

PAGES = 30
FOREIGN = "http://127.0.0.1:9/nb/"
GONE = "<p>您访问的页面不存在</p>".encode()
BROKEN: Answer = (500, HTML, b"")


def listed(*names: str, at: int = 0, of: int = 1, total: int | None = None) -> bytes:
    """Return page `at` of a list `of` so many pages, which links to documents by their names."""
    rows = "".join(ENTRY.format(f"{name}.html", 2000) for name in names)
    declared = "" if total is None else f"共 {total} 条"
    return f'<ul>{rows}</ul>{declared}<script>createPageHTML({of}, {at}, "index", "html")</script>'.encode()


def lists(names: list[str], total: int | None = None) -> dict[str, Answer]:
    """Return a column of two entries a page."""
    parts = [names[start : start + 2] for start in range(0, len(names), 2)]
    bodies = [listed(*part, at=at, of=len(parts), total=total) for at, part in enumerate(parts)]
    return {
        ("/nb/" if at == 0 else f"/nb/index_{at}.html"): (200, HTML, body) for at, body in enumerate(bodies)
    }


def portal(column_pages: dict[str, Answer], *documents: str, **more: Answer) -> dict[str, Answer]:
    """Return a portal whose documents all answer."""
    pages = {f"/nb/{name}.html": (200, HTML, page(name)) for name in documents}
    return {"/": HOME, **pages, **column_pages, **{f"/nb/{name}.html": each for name, each in more.items()}}


MANY = [f"r{n:02d}" for n in range(2 * PAGES)]
SOME = MANY[:20]
TAGGED = {**HTML, "ETag": '"1"'}

TWO = "{}共 2 页 <a href='{}'>{}</a>"
PORTALS: dict[str, dict[str, Answer]] = {
    "growing": portal(lists(MANY), *MANY, "new"),
    "emptied": portal(lists(["a", "b", "c"]), "a", "b", "c"),
    "shrunken": portal(lists(["a", "b", "c", "d"]), "a", "b", "c", "d"),
    "removing": portal(lists(MANY[:6], total=6), *MANY[:6]),
    "two_pages": portal(
        {
            "/nb/": (200, HTML, TWO.format(listed("a").decode().partition("<script>")[0], "p2.html", 2).encode()),
            "/nb/p2.html": (200, HTML, TWO.format(listed("b").decode().partition("<script>")[0], "./", 1).encode()),
        },
        "a", "b",
    ),
    "redesigned": portal(lists(["a", "b"]), "a", "b"),
    "two_columns": {
        **portal({"/nb/": (200, HTML, listed("a")), "/bg/": (200, HTML, listed("b"))}, "a"),
        "/": (200, HTML, "<a href='/nb/'>政府信息公开年报</a><a href='/bg/'>政府信息公开年度报告</a>".encode()),
        "/bg/b.html": (200, HTML, page("b")),
    },
    "looked_at": portal(
        {"/nb/": (200, HTML, listed("gone", "edited", "tagged", "same"))},
        "gone", "edited", "same",
        tagged=(200, TAGGED, page("tagged")),
    ),
    "redirecting": portal(
        {"/nb/": (200, HTML, listed("old"))}, "new", old=(302, {"Location": "new.html"}, b"")
    ),
    "short_of_its_total": portal({"/nb/": (200, HTML, listed("a", "b", total=9))}, "a", "b"),
    "past_its_end": portal(
        {"/nb/": (200, HTML, listed("a", "b", of=3)), "/nb/index_1.html": (200, HTML, GONE * 8)}, "a", "b",
        index_2=(200, HTML, GONE * 8),
    ),
    "with_a_hole": portal(
        {"/nb/": (200, HTML, listed("a", of=3)), "/nb/index_1.html": (200, HTML, GONE)}, "a", "b",
        index_2=(200, HTML, listed("b", at=2, of=3)),
    ),
    "soft_404": portal({"/nb/": (200, HTML, listed("a", "b"))}, "a", b=(200, HTML, GONE)),
    "pdf_for_a_list": portal({"/nb/": (200, HTML, b"%PDF-1.4 " + bytes(900))}),
    "login_for_a_pdf": {
        **portal({"/nb/": (200, HTML, column("a.pdf"))}),
        "/nb/a.pdf": (200, {"Content-Type": "application/pdf"}, "<p>请登录</p>".encode()),
    },
    "home_for_a_report": {
        **portal({"/nb/": (200, HTML, listed("a"))}, a=(200, HTML, HOME[2] + "欢迎访问样例市人民政府，今日是24日，您好，祝您生活愉快".encode())),
        "/": (200, HTML, HOME[2] + "欢迎访问样例市人民政府，今日是23日，您好，祝您生活愉快".encode()),
    },
    "odd_addresses": portal(
        {"/nb/": (200, HTML, listed("年报 a", "b b|c", "led"))},
        **{"%E5%B9%B4%E6%8A%A5%20a": (200, HTML, page("a")), "b%20b%7Cc": (200, HTML, page("b")),
           "led": (302, {"Location": "/nb/年.html".encode().decode("latin-1")}, b""),
           "%E5%B9%B4": (200, HTML, page("年"))},
    ),
    "bad_redirect": portal({"/nb/": (200, HTML, listed("a", "b"))}, "a", b=(302, {"Location": "http://[x/y"}, b"")),
    "column_leads_home": {**portal({"/nb/": (302, {"Location": "/"}, b"")})},
    "page_leads_to_first": portal(
        {"/nb/": (200, HTML, listed("a", of=2)), "/nb/index_1.html": (302, {"Location": "/nb/"}, b"")}, "a"
    ),
    "frames_home": portal({"/nb/": (200, HTML, b"<iframe src='/'></iframe>")}),
    "home_gone": portal({"/nb/": (200, HTML, listed("a"))}, "a"),
    "leading_off": portal(
        {"/nb/": (200, HTML, listed("a", "off", "home"))}, "a",
        off=(302, {"Location": "http://127.0.0.1:9/"}, b""), home=(302, {"Location": "/"}, b""),
    ),
    "robots_cut": {
        **portal({"/nb/": (200, HTML, listed("a"))}, "a"),
        "/robots.txt": (200, {"Content-Length": "500"}, b"User-agent: *\nDisallow: /x\n"),
    },
    "robots_late": {
        **portal({"/nb/": (200, HTML, listed("open", "closed"))}, "open", "closed"),
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /nb/closed\n"),
    },
    "two_moved": {
        **portal({"/nb/": (200, HTML, listed("a")), "/bg/": (200, HTML, listed("b"))}, "a"),
        "/": (200, HTML, "<a href='/nb/'>政府信息公开年报</a><a href='/bg/'>政府信息公开年度报告</a>".encode()),
        "/bg/b.html": (200, HTML, page("b")),
    },
    "column_added": portal({"/nb/": (200, HTML, listed("a"))}, "a"),
    "cookie_loop": portal({"/nb/": (302, {"Location": "/nb/", "Set-Cookie": "CT6T=1"}, b"")}),
    "breaking_down": portal({"/nb/": (200, HTML, listed(*SOME))}, *SOME),
    "broken_in_part": portal(
        {"/nb/": (200, HTML, listed(*SOME, "good"))}, "good", **dict.fromkeys(SOME, BROKEN)
    ),
    "closed_in_part": {
        **portal({"/nb/": (200, HTML, listed("open", "closed"))}, "open", "closed"),
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /nb/closed\n"),
        "/": (200, HTML, HOME[2] + f"<a href='{FOREIGN}'>政府信息公开年报</a>".encode()),
    },
}  # fmt: skip


def change(portals: dict[str, type[bad_portals.Handler]]) -> None:
    """Let the portals change as they do in a month."""
    pages = {name: handler.pages for name, handler in portals.items()}
    pages["growing"].update(lists(["new", *MANY]))
    pages["emptied"]["/nb/"] = (200, HTML, listed())
    pages["shrunken"].update({"/nb/": (200, HTML, listed("d"))})
    pages["removing"].update(lists([*MANY[:1], *MANY[2:6]], total=5))
    pages["two_columns"]["/bg/"] = (200, HTML, listed())
    status, kind, body = pages["redesigned"]["/nb/"]
    pages["redesigned"]["/nb/"] = (status, kind, body.replace(b"createPageHTML(", b"newPager("))
    pages["breaking_down"].update(dict.fromkeys(pages["breaking_down"].keys() - {"/robots.txt"}, BROKEN))
    del pages["home_gone"]["/"]
    pages["home_gone"]["/nb/a.html"] = (200, HTML, page("edited while the home page was away"))
    two = pages["two_moved"]
    del two["/nb/"], two["/bg/"]
    two["/nb2/"] = (200, HTML, listed("../nb/a"))
    two["/bg2/"] = (200, HTML, listed("../bg/b"))
    two["/"] = (
        200,
        HTML,
        "<a href='/nb2/'>政府信息公开年报</a><a href='/bg2/'>政府信息公开年度报告</a>".encode(),
    )
    added = {"/bg/": (200, HTML, listed("new")), "/bg/new.html": (200, HTML, page("new"))}
    home = HOME[2] + "<a href='/bg/'>政府信息公开年度报告</a>".encode()
    pages["column_added"].update({**added, "/": (200, HTML, home)})
    del pages["looked_at"]["/nb/gone.html"]
    pages["looked_at"]["/nb/edited.html"] = (200, HTML, page("edited in silence"))


@dataclass
class Crawls:
    """What came of three crawls: what each portal was asked, and how each run ended."""

    data: Path
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def rows(self, sql: str, *values: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.data / "captures.db")) as db:
            return db.execute(sql, values).fetchall()

    def runs(self, name: str) -> list[tuple[str, ...]]:
        return self.rows("SELECT outcome, walk, reason FROM run WHERE portal = ? ORDER BY id", name)

    def outcomes(self, name: str) -> list[str]:
        return [outcome for outcome, *_ in self.runs(name)]

    def skips(self, name: str, number: int) -> dict[str, str]:
        (run_id,) = self.rows(
            "SELECT id FROM run WHERE portal = ? ORDER BY id LIMIT 1 OFFSET ?", name, str(number)
        )[0]
        return dict(self.rows("SELECT url, reason FROM skip WHERE run = ?", run_id))


def make_old(data: Path) -> None:
    """Let all documents have been archived half a year ago."""
    with closing(sqlite3.connect(data / "captures.db")) as db, db:
        db.execute(
            "UPDATE capture SET fetched_at = '2026-01-31T00:00:00Z' WHERE role = 'detail' AND portal IN ('looked_at', 'home_gone', 'breaking_down')"
        )


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("outcomes")
    made = Crawls(folder / "data")
    with bad_portals.serve(folder, PORTALS) as (portals, handlers):
        for number in range(3):
            done = run("crawl", "--portals", portals, "--data", made.data)
            assert done.returncode == 1, done.stdout + done.stderr
            assert "Traceback" not in done.stderr
            made.asked.append({name: list(handler.asked) for name, handler in handlers.items()})
            for handler in handlers.values():
                handler.asked.clear()
            if number == 0:
                make_old(made.data)
                change(handlers)
        accepted = ("shrunken", "emptied", "short_of_its_total")
        for more in (("--accept", "they moved to the city's portal"), ()):
            done = run("crawl", "--portals", portals, "--data", made.data, *more, *accepted)
            assert done.returncode in (0, 1), done.stdout + done.stderr
    return made


def test_a_new_report_in_a_column_of_thirty_pages_costs_two_list_pages(crawls: Crawls) -> None:
    first, second, third = (asked["growing"] for asked in crawls.asked)
    assert sum(path.startswith("/nb/index_") for path in first) == PAGES - 1
    assert second == ["/robots.txt", "/", "/nb/", "/nb/new.html", "/nb/index_1.html"]
    assert third == ["/robots.txt", "/", "/nb/"]
    assert [run[:2] for run in crawls.runs("growing")] == [
        ("ok", "full"),
        ("ok", "short"),
        ("unchanged", "short"),
    ]
    second_skips, third_skips = (list(crawls.skips("growing", n).values()) for n in (1, 2))
    assert second_skips.count("seen_before") == PAGES - 1
    assert third_skips.count("unchanged_before") == PAGES
    assert second_skips.count("known") == 3


def test_an_emptied_or_shrunken_column_is_told_at_the_next_run_and_at_each_after_it(crawls: Crawls) -> None:
    assert crawls.outcomes("emptied")[:3] == ["ok", "empty", "empty"]
    assert crawls.outcomes("shrunken")[:3] == ["ok", "shrunken", "shrunken"]
    assert crawls.outcomes("two_columns") == ["ok", "empty", "empty"]
    assert "/bg/ lists no reports; it listed 1" in crawls.runs("two_columns")[2][2]
    assert "lists 1 reports; it listed 4" in crawls.runs("shrunken")[1][2]


def test_what_somebody_has_looked_at_and_accepted_is_what_later_runs_compare_with(crawls: Crawls) -> None:
    for name in ("shrunken", "emptied", "short_of_its_total"):
        (outcome, walk, reason), (later, *_) = crawls.runs(name)[3:]
        assert (outcome, walk) == ("ok", "full"), reason
        assert reason.endswith("accepted: they moved to the city's portal")
        assert later == ("empty" if name == "emptied" else "unchanged")


def test_where_an_entry_was_taken_away_the_whole_list_is_walked(crawls: Crawls) -> None:
    assert {"/nb/index_1.html", "/nb/index_2.html"} <= set(crawls.asked[1]["removing"])
    assert [run[:2] for run in crawls.runs("removing")] == [
        ("ok", "full"),
        ("unchanged", "full"),
        ("unchanged", "short"),
    ]
    assert "5 reports are listed" in crawls.runs("removing")[1][2]


def test_known_reports_are_looked_at_again_when_they_are_due(crawls: Crawls) -> None:
    documents = {f"/nb/{name}.html" for name in ("gone", "edited", "tagged", "same")}
    assert documents <= set(crawls.asked[1]["looked_at"])
    assert not documents & set(crawls.asked[2]["looked_at"]), "they are not due again"
    outcome, _, reason = crawls.runs("looked_at")[1]
    assert outcome == "ok"
    assert "1 archived now, 1 of them changed since" in reason
    assert "1 archived report is gone" in reason
    sql = "SELECT url, status, refers_to <> '' FROM capture WHERE role = 'detail' AND portal = 'looked_at' ORDER BY run, url"
    looks = [(url.rpartition("/")[2], status, repeated) for url, status, repeated in crawls.rows(sql)][4:]
    assert looks == [
        ("edited.html", 200, 0),
        ("gone.html", 404, 0),
        ("same.html", 200, 1),
        ("tagged.html", 304, 1),
    ]
    assert crawls.rows("SELECT count(*) FROM pending") == [(0,)]


def test_a_changed_report_is_read_and_an_unchanged_one_is_not_read_again(crawls: Crawls) -> None:
    with closing(sqlite3.connect(crawls.data / "gongkai.db")) as db:
        read = db.execute(
            "SELECT url, count(reading) FROM capture WHERE portal = 'looked_at' AND role = 'detail' GROUP BY url"
        ).fetchall()
    assert {url.rpartition("/")[2]: times for url, times in read} == {
        "edited.html": 2, "gone.html": 1, "same.html": 1, "tagged.html": 1,
    }  # fmt: skip


def test_a_report_behind_a_redirect_is_known_by_its_first_address(crawls: Crawls) -> None:
    assert crawls.asked[1]["redirecting"] == crawls.asked[2]["redirecting"] == ["/robots.txt", "/", "/nb/"]
    assert crawls.outcomes("redirecting") == ["ok", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    ("name", "outcome", "said"),
    [
        ("short_of_its_total", "shrunken", "the column declares 9 entries, 2 were found"),
        ("past_its_end", "ok", "the list ends before"),
        ("with_a_hole", "failed", "index_1.html (a page that says there is none)"),
        ("bad_redirect", "failed", "Invalid IPv6 URL"),
        ("column_leads_home", "failed", "led to http"),
        ("page_leads_to_first", "ok", "the list ends before"),
        ("frames_home", "failed", "no known platform's list"),
        ("robots_cut", "failed", "robots.txt could not be had: it came cut"),
        ("leading_off", "failed", "off.html (led to http://127.0.0.1:9/)"),
        ("soft_404", "failed", "b.html (a page that says there is none)"),
        ("pdf_for_a_list", "failed", "a PDF instead of a web page"),
        ("login_for_a_pdf", "failed", "a web page instead of a file"),
        ("home_for_a_report", "failed", "the home page instead"),
        ("cookie_loop", "blocked", "challenge"),
        ("closed_in_part", "ok", "robots.txt"),
    ],
)
def test_a_run_says_in_words_what_came_instead_of_the_page(
    crawls: Crawls, name: str, outcome: str, said: str
) -> None:
    found, _, reason = crawls.runs(name)[0]
    assert (found, said in reason) == (outcome, True), reason


def test_links_that_are_not_followed_have_their_reason(crawls: Crawls) -> None:
    skips = {url.rpartition("/")[2]: reason for url, reason in crawls.skips("closed_in_part", 0).items()}
    assert skips == {"": "foreign_host", "closed.html": "robots"}


def test_a_robots_txt_that_is_had_at_the_second_attempt_is_obeyed_as_any(crawls: Crawls) -> None:
    assert crawls.asked[0]["robots_late"][:3] == ["/robots.txt", "/robots.txt", "/"]
    assert crawls.outcomes("robots_late") == ["ok", "unchanged", "unchanged"]
    assert list(crawls.skips("robots_late", 0).values()) == ["robots"]


_GOOD = "SELECT url FROM capture WHERE portal = ? AND role = 'detail' AND status = 200"


def test_a_host_that_fails_whatever_it_is_asked_is_soon_left_to_the_next_run(crawls: Crawls) -> None:
    assert crawls.outcomes("breaking_down") == ["ok", "failed", "failed"]
    for asked in crawls.asked[1:]:
        pages = [path for path in asked["breaking_down"] if path != "/robots.txt"]
        # A few wait for their turn already.
        assert manners.SPENT <= len(pages) < manners.SPENT + settings.CONCURRENT_REQUESTS < len(SOME)
        assert pages.count("/") == 3
        assert pages.count("/nb/") >= 2, "lists say how the portal fares"
    assert "/nb/ (500)" in crawls.runs("breaking_down")[1][2]


def test_pages_that_fail_for_good_are_soon_asked_once_each_and_hide_no_other(crawls: Crawls) -> None:
    asked = Counter(crawls.asked[0]["broken_in_part"])
    assert asked["/nb/good.html"] == 1
    tries = [asked[f"/nb/{name}.html"] for name in SOME]
    # Five failures before the good page at most, and five after it, have a second attempt.
    assert min(tries) == 1
    assert sum(tries) <= len(SOME) + 2 * (manners.FAILING - 1)
    assert [url.rpartition("/")[2] for url, *_ in crawls.rows(_GOOD, "broken_in_part")] == ["good.html"]


def test_bytes_that_came_again_as_they_were_count_as_bytes_that_came(crawls: Crawls) -> None:
    ((bytes_of_second_run,),) = crawls.rows(
        "SELECT bytes FROM run WHERE portal = 'redirecting' ORDER BY id LIMIT 1 OFFSET 1"
    )
    assert int(bytes_of_second_run) == len(HOME[2]) + len(listed("old"))


def test_what_was_no_document_is_asked_for_again_and_never_read(crawls: Crawls) -> None:
    assert "/nb/b.html" in crawls.asked[1]["soft_404"]
    sql = "SELECT DISTINCT judged FROM capture WHERE url LIKE '%/nb/b.html' AND portal = 'soft_404'"
    assert crawls.rows(sql) == [("soft_404",)]
    with closing(sqlite3.connect(crawls.data / "gongkai.db")) as db:
        read = db.execute(
            "SELECT count(reading) FROM capture WHERE portal IN ('soft_404', 'login_for_a_pdf')"
        ).fetchone()
    assert read == (1,), "a.html of soft_404"


def test_addresses_are_known_as_they_are_asked_however_they_are_written(crawls: Crawls) -> None:
    assert crawls.outcomes("odd_addresses") == ["ok", "unchanged", "unchanged"]
    assert len(crawls.asked[0]["odd_addresses"]) == 7
    assert crawls.asked[1]["odd_addresses"] == ["/robots.txt", "/", "/nb/"]


def test_a_new_link_that_leads_nowhere_fails_one_run_and_is_told_by_the_later_ones(crawls: Crawls) -> None:
    for name in ("leading_off", "soft_404"):
        first, *later = crawls.runs(name)
        assert first[0] == "failed"
        assert {outcome for outcome, *_ in later} == {"unchanged"}, later
        assert all("dead: http" in reason for *_, reason in later)
        assert "absent" in crawls.skips(name, 2).values()


def test_reports_are_looked_at_again_also_when_the_home_page_is_away(crawls: Crawls) -> None:
    assert "/nb/a.html" in crawls.asked[1]["home_gone"]
    assert "1 of them changed since" in crawls.runs("home_gone")[1][2]


def test_columns_that_moved_together_are_found_and_a_new_one_too(crawls: Crawls) -> None:
    assert crawls.outcomes("two_moved") == ["ok", "moved", "unchanged"]
    assert "/bg/new.html" in crawls.asked[1]["column_added"]
    assert crawls.outcomes("column_added") == ["ok", "ok", "unchanged"]


def test_an_answer_that_cannot_be_followed_is_archived(crawls: Crawls) -> None:
    sql = "SELECT count(*) FROM capture WHERE portal = 'bad_redirect' AND status = 302"
    ((times,),) = crawls.rows(sql)
    assert int(times) >= 1


def test_a_list_that_no_longer_looks_like_its_platform_says_what_is_missing_and_where_both_pages_are(
    crawls: Crawls,
) -> None:
    (_, _, before), (outcome, _, reason), _ = crawls.runs("redesigned")
    assert "no longer looks like" not in before
    assert outcome == "unchanged", "the general platform reads it still"
    said = re.search(
        r"/nb/ no longer looks like createpagehtml: (.*) is not there; to see both: gongkai show (\w+) (\w+)",
        reason,
    )
    assert said is not None, reason
    assert "createPageHTML(count, current, prefix, suffix)" in said[1]
    shown = run("show", said[2], said[3], "--data", crawls.data).stdout.splitlines()
    assert next(line for line in shown if "createPageHTML(" in line).startswith("-")
    assert next(line for line in shown if "newPager(" in line).startswith("+")
    assert "createPageHTML(" in run("show", said[2], "--data", crawls.data).stdout
    assert "newPager(" in run("show", "--raw", said[3], "--data", crawls.data).stdout
    assert run("show", "0" * 32, "--data", crawls.data).returncode == 3


def test_the_last_page_of_a_pager_has_no_more_to_lead_to(crawls: Crawls) -> None:
    assert crawls.runs("two_pages")[0][:2] == ("ok", "full"), crawls.runs("two_pages")[0][2]
    assert "/nb/p2.html" in crawls.asked[0]["two_pages"]
