"""A lane: so many at once, so many waiting, and the rest are sent away at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LaneFull(Exception):
    """Raised by `Lane.enter` where too many wait already."""


class Lane:
    """Bounds what is worked on at the same time. Of one event loop.

    Args:
        at_once: how many may be in it.
        waiting: how many may wait for that.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._left = at_once + waiting

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Be in the lane while the block runs.

        Raises:
            LaneFull: Too many wait.
        """
        if self._left <= 0:
            raise LaneFull
        self._left -= 1
        try:
            async with self._free:
                yield
        finally:
            self._left += 1
