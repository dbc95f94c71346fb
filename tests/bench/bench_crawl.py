"""The crawl with everything archived against bare Scrapy: `make bench`.

Both walk the same portal (`chain.py`, in a process of its own, 20 ms latency) with the same
concurrency and the same reading of lists; ours also records, indexes, obeys robots.txt and
guards. Pairs are interleaved, so that a machine that is busy is busy for both; only the
ratio says anything.
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import warc
from crawler import crawl, run
from crawler.loader import spider_for
from crawler.platforms import createpagehtml
from crawler.portal import read_portals
from tests.bench import chain

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS, LATENCY, CONCURRENCY, PAIRS = 2000, 0.02, 16, 7
RESULT = ROOT / "docs" / "BENCHMARKS.md"


class Bare(Spider):
    """Walks the chain and keeps nothing."""

    name = "bare"

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column
        self.documents = 0

    async def start(self):  # type: ignore[no-untyped-def]
        """Ask for the column."""
        yield Request(self.column, self.parse_list)

    def parse_list(self, response):  # type: ignore[no-untyped-def]
        """Follow every link of a list."""
        page = createpagehtml.read_list(response.url, response.text)
        yield from (Request(ask.url, self.parse_list) for ask in page.more)
        yield from (Request(entry.url, self.parse_document) for entry in page.entries)

    def parse_document(self, response):  # type: ignore[no-untyped-def]
        """Count a document."""
        self.documents += 1


def time_one(kind: str, toml: Path) -> None:
    """Crawl once in this process; print documents and seconds as JSON."""
    (portal,) = read_portals(toml)
    shared = {"CONCURRENT_REQUESTS": CONCURRENCY, "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY}
    with tempfile.TemporaryDirectory() as folder:
        if kind == "ours":
            settings = crawl._settings(Path(folder), "")
            spider = spider_for(portal)
        else:
            settings = Settings(
                {"ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "WARNING"}
            )
            spider = Bare
        settings.setdict({**shared, "LOG_INSTALL_ROOT_HANDLER": False}, priority="cmdline")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(spider)
        process.crawl(crawler, **({} if kind == "ours" else {"column": portal.columns[0]}))
        began = time.perf_counter()
        process.start()
        seconds = time.perf_counter() - began
        done = crawler.spider.documents if kind == "bare" else len(crawler.spider.facts.archived)  # type: ignore[union-attr]
    print(json.dumps({"documents": done, "seconds": seconds}))  # noqa: T201 - its one answer


def measure(kind: str, toml: Path) -> float:
    """Return the documents per second of one crawl in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.bench_crawl", kind, str(toml)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=300)
    result = json.loads(done.stdout.splitlines()[-1])
    if result["documents"] != DOCUMENTS:
        raise SystemExit(f"{kind}: {result['documents']} of {DOCUMENTS} documents: {done.stderr[-500:]}")
    return DOCUMENTS / float(result["seconds"])


def main() -> None:
    """Measure all pairs, print them, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [
            sys.executable,
            "-m",
            "tests.bench.chain",
            str(DOCUMENTS),
            str(LATENCY),
            str(folder / "log"),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
            assert server.stdout is not None
            try:
                toml = folder / "chain.toml"
                toml.write_text(chain.declare(int(server.stdout.readline())))
                ratios = [pair(number, toml) for number in range(PAIRS)]
            finally:
                server.kill()
    write(ratios)


def pair(number: int, toml: Path) -> float:
    """Measure one pair, the order turned each time; return ours to bare."""
    kinds = ("bare", "ours") if number % 2 else ("ours", "bare")
    rate = {kind: measure(kind, toml) for kind in kinds}
    ratio = rate["ours"] / rate["bare"]
    print(f"pair {number + 1}: bare {rate['bare']:.0f}/s, ours {rate['ours']:.0f}/s, ratio {ratio:.2f}")  # noqa: T201
    return ratio


def write(ratios: list[float]) -> None:
    """Write the page of figures."""
    median = statistics.median(ratios)
    versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "twisted", "lxml"))
    RESULT.write_text(
        "# Benchmarks\n\nRatios measured in one run each (`make bench`); absolute times say nothing on shared machines.\n\n"
        "## Crawl with everything archived, against bare Scrapy\n\n"
        f"Median **{median:.2f}** of {len(ratios)} interleaved pairs "
        f"(least {min(ratios):.2f}, greatest {max(ratios):.2f}); to reach: 0.90.\n\n"
        f"{DOCUMENTS} documents of 9 KB behind a chain of lists, {LATENCY * 1000:.0f} ms latency, {CONCURRENCY} at once, "
        f"gzip level {warc.LEVEL}, synced every {run.SYNC_RECORDS} exchanges or {run.SYNC_SECONDS:g} s.\n\n"
        f"Python {platform.python_version()}, {versions}; {platform.machine()}, 2 cores.\n",
        encoding="utf-8",
    )
    print(f"median {median:.2f}, written to {RESULT.relative_to(ROOT)}")  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) == 3:
        time_one(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
