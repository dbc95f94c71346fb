"""The headers that every answer bears."""

from typing import Any

from datasette import hookimpl

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


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Any:
    """Add the headers that a page has not set itself."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def send_headed(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers", []))
                    present = {bytes(name).lower() for name, _ in headers}
                    headers += [pair for pair in HEADERS.items() if pair[0] not in present]
                    message = {**message, "headers": headers}
                await send(message)

            await app(scope, receive, send_headed)

        return wrapped

    return wrap
