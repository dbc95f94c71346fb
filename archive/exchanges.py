"""One exchange as WARC records: request, response, and what the crawl knew when it asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from archive import warc
from archive.captures import Capture, Context
from archive.errors import BadRecord

EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they passed the wire (de-chunked, not decoded).

    `reason` is the status line's phrase; `truncated` is a value of WARC-Truncated or empty.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture read back, with the fingerprint of its request and whether it was cut short."""

    capture: Capture
    fingerprint: str
    truncated: str


def records(exchange: Exchange, response_id: str) -> list[warc.Record]:
    """Return the three records of an exchange: request, response, metadata."""
    asked = f"{exchange.method} {_request_target(exchange.url)} HTTP/1.1"
    request = _http(asked, exchange.request_headers, exchange.request_body)
    response = _http(
        f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), exchange.headers, exchange.body
    )
    target = {"WARC-Target-URI": exchange.url}
    described = {
        **target,
        "Content-Type": "application/http;msgtype=response",
        "WARC-Payload-Digest": warc.digest(exchange.body),
        **({"WARC-IP-Address": exchange.address} if exchange.address else {}),
        **({"WARC-Truncated": exchange.truncated} if exchange.truncated else {}),
    }
    belongs = {**target, "WARC-Concurrent-To": warc.urn(response_id)}
    context = {key: value for key, value in asdict(exchange.context).items() if value}
    known = {"kind": EXCHANGE, "fingerprint": exchange.fingerprint, "context": context}
    return [
        warc.record(
            "request",
            warc.new_id(),
            exchange.date,
            request,
            {**belongs, "Content-Type": "application/http;msgtype=request"},
        ),
        warc.record("response", response_id, exchange.date, response, described),
        warc.metadata(
            warc.new_id(), exchange.date, known, {**target, "WARC-Refers-To": warc.urn(response_id)}
        ),
    ]


def _http(first: str, headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {' '.join(value.splitlines())}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace") + body


def _request_target(url: str) -> str:
    _, _, rest = url.partition("://")
    _host, slash, path = rest.partition("/")
    return slash + path if slash else "/"


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
    return Answer(capture, fingerprint, response.header("WARC-Truncated"))


def parse_response(response: warc.Record, method: str, context: Context, run: str, file: str) -> Capture:
    """Return the capture that a response record holds.

    Raises:
        BadRecord: The block is no HTTP response.
    """
    head, separator, body = response.block.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = lines[0].split(" ")[1:2]
    if not separator or not status or not status[0].isdecimal():
        raise BadRecord(f"the record at {response.offset} holds no HTTP response")
    pairs = [line.partition(":") for line in lines[1:]]
    return Capture(
        id=response.id,
        url=response.header("WARC-Target-URI"),
        method=method,
        status=int(status[0]),
        headers=tuple((name.strip(), value.strip()) for name, _, value in pairs),
        body=body,
        fetched_at=response.header("WARC-Date"),
        digest=hashlib.sha256(body).hexdigest(),
        run=run,
        file=file,
        offset=response.offset,
        length=response.length,
        context=context,
    )
