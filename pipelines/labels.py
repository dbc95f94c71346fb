"""Printed labels compared with those of a form.

A label is compared by its stem: widths and brackets unified, white space, numbering, quotes and
notes in brackets gone. An exact stem goes before a near one; near means one or two
characters wrong in a long label, and only one candidate that near.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipelines.traditional import simplified

_BRACKETS = str.maketrans("〔〕【】[]｛｝{}", "()()()()()")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,:]|\([一二三四五六七八九十]+\)、?|\(?\d{1,2}[.、)])"
)
_NOTE = re.compile(r"\([^()]*\)")
_MARKS = re.compile(r"[“”\"'‘’「」、,，。.;；:：·/]")

LONGEST = 120
"""Characters of the longest label; longer text is narrative."""


def unified(text: str) -> str:
    """Return the text in simplified script without white space, widths and brackets unified.

    >>> unified("第二十条 第〔一〕项")
    '第二十条第(一)项'
    """
    return "".join(simplified(unicodedata.normalize("NFKC", text)).translate(_BRACKETS).split())


def stem(text: str) -> str:
    """Return what tells a label from the others.

    >>> stem("4． 保护第三 方合法权益"), stem("（二）部分公开（区分处理的，只计这一情形）"), stem("本年增/减")
    ('保护第三方合法权益', '部分公开', '本年增减')
    """
    return _short_stem(text[: 4 * LONGEST])


@lru_cache(maxsize=8192)
def _short_stem(text: str) -> str:
    label = unified(text)
    bare = _NOTE.sub("", _NUMBERING.sub("", label))
    # A page break can leave a note open: what follows the bracket is still the note.
    bare = bare.split("(")[0] or bare
    return _MARKS.sub("", bare)


def exact(label: str, names: Mapping[str, str]) -> str | None:
    """Return the name of the stem in `names` (stem -> name) that the label is."""
    return names.get(stem(label))


def near(label: str, names: Mapping[str, str]) -> str | None:
    """Return the name of the only stem in `names` that the label nearly is."""
    printed = stem(label)
    if not printed or len(printed) > LONGEST:
        return None
    found = {name for known, name in names.items() if _is_near(printed, known)}
    return found.pop() if len(found) == 1 else None


def _is_near(printed: str, known: str) -> bool:
    """Tell whether few enough characters differ: none under 6, one under 10, else two."""
    allowed = 0 if len(known) < 6 else 1 if len(known) < 10 else 2
    if abs(len(printed) - len(known)) > allowed or len(set(known) - set(printed)) > allowed:
        return False
    return distance(printed, known) <= allowed


def distance(one: str, other: str) -> int:
    """Return how many characters must be put in, left out or changed (Levenshtein).

    >>> distance("三类内容事务", "三类内部事务")
    1
    """
    before = list(range(len(other) + 1))
    for row, mine in enumerate(one, 1):
        after = [row]
        for column, theirs in enumerate(other, 1):
            after.append(min(before[column] + 1, after[-1] + 1, before[column - 1] + (mine != theirs)))
        before = after
    return before[-1]


def stems(labels: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return stem -> name for names with all their printed wordings; the first name keeps a stem."""
    found: dict[str, str] = {}
    for name, wordings in labels:
        for wording in wordings:
            found.setdefault(stem(wording), name)
    return found
