"""What a reader types, as words to ask the full-text indexes for, and as passages of the text found.

Nothing a reader types can act as syntax: only its letters, digits and Chinese characters are asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from archive.pairs import TOKEN

MOST = 8
"""Words of a query that are asked for."""

LONGEST = 200
"""Characters of a query that are read: a longer one is no search but a load."""


def phrases(query: str) -> tuple[tuple[str, ...], ...]:
    """Return each word of a query as its tokens; punctuation and emoji give none.

    Words stand between white space; what is put in double quotes is one word.

    >>> phrases('政府 "annual report" 😀')
    (('政', '府'), ('annual', 'report'))
    """
    words = re.findall(r'"([^"]*)"|([^\s"]+)', query[:LONGEST])
    found = (tuple(TOKEN.findall(quoted or bare)) for quoted, bare in words)
    return tuple(tokens for tokens in found if tokens)[:MOST]


def match(*words: tuple[str, ...]) -> str:
    """Return what asks the loader's indexes for all of these words; none of them finds nothing.

    They hold every Chinese character as a word of its own, so a run of characters is a phrase of them.

    >>> match(*phrases("公开 NEAR(x"))
    '"公 开" "NEAR x"'
    """
    return " ".join(f'"{" ".join(tokens)}"' for tokens in words) or '""'


def written(tokens: tuple[str, ...]) -> str:
    """Return a word of a query as a reader may type it.

    >>> written(("政", "府")), written(("annual", "report"))
    ('政府', '"annual report"')
    """
    spaced = any(one.isascii() and two.isascii() for one, two in pairwise(tokens))
    return f'"{" ".join(tokens)}"' if spaced else "".join(tokens)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a passage; `hit` if it is what was searched."""

    text: str
    hit: bool


def passage(text: str, query: str, around: int = 56) -> tuple[Piece, ...]:
    """Return the text around the first hit, cut into pieces, hits apart.

    >>> [piece.text for piece in passage("依法公开信息", "公开")]
    ['依法', '公开', '信息']
    """
    pattern = _pattern(query)
    flat = " ".join(text.split())
    first = pattern.search(flat) if pattern else None
    middle = first.start() if first else 0
    start, end = max(0, middle - around), middle + 2 * around
    pieces = list(_pieces(flat[start:end], pattern))
    if start > 0:
        pieces.insert(0, Piece("…", hit=False))
    if end < len(flat):
        pieces.append(Piece("…", hit=False))
    return tuple(pieces)


def _pattern(query: str) -> re.Pattern[str] | None:
    words = [r"[\W_]*".join(map(re.escape, tokens)) for tokens in phrases(query)]
    return re.compile("|".join(sorted(words, key=len, reverse=True)), re.IGNORECASE) if words else None


def _pieces(text: str, pattern: re.Pattern[str] | None) -> Iterator[Piece]:
    at = 0
    for hit in pattern.finditer(text) if pattern else ():
        if hit.start() > at:
            yield Piece(text[at : hit.start()], hit=False)
        yield Piece(hit.group(), hit=True)
        at = hit.end()
    if at < len(text):
        yield Piece(text[at:], hit=False)
