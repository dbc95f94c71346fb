"""Sending a file so that a broken-off download can be taken up again (RFC 9110, RFC 9530).

The entity tag is the SHA-256 of the bytes, so it is strong, and the same for an unchanged file in
every version. Of a request for several ranges at once the whole file comes: RFC 9110 allows that,
and nobody who resumes a download asks so.
"""

import asyncio
import logging
import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from archive.site.downloads import File

CHUNK = 256 * 1024
YEAR = 365 * 86400

# A cache that packs what passes through would send other bytes than those the digest is of.
FOR_EVER = f"public, max-age={YEAR}, immutable, no-transform"
ASK_AGAIN = "public, no-cache, no-transform"
"""For an address that names a version, and for one that will lead to the next version."""

WHOLE, PART, SAME, FAILED, NOT_THERE, REMOVED = 200, 206, 304, 412, 416, 503

ASK_LATER = 5
"""Seconds after which to ask again for a file that was removed: the next version is served by then."""

_RANGE = re.compile(r"bytes *= *(\d{0,18}) *- *(\d{0,18})", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r'(W/)?("[^"]*")')

log = logging.getLogger(__name__)

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Decision:
    """The status of an answer, and which bytes it has: from `start` up to before `stop`."""

    status: int
    start: int = 0
    stop: int = 0


def decide(method: str, asked: Mapping[str, str], file: File) -> Decision:
    """Return what the conditions and the range of a request come to (RFC 9110, 13.2.2 and 14.2).

    Args:
        method: GET or HEAD.
        asked: The request's headers, names in lower case.
        file: The file that is asked for.
    """
    tag = etag(file)
    if not _still_holds(asked, tag, file.modified):
        return Decision(FAILED)
    if _is_known(asked, tag, file.modified):
        return Decision(SAME)
    whole = Decision(WHOLE, 0, file.size)
    # Of a HEAD a range means nothing.
    if method != "GET" or "range" not in asked or not _same_file(asked.get("if-range"), tag, file.modified):
        return whole
    return _range(asked["range"], file.size) or whole


def _still_holds(asked: Mapping[str, str], tag: str, modified: datetime) -> bool:
    if "if-match" in asked:
        tags = _TAG.findall(asked["if-match"])
        return asked["if-match"].strip() == "*" or any(not weak and each == tag for weak, each in tags)
    since = _date(asked.get("if-unmodified-since"))
    return since is None or modified <= since


def _is_known(asked: Mapping[str, str], tag: str, modified: datetime) -> bool:
    if "if-none-match" in asked:
        known = asked["if-none-match"]
        return known.strip() == "*" or any(each == tag for _, each in _TAG.findall(known))
    since = _date(asked.get("if-modified-since"))
    return since is not None and modified <= since


def _same_file(condition: str | None, tag: str, modified: datetime) -> bool:
    """Tell whether a range is wanted of this very file: a weak tag or a near date proves nothing."""
    if condition is None:
        return True
    condition = condition.strip()
    return condition == tag or _date(condition) == modified


def _range(asked: str, size: int) -> Decision | None:
    """Return the part that is asked for; None if that is several, or is not understood."""
    found = _RANGE.fullmatch(asked.strip())
    if not found or found[1] == found[2] == "":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
        return Decision(PART, start, stop) if start < size else Decision(NOT_THERE)
    start, stop = int(first), int(last) + 1 if last else size
    if stop <= start and last:
        return None
    return Decision(PART, start, min(stop, size)) if start < size else Decision(NOT_THERE)


def _date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def etag(file: File) -> str:
    """Return the strong entity tag of a file."""
    return f'"{file.sha256}"'


def headers(decision: Decision, file: File, caching: str) -> Headers:
    """Return the headers of an answer."""
    if decision.status == NOT_THERE:
        return _raw({"content-range": f"bytes */{file.size}", "content-length": "0"})
    if decision.status == FAILED:
        return _raw({"content-length": "0"})
    told = {
        "etag": etag(file),
        "last-modified": format_datetime(file.modified, usegmt=True),
        "accept-ranges": "bytes",
        "cache-control": caching,
    }
    if decision.status != SAME:
        told |= _of_the_body(decision, file)
    return _raw(told)


def _of_the_body(decision: Decision, file: File) -> dict[str, str]:
    digest = _base64(file.sha256)
    told = {
        "content-type": file.content_type,
        "content-length": str(decision.stop - decision.start),
        "content-disposition": f'attachment; filename="{file.saved_as}"',
        # Of the whole file, whichever part of it is sent: RFC 9530, and RFC 3230 before it.
        "repr-digest": f"sha-256=:{digest}:",
        "digest": f"SHA-256={digest}",
    }
    if decision.status == PART:
        told["content-range"] = f"bytes {decision.start}-{decision.stop - 1}/{file.size}"
    return told


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()


def _raw(told: Mapping[str, str]) -> Headers:
    return [(name.encode(), value.encode("latin-1")) for name, value in told.items()]


async def send_file(scope: Any, receive: Any, send: Any, file: File, caching: str) -> None:
    """Answer a GET or HEAD with a file.

    One that is not there any more is of a version that shows what is withheld since: such a version is
    removed at once, some seconds before the next one is served.

    Raises:
        OSError: The file is shorter than it was; an answer that has begun is then broken
            off, so that nobody takes it for whole.
    """
    # Lines of one name are one list (RFC 9110, 5.3).
    asked: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        asked[key] = f"{asked[key]}, {text}" if key in asked else text
    decision = decide(scope["method"], asked, file)
    # Opened before anything is said, and held: a version that is retired meanwhile is sent to its end.
    try:
        opened = await asyncio.to_thread(os.open, file.path, os.O_RDONLY)
    except FileNotFoundError:
        log.warning("%s is asked for and not there any more", file.path)
        await send(_start(REMOVED, _raw({"retry-after": str(ASK_LATER), "content-length": "0"})))
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        if os.fstat(opened).st_size != file.size:
            raise OSError(f"{file.path}: it had {file.size} bytes and now has others")
        await send(_start(decision.status, headers(decision, file, caching)))
        if scope["method"] == "GET":
            await _stream(opened, decision, receive, send)
        await send({"type": "http.response.body", "body": b""})
    finally:
        os.close(opened)


def _start(status: int, told: Headers) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": told}


async def _stream(opened: int, decision: Decision, receive: Any, send: Any) -> None:
    """Send the bytes, read in a thread, as fast as they are taken, for as long as somebody takes them."""
    # The server lets us go on sending to nobody.
    left = asyncio.ensure_future(_leaves(receive))
    try:
        at = decision.start
        while at < decision.stop and not left.done():
            chunk = await asyncio.to_thread(os.pread, opened, min(CHUNK, decision.stop - at), at)
            if not chunk:
                raise OSError(f"the file ends at {at}, before {decision.stop}")
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            at += len(chunk)
    finally:
        left.cancel()


async def _leaves(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
