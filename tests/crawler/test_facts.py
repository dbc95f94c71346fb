"""A run is judged by what it archived."""

import pytest

from archive.captures import DETAIL, Capture, Context
from crawler.facts import Facts


def facts(**values: object) -> Facts:
    tally = Facts(lists=1, listed={"a", "b", "c"}, archived={"a"})
    for name, value in values.items():
        setattr(tally, name, value)
    return tally


@pytest.mark.parametrize(
    ("tally", "last", "outcome"),
    [
        (facts(), None, "ok"),
        (facts(archived=set()), 3, "unchanged"),
        (facts(listed=set()), 30, "empty"),
        (facts(listed=set()), None, "empty"),
        (facts(), 30, "shrunken"),
        (facts(lists=0), None, "failed"),
        (facts(column_failures={"u": 403}), 3, "blocked"),
        (facts(column_failures={"u": 404}), 3, "gone"),
        (facts(column_failures={"u": 404, "v": 0}), 3, "failed"),
        (facts(missed={"a": 500}), 3, "failed"),
        (facts(missed={"a": 521, "b": 412}), 3, "blocked"),
        (facts(missing_columns={"u": 404}), 3, "moved"),
        (facts(missing_columns={"u": 404}, lists=0), 3, "gone"),
    ],
)
def test_the_outcome_follows_from_the_facts(tally: Facts, last: int | None, outcome: str) -> None:
    verdict = tally.verdict(last)
    assert verdict["outcome"] == outcome
    assert verdict["reason"]


def test_a_document_that_is_had_after_all_is_not_missed() -> None:
    tally = facts(missed={"a": 503})
    tally.answered(Capture(url="a", status=200, body=b"xy", context=Context(role=DETAIL)))
    verdict = tally.verdict(3)
    assert verdict["outcome"] == "ok"
    assert (verdict["requests"], verdict["bytes"]) == (1, 2)
