"""An unstyled copy of a stored page or text, with something marked in it.

A large one is made in a confined process, `python -m archive.copies PARENT WANTED`: in ours it would keep the
site from answering anybody else for seconds.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import islice

from lxml import etree

from archive import captures, file_texts, harmless, held, kinds, markup, processes
from archive.captures import Capture
from archive.errors import ContentTooLarge
from archive.harmless import DROPPED, LONGEST, MARK
from archive.kinds import Kind

LIMIT = 20 * 1024 * 1024
"""Bytes of a page or text of which a copy is made."""

LARGE = 1024 * 1024
"""Bytes from which on it is made in a process of its own."""

SECONDS, MEMORY, ANSWER = 30.0, 1 << 30, 128 * 1024 * 1024
"""Limits of that process: time, bytes of memory, bytes of its answer."""

RAW = 4000
"""Characters that are shown of a line in whose markup a cell is hidden."""

MOST_LOOKED_AT, MOST_PIECES = 100_000, 40
"""Elements among which a heading is looked for, and pieces of text that it is put together from."""

KINDS = (kinds.HTML, kinds.MHTML, kinds.TEXT)
"""Of which a copy can be made."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be marked, the first of these that is told.

    Attributes:
        heading: what a heading says.
        path: of an element; `hidden` where it leads into markup that is held as text, and `printed` what
            must be printed there.
        line: of the source, from 1.
    """

    heading: str = ""
    path: str = ""
    hidden: bool = False
    printed: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy.

    Attributes:
        markup: that can do nothing.
        title: what a page calls itself, which stands outside of it.
        raw: the line of the source in which something is hidden that is not found.
        is_marked: whether what was wanted is marked.
        is_held: whether it is a copy of markup that the page holds as text, not of the page.
    """

    markup: str
    title: str = ""
    raw: str = ""
    is_marked: bool = False
    is_held: bool = False


def copy(page: Capture, kind: Kind, wanted: Wanted) -> Copy:
    """Return a copy of a page or text.

    Args:
        page: of which the content encodings are undone; its Content-Type may tell the charset.
        kind: one of `KINDS`.
        wanted: what is to be marked.

    Raises:
        ContentTooLarge: It has more bytes or elements than are copied.
        ProgramFailed: It is large, and takes more time or memory than it may.
    """
    if len(page.body) > LIMIT:
        raise ContentTooLarge(f"the text has more than {LIMIT} bytes")
    if len(page.body) <= LARGE:
        return make(page, kind, wanted)
    told = json.dumps({**asdict(wanted), "kind": kind.suffix, "type": page.header("content-type")})
    printed = processes.run("archive.copies", [told], page.body, seconds=SECONDS, most=ANSWER)
    head, _, body = printed.partition(b"\n")
    found = json.loads(head)
    if "too_large" in found:
        raise ContentTooLarge(found["too_large"])
    return Copy(body.decode(), **found)


def make(page: Capture, kind: Kind, wanted: Wanted) -> Copy:
    """Return a copy, made here; as `copy`."""
    if kind is kinds.MHTML:
        page = _page_of_mail(page.body)
    text = captures.text(page)
    found = held.cell_at(text, wanted.path, wanted.printed) if wanted.hidden else None
    if found:
        return _written(*found, is_held=True)
    if kind is kinds.TEXT:
        return _lines(text, wanted)
    root = markup.parse(text)
    marked = None
    if wanted.heading:
        marked = _heading(root, wanted.heading)
    elif wanted.path and not wanted.hidden:
        marked = markup.element_at(root, wanted.path)
    return _written(root, marked, raw=_raw(text, wanted.line) if wanted.hidden else "")


def _written(
    root: etree._Element, marked: etree._Element | None, *, raw: str = "", is_held: bool = False
) -> Copy:
    title = next((each.text or "" for each in markup.elements(root, "title")), "")
    written = harmless.harmless(root, marked)
    return Copy(written, " ".join(title.split())[:LONGEST], raw, MARK in written, is_held)


def _page_of_mail(body: bytes) -> Capture:
    """Return the first page in a saved page (MHTML), which is the one that was read."""
    pages = (
        part
        for part in file_texts.mail_parts(body)
        if part.header("content-type").lower().startswith("text/html")
    )
    return next(pages, Capture(body=b""))


def _heading(root: etree._Element, heading: str) -> etree._Element | None:
    """Return the first element that says just the heading, and of those inside it the innermost."""
    wanted = "".join(heading.split())
    elements = islice(markup.elements(root), MOST_LOOKED_AT)
    looked_at = (each for each in elements if each.tag not in DROPPED)
    found = next((each for each in looked_at if _says(each, wanted)), None)
    while (
        found is not None
        and (inner := next((each for each in found if _says(each, wanted)), None)) is not None
    ):
        found = inner
    return found


def _says(element: etree._Element, wanted: str) -> bool:
    """Tell whether an element holds these words and no others, white space apart."""
    pieces = [str(piece) for piece in islice(element.itertext(), MOST_PIECES + 1)]
    return len(pieces) <= MOST_PIECES and "".join("".join(pieces).split()) == wanted


def _raw(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1][:RAW] if 0 < line <= len(lines) else text[:RAW]


def _lines(text: str, wanted: Wanted) -> Copy:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marked = wanted.line
    if wanted.heading:
        heading = wanted.heading.strip()
        marked = next((n for n, line in enumerate(lines, 1) if line.strip() == heading), 0)
    written = "\n".join(_numbered(lines, marked))
    return Copy(f"<pre>\n{written}</pre>", is_marked=MARK in written)


def _numbered(lines: list[str], marked: int) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        shown = harmless.text(line)
        yield f"{MARK}{shown}</mark>" if number == marked else shown


def main(parent: int, told: str) -> None:
    """Make a copy of the page on the standard input; print what is known of it as JSON, then itself."""
    processes.confine(parent, MEMORY, int(SECONDS))
    wanted = json.loads(told)
    suffix = wanted.pop("kind")
    kind = next(each for each in KINDS if each.suffix == suffix)
    page = Capture(headers=(("Content-Type", wanted.pop("type")),), body=sys.stdin.buffer.read())
    try:
        made = make(page, kind, Wanted(**wanted))
    except ContentTooLarge as error:
        sys.stdout.write(json.dumps({"too_large": str(error)}))
        return
    head = asdict(replace(made, markup=""))
    del head["markup"]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made.markup.encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
