"""Servers for the attacks, and the victim that must never be asked: on loopback, in one thread."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.crawler.attacks import ATTACKS, REPORT, Attack, Flood, raw
from tests.crawler.bad_portals import HOME, HTML, Answer, column

PLACES = ("victim", "specimen", "neighbour")


@dataclass
class Server:
    """One port: what it was asked, and how much it could send."""

    attack: Attack | None
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Hostile:
    """All servers, in one thread, until `close`."""

    def __init__(self, secret: str) -> None:
        self.servers = {attack.name: Server(attack) for attack in ATTACKS}
        self.servers |= {"victim": Server(None), "neighbour": Server(None)}
        self._secret = secret
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        listening = [await self._listen(server) for server in self.servers.values()]
        self._ready.set()
        await self._done.wait()
        for one in listening:
            one.close()

    async def _listen(self, server: Server) -> asyncio.Server:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with suppress(asyncio.IncompleteReadError, ConnectionError):
                    await self._answer(server, reader, writer)
            finally:
                writer.close()

        listening = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=64)
        server.port = listening.sockets[0].getsockname()[1]
        return listening

    async def _answer(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        server.asked.append((path, headers))
        answer = self._page(server, path)
        if not callable(answer):
            answer = raw(_message(*answer))
        async for part in answer():
            writer.write(part)
            await writer.drain()
            server.sent += len(part)

    def _page(self, server: Server, path: str) -> Answer | Flood:
        attack = server.attack
        if attack is None:
            return 200, HTML, REPORT
        usual: dict[str, Answer] = {"/": HOME, "/nb/": (200, HTML, column(*attack.links))}
        found = {"/robots.txt": (404, {}, b""), **usual, **attack.pages}.get(path, (200, HTML, REPORT))
        if callable(found) or "Content-Encoding" in found[1]:
            return found
        status, top, body = found
        location = {name: self.fill(value, server) for name, value in top.items()}
        return status, location, self.fill(body.decode(), server).encode()

    def fill(self, text: str, server: Server) -> str:
        """Put ports and the secret's path where the text names them."""
        places = {name: self.port(name) for name in PLACES}
        for name, value in {**places, "own": server.port, "secret": self._secret}.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def port(self, name: str) -> int:
        """Return a server's port."""
        return self.servers[name].port

    def close(self) -> None:
        """End all servers."""
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)


def _message(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    top = {"Content-Length": str(len(body)), "Set-Cookie": "told=1; Path=/", "Connection": "close",
           "Content-Disposition": 'attachment; filename="../../../../escaped"', **headers}  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in top.items())
    return f"HTTP/1.1 {status} x\r\n{lines}\r\n".encode() + body


@contextmanager
def serve(secret: str) -> Iterator[Hostile]:
    """Serve all attacks while the block runs."""
    hostile = Hostile(secret)
    try:
        yield hostile
    finally:
        hostile.close()


def declare(hostile: Hostile, attack: Attack) -> str:
    """Return the portal's TOML."""
    port = hostile.port("victim" if attack.host else attack.name)
    home = f"http://{attack.hostname}:{port}/"
    hosts = [attack.hostname] if attack.public else [f"127.0.0.1:{port}"]
    if attack.name == "cookies":
        hosts.append(f"127.0.0.1:{hostile.port('neighbour')}")
    quoted = ", ".join(f'"{host}"' for host in hosts)
    return (
        f'[{attack.name}]\ntitle = "样例（样本）"\ndivision = "990300"\nhome = "{home}"\nhosts = [{quoted}]\n'
        f'columns = ["{home}nb/"]\nseen = "2026-11-24, test"\nlocal = {str(not attack.public).lower()}\n'
    )
