"""Scrapy's item pipeline: puts each captured document into the queue, and reads it at the end."""

import asyncio
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.index import Index
from pipelines.pending import load_pending


class Enqueue:
    """Takes an item, which is a capture's id, once its record is on the disk.

    The queue is the same that `gongkai extract --pending` reads: one path into the database.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._index = Index(data)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline; unless a command does it for all portals, read the queue at the end."""
        pipeline = cls(Path(crawler.settings["GONGKAI_DATA"]))
        if crawler.settings.getbool("GONGKAI_LOAD"):
            # Later than the spider's own end, so that the run's outcome is written by then.
            crawler.signals.connect(pipeline.load, signals.engine_stopped)
        return pipeline

    def process_item(self, item: dict[str, str]) -> dict[str, str]:
        """Enqueue a capture."""
        self._index.enqueue(item["capture"])
        return item

    def close_spider(self) -> None:
        """Close the index."""
        self._index.close()

    async def load(self) -> None:
        """Read and load everything that waits."""
        await asyncio.to_thread(load_pending, self._data)
