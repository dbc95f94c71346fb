"""The program of a worker process: `python -m pipelines.worker SOCKET MEMORY PARENT`."""

import logging
import resource
import sys
from multiprocessing.connection import Connection

from archive import logs
from archive.captures import Capture
from pipelines.processes import die_with_parent
from pipelines.read import read_capture
from pipelines.reading import Problem, Reading

# As a program its own name is another.
logger = logging.getLogger("pipelines.worker")


def main(socket: int, memory: int, parent: int) -> None:
    """Read captures that come through the socket until it closes."""
    die_with_parent(parent)
    logs.join()
    limit_memory(memory)
    pipe = Connection(socket)
    while True:
        try:
            capture = pipe.recv()
        except EOFError:
            return
        with logs.about(capture.context.portal, capture.run):
            pipe.send(read(capture))


def limit_memory(memory: int) -> None:
    """Allow this process `memory` bytes of address space beyond what it has now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(capture: Capture) -> Reading:
    """Read one capture; whatever goes wrong is a problem of this document alone."""
    try:
        return read_capture(capture)
    except MemoryError:
        return Reading(
            problems=(Problem("limit_exceeded", "not read within the memory that a document may use"),)
        )
    except RecursionError:
        return Reading(problems=(Problem("limit_exceeded", "nested more deeply than can be read"),))
    except Exception as error:
        # The door of the worker: a fault of ours is loud, and costs one document only.
        logger.exception("a fault of ours while reading %s", capture.url or capture.id)
        detail = f"a fault of this program: {type(error).__name__}: {error}"
        return Reading(problems=(Problem("unreadable_document", detail),))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
