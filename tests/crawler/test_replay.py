"""What repeats a body that has left the archive is no answer: it is asked again."""

import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.utils.request import RequestFingerprinter

from archive import runs
from archive.captures import DETAIL, Capture, Context
from archive.exchanges import Exchange
from archive.index import Index
from crawler.facts import Facts
from crawler.meta import REPEATED
from crawler.portal import Portal
from crawler.replay import Replay
from crawler.revisit import Stored
from crawler.run import Run

DATE = "2026-01-31T00:00:00Z"
URL = "http://127.0.0.1:9/1"
PORTAL = Portal("pp", "样例市（样本）", "990100", "http://127.0.0.1:9/", ("127.0.0.1:9",), "test", local=True)
FINGERPRINT = RequestFingerprinter().fingerprint(Request(URL)).hex()


def exchange(**more: Any) -> Exchange:
    context = Context(role=DETAIL, portal="pp")
    asked = Exchange(URL, "GET", (), b"", 200, "", (), b"<p>x", DATE, FINGERPRINT, context)
    return replace(asked, **more)


@pytest.fixture
def stored(tmp_path: Path) -> Capture:
    """Store a page, and in a later run, which was interrupted, that it came again."""
    first = runs.RunWriter(tmp_path / "warc", "pp", "20260131T000000Z", {"date": DATE})
    first.tell(runs.STARTED, DATE, {"portal": PORTAL.declaration()})
    capture = first.store(exchange())
    first.seal()
    later = runs.RunWriter(tmp_path / "warc", "pp", "20260201T000000Z", {"date": DATE})
    later.tell(runs.STARTED, DATE, {"portal": PORTAL.declaration()})
    later.store(exchange(repeats=capture))
    later.close()
    return capture


def replayed(data: Path) -> tuple[bytes | None, Facts]:
    """Return the body that the interrupted run is answered from the archive, and what it learnt."""
    run, facts = Run(data, PORTAL, {"software": "test"}), Facts()
    crawler: Any = SimpleNamespace(
        request_fingerprinter=RequestFingerprinter(), spider=SimpleNamespace(facts=facts)
    )
    try:
        request = Request(URL)
        response = Replay(crawler, run).process_request(request)
        assert response is None or request.meta[REPEATED]
        return response.body if response else None, facts
    finally:
        run.abandon()


def test_an_archived_repetition_is_answered_with_the_body_it_repeats(tmp_path: Path, stored: Capture) -> None:
    body, facts = replayed(tmp_path)
    assert (body, facts.looked) == (stored.body, {URL})


def test_a_repetition_of_what_is_gone_is_asked_again(
    tmp_path: Path, stored: Capture, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "warc" / "pp" / stored.file).unlink()
    with caplog.at_level(logging.ERROR):
        body, facts = replayed(tmp_path)
    assert (body, facts.looked, facts.archived) == (None, set(), set())
    assert stored.id in caplog.text


def test_a_page_that_the_index_knows_no_more_is_asked_for_whole(tmp_path: Path, stored: Capture) -> None:
    with Index(tmp_path) as index:
        index.catch_up()
        assert Stored(index, {URL: stored.id}).find(URL) == stored
        assert Stored(index, {URL: "f" * 32}).find(URL) is None
