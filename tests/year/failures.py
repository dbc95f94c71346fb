"""What fails in a simulated time, kept until its end: one failure hides no other."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager


class Failures:
    """What has failed so far, each with the line at which it did; what fails again and again is told once."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what fails in the block, and go on behind it."""
        try:
            yield
        except (AssertionError, LookupError) as error:
            told = "".join(traceback.format_exception(error, limit=-1))
            if told not in self.told:
                self.told.append(told)

    def check(self) -> None:
        """Tell all of them.

        Raises:
            AssertionError: Something has failed.
        """
        assert not self.told, "\n".join((f"{len(self.told)} failed", *self.told))
