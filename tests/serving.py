"""A real `serve` process on a free port."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

PROGRAM = """
import sys
from pathlib import Path
from archive.errors import ServeError
from archive.serve import serve
try:
    serve(Path(sys.argv[1]), port=int(sys.argv[2]), on_ready=lambda address: print(address, flush=True))
except ServeError as error:
    sys.exit(f"ServeError: {error}")
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that answers at `address`."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self.address.rstrip("/").rpartition(":")[2])


def start(public: Path, port: int = 0) -> subprocess.Popen[str]:
    """Start a `serve` process; the caller ends it."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(public), str(port)],
        # The site's own process must be of this repository too, whatever is installed.
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(public: Path) -> Iterator[Site]:
    """Run a site while the block runs, and see that it ends cleanly."""
    process = start(public)
    assert process.stdout is not None and process.stderr is not None
    with process, process.stdout, process.stderr:
        try:
            assert select.select([process.stdout], [], [], 60)[0], "the site is not ready"
            yield Site(process.stdout.readline().strip(), process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)
