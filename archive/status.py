"""What `status` prints: a line for each portal, the worst first, or the same for programs."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive import stopped
from archive.health import Health
from archive.versions import STAMP, newest

HEAD = ("state", "portal", "report", "published", "entry", "had", "tried", "outcome", "since")
TITLE, REASON = 24, 100
"""Cells that a title may take, and characters of a reason, on the one line of a portal."""

# What a portal calls itself must not write to the terminal as it likes, nor turn its line around.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Published:
    """The newest publication, empty if there is none, and how the gate has stopped the next, if it has."""

    version: str
    stop: stopped.Stop | None

    @property
    def at(self) -> str:
        """When it was made, UTC."""
        return f"{datetime.strptime(self.version, STAMP):%Y-%m-%dT%H:%M:%SZ}" if self.version else ""

    def lines(self) -> list[str]:
        """Return it in words; nothing of what is not there."""
        made = [f"published  {self.version}, {self.at}"] if self.version else []
        if self.stop is None:
            return made
        since = f"stopped  since {self.stop.since or '?'}, and what is served is as it was"
        remedy = '         look, then: gongkai publish --accept "why"'
        return [*made, since, *(f"         {plain(reason)}" for reason in self.stop.reasons), remedy]

    def told(self) -> dict[str, Any]:
        """Return it as programs read it."""
        stop = self.stop
        return {
            "publication": self.version or None,
            "published_at": self.at or None,
            "stopped_since": stop.since if stop else None,
            "reasons": list(stop.reasons) if stop else [],
        }


def published(data: Path) -> Published:
    """Return how the publications of a data folder stand."""
    folder = newest(data / "public")
    return Published(folder.name if folder else "", stopped.read(data))


def lines(portals: Sequence[Health]) -> list[str]:
    """Return the table, its head first; columns are as wide as what stands in them."""
    rows = [HEAD, *(_row(health) for health in portals)]
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    texts = [("title", "reason"), *((_title(health), _reason(health)) for health in portals)]
    return [
        "  ".join([*_padded(row, widths), *_padded((title,), (TITLE,)), reason]).rstrip()
        for row, (title, reason) in zip(rows, texts, strict=True)
    ]


def summary(portals: Sequence[Health]) -> str:
    """Return how many portals are in each state, the worst first."""
    states = dict.fromkeys(health.state for health in portals)
    return ", ".join(f"{sum(each.state == state for each in portals)} {state}" for state in states)


def print_json(told: Iterable[dict[str, Any]]) -> None:
    """Print one JSON object a line."""
    for each in told:
        # ASCII alone: whatever a portal calls itself, the line is one.
        click.echo(json.dumps(each))


def _row(health: Health) -> tuple[str, ...]:
    facts = health.facts
    days = (facts.published_on, facts.entry, facts.captured, facts.attempted)
    return (
        health.state,
        facts.portal,
        str(facts.year or "-"),
        *(day[:10] or "-" for day in days),
        health.outcome or "-",
        health.since[:10] or "-",
    )


def _title(health: Health) -> str:
    title = plain(health.facts.title)
    while _width(title) > TITLE:
        title = title[:-2] + "…"
    return title


def _reason(health: Health) -> str:
    reason = plain(health.reason)
    return reason if len(reason) <= REASON else reason[: REASON - 1] + "…"


def plain(text: str) -> str:
    """Return a text that is one line and only text."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _padded(row: Iterable[str], widths: Iterable[int]) -> list[str]:
    return [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes: a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
