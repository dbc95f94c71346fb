"""ZIP files that hold documents: a report in parts, or with its attachments.

Their documents are read one after the other into one; what cannot be read of them is a problem
each, and costs the others nothing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pipelines.documents.blocks import Block, Document, Grid, GridCell
from pipelines.documents.formats import ZIP, document_format
from pipelines.documents.zips import Members
from pipelines.errors import DocumentError, LimitExceeded
from pipelines.reading import Place, Problem

MOST_DOCUMENTS = 200
"""Members that are looked into, those of archives in the archive included."""

DEEPEST = 2
"""Archives one inside the other."""

# What file managers add by themselves; programs keep their locks under names that begin with ~$.
_FURNITURE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")
Read = Callable[[bytes], Document]


def read_archive(body: bytes, read: Read) -> Document:
    """Read the documents of an archive as one, in the order of their names.

    Args:
        body: the archive.
        read: reads one document that is no archive.

    Raises:
        LimitExceeded: There are more members, or larger ones, than any report has.
        UnreadableDocument: The archive is damaged.
    """
    members: list[Document] = []
    tables = 0
    for name, document in _Archive(read).documents(Members(body), "", 1):
        members.append(_moved(document, name, tables))
        tables += document.last_table
    return Document(
        title=next((member.title for member in members if member.title), ""),
        blocks=tuple(block for member in members for block in member.blocks),
        meta=next((member.meta for member in members if member.meta), {}),
        problems=tuple(problem for member in members for problem in member.problems),
        members=tuple(members),
    )


class _Archive:
    """Reads members and counts them, through archives inside the archive."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._left = MOST_DOCUMENTS

    def documents(self, members: Members, within: str, depth: int) -> Iterator[tuple[str, Document]]:
        """Yield each member's name and document; one without blocks where it cannot be read."""
        names = sorted((name for name in members if not _FURNITURE.search(name)), key=_in_order)
        self._left -= len(names)
        if self._left < 0:
            raise LimitExceeded(f"the archive has more than {MOST_DOCUMENTS} members")
        if sum(map(members.size, names)) > members.limit:
            raise LimitExceeded(f"the archive inflates to more than {members.limit} bytes")
        for name in names:
            try:
                yield from self._member(members, name, f"{within}{name}", depth)
            except DocumentError as error:
                yield f"{within}{name}", Document(problems=(Problem(error.kind, f"{within}{name}: {error}"),))

    def _member(self, members: Members, name: str, called: str, depth: int) -> Iterator[tuple[str, Document]]:
        body = members[name]
        if document_format(body) != ZIP:
            document = self._read(body)
            told = (replace(one, detail=f"{called}: {one.detail}") for one in document.problems)
            yield called, replace(document, problems=tuple(told))
        elif depth == DEEPEST:
            raise LimitExceeded(f"archives are inside each other more than {DEEPEST} deep")
        else:
            inner = Members(body, members.limit)
            try:
                yield from self.documents(inner, f"{called}/", depth + 1)
            finally:
                members.limit = inner.limit


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by: 附件2 before 附件10."""
    return [
        (int(part), "") if part.isascii() and part.isdecimal() else (-1, part) for part in _DIGITS.split(name)
    ]


def _moved(document: Document, name: str, before: int) -> Document:
    """Return a member whose paths begin with its name, and whose tables are counted on after so many."""
    quoted = name.replace("'", "''")
    moved: dict[int, GridCell] = {}

    def place(one: Place) -> Place:
        path = f"'{quoted}' {one.path}" if one.path else f"'{quoted}'"
        return one._replace(table=one.table and one.table + before, path=path)

    def cell(one: GridCell) -> GridCell:
        if id(one) not in moved:
            moved[id(one)] = one._replace(place=place(one.place))
        return moved[id(one)]

    def block(one: Block) -> Block:
        if isinstance(one, Grid):
            return replace(one, rows=tuple(tuple(map(cell, row)) for row in one.rows))
        return replace(one, place=place(one.place))

    problems = tuple(replace(problem, place=place(problem.place)) for problem in document.problems)
    return replace(document, blocks=tuple(map(block, document.blocks)), problems=problems)
