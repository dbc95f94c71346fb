"""Any number of tiny portals, each on a loopback name of its own, served by one process.

Runs as `python -m tests.many_portals NUMBER MANNER FILE`: writes their declarations to FILE, then prints
a line. MANNER is what all of them do at their column: `plain`, `slow`, `silent` or `resting`.
"""

import asyncio
import sys
from pathlib import Path

PORTAL = """[{name}]
title = "样例{name}市（样本）"
division = "990400"
home = "http://{host}/"
hosts = ["{host}"]
columns = ["http://{host}/nb/"]
seen = "2026-11-24, test"
local = true
delay = 0
"""
TITLE = "样例市第{}局2021年政府信息公开工作年度报告"
DOCUMENTS = 2
PLAIN, SLOW, SILENT, RESTING = "plain", "slow", "silent", "resting"
"""What the portals do when they are asked for their column."""
LATENCY = {PLAIN: 0.005, SLOW: 0.4, SILENT: 3600, RESTING: 0}


def name(number: int) -> str:
    return f"p{number:04}"


def page(path: str) -> bytes | None:
    if path == "/":
        return "<a href='/nb/'>政府信息公开年报</a>".encode()
    if path == "/nb/":
        links = (
            f"<li><a href='{n}.html'>{TITLE.format(n)}</a><b>2022-01-20</b></li>" for n in range(DOCUMENTS)
        )
        return f'<ul>{"".join(links)}</ul><script>createPageHTML(1, 0, "index", "html")</script>'.encode()
    return f"<title>{TITLE.format(path)}</title><p>样本</p>".encode() if path.startswith("/nb/") else None


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, manner: str) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            if path == "/nb/" or manner == SLOW:
                await asyncio.sleep(LATENCY[manner])
            body = page(path)
            status = "200 OK" if body is not None else "404 Not Found"
            if manner == RESTING and path == "/nb/":
                status = "503 Tired\r\nRetry-After: 300"
            size = len(body or b"")
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {size}\r\n\r\n".encode()
            )
            writer.write(body or b"")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def serve(number: int, manner: str, file: Path) -> None:
    """Serve until the process is ended, or for an hour."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(reader, writer, manner)

    hosts = [f"127.{1 + at // 62500}.{at // 250 % 250}.{at % 250 + 1}" for at in range(number)]
    first = await asyncio.start_server(handle, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    if hosts[1:]:
        await asyncio.start_server(handle, hosts[1:], port)
    tables = (PORTAL.format(name=name(at), host=f"{host}:{port}") for at, host in enumerate(hosts))
    file.write_text("\n".join(tables))
    print("ready", flush=True)  # noqa: T201 - its one answer
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
