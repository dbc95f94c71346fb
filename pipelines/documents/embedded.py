"""Markup that a page only holds as text: the strings of its scripts, a frame's own page, a field.

What a script would compute is not known. Where anything but a string is put between two pieces of
markup, `UNKNOWN` stands there, which is no number.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree

from archive.markup import elements
from pipelines.documents.blocks import Document, Embedded
from pipelines.documents.element_paths import path_of
from pipelines.documents.tables import string_of

UNKNOWN = "〈?〉"

_TABLE = re.compile(r"<\s*t[dhr]\b", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;\s*table", re.IGNORECASE)
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|(?P<quote>["'])(?P<text>(?:(?!(?P=quote))[^\\\n]|\\.)*)(?P=quote)"""
    r"|`(?P<template>(?:[^`\\]|\\.)*)`",
    re.DOTALL,
)
_GLUE = re.compile(r"\s*(?:\+|\)\s*;?\s*document\s*\.\s*write(?:ln)?\s*\(|;?\s*[\w.$]+\s*\+=)\s*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|(.))", re.DOTALL)
_COMPUTED = re.compile(r"\$\{[^{}]*\}")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " ", "v": " ", "0": ""}


def hidden_markup(root: etree._Element, markup: str) -> Iterator[Embedded]:
    """Yield the markup with cells that the page (`root`, parsed from `markup`) shows as no table."""
    found = list(_in_elements(root))
    escaped = None if found else _ESCAPED.search(markup)
    if escaped:
        line = markup.count("\n", 0, escaped.start()) + 1
        found = [Embedded(html.unescape(markup[escaped.start() :]), f"/{root.tag}", line)]
    yield from found


def inside(within: Embedded, held: Embedded) -> Embedded:
    """Return where markup is kept that is kept in markup which a page keeps."""
    path = f"{within.path} {held.path}" if within.path and held.path else None
    return Embedded(held.markup, path, within.line)


def _in_elements(root: etree._Element) -> Iterator[Embedded]:
    for element in elements(root, "script", "textarea", "xmp", "template", "noscript", "iframe"):
        for text in _in_element(element):
            yield Embedded(text, _path_of(element), cast(int | None, element.sourceline))


def _in_element(element: etree._Element) -> Iterator[str]:
    text = string_of(element) if element.tag != "iframe" else element.get("srcdoc", "")
    if element.tag == "script":
        yield from markup_in_script(text)
    elif len(element):
        text = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        yield re.sub(r"</?(?:template|noscript)\b[^>]*>", "", text)
    elif _TABLE.search(text):
        yield text


def _path_of(element: etree._Element) -> str | None:
    """Return the path of what holds the markup: an element, or of a frame its attribute."""
    path = path_of(element)
    return f"{path}/@srcdoc" if path and element.tag == "iframe" else path


def markup_in_script(script: str) -> Iterator[str]:
    """Yield the markup with cells in the strings of a script, or of JSON."""
    if "td" not in script.lower():
        return
    for text in _joined(script):
        if text.lstrip().startswith(("{", "[")):
            yield from (value for value in _strings(_parsed(text)) if _TABLE.search(value))
        elif _TABLE.search(text):
            yield text


def _joined(script: str) -> Iterator[str]:
    """Yield the strings of a script, unescaped; those that it puts together are one."""
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(script):
        if token["quote"] is None and token["template"] is None:
            continue  # a comment
        gap = script[end : token.start()]
        if parts and not _GLUE.fullmatch(gap):
            if "+" in gap or "write" in gap:
                parts.append(UNKNOWN)
            else:
                yield "".join(parts)
                parts = []
        parts.append(_unescaped(token))
        end = token.end()
    yield "".join(parts)


def _unescaped(token: re.Match[str]) -> str:
    template = token["template"]
    text = token["text"] if template is None else _COMPUTED.sub(UNKNOWN, template)
    return _ESCAPE.sub(_character, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: re.Match[str]) -> str:
    code, letter = escape[1] or escape[2], escape[4]
    if code:
        return chr(int(code, 16))
    return _LETTERS.get(letter, letter) if letter else ""


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings in what JSON holds, in order, without recursion."""
    open_values = [value]
    while open_values:
        one = open_values.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            inner = list(one.values()) if isinstance(one, dict) else one
            open_values.extend(reversed(inner))


def read_data(text: str) -> Document:
    """Read a body that is JSON, or a script: its markup is embedded, its short strings are metadata.

    Only the strings of JSON have names; the first of a name counts.
    """
    value = _parsed(text)
    pages = tuple(markup_in_script(text))
    if value is not None:
        pages = tuple(string for string in _strings(value) if _TABLE.search(string))
    meta: dict[str, str] = {}
    for name, string in _named(value):
        meta.setdefault(name.lower(), " ".join(string.split()))
    return Document(meta.get("title", ""), (), meta, embedded=tuple(Embedded(one, "$") for one in pages))


def _named(value: Any) -> Iterator[tuple[str, str]]:
    open_values = [value]
    while open_values:
        one = open_values.pop()
        inner = list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
        if isinstance(one, dict):
            yield from (
                (name, text) for name, text in one.items() if isinstance(text, str) and "<" not in text
            )
        open_values.extend(reversed(inner))
