"""Serve the specimen portals on loopback, one port each, until told to stop."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.specimens.declaration import kept_ports, write_portals
from crawler.specimens.listener import Listener, Sites
from crawler.specimens.plan import PORTALS, SpecimenPortal

FIRST_PORT = 8101
ATTEMPTS = 100
PORT_VARIABLE = "GONGKAI_SPECIMEN_PORT"


@dataclass(frozen=True, slots=True)
class Specimens:
    """The running portals.

    Attributes:
        portals_file: `specimens.toml` in the data folder, a portals file like any other.
        addresses: home page of each portal, in the order of the plan.
        requests: (portal, method, path with query) of everything asked so far.
    """

    portals_file: Path
    addresses: tuple[str, ...]
    requests: list[tuple[str, str, str]]


@contextmanager
def serve(
    data: Path, latency: float = 0.0, planted: Sequence[SpecimenPortal] = PORTALS
) -> Iterator[Specimens]:
    """Run the portals while the block runs.

    Ports: the first is `GONGKAI_SPECIMEN_PORT` if that is set and not 0, else the ports
    kept in `specimens.toml`, else 8101 (any free one if the variable is 0); a taken port
    gives way to the next free one. What came of it is written to `specimens.toml`.

    Args:
        data: folder that keeps `specimens.toml`; made if it is not there.
        latency: seconds to wait before each answer, for tests that interrupt a crawl.
        planted: the portals.

    Raises:
        OSError: The folder cannot be written, or there is no free port.
        ValueError: The variable is no port.
    """
    data.mkdir(parents=True, exist_ok=True)
    portals_file = data / "specimens.toml"
    requests: list[tuple[str, str, str]] = []
    with ExitStack() as running:
        ports: list[int] = []
        for portal, wanted in zip(planted, _wanted(portals_file, planted), strict=True):
            listener = running.enter_context(_bind(wanted, Sites(portal, requests, latency)))
            running.enter_context(_answering(listener))
            ports.append(listener.server_port)
        write_portals(portals_file, planted, ports)
        yield Specimens(portals_file, tuple(f"http://127.0.0.1:{port}/" for port in ports), requests)


def _wanted(portals_file: Path, planted: Sequence[SpecimenPortal]) -> list[int]:
    """Return the port to try first for each portal; 0 stands for any."""
    first = int(os.environ.get(PORT_VARIABLE) or FIRST_PORT)
    chosen = PORT_VARIABLE in os.environ and first
    if not 0 <= first <= 65_535 - ATTEMPTS:
        raise ValueError(f"{PORT_VARIABLE}={first} is no port with room for the next ones")
    kept = kept_ports(portals_file, planted)
    if kept and not chosen:
        return kept
    return [first + index if first else 0 for index in range(len(planted))]


def _bind(wanted: int, site: Sites) -> Listener:
    """Listen on the port wanted, or on the next one that is free."""
    for port in range(wanted, min(wanted + ATTEMPTS, 65_536)):
        try:
            return Listener(port, site)
        except OSError:
            if port == 0:
                raise
    raise OSError(f"no free port from {wanted} to {wanted + ATTEMPTS}")


@contextmanager
def _answering(listener: Listener) -> Iterator[None]:
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), name="specimens")
    thread.start()
    try:
        yield
    finally:
        listener.shutdown()
        thread.join()
