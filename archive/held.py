"""Markup that a page or JSON holds as text, in a script, a field, a frame: the cell at a place in it.

A place says in what the markup is held, not in which of several texts there. So all are tried, and only a
cell that prints what was read is taken for the one.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from lxml import etree

from archive import markup
from archive.errors import ContentTooLarge

MOST = 60
"""Texts that are tried; a page of a report has one."""

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " ", "v": " ", "0": "", "\n": ""}
_CELLS = re.compile(r"<\s*t[dhr]\b", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;\s*table", re.IGNORECASE)
_HOLDERS = re.compile(r"</?(?:template|noscript)\b[^>]*>")

Cell = tuple[etree._Element, etree._Element]
"""The root of the markup that holds a cell, and the cell."""


def cell_at(text: str, path: str, printed: str) -> Cell | None:
    """Return the cell at a path through markup that is held as text, or None if none is found there.

    Args:
        text: of the page, or of JSON.
        path: as in `cell.place`, whole: of what holds the markup, a space, and the path in that.
        printed: what the cell must print.
    """
    return _find(text, path.split(" "), printed, [MOST])


def _find(text: str, steps: Sequence[str], printed: str, left: list[int]) -> Cell | None:
    left[0] -= 1
    if left[0] < 0:
        return None
    try:
        root = markup.parse("" if steps[0] == "$" else text)
    except ContentTooLarge:
        return None
    if len(steps) == 1:
        cell = markup.element_at(root, steps[0])
        return (root, cell) if cell is not None and prints(cell, printed) else None
    tried = islice((each for each in _texts(root, text, steps[0]) if _CELLS.search(each)), MOST)
    found = (_find(each, steps[1:], printed, left) for each in tried)
    return next((each for each in found if each), None)


def prints(cell: etree._Element, printed: str) -> bool:
    """Tell whether a cell prints this, white space and the writing of a number apart.

    >>> prints(markup.parse("<td> 0.50 "), "0.5")
    True
    """
    shown, wanted = ("".join(text.split()) for text in ("".join(map(str, cell.itertext())), printed))
    if shown == wanted:
        return True
    try:
        return float(shown.replace(",", "")) == float(wanted)
    except ValueError:
        return False


def _texts(root: etree._Element, text: str, step: str) -> Iterator[str]:
    """Yield the texts in what a step leads to."""
    if step == "$":
        yield from _strings(text)
        return
    path, _, attribute = step.partition("/@")
    element = markup.element_at(root, path)
    if element is None:
        return
    if element is root:
        escaped = _ESCAPED.search(text)
        yield html.unescape(text[escaped.start() :]) if escaped else ""
    elif attribute:
        yield element.get(attribute, "")
    elif element.tag == "script":
        yield from _strings("".join(map(str, element.itertext())))
    elif len(element):
        yield _HOLDERS.sub("", etree.tostring(element, encoding="unicode", method="html", with_tail=False))
    else:
        yield element.text or ""


def _strings(script: str) -> Iterator[str]:
    """Yield the strings of JSON or of a script, those in JSON that is a string, and all of them as one."""
    whole = list(_in_json(script))
    found = whole or [_unescaped(next(filter(None, each.groups()), "")) for each in _STRING.finditer(script)]
    yield from found
    yield from chain.from_iterable(_in_json(each) for each in found if each.lstrip().startswith(("{", "[")))
    yield "".join(found)


def _in_json(text: str) -> Iterator[str]:
    try:
        open_values: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while open_values:
        value = open_values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            open_values.extend(reversed(list(value.values()) if isinstance(value, dict) else value))


def _unescaped(text: str) -> str:
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    code, letter = escape[1] or escape[2], escape[3]
    return chr(int(code, 16)) if code else _LETTERS.get(letter, letter)
