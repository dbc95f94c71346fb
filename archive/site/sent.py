"""Files that are made when they are asked for: where, and with which headers they are sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive.site.pages import FRESH, Asked, lead, program
from archive.site.words import LANGUAGES

CLOSED = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
"""A file opened by itself may fetch nothing and run nothing."""

MISSING = "There is no such file in this version.\n"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file: its text and kind, and the name it is saved under; `style` is a source of styles it may use."""

    text: str
    content_type: str
    name: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One kind of file: the pattern of its address, and what makes it; None where there is none.

    Where it has words it is at an address for each language, and the address without leads there.
    """

    pattern: str
    make: Callable[[Asked], Awaitable[Sent | None]]
    spoken: bool = False

    def routes(self) -> list[tuple[str, Any]]:
        """Return what Datasette is to answer."""

        async def spoken(datasette: Datasette, request: Request) -> Response:
            return await _send(self, Asked(datasette, request, request.url_vars["language"]))

        async def unspoken(datasette: Datasette, request: Request) -> Response:
            return await _send(self, Asked(datasette, request, ""))

        if not self.spoken:
            return [(rf"^{self.pattern}$", unspoken)]
        return [
            (rf"^/(?P<language>{'|'.join(LANGUAGES)}){self.pattern}$", spoken),
            (rf"^{self.pattern}$", lead),
        ]


async def _send(file: File, asked: Asked) -> Response:
    """Send a file; it stays what it is as long as publication and program do."""
    mark = f'W/"{asked.folder.name}-{program()}"'
    headers = {"content-security-policy": CLOSED, "cache-control": FRESH, "etag": mark}
    if mark in asked.request.headers.get("if-none-match", ""):
        return Response("", status=304, headers=headers)
    sent = await file.make(asked)
    if sent is None:
        return Response.text(MISSING, status=404, headers={"cache-control": "no-store"})
    if sent.style:
        headers["content-security-policy"] = f"{CLOSED}; style-src {sent.style}"
    headers |= {
        "access-control-allow-origin": "*",
        "content-disposition": f'inline; filename="{sent.name}"',
    }
    return Response(sent.text, headers=headers, content_type=sent.content_type)
