"""A portal of any number of small reports behind one long chain of list pages.

Each list page names only the next one, so whoever loses a list page loses all that follows. Runs as
a process of its own, `python -m tests.bench.chain DOCUMENTS PER_PAGE LATENCY LOG`, so that it outlives a
crawl that is killed; prints its port, and appends each path it is asked for to LOG.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TITLE = "样例市第{}局2021年政府信息公开工作年度报告"
REPORT = """<!doctype html><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>样本页面 specimen</p>
<p>一、总体情况</p><p>本页为样本。</p><p>二、主动公开政府信息情况</p>
<table><tr><td colspan="4">第二十条第（五）项</td></tr>
<tr><td>信息内容</td><td colspan="3">本年处理决定数量</td></tr>
<tr><td>行政许可</td><td colspan="3">{number}</td></tr></table>{padding}"""
PADDING = "<!-- " + "specimen " * 1000 + "-->"


def document_path(number: int) -> str:
    """Return the path of a report."""
    return f"/nb/202201/t20220120_{number}.html"


def page(path: str, documents: int, per_page: int) -> bytes | None:
    """Return a page of the portal, or None where there is none."""
    if path == "/":
        return "<a href='/nb/index.html'>政府信息公开年报</a>".encode()
    if path.startswith("/nb/202201/t20220120_"):
        number = int(path.rpartition("_")[2].removesuffix(".html"))
        title = TITLE.format(number)
        return (
            REPORT.format(title=title, number=number, padding=PADDING).encode()
            if number < documents
            else None
        )
    if path.startswith("/nb/index"):
        return list_page(
            int(path.removeprefix("/nb/index").removesuffix(".html").strip("_") or 0), documents, per_page
        )
    return None


def list_page(at: int, documents: int, per_page: int) -> bytes:
    """Return the list page numbered `at`; it knows of itself and the next."""
    pages = -(-documents // per_page)
    numbers = range(at * per_page, min((at + 1) * per_page, documents))
    items = "".join(
        f"<li><a href='{document_path(n)}'>{TITLE.format(n)}</a><b>2022-01-20</b></li>" for n in numbers
    )
    return f'<ul>{items}</ul><script>createPageHTML({min(at + 2, pages)}, {at}, "index", "html");</script>'.encode()


async def serve(documents: int, per_page: int, latency: float, log: Path) -> None:
    """Serve until the process is ended, or for an hour."""
    with log.open("a", buffering=1) as lines:

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    path = head.split(b" ", 2)[1].decode()
                    lines.write(path + "\n")
                    await asyncio.sleep(latency)
                    body = page(path, documents, per_page)
                    status = "200 OK" if body is not None else "404 Not Found"
                    size = len(body or b"")
                    top = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {size}\r\n\r\n"
                    writer.write(top.encode() + (body or b""))
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
        print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - its one answer
        async with server:
            await asyncio.sleep(3600)


@contextmanager
def process(documents: int, latency: float, folder: Path, per_page: int = 10) -> Iterator[Path]:
    """Serve the chain in a process of its own; yield its portals file. `asked.log` lies beside it."""
    toml = folder / "chain.toml"
    command = [
        sys.executable,
        "-m",
        "tests.bench.chain",
        str(documents),
        str(per_page),
        str(latency),
        str(folder / "asked.log"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            toml.write_text(declare(int(server.stdout.readline())))
            yield toml
        finally:
            server.kill()


def declare(port: int) -> str:
    """Return the portal's TOML."""
    return (
        '[chain]\ntitle = "样例市（样本）"\ndivision = "990400"\nplatform = "createpagehtml"\n'
        f'home = "http://127.0.0.1:{port}/"\nhosts = ["127.0.0.1:{port}"]\n'
        f'columns = ["http://127.0.0.1:{port}/nb/index.html"]\nseen = "2026-11-24, test"\n'
        "local = true\ndelay = 0\n"
    )


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4])))
