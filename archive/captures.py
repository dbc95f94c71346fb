"""The capture: one stored response, with what the crawl knew when it asked for it."""

from dataclasses import dataclass, field

ROBOTS, HOME, PAGE, LIST, DETAIL, ATTACHMENT = "robots", "home", "page", "list", "detail", "attachment"


@dataclass(frozen=True, slots=True)
class Context:
    """What the crawl knew when it asked. Empty for a file given by hand.

    Attributes:
        role: why it was asked: one of the constants above; only `detail` and `attachment`
            captures are read as documents.
        portal: name of the portal; `portal_title` the publisher's own name.
        division: the portal's six-digit GB/T 2260 code.
        column: address of the list the link stood on; `column_title` its heading.
        link_text: text (or title attribute) of the link that was followed.
        listed_on: date printed beside that link, YYYY-MM-DD.
        referer: address of the page the link stood on.
    """

    role: str = ""
    portal: str = ""
    portal_title: str = ""
    division: str = ""
    column: str = ""
    column_title: str = ""
    link_text: str = ""
    listed_on: str = ""
    referer: str = ""


@dataclass(frozen=True, slots=True)
class Capture:
    """One stored response.

    Attributes:
        id: 32 hexadecimal digits, the UUID of the WARC response record.
        url, method, status, headers: the exchange; header names as received.
        body: as stored, before content decoding.
        fetched_at: UTC, `YYYY-MM-DDTHH:MM:SSZ`.
        digest: SHA-256 of the body, hexadecimal.
        file, offset, length: the response record's gzip member in `warc/<portal>/<file>`.
    """

    id: str = ""
    url: str = ""
    method: str = "GET"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fetched_at: str = ""
    digest: str = ""
    run: str = ""
    file: str = ""
    offset: int = 0
    length: int = 0
    context: Context = field(default=Context())
