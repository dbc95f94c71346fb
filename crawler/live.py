"""What a crawl shows while it goes on: a line for each portal that ends, below it a live table.

The table is drawn on a terminal only, and anew in place with three plain sequences: back to the
start of the line, up, and clear to the end of the screen. Elsewhere only the lines are written,
so a log says what happened as it happens.
"""

import logging
import os
import shutil
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from crawler.watch import INTERRUPTED, SETTLED, Result, State

_UP = "\x1b[{}A"
_CLEAR = "\r\x1b[J"

_DOING = 16
_COUNTS = _DOING + 25
"""Cells of a row's right half: what the portal does, requests, bytes, and the gaps between."""


class Live:
    """A `Watcher` that writes to a stream. Use as `with Live(...).shown() as watcher`."""

    def __init__(self, stream: TextIO, portals: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._draws = _can_draw(stream)
        self._drawn = 0
        self._portals = portals
        self._clock = clock
        self._began = clock()
        self._done = 0
        self._listed = 0

    def ended(self, result: Result) -> None:
        """Write what came of a portal."""
        self._done += 1
        self._listed += result.listed
        self.clear()
        self._stream.write(result_line(result) + "\n")
        self._stream.flush()

    def running(self, states: Sequence[State]) -> None:
        """Draw the table anew."""
        if not self._draws:
            return
        size = shutil.get_terminal_size()
        listed = self._listed + sum(state.listed for state in states)
        passed = self._clock() - self._began
        rows = [*table(states, size.columns, size.lines - 2)]
        rows.append(fit(summary(self._done, self._portals, len(states), listed, passed), size.columns - 1))
        # In one piece, or the table would flicker.
        self._stream.write(self._erasure() + "".join(row.rstrip() + "\n" for row in rows))
        self._stream.flush()
        self._drawn = len(rows)

    def clear(self) -> None:
        """Take the table away, so that something can be written where it stood."""
        self._stream.write(self._erasure())
        self._stream.flush()
        self._drawn = 0

    def _erasure(self) -> str:
        return _UP.format(self._drawn) + _CLEAR if self._drawn else ""

    @contextmanager
    def shown(self) -> Iterator["Live"]:
        """Keep out of the way of what is logged to the same terminal; at the end take the table away."""

        def give_way(_: logging.LogRecord) -> bool:
            self.clear()
            return True

        handlers = [each for each in logging.root.handlers if isinstance(each, logging.StreamHandler)]
        for handler in handlers:
            handler.addFilter(give_way)
        try:
            yield self
        finally:
            self.clear()
            for handler in handlers:
                handler.removeFilter(give_way)


def _can_draw(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def result_line(result: Result) -> str:
    """Return the line that says what came of a portal."""
    counts = f"{result.captures:,} responses archived, {result.requests:,} requests sent"
    return f"crawled     {result.portal}: {result.outcome}: {result.reason} ({counts})"


def table(states: Sequence[State], width: int, height: int) -> list[str]:
    """Return the rows of the running portals.

    Args:
        states: What they do; the busiest come first, as those are watched for.
        width: Cells of the terminal; a row is one shorter, as a full one would wrap.
        height: Rows there may be at most; what does not fit is counted in the last.
    """
    ordered = sorted(states, key=lambda state: (-state.requests, state.portal))
    height = max(height, 1)
    if len(ordered) <= height:
        return [_row(state, width - 1) for state in ordered]
    shown = [_row(state, width - 1) for state in ordered[: height - 1]]
    return [*shown, fit(f"... and {len(ordered) - len(shown):,} more running", width - 1)]


def _row(state: State, width: int) -> str:
    counts = f"{fit(state.doing, _DOING)}  {state.requests:>7,} asked {_size(state.bytes):>9}"
    return fit(f"{fit(f'{state.portal}  {state.title}', max(width - _COUNTS - 2, 12))}  {counts}", width)


def summary(done: int, portals: int, running: int, listed: int, seconds: float) -> str:
    """Return the last row: all portals in numbers.

    >>> summary(12, 3000, 16, 345, 754.2)
    '12 of 3,000 portals done, 16 running; 345 reports found; 0:12:34'
    """
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return (
        f"{done:,} of {portals:,} portals done, {running:,} running; "
        f"{listed:,} reports found; {hour}:{minute:02}:{second:02}"
    )


def _size(count: float) -> str:
    """Return a number of bytes as it is read.

    >>> _size(999), _size(1_234_567), _size(5e9)
    ('999 B', '1.2 MB', '5.0 GB')
    """
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes; a Chinese character takes two.

    >>> cells("新乡 a")
    6
    """
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int) -> str:
    """Return a text cut or filled to so many cells; control characters are shown as `?`.

    >>> fit("新乡市", 5), fit("新乡", 5)
    ('新乡…', '新乡 ')
    """
    text = "".join(character if character.isprintable() else "?" for character in text)
    if cells(text) > width:
        while text and cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - cells(text))


def closing(results: Sequence[Result], portals: int, settled: Sequence[str] = SETTLED) -> list[str]:
    """Return what is said at the end of a crawl: first what needs a look, then all in numbers.

    Args:
        results: What came of the portals that were begun.
        portals: How many were to be crawled.
        settled: Outcomes that nobody need look at.
    """
    bad = [result for result in results if result.outcome not in (*settled, INTERRUPTED)]
    lines = [f"look at     {result.portal}: {result.outcome}: {result.reason}" for result in bad]
    counts = Counter(result.outcome for result in results)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in counts.most_common())
    lines.append(f"outcomes    {told or 'none'}")
    begun = len(results)
    if counts[INTERRUPTED] or begun < portals:
        lines.append(
            f"interrupted: {counts[INTERRUPTED]:,} portals in the middle, {portals - begun:,} not begun; "
            "nothing archived is lost, the next start goes on from here"
        )
    return lines
