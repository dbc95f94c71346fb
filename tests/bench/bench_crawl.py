"""The crawl with everything archived against bare Scrapy: `make bench`.

Both walk the same portal (`chain.py`, in a process of its own, 20 ms latency) with the same
concurrency and the same reading of lists; ours also records, indexes, obeys robots.txt and
guards. Rounds are interleaved, so that a machine that is busy is busy for all; only the ratios
say anything. Bare Scrapy is measured as it comes and with our CONCURRENT_ITEMS, which alone
makes it a good deal faster. At last one large crawl shows how much memory it takes.
"""

import json
import os
import platform
import resource
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
from crawler import settings as project
from crawler.loader import spider_for
from crawler.platforms import createpagehtml
from crawler.platforms.lists import Ask
from crawler.portal import read_portals
from pipelines import item_pipeline
from tests.bench import chain
from tests.bench.page import PAGE, write_section

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS, LATENCY, CONCURRENCY, ROUNDS = 2000, 0.02, 16, 7
MANY = 50_000
PER_PAGE = {DOCUMENTS: 50, MANY: 100}
KINDS = ("bare", "tuned", "ours")


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
        page = createpagehtml.read_list(Ask(response.url), response.text)
        yield from (Request(ask.url, self.parse_list) for ask in page.more)
        yield from (Request(entry.url, self.parse_document) for entry in page.entries)

    def parse_document(self, response):  # type: ignore[no-untyped-def]
        """Count a document."""
        self.documents += 1


def time_one(kind: str, toml: Path) -> None:
    """Crawl once in this process; print documents, seconds and the most memory held as JSON."""
    # What the command line has imported long before a crawl begins is not measured.
    assert item_pipeline
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
            if kind == "tuned":
                settings["CONCURRENT_ITEMS"] = project.CONCURRENT_ITEMS
            spider = Bare
        settings.setdict({**shared, "LOG_INSTALL_ROOT_HANDLER": False}, priority="cmdline")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(spider)
        process.crawl(crawler, **({"column": portal.columns[0]} if spider is Bare else {}))
        began = time.perf_counter()
        process.start()
        seconds = time.perf_counter() - began
        done = crawler.spider.documents if spider is Bare else len(crawler.spider.facts.archived)  # type: ignore[union-attr]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"documents": done, "seconds": seconds, "memory": memory}))  # noqa: T201 - its one answer


def measure(kind: str, documents: int, latency: float, folder: Path) -> dict[str, float]:
    """Return what one crawl of the chain in a fresh process tells."""
    with chain.process(documents, latency, folder, PER_PAGE[documents]) as toml:
        command = [sys.executable, "-m", "tests.bench.bench_crawl", kind, str(toml)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=900)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if result["documents"] != documents:
        raise SystemExit(f"{kind}: {result['documents']} of {documents} documents: {done.stderr[-500:]}")
    return result


def main() -> None:
    """Measure all rounds and the large crawl, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rounds = [measure_round(number, folder) for number in range(ROUNDS)]
        memory = measure("ours", MANY, 0.0, folder)["memory"] / 1e6
    write(rounds, memory)


def measure_round(number: int, folder: Path) -> dict[str, float]:
    """Measure each kind once, the order turned each time; return documents per second."""
    turned = KINDS[number % 3 :] + KINDS[: number % 3]
    rate = {kind: DOCUMENTS / measure(kind, DOCUMENTS, LATENCY, folder)["seconds"] for kind in turned}
    print(f"round {number + 1}: " + ", ".join(f"{kind} {rate[kind]:.0f}/s" for kind in KINDS))  # noqa: T201
    return rate


def write(rounds: list[dict[str, float]], memory: float) -> None:
    """Write the two sections of figures."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "twisted", "lxml"))
    write_section(
        "Crawl with everything archived, against bare Scrapy",
        f"{ratio(rounds, 'bare')} against Scrapy as it comes; to reach: 0.90.\n\n"
        f"{ratio(rounds, 'tuned')} against Scrapy with CONCURRENT_ITEMS = {project.CONCURRENT_ITEMS}, as we set it.\n\n"
        f"{DOCUMENTS} documents of 9 KB behind a chain of lists of {PER_PAGE[DOCUMENTS]}, {LATENCY * 1000:.0f} ms latency, "
        f"{CONCURRENCY} at once, gzip level {warc.LEVEL}, synced every {run.SYNC_RECORDS} exchanges or {run.SYNC_SECONDS:g} s. "
        f"Ours also obeys robots.txt, guards, and indexes.\n\n"
        f"Python {platform.python_version()}, {versions}; {platform.machine()}, {os.cpu_count()} cores.",
    )
    write_section(
        "Memory of a large crawl",
        f"{MANY} documents in one run: at most {memory:.0f} MB; to reach: below 400 MB.",
    )
    print(PAGE.read_text())  # noqa: T201


def ratio(rounds: list[dict[str, float]], against: str) -> str:
    """Return ours against a reference over all rounds, in words."""
    ratios = [rate["ours"] / rate[against] for rate in rounds]
    return (
        f"Median **{statistics.median(ratios):.2f}** of {len(ratios)} interleaved pairs "
        f"(least {min(ratios):.2f}, greatest {max(ratios):.2f})"
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        time_one(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
