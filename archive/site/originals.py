"""What pages say of a stored original: what may be had of it and where, and if not, why not.

Addresses are those of `plugins/originals.py`, without the site's base address. What is asked here reads
bytes and may take a second: call it in a thread (`asyncio.to_thread`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from archive import captures, kinds, originals
from archive.errors import ArchiveError, OriginalRefused
from archive.kinds import Kind
from archive.originals import Originals
from archive.site.spots import NOT_HERE
from archive.stored import ABSENT, DAMAGED, TOO_LARGE

NOT_HANDED, NO_PAGE, BUSY = "not_handed", "no_page", "busy"
"""Why one address has nothing, where others of the same original may have something."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something of an original is not shown.

    Attributes:
        why: one word, a key of `WORDS`.
        status: of the answer.
        zh, en: why, in words.
        row: of the table `capture`, where it is known: address, time and digest are told of every original.
        decisions: rows of `withheld`, the tombstone.
    """

    why: str
    status: int
    zh: str
    en: str
    row: Row | None = None
    decisions: tuple[Row, ...] = ()


WORDS: dict[str, tuple[int, str, str]] = {
    originals.UNKNOWN: (
        404,
        "这个版本的档案里没有这份原件。",
        "This version of the archive holds no such original.",
    ),
    originals.WITHHELD: (
        451,
        "这份原件不予公开。其字节仍在存档中，可由摘要证明。",
        "This original is withheld. Its bytes are kept, and its digest proves them.",
    ),
    originals.MASKED: (
        451,
        "这份原件含有个人信息，本站发布的文字中已遮盖，故不提供原件，只以摘要证明。",
        "This original holds personal data, which is masked in what is published here: it is not shown, and"
        " proved by its digest only.",
    ),
    originals.UNSEARCHABLE: (
        451,
        "无法检查这份原件是否含有个人信息（加密、打包、损坏或格式不明），故不提供原件，只以摘要证明。",
        "Whether this original holds personal data cannot be told (encrypted, packed, damaged or of an"
        " unknown kind): it is not shown, and proved by its digest only.",
    ),
    ABSENT: (
        404,
        "原件不在提供本站的这台机器上。",
        "Originals are not kept on the machine that serves this site.",
    ),
    DAMAGED: (
        404,
        "存放这份原件的文件已损坏，或与登记的不符，现在无法提供。",
        "The file that holds this original is damaged, or is not what was recorded: it cannot be shown now.",
    ),
    TOO_LARGE: (
        413,
        "原件过大，无法在此提供。",
        "The original is too large to be given here.",
    ),
    NOT_HERE: (
        404,
        "要标出的内容不是从这份原件读出的。",
        "What is to be marked was not read from this original.",
    ),
    NOT_HANDED: (
        404,
        "网页原件不单独提供下载，以免其脚本在读者的电脑上运行；请看无样式副本，或下载 WARC 记录。",
        "Pages are not handed over as files, lest their scripts run on a reader's own machine: see the"
        " unstyled copy, or take the WARC record.",
    ),
    NO_PAGE: (
        404,
        "没有这一页，或在限定的时间内无法绘出。",
        "There is no such page, or it cannot be drawn within the limits.",
    ),
    BUSY: (503, "请求过多，请稍后再试。", "Too many at once: try again in a moment."),
}
"""By why: the status of the answer, and the words in both languages."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be had of one capture.

    Attributes:
        refused: why nothing may be had; None where something may.
        kind: what the bytes are, None where nothing may be had.
        replay, record, original: addresses, empty where there is nothing.
    """

    refused: Refusal | None
    kind: Kind | None = None
    replay: str = ""
    record: str = ""
    original: str = ""


def offer(shelf: Originals, identity: str) -> Offer:
    """Return what may be had of a capture; its bytes are read and looked through for that."""
    try:
        found = shelf.read(identity)
        kind = kinds.kind_of(captures.content(found.capture))
    except OriginalRefused as refused:
        return Offer(refusal(shelf, identity, refused.why))
    except ArchiveError:
        return Offer(refusal(shelf, identity, DAMAGED))
    original = original_path(identity) if kind.is_handed else ""
    return Offer(None, kind, replay_path(identity), record_path(identity), original)


def refusal(shelf: Originals, identity: str, why: str) -> Refusal:
    """Return why something of a capture is not shown, with what may be told of it all the same."""
    status, zh, en = WORDS[why]
    try:
        return Refusal(why, status, zh, en, shelf.told(identity), tuple(shelf.decisions(identity)))
    except OriginalRefused:
        return Refusal(why, status, zh, en)


def record_path(capture: str) -> str:
    """Return the address of a capture's WARC record."""
    return f"/capture/{quote(capture, safe='')}/record.warc.gz"


def original_path(capture: str) -> str:
    """Return the address of a capture's body as a file."""
    return f"/capture/{quote(capture, safe='')}/original"


def replay_path(capture: str, query: str = "") -> str:
    """Return the address of a capture's unstyled copy.

    Args:
        capture: its id.
        query: what is marked: as `cell_query`, `section=REVISION,NUMBER`, `problem=ID`, or of a PDF file
            `page=NUMBER`.

    >>> replay_path("ab", cell_query(-7, 12))
    '/capture/ab/replay?cell=-7,12#cell'
    """
    marked = f"?{query}" + ("" if query.startswith("page=") else "#cell") if query else ""
    return f"/capture/{quote(capture, safe='')}/replay{marked}"


def cell_query(revision: int, item: int) -> str:
    """Return what asks for a cell to be marked; it must be that of the capture that the revision names."""
    return f"cell={revision},{item}"


def wacz_path(source: str) -> str:
    """Return the address of a source's originals as one WACZ file."""
    return f"/source/{quote(source, safe='')}/archive.wacz"
