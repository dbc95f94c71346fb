"""A run is judged by what it archived."""

import pytest

from archive.captures import DETAIL, Capture, Context
from archive.known import Before
from crawler.facts import Facts
from crawler.listing import Listing
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


def test_a_document_that_is_had_after_all_is_not_missed() -> None:
    tally = facts(missed={"a": 503})
    tally.answered(Capture(url="a", status=200, body=b"xy", context=Context(role=DETAIL)))
    told = verdict(tally, before(3))
    assert told["outcome"] == "ok"
    assert (told["requests"], told["bytes"]) == (1, 2)
