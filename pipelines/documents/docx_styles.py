"""What a Word document keeps apart from its text: styles, and the numbers that Word counts itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipelines.documents.ooxml import W, number, switch, value

_HEADING = re.compile(r"(?:heading|标题) ?(\d)$", re.IGNORECASE)
_BODY_LEVEL = 9
_NO_LIST = 0
_CHINESE = frozenset(
    {
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
        *("taiwaneseCounting", "taiwaneseCountingThousand"),
    }
)
_DIGITS, _CIRCLED = "〇一二三四五六七八九", "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class _Style:
    parent: str | None
    level: int | None
    hidden: bool | None
    numbering: tuple[int, int] | None


def level_of(properties: etree._Element | None) -> int | None:
    """Return the heading level (from 1) that paragraph properties set; 0 is body text, None nothing."""
    level = -1 if properties is None else number(properties, W + "outlineLvl", -1)
    if level < 0:
        return None
    return 0 if level >= _BODY_LEVEL else level + 1


def numbering_of(properties: etree._Element | None) -> tuple[int, int] | None:
    """Return (list, level from 0) that paragraph properties set; list 0 is none, None says nothing."""
    listed = None if properties is None else properties.find(W + "numPr")
    if listed is None:
        return None
    return number(listed, W + "numId", _NO_LIST), number(listed, W + "ilvl", 0)


class Styles:
    """The styles by id; a property that a style does not set is that of the style it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = () if root is None else root.iterchildren(W + "style")
        self._styles = {element.get(W + "styleId", ""): _style(element) for element in elements}

    def level(self, style: str | None) -> int:
        """Return the heading level of a paragraph style, 0 for body text."""
        return next((one.level for one in self._chain(style) if one.level is not None), 0)

    def hides(self, style: str | None) -> bool:
        """Tell whether a style hides its text."""
        return next((one.hidden for one in self._chain(style) if one.hidden is not None), False)

    def numbering(self, style: str | None) -> tuple[int, int] | None:
        """Return the list and level (from 0) of a paragraph style."""
        return next((one.numbering for one in self._chain(style) if one.numbering is not None), None)

    def _chain(self, style: str | None) -> Iterator[_Style]:
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].parent


def _style(element: etree._Element) -> _Style:
    name = value(element, W + "name") or ""
    heading = _HEADING.match(name)
    properties = element.find(W + "pPr")
    level = level_of(properties)
    if level is None and name.lower() in ("title", "标题"):
        level = 1
    return _Style(
        value(element, W + "basedOn"),
        int(heading[1]) if heading else level,
        switch(element, f"{W}rPr/{W}vanish"),
        numbering_of(properties),
    )


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str


class Numbering:
    """Counts the paragraphs of lists as Word does; lists made from one definition go on counting."""

    def __init__(self, root: etree._Element | None) -> None:
        self._definitions: dict[int, dict[int, _Level]] = {}
        self._lists: dict[int, tuple[int, dict[int, int]]] = {}
        self._counts: dict[int, dict[int, int]] = {}
        self._begun: set[int] = set()
        for element in () if root is None else root:
            if element.tag == W + "abstractNum":
                levels = {_id(one, "ilvl"): _level(one) for one in element.iterchildren(W + "lvl")}
                self._definitions[_id(element, "abstractNumId")] = levels
            elif element.tag == W + "num":
                definition = number(element, W + "abstractNumId", -1)
                self._lists[_id(element, "numId")] = definition, dict(_overrides(element))

    def label(self, numbering: tuple[int, int]) -> str:
        """Count one paragraph of (list, level) and return what Word prints before it.

        A way of counting that is not known here prints nothing.
        """
        listed, at = numbering
        definition, overrides = self._lists.get(listed, (-1, {}))
        levels = self._definitions.get(definition, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(definition, {})
        if listed not in self._begun:
            self._begun.add(listed)
            counts.update({level: start - 1 for level, start in overrides.items()})
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        return _filled(levels, at, counts)


def _filled(levels: dict[int, _Level], at: int, counts: dict[int, int]) -> str:
    """Return the text of a level with every %n counted; empty where one cannot be."""
    if levels[at].format in ("bullet", "none"):
        return ""
    text = levels[at].text
    for level, one in levels.items():
        mark = f"%{level + 1}"
        if mark in text:
            counted = _counted(counts.get(level, one.start), one.format)
            if not counted:
                return ""
            text = text.replace(mark, counted)
    return text


def _id(element: etree._Element, name: str) -> int:
    text = element.get(W + name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else -1


def _level(element: etree._Element) -> _Level:
    text = value(element, W + "lvlText") or ""
    return _Level(number(element, W + "start", 1), value(element, W + "numFmt") or "decimal", text)


def _overrides(element: etree._Element) -> Iterator[tuple[int, int]]:
    for one in element.iterchildren(W + "lvlOverride"):
        start = number(one, W + "startOverride", -1)
        if start >= 0:
            yield _id(one, "ilvl"), start


def _counted(count: int, how: str) -> str:
    """Return a count as a list prints it, or an empty string.

    >>> [_counted(count, "chineseCounting") for count in (1, 10, 12, 20, 101)]
    ['一', '十', '十二', '二十', '一〇一']
    >>> _counted(12, "ideographDigital"), _counted(3, "decimalEnclosedCircleChinese"), _counted(3, "hex")
    ('一二', '③', '')
    """
    if how.startswith("decimalEnclosedCircle"):
        return _CIRCLED[count - 1] if 0 < count <= len(_CIRCLED) else ""
    if how.startswith("decimal"):
        return f"{count:02}" if how == "decimalZero" else str(count)
    if how.endswith("Letter"):
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count <= 260 else ""
        return letter.lower() if how.startswith("lower") else letter
    if how == "ideographDigital" or (how in _CHINESE and count >= 100):
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    return _chinese(count) if how in _CHINESE else ""


def _chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")
