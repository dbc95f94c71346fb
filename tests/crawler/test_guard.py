"""What the crawl refuses."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.error import DNSLookupError

from crawler.guard import PublicResolver, is_public


class Reactor:
    """Stands for Twisted's: the resolver asks it only for a thread."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def getThreadPool(self) -> "Reactor":  # noqa: N802
        return self

    def callLater(self, *_: object) -> "Reactor":  # noqa: N802
        return self

    def callFromThread(self, function: Any, *values: Any) -> None:  # noqa: N802
        function(*values)

    def callInThreadWithCallback(self, done: Any, function: Any, *values: Any) -> None:  # noqa: N802
        done(True, self.answer)

    def cancel(self) -> None:
        pass


@pytest.fixture
def local_names() -> Iterator[set[str]]:
    yield PublicResolver.local_names
    PublicResolver.local_names.clear()


def look_up(name: str, answer: str) -> tuple[list[str], list[str]]:
    found: list[str] = []
    refused: list[str] = []
    resolver = PublicResolver(Reactor(answer), 0, 5)  # type: ignore[arg-type]
    deferred = resolver.getHostByName(name)
    deferred.addCallbacks(
        found.append, lambda failure: refused.append(failure.check(DNSLookupError).__name__)
    )
    return found, refused


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1",
     "fd00::1", "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1", "168.63.129.16"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused_by_name_and_literally(address: str) -> None:
    assert not is_public(address)
    assert look_up("portal.example", address) == ([], ["DNSLookupError"])
    assert look_up(address, address) == ([], ["DNSLookupError"])


def test_public_addresses_are_resolved() -> None:
    assert look_up("portal.example", "223.5.5.5") == (["223.5.5.5"], [])


def test_an_answer_that_changes_between_two_look_ups_is_judged_each_time() -> None:
    assert look_up("portal.example", "223.5.5.5")[0]
    assert look_up("portal.example", "127.0.0.1")[1]


def test_loopback_is_open_to_the_names_that_local_portals_list(local_names: set[str]) -> None:
    local_names.add("127.0.0.1")
    assert look_up("127.0.0.1", "127.0.0.1") == (["127.0.0.1"], [])
    assert look_up("localhost", socket.gethostbyname("localhost"))[1]
