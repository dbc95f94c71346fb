"""What a crawl tells whoever watches it: what each portal does, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

INTERRUPTED, BUSY = "interrupted", "busy"
SETTLED = ("ok", "unchanged")
"""Outcomes that nobody need look at."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one portal's run.

    Attributes:
        portal, outcome, reason: the portal's name, the outcome's word, and why in words.
        captures, requests: responses archived and requests sent, in this run only.
        listed: reports that its lists name.
        archive_failed: the disk is full or failing, so that nothing more can be archived.
    """

    portal: str
    outcome: str
    reason: str
    captures: int = 0
    requests: int = 0
    listed: int = 0
    archive_failed: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a portal is doing now: `doing` in words; reports listed, requests sent, bytes of bodies."""

    portal: str
    title: str
    doing: str
    listed: int = 0
    requests: int = 0
    bytes: int = 0


class Watcher(Protocol):
    """Whoever wants to know how a crawl goes on."""

    def running(self, states: Sequence[State]) -> None:
        """Take what the running portals do, about twice a second."""

    def ended(self, result: Result) -> None:
        """Take what came of a portal, as soon as it is known."""
