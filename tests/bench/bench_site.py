"""Pages of the site against Datasette's own row page: `python -m tests.bench.bench_site [--full]`.

A synthetic archive of 10,000 reports (`--full`: 100,000) is served by the real processes. Of every kind of
page some hundred random addresses are asked, all kinds mixed, one request after the other on one connection
as a reader's browser does, and the time until the last byte is taken. Only the ratios say anything.
"""

import argparse
import http.client
import platform
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archive.publish import DATABASE, newest
from tests.bench.page import write_section
from tests.bench.site_pages import KINDS, ROW, Kind, addresses
from tests.bench.synthetic.publishing import publish_synthetic
from tests.bench.synthetic.runs import TODAY
from tests.bench.synthetic.writing import write
from tests.serving import Site, serving

FEW, MANY = 10_000, 100_000
TIMES, WARM = 300, 10
"""Requests of each kind that are timed, and those before that are not."""

Taken = tuple[int, float, int]
"""Status, milliseconds until the last byte, and bytes of an answer."""


class Reader:
    """One reader, who asks one thing after the other on a connection that is kept."""

    def __init__(self, site: Site) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)

    def ask(self, address: str) -> Taken:
        """Return status, milliseconds until the last byte, and bytes."""
        began = time.perf_counter()
        self._connection.request("GET", address, headers={"Accept-Encoding": "gzip", "Accept-Language": "zh"})
        answer = self._connection.getresponse()
        size = len(answer.read())
        return answer.status, (time.perf_counter() - began) * 1000, size

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a kind of page takes: milliseconds, bytes on the median, and how many were no page at all."""

    kind: Kind
    times: tuple[float, ...]
    size: int
    failed: int

    @property
    def p50(self) -> float:
        """Return the median."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """Return what 19 of 20 requests stay below."""
        return statistics.quantiles(self.times, n=20)[18]


def measure(
    site: Site, database: Path, kinds: Sequence[Kind], times: int
) -> tuple[list[Measured], list[str]]:
    """Ask for pages of all kinds in mixed order.

    Returns:
        What each kind takes, and a line for each that is left out. An answer other than 200 counts as failed.
    """
    random = Random(1)
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        asked = {kind: addresses(db, kind, times + WARM, random) for kind in kinds}
    taken: dict[Kind, list[Taken]] = defaultdict(list)
    with closing(Reader(site)) as reader:
        there = {kind: found for kind, found in asked.items() if found and reader.ask(found[0])[0] != 404}
        for found in there.values():
            for address in found[times:]:
                reader.ask(address)
        turns = [(kind, address) for kind, found in there.items() for address in found[:times]]
        for kind, address in random.sample(turns, len(turns)):
            taken[kind].append(reader.ask(address))
    left_out = [
        f"not there, so not measured: {kind.name} ({kind.address})" for kind in kinds if kind not in there
    ]
    return [_measured(kind, taken[kind]) for kind in there], left_out


def _measured(kind: Kind, taken: list[Taken]) -> Measured:
    statuses, times, sizes = zip(*taken, strict=True)
    return Measured(kind, times, int(statistics.median(sizes)), sum(status != 200 for status in statuses))


def table(found: Sequence[Measured], left_out: Sequence[str]) -> str:
    """Return the ratios as a table in Markdown."""
    row = next(each for each in found if each.kind.name == ROW)
    lines = ["| page | p50 ms | p95 ms | p95 / row page | to reach | kB |", "|---|---|---|---|---|---|"]
    for each in found:
        ratio = each.p95 / row.p95
        wanted = f"≤ {each.kind.most:.0f}" if each.kind.most and each is not row else ""
        missed = " **missed**" if wanted and (ratio > each.kind.most or each.failed) else ""
        missed += f" ({each.failed} of {len(each.times)} failed)" if each.failed else ""
        numbers = f"{each.p50:.1f} | {each.p95:.1f} | {ratio:.2f}{missed} | {wanted} | {each.size / 1000:.0f}"
        lines.append(f"| {each.kind.name} | {numbers} |")
    return "\n".join([*lines, "", *(f"* {line}" for line in left_out)]).strip()


@contextmanager
def published(count: int, data: Path | None) -> Iterator[Path]:
    """Yield a data folder with so many reports published: the one given, made where it is not there yet."""
    with TemporaryDirectory() as folder:
        data = data or Path(folder)
        if newest(data / "public") is None:
            write(data, count, 1)
            publish_synthetic(data, TODAY, downloads=False)
        yield data


def main() -> None:
    """Make the archive, serve it, measure, print, and write the section of the page of benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_site", description=__doc__)
    parser.add_argument("--full", action="store_true", help=f"over {MANY:,} reports instead of {FEW:,}")
    parser.add_argument("--data", type=Path, help="folder of the archive, kept; made if it is not there")
    parser.add_argument("--times", type=int, default=TIMES, help="requests of each kind")
    parser.add_argument(
        "--only", default="", help="measure the kinds whose names hold this, and write nothing"
    )
    given = parser.parse_args()
    count = MANY if given.full else FEW
    kinds = [kind for kind in KINDS if given.only in kind.name or kind.name == ROW]
    with published(count, given.data) as data:
        public = data / "public"
        folder = newest(public)
        assert folder is not None
        with serving(public) as site:
            found, left_out = measure(site, folder / DATABASE, kinds, given.times)
        with closing(sqlite3.connect(folder / DATABASE)) as db:
            reports, cells = db.execute("SELECT reports, cells FROM publication").fetchone()
    text = table(found, left_out)
    sys.stdout.write(f"{text}\n")
    if not given.only:
        about = f"{reports:,} reports, {cells:,} cells; {given.times} random addresses of each kind, mixed."
        programs = f"Python {platform.python_version()}, Datasette {version('datasette')}, SQLite {sqlite3.sqlite_version}."
        write_section(
            f"Pages over {reports:,} reports, against Datasette's row page",
            f"{about}\n\n{text}\n\n{programs}",
        )


if __name__ == "__main__":
    main()
