"""Whole crawls over lists that name a report no more, or again: it is looked at at once, and once."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.unlisted import MOST
from tests.crawler import bad_portals
from tests.crawler.bad_portals import HTML, Answer
from tests.crawler.test_outcomes import listed, lists, portal
from tests.test_commands import run

pytestmark = pytest.mark.slow

ALL = ["a", "b", "c", "d"]
MANY = [f"r{number:03d}" for number in range(2 * MOST + 20)]
GONE = MOST + 5
"""So many of them are taken away: less than half, and more than one run looks at."""

Pages = dict[str, Answer]


def one_list(*names: str) -> Answer:
    return 200, HTML, listed(*names)


def column(name: str) -> Answer:
    return 200, HTML, f"<a href='/{name}/'>政府信息公开年报</a>".encode()


PORTALS: dict[str, Pages] = {
    "taken": portal({"/nb/": one_list(*ALL)}, *ALL),
    "hidden": portal({"/nb/": one_list(*ALL)}, *ALL),
    "emptied": portal({"/nb/": one_list(*ALL)}, *ALL),
    "led": portal({"/nb/": one_list("a", "old")}, "a", "new", old=(302, {"Location": "new.html"}, b"")),
    "paged": portal(lists(ALL), *ALL),
    "carried": portal({"/nb/": one_list(*ALL)}, *ALL),
    "many": portal({"/nb/": one_list(*MANY)}, *MANY),
    "torn": portal(lists(["new", *ALL]), "new", *ALL),
}


def second(pages: dict[str, Pages]) -> None:
    """Let lists lose some of what they named."""
    for name in ("taken", "hidden", "torn"):
        pages[name]["/nb/"] = one_list("a", "c", "d")
    del pages["taken"]["/nb/b.html"]
    pages["emptied"]["/nb/"] = one_list()
    # The first of four entries, on two pages of two.
    pages["paged"].update(lists(ALL[1:]))
    moved = {path.replace("/nb/", "/gk/"): answer for path, answer in pages["carried"].items()}
    pages["carried"].clear()
    pages["carried"].update({**moved, "/": column("gk")})
    pages["many"]["/nb/"] = one_list(*MANY[GONE:])
    # A page of it fails: what is missing may stand there.
    pages["torn"]["/nb/"] = (200, HTML, listed("a", "c", of=2))
    pages["torn"]["/nb/index_1.html"] = (500, HTML, b"")


def fourth(pages: dict[str, Pages]) -> None:
    """Let one be listed again."""
    pages["hidden"]["/nb/"] = one_list(*ALL)


CHANGES: tuple[Callable[[dict[str, Pages]], None], ...] = (
    lambda _: None,
    second,
    lambda _: None,
    fourth,
    lambda _: None,
)


@dataclass
class Crawls:
    """What came of five crawls: the reports that each asked of a portal, and how each run ended."""

    data: Path
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def reports(self, name: str) -> list[list[str]]:
        """Return the names of the reports that each crawl asked for, without the first one."""
        found = [[path for path in asked[name] if path.endswith(".html")] for asked in self.asked]
        return [sorted(path[1:-5] for path in each if "index" not in path) for each in found[1:]]

    def rows(self, sql: str, *values: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.data / "captures.db")) as db:
            return db.execute(sql, values).fetchall()

    def runs(self, name: str) -> list[tuple[str, ...]]:
        return self.rows("SELECT outcome, reason FROM run WHERE portal = ? ORDER BY id", name)


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Crawls:
    folder = tmp_path_factory.mktemp("unlisted")
    made = Crawls(folder / "data")
    with bad_portals.serve(folder, PORTALS) as (portals, handlers):
        for change in CHANGES:
            change({name: handler.pages for name, handler in handlers.items()})
            done = run("crawl", "--portals", portals, "--data", made.data)
            assert done.returncode in (0, 1), done.stdout + done.stderr
            assert "Traceback" not in done.stderr
            made.asked.append({name: list(handler.asked) for name, handler in handlers.items()})
            for handler in handlers.values():
                handler.asked.clear()
    return made


def test_a_report_that_its_list_names_no_more_is_looked_at_by_the_same_run_and_once(crawls: Crawls) -> None:
    assert crawls.reports("taken") == [["nb/b"], [], [], []]
    outcome, reason = crawls.runs("taken")[1]
    assert outcome == "unchanged"
    assert "1 archived report is gone: http" in reason
    assert "1 archived report is listed no more: http" in reason
    assert "listed no more" not in crawls.runs("taken")[2][1]


def test_one_that_is_only_listed_no_more_is_looked_at_once_and_once_when_it_is_listed_again(
    crawls: Crawls,
) -> None:
    assert crawls.reports("hidden") == [["nb/b"], [], ["nb/b"], []]
    assert [outcome for outcome, _ in crawls.runs("hidden")] == ["ok", *["unchanged"] * 4]
    told = "SELECT reason FROM skip JOIN run ON run.id = skip.run WHERE portal = ? AND url LIKE '%/b.html' ORDER BY run"
    reasons = crawls.rows(told.replace("reason", "skip.reason", 1), "hidden")
    assert reasons == [("unlisted",), ("relisted",), ("known",)]


def test_an_emptied_list_and_one_that_was_not_read_to_its_end_tell_nothing_of_single_reports(
    crawls: Crawls,
) -> None:
    assert crawls.reports("emptied") == [[], [], [], []]
    assert [outcome for outcome, _ in crawls.runs("emptied")] == ["ok", *["empty"] * 4]
    assert crawls.reports("torn") == [[], [], [], []]
    assert crawls.runs("torn")[1][0] == "failed"


def test_what_a_listed_address_leads_to_is_not_taken_for_unlisted(crawls: Crawls) -> None:
    assert crawls.reports("led") == [[], [], [], []]


def test_all_pages_of_a_list_are_read_before_anything_is_called_unlisted(crawls: Crawls) -> None:
    assert crawls.reports("paged") == [["nb/a"], [], [], []]


def test_what_moved_away_with_its_column_is_seen_to_be_gone(crawls: Crawls) -> None:
    old, new = ([f"{folder}/{name}" for name in ALL] for folder in ("nb", "gk"))
    assert crawls.reports("carried") == [[*new, *old], [], [], []]
    assert crawls.runs("carried")[1][0] == "moved"


def test_so_many_that_are_gone_at_once_are_looked_at_by_several_runs(crawls: Crawls) -> None:
    looks = crawls.reports("many")
    assert [len(each) for each in looks] == [MOST, GONE - MOST, 0, 0]
    assert len(set(looks[0]) | set(looks[1])) == GONE
    assert f"{GONE} archived reports are listed no more" in crawls.runs("many")[1][1]
