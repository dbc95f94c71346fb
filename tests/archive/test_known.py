"""What the index knows of earlier runs is what the next one goes by."""

import json
from typing import Any

from archive.captures import Context
from archive.known import Before, Look, before, looks

A, B, HOME = "http://h/a", "http://h/b", "http://h/"


def row(url: str, day: int, status: int = 200, judged: str = "", location: str = "") -> dict[str, Any]:
    context = json.dumps({"role": "detail", "link_text": f"day {day}"})
    seen = f"2026-01-{day:02d}T00:00:00Z"
    return {
        "url": url, "fetched_at": seen, "status": status, "judged": judged, "location": location, "context": context,
    }  # fmt: skip


def span(found: dict[str, Look], url: str) -> tuple[str, str]:
    return found[url].first_seen[8:10], found[url].last_seen[8:10]


def test_a_document_was_looked_at_whenever_it_answered_or_was_gone() -> None:
    rows = [row(A, 1), row(A, 8, 304), row(A, 15, 404), row(A, 20, 500), row(A, 21, 200, "challenge")]
    assert span(looks(rows[:2], {}), A) == ("01", "08")
    assert span(looks(rows, {}), A) == ("01", "15")
    assert looks(rows, {})[A].context == Context(role="detail", link_text="day 8")


def test_what_was_never_archived_is_not_known() -> None:
    rows = [row(A, 1, 404), row(B, 1, 200, "soft_404"), row("http://h/c", 1, 200, "cut")]
    assert looks(rows, {}) == {}


def test_an_address_that_leads_to_an_archived_document_is_known() -> None:
    found = looks([row(A, 1, 302, location=B), row(B, 1), row(A, 9, 302, location=B), row(B, 8, 304)], {})
    assert span(found, A) == ("01", "09")
    assert span(found, B) == ("01", "08")
    assert looks([row(A, 1, 302, location=HOME)], {}) == {}
    assert looks([row(A, 1, 302, location=B), row(B, 1, 302, location=A)], {}) == {}


def test_a_run_that_asked_nobody_is_no_walk_and_takes_none_away() -> None:
    found = before([run(4, "imported", ""), run(3, "ok")])
    assert found is not None
    assert (found.ended_at, found.was_last) == ("3", True)
    assert before([run(4, "imported", "full")]) is None


def run(day: int, outcome: str, walk: str = "full", listed: int = 3) -> dict[str, Any]:
    lists = json.dumps([{"url": A, "reports": listed, "entries": 9, "declared": None}])
    return {"ended_at": f"{day}", "outcome": outcome, "walk": walk, "listed": listed, "lists": lists}


def test_the_last_good_whole_walk_is_what_a_run_is_compared_with() -> None:
    newest_first = [run(4, "unchanged", "short", 1), run(3, "ok"), run(1, "ok", listed=9)]
    assert before(newest_first) == Before("3", 3, {A: 3}, was_last=True)
    assert before([run(5, "shrunken", listed=1), *newest_first]) == Before("3", 3, {A: 3}, was_last=False)
    short = run(3, "ok") | {"lists": json.dumps([{"url": A, "reports": 3, "entries": 7, "declared": 9}])}
    assert before([short]) == Before("3", 3, {A: 3}, {A: 2})
    assert before([run(1, "failed"), run(2, "empty")]) is None
