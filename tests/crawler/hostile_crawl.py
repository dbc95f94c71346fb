"""A crawl of hostile portals in a network of its own: `python -m tests.crawler.hostile_crawl PLAN`.

Runs as a process of its own. Names are looked up in the plan's table, and connections end on
loopback whatever their address: those to `PUBLIC` at the port of the same number, all others at
the victim, as if it stood at every private address. Limits are lowered so that floods end soon.
"""

import json
import logging
import socket
import sys
from collections import Counter, defaultdict
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from crawler import settings
from crawler.live import Live
from crawler.portal import Portal, read_portals

PUBLIC = "223.5.5.5"
MAXSIZE, TIMEOUT = 1024 * 1024, 2.5
LOWERED = {"DOWNLOAD_MAXSIZE": MAXSIZE, "DOWNLOAD_TIMEOUT": TIMEOUT, "RETRY_TIMES": 1}


class Unguarded(Portal):
    """Owns every address: shows what the resolver refuses by itself."""

    def owns(self, url: str) -> bool:
        """Say yes."""
        return True


class Network:
    """The look-ups and connections of this process, kept in and counted."""

    def __init__(self, names: dict[str, list[str]], victim: int) -> None:
        self._names = names
        self._victim = victim
        self._look_up = socket.gethostbyname
        self.look_ups: Counter[str] = Counter()
        self.connections: dict[int, list[str]] = defaultdict(list)

    def gethostbyname(self, name: str) -> str:
        """Answer the next of the name's addresses; their last one stays."""
        if set(name) <= set("0123456789abcdefx.") or name == "localhost":
            return self._look_up(name)
        answers = self._names.get(name)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is not known")
        at = min(self.look_ups[name], len(answers) - 1)
        self.look_ups[name] += 1
        return answers[at]

    def getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        """Answer that every name has a private IPv6 address."""
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fd00::1", port, 0, 0))]

    def connect(self, reactor: Any) -> None:
        """Take the place of the reactor's way out."""
        original = reactor.connectTCP

        def connect(host: str, port: int, *values: Any, **options: Any) -> Any:
            self.connections[port].append(host)
            near = port if host in (PUBLIC, "127.0.0.1") else self._victim
            return original("127.0.0.1", near, *values, **options)

        reactor.connectTCP = connect


def main(plan: Path) -> None:
    """Crawl; write to `told.json` beside the plan what was looked up and connected to."""
    logging.basicConfig(level=logging.WARNING)
    task = json.loads(plan.read_text())
    network = Network(task["names"], task["victim"])
    socket.gethostbyname = network.gethostbyname  # type: ignore[assignment]
    socket.getaddrinfo = network.getaddrinfo  # type: ignore[assignment]
    # Only now: Twisted takes the functions as it finds them, and Scrapy's own reactor must be the first.
    from scrapy.settings import Settings
    from scrapy.utils.reactor import install_reactor

    install_reactor(Settings()["TWISTED_REACTOR"])
    from twisted.internet import reactor

    from crawler import crawl

    network.connect(reactor)
    for name, value in LOWERED.items():
        setattr(settings, name, value)
    portals = [replace(portal, delay=0) for portal in read_portals(plan.parent / "portals.toml")]
    portals += [unguarded(portal, home) for portal in portals[:1] for home in task["unguarded"].items()]
    crawl.crawl(portals, plan.parent / "data", "test@example.org", Live(sys.stdout, len(portals)))
    told = {"look_ups": network.look_ups, "connections": network.connections}
    (plan.parent / "told.json").write_text(json.dumps(told))


def unguarded(like: Portal, home: tuple[str, str]) -> Portal:
    """Return a public portal at any address, for which the guard stands aside."""
    values = {field.name: getattr(like, field.name) for field in fields(like)}
    values |= {
        "name": home[0],
        "home": home[1],
        "hosts": (f"{home[0]}.example",),
        "columns": (),
        "local": False,
    }
    return Unguarded(**values)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
