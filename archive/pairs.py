"""Chinese text as the site's search holds it: pairs of characters, so that a word of two is one entry.

Where each character is an entry of its own, a word is looked up by comparing the places of all its
characters in all texts; for characters as frequent as 公 and 开 that takes many times as long as the page.
Pairs overlap, so a longer run of characters is asked for as a phrase of pairs, and found exactly.
"""

import re
from collections.abc import Sequence

CHINESE = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

TOKEN = re.compile(f"[{CHINESE}]|[^\\W_{CHINESE}]+")
"""One Chinese character, or a run of other letters and digits."""

_PAIR = re.compile(f"([{CHINESE}])(?=[\\W_]*([{CHINESE}]))|({TOKEN.pattern})")
_ONE = re.compile(f"[{CHINESE}]")


def paired(text: str | None) -> str:
    """Return a text as the index holds it: each Chinese character with the one that follows it.

    >>> paired("2020年，政务公开。")
    '2020 年政 政务 务公 公开 开'
    """
    return " ".join(map("".join, _PAIR.findall(text or "")))


def phrase(tokens: Sequence[str]) -> str:
    """Return the FTS5 expression that asks for these tokens next to each other, at least one.

    A Chinese character at the end that no pair holds may stand there with any other.

    >>> phrase(("政", "务", "公")), phrase(("公",)), phrase(("2020", "年")), phrase(("gdp",))
    ('"政务 务公"', '"公" *', '"2020 年" *', '"gdp"')
    """
    entries = paired(" ".join(tokens))
    if not _ONE.fullmatch(tokens[-1]):
        return f'"{entries}"'
    if len(tokens) > 1 and _ONE.fullmatch(tokens[-2]):
        return f'"{entries[:-2]}"'
    return f'"{entries}" *'
