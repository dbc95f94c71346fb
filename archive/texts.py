"""Whether a stored body holds personal data, in any text of it that a reader of the bytes would find.

A publication masks what was read from a document; its original holds more: what stands outside the sections,
in scripts, comments and attributes, in the properties of a file. All of that is looked through here as text,
without reading it as a document. Files other than pages, and large pages, are looked through in a confined
process: `python -m archive.texts PARENT KIND TYPE`.
"""

import html
import json
import re
import sys
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from archive import captures, file_texts, markup, masking, processes
from archive.captures import Capture
from archive.errors import ArchiveError, BadRecord, ContentTooLarge, ProgramFailed, Unsearchable
from archive.kinds import EMPTY, HTML, MHTML, TEXT, UNKNOWN, Kind, kind_of

LARGE = 1024 * 1024
"""Bytes from which on a text is looked through in a process of its own too: in ours it would keep others
from being answered."""

SECONDS, MEMORY, ANSWER = 40.0, 1 << 30, 1 << 16
"""Limits of the process that looks through a file: time, bytes of memory, bytes of its answer."""

TEXTUAL = (HTML, TEXT, MHTML)
PIECE = 8192
_OVERLAP = 256
"""Characters looked through at once, and those before them that are looked through again: a search in one
long text would keep every other thread waiting, and no personal data is longer than the overlap."""

# Nothing is masked where there is none of these: a number of eleven digits, a home, a mailbox.
_SUSPECT = re.compile(r"家住|现住|[住地]址[ 　]*[：:]|[@＠]|\d(?:\D{0,5}\d){10}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def holds_personal_data(capture: Capture) -> bool:
    """Tell whether anything in a capture would be masked if it were published as text.

    Raises:
        Unsearchable: Its text cannot be told.
    """
    named = unquote(capture.header("content-disposition"))
    try:
        body = captures.content(capture)
        kind = kind_of(body)
        if kind in TEXTUAL and len(body) <= LARGE:
            return found_in([named, *_of_text(capture, kind)])
    except ContentTooLarge as error:
        raise Unsearchable(str(error)) from error
    except BadRecord:
        raise Unsearchable("the body is coded in a way that cannot be undone") from None
    if kind is UNKNOWN:
        raise Unsearchable("the bytes are of no kind of file that is known here")
    if kind is EMPTY or kind.is_picture:
        return found_in([named])
    return found_in([named]) or _ask_program(kind, capture.header("content-type"), body)


def _of_text(capture: Capture, kind: Kind) -> Iterator[str]:
    """Yield a text as it stands, and as those read it who take it for markup, a script or a mail."""
    text = captures.text(capture)
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\u" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if kind is HTML:
        yield _shown(text)
    elif kind is MHTML:
        for part in file_texts.mail_parts(captures.content(capture)):
            yield from _of_text(part, kind_of(part.body))


def _shown(text: str) -> str:
    """Return the text of a page; of one too large to be taken apart, what stands between its tags."""
    try:
        return markup.text_of(markup.parse(text))
    except ContentTooLarge:
        return file_texts.without_tags(text)


def found_in(texts: Iterable[str]) -> bool:
    """Tell whether anything in the texts would be masked."""
    return any(_SUSPECT.search(piece) and masking.mask(piece)[1] for text in texts for piece in pieces(text))


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that are cut between lines, or where a line is long, outside words and numbers.

    >>> list(pieces("a\\nb"))
    ['a\\nb']
    """
    start = 0
    while start < len(text):
        end = start + PIECE
        if end >= len(text):
            yield text[start:]
            return
        line = text.rfind("\n", start, end)
        if line > start:
            yield text[start:line]
            start = line + 1
        else:
            end = _outside(text, end, start + PIECE // 2)
            yield text[start:end]
            start = _outside(text, end - _OVERLAP, end - 2 * _OVERLAP)


def _outside(text: str, at: int, least: int) -> int:
    """Return the nearest place at or before `at` where no word or number is cut; not before `least`."""
    while at > least and text[at - 1].isalnum() and text[at].isalnum():
        at -= 1
    return at


def _ask_program(kind: Kind, media_type: str, body: bytes) -> bool:
    words = [kind.suffix, media_type]
    try:
        printed = processes.run("archive.texts", words, body, seconds=SECONDS, most=ANSWER)
        answer = json.loads(printed)
    except (ProgramFailed, ValueError) as error:
        raise Unsearchable(f"the text of the {kind.name} file cannot be looked through") from error
    if "unsearchable" in answer:
        raise Unsearchable(answer["unsearchable"])
    return bool(answer["found"])


def main(parent: int, suffix: str, media_type: str) -> None:
    """Look through the file on the standard input, and print what came of it as JSON."""
    kind = next((each for each in TEXTUAL if each.suffix == suffix), None)
    if kind is None:
        file_texts.load()
    processes.confine(parent, MEMORY, int(SECONDS))
    body = sys.stdin.buffer.read()
    page = Capture(headers=(("Content-Type", media_type),), body=body)
    try:
        held = _of_text(page, kind) if kind else file_texts.texts(suffix, body)
        answer: dict[str, object] = {"found": found_in(held)}
    except (ArchiveError, MemoryError, RecursionError) as error:
        answer = {"unsearchable": str(error) or type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:4])
