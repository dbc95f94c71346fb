"""What bounds the work of a site: so many at once, so many waiting, so many bytes; the rest is sent away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class LaneFull(Exception):
    """Raised by `Lane.enter` where too many wait already, and by `Room.take` where there is no room left."""


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


class Room:
    """Bounds what lies on the disk at the same time.

    Args:
        size: bytes in all.
        free: bytes of one thing up to which it counts for nothing.
    """

    def __init__(self, size: int, free: int) -> None:
        self._left, self._free = size, free

    @contextmanager
    def take(self, size: int) -> Iterator[None]:
        """Hold so many bytes while the block runs.

        Raises:
            LaneFull: There are not as many left.
        """
        held = size if size > self._free else 0
        if held > self._left:
            raise LaneFull
        self._left -= held
        try:
            yield
        finally:
            self._left += held
