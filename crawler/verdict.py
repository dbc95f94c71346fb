"""The outcome that follows from what a run saw.

A run is judged by what it archived, never by its log: a crawl that meets only empty columns
or challenge pages has failed, however smoothly it ran.
"""

from collections.abc import Mapping
from typing import Any

from archive.known import FULL, SHORT, Before
from crawler.facts import GONE, Asked, Facts
from crawler.judge import BLOCKED, CHALLENGE, LED, WORDS

NOTES = 5
"""Notes that a reason carries; a portal that fails a thousand times fails in one way."""

Verdict = tuple[str, str]
"""Outcome and reason."""


def verdict(facts: Facts, before: Before | None, accepted: str = "") -> dict[str, Any]:
    """Return what the run's last record tells.

    Args:
        facts: What the run saw.
        before: The newest good run that walked whole lists; None if there was none.
        accepted: Why the operator takes lists that hold less than before, or than they declare, as
            they are; they are what later runs compare with.
    """
    facts.find_lost()
    facts.find_incomplete()
    _weigh_columns(facts)
    outcome, reason = _judge(facts, before)
    if accepted and outcome in ("empty", "shrunken"):
        outcome, reason = "ok", f"{reason}; accepted: {accepted}"
    asked = facts.tally.asked
    return {
        "outcome": outcome,
        "reason": "; ".join((reason, *_gone(facts), *facts.notes[:NOTES])),
        "walk": FULL if _is_whole(facts) else SHORT,
        "lists": [
            {
                "url": url,
                "reports": len(each.reports),
                "entries": len(each.entries),
                "declared": each.declared,
            }
            for url, each in facts.listings.items()
        ],
        "listed": len(facts.listed),
        "captures": facts.captures,
        "requests": sum(host.requests for host in asked.values()),
        "bytes": sum(host.bytes for host in asked.values()),
        "skips": [{"url": url, "text": text, "reason": why} for url, (text, why) in facts.skips.items()],
        "asked": [_asked_row(host, each) for host, each in asked.items()],
    }


def _asked_row(host: str, asked: Asked) -> dict[str, Any]:
    return {"host": host, "requests": asked.requests, "bytes": asked.bytes, "failures": asked.failures}


def _is_whole(facts: Facts) -> bool:
    return all(each.whole for each in facts.listings.values())


def _gone(facts: Facts) -> list[str]:
    told = []
    held = {url: wrong for url, wrong in facts.gone.items() if url in facts.known}
    dead = {url: wrong for url, wrong in facts.gone.items() if url not in facts.known}
    if held:
        told.append(f"{_count(held, 'archived report')} gone: {_shown(held)}")
    if dead:
        told.append(f"{_count(dead, 'link')} dead: {_shown(dead)}")
    return told


def _count(urls: Mapping[str, int | str], what: str) -> str:
    return f"1 {what} is" if len(urls) == 1 else f"{len(urls)} {what}s are"


def _weigh_columns(facts: Facts) -> None:
    """Tell columns without a list, and lists with a page missing, from those that only look so."""
    for column, pages in facts.no_lists.items():
        found = any(each.column == column and each.pages for each in facts.listings.values())
        if column not in facts.guessed:
            facts.notes += [f"{url}: {what}" for url, what in pages.items()]
        for url, what in pages.items() if not found else ():
            facts.fail_column(column, url, what)
    for column, target in facts.led.items():
        if target in facts.listings:
            facts.notes.append(f"{column} {LED}{target}, which was read")
        else:
            facts.fail_column(column, column, LED + target)
    _weigh_lists(facts)


def _weigh_lists(facts: Facts) -> None:
    """Tell lists with a page missing from those that only look so, and keep the pages that were left."""
    for listing in facts.listings.values():
        lost = listing.lost_pages()
        for url, word in lost.items():
            facts.fail_column(listing.column, url, word)
        facts.notes += [
            f"the list ends before {url} ({_say(word)})"
            for url, (_, word) in listing.ends.items()
            if url not in lost
        ]
        for url, reason in listing.left.items():
            facts.skip(url, "", reason)


def _judge(facts: Facts, before: Before | None) -> Verdict:
    if facts.column_failures:
        return _judge_failures(facts.column_failures, "column")
    if not facts.listings:
        if facts.missing_columns:
            return _judge_failures(facts.missing_columns, "column")
        return "failed", "no column of reports was found"
    if facts.missed:
        return _judge_failures(facts.missed, "document")
    if facts.gone and not facts.archived | facts.looked | facts.known:
        return _judge_failures(facts.gone, "document")
    return _judge_lists(facts, before) or _judge_total(facts, before) or _judge_found(facts)


def _judge_lists(facts: Facts, before: Before | None) -> Verdict | None:
    """Judge each list that was walked whole by what it held when one was last."""
    for url, each in facts.listings.items():
        held = before.reports.get(url, 0) if before else 0
        if each.whole and held and not each.reports:
            return "empty", f"{url} lists no reports; it listed {held}"
        if each.whole and len(each.reports) * 2 < held:
            return "shrunken", f"{url} lists {len(each.reports)} reports; it listed {held}"
    return None


def _judge_total(facts: Facts, before: Before | None) -> Verdict | None:
    """Judge what all lists hold together, and whether they hold what they declare."""
    held = before.listed if before else 0
    seen = f"; {held} were listed before" if held else ""
    if not _is_whole(facts):
        return None
    if not facts.listed:
        return "empty", f"the column lists no reports{seen}"
    if len(facts.listed) * 2 < held:
        return "shrunken", f"{len(facts.listed)} reports are listed{seen}"
    for url, each in facts.listings.items():
        # What was declared and not shown when the list was last found good is not missing now.
        declared = each.column not in facts.guessed
        if declared and each.gap() > (before.gaps.get(url, 0) if before else 0):
            found = len(each.entries)
            return "shrunken", f"{url}: the column declares {each.declared} entries, {found} were found"
    return None


def _judge_found(facts: Facts) -> Verdict:
    listed = f"{len(facts.listed)} reports are listed"
    if not _is_whole(facts):
        listed += " on the pages that were asked for"
    if facts.missing_columns:
        return "moved", "a column is gone; the reports were found by another way"
    if not facts.archived:
        return "unchanged", f"{listed}, none of them new or changed"
    reports = facts.archived - facts.brought.keys()
    changed = reports & facts.known
    again = f", {len(changed)} of them changed since" if changed else ""
    parts = len(facts.archived) - len(reports)
    brought = f", and {parts} that pages bring with them" if parts else ""
    return "ok", f"{listed}, {len(reports)} archived now{again}{brought}"


def _judge_failures(failures: Mapping[str, int | str], what: str) -> Verdict:
    statuses = set(failures.values())
    reason = f"{len(failures)} {what}(s) could not be read: {_shown(failures)}"
    if statuses <= {*BLOCKED, CHALLENGE}:
        return "blocked", reason
    if what == "column" and statuses <= GONE:
        return "gone", reason
    return "failed", reason


def _shown(failures: Mapping[str, int | str]) -> str:
    return ", ".join(f"{url} ({_say(wrong)})" for url, wrong in list(failures.items())[:3])


def _say(wrong: int | str) -> int | str:
    return WORDS.get(str(wrong), wrong) or "no answer"
