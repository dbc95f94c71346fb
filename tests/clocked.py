"""The command line, run at any time of any year: each command in a process of its own, its clock moved.

A process that has imported everything forks for each command, so that one costs as much as it does, and not
the second that Python takes to import it all. The clock is set and then runs on, as clocks do.
"""

import contextlib
import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gongkai
from archive import clock
from crawler.settings import DOWNLOADER_MIDDLEWARES
from pipelines import divisions

ROOT = Path(__file__).parent.parent

NEEDED_LATER = (
    *(place.rpartition(".")[0] for place in DOWNLOADER_MIDDLEWARES),
    "pyarrow.parquet",
    "scrapy.core.scheduler",
    "scrapy.extensions.remote_control",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.referer",
    "scrapy.squeues",
    "tldextract",
)
"""What a crawl imports only when it is there."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command: its exit code, what it printed, and the seconds it took."""

    code: int
    output: str
    errors: str
    seconds: float


class Clocked:
    """Runs commands of this tree, one after the other.

    Args:
        environment: What is set besides the test's own environment.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.clocked"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, at: datetime, *arguments: object) -> Done:
        """Run a command that begins at a time."""
        assert self._process.stdin is not None and self._process.stdout is not None
        began = time.monotonic()
        asked = {"at": at.isoformat(), "arguments": [str(each) for each in arguments]}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        code, output, errors = json.loads(self._process.stdout.readline())
        return Done(code, output, errors, time.monotonic() - began)

    def close(self) -> None:
        """End the process that forks; a command that runs is waited for."""
        self._process.communicate(timeout=120)


@contextlib.contextmanager
def clocked(environment: Mapping[str, str]) -> Iterator[Clocked]:
    """Run commands at any time while the block runs."""
    runner = Clocked(environment)
    try:
        yield runner
    finally:
        runner.close()


def moved(at: datetime) -> Callable[[], datetime]:
    """Return a clock that says `at` now, and runs on."""
    began, utc = time.monotonic(), at.astimezone(UTC)
    return lambda: utc + timedelta(seconds=time.monotonic() - began)


def _serve() -> None:
    for name in NEEDED_LATER:
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "each command starts its own"
    divisions.by_code("110000")
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            child = os.fork()
            if not child:
                _become(
                    datetime.fromisoformat(asked["at"]), asked["arguments"], output.fileno(), errors.fileno()
                )
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said = []
            for file in (output, errors):
                file.seek(0)
                said.append(file.read().decode())
        print(json.dumps([code, *said]), flush=True)  # noqa: T201 - its one answer


def _become(at: datetime, arguments: list[str], output: int, errors: int) -> None:
    """Be the command, to its end."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    clock.now = moved(at)
    sys.argv = ["gongkai", *arguments]
    code: object = 70
    try:
        gongkai.main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - this is where the process ends
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    _serve()
