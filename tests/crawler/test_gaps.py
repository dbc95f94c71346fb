"""A crawl for what is wanted, between two ordinary crawls, over portals that hide reports in their own ways."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

import gongkai
from archive.index import Index
from archive.known import before
from archive.wanted import GAPS, Wanted, gaps
from crawler.gaps import GAP_REQUESTS, Bound, BoundReached
from crawler.titles import NAMED, NO, NOBODY, Titles
from pipelines import coverage
from pipelines.load import Loader
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HOME, HTML, Answer
from tests.pipelines.pdf_files import pdf
from tests.pipelines.sample_pages import REPORT, TITLE
from tests.pipelines.template import keys_of

ROOT = Path(__file__).parent.parent.parent
FLOOD = 2_000
ENTRY = '<li><a href="{}">{}</a><b>2024-01-20</b></li>'
PDF = {"Content-Type": "application/pdf"}
WHOLE = pdf("form_2021", dict.fromkeys(keys_of("form_2021"), "0"))
BROKEN = b"%PDF-1.4\n" + bytes(2_000)
TABLES = re.compile("<table>.*?</table>")
DRAWN = "某某市样本局"
"""The agency whose report `WHOLE` is, on 2022."""


def title(agency: str, year: int) -> str:
    return f"{agency}{year}年政府信息公开工作年度报告"


def report(agency: str, year: int) -> Answer:
    return 200, HTML, REPORT.replace(TITLE, title(agency, year)).encode()


def without_tables(answer: Answer) -> Answer:
    status, headers, body = answer
    return status, headers, TABLES.sub("", body.decode()).encode()


def listed(*entries: tuple[str, str], at: int = 0) -> Answer:
    """Return the page `at` of a list of two, with links and their titles."""
    rows = "".join(ENTRY.format(*entry) for entry in entries)
    return 200, HTML, f'<ul>{rows}</ul><script>createPageHTML(2, {at}, "index", "html")</script>'.encode()


def portal(place: str, *entries: tuple[str, str], **pages: Answer) -> dict[str, Answer]:
    """Return a portal with reports of two offices in its column, and further entries on its first page.

    What leads to another column does so over a page that the home page names.
    """
    sport, school = f"{place}体育局", f"{place}教育局"
    held = {"a": (sport, 2020), "b": (sport, 2021), "c": (school, 2022)}
    lists = [(f"{name}.html", title(*each)) for name, each in held.items()]
    ways = "<a href='/gk/'>政府信息公开</a><a href='/dead/'>政务公开</a>"
    return {
        "/": (200, HTML, HOME[2] + ways.encode()),
        "/gk/": (200, HTML, "<a href='/zx/'>政府信息公开年度报告</a><a href='/gone/'>公开年报</a>".encode()),
        "/nb/": listed(*lists[:2], *entries),
        "/nb/index_1.html": listed(*lists[2:], at=1),
        **{f"/nb/{name}.html": report(*each) for name, each in held.items()},
        **pages,
    }


OLD = [(f"old{year}.html", title("甲样市体育局", year)) for year in range(2008, 2020)]
PORTALS: dict[str, dict[str, Answer]] = {
    "hiding": portal(
        "甲样市", ("odd.html", "甲样市体育局2022年政务公开工作年报"), ("plan.html", "2023年工作计划"),
        **{
            "/nb/odd.html": report("甲样市体育局", 2022),
            "/zx/": listed(
                ("d.html", title("甲样市体育局", 2023)), ("e.html", title("甲样市教育局", 2020)),
                ("again.html", title("甲样市体育局", 2021)), *OLD,
            ),
            "/zx/index_1.html": listed(at=1),
            "/zx/d.html": report("甲样市体育局", 2023),
            "/zx/e.html": report("甲样市教育局", 2020),
        },
    ),
    "mended": portal(
        "乙样市", ("shut.html", title("乙样市体育局", 2022)), ("broken.pdf", title(DRAWN, 2022)),
        ("still.pdf", title("乙样市体育局", 2023)), ("prose.html", title("乙样市教育局", 2023)),
        **{
            "/nb/shut.html": (403, HTML, "<p>拒绝访问</p>".encode()),
            "/nb/broken.pdf": (200, PDF, BROKEN),
            "/nb/still.pdf": (200, PDF, BROKEN + b"still"),
            "/nb/prose.html": without_tables(report("乙样市教育局", 2023)),
        },
    ),
    "flooded": portal(
        "丙样市", *((f"f{n}.html", f"2023年工作报告（第{n:04}号）") for n in range(FLOOD)),
        **{f"/nb/f{n}.html": (200, HTML, "<p>样本。</p>".encode()) for n in range(FLOOD)},
        **{"/zx/": listed(("d.html", title("丙样市体育局", 2023))), "/zx/d.html": report("丙样市体育局", 2023)},
    ),
}  # fmt: skip

FOUND = {
    "hiding": {"/nb/odd.html": ("甲样市体育局", 2022), "/zx/d.html": ("甲样市体育局", 2023), "/zx/e.html": ("甲样市教育局", 2020)},
    "mended": {"/nb/shut.html": ("乙样市体育局", 2022), "/nb/broken.pdf": (DRAWN, 2022)},
    "flooded": {"/zx/d.html": ("丙样市体育局", 2023)},
}  # fmt: skip
"""What only the crawl for gaps finds: the report that stands at each address."""

WAYS = ["/dead/", "/gk/", "/gone/"]
"""What is asked on the way to another column; two of them are not there."""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command of this tree, whatever is installed."""
    return subprocess.run(
        [sys.executable, "-m", "gongkai", *map(str, arguments)],
        env={**os.environ, "GONGKAI_CONTACT": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def declared(path: Path, *names: str) -> Path:
    """Write the tables of the named portals into a file of their own, each with its first column."""
    tables = []
    for table in path.read_text().split("\n\n"):
        head, _, rest = table.replace("\n[", "\n\n[").partition("columns = []")
        tables.append(head + f'columns = ["{head.partition("home = ")[2].split(chr(34))[1]}nb/"]' + rest)
    chosen = [table for table in tables if table.strip()[1:].partition("]")[0] in names]
    file = path.with_name("_".join(names) + ".toml")
    file.write_text("\n".join(chosen))
    return file


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@dataclass
class Crawls:
    """What came of an ordinary crawl, one for gaps, an ordinary one, and one for the gaps of one portal."""

    data: Path
    said: list[subprocess.CompletedProcess[str]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    states: list[dict[tuple[str, int], str]] = field(default_factory=list)
    sources: list[dict[tuple[str, str], tuple[str, int]]] = field(default_factory=list)
    wanted: list[dict[str, Wanted]] = field(default_factory=list)

    def crawl(self, handlers: dict[str, type[bad_portals.Handler]], *arguments: object) -> None:
        """Crawl, and take down what was asked and what is known then."""
        done = run("crawl", "--data", self.data, *arguments)
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr
        self.said.append(done)
        self.asked.append({name: list(handler.asked) for name, handler in handlers.items()})
        for handler in handlers.values():
            handler.asked.clear()
        rows = self.rows("SELECT a.name, c.year, c.state FROM coverage c JOIN agency a ON a.id = c.agency")
        self.states.append({(agency, year): state for agency, year, state in rows})
        sql = """SELECT s.portal, s.url, a.name, r.year FROM source s JOIN report r ON r.id = s.report
            JOIN agency a ON a.id = r.agency"""
        self.sources.append({(name, path_of(url)): (who, year) for name, url, who, year in self.rows(sql)})
        self.wanted.append(dict(gaps(self.data / "gongkai.db")))

    def rows(self, sql: str, *values: str, of: str = "gongkai.db") -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / of)) as db:
            return db.execute(sql, values).fetchall()

    def runs(self, name: str) -> list[tuple[Any, ...]]:
        sql = "SELECT outcome, walk, reason FROM run WHERE portal = ? ORDER BY id"
        return self.rows(sql, name, of="captures.db")

    def skips(self, name: str, number: int) -> dict[str, str]:
        sql = """SELECT url, reason FROM skip WHERE run =
            (SELECT id FROM run WHERE portal = ? ORDER BY id LIMIT 1 OFFSET ?)"""
        return {path_of(url): reason for url, reason in self.rows(sql, name, str(number), of="captures.db")}


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("gaps")
    made = Crawls(folder / "data")
    with bad_portals.serve(folder, PORTALS) as (written, handlers):
        portals = declared(written, *PORTALS)
        made.crawl(handlers, "--portals", portals)
        mended = handlers["mended"].pages
        mended["/nb/shut.html"] = report("乙样市体育局", 2022)
        mended["/nb/broken.pdf"] = (200, PDF, WHOLE)
        mended["/nb/prose.html"] = report("乙样市教育局", 2023)
        made.crawl(handlers, "--portals", portals, "--gaps")
        made.crawl(handlers, "--portals", portals)
        made.crawl(handlers, "--portals", declared(written, "hiding"), "--gaps")
    return made


@pytest.mark.slow
def test_exactly_the_wanted_reports_are_found(crawls: Crawls) -> None:
    before_it, after_it = crawls.sources[:2]
    # One of them is held without its tables, which is wanted too.
    assert len(before_it) == 3 * len(PORTALS) + 1
    assert before_it["mended", "/nb/prose.html"] == ("乙样市教育局", 2023)
    new = {key: each for key, each in after_it.items() if key not in before_it}
    assert new == {(name, path): each for name, found in FOUND.items() for path, each in found.items()}
    assert before_it.items() <= after_it.items()


@pytest.mark.slow
def test_nothing_is_asked_but_the_way_and_what_may_be_wanted(crawls: Crawls) -> None:
    hiding, mended = (sorted(crawls.asked[1][name]) for name in ("hiding", "mended"))
    usual = ["/", "/robots.txt", "/nb/", "/nb/index_1.html", *WAYS, "/zx/"]
    assert hiding == sorted([*usual, "/zx/index_1.html", *FOUND["hiding"]])
    assert mended == sorted([*usual, *FOUND["mended"], "/nb/still.pdf", "/nb/prose.html"])
    skips = crawls.skips("hiding", 1)
    assert skips["/nb/plan.html"] == "not_a_report"
    assert {skips[f"/zx/{name}"] for name, _ in (("again.html", ""), *OLD)} == {"not_wanted"}
    assert {skips[f"/nb/{name}.html"] for name in "abc"} == {"known"}


@pytest.mark.slow
def test_a_flood_ends_at_the_bound_and_what_was_named_is_found_before(crawls: Crawls) -> None:
    asked = crawls.asked[1]["flooded"]
    assert GAP_REQUESTS - 4 <= len(asked) <= GAP_REQUESTS
    assert "/zx/d.html" in asked
    outcome, walk, reason = crawls.runs("flooded")[1]
    assert (outcome, walk) == ("failed", "gaps")
    assert f"the bound of {GAP_REQUESTS} requests was reached" in reason
    left = [path for path, why in crawls.skips("flooded", 1).items() if why == "beyond_limit"]
    assert len(left) == FLOOD - sum(path.startswith("/nb/f") for path in asked)
    assert f"{len(left)} left unasked" in reason


@pytest.mark.slow
def test_a_gap_run_says_what_it_was_and_where_it_found_something(crawls: Crawls) -> None:
    for name in PORTALS:
        _, walk, reason = crawls.runs(name)[1]
        count = len(crawls.wanted[0][name].reports)
        assert (walk, reason.startswith(f"looked for {count} wanted reports: ")) == ("gaps", True), reason
    assert crawls.runs("hiding")[1][0] == "ok"
    assert "wanted reports are listed in columns that are not declared: http" in crawls.runs("hiding")[1][2]
    assert crawls.runs("mended")[1][0] == "ok"


@pytest.mark.slow
def test_the_command_counts_what_is_wanted_and_what_was_found(crawls: Crawls) -> None:
    wanted = set().union(*(each.reports for each in crawls.wanted[0].values()))
    assert wanted == {key for key, state in crawls.states[0].items() if state in GAPS}
    lines = crawls.said[1].stdout.splitlines()
    assert lines[0] == f"wanted      {len(wanted)} reports on 3 portals"
    assert lines[-1] == f"found       7 of {len(wanted)} wanted reports"


@pytest.mark.slow
def test_coverage_is_right_afterwards_and_a_gap_stays_a_gap(crawls: Crawls) -> None:
    first, second = crawls.states[:2]
    assert first["乙样市体育局", 2022] == "blocked"
    assert first[DRAWN, 2022] == first["乙样市体育局", 2023] == first["乙样市教育局", 2023] == "unreadable"
    assert first["甲样市教育局", 2021] == second["甲样市教育局", 2021] == "not_found"
    assert second["乙样市体育局", 2023] == "unreadable"
    found = {("乙样市教育局", 2023), *(each for one in FOUND.values() for each in one.values())}
    assert {key for key in first if first[key] in GAPS and second[key] not in GAPS} == found
    assert first.keys() == second.keys()
    sql = """SELECT c.searched FROM coverage c JOIN agency a ON a.id = c.agency
        WHERE (a.name, c.year) = ('丙样市体育局', 2024)"""
    ((searched,),) = crawls.rows(sql)
    assert [path_of(url) for url in searched.split("\n")] == ["/nb/"], "a bounded run has not searched"


@pytest.mark.slow
def test_the_next_ordinary_crawl_goes_on_as_if_nothing_had_been(crawls: Crawls) -> None:
    usual = ["/robots.txt", "/", "/nb/"]
    outcomes = {name: crawls.runs(name)[2][:2] for name in PORTALS}
    assert outcomes == {
        "hiding": ("unchanged", "short"),
        # The run before the gap run, or the gap run itself, did not see all there was.
        "mended": ("unchanged", "full"),
        "flooded": ("unchanged", "full"),
    }
    assert crawls.asked[2]["hiding"] == usual
    assert crawls.asked[2]["mended"] == crawls.asked[2]["flooded"] == [*usual, "/nb/index_1.html"]
    assert crawls.said[2].returncode == 0
    assert crawls.states[2] == crawls.states[1]
    assert "3 reports are listed" in crawls.runs("flooded")[2][2]


@pytest.mark.slow
def test_a_gap_that_stays_is_looked_for_again_and_undeclared_portals_are_named(crawls: Crawls) -> None:
    asked = crawls.asked[3]
    assert asked["mended"] == asked["flooded"] == []
    assert sorted(asked["hiding"]) == sorted(
        ["/", "/robots.txt", "/nb/", "/nb/index_1.html", *WAYS, "/zx/", "/zx/index_1.html"]
    )
    wanted = len(crawls.wanted[2]["hiding"].reports)
    lines = crawls.said[3].stdout.splitlines()
    assert lines[0] == f"wanted      {wanted} reports on 1 portal"
    assert lines[-1] == f"found       0 of {wanted} wanted reports"
    assert "not declared: flooded, mended" in crawls.said[3].stderr
    assert crawls.runs("hiding")[3][:2] == ("unchanged", "gaps")
    index = Index(crawls.data)
    columns = index.columns("hiding")
    index.close()
    assert [path_of(column) for column in columns] == ["/nb/"], "a guess is no column of later runs"
    assert crawls.said[3].returncode == 0


@pytest.mark.slow
def test_without_any_declared_portal_the_command_says_which_are_wanted(
    crawls: Crawls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai.exit_code(["crawl", "--gaps", "--data", str(crawls.data)]) == 1
    assert "flooded, hiding, mended" in capsys.readouterr().err
    assert gongkai.exit_code(["crawl", "--gaps", "--data", str(crawls.data), "nowhere"]) == 2


def test_where_nothing_is_wanted_nothing_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Loader(tmp_path / "gongkai.db", "1").close()
    assert gongkai.exit_code(["crawl", "--gaps", "--data", str(tmp_path)]) == 0
    assert "there is no gap" in capsys.readouterr().out


def test_gaps_go_with_no_accepting_and_with_no_empty_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai.exit_code(["crawl", "--gaps", "--accept", "so", "x", "--data", str(tmp_path)]) == 2
    assert gongkai.exit_code(["crawl", "--gaps", "--data", str(tmp_path)]) == 3
    assert "nothing has been crawled" in capsys.readouterr().err


def test_the_states_are_those_that_coverage_calls_gaps() -> None:
    assert GAPS == coverage.GAPS


def test_a_bound_keeps_places_for_robots_txt_and_refuses_the_rest() -> None:
    bound = Bound(10, 4)
    for number in range(6):
        bound.process_request(Request(f"http://h/{number}"))
    with pytest.raises(BoundReached):
        bound.process_request(Request("http://h/7"))
    bound.process_request(Request("http://h/robots.txt"))
    unbounded = Bound(None, 4)
    for number in range(20):
        unbounded.process_request(Request(f"http://h/{number}"))


@pytest.mark.parametrize(("sent", "may"), [(0, 6), (4, 2), (6, 0), (10, 0), (11, 6)])
def test_what_a_continued_run_had_sent_counts_and_what_it_has_does_not(sent: int, may: int) -> None:
    bound = Bound(10, 4, sent, lambda request: "had" in request.url)
    for number in range(may):
        bound.process_request(Request(f"http://h/{number}"))
    bound.process_request(Request("http://h/had"))
    with pytest.raises(BoundReached):
        bound.process_request(Request("http://h/x"))


@pytest.mark.slow
def test_a_gap_run_that_was_killed_goes_on_and_asks_for_no_more_than_its_bound(tmp_path: Path) -> None:
    with bad_portals.serve(tmp_path, {"flooded": PORTALS["flooded"]}) as (written, handlers):
        command = ["crawl", "--data", tmp_path / "data", "--portals", declared(written, "flooded")]
        asked = handlers["flooded"].asked
        assert run(*command).returncode == 0
        asked.clear()
        gap_run = [sys.executable, "-m", "gongkai", *map(str, command), "--gaps"]
        with subprocess.Popen(gap_run, cwd=ROOT, stdout=subprocess.DEVNULL) as killed:
            while len(asked) < GAP_REQUESTS // 2 and killed.poll() is None:
                time.sleep(0.05)
            killed.kill()
        done = run(*command, "--gaps")
        assert f"the bound of {GAP_REQUESTS} requests was reached" in done.stdout
        # What was under way when it was killed is asked again, and no record of it tells.
        assert GAP_REQUESTS - 4 <= len(asked) <= GAP_REQUESTS + 1
        assert run(*command).stdout.startswith("crawled     flooded: unchanged: 3 reports are listed")


def ended(outcome: str, walk: str) -> dict[str, object]:
    lists = '[{"url": "http://h/nb/", "reports": 9, "entries": 9, "declared": null}]'
    return {"outcome": outcome, "walk": walk, "lists": lists, "listed": 9, "ended_at": "2026-11-24T00:00:00Z"}


def test_no_run_compares_itself_with_a_gap_run_and_a_bounded_one_has_the_next_walk_whole() -> None:
    last = ended("ok", "full") | {"listed": 3}
    for outcome, was_last in (("ok", True), ("failed", False)):
        found = before([ended(outcome, "gaps"), last])
        assert found is not None
        assert (found.listed, found.was_last) == (3, was_last)
    assert before([ended("ok", "gaps")]) is None


REPORTS = {
    ("样例市体育局", 2022),
    ("样例市体育局", 2023),
    ("样例市西区教育局", 2023),
    ("样例市人民政府", 2021),
}
PLACES = {"样例市体育局": "样例市", "样例市西区教育局": "西区", "样例市人民政府": "样例市"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("样例市体育局2022年信息公开工作年终报告", NAMED),
        ("市体育局 ２０２３年 政务公开年报", NAMED),
        ("二〇二二年体育局报告", NAMED),
        ("西区教育局2023年年报", NAMED),
        ("样例市2021年报告", NAMED),
        ("样例市政府2021年度报告", NAMED),
        ("2023年度报告", NOBODY),
        ("政府信息公开年报（2022）", NOBODY),
        ("样例市体育局2021年年报", NO),
        ("东区教育局2023年年报", NO),
        ("职业体育局2022年年报", NO),
        ("样例市卫生局2022年年报", NO),
        ("样例市体育局2022年工作计划", NO),
        ("样例市体育局2022年部门决算报告", NO),
        ("2019年度报告", NO),
        ("第12022号报告", NO),
    ],
)
def test_a_title_is_told_loosely(text: str, says: int) -> None:
    titles = Titles(Wanted(frozenset(REPORTS), PLACES, {}, frozenset()))
    assert titles.names(text) == says
