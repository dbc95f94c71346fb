"""Index lines of web archives (CDXJ): where the records of a WARC file begin, by address and time.

The key of an address is its host turned round and its path, made even: replay software makes the same key of
what it is asked for, and looks for it.

Source: CDXJ 1.0 (IIPC); Sort-friendly URI Reordering Transform (Heritrix glossary).
"""

import json
import re
from base64 import b32encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

REVISIT = "warc/revisit"

_PARTS = re.compile(
    r"([a-z][a-z0-9+.-]*):(?://(?:[^/?#@]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.IGNORECASE
)
_WWW = re.compile(r"www\d*\.")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SESSIONS = tuple(
    re.compile(rf"^(.*)(?:{session})(?:&(.*))?$", re.IGNORECASE)
    for session in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]+&cftoken=[^&]+",
    )
)
"""What servers put into an address to know a visitor again."""


def line(row: Mapping[str, Any], offset: int, length: int, file: str, *, repeats: bool) -> str:
    """Return the index line of a record.

    Args:
        row: Of the table `capture`: address, time, status, type and digest.
        offset: Where its member begins in the file, in bytes.
        length: Bytes of its member.
        file: Name of the file.
        repeats: Whether it repeats the body of another record.
    """
    told = {
        "url": row["url"],
        "mime": REVISIT if repeats else (row["content_type"] or "").partition(";")[0].strip() or "unk",
        "status": str(row["status"]),
        "digest": f"sha256:{b32encode(bytes.fromhex(row['digest'])).decode()}",
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    stamp = re.sub(r"\D", "", row["fetched_at"])
    return f"{key(row['url'])} {stamp} {json.dumps(told)}\n"


def key(url: str) -> str:
    """Return the key of an address.

    >>> key("http://www.Example.gov.cn:80/a/./B/?y=2&x=1#top")
    'cn,gov,example)/a/b?x=1&y=2'
    """
    found = _PARTS.match(url.strip())
    if not found or not found[2]:
        return url
    scheme, host, path, query = found[1].lower(), found[2].lower(), found[3], found[4]
    host = _WWW.sub("", host.removesuffix(_DEFAULT_PORTS.get(scheme, "-")), count=1)
    name, colon, port = host.partition(":")
    turned = ",".join(reversed(name.strip(".").split("."))) + colon + port
    return f"{turned}){_path(path)}{_query(query)}"


def _path(path: str) -> str:
    kept: list[str] = []
    for step in _even(path).lower().split("/"):
        if step == "..":
            kept = kept[:-1]
        elif step not in ("", "."):
            kept.append(step)
    return "/" + "/".join(kept)


def _query(query: str | None) -> str:
    if not query:
        return ""
    text = _even(query)
    for session in _SESSIONS:
        if found := session.match(text):
            text = found[1] + (found[2] or "")
    pairs = sorted(part.split("=", 1) for part in text.lower().split("&"))
    text = "&".join("=".join(pair) for pair in pairs)
    return f"?{text}" if text else ""


def _even(text: str) -> str:
    """Return a text with just those characters escaped that must be, however often some were."""
    data = text.encode()
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return quote_from_bytes(data, safe=_SAFE)
