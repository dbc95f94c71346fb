"""Downloads: complete files that can be broken off and taken up again. Datasette knows no ranges."""

from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette

from archive.publish import DATABASE, VERSION
from archive.site.downloads import File, Offer, offer
from archive.site.ranges import ASK_AGAIN, FOR_EVER, send_file

PREFIX = "/downloads/"


# Innermost, so that the headers every answer bears come on these too.
@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Any:
    """Answer for the files of the publication; what is none of them is Datasette's to answer."""

    def wrap(app: Any) -> Any:
        offered = offer(Path(datasette.get_database().path))

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            found = _find(offered, scope["path"]) if scope["type"] == "http" else None
            if found is None:
                await app(scope, receive, send)
            elif scope["method"] not in ("GET", "HEAD"):
                allowed = [(b"allow", b"GET, HEAD"), (b"content-length", b"0")]
                await send({"type": "http.response.start", "status": 405, "headers": allowed})
                await send({"type": "http.response.body", "body": b""})
            else:
                await send_file(scope, receive, send, *found)

        return wrapped

    return wrap


def _find(offered: Offer, path: str) -> tuple[File, str] | None:
    """Return the file of an address, and how long its answer may be kept."""
    if path == f"/{DATABASE}":
        # Datasette's own address of the database, which it sends without ranges.
        return offered.files[DATABASE], ASK_AGAIN
    if not path.startswith(PREFIX):
        return None
    name, caching = path.removeprefix(PREFIX), ASK_AGAIN
    version, _, rest = name.partition("/")
    if VERSION.fullmatch(version):
        if version != offered.version:
            return None
        name, caching = rest, FOR_EVER
    found = offered.files.get(name)
    return (found, caching) if found else None
