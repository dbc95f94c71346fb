"""Stored originals: single records, the originals of a source, files, and unstyled copies.

What a request costs is done in a thread, a few at a time, and never on the event loop. An original may be
withheld tomorrow, so no cache may keep an answer without asking again; what is unchanged is not sent again,
for the entity tag is the SHA-256 of the bytes.

Pages speak the language of their address (`/en/capture/…/replay`), else the one that the reader's browser
asks for.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from archive import captures, kinds, pdf_page, wacz
from archive.errors import OriginalRefused, ProgramFailed
from archive.originals import Originals
from archive.site import originals, replay, spots
from archive.site.downloads import File
from archive.site.lane import Lane, LaneFull, Room
from archive.site.ranges import ASK_AGAIN, send_file
from archive.site.words import LANGUAGES, TAGS, Words, negotiate

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; sandbox allow-downloads;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Of the pages: no script, nothing from elsewhere. A click on one of our own links may download."""

SEALED = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of files, should a browser show one after all."""

AT_ONCE, WAITING = 3, 24
"""Originals that are worked on at once, and that may wait for it: each may take some hundred megabytes."""

SENT_AT_ONCE, ROOM, SMALL = 64, 300_000_000, 1_000_000
"""Files that are sent at once; bytes that they may have in all, those of small ones not counted: each lies on
the disk until its reader has it."""

TAKEN_WITHIN = 120.0
"""Seconds in which a reader has to take some of it."""

MARKED = ("cell", "section", "problem", "page")
"""What a request may ask to be marked or shown."""

Made = TypeVar("Made")


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Answer these addresses before Datasette does."""
    capture = r"^/capture/(?P<capture>[^/]+)"
    return [
        (capture + r"/record\.warc\.gz$", record),
        (capture + r"/original$", original),
        (capture + r"/replay$", replayed),
        (rf"^/(?P<language>{'|'.join(LANGUAGES)}){capture[1:]}/replay$", replayed),
        (capture + r"/page\.png$", page),
        (r"^/source/(?P<source>[^/]+)/archive\.wacz$", of_source),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Datasette) -> None:
    """Make what bounds the work of this site."""
    datasette.working, datasette.sending = Lane(AT_ONCE, WAITING), Lane(SENT_AT_ONCE, 0)
    datasette.room = Room(ROOM, SMALL)


@dataclass(frozen=True, slots=True)
class Handed(File):
    """A file made for one answer; `media_type` is what it is."""

    media_type: str = "application/octet-stream"

    @property
    def content_type(self) -> str:
        """Return what kind of file it is."""
        return self.media_type


async def record(datasette: Datasette, request: Request, receive: Any, send: Any) -> Response | None:
    """Send the records of one capture: readers of WARC files read them alone."""
    identity = unquote(request.url_vars["capture"])

    def make(shelf: Originals, folder: Path) -> Handed:
        found = shelf.read(identity)
        data = b"".join(member.data for member in found.members)
        return _handed(shelf, folder, data, f"gongkai-{found.row['id']}.warc.gz", "application/gzip")

    return await _send(datasette, request, receive, send, make, identity)


async def original(datasette: Datasette, request: Request, receive: Any, send: Any) -> Response | None:
    """Send the body of one capture as a file, where a file of its kind does nothing by itself."""
    identity = unquote(request.url_vars["capture"])

    def make(shelf: Originals, folder: Path) -> Handed:
        found = shelf.read(identity)
        body = replay.content(found, captures.CONTENT_LIMIT)
        kind = kinds.kind_of(body)
        if not kind.is_handed:
            raise OriginalRefused(originals.NOT_HANDED, f"{identity} is a file of kind {kind.name}")
        return _handed(shelf, folder, body, f"gongkai-{found.row['id']}{kind.suffix}", kind.media_type)

    return await _send(datasette, request, receive, send, make, identity)


async def of_source(datasette: Datasette, request: Request, receive: Any, send: Any) -> Response | None:
    """Send the originals of one source as replay software opens them."""
    source = unquote(request.url_vars["source"])

    def make(shelf: Originals, folder: Path) -> Handed:
        path = folder / "archive.wacz"
        wacz.write(path, shelf, source)
        return _told(shelf, path, f"gongkai-{source}.wacz", "application/wacz")

    return await _send(datasette, request, receive, send, make)


def _handed(shelf: Originals, folder: Path, data: bytes, name: str, media_type: str) -> Handed:
    path = folder / "data"
    path.write_bytes(data)
    return _told(shelf, path, name, media_type)


def _told(shelf: Originals, path: Path, name: str, media_type: str) -> Handed:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    # Of the publication: it decides what may be had.
    modified = datetime.fromtimestamp(int(shelf.database.stat().st_mtime), UTC)
    return Handed(path, path.stat().st_size, digest, modified, name, media_type)


async def _send(
    datasette: Datasette,
    request: Request,
    receive: Any,
    send: Any,
    make: Callable[[Originals, Path], Handed],
    identity: str = "",
) -> Response | None:
    """Have a file made and send it; what is refused is answered with a page that says why."""
    if request.method not in ("GET", "HEAD"):
        return Response("", status=405, headers={"allow": "GET, HEAD"})

    async def send_sealed(message: Any) -> None:
        if message["type"] == "http.response.start":
            sealed = [(b"content-security-policy", SEALED.encode())]
            message = {**message, "headers": [*message["headers"], *sealed]}
        await asyncio.wait_for(send(message), TAKEN_WITHIN)

    try:
        async with datasette.sending.enter():
            with TemporaryDirectory(prefix="gongkai-") as folder:
                file = await _work(datasette, lambda shelf: make(shelf, Path(folder)))
                with datasette.room.take(file.size):
                    await send_file(request.scope, receive, send_sealed, file, ASK_AGAIN)
    except (OriginalRefused, LaneFull) as error:
        return await _refused(datasette, request, error, identity)
    except TimeoutError:
        # Broken off: nobody takes it for whole, and it can be taken up again.
        return None
    return None


async def _work(datasette: Datasette, work: Callable[[Originals], Made]) -> Made:
    async with datasette.working.enter():
        return await asyncio.to_thread(work, datasette.originals)


async def replayed(datasette: Datasette, request: Request) -> Response:
    """Return the unstyled copy of an original, with what is asked for marked in it."""
    identity = unquote(request.url_vars["capture"])
    try:
        shown = await _work(datasette, lambda shelf: replay.view(shelf, identity, _asked(request)))
    except (OriginalRefused, LaneFull) as error:
        return await _refused(datasette, request, error, identity)
    told = {
        "view": shown,
        "row": shown.row,
        "record": originals.record_path(identity),
        "original": originals.original_path(identity) if shown.kind.is_handed else "",
        "picture": _picture_path(identity, shown),
        "turned": {
            number: originals.replay_path(identity, f"page={number}")
            for number in (shown.page - 1, shown.page + 1)
            if 0 < number <= shown.pages
        },
    }
    return await _page(datasette, request, "replay.html", told)


def _picture_path(identity: str, shown: replay.View) -> str:
    if not shown.page:
        return ""
    marked = f"&{shown.spot.query}" if shown.spot and shown.is_marked else ""
    return f"/capture/{identity}/page.png?page={shown.page}{marked}"


async def page(datasette: Datasette, request: Request) -> Response:
    """Return a page of a PDF file as a picture."""
    identity, asked = unquote(request.url_vars["capture"]), _asked(request)

    def draw(shelf: Originals) -> bytes:
        found = shelf.read(identity)
        body = replay.content(found, captures.CONTENT_LIMIT)
        if kinds.kind_of(body) is not kinds.PDF:
            raise OriginalRefused(originals.NO_PAGE, f"{identity} is no PDF file")
        with shelf.connect() as db:
            wanted = spots.spot(db, found.row, asked)
        number = replay.page_number(asked, wanted)
        box = wanted.place.box if wanted and wanted.place.page == number else None
        try:
            return pdf_page.draw(body, number, box)
        except ProgramFailed as error:
            raise OriginalRefused(originals.NO_PAGE, str(error)) from error

    try:
        drawn = await _work(datasette, draw)
    except (OriginalRefused, LaneFull) as error:
        return await _refused(datasette, request, error, identity)
    headers = {"content-security-policy": SEALED, "cache-control": ASK_AGAIN}
    return Response(drawn, headers=headers, content_type="image/png")


def _asked(request: Request) -> dict[str, str]:
    return {name: request.args.get(name) for name in MARKED if name in request.args}


async def _refused(
    datasette: Datasette, request: Request, error: OriginalRefused | LaneFull, identity: str
) -> Response:
    """Return the page that says why there is nothing; of a withheld original it is the tombstone."""
    why = error.why if isinstance(error, OriginalRefused) else originals.BUSY
    about = identity or (error.capture if isinstance(error, OriginalRefused) else "")
    refusal = await asyncio.to_thread(originals.refusal, datasette.originals, about, why)
    answer = await _page(datasette, request, "original_refused.html", {"refusal": refusal}, refusal.status)
    if why == originals.BUSY:
        answer.headers["retry-after"] = "5"
    return answer


async def _page(
    datasette: Datasette, request: Request, template: str, told: Mapping[str, Any], status: int = 200
) -> Response:
    language = request.url_vars.get("language") or negotiate(request.headers.get("accept-language", ""))
    spoken = {
        "t": Words(language),
        "language": language,
        "tags": TAGS,
        "to": lambda path: f"/{language}{path}",
    }
    body = await datasette.render_template(template, {**told, **spoken}, request)
    headers = {
        "content-security-policy": POLICY,
        "cache-control": ASK_AGAIN,
        "vary": "accept-language",
    }
    return Response.html(body, status=status, headers=headers)
