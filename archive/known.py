"""What the earlier runs of a portal know, so that the next one asks little and judges well."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive.captures import Context

FULL, SHORT, GAPS = "full", "short", "gaps"
"""How far a run walked the lists: from end to end, or only as far as something new could stand.

A run that looked for what is wanted (`gaps`) walks other lists too, and may leave some before their end:
no later run compares itself with it. One that ended badly has the next one walk whole lists, as any does.
"""

GOOD = ("ok", "unchanged", "moved")
"""Outcomes of runs that saw what there was."""

IMPORTED = "imported"
"""Outcome of a run that asked nobody: what others archived was taken in."""


INCOMPLETE = "incomplete"
"""Reason with which a run names an archived page that brings something which could not be had."""

KNOWN, UNLISTED, RELISTED = "known", "unlisted", "relisted"
"""Reasons with which a run names an archived report that a list names; that none does any more, or one does
again: then it is looked at once, whenever its turn would come."""

_SEEN = {200, 304, 404, 410}
_NOTHING_SEEN = {"challenge", "cut"}
"""Judgements of answers that tell nothing of the page; every other is a look at what stands there."""


@dataclass(frozen=True, slots=True)
class Look:
    """A document that is archived: when it was first and last looked at (UTC), in which context.

    `incomplete`: at the last look something that it brings could not be had; `leads_to`: address at which it
    is archived, where its own led there.
    """

    first_seen: str
    last_seen: str
    context: Context
    incomplete: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Before:
    """The newest good run that walked whole lists.

    Attributes:
        ended_at: UTC, as WARC headers write it.
        listed: how many reports it saw listed in all.
        reports: how many by the address of each list; `gaps`: entries that a list declared and
            did not show, where there were any.
        was_last: no run that ended badly has followed it.
    """

    ended_at: str
    listed: int
    reports: Mapping[str, int]
    gaps: Mapping[str, int] = field(default_factory=dict)
    was_last: bool = True


def looks(rows: Iterable[Mapping[str, Any]], incomplete: Mapping[str, str]) -> dict[str, Look]:
    """Return the documents that captures tell of, by address.

    An address is known if it was archived or if it leads to one that was. A page that is gone
    was looked at too: what is archived of it stays, and it is not asked for more often.

    Args:
        rows: Rows of the index's `capture` of reports and their parts, in the order of time.
        incomplete: When a run last ended without something that a page brings, by its address.
    """
    found: dict[str, Look] = {}
    led: dict[str, str] = {}
    last: dict[str, str] = {}
    for row in rows:
        url, seen = row["url"], row["fetched_at"]
        if row["judged"] in _NOTHING_SEEN or not (row["location"] or row["status"] in _SEEN):
            continue
        if row["location"]:
            led[url] = row["location"]
        elif row["status"] in (200, 304) and not row["judged"]:
            first = found[url].first_seen if url in found else seen
            found[url] = Look(first, seen, Context(**json.loads(row["context"])))
        last[url] = seen
    for url in led:
        end = _end(url, led)
        if end in found and end != url:
            found[url] = replace(found.get(url, found[end]), leads_to=end)
    return {url: _at(look, last[url], incomplete.get(url, "")) for url, look in found.items()}


def _end(url: str, led: Mapping[str, str]) -> str:
    steps = 0
    while url in led and steps < len(led):
        url, steps = led[url], steps + 1
    return url


def _at(look: Look, last_seen: str, left: str) -> Look:
    seen = max(look.last_seen, last_seen)
    return replace(look, last_seen=seen, incomplete=left >= seen)


def _gap(listed: Mapping[str, Any]) -> int:
    return int(listed["declared"] or 0) - int(listed["entries"])


def before(rows: Iterable[Mapping[str, Any]]) -> Before | None:
    """Return the newest good run through whole lists, or None.

    Args:
        rows: Rows of the index's `run` that ended, newest first.
    """
    was_last = True
    for row in rows:
        if row["outcome"] == IMPORTED:
            continue
        good = row["outcome"] in GOOD
        if good and row["walk"] == FULL:
            lists = json.loads(row["lists"])
            reports = {each["url"]: int(each["reports"]) for each in lists}
            gaps = {each["url"]: gap for each in lists if (gap := _gap(each)) > 0}
            return Before(row["ended_at"], int(row["listed"]), reports, gaps, was_last)
        was_last = was_last and good
    return None
