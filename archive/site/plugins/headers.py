"""What is the same for every answer: its headers, its packing, and the files that pages are styled with."""

from typing import Any

from datasette import hookimpl
from starlette.middleware.gzip import GZipMiddleware

from archive.site.assets import PREFIX, Asset, by_address

# Datasette's own pages carry their scripts and styles in the page.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
}

FOR_EVER = b"public, max-age=31536000, immutable"

AS_THEY_ARE = ("/downloads/", "/gongkai.db", "/capture/", "/source/")
"""What is sent in its own bytes: files with ranges and digests, most of them packed already."""

COPY = "/replay"
"""How the address of an original's copy ends, in any language: packing a large one keeps all waiting."""

SMALLEST, LEVEL = 1024, 6
"""Bytes from which an answer is packed, and how hard."""


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Any:
    """Answer for styled pages' files, pack what is worth it, add the headers that a page has not set."""

    def wrap(app: Any) -> Any:
        packed = GZipMiddleware(once(app), minimum_size=SMALLEST, compresslevel=LEVEL)

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_headed(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", []))
                    present = {bytes(name).lower() for name, _ in headers}
                    headers += [pair for pair in HEADERS.items() if pair[0] not in present]
                    message = {**message, "headers": headers}
                await send(message)

            path = scope.get("path", "")
            found = by_address().get(path) if path.startswith(PREFIX) else None
            if found and scope["method"] in ("GET", "HEAD"):
                await _send_asset(scope, send_headed, found)
            elif path.startswith(AS_THEY_ARE) or path.endswith(COPY):
                await app(scope, receive, send_headed)
            else:
                await packed(scope, receive, send_headed)

        return wrapped

    return wrap


def once(app: Any) -> Any:
    """Return the app, which fails where it begins a second answer behind a first that failed.

    A server then breaks the connection off, and the reader knows that the first is not whole. Packing would
    put the one behind the other, and end as if all were well.
    """

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        begun = False

        async def send_once(message: Any) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                if begun:
                    raise RuntimeError("an answer failed after it had begun")
                begun = True
            await send(message)

        await app(scope, receive, send_once)

    return wrapped


async def _send_asset(scope: Any, send: Any, asset: Asset) -> None:
    asked = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
    body = asset.packed if b"gzip" in asked else asset.body
    headers = [
        (b"content-type", asset.content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", FOR_EVER),
        (b"vary", b"accept-encoding"),
        (b"etag", f'"{asset.address}"'.encode()),
    ]
    headers += [(b"content-encoding", b"gzip")] if body is asset.packed else []
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
