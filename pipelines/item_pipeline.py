"""Scrapy's item pipeline: reads what a crawl has put into the queue, at its end."""

import asyncio
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive import clock
from pipelines.pending import load_pending


class Load:
    """Loads the captures that wait, once the run is over.

    An item is a captured document's id; the index has it in its queue by the time its record is
    on the disk. `gongkai extract --pending` reads the same queue: one path into the database.
    """

    def __init__(self, data: Path) -> None:
        self._data = data

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline; where a command loads for all portals at once, it does nothing."""
        pipeline = cls(Path(crawler.settings["GONGKAI_DATA"]))
        if crawler.settings.getbool("GONGKAI_LOAD"):
            # Later than the spider's own end, so that the run's outcome is written by then.
            crawler.signals.connect(pipeline.load, signals.engine_stopped)
        return pipeline

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        """Pass an item on."""
        return item

    async def load(self) -> None:
        """Read and load everything that waits."""
        await asyncio.to_thread(load_pending, self._data, clock.now())
