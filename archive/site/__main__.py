"""Serve one publication on a listening socket that is handed over: `serve` starts this.

`python -m archive.site DATABASE --warc FOLDER --socket FD --line FD --parent PID`. The line is a socket to
the parent: one byte goes out on it once the publication has answered, and connections are accepted from when
one comes back until the line is closed. SIGTERM: accept no more, close the line, answer what was accepted,
end. SIGINT: the same without waiting for connections on which nothing was asked.
"""

import argparse
import asyncio
import signal
import socket
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from datasette.app import Datasette

from archive.processes import die_with
from archive.serve import READY
from archive.site import application

TOGETHER = 60.0
"""Seconds within which all threads must have opened the database."""

PATIENCE = 6.0
"""Seconds a connection may be idle before it is closed when we are ending: one more than uvicorn's own
limit, so that a client's next request still finds us."""

SETTLE = 0.3
"""Seconds for connections that were accepted but not yet set up."""

LOOK, LOOKS = 10.0, 12
"""Once we are ending: seconds between two looks at what clients take, and looks in which nothing is
taken until one is given up. A laptop that sleeps amid a download must not keep a process for ever."""


class Server(uvicorn.Server):
    """uvicorn, which tells when it accepts no more and drops no connection when it ends.

    uvicorn alone closes connections whose request has not been read yet, so a client that
    connected an instant before would see its connection reset.
    """

    def __init__(self, app: Any, line: socket.socket) -> None:
        # The shutdown below reaches into asyncio's own loop and knows this protocol.
        plain: dict[str, Any] = {"loop": "asyncio", "http": "h11", "ws": "none"}
        super().__init__(uvicorn.Config(self.closing(app), access_log=False, log_level="warning", **plain))
        self.line = line
        self.patient = False
        self.ending = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; only on SIGTERM wait for those who have not asked yet."""
        self.patient = sig == signal.SIGTERM
        self.should_exit = True

    def closing(self, app: Any) -> Any:
        """Return the app, which asks clients to close their connection once the server is ending."""

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_closing(message: Any) -> None:
                if self.ending and message["type"] == "http.response.start":
                    message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
                await send(message)

            await app(scope, receive, send_closing)

        return wrapped

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, answer everyone who was accepted, then close."""
        self.ending = True
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                # Not server.close(): it makes asyncio drop what is accepted but not set up.
                loop.remove_reader(listener.fileno())
        self.line.close()
        watch = asyncio.ensure_future(self.give_up_stalled())
        await self.finish_connections(loop)
        try:
            await super().shutdown(sockets)
        finally:
            watch.cancel()

    async def finish_connections(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wait until each connection has been answered once more, or has been idle for as long as it may.

        An answer that was begun before we were ending has promised that its connection stays open: the
        next request on it is still ours, however long that answer takes.
        """
        idle: dict[Any, float] = {}
        # All of them are of the one protocol that was asked for above.
        connections: Any = self.server_state.connections
        await asyncio.sleep(SETTLE if self.patient else 0)
        while self.patient and connections:
            for connection in list(connections):
                if connection.cycle and not connection.cycle.response_complete:
                    idle.pop(connection, None)
                elif loop.time() - idle.setdefault(connection, loop.time()) > PATIENCE:
                    connection.shutdown()
            await asyncio.sleep(0.05)

    async def give_up_stalled(self) -> None:
        """Drop each connection whose client has taken nothing for long; it can resume at the next version."""
        seen: dict[Any, tuple[int, int]] = {}
        while True:
            await asyncio.sleep(LOOK)
            for connection in list(self.server_state.connections):
                waiting = connection.transport.get_write_buffer_size()
                before, times = seen.get(connection, (0, 0))
                times = times + 1 if waiting and waiting == before else 0
                seen[connection] = waiting, times
                if times >= LOOKS:
                    connection.transport.abort()


async def run(database: Path, warc: Path | None, listener: socket.socket, line: socket.socket) -> None:
    """Serve the publication, once the parent says so, until a signal comes."""
    site = application(database, warc)
    await site.invoke_startup()
    await open_in_all_threads(site)
    app = site.app()
    answer = await site.client.get("/zh/")
    if answer.status_code != 200:
        raise SystemExit(f"the home page of {database} answers {answer.status_code}")
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(line, READY)
    if await loop.sock_recv(line, len(READY)) == READY:
        await Server(app, line).serve([listener])


async def open_in_all_threads(site: Datasette) -> None:
    """Have each thread that asks the database open it now: it may be removed while it is being served."""
    threads = site.setting("num_sql_threads")
    # Each waits for the others, so that none takes a second turn before all have had theirs.
    together = threading.Barrier(threads)
    database = site.get_database()
    await asyncio.gather(*(database.execute_fn(lambda _: together.wait(TOGETHER)) for _ in range(threads)))


def main() -> None:
    """Read the command line that `serve` writes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", type=Path)
    parser.add_argument("--warc", type=Path)
    for number in ("--socket", "--line", "--parent"):
        parser.add_argument(number, type=int, required=True)
    given = parser.parse_args()
    die_with(given.parent)
    with socket.socket(fileno=given.socket) as listener, socket.socket(fileno=given.line) as line:
        asyncio.run(run(given.database, given.warc, listener, line))


if __name__ == "__main__":
    main()
