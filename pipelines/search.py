"""Chinese text made searchable by SQLite's FTS5, which knows words only between spaces.

Each Chinese character becomes a word of its own, and a query becomes a phrase of them,
so a search finds any run of characters, one-character words too. Whoever asks the index
must put the same spaces into the question.
"""

import re

_CHINESE = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The unified ideographs, their extensions, and the zero 〇."""
_WORD = re.compile(f"[{_CHINESE}]|[^{_CHINESE}\\s\0]+")
"""One Chinese character, or a run of others."""


def spaced(text: str) -> str:
    """Return the text with each Chinese character between single spaces, other words kept.

    >>> spaced("2020年 GDP公开")
    '2020 年 GDP 公 开'
    """
    return " ".join(_WORD.findall(text))


def phrases(query: str) -> str:
    """Return the FTS5 expression that asks for every word of a query, whatever it contains.

    Nothing in the query can act as FTS5 syntax: each word becomes a quoted phrase. A query
    without any word gives the empty phrase, which finds nothing.

    >>> phrases('政府信息 公开"')
    '"政 府 信 息" "公 开"'
    """
    words = [spaced(word) for word in query.replace('"', " ").split()]
    return " ".join(f'"{word}"' for word in words if word) or '""'
