"""What a crawl shows: lines that stay, and a table that is drawn in place."""

import io
import logging
import os

import pytest

from crawler.live import Live, cells, closing, fit, table
from crawler.watch import Result, State
from tests.screen import Screen

RUNNING = [
    State("quiet", "样例市人民政府（样本）", "starting"),
    State("busy", "样例县", "reports 3/20", 20, 1_234, 5_600_000),
    State("some", "Town", "lists", 0, 7, 900),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 8)))


def test_the_busiest_portals_come_first_each_on_its_row() -> None:
    rows = table(RUNNING, 80, 10)
    assert [row.split()[0] for row in rows] == ["busy", "some", "quiet"]
    assert rows[0].rstrip().endswith("reports 3/20        1,234 asked    5.6 MB")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_no_row_is_as_wide_as_the_terminal_whatever_is_written_in_it(width: int) -> None:
    for row in table(RUNNING, width, 10):
        assert cells(row) == width - 1


def test_columns_stand_below_each_other_though_a_chinese_character_takes_two_cells() -> None:
    ends = {cells(row[: row.index(" asked")]) for row in table(RUNNING, 80, 10)}
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("height", "shown", "counted"),
    [(3, 3, ""), (2, 2, "... and 2 more running"), (1, 1, "... and 3 more running")],
)
def test_portals_that_do_not_fit_are_counted(height: int, shown: int, counted: str) -> None:
    rows = table(RUNNING, 80, height)
    assert len(rows) == shown
    if counted:
        assert rows[-1].rstrip() == counted


def test_a_portals_name_cannot_move_the_cursor() -> None:
    assert fit("a\x1b[2Jb\n", 10) == "a?[2Jb?   "


def test_the_table_is_drawn_in_place_below_what_has_ended() -> None:
    stream, screen = Terminal(), Screen(80, 8)
    live = Live(stream, 5, clock=lambda: 60.0)
    live.running(RUNNING)
    live.running(RUNNING[1:])
    live.ended(Result("quiet", "ok", "2 listed", 5, 6, listed=2))
    live.running(RUNNING[:1])
    screen.feed(stream.getvalue().replace("\n", "\r\n"))
    ended, row, summary, rest = screen.lines
    assert ended == "crawled     quiet: ok: 2 listed (5 responses archived, 6 requests sent)"
    assert row.startswith("quiet")
    assert summary == "1 of 5 portals done, 1 running; 2 reports found; 0:00:00"
    assert rest == ""


def test_many_portals_never_outgrow_the_terminal() -> None:
    stream, screen = Terminal(), Screen(80, 8)
    live = Live(stream, 300)
    states = [State(f"p{number}", "样例", "lists", 0, number) for number in range(64)]
    for _ in range(3):
        live.running(states)
    screen.feed(stream.getvalue().replace("\n", "\r\n"))
    assert len(screen.lines) == 8, "7 rows and the cursor's own; nothing has scrolled away"
    assert screen.lines[5] == "... and 59 more running"


def test_what_is_logged_does_not_run_into_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, screen = Terminal(), Screen(80, 8)
    handler = logging.StreamHandler(stream)
    monkeypatch.setattr(logging.root, "handlers", [handler])
    with Live(stream, 5).shown() as live:
        live.running(RUNNING)
        logging.getLogger("x").error("the disk is full")
        live.running(RUNNING)
    screen.feed(stream.getvalue().replace("\n", "\r\n"))
    assert screen.lines == ["the disk is full", ""]
    assert handler.filters == []


def test_elsewhere_than_on_a_terminal_there_is_a_line_for_each_end_and_nothing_else() -> None:
    stream = io.StringIO()
    live = Live(stream, 5)
    live.running(RUNNING)
    live.ended(Result("quiet", "ok", "2 reports are listed", 5, 6))
    live.running(RUNNING)
    assert stream.getvalue() == (
        "crawled     quiet: ok: 2 reports are listed (5 responses archived, 6 requests sent)\n"
    )


def test_at_the_end_what_needs_a_look_comes_first_and_then_the_counts() -> None:
    results = (
        Result("a", "ok", "good"), Result("b", "failed", "no column"), Result("c", "ok", "good"),
        Result("d", "unchanged", "good"), Result("e", "blocked", "521"),
    )  # fmt: skip
    assert closing(results, 5) == [
        "look at     b: failed: no column",
        "look at     e: blocked: 521",
        "outcomes    2 ok, 1 failed, 1 unchanged, 1 blocked",
    ]


def test_what_was_not_begun_is_not_said_to_be_crawled() -> None:
    *_, last = closing((Result("a", "ok", "good"), Result("b", "interrupted", "stopped")), 10)
    assert last.startswith("interrupted: 1 portals in the middle, 8 not begun")
