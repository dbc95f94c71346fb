"""A run is judged by what it archived."""

import pytest
from scrapy import Request

from archive.captures import DETAIL, Capture, Context
from archive.known import Before
from crawler.facts import Facts
from crawler.listing import Listing
from crawler.meta import CAPTURE, CONTEXT, JUDGED, forget_answer
from crawler.verdict import verdict

LIST = "http://h/nb/"


def facts(**values: object) -> Facts:
    tally = Facts(listed={"a", "b", "c"}, archived={"a"})
    tally.listings = {LIST: Listing(LIST, pages=1, reports={"a", "b", "c"}, entries={"a", "b", "c", "d"})}
    for name, value in values.items():
        setattr(tally, name, value)
    return tally


def before(listed: int | None, **lists: int) -> Before | None:
    return None if listed is None else Before("2026-01-31T00:00:00Z", listed, lists)


@pytest.mark.parametrize(
    ("tally", "last", "outcome"),
    [
        (facts(), None, "ok"),
        (facts(archived=set()), 3, "unchanged"),
        (facts(listed=set()), 30, "empty"),
        (facts(listed=set()), None, "empty"),
        (facts(), 30, "shrunken"),
        (facts(listings={}), None, "failed"),
        (facts(column_failures={"u": 403}), 3, "blocked"),
        (facts(column_failures={"u": 404}), 3, "gone"),
        (facts(column_failures={"u": 404, "v": 0}), 3, "failed"),
        (facts(missed={"a": 500}), 3, "failed"),
        (facts(missed={"a": 521, "b": 412}), 3, "blocked"),
        (facts(missing_columns={"u": 404}), 3, "moved"),
        (facts(missing_columns={"u": 404}, listings={}), 3, "gone"),
    ],
)
def test_the_outcome_follows_from_the_facts(tally: Facts, last: int | None, outcome: str) -> None:
    told = verdict(tally, before(last))
    assert told["outcome"] == outcome
    assert told["reason"]


def test_a_shrunken_list_that_is_accepted_is_fine_and_a_failed_one_is_not() -> None:
    told = verdict(facts(), before(30), "they moved")
    assert (told["outcome"], told["reason"][-20:]) == ("ok", "accepted: they moved")
    assert verdict(facts(missed={"a": 500}), before(30), "they moved")["outcome"] == "failed"


def test_a_list_that_never_showed_what_it_declares_is_shrunken_once_it_shows_less() -> None:
    usual = Before("2026-01-31T00:00:00Z", 3, {LIST: 3}, {LIST: 5})
    assert verdict(listing("abc", "abcd", 9), usual)["outcome"] == "unchanged"
    assert verdict(listing("abc", "abcd", 10), usual)["outcome"] == "shrunken"
    assert verdict(listing("abc", "abcd", 9), before(3, **{LIST: 3}))["outcome"] == "shrunken"


def test_a_document_that_is_had_after_all_is_not_missed() -> None:
    tally = facts(missed={"a": 503})
    tally.answered(Capture(url="a", status=200, body=b"xy", context=Context(role=DETAIL)), 2)
    told = verdict(tally, before(3))
    assert told["outcome"] == "ok"
    assert (told["requests"], told["bytes"]) == (1, 2)


def listing(reports: str, entries: str, declared: int | None = None, *, whole: bool = True) -> Facts:
    tally = facts(listed=set(reports), archived=set())
    tally.listings = {LIST: Listing(LIST, LIST, whole=whole, pages=1, declared=declared)}
    tally.listings[LIST].reports, tally.listings[LIST].entries = set(reports), set(entries)
    return tally


@pytest.mark.parametrize(
    ("tally", "held", "outcome", "said"),
    [
        (listing("", "x"), 9, "empty", "it listed 9"),
        (listing("a", "ab"), 9, "shrunken", "lists 1 reports; it listed 9"),
        (listing("abcde", "abcde"), 9, "unchanged", "none of them new"),
        (listing("a", "ab", whole=False), 9, "unchanged", "on the pages that were asked for"),
        (listing("", "", whole=False), 9, "unchanged", "0 reports"),
        (listing("a", "abc", 45), 1, "shrunken", "declares 45 entries, 3 were found"),
        (listing("a", "abc", 45, whole=False), 1, "unchanged", ""),
        (listing("a", "abc", 2), 1, "unchanged", ""),
    ],
)
def test_each_list_is_judged_by_the_last_good_walk_through_it(
    tally: Facts, held: int, outcome: str, said: str
) -> None:
    told = verdict(tally, before(0, **{LIST: held}))
    assert told["outcome"] == outcome
    assert said in told["reason"]


def test_an_emptied_column_is_seen_beside_one_that_is_full() -> None:
    tally = facts()
    tally.listings["other"] = Listing("other", pages=1)
    told = verdict(tally, before(6, **{LIST: 3, "other": 3}))
    assert told["outcome"] == "empty"
    assert "other lists no reports" in told["reason"]


def test_a_frame_that_is_no_list_harms_only_a_column_without_one() -> None:
    tally = facts(no_lists={"column": {"http://h/weather": "no known platform's list"}})
    tally.listings[LIST].column = "column"
    told = verdict(tally, None)
    assert told["outcome"] == "ok"
    assert "weather" in told["reason"]
    tally.listings[LIST].column = "another"
    assert verdict(tally, None)["outcome"] == "failed"


def test_a_report_that_is_gone_and_a_dead_link_are_notes_and_any_other_is_missed() -> None:
    tally = facts(known={"a", "b", "c"}, archived=set())
    tally.miss("b", 404)
    tally.miss("c", "led to http://h/")
    tally.miss("z", 410)
    told = verdict(tally, None)
    assert told["outcome"] == "unchanged"
    assert (
        "2 archived reports are gone: b (404), c (led to http://h/); 1 link is dead: z (410)"
        in told["reason"]
    )
    tally.miss("a", 500)
    tally.miss("x", "soft_404")
    tally.miss("y", "led to http://h/")
    told = verdict(tally, None)
    assert told["outcome"] == "failed"
    assert "3 document(s)" in told["reason"]
    assert "x (a page that says there is none)" in told["reason"]


def test_a_column_of_dead_links_alone_has_failed() -> None:
    tally = facts(archived=set())
    tally.miss("a", 404)
    assert verdict(tally, None)["outcome"] == "failed"


def test_a_report_that_led_to_what_was_looked_at_again_is_not_lost() -> None:
    end = Capture(url="http://h/2", status=304, refers_to="f" * 32, context=Context(role=DETAIL))
    tally = facts(followed={"http://h/1", "http://h/2"}, archived=set())
    tally.learn(Capture(url="http://h/1", status=302, headers=(("Location", "/2"),)))
    tally.learn(end)
    assert verdict(tally, None)["outcome"] == "unchanged"
    tally.looked.clear()
    assert "led to http://h/2" in verdict(tally, None)["reason"]


def test_a_redirected_request_does_not_bring_the_answer_before_it() -> None:
    asked = Request("http://h/1", meta={CONTEXT: Context(), JUDGED: "challenge", CAPTURE: "f" * 32})
    again = asked.replace(url="http://h/2")
    forget_answer(again)
    assert again.meta == {CONTEXT: Context()}
