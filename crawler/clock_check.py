"""Whether the machine's clock can be right: no crawl begins long before what it has crawled already.

A board without a battery begins in 1970, or when its system was built, until the network tells it the time.
All portals would be new then, and what came would bear a date at which it did not stand there.

What was imported bears the dates of others and proves nothing. Where a clock was ahead for a while, the days
of the runs that it dated are written into the file `wrong-days`, a line each.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from archive import index_file
from archive.known import IMPORTED
from crawler.errors import WrongClock

BACK = timedelta(days=1)
"""How far a clock may have been set back: a mended one goes by minutes, a wrong time zone by hours."""

WRONG_DAYS = "wrong-days"

_NEWEST = """SELECT id, max(started_at) FROM run WHERE coalesce(outcome, '') <> ?
    AND substr(started_at, 1, 10) NOT IN (SELECT value FROM json_each(?))"""


def require(data: Path, now: datetime) -> None:
    """Have a crawl begin only where the time is not long before the newest run.

    Raises:
        WrongClock: It is.
        OSError: `wrong-days` cannot be read.
    """
    run, started_at = _newest_run(data, wrong_days(data))
    if not started_at or datetime.fromisoformat(started_at) <= now + BACK:
        return
    raise WrongClock(
        f"no crawl is begun: it is {now:%Y-%m-%d %H:%M} UTC, and the run {run} began {started_at}: "
        "set the clock (timedatectl)\n"
        f"if it is right, and was wrong then, say so: echo {started_at[:10]} >> {data / WRONG_DAYS}"
    )


def wrong_days(data: Path) -> Sequence[str]:
    """Return the days of which somebody has said that they are a wrong clock's."""
    path = data / WRONG_DAYS
    return path.read_text("utf-8", "replace").split() if path.exists() else ()


def _newest_run(data: Path, besides: Sequence[str]) -> tuple[str, str]:
    """Return id and beginning of the newest run of our own; empty where none is known."""
    path = data / "captures.db"
    try:
        with closing(index_file.open_to_read(path)) as db:
            found = db.execute(_NEWEST, (IMPORTED, json.dumps(list(besides)))).fetchone()
    except sqlite3.DatabaseError:
        # There is none, or it is mended by the crawl.
        return "", ""
    return found[0] or "", found[1] or ""
