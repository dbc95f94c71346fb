"""Where a robots.txt cannot be had, whatever the reason, nothing is asked of its host and the run says why."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.statscollectors import DummyStatsCollector

from crawler import settings as project
from crawler.facts import Facts
from crawler.gate import HostTired
from crawler.robots import RobotsTxt

URL = "http://h:8080/nb/1.html"
CLOSED = b"User-agent: *\nDisallow: /nb/\n"


def ask(answer: Response | Exception) -> tuple[bool, Facts]:
    """Return whether a page may be asked for where its robots.txt is answered so, and what was noted."""
    settings = Settings()
    settings.setmodule(project)
    facts = Facts()

    async def download(_: Request) -> Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    crawler: Any = SimpleNamespace(
        settings=settings,
        signals=SignalManager(),
        spider=SimpleNamespace(facts=facts),
        engine=SimpleNamespace(download_async=download),
    )
    crawler.stats = DummyStatsCollector(SimpleNamespace(settings=settings))  # type: ignore[arg-type]
    try:
        asyncio.run(RobotsTxt.from_crawler(crawler).process_request(Request(URL)))
    except IgnoreRequest:
        return False, facts
    return True, facts


def robots(status: int = 200, body: bytes = CLOSED, flag: str = "") -> Response:
    return Response("http://h:8080/robots.txt", status=status, body=body, flags=[flag] if flag else [])


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [(robots(body=b""), True), (robots(), False), (robots(404), True), (robots(403), True)],
)
def test_one_that_is_had_or_is_not_there_says_what_may_be_asked(answer: Response, allowed: bool) -> None:
    may, facts = ask(answer)
    assert (may, facts.lawless, facts.notes) == (allowed, set(), [])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (robots(503, b""), "503"),
        (robots(body=b"", flag="dataloss"), "it came cut"),
        (robots(body=b"", flag="partial"), "it came cut"),
        (OSError("no route"), "no route"),
        (TimeoutError(), "TimeoutError"),
        (HostTired("h asks to be left alone for 9000 seconds more"), "9000 seconds"),
        (IgnoreRequest("'http://far/robots.txt' is not on the portal's hosts"), "not on the portal's hosts"),
    ],
    ids=["503", "cut", "stopped", "unreachable", "silent", "resting", "led_off_the_portal"],
)
def test_one_that_cannot_be_had_forbids_everything_and_is_told(answer: Any, why: str) -> None:
    may, facts = ask(answer)
    assert not may
    assert facts.lawless == {"h:8080"}
    (note,) = facts.notes
    assert note.startswith("h:8080: its robots.txt could not be had: ")
    assert why in note
