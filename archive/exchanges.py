"""One exchange as WARC records: request, response, and what the crawl knew when it asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from archive import warc
from archive.captures import Capture, Context
from archive.errors import BadRecord

EXCHANGE = "exchange"
_BLANKS = " \t"
# All that surrounds a header's value (RFC 9110, 5.5): a last byte that Latin-1 calls a blank is part of it.

NOT_MODIFIED = 304

_EMPTY_REVISIT = b"HTTP/1.1 304 \r\n\r\n"
_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they passed the wire (de-chunked, not decoded).

    `reason` is the status line's phrase; `truncated` is a value of WARC-Truncated or empty;
    `repeats` is the sealed capture whose body is not stored again, because a 304 says that it
    is unchanged or because the body that came is the same; `judged` as in `Capture`.
    """

    url: str
    method: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    date: str
    fingerprint: str
    context: Context
    address: str = ""
    truncated: str = ""
    repeats: Capture | None = None
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture read back, with the fingerprint of its request and whether it was cut short."""

    capture: Capture
    fingerprint: str
    truncated: str


def records(exchange: Exchange, response_id: str) -> list[warc.Record]:
    """Return the three records of an exchange: request, response or revisit, metadata."""
    context = {key: value for key, value in asdict(exchange.context).items() if value}
    known: dict[str, Any] = {"kind": EXCHANGE, "fingerprint": exchange.fingerprint, "context": context}
    repeated = exchange.repeats
    if repeated is not None:
        known["digest"] = repeated.digest
        if exchange.status == NOT_MODIFIED:
            known["headers"] = exchange.headers
    if exchange.judged:
        known["judged"] = exchange.judged
    # Not the page's address: replay software would take this record for a capture of the page.
    about = {"WARC-Target-URI": f"urn:gongkai:{EXCHANGE}", "WARC-Refers-To": warc.urn(response_id)}
    return [
        _request(exchange, response_id),
        _revisit(exchange, repeated, response_id) if repeated else _response(exchange, response_id),
        warc.metadata(warc.new_id(), exchange.date, known, about),
    ]


def _request(exchange: Exchange, response_id: str) -> warc.Record:
    first = f"{exchange.method} {_request_target(exchange.url)} HTTP/1.1"
    head = {
        "WARC-Target-URI": exchange.url,
        "WARC-Concurrent-To": warc.urn(response_id),
        "Content-Type": "application/http;msgtype=request",
    }
    block = _http(first, exchange.request_headers, exchange.request_body)
    return warc.record("request", warc.new_id(), exchange.date, block, head)


def _response(exchange: Exchange, response_id: str) -> warc.Record:
    head = {
        **_answered(exchange),
        "WARC-Payload-Digest": warc.digest(exchange.body),
        **({"WARC-Truncated": exchange.truncated} if exchange.truncated else {}),
    }
    block = _http(_status_line(exchange), exchange.headers, exchange.body)
    return warc.record("response", response_id, exchange.date, block, head)


def _revisit(exchange: Exchange, repeated: Capture, response_id: str) -> warc.Record:
    """Return a record that repeats no body (ISO 28500:2017, 6.7).

    The digest of the body it stands for is in the metadata record. The standard would have it
    as WARC-Payload-Digest, but FastWARC checks that against the body that is not here. The
    headers of a 304 are there too, and the block is empty, as the standard allows: pywb would
    replay a block's 304 itself, and not the page.
    """
    head = {
        **_answered(exchange),
        **_profile(exchange.status),
        "WARC-Refers-To": warc.urn(repeated.id),
        "WARC-Refers-To-Target-URI": repeated.url,
        "WARC-Refers-To-Date": repeated.fetched_at,
    }
    unchanged = exchange.status == NOT_MODIFIED
    block = b"" if unchanged else _http(_status_line(exchange), exchange.headers, b"")
    return warc.record("revisit", response_id, exchange.date, block, head)


def _profile(status: int) -> dict[str, str]:
    if status == NOT_MODIFIED:
        return {"WARC-Profile": _PROFILES + "server-not-modified"}
    return {"WARC-Profile": _PROFILES + "identical-payload-digest", "WARC-Truncated": "length"}


def _answered(exchange: Exchange) -> dict[str, str]:
    return {
        "WARC-Target-URI": exchange.url,
        "Content-Type": "application/http;msgtype=response",
        **({"WARC-IP-Address": exchange.address} if exchange.address else {}),
    }


def _status_line(exchange: Exchange) -> str:
    # The space stands also where no phrase follows (RFC 9112, 4).
    return f"HTTP/1.1 {exchange.status} {exchange.reason}"


def _http(first: str, headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {warc.one_line(value)}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace") + body


def _request_target(url: str) -> str:
    """Return an address in origin form (RFC 9112, 3.2.1).

    >>> _request_target("http://h?a=/b#c")
    '/?a=/b'
    """
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def answer(response: warc.Record, method: str, known: Mapping[str, Any], run: str, file: str) -> Answer:
    """Return what a response record and its metadata record hold together.

    Raises:
        BadRecord: The block is no HTTP response, or the metadata is not ours.
    """
    try:
        context, fingerprint = Context(**known["context"]), str(known["fingerprint"])
    except (KeyError, TypeError) as error:
        raise BadRecord(f"the metadata of the record at {response.offset} is not ours") from error
    capture = parse_response(response, method, context, run, file)
    capture = replace(capture, judged=str(known.get("judged", "")))
    if capture.refers_to:
        headers = tuple((name, warc.one_line(value)) for name, value in known.get("headers", capture.headers))
        capture = replace(capture, digest=str(known.get("digest", "")), headers=headers)
    # A revisit leaves its body out on purpose; that is no cut answer.
    truncated = "" if capture.refers_to else response.header("WARC-Truncated")
    return Answer(capture, fingerprint, truncated)


def parse_response(response: warc.Record, method: str, context: Context, run: str, file: str) -> Capture:
    """Return the capture that a response record holds.

    A revisit's has no body and no digest, and that of a 304 no headers.

    Raises:
        BadRecord: The block is no HTTP response.
    """
    block = _EMPTY_REVISIT if response.type == "revisit" and not response.block else response.block
    head, separator, body = block.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = lines[0].split(" ")[1:2]
    if not separator or not status or not status[0].isdecimal():
        raise BadRecord(f"the record at {response.offset} holds no HTTP response")
    pairs = [line.partition(":") for line in lines[1:]]
    revisit = response.type == "revisit"
    return Capture(
        id=response.id,
        url=response.header("WARC-Target-URI"),
        method=method,
        status=int(status[0]),
        headers=tuple((name.strip(_BLANKS), value.strip(_BLANKS)) for name, _, value in pairs),
        body=body,
        fetched_at=response.header("WARC-Date"),
        digest="" if revisit else hashlib.sha256(body).hexdigest(),
        refers_to=warc.bare_id(response.header("WARC-Refers-To")) if revisit else "",
        run=run,
        file=file,
        offset=response.offset,
        length=response.length,
        context=context,
    )
